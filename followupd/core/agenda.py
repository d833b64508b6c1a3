"""What stands in the user's own calendar: every letter to come, under a name that stays, and how often it was moved.

A calendar program takes a newer revision of an event for an older one only if its SEQUENCE is higher (RFC 5545, section
3.8.7.4; RFC 5546, section 2.1.4). So each entry is remembered: moved or taken back, its sequence grows; otherwise it is
the same, whoever writes the file and however often.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from enum import StrEnum
from hashlib import sha256
from typing import Final, TypeAlias

from followupd.core.instants import Instant
from followupd.core.model import Planned

Step: TypeAlias = tuple[int, int]
"""A thread and a step of it: there is one letter for it, wherever it moves."""

_DAY: Final = timedelta(days=1)
KEPT: Final = timedelta(days=60)
"""How long what went out, or will not go, still stands there: who takes the file over now and then is to see it."""


class Standing(StrEnum):
    """How an entry stands."""

    PLANNED = "planned"
    SENT = "sent"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One letter in the calendar. `sequence` grows with every change, and `changed_at` is when that was."""

    thread_id: int
    step: int
    at: Instant
    template: str = ""
    standing: Standing = Standing.PLANNED
    sequence: int = 0
    changed_at: Instant

    @property
    def key(self) -> Step:
        """What makes it this entry."""
        return self.thread_id, self.step


@dataclass(frozen=True, slots=True, kw_only=True)
class Face:
    """Whom a thread is with, and the thread's key."""

    key: str
    email: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Noted:
    """An entry, and whom it is about."""

    entry: Entry
    face: Face


def agenda(
    known: Collection[Entry], planned: Collection[Planned], sent: Mapping[Step, Instant], now: Instant, until: Instant
) -> tuple[Entry, ...]:
    """Give what stands in the calendar now, in the order of its days; what is planned was foreseen `until` then."""
    before = {one.key: one for one in known}
    coming = {(one.thread_id, one.step): one for one in planned}
    entries = [_planned(before.get(key), one, now) for key, one in coming.items()]
    entries += [
        one if one.at > until else _past(one, sent.get(key), now) for key, one in before.items() if key not in coming
    ]
    return tuple(sorted(entries, key=lambda one: (one.at, one.key)))


def shown(entries: Collection[Entry], now: Instant, until: Instant) -> tuple[Entry, ...]:
    """Leave out what is over for long, and what lies beyond a day."""
    return tuple(
        one
        for one in entries
        if one.at <= until and (one.standing is Standing.PLANNED or max(one.at, one.changed_at) + KEPT > now)
    )


def uid(thread_key: str, step: int) -> str:
    """Give the name of an entry that no other one has (RFC 5545, section 3.8.4.7); it tells nothing of the thread."""
    return f"{sha256(f'calendar/{thread_key}/{step}'.encode()).hexdigest()[:32]}@followupd"


def _planned(before: Entry | None, one: Planned, now: Instant) -> Entry:
    wanted = Entry(thread_id=one.thread_id, step=one.step, at=one.at, template=one.template, changed_at=now)
    if before is None:
        return wanted
    late = before.at <= now and one.at - before.at < _DAY
    same = before.standing is Standing.PLANNED and before.template == one.template
    if same and (
        before.at == one.at or late
    ):  # what is late stays where it was for a day: it doesn't move with every look
        return before
    return replace(wanted, sequence=before.sequence + 1)


def _past(before: Entry, sent: Instant | None, now: Instant) -> Entry:
    if sent is not None:
        wanted = replace(before, at=sent, standing=Standing.SENT)
    else:
        wanted = replace(before, standing=Standing.CANCELLED) if before.standing is Standing.PLANNED else before
    return before if wanted == before else replace(wanted, sequence=before.sequence + 1, changed_at=now)
