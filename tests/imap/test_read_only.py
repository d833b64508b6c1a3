"""Folders of a real Dovecot that may be read and nothing more: by their access rights (RFC 4314), or on a disk."""

from imaplib import IMAP4
from pathlib import Path

import pytest

from followupd.actions.round import one_round
from followupd.app import App
from followupd.core.model import Role, State
from tests.actions.pretend import ADA, Fuse, Server, days, process, reply, somebody
from tests.imap.test_real_dovecot import INBOX, everything, letter, mailbox_at, settings_for
from tests.servers.private import hand_over
from tests.servers.world import MailServers

pytestmark = pytest.mark.real
HOWS = ("rights", "disk")


def folder_of(servers: MailServers, address: str, name: str) -> Path:
    maildir = servers.home(address) / "Maildir"
    return maildir if name == "INBOX" else maildir / f".{name}"


def close(servers: MailServers, address: str, name: str, how: str) -> None:
    """Let nobody change a folder: its owner has no right but to read, or it lies on a disk that takes nothing."""
    folder = folder_of(servers, address, name)
    if how == "rights":
        (folder / "dovecot-acl").write_text("owner lr\n")
        hand_over(folder)
        return
    for place in (folder, *(folder / part for part in ("cur", "new", "tmp"))):
        place.chmod(0o555)


def open_again(servers: MailServers, address: str, name: str) -> None:
    """Take back what `close` did."""
    folder = folder_of(servers, address, name)
    (folder / "dovecot-acl").unlink(missing_ok=True)
    for place in (folder, *(folder / part for part in ("cur", "new", "tmp"))):
        place.chmod(0o755)


@pytest.mark.parametrize("how", HOWS)
def test_a_folder_that_is_read_only_is_read_like_any_other(mail_servers: MailServers, how: str) -> None:
    address = mail_servers.new_user(f"closed.{how}", "followupd.test")
    for number in (1, 2):
        mail_servers.append(address, letter(number))
    close(mail_servers, address, "INBOX", how)
    with mail_servers.client(address) as connection:
        with pytest.raises(IMAP4.readonly):
            connection.select("INBOX")
        connection.is_readonly = True
    with mailbox_at(settings_for(mail_servers, address)) as mailbox:
        messages, cursor = everything(mailbox, INBOX, None)
        assert [one.raw for one in mailbox.whole(INBOX, [one.uid for one in messages])] == [letter(1), letter(2)]
        assert everything(mailbox, INBOX, cursor) == ([], cursor)
    open_again(mail_servers, address, "INBOX")
    assert all("\\Seen" not in stored.flags for stored in mail_servers.read(address))


@pytest.mark.parametrize("how", HOWS)
def test_where_sent_takes_nothing_letters_go_once_and_their_copies_follow(
    tmp_path: Path, mail_servers: MailServers, how: str
) -> None:
    address = mail_servers.new_user(f"full.{how}", "followupd.test")
    mail_servers.append(address, letter(1), folder="Sent")
    close(mail_servers, address, "Sent", how)
    server = Server(files=False)
    with mailbox_at(settings_for(mail_servers, address)) as mailbox:
        app = process(tmp_path, server, Fuse(), save="always")
        app = App(
            settings=app.settings, db=app.db, templates=app.templates, clock=app.clock, mailbox=mailbox,
            postman=app.postman, resolver=app.resolver,
        )  # fmt: skip
        somebody(app, ADA)
        for day in (0.0, 1.0, 14.0, 15.0):
            server.now = days(day)
            one_round(app)
        assert len(server.taken) == 2
        sent = next(folder for folder in mailbox.folders() if folder.role is Role.SENT)
        assert len(everything(mailbox, sent, None)[0]) == 1
        open_again(mail_servers, address, "Sent")
        # Dovecot remembers the rights for half a minute in a session
        mailbox.close()
        mail_servers.append(address, reply(server.to(ADA)[1], days(15)))
        server.now = days(16)
        one_round(app)
        copies, _ = everything(mailbox, sent, None)
        assert len(copies) == 3
        assert app.db.rows("SELECT state FROM threads")[0]["state"] == State.ANSWERED
        server.now = days(17)
        one_round(app)
        assert len(everything(mailbox, sent, None)[0]) == 3
    assert len(server.taken) == 2
