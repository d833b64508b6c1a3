"""A letter as it is judged: what it says, to whom, as which of a thread, and what this thread has said before."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

from followupd.core.instants import Instant
from followupd.core.lint.text import Words, words
from followupd.core.model import Contact, Event, Finding, LintRule, Note


@dataclass(frozen=True, slots=True, kw_only=True)
class Earlier:
    """A letter that goes before this one: which, and what it says."""

    where: str
    body: str
    at: Instant


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """A field of a contact that letters show, and when it was typed."""

    field: str
    text: str
    at: Instant


_SHOWN: Final = ("admire", "ask", "offer", "situation", "goal", "arrangement")


def typed(contact: Contact, history: Sequence[Event], since: Instant) -> tuple[Typed, ...]:
    """Give the fields of a contact, each with the day it was typed, by all that history tells of them.

    What was never changed is as old as the first line of it; `since` stands in where there is none.
    """
    first = history[0].at if history else since
    changed = {
        field: event.at
        for event in history
        if event.kind == "edited"
        for field in event.text.removeprefix("changed: ").split(", ")
    }
    fields = ((field, getattr(contact, field)) for field in _SHOWN)
    return tuple(Typed(field=field, text=text, at=changed.get(field, first)) for field, text in fields if text)


@dataclass(frozen=True, kw_only=True)
class Written:
    """A rendered letter. `number` counts from 1; `where` names it to the user; `at` is when it leaves.

    `subject` is the template's own, "" in a letter that goes on under the first one's. `told` are the notes in it,
    `typed` are the contact's fields, `since` is when the thread began. `met`: the user noted that they met or spoke.
    `circle` are letters to others of one organisation or tag, of whose sentences it may share `twins` percent.
    """

    where: str
    number: int
    subject: str
    body: str
    contact: Contact
    my_name: str
    at: Instant
    since: Instant
    told: tuple[Note, ...] = ()
    typed: tuple[Typed, ...] = ()
    earlier: tuple[Earlier, ...] = field(default=())
    met: bool = False
    circle: tuple[Earlier, ...] = field(default=())
    twins: int = 100

    @cached_property
    def words(self) -> Words:
        """The letter's words."""
        return words(self.body)

    def finding(self, rule: LintRule, line: int = 0, said: str = "") -> Finding:
        """Note something in a line of this letter; `said` is clipped, and blank-free at its ends."""
        return Finding(rule=rule, where=self.where, line=line, words=" ".join(said.split())[:80])
