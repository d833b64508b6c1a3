"""The only place where a draft changes its state: what lies in the user's Drafts folder for a letter, as last seen.

The letter itself has its own states (`core.letter_states`): a draft lies for a letter that waits for approval, and
followupd sends none whose draft is not gone. A pair that is not in the rows never happens.
"""

from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum
from typing import Final

from followupd.core import transitions
from followupd.core.transitions import Row

SETTLES: Final = timedelta(minutes=10)
"""So long after its draft was taken out a letter is not sent: who sent it at that moment has a copy in Sent by then."""
MISSED: Final = timedelta(hours=6)
"""A draft that is missed for so long, at every look, with no copy in Sent, was deleted by the user."""


class DraftState(StrEnum):
    """Where a draft is."""

    WANTED = "wanted"
    LIES = "lies"
    EDITED = "edited"
    MISSING = "missing"
    DOUBT = "doubt"
    LEAVING = "leaving"
    GONE = "gone"


class DraftHappening(StrEnum):
    """What can befall a draft."""

    PLANNED = "the letter waits for approval: written down before APPEND"
    FOUND = "it lies there as it was put there"
    CHANGED = "another one lies there in its place: the user edited it"
    MISSED = "it lies there no more, and no copy in Sent"
    UNCLEAR = "it lies in the trash, the folder is gone, or its UIDVALIDITY is another one"
    UNWANTED = "approved by a command, or the thread goes on without it: written down before it is taken out"
    TAKEN = "taken out, or looked for and not there"
    ENDED = "sent or deleted by the user, or left to them as they edited it"


_H, _S = DraftHappening, DraftState


_AGAIN: Final = "seen again"
_THERE: Final = (_S.LIES, _S.EDITED, _S.MISSING, _S.DOUBT)

ROWS: Final = (
    Row((None, _S.GONE), _H.PLANNED, _S.WANTED, "planned again"),
    Row((_S.WANTED, *_THERE), _H.FOUND, _S.LIES, "looked for by its Message-ID before it is put there"),
    Row((_S.WANTED, *_THERE, _S.LEAVING, _S.GONE), _H.CHANGED, _S.EDITED, _AGAIN),
    Row((_S.LIES, _S.EDITED), _H.MISSED, _S.MISSING, _AGAIN),
    Row((_S.WANTED, *_THERE), _H.UNCLEAR, _S.DOUBT, _AGAIN),
    Row((_S.WANTED, *_THERE), _H.UNWANTED, _S.LEAVING, "found unwanted again"),
    Row((_S.LEAVING,), _H.TAKEN, _S.GONE, "taken out, or not there"),
    Row((_S.WANTED, *_THERE, _S.LEAVING), _H.ENDED, _S.GONE, "settled again, by its copy in Sent"),
)

TABLE: Final[Mapping[tuple[DraftState | None, DraftHappening], DraftState]] = transitions.table(ROWS)


def after(state: DraftState | None, happening: DraftHappening) -> DraftState:
    """Give the state of a draft after a happening; raise ValueError where that cannot befall it: a bug, never data."""
    if (state, happening) not in TABLE:
        raise ValueError(f"a draft that is {state or 'not planned'} cannot be: {happening}")
    return TABLE[state, happening]


def page() -> str:
    """Draw the rows as the page shows them."""
    return transitions.page(ROWS, "the next look")
