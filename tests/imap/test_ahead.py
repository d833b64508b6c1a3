"""The next page is asked for while one is judged: whatever happens meanwhile, no message is missed or mixed up."""

from collections.abc import Callable

import pytest

from followupd.core.errors import UnreachableError
from followupd.core.model import Folder, Role
from followupd.imap import sync
from tests.imap.scripted import FETCH_HEADERS, Talk, mailbox_to

INBOX, SENT = Folder(name="INBOX", role=Role.INBOX), Folder(name="Sent", role=Role.SENT)
WHOLE = r"UID FETCH 1 \(UID INTERNALDATE RFC822\.SIZE BODY\.PEEK\[\]<0\.262144>\)"
NEXT = FETCH_HEADERS.format("3:4")


@pytest.fixture(autouse=True)
def _pages_of_two(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sync, "PAGE", 2)


def message(uid: int, head: str = "Subject: a", section: str = "BODY[HEADER.FIELDS (SUBJECT)]") -> bytes:
    date = '"23-Nov-2026 10:00:00 +0100"'
    said = f"* {uid} FETCH (UID {uid} INTERNALDATE {date} RFC822.SIZE 90 {section} {{{len(head)}}}\r\n{head})"
    return said.encode()


def opened(server: Talk) -> None:
    """Log in, open the inbox with five messages, give the first two; the client asks for the next two at once."""
    server.log_in()
    server.examine(exists=5, uidnext=6)
    server.on(r"UID FETCH 1:5 \(UID\)", *(f"* {n} FETCH (UID {n})" for n in range(1, 6)))
    server.on(FETCH_HEADERS.format("1:2"), message(1), message(2))


def the_last(server: Talk) -> None:
    server.on(FETCH_HEADERS.format("5:5"), message(5))


def all_read(talk: Callable[[Talk], None], *, between: bool = True) -> list[int]:
    """Read the inbox; fetch a message whole between the first page and the second."""
    found = []
    with mailbox_to(talk) as (mailbox, _):
        for page in mailbox.newer_than(INBOX, None):
            found += [one.uid for one in page.messages]
            if between and found == [1, 2]:
                assert [one.uid for one in mailbox.whole(INBOX, [1])] == [1]
    return found


def test_the_early_answer_is_kept_while_something_else_is_asked() -> None:
    def talk(server: Talk) -> None:
        opened(server)
        server.on(NEXT, message(3), message(4))
        server.on(WHOLE, message(1, "Subject: a\r\n\r\nx", "BODY[]<0>"))
        the_last(server)

    assert all_read(talk) == [1, 2, 3, 4, 5]


@pytest.mark.parametrize("between", [True, False])
@pytest.mark.parametrize("answer", ["NO [UNAVAILABLE] later", "BAD what?"])
def test_an_early_answer_that_refuses_does_not_count(answer: str, between: bool) -> None:
    def talk(server: Talk) -> None:
        opened(server)
        server.on(NEXT, message(3), done=answer)
        if between:
            server.on(WHOLE, message(1, "Subject: a\r\n\r\nx", "BODY[]<0>"))
        server.on(NEXT, message(3), message(4))
        the_last(server)

    assert all_read(talk, between=between) == [1, 2, 3, 4, 5]


def test_an_early_answer_with_a_message_too_few_is_looked_into_as_any_other() -> None:
    def talk(server: Talk) -> None:
        opened(server)
        server.on(NEXT, message(4))
        server.on(r"UID FETCH 3:4 \(UID\)", "* 3 FETCH (UID 3)", "* 4 FETCH (UID 4)")
        server.on(FETCH_HEADERS.format("3"), message(3))
        the_last(server)

    assert all_read(talk, between=False) == [1, 2, 3, 4, 5]


def test_an_early_answer_is_forgotten_when_another_folder_is_opened() -> None:
    def talk(server: Talk) -> None:
        opened(server)
        server.on(NEXT, message(3, "Subject: old"), message(4, "Subject: old"))
        server.examine(folder="Sent", exists=0, uidnext=1)
        server.examine(exists=5, uidnext=6)
        server.on(NEXT, message(3, "Subject: new"), message(4, "Subject: new"))
        the_last(server)

    with mailbox_to(talk) as (mailbox, _):
        pages = mailbox.newer_than(INBOX, None)
        next(pages)
        list(mailbox.newer_than(SENT, None))
        assert [one.raw for one in next(pages).messages] == [b"Subject: new"] * 2
        assert [one.uid for one in next(pages).messages] == [5]


def test_words_of_a_farewell_in_a_header_are_none() -> None:
    """Whether the server has gone is asked before a message is fetched whole, when the early answer is there."""

    def talk(server: Talk) -> None:
        opened(server)
        server.on(NEXT, message(3, "Subject: a\r\n* BYE bye"), message(4))
        server.on(WHOLE, message(1, "Subject: a\r\n\r\nx", "BODY[]<0>"))
        the_last(server)

    assert all_read(talk) == [1, 2, 3, 4, 5]


def says_bye(server: Talk) -> None:
    server.expect(NEXT)
    server.say(message(3), "* BYE shutting down")
    server.hang_up()


def hangs_up(server: Talk) -> None:
    server.expect(NEXT)
    server.say(message(3))
    server.raw(message(4)[:50])
    server.hang_up()


def announces_two_gigabytes(server: Talk) -> None:
    server.expect(NEXT)
    server.say(message(3), "* 4 FETCH (UID 4 BODY[HEADER] {2147483648}")


def falls_silent(server: Talk) -> None:
    server.expect(NEXT)
    server.say(message(3))


@pytest.mark.parametrize("between", [True, False])
@pytest.mark.parametrize("ends", [says_bye, hangs_up, announces_two_gigabytes, falls_silent])
def test_a_connection_that_ends_in_an_early_answer_is_read_on_where_it_was(
    ends: Callable[[Talk], None], between: bool
) -> None:
    def first(server: Talk) -> None:
        opened(server)
        ends(server)

    def second(server: Talk) -> None:
        server.log_in()
        server.on('STATUS "INBOX" .*', '* STATUS "INBOX" (MESSAGES 5 UIDNEXT 6 UIDVALIDITY 7)')
        server.examine(exists=5, uidnext=6)
        server.on(r"UID FETCH 3:5 \(UID\)", *(f"* {n} FETCH (UID {n})" for n in range(3, 6)))
        server.on(NEXT, message(3), message(4))
        the_last(server)

    with mailbox_to(first, second) as (mailbox, _):
        pages = mailbox.newer_than(INBOX, None)
        page = next(pages)
        with pytest.raises(UnreachableError):
            next(iter(mailbox.whole(INBOX, [1])) if between else pages)
        assert page.cursor.last_uid == 2
        later = [one.uid for page in mailbox.newer_than(INBOX, page.cursor) for one in page.messages]
    assert later == [3, 4, 5]


def test_new_mail_that_is_told_of_in_an_early_answer_is_news() -> None:
    def talk(server: Talk) -> None:
        opened(server)
        server.on(NEXT, message(3), "* 6 EXISTS", message(4))
        the_last(server)

    with mailbox_to(talk) as (mailbox, _):
        assert sum(len(page.messages) for page in mailbox.newer_than(INBOX, None)) == 5
        session = mailbox._connected()
        assert session.messages == 6
        assert session.take_news()


def test_a_reading_that_is_given_up_leaves_a_connection_that_can_be_used() -> None:
    def talk(server: Talk) -> None:
        opened(server)
        server.on(NEXT, message(3), message(4))
        server.on("NOOP")

    with mailbox_to(talk) as (mailbox, _):
        next(mailbox.newer_than(INBOX, None))
        assert mailbox._connected().noop() == 5
