"""What the commands that only look show: who is there, what comes, what happened, how the service does."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final

from followupd.core.model import FIELDS, Case, Event, State
from followupd.views import text
from followupd.views.screen import Cell, Lines, Pairs, Part, Table, Tone, state

if TYPE_CHECKING:
    from followupd.core.burden import Lying
    from followupd.core.instants import Instant
    from followupd.core.model import LogLine, Planned
    from followupd.core.needs import Need
    from followupd.core.owed import Owed
    from followupd.core.yearly import Silent
    from followupd.store.reading import OutboxLine, Person

MOST_NEEDS: Final = 20
"""Needs that `status` shows; `list` and `outbox list` show all."""


def people(found: "Sequence[Person]", steps: Mapping[str, int], now: "Instant") -> Part:
    """Show everybody: first who waits for the user, then who is written to next."""
    rows = [
        (one.email, one.name, state(one.state), f"{one.step}/{steps.get(one.cadence, 0)}", text.when(one.next_at, now))
        for one in sorted(found, key=lambda one: one.state is not State.HELD)
    ]
    if not rows:
        return Lines(["nobody yet; begin with: followupd add EMAIL"])
    return Table(("address", "name", "state", "letters", "next"), rows, (30, 40, 13, 7, 30), spare=1)


def plan(found: "Sequence[Planned]", now: "Instant") -> Part:
    """Show the letters to come."""
    rows = [(text.when(one.at, now), one.email, str(one.step + 1), one.template) for one in found]
    if not rows:
        return Lines(["no letter is planned"])
    return Table(("when", "to", "step", "template"), rows, (32, 26, 4, 20))


def reasons(found: "Sequence[Planned]", now: "Instant") -> Part:
    """Show the letters to come with the chain behind each date."""
    said: list[Cell] = []
    for one in found:
        said.append(Cell(f"{text.minute(one.at, now)}  {one.email}  {one.template}", Tone.HEAD))
        said += [Cell(line, indent=4) for line in one.why]
    return Lines(said)


def log(found: "Sequence[LogLine]", now: "Instant", *, of_one: bool) -> Part:
    """Show history; of one person without saying in every line who it is."""
    rows = [(text.minute(one.at, now), one.email, one.text) for one in found]
    if of_one:
        return Table(("when", "what"), [(when, what) for when, _, what in rows], (16, 100))
    return Table(("when", "who", "what"), rows, (16, 24, 100))


def outbox(found: "Sequence[OutboxLine]") -> Part:
    """Show the letters that are not out yet, or may be."""
    rows = [(str(one.id), one.email, str(one.step + 1), one.state.value, one.subject, one.said) for one in found]
    if not rows:
        return Lines(["no letter waits for you"])
    return Table(("letter", "to", "step", "state", "subject", "why"), rows, (6, 20, 4, 9, 12, 60))


def owed(found: "Sequence[Owed]", today: str) -> Part:
    """Show what is owed; what is late has a mark."""
    rows = [
        (
            Cell(f"{one.on.isoformat()} !", Tone.ASKS) if one.on.isoformat() < today else one.on.isoformat(),
            one.email,
            one.kind.value,
            one.text,
        )
        for one in found
    ]
    if not rows:
        return Lines(["nothing is owed to anybody"])
    return Table(("by", "to", "what", ""), rows, (12, 26, 11, 60))


def needs(found: "Sequence[Need]") -> Part:
    """Show what needs the user, with the command that settles it."""
    rows = [(Cell(one.email or "followupd", Tone.ASKS), one.what) for one in found[:MOST_NEEDS]]
    if len(found) > MOST_NEEDS:
        rows.append((Cell(f"and {len(found) - MOST_NEEDS} more", Tone.SOFT), "see: followupd outbox list"))
    return Table(("needs you", ""), rows, (26, 100))


def yearly(found: "Sequence[tuple[Silent, str]]") -> Part:
    """Show what the user is asked once a year about people who never answered."""
    return Table(("once a year", ""), [(one.email, said) for one, said in found], (26, 100))


def inbox(found: "Sequence[Lying]", now: "Instant") -> Part:
    """Show all letters to one person as they have them; those to come have a mark."""
    rows = [
        (f"{text.minute(one.at, now)}{'' if one.sent else ' *'}", str(one.words), str(one.quoted or "-"), one.subject)
        for one in found
    ]
    if not rows:
        return Lines(["no letter went or will go"])
    return Table(("when", "words", "quoted", "subject"), rows, (18, 5, 6, 60))


def person(case: Case, steps: int | None, now: "Instant") -> Pairs:
    """Show what is known of somebody and how their thread stands; `steps` is None where the cadence is gone."""
    contact, thread = case.contact, case.thread
    standing = state(thread.state)
    return Pairs(
        {
            "address": ", ".join(contact.addresses),
            **{name: str(getattr(contact, name)) for name in FIELDS},
            "tags": ", ".join(contact.tags),
            "referred by": contact.referred_by,
            "state": Cell(f"{standing.text}: {thread.reason}" if thread.reason else standing.text, standing.tone),
            "cadence": thread.cadence if steps is None else f"{thread.cadence}, {thread.step} of {steps} done",
            "next": text.when(thread.next_at, now) if thread.next_at else "",
        }
    )


def letters(case: Case, now: "Instant") -> Part:
    """Show the letters of a thread."""
    rows = [
        (str(one.id), one.template, one.state.value, text.minute(one.sent_at, now) if one.sent_at else "-", one.subject)
        for one in case.letters
    ]
    return Table(("letter", "template", "state", "sent", "subject"), rows, (6, 12, 9, 16, 40))


def notes(case: Case) -> Part:
    """Show the notes to somebody."""
    from followupd.views import received

    return Table(("note", ""), [("told" if one.spent_by else "new", received.note(one)) for one in case.notes], (5, 70))


def history(found: Sequence[Event], now: "Instant") -> Part:
    """Show the history of a thread."""
    return Table(("when", "what", ""), [(text.minute(one.at, now), one.kind, one.text) for one in found], (16, 13, 80))
