"""Rules that are lists of phrases: a vague ask, praise for anybody, an empty offer, pressure, what is not true."""

import re
from collections.abc import Iterator
from typing import Final

from followupd.core.lint.book import BY_RULE, Phrasebook
from followupd.core.lint.text import Words, find, words
from followupd.core.lint.written import Written
from followupd.core.model import Finding, LintRule

_REPLY: Final = re.compile(r"\s*(?:re|aw|antw|fw|fwd|wg|sv|tr)\s*(?:\[\d+\])?\s*[:\uff1a]", re.IGNORECASE)
_DETAIL: Final = re.compile(r"(?:on|about|since|because|when|in which|über|seit|weil|zum|zur) (?:[^ |]+ ){3}")


def judge(letter: Written, book: Phrasebook) -> Iterator[Finding]:
    """Find phrases, and a subject that pretends to go on with a conversation."""
    for rule in BY_RULE:
        if rule is LintRule.FALSE_REPLY and letter.met:
            continue
        for line, said in phrases(letter.words, rule, book):
            yield letter.finding(rule, line, said)
    if not letter.earlier and (found := _REPLY.match(letter.subject)):
        yield letter.finding(LintRule.FALSE_REPLY, 0, f"subject {found[0].strip()}")


def phrases(text: Words, rule: LintRule, book: Phrasebook) -> list[tuple[int, str]]:
    """Give the lines and words in which a list of phrases is met, each line once."""
    found: dict[int, str] = {}
    for one in find(text.said, book[rule.value]):
        # "a fan of your work on worn gears" is praise that knows what it praises
        if rule is LintRule.GENERIC_PRAISE and _DETAIL.match(text.said, one.end()):
            continue
        found.setdefault(text.line(one.start()), one[0].strip())
    return list(found.items())


def in_field(said: str, rule: LintRule, book: Phrasebook) -> str:
    """Give the first phrase of a list in a contact's field, "" where there is none."""
    return next((found for _, found in phrases(words(said), rule, book)), "")
