"""What an answer to the digest says of the letters that wait: `approve 12`, `discard 12`, a line each, at its top.

A word counts where only the writer can have put it: above the line that begins every digest with letters to approve,
or, where that line is not in the answer, together with the code itself. So neither a robot that sends the digest back
nor a word that somebody else got into it approves anything.
"""

import re
from base64 import b32encode
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from typing import Final

MARK: Final = "followupd: answer above this line"
"""The first line of a digest that names letters to approve."""
SECRET: Final = 18
"""Octets of chance from which a code is made; it holds 140 bits of them."""
VALID: Final = timedelta(days=30)
"""How long a code can be used."""
MOST: Final = 200
"""Words of one answer that are looked at."""

_LONGEST: Final = 60_000
_CODE: Final = re.compile(r"(?<![a-z2-7-])(?:[a-z2-7]{4}-){6}[a-z2-7]{4}(?![a-z2-7-])", re.IGNORECASE)
_WORD: Final = re.compile(
    r"(approve|discard)\s+(?:letter\s+)?(?:\#?(\d{1,9}))?\s*((?:[a-z2-7]{4}-){6}[a-z2-7]{4})?\s*[.!]?", re.IGNORECASE
)
_MARK: Final = re.compile(r"[\s>|*_]+".join(map(re.escape, MARK.split())), re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Word:
    """What the user wants of a letter: `number` is 0 where only a code names it, `code` "" where only a number does."""

    approve: bool
    number: int = 0
    code: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """What stands in an answer: words that count, all codes wherever they stand, and whether words stand too low."""

    words: tuple[Word, ...]
    codes: tuple[str, ...]
    misplaced: bool = False


def code(secret: bytes) -> str:
    """Write a code for people, who may have to copy it: seven groups of four letters."""
    letters = b32encode(secret).decode().lower()[:28]
    return "-".join(letters[at : at + 4] for at in range(0, 28, 4))


def hashed(found: str) -> str:
    """Give what is kept of a code: it cannot be read from the database."""
    return sha256(found.lower().encode()).hexdigest()


def read(text: str) -> Answer:
    """Read the text of an answer, quotation and all."""
    text = text[:_LONGEST].replace("\u00a0", " ")
    mark = _MARK.search(text)
    top = text[: mark.start()].rpartition("\n")[0] if mark else text
    words = tuple(one for one in _words(top.split("\n")) if mark or one.code)
    anywhere = not words and any(True for _ in _words(text.split("\n")))
    return Answer(words, tuple(dict.fromkeys(one.lower() for one in _CODE.findall(text))), misplaced=anywhere)


def _words(lines: Iterable[str]) -> Iterable[Word]:
    for line in lines:
        found = _WORD.fullmatch(line.strip()[:120])
        if found and (found[2] or found[3]):
            yield Word(found[1].lower() == "approve", int(found[2] or 0), (found[3] or "").lower())
