"""Folders of the user's mailbox that stand for a word of theirs, said by copying a sent letter there: any mail program
does that.

`followupd/patient` begins a thread by the cadence of that name, `followupd/stop` ends one, `followupd/later/2027-03`
lets it wait. What is not clear is not guessed at.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Final, TypeAlias

from followupd.core.addresses import key
from followupd.core.headers import addresses as addresses_in
from followupd.core.match import is_own
from followupd.core.model import Address, Incoming
from followupd.core.settings import Policy
from followupd.core.someday import SOUTHERN, someday

ROOT: Final = "followupd"
STOP: Final = "stop"
LATER: Final = "later"
_DAY: Final = f"name the folder by the day: {ROOT}/{LATER}/2027-03, or {ROOT}/{LATER}/after Easter"
_YEAR_AND_MONTH: Final = len("2027-03")
_WILD: Final = frozenset("%*")
"""What stands for other names in LIST (RFC 9051, section 6.3.9)."""
_TRACE: Final = ("received", "return-path", "delivered-to", "x-original-to")
"""Fields that a message gets on its way (RFC 5321, section 4.4)."""


@dataclass(frozen=True, slots=True)
class Begin:
    """A thread to whoever the letter went to begins with it, by this cadence."""

    cadence: str


@dataclass(frozen=True, slots=True)
class Stop:
    """No letter follows."""


@dataclass(frozen=True, slots=True)
class Later:
    """None before a day, in the words of the folder's name."""

    until: str


Word: TypeAlias = Begin | Stop | Later


def wanted(policy: Policy) -> tuple[tuple[str, ...], ...]:
    """Give the folders to be made, each as the names from below ROOT down."""
    names = [name for name, one in policy.cadences.items() if not one.after_answer and _fits(name)]
    return (*((name,) for name in names), (STOP,), (LATER,))


def word(path: Collection[str], policy: Policy) -> Word:
    """Tell what a folder stands for; raise ValueError, with what to do, for one that stands for nothing."""
    first, *rest = path or ("",)
    if first.casefold() == LATER:
        if not rest:
            raise ValueError(f"it is not said until when; {_DAY}")
        return Later("-".join(rest))
    if rest or not first:
        raise ValueError("this folder stands for nothing")
    if first.casefold() == STOP:
        return Stop()
    found = [name for name in policy.cadences if name.casefold() == first.casefold()]
    if not found:
        raise ValueError(f"there is no cadence {first!r}; there are: {', '.join(sorted(policy.cadences))}")
    return Begin(first if first in found else found[0])


def day(said: str, today: date, country: str) -> date:
    """Read the day that a folder is named by: a month is its first day; raise ValueError for what is no such day."""
    said = said.replace("_", " ").strip()
    if len(said) == _YEAR_AND_MONTH and said.replace("-", "", 1).isdecimal():
        said += "-01"
    try:
        return someday(said, today, southern=country[:2].upper() in SOUTHERN).day
    except ValueError as error:
        raise ValueError(f"{error}; {_DAY}") from None


def reader(msg: Incoming, me: Collection[str]) -> Address:
    """Give the one person that a letter of the user's went to; raise ValueError where it is none, or there are more."""
    if not is_own(msg, me):
        senders = ", ".join(one.addr_spec for one in msg.from_) or "nobody"
        raise ValueError(f"you did not write this message: it is from {senders}")
    secret = (one for value in msg.headers.get("bcc", ()) for one in addresses_in(value.encode()))
    mine = {key(one) for one in me}
    others = {key(one.addr_spec): one for one in (*secret, *msg.cc, *msg.to) if key(one.addr_spec) not in mine}
    if len(others) != 1:
        number = f"{len(others)} people" if others else "nobody but you"
        raise ValueError(f"it went to {number}, and one person has to be meant")
    return next(iter(others.values()))


def came_by_mail(msg: Incoming, original: Incoming | None = None) -> bool:
    """Tell whether a message was delivered: a copy of the one in Sent has no trace fields but those of that one.

    A server may let anybody deliver into a folder (RFC 5233), and whoever got a letter knows its Message-ID.
    """
    before = original.headers if original is not None else {}
    return any(msg.headers.get(name, ()) != before.get(name, ()) for name in _TRACE if msg.headers.get(name))


def _fits(name: str) -> bool:
    """Tell whether a cadence's name can be a folder's, and is not one that stands for something else."""
    return name.casefold() not in {STOP, LATER} and name.isprintable() and not _WILD.intersection(name)
