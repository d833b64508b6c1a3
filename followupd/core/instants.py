"""Time: an instant is an aware datetime in UTC, a wait is a calendar duration that ends where somebody lives.

Instants are whole seconds: what is written to the database and read back is the same value. Calendar arithmetic follows
RFC 5545, section 3.3.10: a day that a month lacks becomes its last day, a local time that a change of clocks skips
is read with the offset before the change.
"""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final, Self, TypeAlias
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

Instant: TypeAlias = datetime
"""An aware datetime whose zone is UTC."""

_UNIT: Final = re.compile(r"(\d{1,4})\s*(day|week|month|year)s?", re.IGNORECASE)
_WORDS: Final = re.compile(rf"\s*{_UNIT.pattern}(?:(?:\s*,\s*|\s+and\s+|\s+){_UNIT.pattern})*\s*", re.IGNORECASE)
_ISO: Final = re.compile(r"P(?:(\d{1,4})Y)?(?:(\d{1,4})M)?(?:(\d{1,4})W)?(?:(\d{1,4})D)?", re.IGNORECASE)
_SHORT: Final = re.compile(r"\s*(\d{1,6})\s*(second|minute|hour|day)s?\s*", re.IGNORECASE)
_SHORT_ISO: Final = re.compile(r"PT(?:(\d{1,6})H)?(?:(\d{1,6})M)?(?:(\d{1,6})S)?", re.IGNORECASE)
_WORKING: Final = re.compile(r"\s*(\d{1,4})\s*(?:working|work|business)[ -]?days?\s*", re.IGNORECASE)
_LONGEST_WAIT: Final = 100 * 366


@dataclass(frozen=True, slots=True)
class Span:
    """A calendar duration. "1 month" is as long as the month it falls in; two spans therefore have no fixed order."""

    years: int = 0
    months: int = 0
    weeks: int = 0
    days: int = 0

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read "10 days", "1 year and 6 months" or ISO 8601 ("P6M"); raise ValueError with a plain sentence."""
        span = cls(*_counted(text))
        if span.least_days() > _LONGEST_WAIT:
            raise ValueError(f"{text!r} is longer than a hundred years")
        return span

    def __str__(self) -> str:
        """The words that `parse` reads back."""
        parts = [
            f"{count} {unit}" if count == 1 else f"{count} {unit}s"
            for count, unit in (
                (self.years, "year"),
                (self.months, "month"),
                (self.weeks, "week"),
                (self.days, "day"),
            )
            if count
        ]
        return " ".join(parts) or "0 days"

    def least_days(self) -> int:
        """The fewest days this can last, for comparing with a floor: a month has at least 28, a year 365 days."""
        return self.years * 365 + self.months * 28 + self.weeks * 7 + self.days


@dataclass(frozen=True, slots=True)
class WorkingDays:
    """A wait that is counted in days on which people work, where somebody lives: no weekend, no public holiday."""

    count: int

    @classmethod
    def parse(cls, text: str) -> Self | None:
        """Read "10 working days"; None where the text says something else, or nothing to wait for."""
        found = _WORKING.fullmatch(text)
        return cls(int(found[1])) if found and int(found[1]) else None

    def __str__(self) -> str:
        """The words that `parse` reads back."""
        return f"{self.count} working day{'s' if self.count > 1 else ''}"

    def least_days(self) -> int:
        """The fewest days this can last, for comparing with a floor: a week has one day off at least."""
        return self.count + self.count // 6


def _counted(text: str) -> tuple[int, int, int, int]:
    said = text.strip()
    if (iso := _ISO.fullmatch(said)) and said.upper() != "P":
        years, months, weeks, days = (int(part or 0) for part in iso.groups())
        return years, months, weeks, days
    if not _WORDS.fullmatch(text):
        raise ValueError(f'{text!r} is no duration; write "10 days", "3 weeks", "6 months", "1 year" or "P6M"')
    counts = {"year": 0, "month": 0, "week": 0, "day": 0}
    for number, unit in _UNIT.findall(text):
        counts[unit.lower()] += int(number)
    return counts["year"], counts["month"], counts["week"], counts["day"]


def add(instant: Instant, span: Span, zone: ZoneInfo) -> Instant:
    """Give the instant `span` later on the calendar of `zone`, at the same local time of day.

    First years and months, then weeks and days. Raises ValueError or OverflowError outside of the years 1 to 9999.
    """
    local = instant.astimezone(zone).replace(tzinfo=None)
    years, month = divmod(local.month - 1 + span.months, 12)
    year = local.year + span.years + years
    day = min(local.day, monthrange(year, month + 1)[1])
    moved = local.replace(year=year, month=month + 1, day=day) + timedelta(weeks=span.weeks, days=span.days)
    # of a local time that a change of clocks repeats the first one counts
    return moved.replace(tzinfo=zone, fold=0).astimezone(UTC)


def before(instant: Instant, span: Span, zone: ZoneInfo) -> Instant:
    """Give the instant `span` earlier on the calendar of `zone`."""
    back = Span(years=-span.years, months=-span.months, weeks=-span.weeks, days=-span.days)
    return add(instant, back, zone)


def at_local(day: date, minute_of_day: int, zone: ZoneInfo) -> Instant:
    """Give the instant of a local minute (0 to 1439) of `day` in `zone`; one that a change of clocks skips moves on."""
    local = datetime(day.year, day.month, day.day, minute_of_day // 60, minute_of_day % 60, tzinfo=zone)
    return local.astimezone(UTC)


def local_day(instant: Instant, zone: ZoneInfo) -> date:
    """Give the day on which `instant` falls in `zone`."""
    return instant.astimezone(zone).date()


def zone_named(name: str) -> ZoneInfo:
    """Give the IANA time zone; raise ValueError with a plain sentence if there is none of that name."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ValueError(f'{name!r} is no time zone; write one like "Europe/Berlin" (IANA names)') from error


def parse_short(text: str) -> timedelta:
    """Read "20 minutes", "90 seconds", "2 hours", "0 days" or "PT5M" (for `poll` and `spread`); raise ValueError."""
    if match := _SHORT.fullmatch(text):
        return timedelta(**{f"{match[2].lower()}s": int(match[1])})
    match = _SHORT_ISO.fullmatch(text.strip())
    if match and any(match.groups()):
        hours, minutes, seconds = (int(part or 0) for part in match.groups())
        return timedelta(hours=hours, minutes=minutes, seconds=seconds)
    raise ValueError(f'{text!r} is no short duration; write "20 minutes", "1 hour" or "PT5M"')


def to_text(instant: Instant) -> str:
    """Write an instant as RFC 3339 in UTC with whole seconds: "2026-11-23T09:00:00Z". Texts sort as instants do."""
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def from_text(text: str) -> Instant:
    """Read an RFC 3339 instant with any offset; raise ValueError if it has none."""
    instant = datetime.fromisoformat(text)
    if instant.tzinfo is None:
        raise ValueError(f"{text!r} has no offset from UTC")
    return instant.astimezone(UTC).replace(microsecond=0)
