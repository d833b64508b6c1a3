"""News of folders that are not open (NOTIFY): told in IDLE, told once, and never more than a reason to look."""

from collections.abc import Callable
from dataclasses import replace
from time import monotonic

import pytest

from followupd.core.errors import UnreachableError
from followupd.core.model import Cursor, Folder, Role
from followupd.hearing import Ears
from followupd.imap.mailbox import ImapMailbox
from tests.imap.conftest import Wake
from tests.imap.scripted import HASTY, Conversation, Talk, mailbox_to, standing
from tests.imap.test_waiting import LONG, SHORTLY, done, waited

NOTIFIES = "IMAP4rev1 IDLE NOTIFY"
NAMES = ("INBOX", "Sent", "Archive", "Junk")
NOTIFY = (
    r"NOTIFY SET STATUS \(selected-delayed \(MessageNew MessageExpunge\)\)"
    r' \(mailboxes \("(Junk" "Archive|Archive" "Junk)"\) \(MessageNew MessageExpunge\)\)'
)
ARCHIVE = Folder(name="Archive", role=Role.ARCHIVE)


def status(name: str, uidnext: int, messages: int = 1) -> str:
    return f"* STATUS {name} (MESSAGES {messages} UIDNEXT {uidnext} UIDVALIDITY 7 UNSEEN 0)"


def is_read(server: Talk, capabilities: str = NOTIFIES) -> None:
    """Be read in a first round: an inbox of three messages, nothing elsewhere."""
    server.log_in(capabilities)
    server.on("NOOP")
    server.on('LIST "" "\\*"', *(f'* LIST () "/" "{name}"' for name in NAMES))
    for _ in NAMES:
        asked = server.expect('EXAMINE "(INBOX|Sent|Archive|Junk)"')
        server.say(*standing(exists=0, uidnext=4 if "INBOX" in asked else 1))
        server.done()


def reads(mailbox: ImapMailbox, cursors: dict[str, Cursor]) -> None:
    for folder in mailbox.folders():
        for page in mailbox.newer_than(folder, cursors.get(folder.name)):
            cursors[folder.name] = page.cursor


def notifying(then: Callable[[Talk], None], *initially: str, capabilities: str = NOTIFIES) -> Conversation:
    """Be read, be asked to tell of folders, say how they stand, let the client go to IDLE."""

    def talk(server: Talk) -> None:
        is_read(server, capabilities)
        server.on(NOTIFY, *(initially or (status("Junk", 1, 0), status("Archive", 1, 0))))
        idles(server)
        then(server)

    return talk


def idles(server: Talk) -> None:
    """Be waited for."""
    server.examine(exists=0, uidnext=4)
    server.expect("IDLE")
    server.say("+ idling")


def ends_idle(server: Talk) -> None:
    assert server.hear() == "DONE"


@pytest.mark.parametrize("said", [status("Archive", 2), status('"Archive"', 2), status("Junk", 9)])
def test_mail_in_another_folder_ends_a_wait_once(wake: Wake, said: str) -> None:
    def then(server: Talk) -> None:
        server.say(said)
        done(server)
        server.on("NOOP", said)
        server.expect("IDLE")
        server.say("+ idling", said)
        ends_idle(server)

    with mailbox_to(notifying(then)) as (mailbox, _):
        reads(mailbox, {})
        assert waited(mailbox, LONG, wake) < 2
        assert waited(mailbox, SHORTLY, wake) >= SHORTLY


@pytest.mark.parametrize(
    "said",
    [
        status("Archive", 1, 0),
        status("Elsewhere", 99),
        status("Sent", 2),
        "* STATUS Archive (MESSAGES 7)",
        "* STATUS Archive",
        "* STATUS",
        "* STATUS Archive (UIDNEXT 99999999999999999999999)",
        "* STATUS Archive (UIDNEXT (2))",
        "* STATUS (UIDNEXT 2) Archive",
        "* OK [NOTIFICATIONOVERFLOW] too much",
    ],
)
def test_what_is_no_new_mail_does_not_end_a_wait(wake: Wake, said: str) -> None:
    def then(server: Talk) -> None:
        server.say(said)
        ends_idle(server)

    with mailbox_to(notifying(then)) as (mailbox, _):
        reads(mailbox, {})
        assert waited(mailbox, SHORTLY, wake) >= SHORTLY


def test_what_came_before_the_server_was_asked_to_tell_is_told(wake: Wake) -> None:
    def talk(server: Talk) -> None:
        is_read(server)
        server.on(NOTIFY, status("Junk", 1, 0), status("Archive", 2))
        server.examine(exists=0, uidnext=4)

    with mailbox_to(talk) as (mailbox, _):
        reads(mailbox, {})
        assert waited(mailbox, LONG, wake) < 2


def test_a_folder_that_nothing_was_read_in_since_the_start_is_told_of_too(wake: Wake) -> None:
    def talk(server: Talk) -> None:
        server.log_in(NOTIFIES)
        server.on("NOOP")
        server.on('LIST "" "\\*"', *(f'* LIST () "/" "{name}"' for name in NAMES))
        for _ in NAMES:
            name = server.expect("STATUS .*").split('"')[1]
            server.say(f'* STATUS "{name}" (MESSAGES 3 UIDNEXT 4 UIDVALIDITY 7)')
            server.done()
        server.on(NOTIFY, status("Junk", 4), status("Archive", 4))
        server.examine(exists=3, uidnext=4)
        server.expect("IDLE")
        server.say("+ idling", status("Junk", 5))
        done(server)

    known = {name: Cursor(folder=name, uidvalidity=7, last_uid=3) for name in NAMES}
    with mailbox_to(talk) as (mailbox, _):
        reads(mailbox, known)
        assert waited(mailbox, LONG, wake) < 2


def test_among_several_mailboxes_too(wake: Wake) -> None:
    with (
        mailbox_to(notifying(lambda server: server.say(status("Archive", 2)))) as (one, _),
        mailbox_to(notifying(lambda server: None)) as (other, _),
    ):
        for mailbox in (one, other):
            reads(mailbox, {})
        ears = Ears({"one": one, "other": other})
        begun = monotonic()
        ears.wait(LONG, wake.reads)
        assert monotonic() - begun < 2
        assert (ears.news, ears.trouble) == ({"one"}, {})
        assert not one.news()


def test_the_answer_about_one_folder_is_not_taken_from_what_is_told_of_another(wake: Wake) -> None:
    """Junk has grown. The server tells of Archive, too, at the same moment: by Archive's numbers Junk has not."""

    def then(server: Talk) -> None:
        server.say(status("Junk", 2))
        done(server)
        server.on("NOOP")
        server.on('LIST "" "\\*"', *(f'* LIST () "/" "{name}"' for name in NAMES))
        server.on("NOOP")
        server.on('STATUS "Sent" .*', status("Sent", 1, 0))
        for _ in range(2):
            name = server.expect('STATUS "(Junk|Archive)" .*').split('"')[1]
            server.say(status(name, 2 if name == "Junk" else 1, 1 if name == "Junk" else 0))
            server.say(status("Archive" if name == "Junk" else "Junk", 1, 0))
            server.done()
            if name == "Junk":
                server.on('EXAMINE "Junk"', *standing(exists=1, uidnext=2))
                server.on("UID FETCH 1:1 .*", b'* 1 FETCH (UID 1 RFC822.SIZE 9 BODY[HEADER] "a: b")')

    with mailbox_to(notifying(then)) as (mailbox, _):
        cursors: dict[str, Cursor] = {}
        reads(mailbox, cursors)
        waited(mailbox, LONG, wake)
        reads(mailbox, cursors)
        assert cursors["Junk"].last_uid == 1


@pytest.mark.parametrize("answer", ["NO [BADEVENT (FlagChange)] no", "NO no", "BAD what?"])
def test_a_server_that_will_not_tell_is_not_asked_again(wake: Wake, answer: str) -> None:
    def talk(server: Talk) -> None:
        is_read(server)
        server.on(NOTIFY, done=answer)
        idles(server)
        ends_idle(server)
        server.hang_up()

    def again(server: Talk) -> None:
        server.log_in(NOTIFIES)
        idles(server)
        ends_idle(server)

    with mailbox_to(talk, again) as (mailbox, server):
        reads(mailbox, {})
        for _ in range(2):
            assert waited(mailbox, SHORTLY, wake) >= SHORTLY
            mailbox.close()
    assert sum("NOTIFY SET" in line for line in server.heard) == 1


def says_nothing(server: Talk) -> None:
    server.expect(NOTIFY)


def hangs_up(server: Talk) -> None:
    server.expect(NOTIFY)
    server.hang_up()


def talks_nonsense(server: Talk) -> None:
    server.expect(NOTIFY)
    server.say("\x00 what")


@pytest.mark.parametrize("then", [says_nothing, hangs_up, talks_nonsense])
def test_a_server_that_breaks_at_it_costs_one_reconnect(wake: Wake, then: Callable[[Talk], None]) -> None:
    def talk(server: Talk) -> None:
        is_read(server)
        then(server)

    def again(server: Talk) -> None:
        server.log_in(NOTIFIES)
        idles(server)
        ends_idle(server)
        server.hang_up()

    with mailbox_to(talk, again, again, patience=replace(HASTY, short=0.5)) as (mailbox, _):
        reads(mailbox, {})
        for _ in range(2):
            assert waited(mailbox, SHORTLY, wake) >= SHORTLY
            mailbox.close()


def test_a_server_that_cannot_wait_and_tell_is_waited_for_without(wake: Wake) -> None:
    def talk(server: Talk) -> None:
        is_read(server)
        server.on(NOTIFY, status("Junk", 1, 0), status("Archive", 1, 0))
        server.examine(exists=0, uidnext=4)
        server.expect("IDLE")
        server.hang_up()

    def again(server: Talk) -> None:
        server.log_in(NOTIFIES)
        idles(server)
        ends_idle(server)

    with mailbox_to(talk, again) as (mailbox, _):
        reads(mailbox, {})
        with pytest.raises(UnreachableError):
            mailbox.wait(LONG, wake.reads)
        assert waited(mailbox, SHORTLY, wake) >= SHORTLY


def test_a_flood_of_it_is_given_up(wake: Wake) -> None:
    def then(server: Talk) -> None:
        for _ in range(20):
            server.raw((status("Archive", 1).encode() + b"!" * 1000 + b"\r\n") * 1000)

    def again(server: Talk) -> None:
        server.log_in("IMAP4rev1 IDLE")
        idles(server)
        ends_idle(server)

    with mailbox_to(notifying(then), again) as (mailbox, _):
        reads(mailbox, {})
        with pytest.raises(UnreachableError, match="without end"):
            mailbox.wait(LONG, wake.reads)
