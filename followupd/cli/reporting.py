"""The command that writes the report: one file for the browser, that only its owner can read."""

import sys
from pathlib import Path

import click

from followupd.cli.output import json_option, say_json, tell
from followupd.cli.session import Session


@click.command("report")
@click.option("-o", "--output", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE", help="Where to.")
@json_option
@click.pass_obj
def report_command(session: Session, output: Path | None, *, as_json: bool) -> None:
    """Write one HTML page that shows everything, and needs no network: open it in a browser.

    What needs you today, everybody with letters, messages and waits on one axis of time, who answered after which
    letter and how long, what patience has earned. Without -o the page goes to standard output. Example:

    followupd report -o report.html
    """
    from followupd.actions.overview import overview
    from followupd.views import text

    if output is None and not as_json and sys.stdout.isatty():
        raise click.UsageError("Say where to: -o report.html")
    seen = overview(session.desk)
    if as_json:
        from followupd.views.report.numbers import document

        say_json(document(seen))
        return
    from followupd.views.report.page import page

    made = page(seen, session.settings.policy.me.zone)
    if output is None:
        click.echo(made, nl=False)
        return
    _write(output, made)
    tell(f"written: {text.safe(str(output))}")


def _write(path: Path, content: str) -> None:
    """Let the file appear whole, in place of an older one."""
    from followupd.config.staging import Staged
    from followupd.core.errors import FollowupdError

    try:
        with Staged(path, content) as file:
            file.take_place()
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise FollowupdError(f"the report cannot be written: {reason}", where=str(path)) from error
