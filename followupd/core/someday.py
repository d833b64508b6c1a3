"""A day as one says it to a friend ("after Easter", "next March", "Q3", "in the autumn") becomes a date, with the rule.

Only what has one sensible meaning is read; it is the user's own word, so a day that is not clear is asked for again.
English and German. Seasons are the meteorological ones, which begin on the first of a month.
"""

import calendar
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, TypeAlias

SOUTHERN: Final = frozenset({
    "AR", "AU", "BO", "BR", "BW", "CL", "FJ", "FK", "LS", "MG", "MU", "MW", "MZ", "NA", "NZ", "PE", "PY", "RE", "SZ",
    "UY", "ZA", "ZM", "ZW",
})  # fmt: skip
"""Countries (ISO 3166-1) whose seasons are the southern ones: all or most of their people live south of the equator."""

_EXAMPLES: Final = 'write it like 2027-03-01, "in 3 months", "next March", "Q3", "in the autumn" or "after Easter"'
_MONTHS: Final = {
    "january": 1, "jan": 1, "januar": 1, "february": 2, "feb": 2, "februar": 2, "march": 3, "mar": 3, "märz": 3,
    "april": 4, "apr": 4, "may": 5, "mai": 5, "june": 6, "jun": 6, "juni": 6, "july": 7, "jul": 7, "juli": 7,
    "august": 8, "aug": 8, "september": 9, "sep": 9, "sept": 9, "october": 10, "oct": 10, "oktober": 10, "okt": 10,
    "november": 11, "nov": 11, "december": 12, "dec": 12, "dezember": 12, "dez": 12,
}  # fmt: skip
_WEEKDAYS: Final = {
    "monday": 0, "montag": 0, "tuesday": 1, "dienstag": 1, "wednesday": 2, "mittwoch": 2, "thursday": 3,
    "donnerstag": 3, "friday": 4, "freitag": 4, "saturday": 5, "samstag": 5, "sunday": 6, "sonntag": 6,
}  # fmt: skip
_SEASONS: Final = {
    "spring": 3, "frühling": 3, "frühjahr": 3, "summer": 6, "sommer": 6,
    "autumn": 9, "fall": 9, "herbst": 9, "winter": 12,
}  # fmt: skip
_UNITS: Final = {
    "day": "day", "days": "day", "tag": "day", "tage": "day", "tagen": "day",
    "week": "week", "weeks": "week", "woche": "week", "wochen": "week",
    "month": "month", "months": "month", "monat": "month", "monate": "month", "monaten": "month",
    "year": "year", "years": "year", "jahr": "year", "jahre": "year", "jahren": "year",
}  # fmt: skip
_NUMBERS: Final = {
    "a": 1, "an": 1, "one": 1, "einem": 1, "einer": 1, "two": 2, "zwei": 2, "three": 3, "drei": 3, "four": 4, "vier": 4,
    "five": 5, "fünf": 5, "six": 6, "sechs": 6, "nine": 9, "neun": 9, "twelve": 12, "zwölf": 12,
}  # fmt: skip
_QUARTERS: Final = {"first": 1, "second": 2, "third": 3, "fourth": 4, "1st": 1, "2nd": 2, "3rd": 3, "4th": 4}
_PARTS: Final = {
    "early": 1, "beginning of": 1, "start of": 1, "anfang": 1, "mid": 15, "middle of": 15, "mitte": 15,
    "late": 20, "end of": 31, "ende": 31,
}  # fmt: skip
_NEXT: Final = r"(?:next |coming |nächste[nrs]? |kommende[nrs]? )?"


def _any(words: dict[str, int] | dict[str, str]) -> str:
    return "|".join(sorted(map(re.escape, words), key=len, reverse=True))


@dataclass(frozen=True, slots=True)
class Someday:
    """A day, and the rule by which it was read: a sentence that can be shown."""

    day: date
    rule: str


def someday(text: str, today: date, *, southern: bool = False) -> Someday:
    """Read a day that lies after `today`, or is it; with `southern` seasons are those of the southern hemisphere.

    Raises ValueError, with a plain sentence, for what has no clear meaning or has passed.
    """
    said = " ".join(text.lower().split())
    said = re.sub(r"^(?:(?:in|on|at|from|until|till|by|am|im|ab|bis|zum) )+(?:the |der |den )?", "", said[:80])
    said = re.sub(r"^(?:the|der|die|das) ", "", said)
    for pattern, rule in _RULES:
        if found := pattern.fullmatch(said):
            try:
                read = rule(found, today, southern)
            except (ValueError, OverflowError):
                raise ValueError(f"{text[:60]!r} is a day that there is not; {_EXAMPLES}") from None
            if read.day < today:
                raise ValueError(f"{text[:60]!r} has passed: it was {read.day.isoformat()}")
            return read
    raise ValueError(f"{text[:60]!r} is no date; {_EXAMPLES}")


def easter(year: int) -> date:
    """Give Easter Sunday of the western churches (the anonymous Gregorian algorithm, as Meeus gives it)."""
    a, (b, c) = year % 19, divmod(year, 100)
    h = (19 * a + b - b // 4 - (b - (b + 8) // 25 + 1) // 3 + 15) % 30
    weekday = (32 + 2 * (b % 4) + 2 * (c // 4) - h - c % 4) % 7
    m = (a + 11 * h + 22 * weekday) // 451
    month, day = divmod(h + weekday - 7 * m + 114, 31)
    return date(year, month, day + 1)


_Rule: TypeAlias = Callable[["re.Match[str]", date, bool], Someday]


def _iso(found: "re.Match[str]", today: date, southern: bool) -> Someday:  # noqa: ARG001
    return Someday(date.fromisoformat(found[0]), "that very day")


def _near(found: "re.Match[str]", today: date, southern: bool) -> Someday:  # noqa: ARG001
    return Someday(today + timedelta(days=found[0] in {"tomorrow", "morgen"}), "that very day")


def _counted(found: "re.Match[str]", today: date, southern: bool) -> Someday:  # noqa: ARG001
    number = int(found["n"]) if found["n"].isdigit() else _NUMBERS[found["n"]]
    unit = _UNITS[found["unit"]]
    if unit in {"day", "week"}:
        return Someday(today + timedelta(days=number * (7 if unit == "week" else 1)), f"{number} {unit}s from today")
    months = today.month - 1 + number * (12 if unit == "year" else 1)
    year, month = today.year + months // 12, months % 12 + 1
    day = min(today.day, calendar.monthrange(year, month)[1])
    return Someday(date(year, month, day), f"{number} {unit}s from today")


def _weekday(found: "re.Match[str]", today: date, southern: bool) -> Someday:  # noqa: ARG001
    days = (_WEEKDAYS[found["weekday"]] - today.weekday() - 1) % 7 + 1
    return Someday(today + timedelta(days=days), "the coming day of that name")


def _next(found: "re.Match[str]", today: date, southern: bool) -> Someday:  # noqa: ARG001
    match _UNITS[found["unit"]]:
        case "week":
            return Someday(today + timedelta(days=7 - today.weekday()), "the Monday of next week")
        case "month":
            return Someday(_first(today.year, today.month + 1), "the first day of next month")
        case _:
            return Someday(date(today.year + 1, 1, 2), "the first days of next year")


def _month(found: "re.Match[str]", today: date, southern: bool) -> Someday:  # noqa: ARG001
    month, part = _MONTHS[found["month"]], _PARTS[(found["part"] or "early").replace("-", " ").strip()]
    year = int(found["year"]) if found["year"] else today.year + (month <= today.month)
    day = min(part, calendar.monthrange(year, month)[1])
    if not found["year"] and month == today.month and found["part"] and day > today.day:
        year = today.year
    return Someday(date(year, month, day), f"{found['part'] or 'the first of'} the coming month of that name".strip())


def _day(found: "re.Match[str]", today: date, southern: bool) -> Someday:  # noqa: ARG001
    month, day = _MONTHS[found["month"]], int(found["day"])
    if found["year"]:
        return Someday(date(int(found["year"]), month, day), "that very day")
    passed = (month, day) < (today.month, today.day)
    return Someday(date(today.year + passed, month, day), "the coming day of that date")


def _season(found: "re.Match[str]", today: date, southern: bool) -> Someday:
    month = _SEASONS[found["season"]]
    if southern:
        month = (month + 5) % 12 + 1
    where = "in the southern half of the world" if southern else "in the northern half of the world"
    if found["after"]:
        begun = _coming(today, (month + 2) % 12 + 1, found["year"])
        return Someday(begun, f"the day after {found['season']} ends {where}")
    return Someday(_coming(today, month, found["year"]), f"the first day of {found['season']} {where}")


def _quarter(found: "re.Match[str]", today: date, southern: bool) -> Someday:  # noqa: ARG001
    number = int(found["q"]) if found["q"] else _QUARTERS[found["word"]]
    month = 3 * number - 2 + (3 if found["after"] else 0)
    return Someday(_coming(today, (month - 1) % 12 + 1, found["year"]), "the first day of that quarter")


def _easter(found: "re.Match[str]", today: date, southern: bool) -> Someday:  # noqa: ARG001
    year = int(found["year"]) if found["year"] else today.year
    day = easter(year) + timedelta(days=2)
    if day <= today and not found["year"]:
        day = easter(year + 1) + timedelta(days=2)
    return Someday(day, "the Tuesday after Easter")


def _new_year(found: "re.Match[str]", today: date, southern: bool) -> Someday:  # noqa: ARG001
    if found["christmas"]:
        return Someday(_after(today, 12, 27), "the day after Boxing Day")
    return Someday(_after(today, 1, 7), "the day after Epiphany, when people are back at work")


def _after(today: date, month: int, day: int) -> date:
    return date(today.year + ((month, day) <= (today.month, today.day)), month, day)


def _coming(today: date, month: int, year: str | None) -> date:
    """Give the first of a month: of the year that was said, else the next one after today."""
    return date(int(year), month, 1) if year else _after(today, month, 1)


def _first(year: int, month: int) -> date:
    return date(year + (month - 1) // 12, (month - 1) % 12 + 1, 1)


_YEAR: Final = r"(?:,? (?P<year>20\d\d))?"
_AFTER: Final = r"(?P<after>(?:after|nach) (?:the |dem |der )?)?"
_SINCE: Final = "(?:after |nach )"
_RULES: Final[tuple[tuple["re.Pattern[str]", _Rule], ...]] = tuple(
    (re.compile(pattern), rule)
    for pattern, rule in (
        (r"\d{4}-\d\d-\d\d", _iso),
        (r"today|tomorrow|heute|morgen", _near),
        (rf"(?P<n>\d{{1,3}}|{_any(_NUMBERS)}) (?P<unit>{_any(_UNITS)})", _counted),
        (rf"{_NEXT}(?P<weekday>{_any(_WEEKDAYS)})", _weekday),
        (rf"(?:next|coming|nächste[nrs]?|kommende[nrs]?) (?P<unit>{_any(_UNITS)})", _next),
        (rf"(?:(?P<part>{_any(_PARTS)})[ -])?{_NEXT}(?P<month>{_any(_MONTHS)})\.?{_YEAR}", _month),
        (rf"(?P<day>\d{{1,2}})(?:\.|st|nd|rd|th)? (?:of )?(?P<month>{_any(_MONTHS)})\.?{_YEAR}", _day),
        (rf"(?P<month>{_any(_MONTHS)})\.? (?:the )?(?P<day>\d{{1,2}})(?:st|nd|rd|th)?{_YEAR}", _day),
        (rf"{_AFTER}{_NEXT}(?P<season>{_any(_SEASONS)}){_YEAR}", _season),
        (rf"{_AFTER}(?:q(?P<q>[1-4])|(?P<word>{_any(_QUARTERS)}) quarter){_YEAR}", _quarter),
        (rf"(?:after|nach|once) (?:easter|ostern){_YEAR}", _easter),
        (
            rf"{_SINCE}?(?:the |dem )?(?:new year|neuen? jahr)|{_SINCE}(?P<christmas>christmas|weihnachten)",
            _new_year,
        ),
    )
)  # fmt: skip
