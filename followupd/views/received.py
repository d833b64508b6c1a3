"""What arrived is shown with its verdict, the rule that decided and the words it rests on; commands stand unbroken."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

from followupd.core import telling
from followupd.core.model import ANSWERS, Contact, Message, Note, State
from followupd.views import text
from followupd.views.screen import Cell, Lines, Pairs, Part, Stack, Tone

if TYPE_CHECKING:
    from followupd.core.instants import Instant

_EXCERPT: Final = 240
"""Characters of a message's own words that are shown."""
_ORNAMENT: Final = re.compile(r"[=_*#~.+-]{6,}")


def messages(found: Sequence[Message], contact: Contact, now: "Instant") -> Stack:
    """Show messages of a contact, in their order, each with all that was made of it."""
    head = Lines([Cell(f"{'message':<8}{'received':<18}{'verdict':<12}from", Tone.HEAD)])
    return Stack([head, *(part for one in found for part in _message(one, contact, now))] if found else [])


def _message(one: Message, contact: Contact, now: "Instant") -> tuple[Part, Part]:
    head = f"{one.id:<8}{text.minute(one.received_at, now):<18}{one.verdict.value:<12}{text.safe(one.from_) or '-'}"
    tone = Tone.GOOD if one.verdict in ANSWERS and not one.not_answer and not one.held else Tone.PLAIN
    said = judged(one, back=one.return_date, own=one.excerpt)
    if rule := asked_rule(one, contact):
        said["seems"] = f"{said['seems']}: {rule}"
    return Lines([Cell(head, tone)]), Pairs(said | _word_on(one), 8)


def asked_rule(one: Message, contact: Contact) -> str:
    """Give the rule by which the day was read that somebody asks for; "" where they ask for none."""
    if one.asked_for is None:
        return ""
    # their patterns take longer to compile than a list to be made
    from followupd.core import wording
    from followupd.core.someday import SOUTHERN

    arrived, southern = one.received_at.date(), contact.country[:2] in SOUTHERN
    # the day on which it arrived is that of the writer's zone, which may be another one
    days = (arrived + timedelta(days=days) for days in (0, -1, 1))
    read = (wording.asked_for(one.excerpt, day, southern=southern) for day in days)
    return next((found.rule for found in read if found is not None and found.day == one.asked_for), "")


def judged(one: telling.Judged, *, back: date | None, own: str) -> dict[str, str]:
    """Give what was made of a message, by name: why, the rule, what it rests on, and what it seems to say."""
    return {
        "why": telling.plain(one.rule),
        "rule": one.rule,
        "rests on": one.words,
        "back on": back.isoformat() if back else "",
        "seems": telling.seems(one),
        "names": one.other_address,
        "text": _clipped(own),
    }


def _word_on(one: Message) -> dict[str, str]:
    """Give what the user said of a message, or is asked about it."""
    if one.not_answer:
        return {"you say": "no answer"}
    return {"asked": "is it an answer?"} if one.held else {}


def offers(found: Sequence[Message], contact: Contact, standing: telling.Standing) -> Lines:
    """Show the commands that may be wanted next, each unbroken in a line of its own."""
    said: dict[str, str] = {}
    for one in reversed(found):
        if one.not_answer:
            continue
        held = one.held and standing.state is State.HELD
        for offer in telling.offers(one, contact, replace(standing, held=held)):
            said.setdefault(offer.command, offer.what)
        if one.verdict in ANSWERS and standing.state is State.ANSWERED:
            said.setdefault(
                f"followupd answered {telling.word(contact.email)} --not {one.id}", f"if message {one.id} was no answer"
            )
    return Lines(
        [cell for command, what in said.items() for cell in (Cell(f"{what}:"), Cell(command, Tone.COMMAND, indent=2))]
    )


def _clipped(own: str) -> str:
    said = " ".join(_ORNAMENT.sub(" ", own).split())
    return said if len(said) <= _EXCERPT else f"{said[:_EXCERPT].rstrip()}…"


def note(one: Note) -> str:
    """Write a note in one line, with where it can be read and until when it is news."""
    reached = f"{one.milestone} reached: " if one.milestone else ""
    until = f" (until {one.expires.isoformat()})" if one.expires else ""
    return f"{reached}{one.text}{f' {one.url}' if one.url else ''}{until}"
