"""Sleeping moves the story on, and what arrives meanwhile ends the sleep when it arrives."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest

from followupd.core.connections import SecretSource, Security, Server
from followupd.core.model import Cursor, Role
from followupd.demo.clock import SimClock
from followupd.demo.world import World
from followupd.imap.mailbox import ImapMailbox
from tests.demo.conftest import PASSWORD, USER
from tests.demo.letters import AT
from tests.demo.test_world import send

DAY = 86_400.0


class Seen:
    """Notes at which instants it was asked to look, and acts at one."""

    def __init__(self, acts_at: datetime | None = None) -> None:
        self.at: list[datetime] = []
        self.acts_at = acts_at

    def next_at(self) -> datetime | None:
        return self.acts_at

    def look(self, now: datetime) -> None:
        self.at.append(now)
        if self.acts_at is not None and now >= self.acts_at:
            self.acts_at = None


@pytest.fixture
def clock(world: World) -> Iterator[SimClock]:
    made = SimClock(world, begins=AT, ends=AT + timedelta(days=30))
    yield made
    made.close()


def test_a_sleep_moves_the_time_by_whole_seconds_and_at_least_one(clock: SimClock) -> None:
    clock.sleep(DAY)
    clock.sleep(0.2)
    clock.sleep(0)
    assert clock.now() == AT + timedelta(days=1, seconds=2)


def test_the_audience_sees_every_round_and_the_end(clock: SimClock) -> None:
    seen = Seen()
    clock.audience = seen
    for _ in range(3):
        clock.sleep(12 * DAY)
    assert seen.at == [AT + timedelta(days=days) for days in (0, 12, 24, 30)]


def test_a_sleep_ends_when_the_audience_acts(clock: SimClock) -> None:
    seen = clock.audience = Seen(acts_at=AT + timedelta(hours=5))
    clock.sleep(DAY)
    assert clock.now() == AT + timedelta(hours=5)
    assert seen.at == [AT, AT + timedelta(hours=5)]
    clock.sleep(DAY)
    assert clock.now() == AT + timedelta(hours=29)


def test_a_sleep_ends_at_the_instant_at_which_mail_arrives(clock: SimClock, world: World) -> None:
    send(world)
    clock.sleep(10 * DAY)
    assert clock.now() == AT + timedelta(days=1)
    assert len(world.arrived) == 1


def test_the_daemons_mailbox_has_the_mail_when_the_sleep_ends(clock: SimClock, world: World) -> None:
    server = Server(
        host="127.0.0.1", port=world.imap_port, security=Security.NONE, username=USER, password=SecretSource()
    )
    mailbox = ImapMailbox(server, lambda: PASSWORD, None)
    inbox = next(folder for folder in mailbox.folders() if folder.role is Role.INBOX)
    cursor: Cursor | None = None
    for page in mailbox.newer_than(inbox, cursor):
        cursor = page.cursor
    send(world)
    clock.sleep(10 * DAY, mailbox)
    pages = list(mailbox.newer_than(inbox, cursor))
    mailbox.close()
    (message,) = pages[0].messages
    assert message.internal_date == clock.now() == AT + timedelta(days=1)


def test_the_story_ends_on_its_last_day_however_long_the_sleep(clock: SimClock) -> None:
    assert not clock.stopping()
    clock.sleep(1000 * DAY)
    assert clock.stopping()
    assert clock.now() == AT + timedelta(days=30)


def test_a_story_that_is_stopped_does_not_go_on(clock: SimClock) -> None:
    clock.stop()
    clock.sleep(DAY)
    assert clock.stopping()
    assert clock.now() == AT
