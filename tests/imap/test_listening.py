"""A mailbox that listens while others are waited for: IDLE stays open, and the next command ends it."""

import select
import threading
from collections.abc import Callable
from dataclasses import replace

import pytest

from followupd.core.errors import UnreachableError
from followupd.imap.mailbox import ImapMailbox
from tests.imap.scripted import HASTY, Talk, mailbox_to
from tests.imap.test_waiting import done, idling


class Cue:
    """Lets the server speak when the client has come to a point."""

    def __init__(self) -> None:
        self.now = threading.Event()

    def then(self, on: Callable[[Talk], None]) -> Callable[[Talk], None]:
        def talk(server: Talk) -> None:
            assert self.now.wait(10)
            on(server)

        return talk


def heard(mailbox: ImapMailbox) -> bool:
    """Wait until the ear says that it is worth asking, and ask."""
    assert mailbox.ear is not None
    assert select.select([mailbox.ear], [], [], 10)[0]
    return mailbox.news()


def ended_by_noop(server: Talk) -> None:
    """The client leaves IDLE for another command."""
    done(server)
    server.on("NOOP")


def test_news_is_heard_when_it_comes_and_told_once() -> None:
    cue = Cue()

    def then(server: Talk) -> None:
        server.say("* OK Still here")
        server.say("* 4 EXISTS")
        ended_by_noop(server)

    with mailbox_to(idling(cue.then(then))) as (mailbox, _):
        assert mailbox.ear is None
        assert not mailbox.news()
        cue.now.set()
        while not heard(mailbox):
            pass
        assert mailbox.ear is not None
        assert not mailbox.news()
        mailbox._connected().noop()
        assert mailbox.ear is None


def test_what_is_no_mail_is_no_news() -> None:
    cue = Cue()

    def then(server: Talk) -> None:
        server.say("* 2 EXPUNGE", "* OK Still here", "* 1 FETCH (FLAGS (\\Seen))")
        ended_by_noop(server)

    with mailbox_to(idling(cue.then(then))) as (mailbox, _):
        assert not mailbox.news()
        cue.now.set()
        assert not heard(mailbox)
        mailbox._connected().noop()


def test_a_server_that_breaks_off_is_heard_at_once() -> None:
    cue = Cue()
    with mailbox_to(idling(cue.then(Talk.hang_up))) as (mailbox, _):
        assert not mailbox.news()
        cue.now.set()
        with pytest.raises(UnreachableError):
            heard(mailbox)
        assert mailbox.ear is None


def test_a_server_without_idle_has_no_ear_and_no_news() -> None:
    def talk(server: Talk) -> None:
        server.log_in("IMAP4rev1")

    with mailbox_to(talk) as (mailbox, _):
        assert not mailbox.news()
        assert mailbox.ear is None


def test_an_idle_that_gets_too_old_is_ended_and_begun_anew() -> None:
    def then(server: Talk) -> None:
        ended_by_noop(server)
        server.expect("IDLE")
        server.say("+ idling")
        done(server)

    with mailbox_to(idling(then), patience=replace(HASTY, renewal=0.0)) as (mailbox, server):
        assert not mailbox.news()
        assert not mailbox.news()  # it is too old already
        assert mailbox.ear is not None
        assert [line.split()[-1] for line in server.heard[-4:]] == ["IDLE", "DONE", "NOOP", "IDLE"]
