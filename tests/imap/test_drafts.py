"""The folder for drafts at real servers: one message is put there and taken out again, and nothing else is touched."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from followupd.core.model import Lying, Shelf
from followupd.imap.mailbox import ImapMailbox
from tests.imap.test_real_dovecot import letter, mailbox_at, settings_for
from tests.servers.embedded import EmbeddedServers
from tests.servers.mailbox import Mailboxes

NOW = datetime(2027, 1, 4, 9, 0, tzinfo=UTC)
TO = ("me@followupd.test",)


@pytest.fixture
def address(servers: Mailboxes) -> str:
    return servers.new_user("drafting", "followupd.test")


@pytest.fixture
def mailbox(servers: Mailboxes, address: str) -> Iterator[ImapMailbox]:
    with mailbox_at(settings_for(servers, address)) as found:
        yield found


def look(mailbox: ImapMailbox, *uids: int) -> Shelf:
    found = mailbox.drafts(TO, uids)
    assert found is not None
    return found


def lying(mailbox: ImapMailbox, raw: bytes) -> Lying:
    """Put a draft there, and find out where it lies if the server does not say."""
    said = mailbox.put_draft(raw, NOW)
    shelf = look(mailbox)
    newest = Lying(shelf.folder, shelf.uidvalidity, max(one.uid for one in shelf.messages))
    assert said in {None, newest}
    return newest


def test_a_draft_is_put_there_as_one_and_taken_out_alone(
    servers: Mailboxes, address: str, mailbox: ImapMailbox
) -> None:
    servers.append(address, letter(1), folder="Drafts", flags=r"\Draft")
    servers.append(address, letter(2), folder="Drafts", flags=r"\Draft \Deleted")
    mine = lying(mailbox, letter(3))
    assert [one.header("Subject") for one in servers.read(address, "Drafts")] == ["number 1", "number 2", "number 3"]
    assert {"\\Draft", "\\Seen"} <= set(servers.read(address, "Drafts")[-1].flags.split())
    assert [one.size for one in look(mailbox).messages] == [len(letter(1)), len(letter(3))]
    assert mailbox.take_draft(mine) is True
    # neither the user's own draft nor the one that they marked as deleted goes with it
    assert [one.header("Subject") for one in servers.read(address, "Drafts")][:2] == ["number 1", "number 2"]
    assert mine.uid not in {one.uid for one in look(mailbox, mine.uid).messages}
    assert mailbox.take_draft(mine) is True


def test_under_another_uidvalidity_nothing_is_taken_out(servers: Mailboxes, address: str, mailbox: ImapMailbox) -> None:
    mine = lying(mailbox, letter(1))
    assert mailbox.take_draft(Lying(mine.folder, mine.uidvalidity + 1, mine.uid)) is False
    assert mailbox.take_draft(Lying("Elsewhere", mine.uidvalidity, mine.uid)) is False
    assert len(servers.read(address, "Drafts")) == 1


def test_without_uidplus_nobody_elses_deleted_mail_is_expunged(
    servers: Mailboxes, address: str, mailbox: ImapMailbox
) -> None:
    servers.append(address, letter(1), folder="Drafts", flags=r"\Draft \Deleted")
    mine = lying(mailbox, letter(2))
    assert mailbox._session is not None
    mailbox._session.capabilities = frozenset(mailbox._session.capabilities - {"UIDPLUS"})
    assert mailbox.take_draft(mine) is True
    assert ["\\Deleted" in one.flags for one in servers.read(address, "Drafts")] == [True, True]
    # what is marked as deleted lies there no more
    assert look(mailbox, mine.uid).messages == ()


def test_a_mailbox_without_such_a_folder_says_so(embedded_servers: EmbeddedServers) -> None:
    address = embedded_servers.new_user("drafting", "followupd.test")
    embedded_servers.remove(address, "Drafts")
    with mailbox_at(settings_for(embedded_servers, address)) as mailbox:
        assert mailbox.drafts(TO, ()) is None
        embedded_servers.append(address, letter(1), folder="Entwürfe", flags=r"\Draft")
        assert look(mailbox).folder == "Entwürfe"
