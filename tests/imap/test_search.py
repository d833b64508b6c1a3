"""Looking behind the place up to which a folder was read: hints are checked, refusals are not taken for absence."""

import re
from datetime import UTC, date, datetime

import pytest

from followupd.core.errors import UnreachableError
from followupd.core.model import Folder, Role, Sought
from followupd.imap.search import day
from tests.imap.scripted import FETCH_HEADERS, Talk, fetched, mailbox_to
from tests.imap.test_real_dovecot import letter, mailbox_at, settings_for
from tests.servers.mailbox import Mailboxes

INBOX = Folder(name="INBOX", role=Role.INBOX)
ID = "<by.hand@me.example>"
NEWEST = FETCH_HEADERS.removeprefix("UID ")


def opened(server: Talk, exists: int = 9) -> None:
    server.log_in()
    server.examine(exists=exists, uidnext=exists + 1)


def test_a_search_by_date_begins_a_day_earlier_and_gives_every_message() -> None:
    def talk(server: Talk) -> None:
        opened(server)
        server.on("UID SEARCH SINCE 28-Feb-2026", "* SEARCH 3 5 7")
        server.on(FETCH_HEADERS.format("3,5,7"), fetched(3, 3), fetched(5, 5))
        server.on(FETCH_HEADERS.format("7"), fetched(7, 7))

    with mailbox_to(talk) as (mailbox, _):
        assert [raw.uid for raw in mailbox.search(INBOX, Sought(since=date(2026, 3, 1)))] == [3, 5, 7]


def test_a_refused_search_by_date_is_not_taken_for_absence() -> None:
    def talk(server: Talk) -> None:
        opened(server)
        server.on("UID SEARCH .*", done="NO [UNAVAILABLE] later")

    with mailbox_to(talk) as (mailbox, _), pytest.raises(UnreachableError, match="later"):
        list(mailbox.search(INBOX, Sought(since=date(2026, 3, 1))))


def test_a_message_that_the_server_withholds_is_not_passed_over_and_one_that_is_gone_is() -> None:
    def talk(server: Talk) -> None:
        opened(server)
        server.on("UID SEARCH .*", "* SEARCH 3 5")
        server.on(FETCH_HEADERS.format("3,5"))
        for _ in range(2):
            server.on(r"UID FETCH 3 \(UID INTERNALDATE .*")
        server.on(r"UID FETCH 3 \(UID\)")
        for _ in range(2):
            server.on(r"UID FETCH 5 \(UID INTERNALDATE .*")
        server.on(r"UID FETCH 5 \(UID\)", "* 5 FETCH (UID 5)")

    with mailbox_to(talk) as (mailbox, _), pytest.raises(UnreachableError, match="UID 5"):
        list(mailbox.search(INBOX, Sought(since=date(2026, 3, 1))))


def test_recipients_are_searched_in_both_fields_and_the_newest_messages_are_given_besides() -> None:
    def talk(server: Talk) -> None:
        opened(server, exists=500)
        server.on('UID SEARCH TO "ada@x.test"', "* SEARCH 3")
        server.on('UID SEARCH CC "ada@x.test"', done="NO cannot")
        server.on(FETCH_HEADERS.format("3"), fetched(3, 3))
        server.on(NEWEST.format("301:500"), fetched(400, 400), fetched(500, 3))

    with mailbox_to(talk) as (mailbox, _):
        assert [raw.uid for raw in mailbox.search(INBOX, Sought(to=("ada@x.test",)))] == [3, 400]


@pytest.mark.parametrize(
    "sought",
    [
        Sought(to=('"a b"@x.test', "a\r\nA1 LOGOUT@x.test", "ä@x.test")),
        Sought(from_=('a"@x.test', "a\\@x.test", "a@x.test\x00")),
        Sought(message_id='<a"@b>'),
    ],
)
def test_what_a_command_cannot_carry_never_stands_in_one(sought: Sought) -> None:
    def talk(server: Talk) -> None:
        opened(server, exists=1)
        server.on(NEWEST.format("1:1"), fetched(1, 1))

    with mailbox_to(talk) as (mailbox, server):
        assert [raw.uid for raw in mailbox.search(INBOX, sought)] == [1]
    assert not any("SEARCH" in line for line in server.heard)


def test_a_day_is_written_in_the_words_of_imap() -> None:
    assert [day(date(2026, month, 1)) for month in (1, 5, 12)] == ["1-Jan-2026", "1-May-2026", "1-Dec-2026"]
    assert re.fullmatch(r"9-Oct-2026", day(date(2026, 10, 9)))


def test_both_kinds_of_servers_find_by_id_address_and_date(servers: Mailboxes) -> None:
    address = servers.new_user("seeker", "followupd.test")
    with mailbox_at(settings_for(servers, address)) as mailbox:
        mailbox.file_sent(letter(7), datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC))
        mailbox.file_sent(letter(8), datetime(2026, 5, 4, 5, 6, 7, tzinfo=UTC))
        [sent] = [folder for folder in mailbox.folders() if folder.role is Role.SENT]

        def months(sought: Sought) -> set[int]:
            return {raw.internal_date.month for raw in mailbox.search(sent, sought) if raw.internal_date}

        assert 5 in months(Sought(message_id="<8@mentors.test>"))
        assert 5 in months(Sought(to=("max@followupd.test",)))
        assert months(Sought(since=date(2026, 3, 6))) == {5}
        assert months(Sought(since=date(2026, 3, 4))) == {3, 5}
        assert list(mailbox.search(INBOX, Sought(since=date(2026, 3, 4)))) == []
