"""The user's word: it is about somebody who is there, it is in one line, and it is carried out whole or not at all."""

import re
from collections.abc import Callable
from functools import wraps
from typing import Concatenate, Final, ParamSpec, TypeVar

from followupd.app import Desk
from followupd.core import addresses
from followupd.core.errors import FollowupdError
from followupd.core.model import Case
from followupd.store import threads

P = ParamSpec("P")
T = TypeVar("T")

_CONTROL: Final = re.compile(
    r"[\x00-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]"  # half a pair is no character
)
_LONGEST: Final = 2000


def whole(verb: Callable[Concatenate[Desk, P], T]) -> Callable[Concatenate[Desk, P], T]:
    """Let a verb read and write in one transaction: what it saw is still so when it writes.

    The daemon settles letters and reads answers at the same time; a verb that rests on a letter as it was a moment ago
    could undo what became of it.
    """

    @wraps(verb)
    def carried_out(desk: Desk, /, *args: P.args, **kwargs: P.kwargs) -> T:
        with desk.db.immediate():
            return verb(desk, *args, **kwargs)

    return carried_out


def find(desk: Desk, email: str) -> Case:
    """Give the case of whoever has this address: their open thread, else their newest."""
    case = threads.case_of(desk.db, addresses.normalise(email))
    if case is None:
        raise FollowupdError("nobody has this address", where=email, hint="see: followupd list")
    return case


def refuse_control(what: str, text: str) -> None:
    """Refuse a text that is not one line of characters, or longer than anybody's line; `what` names it."""
    if _CONTROL.search(text):
        raise FollowupdError(f"there is a line break or control character in {what}", hint="write it in one line")
    if len(text) > _LONGEST:
        raise FollowupdError(f"{what} is longer than {_LONGEST} characters")
