"""What matters most, against mail servers of other houses: Cyrus and Courier for the mailbox, Exim for the way out.

Cyrus pushes by its own daemon, speaks of special use, and renews UIDVALIDITY; Courier has all folders below INBOX, no
special use, and no order among its files. Exim writes delivery reports in words of its own.
"""

import shutil
from datetime import timedelta

import pytest

from tests.acceptance.conftest import EVERYWHERE
from tests.acceptance.installation import Installation
from tests.acceptance.letters import answer
from tests.servers.courier import CourierServers
from tests.servers.exim import EximServers
from tests.servers.mailbox import Endpoint, Stored
from tests.servers.world import MailServers

pytestmark = pytest.mark.real
FORTNIGHT = timedelta(days=15)
LATER = timedelta(days=400)


@pytest.fixture
def ada(other_servers: EximServers) -> str:
    """A mentor."""
    return other_servers.new_user("ada")


def opened(at_other: Installation, ada: str) -> Stored:
    """Let the opening letter go out, and give it as it arrived."""
    at_other.add(ada)
    at_other.round()
    [letter] = at_other.servers.wait_for(ada)
    assert at_other.state(ada) == "waiting"
    return letter


def answered_for_good(at_other: Installation, ada: str, letters: int = 1) -> None:
    """See that the answer was found, and that nothing follows it, be it in a year."""
    at_other.round(at=FORTNIGHT)
    assert at_other.state(ada) == "answered", at_other.show(ada)["events"]
    at_other.round(at=LATER)
    assert len(at_other.servers.read(ada)) == letters


def test_a_letter_goes_its_copy_is_filed_and_the_answer_is_pushed(at_other: Installation, ada: str) -> None:
    at_other.settings["smtp"] = {"save_to_sent": "auto"}
    assert all(probe["ok"] for probe in at_other.json("check"))
    at_other.add(ada)
    with at_other.daemon():
        [letter] = at_other.servers.wait_for(ada)
        at_other.wait_for_state(ada, "waiting")
        at_other.wait_for_round()
        at_other.servers.send(ada, at_other.me, answer(letter, ada))
        at_other.servers.wait_for(at_other.me)
        at_other.wait_for_state(ada, "answered", seconds=10)  # `poll` is far more: it was told by IDLE
    assert letter.header("Message-ID") == at_other.show(ada)["letters"][0]["message_id"]
    [copy] = at_other.servers.read(at_other.me, "Sent")
    assert copy.header("Message-ID") == letter.header("Message-ID")
    assert r"\Seen" in copy.flags
    at_other.round(at=LATER)
    assert len(at_other.servers.read(ada)) == 1


@pytest.mark.parametrize("other_servers", [MailServers], ids=["dovecot"], indirect=True)
def test_an_answer_that_a_filter_put_elsewhere_is_pushed(
    other_servers: MailServers, at_other: Installation, ada: str
) -> None:
    """Dovecot has NOTIFY, and tells in IDLE of folders that are not open."""
    other_servers.set_sieve(at_other.me, 'require "fileinto"; fileinto "Archive";')
    at_other.add(ada)
    with at_other.daemon():
        [letter] = other_servers.wait_for(ada)
        at_other.wait_for_state(ada, "waiting")
        at_other.wait_for_round()
        other_servers.deliver(at_other.me, answer(letter, ada))
        at_other.wait_for_state(ada, "answered", seconds=10)  # `poll` is far more
    assert not other_servers.read(at_other.me)


def test_a_follow_up_threads_and_a_copy_that_lies_in_sent_is_not_filed_again(at_other: Installation, ada: str) -> None:
    at_other.settings["smtp"] = {"save_to_sent": "auto"}
    opening = opened(at_other, ada)
    at_other.round(at=FORTNIGHT)
    _, second = at_other.servers.wait_for(ada, 2)
    assert second.header("Subject") == f"Re: {opening.header('Subject')}"
    assert second.header("In-Reply-To") == opening.header("Message-ID")
    assert opening.header("Message-ID") in second.header("References").split()
    assert len(at_other.servers.read(at_other.me, "Sent")) == 2
    at_other.servers.deliver(at_other.me, answer(second, ada))
    answered_for_good(at_other, ada, letters=2)


@EVERYWHERE
@pytest.mark.parametrize("folder", ["Junk", "Archive.2026", "Entwürfe, fertige"])
def test_an_answer_that_was_moved_away_is_seen(
    other_servers: EximServers, at_other: Installation, ada: str, folder: str
) -> None:
    letter = opened(at_other, ada)
    other_servers.deliver(at_other.me, answer(letter, ada))
    name = folder.replace(".", other_servers.delimiter)
    if not folder.isascii():
        at_other.settings["imap"] = {"folders": ["INBOX", other_servers.below + name]}
    other_servers.move(at_other.me, name, seen=True)
    assert other_servers.read(at_other.me) == []
    answered_for_good(at_other, ada)


@pytest.mark.parametrize("other_servers", [MailServers, CourierServers], ids=["dovecot", "courier"], indirect=True)
def test_an_answer_from_an_internationalised_address_is_seen(at_other: Installation, ada: str) -> None:
    """Courier has UTF8=ACCEPT. (Cyrus puts an X in the place of each such letter, whoever asks.)"""
    letter = opened(at_other, ada)
    at_other.run("edit", ada, "--alias", "ädä@bücher.test")
    raw = answer(letter, ada).replace(ada.encode(), "ädä@bücher.test".encode())
    at_other.servers.deliver(at_other.me, raw)
    answered_for_good(at_other, ada)
    assert at_other.show(ada)["messages"][0]["from"].startswith("ädä@")


def test_an_answer_in_a_folder_that_was_made_anew_is_seen(
    other_servers: EximServers, at_other: Installation, ada: str
) -> None:
    other_servers.append(at_other.me, b"Subject: a note\r\n\r\n", folder="Reading")
    at_other.settings["imap"] = {"folders": ["INBOX", other_servers.below + "Reading"]}
    letter = opened(at_other, ada)
    other_servers.remove(at_other.me, "Reading")
    other_servers.append(at_other.me, answer(letter, ada), folder="Reading", flags=r"\Seen")
    answered_for_good(at_other, ada)


@pytest.mark.parametrize("other_servers", [CourierServers], ids=["courier"], indirect=True)
def test_a_mailbox_without_a_folder_for_sent_mail_gets_one(at_other: Installation, ada: str) -> None:
    at_other.servers.remove(at_other.me, "Sent")
    opened(at_other, ada)
    [copy] = at_other.servers.read(at_other.me, "Sent")
    assert at_other.show(ada)["letters"][0]["message_id"] == copy.header("Message-ID")


@EVERYWHERE
def test_a_database_restored_from_before_a_letter_does_not_send_it_again(at_other: Installation, ada: str) -> None:
    at_other.add(ada)
    at_other.run("backup", str(at_other.home / "backup.db"))
    at_other.round()
    assert len(at_other.servers.wait_for(ada)) == 1
    [database] = at_other.home.rglob("followupd.db")
    for path in database.parent.glob("followupd.db-*"):
        path.unlink()
    shutil.copy(at_other.home / "backup.db", database)
    at_other.round()
    assert at_other.state(ada) == "waiting"
    at_other.round(at=timedelta(days=1))
    assert len(at_other.servers.read(ada)) == 1


def test_a_recipient_refused_at_once_is_given_up(at_other: Installation) -> None:
    at_other.add("nobody@mentors.test")
    at_other.round()
    assert at_other.state("nobody@mentors.test") == "undeliverable"


def test_a_delivery_report_of_exim_ends_the_thread(other_servers: EximServers, at_other: Installation) -> None:
    gone = f"gone-{at_other.me.partition('@')[0]}@hard.test"
    at_other.add(gone)
    at_other.round()
    other_servers.wait_for(at_other.me)
    at_other.round()
    assert at_other.state(gone) == "undeliverable"
    assert [message["verdict"] for message in at_other.show(gone)["messages"]] == ["bounce"]


def test_letters_go_by_starttls_too(other_servers: EximServers, at_other: Installation, ada: str) -> None:
    at_other.imap = Endpoint(port=other_servers.imap_port, security="starttls", ca_file=other_servers.ca_file)
    port = other_servers.submission_port or 0
    at_other.smtp = Endpoint(port=port, security="starttls", ca_file=other_servers.ca_file)
    opened(at_other, ada)


def test_a_refused_login_is_told_as_one(at_other: Installation) -> None:
    at_other.password = "wrong"
    done = at_other.run("check", status=1)
    assert "refused the login" in done.out
    assert "has just refused the same password" in done.out
