"""Servers that announce too much, say too much, too little or nothing: each ends in time and in bounds."""

import tracemalloc
from collections.abc import Callable
from dataclasses import replace
from time import monotonic

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from followupd.core.errors import UnreachableError
from followupd.core.model import Folder, Role
from followupd.imap.wire import KEPT_LIMIT, LITERAL_KEPT, SMALL
from tests.imap.scripted import FETCH_HEADERS, HASTY, Talk, mailbox_to

INBOX = Folder(name="INBOX", role=Role.INBOX)
QUICK = replace(HASTY, silence=0.3, short=0.5, long=0.6)


def reading(then: Callable[[Talk], None]) -> Callable[[Talk], None]:
    """Log in, open an inbox, and answer the first FETCH as told."""

    def talk(server: Talk) -> None:
        server.log_in()
        server.examine(exists=1, uidnext=2)
        server.expect(FETCH_HEADERS.format("1:1"))
        then(server)

    return talk


def announces_two_gigabytes(server: Talk) -> None:
    server.raw(b"* 1 FETCH (UID 1 BODY[HEADER] {2147483648}\r\n" + b"x" * 100_000)


def announces_an_astronomical_number(server: Talk) -> None:
    server.raw(b"* 1 FETCH (UID 1 BODY[HEADER] {%s}\r\n" % (b"9" * 5000))


def sends_ten_megabytes_on_a_line(server: Talk) -> None:
    for _ in range(10):
        server.raw(b"* 1 FETCH (" + b"x" * 1_000_000)


def lists_without_end(server: Talk) -> None:
    for _ in range(20):
        server.raw((b"* 1 FETCH (UID 1 FLAGS (" + b"x" * 1000 + b"))\r\n") * 1000)


def talks_nonsense(server: Talk) -> None:
    server.raw(b"\x00\xff\xfe garbage\r\n\r\n\r\n")


def answers_another_command(server: Talk) -> None:
    server.raw(b"XYZ99 OK done\r\n")


def says_bye(server: Talk) -> None:
    server.say("* BYE \x1b[2Jshutting down")


def ends_lines_wrongly(server: Talk) -> None:
    server.raw(server.tag + b" OK done\n")


@pytest.mark.parametrize(
    ("then", "words"),
    [
        (announces_two_gigabytes, "announced 2147483648 bytes"),
        (announces_an_astronomical_number, "cannot be understood"),
        (sends_ten_megabytes_on_a_line, "a line of more than"),
        (lists_without_end, "without end"),
        (talks_nonsense, "not understood"),
        (answers_another_command, "not understood"),
        (says_bye, "ended the session: \ufffd\\[2Jshutting down"),
        (ends_lines_wrongly, "not understood"),
    ],
)
def test_an_answer_beyond_all_bounds_is_refused(then: Callable[[Talk], None], words: str) -> None:
    with mailbox_to(reading(then)) as (mailbox, _), pytest.raises(UnreachableError, match=words):
        list(mailbox.newer_than(INBOX, None))


def test_what_is_announced_is_not_allocated() -> None:
    with mailbox_to(reading(announces_two_gigabytes)) as (mailbox, _):
        pages = mailbox.newer_than(INBOX, None)
        tracemalloc.start()
        with pytest.raises(UnreachableError):
            list(pages)
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    assert peak < 5_000_000


def test_a_literal_that_never_comes_ends_in_time() -> None:
    def then(server: Talk) -> None:
        server.raw(b"* 1 FETCH (UID 1 BODY[HEADER] {1000}\r\nonly this")

    with mailbox_to(reading(then), patience=QUICK) as (mailbox, _):
        begun = monotonic()
        with pytest.raises(UnreachableError, match="did not answer in time, while reading messages"):
            list(mailbox.newer_than(INBOX, None))
        assert monotonic() - begun < 2


def test_a_server_that_trickles_ends_in_time() -> None:
    stopped: list[bool] = []

    def then(server: Talk) -> None:
        server.sock.settimeout(0.05)
        while not stopped:  # a byte at a time, each well within the silence that is allowed
            server.raw(b"*")
            try:
                if not server.sock.recv(1):
                    return
            except TimeoutError:
                continue

    with mailbox_to(reading(then), patience=replace(QUICK, silence=5)) as (mailbox, _):
        begun = monotonic()
        with pytest.raises(UnreachableError, match="did not answer in time"):
            list(mailbox.newer_than(INBOX, None))
        assert monotonic() - begun < 3
        stopped.append(True)


@pytest.mark.parametrize("stage", range(6))
def test_silence_ends_in_time_at_every_stage(stage: int) -> None:
    def talk(server: Talk) -> None:
        steps: list[Callable[[], None]] = [
            lambda: server.say("* OK ready"),
            lambda: server.on("CAPABILITY", "* CAPABILITY IMAP4rev1"),
            lambda: server.on('LOGIN "me" "secret"'),
            lambda: server.on("CAPABILITY", "* CAPABILITY IMAP4rev1"),
            lambda: server.examine(exists=1, uidnext=2),
        ]
        for step in steps[:stage]:
            step()

    with mailbox_to(talk, patience=QUICK) as (mailbox, _):
        begun = monotonic()
        with pytest.raises(UnreachableError, match="did not answer in time"):
            list(mailbox.newer_than(INBOX, None))
        assert monotonic() - begun < 2


def test_a_header_of_a_megabyte_is_cut_and_the_next_message_is_read() -> None:
    def talk(server: Talk) -> None:
        server.log_in()
        server.examine(exists=2, uidnext=3)
        server.expect(FETCH_HEADERS.format("1:2"))
        server.raw(b"* 1 FETCH (UID 1 BODY[HEADER] {1000000}\r\n" + b"x" * 1_000_000)
        server.raw(b" RFC822.SIZE 1000009)\r\n* 2 FETCH (UID 2 BODY[HEADER] {4}\r\na: b)\r\n")
        server.done()

    with mailbox_to(talk) as (mailbox, _):
        first, second = next(mailbox.newer_than(INBOX, None)).messages
    assert first.raw == b"x" * LITERAL_KEPT
    assert first.size == 1_000_009
    assert second.raw == b"a: b"


def test_many_great_headers_together_stay_in_bounds() -> None:
    many = KEPT_LIMIT // LITERAL_KEPT + 20

    def talk(server: Talk) -> None:
        server.log_in()
        server.examine(exists=many, uidnext=many + 1)
        server.expect(FETCH_HEADERS.format(f"1:{many}"))
        for uid in range(1, many + 1):
            server.raw(b"* %d FETCH (UID %d BODY[HEADER] {400000}\r\n" % (uid, uid) + b"x" * 400_000 + b")\r\n")
        server.done()

    with mailbox_to(talk, patience=replace(HASTY, long=30)) as (mailbox, _):
        messages = next(mailbox.newer_than(INBOX, None)).messages
    assert len(messages) == many
    assert {len(message.raw) for message in messages} == {LITERAL_KEPT, SMALL}


@given(st.binary(max_size=200), st.booleans())
@settings(max_examples=60, deadline=None)
def test_no_bytes_raise_anything_but_our_error(garbage: bytes, in_greeting: bool) -> None:
    def talk(server: Talk) -> None:
        if not in_greeting:
            server.log_in()
            server.examine(exists=1, uidnext=2)
            server.command()
        server.raw(garbage)
        server.hang_up()

    with mailbox_to(talk) as (mailbox, _), pytest.raises(UnreachableError):
        list(mailbox.newer_than(INBOX, None))
