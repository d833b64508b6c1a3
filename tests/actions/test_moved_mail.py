"""Whatever is moved between two folders during a round, at whatever moment, stops the letters that it must stop."""

from collections.abc import Iterator
from datetime import timedelta
from unittest.mock import patch

import pytest

from followupd.store import messages
from followupd.store import threads as kept
from tests.schedules.judge import BrokenError
from tests.schedules.life import Life
from tests.schedules.lots import cheap
from tests.schedules.mail import Kind
from tests.schedules.mutations import without


@pytest.fixture(autouse=True)
def cheaply() -> Iterator[None]:
    with cheap():
        yield


def lives(kind: Kind, folder: str) -> Iterator[Life]:
    """Move a message to the other folder before each word that is said to the IMAP server in a round that may write."""
    word, said = 1, 1
    while said >= word:
        life = Life(files=True)
        life.round()
        life.arrives("Ada", kind, folder)
        due = kept.next_due(life.quiet)
        assert due is not None
        life.world.now = due
        said = moved_before(word, life)
        for days in (1, 12):
            life.world.now += timedelta(days=days)
            life.round()
        yield life
        word += 1
    assert word > 10


def moved_before(word: int, life: Life) -> int:
    """Do a round; move the message before a word to the server. Give how many words were said."""
    said, reach = 0, life.provider.reach

    def counted(word_said: str) -> None:
        nonlocal said
        said += 1
        if said == word:
            life.moves(0)
        reach(word_said)

    with patch.object(life.provider, "reach", counted):
        life.round()
    return said


@pytest.mark.parametrize("folder", ["INBOX", "Archive"])
@pytest.mark.parametrize("kind", list(Kind))
def test_a_message_that_is_moved_during_a_round_stops_what_it_stops(kind: Kind, folder: str) -> None:
    for life in lives(kind, folder):
        assert messages.get_by_message_id(life.quiet, "<m1@example.net>") is not None
        letters = [draft for _, _, draft in life.world.taken if life.who(draft.rcpt_to) == "Ada"]
        assert len(letters) == (2 if kind in {Kind.DELAYED, Kind.AWAY_UNKNOWN} else 1)


@pytest.mark.parametrize(
    ("protection", "kind"),
    [("the second look", Kind.ANSWER), ("the look for what was moved while it was read", Kind.AWAY)],
)
def test_each_protection_is_missed_when_it_is_off(protection: str, kind: Kind) -> None:
    def everywhere() -> int:
        return sum(1 for folder in ("INBOX", "Archive") for _ in lives(kind, folder))

    with without(protection), pytest.raises(BrokenError, match="a letter to ada"):
        everywhere()
