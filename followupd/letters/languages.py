"""Days, months and lengths of time in the words of a letter's language; English where a language has none here."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

ENGLISH: Final = "en"


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """How a language writes a day and how long ago something was.

    `day` and `ago` are patterns; `units` has one and many for days, weeks, months and years, as they stand after `ago`.
    """

    months: tuple[str, ...]
    day: str
    ago: str
    numbers: tuple[str, ...]
    units: tuple[tuple[str, str], ...]


_WORDS: Final[Mapping[str, Words]] = {
    ENGLISH: Words(
        months=(
            "January", "February", "March", "April", "May", "June",
            "July", "August", "September", "October", "November", "December",
        ),
        day="{day} {month} {year}",
        ago="{length} ago",
        numbers=("two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"),
        units=(("a day", "days"), ("a week", "weeks"), ("a month", "months"), ("a year", "years")),
    ),
    "de": Words(
        months=(
            "Januar", "Februar", "März", "April", "Mai", "Juni",
            "Juli", "August", "September", "Oktober", "November", "Dezember",
        ),
        day="{day}. {month} {year}",
        ago="vor {length}",
        numbers=("zwei", "drei", "vier", "fünf", "sechs", "sieben", "acht", "neun", "zehn", "elf", "zwölf"),
        units=(("einem Tag", "Tagen"), ("einer Woche", "Wochen"), ("einem Monat", "Monaten"), ("einem Jahr", "Jahren")),
    ),
}  # fmt: skip
_LENGTHS: Final = (1, 7, 30.44, 365.25)
"""Days in the units."""
_LEAST: Final = (0, 14, 61, 700)
"""Days from which on a unit is used: "ten days", "five weeks", "three months", "two years"."""


def words(language: str) -> Words:
    """Give the words of a language, by its code (RFC 5646: "de", "de-AT")."""
    return _WORDS.get(language.lower().partition("-")[0], _WORDS[ENGLISH])


def day_in(language: str, day: date) -> str:
    """Write a day: "3 March 2027", "3. März 2027"."""
    spoken = words(language)
    return spoken.day.format(day=day.day, month=spoken.months[day.month - 1], year=day.year)


def month_in(language: str, day: date) -> str:
    """Name the month of a day."""
    return words(language).months[day.month - 1]


def ago_in(language: str, days: int) -> str:
    """Say how long ago something was, to the nearest unit: "five weeks ago", "vor fünf Wochen"."""
    spoken = words(language)
    unit = max(number for number, least in enumerate(_LEAST) if max(days, 0) >= least)
    count = max(round(days / _LENGTHS[unit]), 1)
    one, many = spoken.units[unit]
    named = spoken.numbers[count - 2] if 2 <= count <= len(spoken.numbers) + 1 else str(count)
    return spoken.ago.format(length=one if count == 1 else f"{named} {many}")
