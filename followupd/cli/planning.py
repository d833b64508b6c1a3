"""The command that shows what comes: as a table, with the reasons for each date, or as a calendar file."""

import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from followupd.cli.output import json_option, say, say_json, show, tell
from followupd.cli.session import Session
from followupd.cli.types import DAY
from followupd.views import document, lists, text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from followupd.core.instants import Instant
    from followupd.core.model import Barred


@click.command("plan")
@click.option("--until", type=DAY, help="The last day to look at; a year from now if not said.")
@click.option("--why", is_flag=True, help="Show the chain behind each date.")
@click.option("--ics", type=click.Path(path_type=Path, allow_dash=True), metavar="FILE", help="Write a calendar file.")
@json_option
@click.pass_obj
def plan_command(session: Session, until: date | None, ics: Path | None, *, why: bool, as_json: bool) -> None:
    """Show which letter goes to whom and when, if nothing happens.

    In a calendar file (iCalendar, --ics) a letter keeps its place in your calendar program when it moves, and leaves it
    when it is taken back; daemon.calendar in the config keeps such a file up to date. Example:

    followupd plan --until 2027-12-31 --why
    """
    from followupd.actions.moved import moving
    from followupd.actions.overview import coming
    from followupd.actions.yearly import questions
    from followupd.core.instants import Span, add, at_local
    from followupd.store import facts, threads

    desk = session.desk
    zone = desk.settings.policy.me.zone
    end = at_local(until, 24 * 60 - 1, zone) if until else add(desk.clock.now(), Span(years=1), zone)
    if ics is not None and not as_json and not why:
        _write_calendar(session, end, ics)
        return
    cases = threads.open_cases(desk.db)
    future = coming(desk, cases, end)
    moved = moving(desk, cases, future.letters)
    if ics is not None:
        _write_calendar(session, end, ics)
    if as_json:
        say_json(document.plan(future.letters, moved, why=why) + document.barred(future.barred))
        return
    show((lists.reasons if why else lists.plan)(future.letters, session.now))
    _without_a_date(future.barred)
    for silent, said in questions(desk):
        say(f"{text.safe(silent.email)}: {said}")
    if facts.get(desk.db, facts.PAUSED_ALL) is not None:
        say("everything is paused: none of them goes before you say: followupd resume --all")
    for one in future.letters if not why else ():
        if (was := moved.pop(one.thread_id, None)) is not None:
            tell(
                f"moved: {one.email} would have been written to at {text.minute(was, session.now)}; the config changed"
            )


def _write_calendar(session: Session, until: "Instant", path: Path) -> None:
    """Write what is planned until a day to a file, or to standard output where that is asked for ("-")."""
    from followupd.actions.agenda import agenda
    from followupd.config.staging import replace_with
    from followupd.core.errors import FollowupdError
    from followupd.views.calendar import calendar

    made = calendar(agenda(session.desk, until))
    if str(path) == "-":
        sys.stdout.buffer.write(made)
        return
    try:
        replace_with(path, made.decode())
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise FollowupdError(f"the calendar cannot be written: {reason}", where=str(path)) from error
    context = click.get_current_context()
    if not context.params["as_json"]:
        tell(f"written: {text.safe(str(path))}")


def _without_a_date(barred: "Sequence[Barred]") -> None:
    """Tell which letters are due and cannot go, and why."""
    for one in barred:
        say(f"no date yet: {text.safe(one.email)}, {one.template}: {one.reason}")
