"""A thread that is held for two reasons is not released by settling one: no letter leaves past a possible answer."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from followupd.app import Desk
from followupd.core.cadence import SENDABLE
from followupd.core.model import Case, Change, Event, Letter, State, Thread
from followupd.core.states import Happening, move
from followupd.store import threads

_HOLDS: Final = frozenset({"held", "vetoed"})
"""The kinds of events whose text is, or was, the reason why a thread is held."""


def about(letter: Letter) -> tuple[str, ...]:
    """Give how the reasons begin that a letter itself can be to hold its thread."""
    number = letter.step + 1
    return f"letter {number} ", f"nobody knows whether letter {number} "


def released(desk: Desk, case: Case, change: Change, settled: tuple[str, ...]) -> Change:
    """Give a change that lets a held thread go on; held again where another reason stands.

    `settled` is how the reasons begin that are done with.
    """
    if case.thread.state is not State.HELD or change.thread.state not in SENDABLE | {State.PAUSED}:
        return change
    other = other_reason(case.thread, threads.events(desk.db, case.thread.id), settled)
    if other is None:
        return change
    again = move(change.thread, Happening.HOLD, replace(other, at=change.events[-1].at, kind="held"))
    return replace(change, thread=again.thread, events=(*change.events, *again.events))


def holds_alone(desk: Desk, case: Case, letter: Letter) -> bool:
    """Tell whether nothing but its letter holds a thread; only then may the letter's reason take another's place.

    A reason that is replaced is the first of its hold from then on: what came in between would be forgotten.
    """
    return other_reason(case.thread, threads.events(desk.db, case.thread.id), about(letter)) is None


def other_reason(thread: Thread, events: Sequence[Event], settled: tuple[str, ...]) -> Event | None:
    """Give the newest event that holds a thread and is not settled; None if there is none.

    A held thread keeps the reason that it was held for first; what comes later stands in its history only.
    """
    held = [event for event in events if event.kind in _HOLDS]
    since = max((number for number, event in enumerate(held) if event.text == thread.reason), default=len(held))
    return next((event for event in reversed(held[since:]) if not event.text.startswith(settled)), None)
