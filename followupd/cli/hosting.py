"""Commands on how the machine starts followupd: show and install the files that it needs for that."""

import shutil
import sys
from pathlib import Path
from typing import Final

import click

from followupd.cli.output import json_option, say, say_json, tell
from followupd.core.errors import FollowupdError
from followupd.hosting import files
from followupd.views import text

_KIND: Final = click.Choice([kind.value for kind in files.Kind])
_PROGRAM: Final = click.option(
    "--program",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="The program to start, instead of this one.",
)


@click.group("service")
def service_command() -> None:
    """Show or install what the machine needs to run followupd by itself.

    Example: followupd service install systemd-user
    """


@service_command.command("show", short_help="Print a file: for systemd, launchd, cron or a container.")
@click.argument("kind", type=_KIND)
@_PROGRAM
def service_show(kind: str, program: Path | None) -> None:
    """Print the file: a unit of systemd, a job of launchd, a line for cron, a container.

    Example: followupd service show systemd
    """
    say(files.text(files.Kind(kind), _program(program)).rstrip("\n"))


@service_command.command("install", short_help="Write the file to where the machine looks for it.")
@click.argument("kind", type=_KIND)
@_PROGRAM
@click.option("--folder", type=click.Path(path_type=Path, file_okay=False), help="Another folder for the file.")
@json_option
def service_install(kind: str, program: Path | None, folder: Path | None, *, as_json: bool) -> None:
    """Write the file to where the machine looks for it, and say which commands come next.

    Example: followupd service install systemd
    """
    done = files.install(files.Kind(kind), _program(program), Path.home(), folder)
    if as_json:
        say_json({"path": str(done.path), "then": list(done.then)})
    else:
        tell("\n".join([f"written: {text.safe(str(done.path))}; next:", *(f"  {one}" for one in done.then)]))


def _program(given: Path | None) -> Path:
    """Give the absolute path of the followupd that runs, without resolving what an administrator has linked."""
    named = given or Path(sys.argv[0])
    if named.name != "followupd" and given is None:
        found = shutil.which("followupd")
        if found is None:
            raise FollowupdError("it is not clear which program to start", hint="say: --program /path/to/followupd")
        named = Path(found)
    return named.absolute()
