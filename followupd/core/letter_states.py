"""The only place where a letter changes its state: rows of (from, happening, to), read as the page tells them.

A pair that is not in the rows never happens: `after` raises, and the database is not written (`possible`). The table in
docs/reliability.md is drawn from the rows. Every change is committed before the next act on the wire, so a kill between
two acts leaves the state before; `killed` says what the next round makes of it.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from followupd.core import transitions
from followupd.core.model import LetterState
from followupd.core.transitions import Row


class LetterHappening(StrEnum):
    """What can befall a letter: at the server, in the mailbox, by the user's word."""

    WRITTEN = "due, rendered, composed: whole bytes, Message-ID fixed"
    ASKED = "approval wanted, or lint found an error"
    FOUND = "found in Sent, or named by an answer or a bounce"
    BY_HAND = "its draft was sent by the user: a copy lies in Sent"
    VETOED = "a program of the user's says no, fails or hangs"
    CLAIMED = "MAIL and RCPT accepted, mailbox read again, thread still allows it (inside one write lock)"
    PUT_OFF = "failed for now: connecting, TLS, MAIL, RCPT, or 4xx after the data"
    GIVEN_UP = "failed for now, at the last try"
    TURNED_DOWN = "5xx to MAIL or RCPT, or after the data"
    ACCEPTED = "2xx after the data"
    LOST = "closed, timed out or killed after the data began"
    UNWITNESSED = "the witness file cannot be written: the claim is taken back before the data"
    REMEMBERED = "a restored backup does not know it, and the witness file saw it go on the wire"
    APPROVED = "`outbox approve`"
    DISCARDED = "`outbox discard`"
    SAID_SENT = "`outbox sent`"
    SAID_NOT_SENT = "`outbox retry`: another letter is written for the step"


_H, _S = LetterHappening, LetterState


_ANEW: Final = "written anew, the same Message-ID"
_DOUBT: Final = "`uncertain`, or `sent` by its copy in Sent"
_SAY: Final = "the word was not taken"
_UNSENT: Final = (_S.PREPARED, _S.DEFERRED, _S.HELD)

ROWS: Final = (
    Row((None, *_UNSENT), _H.WRITTEN, _S.PREPARED, _ANEW),
    Row((None, *_UNSENT), _H.ASKED, _S.HELD, _ANEW),
    Row((_S.PREPARED, _S.SENDING, _S.UNCERTAIN), _H.FOUND, _S.SENT, "found again"),
    Row((_S.DEFERRED, _S.HELD), _H.BY_HAND, _S.SENT, "found again"),
    Row((_S.PREPARED, _S.HELD), _H.VETOED, _S.HELD, _ANEW),
    Row((_S.PREPARED,), _H.CLAIMED, _S.SENDING, _ANEW),
    Row((_S.PREPARED,), _H.PUT_OFF, _S.DEFERRED, _ANEW),
    Row((_S.PREPARED,), _H.GIVEN_UP, _S.HELD, _ANEW),
    Row((_S.PREPARED,), _H.TURNED_DOWN, _S.REFUSED, _ANEW),
    Row((_S.SENDING,), _H.ACCEPTED, _S.SENT, _DOUBT),
    Row((_S.SENDING,), _H.PUT_OFF, _S.DEFERRED, _DOUBT),
    Row((_S.SENDING,), _H.GIVEN_UP, _S.HELD, _DOUBT),
    Row((_S.SENDING,), _H.TURNED_DOWN, _S.REFUSED, _DOUBT),
    Row((_S.SENDING,), _H.LOST, _S.UNCERTAIN, _DOUBT),
    Row((_S.SENDING,), _H.UNWITNESSED, _S.PREPARED, _DOUBT),
    Row((_S.PREPARED,), _H.REMEMBERED, _S.UNCERTAIN, "remembered again"),
    Row((_S.DISCARDED,), _H.REMEMBERED, _S.SENT, "remembered again"),
    Row((_S.HELD,), _H.APPROVED, _S.PREPARED, _SAY),
    Row(_UNSENT, _H.DISCARDED, _S.DISCARDED, _SAY),
    Row((_S.UNCERTAIN,), _H.SAID_SENT, _S.SENT, _SAY),
    Row((_S.UNCERTAIN,), _H.SAID_NOT_SENT, _S.DISCARDED, _SAY),
)

TABLE: Final[Mapping[tuple[LetterState | None, LetterHappening], LetterState]] = transitions.table(ROWS)

REPLACEABLE: Final = frozenset(begin for begin, happening in TABLE if happening is _H.WRITTEN and begin is not None)
"""The states in which a letter was certainly not sent and may still be written anew."""


def after(state: LetterState | None, happening: LetterHappening) -> LetterState:
    """Give the state of a letter after a happening; raise ValueError where that cannot befall it: a bug, never data."""
    if (state, happening) not in TABLE:
        raise ValueError(f"a letter that is {state or 'not written'} cannot be: {happening}")
    return TABLE[state, happening]


def possible(before: LetterState | None, ends: LetterState) -> bool:
    """Tell whether any one happening leads from one state to the other."""
    return any(begin == before and end is ends for (begin, _), end in TABLE.items())


def page() -> str:
    """Draw the rows as the page shows them."""
    return transitions.page(ROWS, "the next round")
