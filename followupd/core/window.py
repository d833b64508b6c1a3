"""When a letter may leave: on which days, between which hours, by whose clock; a closed day says why it is."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

from followupd.core.instants import Instant, Span, WorkingDays, add
from followupd.core.periods import Period
from followupd.core.settings import Window

_FARTHEST: Final = 40 * 366
"""Days to look ahead: by then every day of the year, the 29th of February too, was every day of the week."""

_LONG: Final = timedelta(days=366)
"""What is left of a single period that is longer is passed over in one step."""

_LAST: Final = date(9000, 1, 1)
"""Dates have room after this day for every zone."""

_WEEKEND: Final = frozenset({5, 6})
_DAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where the window's clock hangs: a time zone, and the country whose public holidays count ("" for none).

    `blackout` are the days on which this person gets no letter.
    """

    zone: ZoneInfo
    country: str = ""
    blackout: tuple[Period, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """The first instant at which a letter may leave, and what moved it there, a line a link."""

    at: Instant
    why: tuple[str, ...] = ()


def opening(at: Instant, window: Window, place: Place, offset: timedelta) -> Opening:
    """Give the first allowed instant at or after `at`.

    An instant inside the window stays as it is; any other becomes the next opening plus `offset` (the spread's share of
    this letter, never beyond the end of the window). A window that a change of clocks skips is closed on that day.
    """
    day = at.astimezone(place.zone).date()
    if closed_on(day, window, place) is None and _inside(at, window, place):
        return Opening(at=at)
    why: list[str] = []
    for _ in range(_FARTHEST):
        if closed := _closings(day, window, place):
            why += [f"{day.isoformat()}: {reason}" for reason in closed]
            day = _last_of_long(day, window, place)
        elif (start := _start(day, window, place, at)) is not None:
            left = _spread_from(start, window, place, offset)
            why.append(f"{start.isoformat()}: from {clock_time(window.opens)} {place.zone.key}")
            if minutes := int((left - start).total_seconds()) // 60:
                why.append(f"{left.isoformat()}: spread by {minutes} min")
            return Opening(at=left, why=tuple(why))
        else:
            why.append(f"{day.isoformat()}: later than {clock_time(window.closes)} where they are")
        day += timedelta(days=1)
    return Opening(at=_instants(day, window.opens, place)[0], why=tuple(why))


def _last_of_long(day: date, window: Window, place: Place) -> date:
    """Give the last day of a single period that goes on for more than a year from a day; that day if none does."""
    single = (one for one in (*window.quiet, *place.blackout) if not one.yearly and day in one)
    return max((min(one.last, _LAST) for one in single if one.last - day > _LONG), default=day)


def own_minute(at: Instant, window: Window, place: Place, offset: timedelta) -> Instant:
    """Give the later of `at` and the letter's own minute on that day (an instant inside the window)."""
    day = at.astimezone(place.zone).date()
    start = next((one for one in _instants(day, window.opens, place) if _inside(one, window, place)), at)
    return max(at, _spread_from(start, window, place, offset))


def _inside(at: Instant, window: Window, place: Place) -> bool:
    local = at.astimezone(place.zone)
    return window.opens <= local.hour * 60 + local.minute < window.closes


def _instants(day: date, minute: int, place: Place) -> tuple[Instant, Instant]:
    """Give the instants of a local minute: two where clocks go back over it, otherwise twice the same."""
    local = datetime.combine(day, time(minute // 60, minute % 60), tzinfo=place.zone)
    return local.astimezone(UTC), max(local.astimezone(UTC), local.replace(fold=1).astimezone(UTC))


def _start(day: date, window: Window, place: Place, not_before: Instant) -> Instant | None:
    """Give the instant at which the window opens on a day; None if it has closed by then, or is skipped that day."""
    return next(
        (one for one in _instants(day, window.opens, place) if one >= not_before and _inside(one, window, place)), None
    )


def _spread_from(start: Instant, window: Window, place: Place, offset: timedelta) -> Instant:
    """Give `start` + `offset`, but no later than the last minute of the window."""
    at = start + offset
    while at > start and not _inside(at, window, place):
        at -= timedelta(minutes=1)
    return at


def closed_on(day: date, window: Window, place: Place) -> str | None:
    """Say why no letter leaves on a day; None if one may.

    A weekday that is not allowed, days of the user's or of this person's own without letters, a public holiday by name.
    """
    return next(iter(_closings(day, window, place)), None)


def _closings(day: date, window: Window, place: Place) -> list[str]:
    """Give all that speaks against a day."""
    found = [f"a {_DAYS[day.weekday()]}"] if day.weekday() not in window.days else []
    found += [f"in your quiet time {one}" for one in window.quiet if day in one][:1]
    found += [f"in their blackout {one}" for one in place.blackout if day in one][:1]
    if window.holidays and place.country and (holiday := holidays_of(place.country, day.year).get(day)):
        found.append(holiday)
    return found


@lru_cache(maxsize=256)
def holidays_of(country: str, year: int) -> Mapping[date, str]:
    """Give the public holidays in a year by name: of a country or, after a hyphen, of a part of it (ISO 3166-2: DE-BY).

    There are none for a country or a part that is not known.
    """
    from holidays import country_holidays

    nation, _, part = country.upper().partition("-")
    try:
        found = country_holidays(nation, subdiv=part or None, years=year, language="en_US")
    except NotImplementedError:
        return {}
    return dict(found.items())


def working_days_later(at: Instant, wait: WorkingDays, zone: ZoneInfo, country: str) -> Instant:
    """Give the same local time so many working days later: those of `country` ("" for none) where it is known.

    The day of `at` does not count.
    """
    weekend, first = weekend_of(country), at.astimezone(zone).date()
    day, left = first, wait.count
    while left:
        day += timedelta(days=1)
        left -= day.weekday() not in weekend and not (country and day in holidays_of(country, day.year))
    return add(at, Span(days=(day - first).days), zone)


@lru_cache(maxsize=256)
def weekend_of(country: str) -> frozenset[int]:
    """Give the days of the week on which nobody works in a country; Monday is 0. Saturday and Sunday if not known."""
    from holidays import country_holidays

    try:
        return frozenset(country_holidays(country.upper().partition("-")[0]).weekend) if country else _WEEKEND
    except NotImplementedError:
        return _WEEKEND


def clock_time(minute: int) -> str:
    """Write a minute of the day: 570 is "09:30"."""
    return f"{minute // 60:02d}:{minute % 60:02d}"
