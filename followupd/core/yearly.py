"""The yearly question: is there something worth a new letter to somebody who never answered? Asked of the user alone.

It is asked once, when a year has gone since the last letter, and again only when another year has. Nothing follows from
silence about it; a letter goes only after `reopen`.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from zoneinfo import ZoneInfo

from followupd.core.instants import Instant, Span, add
from followupd.core.telling import word

KIND: Final = "yearly-question"
"""How history calls it."""
A_YEAR: Final = timedelta(days=365)
"""No year is shorter."""
SHOWN: Final = timedelta(days=30)
"""How long it is shown once it was asked; then nothing is said until the next year."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Silent:
    """A person whose newest thread is silent: since when, and when the user was asked about them last."""

    email: str
    name: str
    thread_id: int
    since: Instant
    asked: Instant | None = None


def years(one: Silent, zone: ZoneInfo, now: Instant) -> int:
    """Count the whole years that have gone, where the user lives."""
    gone = now.astimezone(zone).year - one.since.astimezone(zone).year
    return gone if add(one.since, Span(years=gone), zone) <= now else gone - 1


def due(one: Silent, zone: ZoneInfo, now: Instant) -> bool:
    """Tell whether the user is to be asked: a year is full, and they were not asked since it was."""
    gone = years(one, zone, now)
    return gone > 0 and (one.asked is None or one.asked < add(one.since, Span(years=gone), zone))


def shown(one: Silent, now: Instant) -> bool:
    """Tell whether the question still stands."""
    return one.asked is not None and one.since < one.asked <= now < one.asked + SHOWN


def question(one: Silent, zone: ZoneInfo, now: Instant) -> str:
    """Put the question in a sentence, with the command that says yes."""
    gone = years(one, zone, now)
    said = "a year" if gone == 1 else f"{gone} years"
    return (
        f"the last letter is {said} old: is there something worth a new one? if so: "
        f"followupd reopen {word(one.email)} --cadence NAME; otherwise nothing has to be done"
    )
