"""Commands that only look: list, show, brief, log."""

from typing import TYPE_CHECKING

import click

from followupd.cli import completing
from followupd.cli.output import json_option, say, say_json, show
from followupd.cli.session import Session
from followupd.views import document, lists, text
from followupd.views.screen import Lines, Table

if TYPE_CHECKING:
    from followupd.app import Desk
    from followupd.core.model import Case


@click.command("list")
@click.option("--queue", is_flag=True, help="Whose opening letter has not gone yet, in the order in which they go.")
@json_option
@click.pass_obj
def list_command(session: Session, *, queue: bool, as_json: bool) -> None:
    """Show everybody: first who waits for you, then who is written to next.

    Example: followupd list --json
    """
    from followupd.store import reading

    if queue:
        _queue(session, as_json=as_json)
        return
    desk = session.desk
    found, now = reading.people(desk.db), session.now
    steps = {name: len(cadence.steps) for name, cadence in desk.settings.policy.cadences.items()}
    if as_json:
        say_json(document.people(found, steps))
        return
    show(lists.people(found, steps, now))


def _queue(session: Session, *, as_json: bool) -> None:
    """Show who waits for an open place, and who holds the places."""
    from followupd.core import bounds
    from followupd.store import threads

    policy, now = session.desk.settings.policy, session.now
    cases = threads.open_cases(session.desk.db)
    found = bounds.line(cases, policy, session.desk.clock.now())
    if as_json:
        say_json(document.queue(found))
        return
    rows = [
        (
            str(one.place),
            one.case.contact.email,
            "waits for a place" if one.waits else text.when(one.case.thread.next_at, now),
        )
        for one in found
    ]
    line = Table(("turn", "address", "opening letter"), rows, (4, 34, 36))
    show(line if rows else Lines(["everybody has been written to"]))
    taken = [one.contact.email for one in cases if bounds.asked(one)]
    most = f"of at most {policy.max_open}" if policy.max_open else "of any number; see patience.max_open"
    say(text.safe(f"asked and not answered: {len(taken)} {most}{': ' if taken else ''}{', '.join(taken)}"))


@click.command("show")
@click.argument("email", shell_complete=completing.people)
@json_option
@click.pass_obj
def show_command(session: Session, email: str, *, as_json: bool) -> None:
    """Show one person's whole story: fields, letters, messages with their verdicts, notes, history.

    Example: followupd show ada@example.org
    """
    from followupd.actions.word import find
    from followupd.core.cadence import leaves_on, step_of
    from followupd.core.telling import Standing
    from followupd.store import messages, threads
    from followupd.views import received, timeline

    desk = session.desk
    case = find(desk, email)
    if as_json:
        say_json(story(desk, case))
        return
    now = session.now
    thread, cadence = case.thread, desk.settings.policy.cadences.get(case.thread.cadence)
    seen = messages.of_thread(desk.db, thread.id)
    finished = step_of(thread, desk.settings.policy) is None
    standing = Standing(state=thread.state, finished=finished, leaves=leaves_on(case.contact, desk.settings.policy))
    show(
        lists.person(case, len(cadence.steps) if cadence else None, now),
        received.offers(seen, case.contact, standing),
        timeline.strip(case, seen, now),
        lists.letters(case, now),
        received.messages(seen, case.contact, now),
        lists.notes(case),
        lists.history(threads.events(desk.db, thread.id), now),
    )


@click.command("brief")
@click.argument("email", shell_complete=completing.people)
@json_option
@click.pass_obj
def brief_command(session: Session, email: str, *, as_json: bool) -> None:
    """Show on one screen what you need before you write to somebody.

    Who they are and why them, what was said so far, what changed since, what is promised.

    Example: followupd brief ada@example.org
    """
    from followupd.actions.briefing import gather
    from followupd.views import brief

    found = gather(session.desk, email)
    policy = session.desk.policy_of(found.case.contact)
    if as_json:
        say_json(brief.document(found, policy))
    else:
        say(brief.screen(found, policy, session.now))


@click.command("log")
@click.argument("email", required=False, shell_complete=completing.people)
@click.option("--limit", default=200, show_default=True, type=click.IntRange(1), help="How many of the newest lines.")
@json_option
@click.pass_obj
def log_command(session: Session, email: str | None, limit: int, *, as_json: bool) -> None:
    """Show what happened, the newest last, to everybody or to one.

    Example: followupd log ada@example.org --limit 20
    """
    from followupd.actions.word import find
    from followupd.store import reading

    desk = session.desk
    address = find(desk, email).contact.email if email else None
    found = reading.log(desk.db, address, limit)
    if as_json:
        say_json(document.log(found))
        return
    show(lists.log(found, session.now, of_one=address is not None))


def story(desk: "Desk", case: "Case") -> document.Document:
    """Give one person's whole story as a document."""
    from followupd.store import messages, threads

    cadence = desk.settings.policy.cadences.get(case.thread.cadence)
    return document.show(
        case,
        len(cadence.steps) if cadence else 0,
        messages.of_thread(desk.db, case.thread.id),
        threads.events(desk.db, case.thread.id),
    )
