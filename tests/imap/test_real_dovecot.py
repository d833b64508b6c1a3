"""The mailbox at servers that nobody scripted: Dovecot with all its ways of connecting, and the embedded one."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from time import monotonic

import pytest

from followupd.core.connections import Security, Server
from followupd.core.errors import LoginRefusedError
from followupd.core.model import Cursor, Folder, RawMessage, Role
from followupd.imap.mailbox import ImapMailbox
from tests.imap.conftest import Wake
from tests.imap.scripted import server_at
from tests.servers.mailbox import PASSWORD, Mailboxes
from tests.servers.world import MailServers

INBOX = Folder(name="INBOX", role=Role.INBOX)


def letter(number: int, *, body: str = "hi") -> bytes:
    return (
        f"From: Ada <ada@mentors.test>\r\nTo: me@followupd.test\r\nSubject: number {number}\r\n"
        f"Message-ID: <{number}@mentors.test>\r\nReferences: <a@b>\r\n <c@d>\r\nX-Unasked: yes\r\n\r\n{body}\r\n"
    ).encode()


def settings_for(servers: Mailboxes, address: str) -> Server:
    endpoint = servers.imap
    found = server_at(endpoint.port, Security(endpoint.security), ca_file=endpoint.ca_file)
    return replace(found, username=address)


@contextmanager
def mailbox_at(server: Server, folders: tuple[str, ...] | None = None) -> Iterator[ImapMailbox]:
    mailbox = ImapMailbox(server, lambda: PASSWORD, folders)
    try:
        yield mailbox
    finally:
        mailbox.close()


def everything(mailbox: ImapMailbox, folder: Folder, cursor: Cursor | None) -> tuple[list[RawMessage], Cursor]:
    pages = list(mailbox.newer_than(folder, cursor))
    return [message for page in pages for message in page.messages], pages[-1].cursor


# -- both servers ------------------------------------------------------------------------------------------------------


def test_a_mailbox_is_read_as_it_fills(servers: Mailboxes) -> None:
    address = servers.new_user("reader", "followupd.test")
    with mailbox_at(settings_for(servers, address)) as mailbox:
        folders = mailbox.folders()
        assert {Role.INBOX, Role.SENT, Role.JUNK} <= {folder.role for folder in folders}
        assert Role.DRAFTS not in {folder.role for folder in folders}
        none, cursor = everything(mailbox, INBOX, None)
        assert none == []
        for number in (1, 2):
            servers.append(address, letter(number))
        messages, cursor = everything(mailbox, INBOX, cursor)
        assert [message.raw.split(b"\r\n")[2] for message in messages] == [b"Subject: number 1", b"Subject: number 2"]
        assert all(b"References: <a@b>\r\n <c@d>\r\n" in message.raw for message in messages)
        assert not any(b"X-Unasked" in message.raw or b"hi" in message.raw for message in messages)
        assert all(message.internal_date is not None and message.size >= len(letter(1)) for message in messages)
        assert everything(mailbox, INBOX, cursor) == ([], cursor)
        servers.append(address, letter(3))
        again, cursor = everything(mailbox, INBOX, cursor)
        assert [message.uid for message in again] == [messages[-1].uid + 1]
        whole = list(mailbox.whole(INBOX, [messages[0].uid, again[0].uid, again[0].uid + 50]))
        assert [message.raw for message in whole] == [letter(1), letter(3)]
        assert "\\Seen" not in {stored.flags for stored in servers.read(address)}


def test_mail_that_is_moved_to_junk_is_seen_there(servers: Mailboxes) -> None:
    address = servers.new_user("junk", "followupd.test")
    with mailbox_at(settings_for(servers, address)) as mailbox:
        cursors = {folder: everything(mailbox, folder, None)[1] for folder in mailbox.folders()}
        junk = next(folder for folder in cursors if folder.role is Role.JUNK)
        servers.append(address, letter(1))
        servers.move(address, junk.name)
        found = {folder: everything(mailbox, folder, cursors[folder])[0] for folder in mailbox.folders()}
    assert [folder for folder, messages in found.items() if messages] == [junk]


def test_a_letter_that_is_filed_is_found(servers: Mailboxes) -> None:
    address = servers.new_user("filer", "followupd.test")
    with mailbox_at(settings_for(servers, address)) as mailbox:
        assert mailbox.find_sent("<7@mentors.test>") is None
        mailbox.file_sent(letter(7), datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC))
        found = mailbox.find_sent("<7@mentors.test>")
        assert mailbox.find_sent("<77@mentors.test>") is None
    assert found is not None
    assert found.internal_date == datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)
    stored = servers.read(address, "Sent")
    assert [(message.raw, "\\Seen" in message.flags) for message in stored] == [(letter(7), True)]


def test_mail_ends_a_wait_and_a_signal_does(servers: Mailboxes, wake: Wake) -> None:
    address = servers.new_user("waiter", "followupd.test")
    with mailbox_at(settings_for(servers, address)) as mailbox:
        _, cursor = everything(mailbox, INBOX, None)
        for number in range(2):
            arrival = threading.Timer(0.2, servers.append, (address, letter(number)))
            arrival.start()
            begun = monotonic()
            mailbox.wait(30, wake.reads)
            assert monotonic() - begun < 10
            arrival.join()
            messages, cursor = everything(mailbox, INBOX, cursor)
            assert len(messages) == 1
        threading.Timer(0.2, wake.up).start()
        begun = monotonic()
        mailbox.wait(30, wake.reads)
        assert monotonic() - begun < 1


def test_mail_between_the_last_look_and_the_wait_ends_the_wait(servers: Mailboxes, wake: Wake) -> None:
    address = servers.new_user("between", "followupd.test")
    with mailbox_at(settings_for(servers, address)) as mailbox:
        everything(mailbox, INBOX, None)
        servers.append(address, letter(1))
        begun = monotonic()
        mailbox.wait(30, wake.reads)
        assert monotonic() - begun < 2


# -- Dovecot -----------------------------------------------------------------------------------------------------------


@pytest.mark.real
@pytest.mark.parametrize("security", list(Security))
def test_every_way_to_connect_leads_to_the_mailbox(mail_servers: MailServers, security: Security) -> None:
    address = mail_servers.new_user("ways", "followupd.test")
    port = mail_servers.imaps_port if security is Security.TLS else mail_servers.imap_port
    server = replace(server_at(port or 0, security, ca_file=mail_servers.ca_file), username=address)
    with mailbox_at(server) as mailbox:
        assert "Dovecot" in mailbox.test()
        assert mailbox.folders()


@pytest.mark.real
@pytest.mark.parametrize("password", ["pässwörd", 'with "quotes" \\ and {5}', "wrong"])
def test_passwords_of_all_kinds(mail_servers: MailServers, password: str) -> None:
    address = mail_servers.new_user("login", "followupd.test")
    if password != "wrong":
        mail_servers.add_user(address, password)
    mailbox = ImapMailbox(settings_for(mail_servers, address), lambda: password, None)
    if password == "wrong":
        with pytest.raises(LoginRefusedError, match="AUTHENTICATIONFAILED"):
            mailbox.folders()
    else:
        assert mailbox.folders()
    mailbox.close()


@pytest.mark.real
def test_folders_of_any_name_are_read(mail_servers: MailServers) -> None:
    address = mail_servers.new_user("names", "followupd.test")
    names = ("Björn & Co", "a\\b")
    for name in names:
        mail_servers.append(address, letter(1), folder=name)
    with mailbox_at(settings_for(mail_servers, address), names) as mailbox:
        for folder in mailbox.folders()[:2]:
            assert len(everything(mailbox, folder, None)[0]) == 1


@pytest.mark.real
def test_a_folder_that_is_deleted_and_made_again_is_read_from_the_start(mail_servers: MailServers) -> None:
    address = mail_servers.new_user("again", "followupd.test")
    mail_servers.append(address, letter(1), folder="Mentors")
    with mailbox_at(settings_for(mail_servers, address), ("Mentors",)) as mailbox:
        folder = mailbox.folders()[0]
        _, before = everything(mailbox, folder, None)
        everything(mailbox, INBOX, None)
        with mail_servers.client(address) as connection:
            connection.delete("Mentors")
        mail_servers.append(address, letter(2), folder="Mentors")
        messages, after = everything(mailbox, folder, before)
    assert len(messages) == 1
    assert after.uidvalidity != before.uidvalidity


@pytest.mark.real
def test_messages_that_go_while_a_folder_is_read_are_passed(mail_servers: MailServers, wake: Wake) -> None:
    address = mail_servers.new_user("gone", "followupd.test")
    for number in range(4):
        mail_servers.append(address, letter(number))
    with mailbox_at(settings_for(mail_servers, address)) as mailbox:
        mailbox.wait(0, wake.reads)  # opens the inbox
        with mail_servers.client(address) as connection:
            connection.select("INBOX")
            connection.store("2:3", "+FLAGS", r"(\Deleted)")
            connection.expunge()
        messages, cursor = everything(mailbox, INBOX, None)
        assert [message.uid for message in messages] == [1, 4]
        assert cursor.last_uid == 4
        assert [message.uid for message in mailbox.whole(INBOX, [1, 2, 3, 4])] == [1, 4]


@pytest.mark.real
def test_a_great_body_is_cut(mail_servers: MailServers) -> None:
    address = mail_servers.new_user("great", "followupd.test")
    mail_servers.append(address, letter(1, body="x" * 70 + "\r\n") + (b"y" * 70 + b"\r\n") * 20_000)
    with mailbox_at(settings_for(mail_servers, address)) as mailbox:
        messages, _ = everything(mailbox, INBOX, None)
        (whole,) = mailbox.whole(INBOX, [messages[0].uid])
    assert len(whole.raw) == 256 * 1024
    assert whole.size > 1_000_000
