"""What all letters to one person are together, measured as they have them: how many, and how many words."""

from collections.abc import Sequence
from dataclasses import dataclass

from followupd.core.bounds import A_YEAR
from followupd.core.instants import Instant


@dataclass(frozen=True, slots=True, kw_only=True)
class Lying:
    """A letter in their inbox: when it came, or comes; its own words, and those of an earlier letter quoted below."""

    at: Instant
    subject: str
    words: int
    quoted: int
    sent: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Burden:
    """What that is together, and in the 365 days that have most of it."""

    letters: int
    words: int
    quoted: int
    letters_in_a_year: int
    words_in_a_year: int


def burden(found: Sequence[Lying]) -> Burden:
    """Add letters up."""
    years = [[one for one in found if first.at <= one.at < first.at + A_YEAR] for first in found]
    return Burden(
        letters=len(found),
        words=sum(one.words for one in found),
        quoted=sum(one.quoted for one in found),
        letters_in_a_year=max(map(len, years), default=0),
        words_in_a_year=max((sum(one.words for one in year) for year in years), default=0),
    )
