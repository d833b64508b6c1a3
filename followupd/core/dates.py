"""The days that a sentence names: numbers, names of months, weekdays, "in two weeks", in many languages."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from followupd.core.phrases import days

FURTHEST: Final = timedelta(days=550)
"""How far ahead a day may lie that somebody means."""
RECENT: Final = timedelta(days=100)
"""A day without a year that lies at most so far back is past; one further back is meant for the coming year."""


@dataclass(frozen=True, slots=True)
class Named:
    """A day, and where in the sentence it is named. `range_end`: the words name the beginning too ("5-12 January");
    `counted`: they count from today ("for two weeks"); `weekday`: they name a day of the week."""

    day: date
    start: int
    end: int
    range_end: bool = False
    counted: bool = False
    weekday: bool = False


def _alternatives(words: dict[str, int]) -> str:
    return "|".join(sorted((re.escape(word) for word in words), key=len, reverse=True))


_MONTH: Final = rf"(?P<month>{_alternatives(days.MONTHS)})(?![^\W\d_])\.?"
_YEAR: Final = r"(?:,?\s*(?:de |del |of )?(?P<year>20\d\d)(?!\d)(?:\s?r\.)?)?"
_DAY: Final = r"(?<![\d.:/])(?P<day>[0-3]?\d)"
_TO: Final = (
    r"(?:-|–|—|to|and|and the|bis(?: zum)?|und|au|et|al|y|a|e|tot(?: en met)?|t/m|do|till|til|hasta(?: el)?|fino al|"
    r"até(?: o)?|a[lo]|по|до)"
)
_FIRST: Final = rf"(?:(?P<first>(?<![\d.:/])[0-3]?\d)(?:st|nd|rd|th|er|[.]|º|-?го)?\s*{_TO}\s*(?:the |den |el )?)?"
_ORDINAL: Final = r"(?:\.|st|nd|rd|th|er|re|º|ª|°|:e|:a|-?го|-е|\.º)?"
_CJK_FIRST: Final = r"(?:(?P<first>[0-3]?\d)\s*[日号號일]?\s*(?:から|부터|~|〜|～|至|到|-|–|—)\s*(?!\d{1,2}\s*[月월]))?"
_PATTERNS: Final = tuple(
    re.compile(pattern)
    for pattern in (
        r"(?<![\d.])(?P<year>20\d\d)(?P<by>[-/]|\. ?)(?P<num>[01]?\d)(?P=by)(?P<day>[0-3]?\d)(?!\d)",
        r"(?<!\d)(?P<year>20\d\d)\s?[年년]\s*(?P<num>[01]?\d)\s*[月월]\s*(?P<day>[0-3]?\d)(?!\d)\s?[日号號일]?",
        rf"(?<!\d)(?P<num>[01]?\d)\s*[月월]\s*{_CJK_FIRST}(?P<day>[0-3]?\d)\s*[日号號일]",
        rf"{_FIRST}{_DAY}{_ORDINAL}\s*(?:of |de |d['’]|den |the )?{_MONTH}{_YEAR}",
        (
            rf"(?<![^\W\d_]){_MONTH}\s*(?:the )?(?:(?P<first>[0-3]?\d)(?:st|nd|rd|th)?\s*(?:-|–|—|to|through|thru)\s*)?"
            rf"(?P<day>[0-3]?\d)(?:st|nd|rd|th)?(?![\d:.]\d|\d){_YEAR}"
        ),
        (
            r"(?<![\d.:/+])(?:(?P<first>[0-3]?\d)\.?\s*(?:-|–|—|bis)\s*)?(?P<day>[0-3]?\d)(?P<sep>[./])\s?(?P<num>[0-3]?\d)"
            r"(?:(?P=sep)\s?(?P<year>20\d\d|\d\d)(?![\d:])|\.(?!\d)|(?![\d:.%]))"
        ),
        r"(?<![\d.:/+-])(?P<day>[0-3]?\d)-(?P<num>[0-3]?\d)-(?P<year>20\d\d|\d\d)(?!\d)",
    )
)
_OF_MONTH: Final = re.compile(
    r"\bthe (?P<day>[0-3]?\d)(?:st|nd|rd|th)\b|(?<![\d月월])(?P<cjk>[0-3]?\d)\s?[日號号일](?![間间])"
)
_MONTH_ALONE: Final = re.compile(
    rf"(?P<prep>(?<![^\W\d_])(?:{days.IN_A_MONTH})\s+)?(?:(?P<endof>{days.END_OF})|(?P<midof>{days.MIDDLE_OF}))?\s*(?<![^\W\d_]){_MONTH}{_YEAR}"
)
_WEEKDAY: Final = re.compile(rf"(?<![^\W\d_])(?P<weekday>{_alternatives(days.WEEKDAYS)})(?![^\W\d_]|['’]?[a-z])")
_WEEKDAY_CJK: Final = re.compile(
    "(?P<weekday>" + "|".join(word for word in days.WEEKDAYS if not word.isascii() and ord(word[0]) > 0x2E80) + ")"
)
_RELATIVE: Final = re.compile(
    rf"(?P<tomorrow>(?<![^\W\d_])(?:{days.TOMORROW})(?![^\W\d_]))|"
    rf"(?P<today>(?<![^\W\d_])(?:{days.TODAY})(?![^\W\d_]))|(?P<nextweek>{days.NEXT_WEEK})"
)
_COUNT: Final = re.compile(
    rf"(?<![^\W\d_.,-])(?P<number>\d{{1,2}}|{_alternatives(days.NUMBERS)})[ -]?"
    rf"(?P<unit>{'|'.join(words for words, _ in days.UNITS)})(?![^\W\d_])"
)


def named(sentence: str, *, today: date, month_first: bool | None = None) -> tuple[Named, ...]:
    """Give the days that a sentence (in lower case) names, in the order in which they stand; past ones are left out.

    A day without a year is the next such day after `today`, unless it has just passed. "03/04" is read with the month
    first if `month_first`; where that is not known (None), as the later of the two.
    """
    found: list[Named] = []
    taken: list[tuple[int, int]] = []
    for number, pattern in enumerate(_PATTERNS):
        for match in pattern.finditer(sentence):
            if not any(match.start() < end and start < match.end() for start, end in taken):
                taken.append(match.span())
                day = _day(match, today, month_first if number >= 5 else False)
                if day is not None:
                    ranged = bool(match.groupdict().get("first"))
                    found.append(Named(day, match.start(), match.end(), ranged))
    for one in _vague(sentence, today):
        if not any(one.start < end and start < one.end for start, end in taken):
            taken.append((one.start, one.end))
            found.append(one)
    return tuple(sorted((one for one in found if one.day >= today), key=lambda one: one.start))


def _day(match: "re.Match[str]", today: date, month_first: bool | None) -> date | None:
    parts = match.groupdict()
    year = int(parts["year"]) if parts.get("year") else 0
    year += 2000 if 0 < year < 100 else 0
    if parts.get("month"):
        return _dated(year, days.MONTHS[parts["month"]], int(parts["day"]), today)
    day, month = int(parts["day"]), int(parts["num"])
    if parts.get("sep") != "/" or month_first is False:
        return _dated(year, month, day, today)
    readings = [_dated(year, month, day, today)] if month_first is None else []
    readings.append(_dated(year, day, month, today))
    possible = [one for one in readings if one is not None]
    return max(possible) if possible else _dated(year, month, day, today)


def _dated(year: int, month: int, day: int, today: date) -> date | None:
    """Give the date, with its year inferred where it is 0; None where it is none, or past, or too far ahead."""
    for guess in (year,) if year else (today.year - 1, today.year, today.year + 1):
        try:
            one = date(guess, month, day)
        except ValueError:
            continue
        if year or one >= today - RECENT:
            return one if today <= one <= today + FURTHEST else None
    return None


def _vague(sentence: str, today: date) -> Iterator[Named]:
    """Give the days named without a date: weekdays, "tomorrow", "in two weeks", "the 13th", a month by itself."""
    for pattern in (_WEEKDAY, _WEEKDAY_CJK):
        for match in pattern.finditer(sentence):
            ahead = (days.WEEKDAYS[match["weekday"]] - today.weekday() - 1) % 7 + 1
            yield Named(today + timedelta(days=ahead), match.start(), match.end(), weekday=True)
    for match in _RELATIVE.finditer(sentence):
        ahead = 1 if match["tomorrow"] else 7 - today.weekday() if match["nextweek"] else 0
        yield Named(today + timedelta(days=ahead), match.start(), match.end())
    for match in _COUNT.finditer(sentence):
        number = int(match["number"]) if match["number"].isdigit() else days.NUMBERS[match["number"]]
        length = next(length for words, length in days.UNITS if re.fullmatch(words, match["unit"]))
        yield Named(today + timedelta(days=number * length), match.start(), match.end(), counted=True)
    yield from _by_the_month(sentence, today)


def _by_the_month(sentence: str, today: date) -> Iterator[Named]:
    for match in _OF_MONTH.finditer(sentence):
        if (day := _next_day_of_month(int(match["day"] or match["cjk"]), today)) is not None:
            yield Named(day, match.start(), match.end())
    for match in _MONTH_ALONE.finditer(sentence):
        if (day := _of_month(match, today)) is not None:
            yield Named(day, match.start("month"), match.end())


def _next_day_of_month(number: int, today: date) -> date | None:
    """Give the next day of this number ("the 13th"): this month's, or the next month's."""
    for month in (today.month, today.month + 1):
        try:
            day = date(today.year + month // 13, (month - 1) % 12 + 1, number)
        except ValueError:
            continue
        if day >= today:
            return day
    return None


def _of_month(match: "re.Match[str]", today: date) -> date | None:
    """Read a month by itself: its first day, its middle, or the day after its end. Abbreviations do not count."""
    if not (match["prep"] or match["endof"] or match["midof"] or match["year"] or len(match["month"]) > 5):
        return None
    month = days.MONTHS[match["month"]]
    year = int(match["year"]) if match["year"] else today.year + (month < today.month)
    if match["endof"]:
        return date(year + month // 12, month % 12 + 1, 1)
    day = date(year, month, 15 if match["midof"] else 1)
    return day if day >= today else None
