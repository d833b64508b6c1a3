"""Folders of followupd's own: found and made as the server parts names; emptied of what was named and no more."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from followupd.core.errors import FollowupdError, UnreachableError
from followupd.core.model import Folder, Role
from followupd.imap.mailbox import ImapMailbox
from tests.imap.scripted import HASTY, Conversation, ScriptedServer, Talk, server_at, standing

WANTED = (("patient",), ("stop",))
STOP = Folder(name="followupd/stop", role=Role.OTHER)
RAW = b"From: me\r\nTo: ada\r\n\r\nDear Ada\r\n"


def lists(*names: str, delimiter: str = "/") -> list[str | bytes]:
    return [f'* LIST () "{delimiter}" "{name}"' for name in names]


@contextmanager
def keeping(conversation: Conversation, folders: tuple[str, ...] | None = None) -> Iterator[ImapMailbox]:
    with ScriptedServer(conversation) as server:
        mailbox = ImapMailbox(server_at(server.port), lambda: "secret", folders, HASTY, trays=True)
        try:
            yield mailbox
        finally:
            mailbox.close()


def listed(server: Talk, *names: str, delimiter: str = "/", capabilities: str = "IMAP4rev1 UIDPLUS") -> None:
    """Log in and be listed."""
    server.log_in(capabilities)
    server.on("NOOP")
    server.on('LIST "" "\\*"', *lists(*names, delimiter=delimiter))


@pytest.mark.parametrize(
    ("delimiter", "prefix", "capabilities"),
    [("/", "", "IMAP4rev1"), (".", "INBOX.", "IMAP4rev1 NAMESPACE"), ("^", "", "IMAP4rev1 NAMESPACE")],
)
def test_folders_are_made_where_the_user_has_theirs(delimiter: str, prefix: str, capabilities: str) -> None:
    patient, stop = (f"{prefix}followupd{delimiter}{name}" for name in ("patient", "stop"))

    def talk(server: Talk) -> None:
        listed(server, "INBOX", stop, delimiter=delimiter, capabilities=capabilities)
        if "NAMESPACE" in capabilities:
            server.on("NAMESPACE", f'* NAMESPACE (("{prefix}" "{delimiter}")) NIL NIL')
        escaped = patient.replace(".", r"\.").replace("^", r"\^")
        server.on(f'CREATE "{escaped}"')
        server.on(f'SUBSCRIBE "{escaped}"')
        server.on('LIST "" "\\*"', *lists("INBOX", stop, patient, delimiter=delimiter))

    with keeping(talk) as mailbox:
        mailbox.folders()
        for _ in range(2):
            assert {(path, one.name) for path, one in mailbox.trays(WANTED)} == {
                (("stop",), stop),
                (("patient",), patient),
            }


def test_a_folder_that_the_server_does_not_make_is_not_asked_for_again() -> None:
    def talk(server: Talk) -> None:
        listed(server, "INBOX", "followupd/stop")
        server.on('CREATE "followupd/patient"', done="NO [NOPERM] no")

    with keeping(talk) as mailbox:
        mailbox.folders()
        for _ in range(2):
            assert [path for path, _ in mailbox.trays(WANTED)] == [("stop",)]


def test_a_server_that_parts_no_names_gets_no_folders() -> None:
    def talk(server: Talk) -> None:
        server.log_in("IMAP4rev1")
        server.on('LIST "" "\\*"', '* LIST () NIL "INBOX"')

    with keeping(talk) as mailbox:
        assert mailbox.trays(WANTED) == ()


def test_what_lies_there_is_no_mail_that_is_read_whatever_folders_are_watched() -> None:
    names = ("INBOX", "Sent", "followupd/stop", "followupd/Archive", "followupd", "followupd2")

    def talk(server: Talk) -> None:
        listed(server, *names)

    with keeping(talk, folders=names) as mailbox:
        assert {one.name for one in mailbox.folders()} == {"INBOX", "Sent", "followupd2"}


def test_what_is_marked_as_deleted_is_not_read() -> None:
    def talk(server: Talk) -> None:
        server.log_in()
        server.examine(exists=3, uidnext=9, folder="followupd/stop")
        server.on("UID SEARCH UNDELETED", "* SEARCH 8")
        server.on("UID FETCH 8 .*", b"* 3 FETCH (UID 8 RFC822.SIZE 9 BODY[]<0> {%d}\r\n%s)" % (len(RAW), RAW))

    with keeping(talk) as mailbox:
        assert [(one.uid, one.raw) for one in mailbox.lying_in(STOP)] == [(8, RAW)]


def test_an_empty_folder_costs_one_trip() -> None:
    def talk(server: Talk) -> None:
        server.log_in()
        server.examine(exists=0, uidnext=9, folder="followupd/stop")

    with keeping(talk) as mailbox:
        assert list(mailbox.lying_in(STOP)) == []


@pytest.mark.parametrize("answer", ["NO no", "BAD no"])
def test_a_search_that_is_refused_is_not_taken_for_nothing_there(answer: str) -> None:
    def talk(server: Talk) -> None:
        server.log_in()
        server.examine(exists=3, uidnext=9, folder="followupd/stop")
        server.on("UID SEARCH UNDELETED", done=answer)

    with keeping(talk) as mailbox, pytest.raises(UnreachableError):
        list(mailbox.lying_in(STOP))


def one_was_read(server: Talk, capabilities: str = "IMAP4rev1 UIDPLUS") -> None:
    """Log in; give one message of the folder."""
    listed(server, "INBOX", "Sent", "followupd/stop", capabilities=capabilities)
    server.examine(exists=3, uidnext=9, folder="followupd/stop")
    server.on("UID SEARCH UNDELETED", "* SEARCH 8")
    server.on("UID FETCH 8 .*", b"* 3 FETCH (UID 8 RFC822.SIZE 9 BODY[]<0> {%d}\r\n%s)" % (len(RAW), RAW))


def test_what_was_done_is_removed_by_its_uid_and_the_folder_is_opened_anew_for_reading() -> None:
    def talk(server: Talk) -> None:
        one_was_read(server)
        server.on('SELECT "followupd/stop"', *standing(exists=3, uidnext=9), done="OK [READ-WRITE] done")
        server.on(r"UID STORE 8 \+FLAGS\.SILENT \(\\Deleted\)")
        server.on("UID EXPUNGE 8", "* 3 EXPUNGE")
        server.examine(exists=2, uidnext=9, folder="followupd/stop")
        server.on("UID SEARCH UNDELETED", "* SEARCH")

    with keeping(talk) as mailbox:
        mailbox.folders()
        list(mailbox.lying_in(STOP))
        mailbox.remove(STOP, [8])
        assert list(mailbox.lying_in(STOP)) == []


def test_without_uidplus_nothing_is_expunged_that_others_have_marked() -> None:
    def talk(server: Talk) -> None:
        one_was_read(server, "IMAP4rev1")
        server.on('SELECT "followupd/stop"', *standing(exists=3, uidnext=9), done="OK [READ-WRITE] done")
        server.on(r"UID STORE 8 \+FLAGS\.SILENT \(\\Deleted\)")

    with keeping(talk) as mailbox:
        mailbox.folders()
        list(mailbox.lying_in(STOP))
        mailbox.remove(STOP, [8])


def test_nothing_is_removed_from_a_folder_that_was_made_anew() -> None:
    def talk(server: Talk) -> None:
        one_was_read(server)
        said = standing(exists=3, uidvalidity=99, uidnext=9)
        server.on('SELECT "followupd/stop"', *said, done="OK [READ-WRITE] done")

    with keeping(talk) as mailbox:
        mailbox.folders()
        list(mailbox.lying_in(STOP))
        with pytest.raises(UnreachableError, match="made anew"):
            mailbox.remove(STOP, [8])


@pytest.mark.parametrize(
    ("select", "store", "expunge"),
    [
        ("OK [READ-ONLY] look", None, None),
        ("OK [READ-WRITE] done", "NO no", None),
        ("OK [READ-WRITE] done", "OK done", "NO no"),
    ],
)
def test_a_server_that_removes_nothing_is_told_as_one(select: str, store: str | None, expunge: str | None) -> None:
    def talk(server: Talk) -> None:
        one_was_read(server)
        server.on('SELECT "followupd/stop"', *standing(exists=3, uidnext=9), done=select)
        if store:
            server.on("UID STORE .*", done=store)
        if expunge:
            server.on("UID EXPUNGE .*", done=expunge)

    with keeping(talk) as mailbox:
        mailbox.folders()
        list(mailbox.lying_in(STOP))
        with pytest.raises(FollowupdError):
            mailbox.remove(STOP, [8])


def test_a_letter_is_put_back_into_sent_as_it_is() -> None:
    def talk(server: Talk) -> None:
        one_was_read(server)
        server.on('UID COPY 8 "Sent"')

    with keeping(talk) as mailbox:
        mailbox.folders()
        list(mailbox.lying_in(STOP))
        mailbox.put_back(STOP, 8)
