"""Memory runs out at any moment of a round, and the same process goes on: the protocol holds as it does after a kill.

An error, unlike a kill, can be caught on its way: whoever takes it for an answer of the server would send again. Tried:
a `deliver` whose errors count as "not sent" fails here ("a letter that was taken is deferred"); so does a round without
doubt.
"""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from followupd.store import threads as kept
from tests.schedules.judge import BrokenError
from tests.schedules.life import Life
from tests.schedules.lots import cheap
from tests.schedules.mail import STOPS, Kind
from tests.schedules.mutations import without


@pytest.fixture(autouse=True)
def cheaply() -> Iterator[None]:
    with cheap():
        yield


def lives(kind: Kind | None, *, files: bool) -> Iterator[Life]:
    """Let memory run out at each effect of the round in which the second letter is due; then rounds go by unhurt."""
    effect, reached = 1, True
    while reached:
        life = Life(files=files)
        life.round()
        if kind is not None:
            life.arrives("Ada", kind)
        due = kept.next_due(life.quiet)
        assert due is not None
        life.world.now = due
        life.effects.end = MemoryError
        life.round(kill=effect)
        reached = life.effects.ended
        for days in (0.1, 1, 13):
            life.world.now += timedelta(days=days)
            life.round()
        yield life
        effect += 1
    assert effect > 40


def states(life: Life) -> list[str]:
    return [row[0] for row in life.app.db.connection.execute("SELECT state FROM threads ORDER BY id")]


@pytest.mark.parametrize(("kind", "files"), [(None, False), (Kind.ANSWER, False), (Kind.AWAY, True)])
def test_out_of_memory_at_any_effect_no_letter_goes_twice_and_none_is_lost(kind: Kind | None, files: bool) -> None:
    doubts = 0
    for life in lives(kind, files=files):
        letters = {who: [d for _, _, d in life.world.taken if life.who(d.rcpt_to) == who] for who in ("Ada", "Bo")}
        ada, bo = states(life)
        assert len(letters["Bo"]) == 2 or bo == "held"
        assert bo in {"waiting", "held"}
        doubts += bo == "held"
        if kind is None:
            assert len(letters["Ada"]) == 2 or ada == "held"
        else:
            assert len(letters["Ada"]) == 1
            assert ada in ({"answered", "held", "undeliverable"} if kind in STOPS else {"waiting", "held"})
    assert doubts <= 20


def test_an_error_that_counts_as_not_sent_is_found() -> None:
    with (
        without("doubt after a crash (it sends again)"),
        pytest.raises(BrokenError, match=r"went out before|is another"),
    ):
        list(lives(None, files=False))
