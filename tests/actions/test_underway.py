"""A first look that takes long says how far it is; one that doesn't says nothing."""

import logging
from dataclasses import dataclass
from datetime import timedelta

import pytest

from followupd.actions.underway import Reading
from followupd.core.instants import Instant
from followupd.ports import Waited
from tests.actions.pretend import BEGINS


@dataclass
class Slow:
    """A clock on which every page takes so many seconds."""

    seconds: int
    at: Instant = BEGINS

    def now(self) -> Instant:
        self.at += timedelta(seconds=self.seconds)
        return self.at

    def sleep(self, seconds: float, mailbox: Waited | None = None) -> None:
        """Nobody waits."""

    def stopping(self) -> bool:
        return False


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (0, []),
        (3, [1000, 2000, 2500]),
        (9, [500, 1000, 1500, 2000, 2500, 2500]),
    ],
)
def test_it_is_told_every_few_seconds(seconds: int, said: list[int], caplog: pytest.LogCaptureFixture) -> None:
    reading = Reading(Slow(seconds))
    with caplog.at_level(logging.INFO, logger="followupd"):
        for _ in range(5):
            reading.page("INBOX", 500)
        reading.page("Sent", 0)
        reading.ended()
    assert [int(record.getMessage().split(": ")[1].split(" ")[0]) for record in caplog.records] == said
    assert all("INBOX" in record.getMessage() for record in caplog.records[:-1])
