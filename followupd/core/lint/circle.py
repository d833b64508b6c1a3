"""What a letter owes to the people around its reader: they talk, and the same letter to two of them is to nobody."""

from collections.abc import Iterator

from followupd.core.lint.book import Phrasebook
from followupd.core.lint.text import bare, content, sentences
from followupd.core.lint.written import Written
from followupd.core.model import Finding, LintRule


def judge(letter: Written, book: Phrasebook) -> Iterator[Finding]:  # noqa: ARG001  # as the other parts
    """Find the letter to somebody else of one organisation or tag that this one is most like, if it is too like it."""
    shares = [(shared(letter.body, one.body), one.where) for one in letter.circle if one.body]
    share, where = max(shares, default=(0.0, ""))
    if share * 100 > letter.twins:
        yield letter.finding(LintRule.TWIN, 0, f"{share:.0%} of it stood in {where}")


def shared(body: str, other: str) -> float:
    """Give the share of a letter, 0 to 1 by words, whose sentences stand in another; greeting and signature aside."""
    mine, theirs = _sentences(body), frozenset(_sentences(other))
    count = sum(len(one.split()) for one in mine)
    return sum(len(one.split()) for one in mine if one in theirs) / count if count else 0.0


def _sentences(body: str) -> list[str]:
    return [said for _, one in sentences(content(body)) if (said := bare(one))]
