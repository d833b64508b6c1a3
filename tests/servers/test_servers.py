"""The servers that other tests rely on do what those tests assume."""

import imaplib
import smtplib
import ssl

import pytest

from tests.servers.mailbox import HOST, Mailboxes, Stored
from tests.servers.world import MailServers

VACATION = """require ["vacation", "vacation-seconds"];
vacation :seconds 0 :subject "Away" "I am back on 3 March 2027.";
"""


def letter(sender: str, recipient: str, message_id: str = "<1@followupd.test>") -> bytes:
    return (
        f"From: {sender}\r\nTo: {recipient}\r\nSubject: Hello\r\nMessage-ID: {message_id}\r\n\r\n.a line\r\n"
    ).encode()


def test_a_letter_reaches_its_mailbox_and_no_other(servers: Mailboxes) -> None:
    me, ada = servers.new_user("me", "followupd.test"), servers.new_user("ada")
    servers.send(me, ada, letter(me, ada))
    [arrived] = servers.wait_for(ada)
    assert arrived.header("Subject") == "Hello"
    assert arrived.parsed.get_content() == ".a line\r\n"
    assert servers.read(me) == []


def test_an_unknown_recipient_is_refused_at_rcpt(servers: Mailboxes) -> None:
    me = servers.new_user("me", "followupd.test")
    with pytest.raises(smtplib.SMTPRecipientsRefused) as refused:
        servers.send(me, "nobody@mentors.test", letter(me, "nobody@mentors.test"))
    [(code, text)] = refused.value.recipients.values()
    assert code == 550
    assert text.startswith(b"5.1.1")


def test_mail_can_be_put_into_a_folder_and_moved(servers: Mailboxes) -> None:
    me = servers.new_user("me", "followupd.test")
    servers.deliver(me, letter("ada@mentors.test", me))
    servers.move(me, "Archive", seen=True)
    servers.append(me, letter(me, "ada@mentors.test", "<2@followupd.test>"), folder="Sent", flags=r"\Seen")
    assert servers.read(me) == []
    [archived] = servers.read(me, "Archive")
    assert r"\Seen" in archived.flags
    assert [message.header("Message-ID") for message in servers.read(me, "Sent")] == ["<2@followupd.test>"]


def test_a_wrong_password_is_refused(servers: Mailboxes) -> None:
    connection = imaplib.IMAP4(HOST, servers.imap_port, timeout=20)
    with pytest.raises(imaplib.IMAP4.error):
        connection.login("me@followupd.test", "wrong")
    connection.logout()


@pytest.mark.real
def test_a_vacation_script_answers(mail_servers: MailServers) -> None:
    me, oof = mail_servers.new_user("me", "followupd.test"), mail_servers.new_user("oof")
    mail_servers.set_sieve(oof, VACATION)
    mail_servers.send(me, oof, letter(me, oof, "<77@followupd.test>"))
    [answer] = mail_servers.wait_for(me)
    assert answer.header("In-Reply-To") == "<77@followupd.test>"
    assert answer.header("Auto-Submitted").startswith("auto-replied")


@pytest.mark.real
@pytest.mark.parametrize(("domain", "status"), [("hard.test", "5.1.1"), ("full.test", "5.2.2"), ("spam.test", "5.7.1")])
def test_some_domains_take_a_letter_and_bounce_it_later(mail_servers: MailServers, domain: str, status: str) -> None:
    me = mail_servers.new_user("me", "followupd.test")
    mail_servers.send(me, f"gone@{domain}", letter(me, f"gone@{domain}"))
    [bounce] = mail_servers.wait_for(me)
    assert f"Status: {status}".encode() in bounce.raw


@pytest.mark.real
def test_submission_wants_starttls_before_a_login(mail_servers: MailServers) -> None:
    with smtplib.SMTP(HOST, mail_servers.submission_port or 0, local_hostname="localhost", timeout=20) as connection:
        connection.ehlo()
        assert not connection.has_extn("auth")
        connection.starttls(context=ssl.create_default_context(cafile=mail_servers.ca_file))
        connection.login("me@followupd.test", "secret")


@pytest.mark.real
def test_two_worlds_can_run_at_once(mail_servers: MailServers) -> None:
    with MailServers() as other:
        other.send("ada@mentors.test", "me@followupd.test", letter("ada@mentors.test", "me@followupd.test"))
        assert len(other.wait_for("me@followupd.test")) == 1
    assert mail_servers.read("me@followupd.test") == []


def test_a_header_is_read_unfolded() -> None:
    assert Stored(raw=b"Subject: a\r\n b\r\nTo: x\r\n\r\nbody\r\n", flags="").header("subject") == "a b"
