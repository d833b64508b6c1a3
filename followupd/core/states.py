"""The only place where a thread changes its state: a table from (state, happening) to state.

How to read it: a pair that is not in the table changes nothing; that is a rule, not an oversight. `RETURN` stands for
the state a held or paused thread came from. The diagram in the README is drawn from this table.
"""

from collections.abc import Mapping
from dataclasses import replace
from enum import StrEnum
from typing import Final

from followupd.core.instants import Instant
from followupd.core.model import Change, Event, State, Thread


class Happening(StrEnum):
    """What can befall a thread: by a letter, by a message, by the user's word."""

    LETTER_SENT = "letter sent"
    LAST_LETTER_SENT = "last letter sent"
    HOLD = "hold"
    ADDRESS_DEAD = "address dead"
    REPLY = "reply"
    OPT_OUT = "opt-out"
    PAUSE = "pause"
    RESUME = "resume"
    STOP = "stop"
    ANSWERED = "answered"
    REOPEN = "reopen"


RETURN: Final = "return"
_BEFORE: Final = "; held before that: "
_S, _H = State, Happening

_OPEN: Final[Mapping[Happening, State]] = {
    _H.REPLY: _S.ANSWERED,
    _H.OPT_OUT: _S.OPTED_OUT,
    _H.ADDRESS_DEAD: _S.UNDELIVERABLE,
    _H.STOP: _S.STOPPED,
    _H.ANSWERED: _S.ANSWERED,
    _H.LETTER_SENT: _S.WAITING,
    _H.LAST_LETTER_SENT: _S.SILENT,
}
"""What any open thread does: also a held one, whose letter turned out to have left."""

_LATE: Final[Mapping[Happening, State]] = {
    _H.REPLY: _S.ANSWERED,
    _H.OPT_OUT: _S.OPTED_OUT,
    _H.ANSWERED: _S.ANSWERED,
    _H.REOPEN: _S.WAITING,
}
"""What a thread does that came to its end without an answer: an answer after years is still news."""

TABLE: Final[Mapping[State, Mapping[Happening, State | str]]] = {
    _S.SCHEDULED: {**_OPEN, _H.HOLD: _S.HELD, _H.PAUSE: _S.PAUSED},
    _S.WAITING: {**_OPEN, _H.HOLD: _S.HELD, _H.PAUSE: _S.PAUSED},
    _S.HELD: {**_OPEN, _H.PAUSE: _S.PAUSED, _H.RESUME: RETURN},
    _S.PAUSED: {
        **_OPEN,
        _H.HOLD: _S.HELD,
        _H.RESUME: RETURN,
        _H.LETTER_SENT: _S.PAUSED,
        _H.LAST_LETTER_SENT: _S.PAUSED,
    },
    _S.SILENT: {**_LATE, _H.ADDRESS_DEAD: _S.UNDELIVERABLE, _H.STOP: _S.STOPPED},
    _S.STOPPED: {**_LATE},
    _S.UNDELIVERABLE: {**_LATE, _H.STOP: _S.STOPPED},
    _S.ANSWERED: {_H.OPT_OUT: _S.OPTED_OUT, _H.REOPEN: _S.WAITING, _H.STOP: _S.STOPPED},
    _S.OPTED_OUT: {},
}


def next_state(thread: Thread, happening: Happening) -> State | None:
    """Look the pair up; None where it changes nothing."""
    found = TABLE[thread.state].get(happening)
    if found is None:
        return None
    if thread.state is State.HELD and thread.resume_to is State.PAUSED:
        found = State.PAUSED if happening in {Happening.RESUME, Happening.LETTER_SENT} else found
    if found == RETURN:
        if thread.state is State.PAUSED and thread.resume_to is State.HELD:
            return State.HELD
        return State.WAITING if thread.step else State.SCHEDULED
    if happening is Happening.REOPEN and thread.step == 0:
        return State.SCHEDULED
    return State(found)


def move(thread: Thread, happening: Happening, event: Event) -> Change:
    """Move a thread and tell why.

    Where the table has no such pair the thread stays as it is and the event is still written down: history keeps what
    happened, whatever came of it. A thread that cannot send by itself loses its `next_at`; setting it again is
    `cadence`'s.
    """
    state = next_state(thread, happening)
    if state is None:
        return Change(thread=thread, events=(event,))
    moved = replace(thread, state=state, reason=event.text)
    if state in {State.SCHEDULED, State.WAITING}:
        moved = replace(moved, reason="", resume_to=None, paused_until=None)
    else:
        moved = replace(moved, next_at=None)
    if state in {State.HELD, State.PAUSED}:
        moved = _set_aside(thread, moved, happening)
    return Change(thread=moved, events=(event,))


def _set_aside(thread: Thread, moved: Thread, happening: Happening) -> Thread:
    """Remember where a held or paused thread goes on; a doubt outlives a pause, and a pause's end outlives a doubt."""
    back = State.WAITING if thread.step else State.SCHEDULED
    match thread.state, moved.state:
        case State.HELD, State.PAUSED if happening is not Happening.PAUSE:
            return replace(moved, resume_to=back)
        case State.HELD, State.PAUSED:
            return replace(moved, resume_to=State.HELD, reason=f"{moved.reason}{_BEFORE}{thread.reason}")
        case State.PAUSED, State.HELD if happening is Happening.RESUME:
            return replace(moved, resume_to=back, reason=thread.reason.partition(_BEFORE)[2] or moved.reason)
        case State.PAUSED, State.HELD:
            # the doubt that the pause did not settle stays the first one
            return replace(moved, resume_to=State.PAUSED, reason=thread.reason.partition(_BEFORE)[2] or moved.reason)
        case State.HELD | State.PAUSED, _:
            return replace(moved, resume_to=thread.resume_to)
        case _:
            return replace(moved, resume_to=thread.state)


def event(at: Instant, kind: str, text: str) -> Event:
    """Write one line of history."""
    return Event(at=at, kind=kind, text=text)
