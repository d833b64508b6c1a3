"""The demo command: more than a year of the real daemon, in seconds."""

import sys
from pathlib import Path

import click

from followupd.cli.output import json_option, say_json
from followupd.cli.session import Session


@click.command("demo")
@click.option("--keep", type=click.Path(path_type=Path), metavar="FOLDER", help="Keep config and database there.")
@json_option
@click.pass_obj
def demo_command(session: Session, keep: Path | None, *, as_json: bool) -> int:  # noqa: ARG001
    """Play more than a year with simulated mentors, on the real daemon and embedded mail servers.

    Example: followupd demo --keep demo
    """
    from followupd.demo import story

    live = sys.stdout.isatty() and not as_json
    outcome = story.run(keep=keep, out=sys.stderr if as_json else sys.stdout, live=live)
    if as_json:
        say_json(
            {
                "ok": outcome.ok,
                "states": outcome.states,
                "expected": outcome.expected,
                "letters": outcome.letters,
                "days": outcome.days,
                "seconds": round(outcome.seconds, 1),
            }
        )
    return 0 if outcome.ok else 1
