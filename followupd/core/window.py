"""When a letter may leave: on which days, between which hours, by whose clock; a closed day says why it is."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

from followupd.core.instants import Instant, at_local
from followupd.core.settings import Window

_FARTHEST: Final = 400
"""Days to look ahead: no weekday and no holiday keeps a window closed for longer than a year."""

_DAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where the window's clock hangs: a time zone, and the country whose public holidays count ("" for none)."""

    zone: ZoneInfo
    country: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """The first instant at which a letter may leave, and what moved it there, a line a link."""

    at: Instant
    why: tuple[str, ...] = ()


def opening(at: Instant, window: Window, place: Place, offset: timedelta) -> Opening:
    """Give the first allowed instant at or after `at`.

    An instant inside the window stays as it is; any other becomes the next opening plus `offset` (the spread's share of
    this letter, never beyond the end of the window).
    """
    local = at.astimezone(place.zone)
    minute = local.hour * 60 + local.minute
    day = local.date()
    why: list[str] = []
    if (closed := closed_on(day, window, place)) is None:
        if window.opens <= minute < window.closes:
            return Opening(at=at)
        if minute >= window.closes:
            why.append(f"{day.isoformat()}: later than {clock_time(window.closes)} where they are")
            day += timedelta(days=1)
    for _ in range(_FARTHEST):
        if (closed := closed_on(day, window, place)) is None:
            start = at_local(day, window.opens, place.zone)
            why.append(f"{day.isoformat()}: from {clock_time(window.opens)} {place.zone.key}, {_spread(offset)}")
            return Opening(at=start + offset, why=tuple(why))
        why.append(f"{day.isoformat()}: {closed}")
        day += timedelta(days=1)
    return Opening(at=at_local(day, window.opens, place.zone), why=tuple(why))


def closed_on(day: date, window: Window, place: Place) -> str | None:
    """Say why no letter leaves on a day: a weekday that is not allowed, a public holiday by name; None if one may."""
    if day.weekday() not in window.days:
        return f"a {_DAYS[day.weekday()]}"
    if window.holidays and place.country:
        return holidays_of(place.country, day.year).get(day)
    return None


@lru_cache(maxsize=256)
def holidays_of(country: str, year: int) -> Mapping[date, str]:
    """Give the public holidays of a country (ISO 3166-1 alpha-2) in a year by name; none for an unknown country."""
    from holidays import country_holidays

    try:
        found = country_holidays(country.upper(), years=year, language="en_US")
    except NotImplementedError:
        return {}
    return dict(found.items())


def clock_time(minute: int) -> str:
    """Write a minute of the day: 570 is "09:30"."""
    return f"{minute // 60:02d}:{minute % 60:02d}"


def _spread(offset: timedelta) -> str:
    minutes = int(offset.total_seconds()) // 60
    return f"spread by {minutes} min" if minutes else "no spread"
