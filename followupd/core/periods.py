"""Days on which somebody wants no letter: once, or every year; read from the words they are written in."""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

_ONCE: Final = re.compile(r"(\d{4}-\d\d-\d\d)(?:\s*(?:to|/)\s*(\d{4}-\d\d-\d\d))?")
_YEARLY: Final = re.compile(r"(\d\d-\d\d)(?:\s*(?:to|/)\s*(\d\d-\d\d))?")
_LEAP: Final = 2028
"""A year that has every day there is."""


@dataclass(frozen=True, slots=True)
class Period:
    """Days from `first` to `last`, both of them included.

    A yearly one has a leap year's dates for both, and may run over New Year: then `last` lies before `first`.
    """

    first: date
    last: date
    yearly: bool = False

    def __contains__(self, day: date) -> bool:
        if not self.yearly:
            return self.first <= day <= self.last
        here, first, last = ((one.month, one.day) for one in (day, self.first, self.last))
        return first <= here <= last if first <= last else here >= first or here <= last

    def __str__(self) -> str:
        """The words that `period` reads back."""
        first, last = (one.strftime("%m-%d") if self.yearly else one.isoformat() for one in (self.first, self.last))
        return first if first == last else f"{first} to {last}"


def period(text: str) -> Period:
    """Read "2027-05-01 to 2027-05-20", "2027-05-01", or of every year "12-20 to 01-06"; raise ValueError."""
    said = text.strip()
    if found := _YEARLY.fullmatch(said):
        return Period(*_days(f"{_LEAP}-{found[1]}", f"{_LEAP}-{found[2] or found[1]}", said), yearly=True)
    if found := _ONCE.fullmatch(said):
        first, last = _days(found[1], found[2] or found[1], said)
        if last < first:
            raise ValueError(f"{said!r} ends before it begins")
        return Period(first, last)
    raise ValueError(
        f'{said[:60]!r} is no period; write "2027-05-01 to 2027-05-20", or for every year "12-20 to 01-06"'
    )


def periods(text: str) -> tuple[Period, ...]:
    """Read several periods with commas between them; "" is none. Raises ValueError."""
    return tuple(period(one) for one in text.split(",") if one.strip())


def leave_a_day(quiet: tuple[Period, ...]) -> bool:
    """Tell whether yearly periods leave at least one day of the year free."""
    year = (date(_LEAP, 1, 1) + timedelta(days=number) for number in range(366))
    return any(all(day not in one for one in quiet if one.yearly) for day in year)


def _days(first: str, last: str, said: str) -> tuple[date, date]:
    try:
        return date.fromisoformat(first), date.fromisoformat(last)
    except ValueError:
        raise ValueError(f"{said!r} has a day that there is not") from None
