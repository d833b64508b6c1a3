"""A thread as one line of signs: its letters and messages from the first letter to the next one, in proportion."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final

from followupd.core.model import ANSWERS, Case, LetterState, Message
from followupd.views.screen import Cell, Lines, Tone

if TYPE_CHECKING:
    from followupd.core.instants import Instant

SIGNS: Final = {
    "letter": "●",
    "answer": "◆",
    "message": "▪",
    "next": "○",
    "now": "│",
}
_WAITED: Final = "─"
_TO_COME: Final = "┄"
_WIDTH: Final = 54
"""Signs of a line: with both days it fits in 80 columns."""


def strip(case: Case, messages: Sequence[Message], now: "Instant") -> Lines:
    """Draw the line, with the days of its ends and what its signs mean; nothing where no letter is out."""
    found = sorted(_found(case, messages), key=lambda one: one[0])
    begins = next((at for at, sign in found if sign == "letter"), None)
    if begins is None:
        return Lines([])
    ends = max(now, found[-1][0])
    whole = max((ends - begins).total_seconds(), 1.0)

    def place(at: "Instant") -> int:
        return round(max((at - begins).total_seconds(), 0.0) / whole * (_WIDTH - 1))

    here = place(now)
    signs = [_WAITED if number <= here else _TO_COME for number in range(_WIDTH)]
    signs[here] = SIGNS["now"]
    for at, sign in found:
        signs[place(at)] = SIGNS[sign]
    kinds = ("now", *dict.fromkeys(sign for _, sign in found))
    days = f"{begins.astimezone(now.tzinfo):%Y-%m-%d}", f"{ends.astimezone(now.tzinfo):%Y-%m-%d}"
    meaning = "  ".join(f"{sign} {kind}" for kind, sign in SIGNS.items() if kind in kinds)
    return Lines([f"{days[0]} {''.join(signs)} {days[1]}", Cell(meaning, Tone.SOFT, indent=11)])


def _found(case: Case, messages: Sequence[Message]) -> Iterator[tuple["Instant", str]]:
    """Give the signs; of those that fall together the last counts, so an answer hides what stands in its place."""
    for letter in case.letters:
        if letter.state is LetterState.SENT and letter.sent_at is not None:
            yield letter.sent_at, "letter"
    for one in messages:
        yield one.received_at, "answer" if one.verdict in ANSWERS and not one.not_answer else "message"
    if case.thread.next_at is not None:
        yield case.thread.next_at, "next"
