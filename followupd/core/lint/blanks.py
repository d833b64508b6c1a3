"""Blanks that were left in, greetings that name somebody else or nobody, addresses that hide where they lead."""

import re
import unicodedata
from collections.abc import Iterator
from typing import Final
from urllib.parse import parse_qsl, urlsplit

from followupd.core.lint.book import Phrasebook
from followupd.core.lint.text import bare, find, greeting, plain
from followupd.core.lint.written import Written
from followupd.core.model import Finding, LintRule

_SYNTAX: Final = re.compile(
    r"\{\{|\}\}|\{%|%\}|\{[A-Za-z_][\w ]{0,30}\}|%[A-Z][A-Z_]{2,30}%|\*\|[A-Z_:]{2,30}\|\*|_{4,}"
)
_BRACKETED: Final = re.compile(r"\[([^\[\]\n]{1,40})\]|<([^<>\n@/]{1,40})>")
_CROSSES: Final = re.compile(r"(?<![\w-])(?:X{3,6}|x{3,6}|TBD|TODO|TBC)(?![\w-])|(?i:\blorem ipsum\b)")
_NOTHING: Final = re.compile(r"(?:none|null|undefined|nan|n/a)\b", re.IGNORECASE)
_SHOUTED: Final = re.compile(r"[A-Z][A-Z_]{2,}(?: [A-Z_]+){1,4}")
_URL: Final = re.compile(r"(?:https?://|(?<![\w@.-]))((?:[a-z0-9-]{1,63}\.){1,5}[a-z]{2,18})(/[^\s<>\"')\]]{0,500}|\?[^\s<>\"')\]]{1,500})?",
                         re.IGNORECASE)  # fmt: skip
_PIXEL: Final = re.compile(r"<img\b|<iframe\b|cid:|\bread receipt\b|\blesebestätigung\b", re.IGNORECASE)


def judge(letter: Written, book: Phrasebook) -> Iterator[Finding]:
    """Find blanks, a wrong greeting, and hidden or telling addresses."""
    yield from _blanks(letter, book)
    yield from _greeted(letter, book)
    yield from _addresses(letter, book)


def _blanks(letter: Written, book: Phrasebook) -> Iterator[Finding]:
    known = frozenset(book["placeholder"])
    for number, line in enumerate((letter.subject, *plain(letter.body).split("\n"))):
        found = _SYNTAX.search(line) or _CROSSES.search(line)
        said = found[0] if found else next(
            (one[0] for one in _BRACKETED.finditer(line) if _is_blank(one[1] or one[2], known)), ""
        )  # fmt: skip
        if said:
            yield letter.finding(LintRule.PLACEHOLDER, number, said)


def _is_blank(said: str, known: frozenset[str]) -> bool:
    name = " ".join(said.replace("_", " ").replace("-", " ").split()).casefold()
    article = name.removeprefix("your ").removeprefix("their ").removeprefix("the ").removeprefix("ihr ")
    return name in known or article in known or name.startswith("insert ") or bool(_SHOUTED.fullmatch(said.strip()))


def _greeted(letter: Written, book: Phrasebook) -> Iterator[Finding]:
    """Judge whom the first line greets; a letter without a greeting that is known is left alone."""
    line = greeting(plain(letter.body))
    said = f" {bare(line)} "
    if said.strip() in book["nobody"]:
        yield letter.finding(LintRule.NO_NAME, 1, line)
        return
    found = next((one for one in find(said, book["greetings"]) if one.start() == 1), None)
    if found is None or len(said.split()) > 8 or LintRule.PLACEHOLDER in {one.rule for one in _blanks(letter, book)}:
        return
    name = said[found.end() :].strip()
    if _NOTHING.match(name):
        yield letter.finding(LintRule.PLACEHOLDER, 1, line)
    elif not name or name in book["nobody"]:
        yield letter.finding(LintRule.NO_NAME, 1, line)
    elif letter.contact.name and not _names(name, letter.contact.name, book):
        yield letter.finding(LintRule.WRONG_NAME, 1, line)


def _names(greeted: str, name: str, book: Phrasebook) -> bool:
    """Tell whether a greeting names this person: by one of their names, a short form of it, or titles alone."""
    theirs = set(_folded(bare(name)).split())
    said = [one for one in _folded(greeted).split() if one not in {_folded(title) for title in book["titles"]}]
    return not said or any(_same(one, other, book) for one in said for other in theirs if len(other) > 1)


def _same(one: str, other: str, book: Phrasebook) -> bool:
    short, long = sorted((one, other), key=len)
    if len(short) > 2 and long.startswith(short):
        return True
    return short == long or any({one, other} <= set(group.split()) for group in book["nicknames"])


def _folded(text: str) -> str:
    """Write names without accents, and umlauts both ways the same."""
    spelt = (
        text.casefold().replace("ä", "ae").replace("ö", "oe").replace("ü", "ue").replace("ø", "oe").replace("å", "aa")
    )
    return "".join(one for one in unicodedata.normalize("NFKD", spelt) if not unicodedata.combining(one))


def _addresses(letter: Written, book: Phrasebook) -> Iterator[Finding]:
    for number, line in enumerate(plain(letter.body).split("\n"), 1):
        if found := _PIXEL.search(line):
            yield letter.finding(LintRule.TRACKING, number, found[0])
        for address in _URL.finditer(line):
            host = address[1].casefold().removeprefix("www.")
            if host in book["short-link"]:
                yield letter.finding(LintRule.SHORT_LINK, number, address[0])
            elif _tells(host, address[2] or "", book) and (address[2] or "://" in address[0]):
                yield letter.finding(LintRule.TRACKING, number, address[0])


def _tells(host: str, rest: str, book: Phrasebook) -> bool:
    """Tell whether an address counts its readers: by its host, or by a parameter known for that."""
    for known in book["tracking"]:
        if host.startswith(known) if known.endswith(".") else host == known or host.endswith("." + known):
            return True
    try:
        names = [name.casefold() for name, _ in parse_qsl(urlsplit(f"//x{rest}").query, max_num_fields=100)]
    except ValueError:
        return False
    given = book["tracking-parameters"]
    return any(name == one or (one.endswith("_") and name.startswith(one)) for name in names for one in given)
