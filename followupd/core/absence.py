"""An absence says when it ends; what it says is read, and no date is given that might be too early."""

import re
import unicodedata
from dataclasses import dataclass, replace
from datetime import UTC, date, timedelta, tzinfo
from typing import Final

from followupd.core import dates
from followupd.core.instants import Instant
from followupd.core.phrases import away

LONGEST: Final = 6_000
"""Characters of a note that are read."""
MOST_SENTENCES: Final = 80
LONGEST_SENTENCE: Final = 400

_SENTENCE: Final = re.compile(r"(?<![\d\W])(?<!\b[^\W\d])[.]\s+(?=[^\W\d])|[!?;\u3002\uff01\uff1f]\s*|\n\s*\n")
_ANY_AWAY: Final = re.compile("|".join(away.AWAY.values()))
_ANY_BACK: Final = re.compile("|".join(away.BACK.values()))
_FOREIGN: Final = re.compile(
    "|".join(pattern for cues in (away.AWAY, away.BACK) for language, pattern in cues.items() if language != "en")
)
_PAIR: Final = re.compile(
    r"(?<![\d/])(\d{1,2})/(\d{1,2})(?:/\d{2,4})?\s*(?:-|–|—|to|until|through|thru|till|and)\s*(\d{1,2})/(\d{1,2})(?!\d)"
)
_SLASHED: Final = re.compile(r"(?<![\d/])(\d{1,2})/(\d{1,2})(?!\d)")
_UNTIL: Final = re.compile(away.UNTIL_ONLY)
_LAST_UNTIL: Final = re.compile(rf"(?:{away.UNTIL_ONLY}|{away.INCLUSIVE})[^.]{{0,28}}$")
_BETWEEN: Final = re.compile(rf"^[^.]{{0,14}}?(?:{away.UNTIL})[^.]{{0,16}}$")
_AFTER: Final = re.compile(away.AFTER)
_INCLUSIVE: Final = re.compile(away.INCLUSIVE)
_FROM: Final = re.compile(rf"(?:{away.FROM})[^.]{{0,6}}$")
_FROM_AFTER: Final = re.compile(r"^\s*(?:から|부터|起|开始|開始)")
_WEEK: Final = re.compile(away.THIS_WEEK)


@dataclass(frozen=True, slots=True)
class _Reading:
    day: date
    back: bool


def return_date(
    text: str, *, received: Instant, zone: tzinfo | None = None, month_first: bool | None = None
) -> date | None:
    """Give the day on which the writer says they are back, None where none is said or it is past.

    `received` is when the note came, `zone` where days begin and end for its writer (UTC where it is not known).
    `month_first` says how "03/04" is meant; where that is not known it is read as the later of the two. "Until the
    12th" is the 12th, "until the 12th inclusive" and "from the 5th to the 12th" are the 13th. Only sentences that speak
    of an absence or a return count.
    """
    today = received.astimezone(zone or UTC).date()
    month_first = _order(text[:LONGEST].lower(), month_first)
    readings: list[_Reading] = []
    for sentence in sentences(text):
        readings.extend(_read(sentence, today, month_first))
    ahead = [one.day for one in readings if one.day >= today]
    return max(ahead, default=None)


def sentences(text: str) -> list[str]:
    """Cut a text into sentences, in lower case and with single spaces; a date does not end one."""
    flat = unicodedata.normalize("NFKC", text[:LONGEST]).replace("\u0130", "i")
    cut = [" ".join(one.split()).lower()[:LONGEST_SENTENCE] for one in _SENTENCE.split(flat)]
    return [one for one in cut if one][:MOST_SENTENCES]


def _order(text: str, stated: bool | None) -> bool | None:
    """Tell how the text itself writes "03/04": by a date that can be read in one way only, or by not being English."""
    for first, second in _SLASHED.findall(text):
        if int(second) > 12 >= int(first) > 0:
            return True
        if int(first) > 12 >= int(second) > 0:
            return False
    if (pair := _PAIR.search(text)) and (told := _told_by_pair(*(int(number) for number in pair.groups()))) is not None:
        return told
    if stated is None and _FOREIGN.search(text):
        return False
    return stated


def _told_by_pair(one: int, two: int, three: int, four: int) -> bool | None:
    """Tell by the beginning and the end of an absence how its dates are meant: a short one is likelier than a long."""
    month_first = ((three - one) % 12) * 30 + four - two
    day_first = ((four - two) % 12) * 30 + three - one
    if 0 <= month_first <= 45 and not 0 <= day_first <= 45:
        return True
    return False if 0 <= day_first <= 45 and not 0 <= month_first <= 45 else None


def _read(sentence: str, today: date, month_first: bool | None) -> list[_Reading]:
    is_away = _ANY_AWAY.search(sentence)
    is_back = _ANY_BACK.search(sentence)
    if not (is_away or is_back or _UNTIL.search(sentence)):
        return []
    found = dates.named(sentence, today=today, month_first=month_first)
    found = _without_doubles(found)
    readings = []
    for number, one in enumerate(found):
        earlier = found[number - 1].end if number else 0
        later = found[number + 1].start if number + 1 < len(found) else len(sentence)
        between = sentence[earlier : one.start] if number else ""
        around = (sentence[: one.start], sentence[one.end : min(later, one.end + 28)])
        ranged = one.range_end or (bool(number) and _joins(between))
        reading = _reading(one, around, ranged=ranged, is_away=is_away is not None)
        if reading is not None:
            readings.append(reading)
    if is_away and not readings and _WEEK.search(sentence):
        readings.append(_Reading(today + timedelta(days=7 - today.weekday()), back=False))
    return readings


def _joins(between: str) -> bool:
    """Tell whether the words between two days make them the beginning and the end of an absence."""
    if len(between) > 35 or not _BETWEEN.match(between):
        return False
    return not (_ANY_BACK.search(between) or _FROM.search(between[-18:]))


def _reading(one: dates.Named, around: tuple[str, str], *, ranged: bool, is_away: bool) -> _Reading | None:
    """Tell what a day means by the words before and after it; None where it is no end of an absence."""
    day = one.day
    before, after = around
    if _AFTER.search(before[-16:]):
        return _Reading(day + timedelta(days=1), back=True)
    until = _LAST_UNTIL.search(before[-44:])
    back_before = _last(_ANY_BACK, before)
    inclusive = bool(_INCLUSIVE.search(before[-26:]) or _INCLUSIVE.search(after[:20]))
    next_day = day + timedelta(days=1)
    if ranged and not (back_before >= 0 and len(before) - back_before < 30 and not is_away):
        return _Reading(next_day, back=False)
    if until and back_before < max(0, len(before) - 44) + until.start():
        return _Reading(next_day if inclusive else day, back=False)
    starts = bool(_FROM.search(before[-26:]) or _FROM_AFTER.match(after))
    if back_before >= 0 and not (starts and _last(_ANY_AWAY, before) > back_before):
        return _Reading(day, back=True)
    return _by_what_follows(one, around, starts=starts, inclusive=inclusive, is_away=is_away)


def _by_what_follows(
    one: dates.Named, around: tuple[str, str], *, starts: bool, inclusive: bool, is_away: bool
) -> _Reading | None:
    """Tell what a day means where the telling words stand behind it, or none does."""
    before, after = around
    next_day = one.day + timedelta(days=1)
    if _UNTIL.search(after[:18]):
        return _Reading(next_day if inclusive else one.day, back=False)
    if _ANY_BACK.search(after[:14] if starts and _ANY_AWAY.search(before) else after):
        return _Reading(one.day, back=True)
    if starts or not is_away:
        return None
    return _Reading(one.day if one.counted else next_day, back=False)


def _last(pattern: "re.Pattern[str]", text: str) -> int:
    found = -1
    for match in pattern.finditer(text):
        found = match.start()
    return found


def _without_doubles(found: tuple[dates.Named, ...]) -> tuple[dates.Named, ...]:
    """Drop a weekday that stands beside the date it belongs to ("Monday, 12 October")."""
    kept: list[dates.Named] = []
    for one in found:
        if (
            kept
            and one.start - kept[-1].end <= 6
            and kept[-1].end - kept[-1].start <= 14
            and _weekday_of(kept[-1], one)
        ):
            kept[-1] = replace(one, start=kept[-1].start)
        elif kept and one.start - kept[-1].end <= 4 and _weekday_of(one, kept[-1]):
            kept[-1] = replace(kept[-1], end=one.end)
        else:
            kept.append(one)
    return tuple(kept)


def _weekday_of(one: dates.Named, other: dates.Named) -> bool:
    """Tell whether the first may be the weekday of the second: same day of the week, and within a week from now."""
    return one.weekday and one.day.weekday() == other.day.weekday()
