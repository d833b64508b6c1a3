"""A letter as rules read it: lines, sentences and plain words, each with its place; never more than a bounded piece.

Everything here is linear in the text, and the text is clipped: a hostile one costs no more than a long one.
"""

import re
import unicodedata
from bisect import bisect_right
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

LONGEST: Final = 20_000
"""Characters of a letter that are looked at."""
_LONGEST_WORD: Final = 60
_WORD: Final = re.compile(r"[^\W_]+(?:'[^\W_]+)*|[.!?\u2026]+(?=\s|[\"')\]\u00bb]|$)|\n[ \t]*\n", re.MULTILINE)
_QUOTES: Final = str.maketrans({"’": "'", "‘": "'", "`": "'", "´": "'", "\u00ad": None, "\u200b": None})
_BREAK: Final = "|"
_GAP: Final = r"(?:[^ |]+ ){0,3}"
_SENTENCE_END: Final = re.compile(r"(?<=[.!?\u2026])[\"'”’»)]*\s+|\n\s*\n")
_SIGNATURE: Final = re.compile(
    r"\n(?:-- |(?:(?:with|many|kind|best|warm|all|yours|sincerely|thank|thanks|regards|mit|viele|herzliche|beste|"
    r"freundliche|liebe|schöne|gruß|grüße)\b[^\n.!?]{0,40},?)\n[^\n]{1,60})\s*\Z",
    re.IGNORECASE,
)
_GREETING: Final = re.compile(r"\A\s*([^\n]{1,120}?)[,!:.]?[ \t]*(?:\n|\Z)")


@dataclass(frozen=True, slots=True)
class Words:
    """The words of a text in small letters, between blanks, sentences apart by "|"; and the line each stands in."""

    said: str
    starts: tuple[int, ...]
    lines: tuple[int, ...]

    def line(self, at: int) -> int:
        """Give the line, from 1, of the word at an index of `said`."""
        return self.lines[max(0, bisect_right(self.starts, at) - 1)] if self.lines else 0


def plain(text: str) -> str:
    """Clip a text, and make typographic variants of a character the same."""
    return unicodedata.normalize("NFKC", text[:LONGEST]).translate(_QUOTES)


@lru_cache(maxsize=32)
def words(text: str) -> Words:
    """Take a text apart into words."""
    said, starts, lines, at, line, seen = [" "], [], [], 1, 1, 0
    clipped = plain(text)
    for found in _WORD.finditer(clipped):
        line += clipped.count("\n", seen, found.start())
        seen = found.start()
        token = found[0].casefold()[:_LONGEST_WORD] if found[0][0].isalnum() else _BREAK
        starts.append(at)
        lines.append(line)
        said.append(f"{token} ")
        at += len(token) + 1
    return Words("".join(said), tuple(starts), tuple(lines))


def bare(text: str) -> str:
    """Give the words of a text alone, to compare with another."""
    return " ".join(word for word in words(text).said.split() if word != _BREAK)


@lru_cache(maxsize=64)
def pattern(phrases: tuple[str, ...]) -> "re.Pattern[str] | None":
    """Make one pattern of phrases; "*" stands for up to three words, "a/b" for either word. None where there is none.

    It has no nested repetition: the work grows with the text, and not faster.
    """
    found = sorted({_phrase(one) for one in phrases} - {""}, key=lambda one: (-len(one), one))
    return re.compile(f"(?<= )(?:{'|'.join(found)})") if found else None


def find(said: str, phrases: tuple[str, ...]) -> "Iterable[re.Match[str]]":
    """Give where phrases stand among the words of a text."""
    compiled = pattern(phrases)
    return compiled.finditer(said) if compiled is not None else ()


def _phrase(phrase: str) -> str:
    parts = []
    for word in phrase.split():
        if word == "*":
            parts.append(_GAP)
        else:
            either = [
                " ".join(token for token in words(one).said.split() if token != _BREAK) for one in word.split("/")
            ]
            parts.append(f"(?:{'|'.join(re.escape(one) for one in either if one)}) ")
    return "".join(parts) if any(part != _GAP for part in parts) else ""


def greeting(body: str) -> str:
    """Give the first line of a letter, without the comma it ends in."""
    found = _GREETING.match(body[:LONGEST])
    return found[1].strip() if found else ""


def without_signature(body: str) -> str:
    """Give a letter without the lines that end it: "Kind regards", and a name."""
    text = body[:LONGEST].rstrip()
    found = _SIGNATURE.search(text[-200:])
    return text[: len(text[:-200]) + found.start()] if found else text


def content(body: str) -> str:
    """Give what a letter says between greeting and signature; the greeting's line stays, empty."""
    text = without_signature(body)
    lead, line, rest = text.partition("\n")
    return f"{line}{rest}" if line and len(lead.split()) <= 8 else text


def sentences(text: str) -> list[tuple[int, str]]:
    """Give the sentences of a text, each with the line it begins in."""
    found, at, line = [], 0, 1
    clipped = plain(text)
    ends = [(end.start(), end.end()) for end in _SENTENCE_END.finditer(clipped)]
    for start, end in [*ends, (len(clipped), len(clipped))]:
        said = clipped[at:start]
        if said.strip():
            blank = len(said) - len(said.lstrip())
            found.append((line + said.count("\n", 0, blank), said.strip()))
        line += clipped.count("\n", at, end)
        at = end
    return found
