"""Waiting for mail: no news is lost, no wait spins, and a signal ends one at once."""

import threading
from collections.abc import Callable
from dataclasses import replace
from time import monotonic

import pytest

from followupd.core.connections import Security
from followupd.core.errors import UnreachableError
from followupd.core.model import Folder, Role
from followupd.imap.mailbox import ImapMailbox
from tests.imap.conftest import Wake
from tests.imap.scripted import (
    FETCH_HEADERS,
    HASTY,
    Conversation,
    ScriptedServer,
    Talk,
    fetched,
    mailbox_to,
    server_at,
    serving_tls,
)
from tests.servers.certificates import Certificates

INBOX = Folder(name="INBOX", role=Role.INBOX)
SHORTLY = 0.15
"""Seconds that a wait lasts which nothing ends."""
LONG = 20.0
"""Seconds that no wait of these tests lasts."""


def waited(mailbox: ImapMailbox, seconds: float, wake: Wake) -> float:
    """Wait; give the seconds it took."""
    begun = monotonic()
    mailbox.wait(seconds, wake.reads)
    return monotonic() - begun


def idling(then: Callable[[Talk], None]) -> Conversation:
    """Log in, open an inbox of three messages, enter IDLE, go on as told."""

    def talk(server: Talk) -> None:
        server.log_in()
        server.examine(exists=3, uidnext=4)
        server.expect("IDLE")
        server.say("+ idling")
        then(server)

    return talk


def done(server: Talk) -> None:
    assert server.hear() == "DONE"
    server.done()


# -- what ends a wait --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "said",
    [
        b"* 4 EXISTS\r\n",
        b"* OK Still here\r\n* 4 EXISTS\r\n* 1 RECENT\r\n",
        b"* 2 EXPUNGE\r\n* 3 EXISTS\r\n",
        b"* 1 FETCH (FLAGS (\\Seen))\r\n* 4 EXISTS\r\n",
    ],
)
def test_mail_ends_a_wait(wake: Wake, said: bytes) -> None:
    def then(server: Talk) -> None:
        server.raw(said)
        done(server)

    with mailbox_to(idling(then)) as (mailbox, _):
        assert waited(mailbox, LONG, wake) < 2


@pytest.mark.parametrize(
    "said",
    [
        b"* OK Still here\r\n",
        b"* 3 EXISTS\r\n* 0 RECENT\r\n",
        b"* 2 EXPUNGE\r\n",
        b"* 1 FETCH (FLAGS (\\Seen))\r\n",
        b"* 4 EXI",
    ],
)
def test_what_is_no_mail_does_not_end_a_wait(wake: Wake, said: bytes) -> None:
    def then(server: Talk) -> None:
        server.raw(said)
        assert server.hear() == "DONE"

    with mailbox_to(idling(then)) as (mailbox, _):
        assert waited(mailbox, SHORTLY, wake) >= SHORTLY


def test_a_line_in_pieces_is_one_line(wake: Wake) -> None:
    seen = threading.Event()

    def then(server: Talk) -> None:
        for piece in (b"* ", b"4 EX", b"ISTS", b"\r"):
            server.raw(piece)
        seen.set()
        server.raw(b"\n")
        done(server)

    with mailbox_to(idling(then)) as (mailbox, _):
        assert waited(mailbox, LONG, wake) < 2
    assert seen.is_set()


def test_mail_that_is_told_before_idle_begins_ends_the_wait(wake: Wake) -> None:
    def talk(server: Talk) -> None:
        server.log_in()
        server.examine(exists=3, uidnext=4)
        server.expect("IDLE")
        server.say("* 4 EXISTS", "+ idling")
        done(server)

    with mailbox_to(talk) as (mailbox, _):
        assert waited(mailbox, LONG, wake) < 2


def test_mail_that_is_told_in_another_answer_ends_the_next_wait(wake: Wake) -> None:
    def talk(server: Talk) -> None:
        server.log_in()
        server.examine(exists=1, uidnext=2)
        server.on(FETCH_HEADERS.format("1:1"), fetched(1, 1), "* 2 EXISTS")
        server.on("NOOP")

    with mailbox_to(talk) as (mailbox, _):
        list(mailbox.newer_than(INBOX, None))
        assert waited(mailbox, LONG, wake) < 2


def test_mail_that_came_since_the_inbox_was_read_ends_the_wait_once(wake: Wake) -> None:
    def talk(server: Talk) -> None:
        server.log_in()
        server.examine(exists=1, uidnext=2)
        server.on(FETCH_HEADERS.format("1:1"), fetched(1, 1))
        server.on("NOOP", "* 2 EXISTS")
        server.on("NOOP")
        server.expect("IDLE")
        server.say("+ idling")
        done(server)

    with mailbox_to(talk) as (mailbox, _):
        list(mailbox.newer_than(INBOX, None))
        assert waited(mailbox, LONG, wake) < 2
        assert waited(mailbox, SHORTLY, wake) >= SHORTLY


def test_mail_that_came_while_another_folder_was_open_ends_the_wait_once(wake: Wake) -> None:
    def talk(server: Talk) -> None:
        server.log_in()
        server.examine(exists=1, uidnext=2)
        server.on(FETCH_HEADERS.format("1:1"), fetched(1, 1))
        server.examine(exists=0, uidnext=1, folder="Sent")
        server.examine(exists=2, uidnext=3)
        server.on("NOOP")
        server.expect("IDLE")
        server.say("+ idling")
        done(server)

    with mailbox_to(talk) as (mailbox, _):
        list(mailbox.newer_than(INBOX, None))
        list(mailbox.newer_than(Folder(name="Sent", role=Role.SENT), None))
        assert waited(mailbox, LONG, wake) < 2
        assert waited(mailbox, SHORTLY, wake) >= SHORTLY


def test_mail_in_an_inbox_that_nobody_reads_ends_one_wait_and_not_every_wait(wake: Wake) -> None:
    sent = Folder(name="Sent", role=Role.SENT)

    def talk(server: Talk) -> None:
        server.log_in()
        for exists, idles in ((1, True), (2, False), (2, True)):
            server.examine(exists=exists, uidnext=exists + 1)
            if idles:
                server.expect("IDLE")
                server.say("+ idling")
                done(server)
            server.examine(exists=0, uidnext=1, folder="Sent")

    with mailbox_to(talk) as (mailbox, _):
        for lasts in (True, False, True):
            assert (waited(mailbox, SHORTLY, wake) >= SHORTLY) is lasts
            list(mailbox.newer_than(sent, None))


def test_a_signal_ends_a_wait_at_once_although_the_server_says_nothing(wake: Wake) -> None:
    with mailbox_to(idling(lambda server: wake.up())) as (mailbox, _):
        assert waited(mailbox, LONG, wake) < 0.5


def test_mail_at_the_signal_is_not_lost(wake: Wake) -> None:
    def then(server: Talk) -> None:
        wake.up()
        assert server.hear() == "DONE"
        server.say("* 4 EXISTS")
        server.done()
        server.on("NOOP")

    with mailbox_to(idling(then)) as (mailbox, _):
        waited(mailbox, LONG, wake)
        assert waited(mailbox, LONG, Wake(wake.writes, wake.reads)) < 2


def test_news_that_came_in_one_record_with_the_answer_is_seen_in_tls(certificates: Certificates, wake: Wake) -> None:
    def talk(server: Talk) -> None:
        server.log_in()
        server.examine(exists=3, uidnext=4)
        server.expect("IDLE")
        server.raw(b"+ idling\r\n* 4 EXISTS\r\n")
        done(server)

    with ScriptedServer(talk, tls=serving_tls(certificates.good)) as server:
        settings = server_at(server.port, Security.TLS, ca_file=str(certificates.ca_file))
        mailbox = ImapMailbox(settings, lambda: "secret", None, HASTY)
        assert waited(mailbox, LONG, wake) < 2
        mailbox.close()


# -- what ends a connection --------------------------------------------------------------------------------------------


def says_bye(server: Talk) -> None:
    server.say("* BYE Session expired, please login again")


def closes(server: Talk) -> None:
    server.hang_up()


def closes_in_a_line(server: Talk) -> None:
    server.raw(b"* 4 EXIS")
    server.hang_up()


def talks_nonsense(server: Talk) -> None:
    server.say("\x00\x01 what?")


@pytest.mark.parametrize("then", [says_bye, closes, closes_in_a_line, talks_nonsense])
def test_a_server_that_goes_is_noticed_at_once_and_every_time(then: Callable[[Talk], None], wake: Wake) -> None:
    with mailbox_to(idling(then), idling(then)) as (mailbox, server):
        for _ in range(2):
            begun = monotonic()
            with pytest.raises(UnreachableError, match="while waiting for mail"):
                mailbox.wait(LONG, wake.reads)
            assert monotonic() - begun < 2
    assert len(server.talks) == 2


def test_a_server_that_does_not_begin_idle_is_given_up(wake: Wake) -> None:
    def talk(server: Talk) -> None:
        server.log_in()
        server.examine(exists=3, uidnext=4)
        server.expect("IDLE")

    late = pytest.raises(UnreachableError, match="did not answer in time")
    with mailbox_to(talk, patience=replace(HASTY, answer=0.2)) as (mailbox, _), late:
        mailbox.wait(LONG, wake.reads)


def test_a_connection_that_is_dead_is_noticed_when_idle_is_renewed(wake: Wake) -> None:
    patience = replace(HASTY, answer=0.2, renewal=0.1)
    late = pytest.raises(UnreachableError, match="did not answer in time")
    with mailbox_to(idling(lambda server: None), patience=patience) as (mailbox, _), late:
        mailbox.wait(LONG, wake.reads)


def test_a_flood_in_idle_is_given_up(wake: Wake) -> None:
    def then(server: Talk) -> None:
        for _ in range(20):
            server.raw((b"* OK Still here" + b"!" * 1000 + b"\r\n") * 1000)

    with mailbox_to(idling(then)) as (mailbox, _), pytest.raises(UnreachableError, match="without end"):
        mailbox.wait(LONG, wake.reads)


# -- without IDLE ------------------------------------------------------------------------------------------------------


def test_idle_is_renewed_before_anybody_drops_the_connection(wake: Wake) -> None:
    def then(server: Talk) -> None:
        for _ in range(2):
            done(server)
            server.expect("IDLE")
            server.say("+ idling")
        server.say("* 4 EXISTS")
        done(server)

    with mailbox_to(idling(then), patience=replace(HASTY, renewal=0.05)) as (mailbox, _):
        assert 0.1 <= waited(mailbox, LONG, wake) < 5


def test_without_idle_only_time_and_signals_count(wake: Wake) -> None:
    def talk(server: Talk) -> None:
        server.log_in("IMAP4rev1")
        server.expect("LOGOUT")

    with mailbox_to(talk) as (mailbox, _):
        assert waited(mailbox, SHORTLY, wake) >= SHORTLY
        wake.up()
        assert waited(mailbox, LONG, wake) < 0.5


def refuses_idle(server: Talk) -> None:
    server.log_in()
    server.examine(exists=3, uidnext=4)
    server.expect("IDLE")
    server.done("NO not today")


def ends_idle(server: Talk) -> None:
    server.log_in()
    server.examine(exists=3, uidnext=4)
    server.expect("IDLE")
    server.say("+ idling")
    server.done("OK enough")


@pytest.mark.parametrize("talk", [refuses_idle, ends_idle])
def test_a_server_that_will_not_idle_is_not_asked_again(talk: Conversation, wake: Wake) -> None:
    with mailbox_to(talk) as (mailbox, server):
        for _ in range(3):
            assert waited(mailbox, SHORTLY, wake) >= SHORTLY
    assert sum(line.endswith("IDLE") for line in server.heard) == 1
