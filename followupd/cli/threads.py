"""The user's word on a thread: pause, resume, snooze, stop, reopen, answered."""

from typing import TYPE_CHECKING

import click

from followupd.cli import completing
from followupd.cli.output import json_option, say_json, tell
from followupd.cli.session import Session
from followupd.cli.types import DAY_IN_WORDS, meant

if TYPE_CHECKING:
    from datetime import date

    from followupd.core.model import Case


@click.command("pause")
@click.argument("email", required=False, shell_complete=completing.people)
@click.option("--until", type=DAY_IN_WORDS, help="Go on by itself on this day.")
@click.option("--all", "everybody", is_flag=True, help="Send nothing to anybody.")
@json_option
@click.pass_obj
def pause_command(session: Session, email: str | None, until: str | None, *, everybody: bool, as_json: bool) -> None:
    """Stop the clock of a thread, or of all.

    Example: followupd pause ada@example.org --until 2027-03-01
    """
    from followupd.actions import threads

    _one_or_all(email, until, everybody=everybody)
    if everybody:
        threads.pause_all(session.desk)
        _told_all("nothing is sent to anybody until: followupd resume --all", as_json=as_json)
    else:
        _told(
            session,
            threads.pause(session.desk, email or "", _day(session, email or "", until, as_json=as_json)),
            as_json=as_json,
        )


@click.command("resume")
@click.argument("email", required=False, shell_complete=completing.people)
@click.option("--all", "everybody", is_flag=True, help="End a pause of everything.")
@json_option
@click.pass_obj
def resume_command(session: Session, email: str | None, *, everybody: bool, as_json: bool) -> None:
    """Let a paused or held thread go on.

    Example: followupd resume ada@example.org
    """
    from followupd.actions import threads

    _one_or_all(email, None, everybody=everybody)
    if everybody:
        threads.resume_all(session.desk)
        _told_all("letters go out again", as_json=as_json)
    else:
        _told(session, threads.resume(session.desk, email or ""), as_json=as_json)


@click.command("snooze")
@click.argument("email", shell_complete=completing.people)
@click.option("--until", type=DAY_IN_WORDS, help='The day before which nothing is sent: 2027-03-01, "after Easter".')
@click.option("--for", "wait", metavar="SPAN", help='How long from today: "3 months".')
@click.option("--reason", default="", metavar="WORDS", help="What they said; the next letter takes it up.")
@json_option
@click.pass_obj
def snooze_command(
    session: Session, email: str, until: str | None, wait: str | None, *, reason: str, as_json: bool
) -> None:
    """Send nothing to somebody before a day.

    Example: followupd snooze ada@example.org --for "3 months"
    """
    from followupd.actions import threads
    from followupd.core.instants import Span, add, local_day

    if (until is None) == (wait is None):
        raise click.UsageError("Give one of --until DATE and --for SPAN.")
    desk = session.desk
    day = _day(session, email, until, as_json=as_json)
    if wait is not None:
        try:
            span = Span.parse(wait)
        except ValueError as error:
            raise click.UsageError(str(error)) from None
        zone = desk.settings.policy.me.zone
        day = local_day(add(desk.clock.now(), span, zone), zone)
    assert day is not None
    _told(session, threads.snooze(desk, email, day, reason), as_json=as_json)


@click.command("stop")
@click.argument("email", shell_complete=completing.people)
@json_option
@click.pass_obj
def stop_command(session: Session, email: str, *, as_json: bool) -> None:
    """End a thread; only reopen starts it again.

    Example: followupd stop ada@example.org
    """
    from followupd.actions import threads

    _told(session, threads.stop(session.desk, email), as_json=as_json)


@click.command("reopen")
@click.argument("email", shell_complete=completing.people)
@click.option("--on", type=DAY_IN_WORDS, help="The day of the next letter, instead of the cadence's wait.")
@click.option(
    "--cadence",
    shell_complete=completing.cadences,
    default="",
    metavar="NAME",
    help="Another cadence, from its first letter.",
)
@click.option("--reason", metavar="WORDS", help='What they said, for the next letter; "" for the usual letter.')
@click.option("--again", is_flag=True, help="The address that bounced takes mail again.")
@json_option
@click.pass_obj
def reopen_command(
    session: Session, email: str, on: str | None, *, cadence: str, reason: str | None, again: bool, as_json: bool
) -> None:
    """Start an ended thread again, with its next letter.

    Example: followupd reopen ada@example.org --on 2027-09-06
    """
    from followupd.actions import reopening
    from followupd.actions.kept import earlier_than_asked
    from followupd.core.telling import word

    day = _day(session, email, on, as_json=as_json)
    case = reopening.reopen(session.desk, email, day, cadence, reason, again=again)
    _told(session, case, as_json=as_json)
    if (asked := earlier_than_asked(session.desk, case)) and not as_json:
        wait = f"followupd snooze {word(case.contact.email)} --until {asked}"
        tell(f"they asked for {asked}; to wait until then: {wait}")


@click.command("answered")
@click.argument("email", shell_complete=completing.people)
@click.option("--via", default="", help='How it came: "phone", "in person".')
@click.option(
    "--not", "message_id", metavar="ID", help="Say instead that this message was no answer; `show` has its ID."
)
@json_option
@click.pass_obj
def answered_command(session: Session, email: str, via: str, message_id: str | None, *, as_json: bool) -> None:
    """Count an answer that came another way, or say that a message was none.

    Example: followupd answered ada@example.org --via phone
    """
    from followupd.actions import threads

    if message_id is not None and via:
        raise click.UsageError("Either it was an answer (--via) or it was none (--not).")
    if message_id is not None:
        case = threads.not_an_answer(session.desk, email, message_id)
    else:
        case = threads.answered(session.desk, email, via)
    _told(session, case, as_json=as_json)


def _day(session: Session, email: str, said: str | None, *, as_json: bool) -> "date | None":
    """Give the day that was said, as it is meant where they live, and tell which it is."""
    if said is None:
        return None
    from followupd.actions.word import find

    day, rule = meant(said, find(session.desk, email).contact.country, session.now.date())
    if rule and not as_json:
        tell(f"{said}: {day.isoformat()}, {rule}")
    return day


def _one_or_all(email: str | None, until: str | None, *, everybody: bool) -> None:
    """Refuse what could be meant in two ways: nobody may be paused, or let go, by mistake."""
    if (email is None) != everybody:
        raise click.UsageError("Say either EMAIL, for one person, or --all.")
    if everybody and until is not None:
        raise click.UsageError("A pause of everything has no end of its own: --all goes without --until.")


def _told_all(said: str, *, as_json: bool) -> None:
    say_json({"done": said}) if as_json else tell(said)


def _told(session: Session, case: "Case", *, as_json: bool) -> None:
    from followupd.cli.reading import story
    from followupd.views.text import when

    if as_json:
        say_json(story(session.desk, case))
    else:
        at = when(case.thread.next_at, session.now)
        tell(f"{case.contact.email}: {case.thread.state}; next letter: {at}")
