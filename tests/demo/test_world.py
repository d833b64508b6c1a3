"""The embedded servers take and give mail byte for byte, dated as the story says."""

import imaplib
import re
import smtplib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest

from followupd.demo.answers import Delivered
from followupd.demo.world import World
from tests.demo.conftest import ANSWER, MENTOR, PASSWORD, USER
from tests.demo.letters import AT, RAW


def send(world: World, recipient: str = MENTOR, raw: bytes = RAW) -> None:
    with smtplib.SMTP("127.0.0.1", world.smtp_port, local_hostname="localhost", timeout=10) as connection:
        connection.login(USER, PASSWORD)
        connection.sendmail(USER, [recipient], raw)


@contextmanager
def mailbox(world: World) -> Iterator[imaplib.IMAP4]:
    connection = imaplib.IMAP4("127.0.0.1", world.imap_port, timeout=10)
    try:
        connection.login(USER, PASSWORD)
        yield connection
    finally:
        connection.logout()


def fetched(world: World) -> list[tuple[str, bytes]]:
    """Give the INTERNALDATE and the bytes of every message in the inbox."""
    with mailbox(world) as connection:
        connection.select("INBOX", readonly=True)
        _, numbers = connection.search(None, "ALL")
        found = []
        for number in (numbers[0] or b"").split():
            _, parts = connection.fetch(number.decode(), "(INTERNALDATE BODY.PEEK[])")
            literal = next(part for part in parts if isinstance(part, tuple))
            said = b" ".join(part if isinstance(part, bytes) else part[0] for part in parts if part)
            date = re.search(rb'INTERNALDATE "([^"]+)"', said)
            assert date is not None
            found.append((date[1].decode().strip(), literal[1]))
        return found


def test_a_letter_reaches_its_mentor_whole_and_in_the_worlds_time(world: World) -> None:
    send(world)
    (got,) = world.letters[MENTOR]
    assert got.raw == RAW
    assert (got.at, got.number, got.message_id) == (AT, 1, "<two@lastenrad-brandt.example>")
    assert got.text == "Dear somebody,\n\ngrüße from Bremen.\n"


def test_an_answer_arrives_when_its_time_comes_and_not_before(world: World) -> None:
    send(world)
    due = AT + timedelta(days=1)
    assert world.next_at() == due
    assert world.advance(due - timedelta(seconds=1)).result(10) == 0
    assert fetched(world) == []
    assert world.advance(due).result(10) == 1
    assert world.next_at() is None
    assert len(fetched(world)) == 1


def test_a_message_keeps_its_bytes_and_bears_the_date_of_the_story(world: World) -> None:
    send(world)
    world.advance(AT + timedelta(days=400)).result(10)
    assert fetched(world) == [("05-Feb-2025 09:12:00 +0000", ANSWER)]


def test_messages_that_are_due_together_arrive_in_the_order_of_their_dates(world: World) -> None:
    send(world)
    world.advance(AT + timedelta(hours=1)).result(10)
    send(world)
    world.advance(AT + timedelta(days=9)).result(10)
    assert [message.at for message in world.arrived] == [AT + timedelta(days=1), AT + timedelta(days=1, hours=1)]


def test_the_worlds_time_never_goes_back(world: World) -> None:
    world.advance(AT + timedelta(days=2)).result(10)
    world.advance(AT).result(10)
    send(world)
    assert [letter.at for letter in world.letters[MENTOR]] == [AT + timedelta(days=2)]


def test_what_is_sent_to_nobody_is_lost(world: World) -> None:
    send(world, "nobody@mentors.example")
    assert world.letters == {MENTOR: []}
    assert world.next_at() is None


def test_only_the_user_may_log_in(world: World) -> None:
    with (
        smtplib.SMTP("127.0.0.1", world.smtp_port, local_hostname="localhost", timeout=10) as connection,
        pytest.raises(smtplib.SMTPAuthenticationError),
    ):
        connection.login(USER, "guessed")
    reader = imaplib.IMAP4("127.0.0.1", world.imap_port, timeout=10)
    with pytest.raises(imaplib.IMAP4.error):
        reader.login(USER, "guessed")
    reader.shutdown()


def test_the_mailbox_has_the_folders_that_a_daemon_looks_for(world: World) -> None:
    with mailbox(world) as connection:
        _, listed = connection.list()
    names = {line.decode().rsplit(" ", 1)[-1].strip('"') for line in listed if isinstance(line, bytes)}
    assert names == {"INBOX", "Sent", "Junk", "Archive"}


def test_a_world_that_ends_breaks_off_its_connections_and_leaves_no_thread() -> None:
    def silent(letter: Delivered) -> tuple[()]:
        return ()

    with World(USER, PASSWORD, {MENTOR: silent}, AT) as world:
        connection = imaplib.IMAP4("127.0.0.1", world.imap_port, timeout=10)
        connection.login(USER, PASSWORD)
    assert not world._thread.is_alive()
    assert connection.readline()[:5] in {b"* BYE", b""}
    connection.shutdown()
