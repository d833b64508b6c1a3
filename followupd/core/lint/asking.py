"""One ask, soon, for something: how many questions a letter has, where, and how much time they want."""

import re
from collections.abc import Iterator
from typing import Final

from followupd.core.lint.book import Phrasebook
from followupd.core.lint.text import bare, content, find, plain, sentences, words
from followupd.core.lint.written import Written
from followupd.core.model import Finding, LintRule

SCREEN: Final = 24
"""Lines of the first screen, 72 columns wide as letters are wrapped: a small terminal, or a window half open."""
_WIDTH: Final = 72
READ_IN_A_MINUTE: Final = 238
"""Words of English read silently in a minute (Brysbaert 2019, How many words do we read per minute?, 190 studies)."""
READ_ELSEWHERE: Final = 184
"""Words a minute in the mean of 17 languages, read aloud (Trauzettel-Klosinski and Dietz 2012, IReST)."""

_NUMBERS: Final = {
    "a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "eight": 8, "ten": 10,
    "twelve": 12, "fifteen": 15, "twenty": 20, "thirty": 30, "forty": 40, "forty five": 45, "fifty": 50, "sixty": 60,
    "ninety": 90,
    "ein": 1, "eine": 1, "einer": 1, "zwei": 2, "drei": 3, "vier": 4, "fünf": 5, "sechs": 6, "acht": 8, "zehn": 10,
    "zwölf": 12, "fünfzehn": 15, "zwanzig": 20, "dreißig": 30, "vierzig": 40, "fünfundvierzig": 45, "sechzig": 60,
    "neunzig": 90,
}  # fmt: skip
_UNITS: Final = {
    "minute": 1, "minutes": 1, "min": 1, "mins": 1, "minuten": 1, "hour": 60, "hours": 60, "stunde": 60, "stunden": 60,
    "day": 480, "days": 480, "tag": 480, "tage": 480, "tagen": 480, "afternoon": 240, "nachmittag": 240,
    "week": 2400, "weeks": 2400, "woche": 2400, "wochen": 2400,
}  # fmt: skip
_NUMBER: Final = "|".join(sorted(_NUMBERS, key=len, reverse=True))
_UNIT: Final = "|".join(sorted(_UNITS, key=len, reverse=True))
_AMOUNT: Final = re.compile(
    r"(?<= )(?:(half an hour|halbe stunde|halben stunde)|(viertelstunde|quarter of an hour)|"
    rf"({_NUMBER}|\d{{1,3}}) (?:working )?({_UNIT})) "
)
_ENGLISH: Final = frozenset({"the", "of", "to", "and", "your", "you", "is", "that", "for", "with", "have", "my", "it"})
_GERMAN: Final = frozenset({
    "der", "die", "das", "und", "ihre", "ihnen", "ist", "nicht", "für", "mit", "wir", "ich", "sie", "haben", "ihr",
})  # fmt: skip


def judge(letter: Written, book: Phrasebook) -> Iterator[Finding]:
    """Judge number and place of the questions, what is offered, time without a purpose, and the length."""
    asked = questions(letter, book)
    if len(asked) > 1:
        yield letter.finding(LintRule.MANY_ASKS, 0, asked[1][1])
    if asked and screen_line(letter.body, asked[0][0]) > SCREEN:
        yield letter.finding(LintRule.LATE_ASK, asked[0][0], asked[0][1])
    if letter.number == 1 and language(letter.body):
        if not asked and not any(find(letter.words.said, book["asks"])):
            yield letter.finding(LintRule.NO_ASK)
        if not _offers(letter, book):
            yield letter.finding(LintRule.NO_OFFER)
    yield from _unnamed(letter, book)
    count = len(bare(content(letter.body)).split())
    most = READ_IN_A_MINUTE if language(letter.body) == "en" else READ_ELSEWHERE
    if count > most:
        yield letter.finding(LintRule.TOO_LONG, 0, f"{count} words")


def questions(letter: Written, book: Phrasebook) -> list[tuple[int, str]]:
    """Give the questions of a letter and their lines; what the user typed as the one ask counts once."""
    ask = bare(letter.contact.ask)
    found, own = [], False
    for line, said in sentences(content(letter.body)):
        asks = said.rstrip("\"'”’»“)").endswith("?") or any(find(words(said).said, book["further-asks"]))
        plainly = bare(said)
        if ask and plainly and (plainly in ask or ask in plainly):
            asks, own = asks and not own, own or asks
        if asks:
            found.append((line, said))
    return found


def language(text: str) -> str:
    """Tell whether a letter is in English or German ("en", "de"), by its small words; "" where neither is clear."""
    said = words(text).said.split()
    english, german = sum(one in _ENGLISH for one in said), sum(one in _GERMAN for one in said)
    if max(english, german) < 3 or english == german:
        return ""
    return "en" if english > german else "de"


def screen_line(body: str, line: int) -> int:
    """Tell in which line of a screen a line of the text begins, once it is wrapped."""
    before = plain(body).split("\n")[: max(0, line - 1)]
    return 1 + sum(max(1, -(-len(one) // _WIDTH)) for one in before)


def _offers(letter: Written, book: Phrasebook) -> bool:
    offer = bare(letter.contact.offer)
    if offer and offer in bare(letter.body):
        return True
    return any(find(letter.words.said, book["offer"])) or any(find(letter.words.said, book["empty-offer"]))


def amount(said: str) -> "tuple[int, re.Match[str]] | None":
    """Give the most minutes of somebody's time that words name, and where; None where they name none."""
    found = [(_minutes(one), one) for one in _AMOUNT.finditer(said)]
    return max(found, key=lambda one: one[0]) if found else None


def _minutes(found: "re.Match[str]") -> int:
    if found[1] or found[2]:
        return 30 if found[1] else 15
    number = _NUMBERS.get(found[3])
    return (number if number is not None else int(found[3])) * _UNITS[found[4]]


def asked_time(body: str, book: Phrasebook) -> "tuple[int, int, str] | None":
    """Give the minutes a letter asks for, with the line and the words; None where it names no time."""
    found = []
    for line, said in sentences(content(body)):
        plainly = words(said).said
        if (wanted := amount(plainly)) and (said.endswith("?") or any(find(plainly, book["asks"]))):
            found.append((wanted[0], line, wanted[1][0].strip()))
    return max(found, default=None)


def _unnamed(letter: Written, book: Phrasebook) -> Iterator[Finding]:
    for line, said in sentences(content(letter.body)):
        plainly = words(said).said
        wanted = amount(plainly)
        if wanted is None or not (said.endswith("?") or any(find(plainly, book["asks"]))):
            continue
        named = any(one.start() >= wanted[1].start() for one in find(plainly, book["purpose"]))
        # an arrangement stands behind the question that it is for
        arranged = bare(letter.contact.arrangement)
        if not named and not (arranged and arranged in bare(said)) and any(find(plainly, book["asks"])):
            yield letter.finding(LintRule.UNNAMED_TIME, line, wanted[1][0])
