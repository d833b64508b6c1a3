"""Every stage of a session, every way to fail there: over in time, nothing made up, and the next round reads it all.

Protections lie behind each other here: taken away (tried), the deadline of a command makes tests fail; without the look
for BYE, or with a broken session kept, the next protection catches the fault.
"""

import socket
import struct
from collections.abc import Callable
from dataclasses import replace
from time import monotonic

import pytest

from followupd.core.errors import LoginRefusedError, UnreachableError
from followupd.core.model import Cursor
from followupd.imap.mailbox import ImapMailbox
from tests.imap.conftest import Wake
from tests.imap.scripted import HASTY, Talk, fetched, mailbox_to, standing

QUICK = replace(HASTY, connect=0.5, silence=0.4, short=0.5, long=0.5, answer=0.4, freshening=0.4, goodbye=0.2)
STAGES = ("greeting", "CAPABILITY", "LOGIN", "LIST", "STATUS", "EXAMINE", "HEADERS", "BODY", "SEARCH", "IDLE", "DONE",
          "LOGOUT")  # fmt: skip
BODY = b"Message-ID: <2@there.example>\r\n\r\nGladly\r\n"
LISTED = ('* LIST (\\HasNoChildren) "/" "INBOX"', '* LIST (\\Sent) "/" "Sent"')


def good(server: Talk, verb: str, said: str) -> tuple[str | bytes, ...]:
    """Give what a good server says before its OK."""
    answers: dict[str, tuple[str | bytes, ...]] = {
        "CAPABILITY": ("* CAPABILITY IMAP4rev1 IDLE",),
        "LIST": LISTED,
        "STATUS": (f"* STATUS {said.split()[1]} (MESSAGES 2 UIDNEXT 4 UIDVALIDITY 7)",) if verb == "STATUS" else (),
        "EXAMINE": tuple(standing(exists=2, uidvalidity=7, uidnext=4)),
        "HEADERS": (fetched(1, 2), fetched(2, 3)),
        "BODY": (b"* 1 FETCH (UID 2 RFC822.SIZE %d BODY[]<0> {%d}\r\n%s)" % (len(BODY), len(BODY), BODY),),
        "SEARCH": ("* SEARCH",),
        "UIDS": ("* 1 FETCH (UID 2)", "* 2 FETCH (UID 3)"),
        "LOGOUT": ("* BYE bye",),
    }
    return answers.get(verb, ())


def verb_of(said: str) -> str:
    """Name what the client wants."""
    if "BODY.PEEK[]" in said:
        return "BODY"
    if "HEADER" in said and "FETCH" in said:
        return "HEADERS"
    if "FETCH" in said:
        return "UIDS"
    return "SEARCH" if "SEARCH" in said else said.partition(" ")[0]


Fault = Callable[[Talk], bool]
"""Does something wrong; tells whether the connection is of no more use then."""


class Session:
    """Serves a session that goes wrong once, at one stage, or at none."""

    def __init__(self, stage: str = "", fault: Fault | None = None) -> None:
        self._stage, self._fault = stage, fault

    def __call__(self, server: Talk) -> None:
        if self._goes_wrong("greeting", server):
            return
        if self._stage != "greeting":
            server.say("* OK ready")
        while said := server.command():
            verb = verb_of(said)
            if self._goes_wrong(verb, server):
                return
            if self._fault is None and self._stage == verb:
                self._stage = ""
            elif verb == "IDLE":
                if self._idles(server):
                    return
            else:
                server.say(*good(server, verb, said))
                server.done()

    def _idles(self, server: Talk) -> bool:
        server.say("+ idling", "* 3 EXISTS")
        assert server.hear() == "DONE"
        if self._goes_wrong("DONE", server):
            return True
        if self._stage != "DONE":
            server.done()
        return False

    def _goes_wrong(self, stage: str, server: Talk) -> bool:
        """Do what is wrong here, once; tell whether the connection is over."""
        if stage != self._stage or self._fault is None:
            return False
        fault, self._fault = self._fault, None
        return fault(server)


def refuse(server: Talk) -> bool:
    server.done("NO not today")
    return False


def bad(server: Talk) -> bool:
    server.done("BAD what?")
    return False


def bye(server: Talk) -> bool:
    server.say("* BYE Too many connections")
    server.hang_up()
    return True


def silent(server: Talk) -> bool:
    return True


def close(server: Talk) -> bool:
    server.hang_up()
    return True


def reset(server: Talk) -> bool:
    server.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    server.hang_up()
    return True


def garbage(server: Talk) -> bool:
    server.raw(b"\x00\xff HTTP/1.1 400 Bad Request\r\n\r\n")
    server.hang_up()
    return True


def half_a_line(server: Talk) -> bool:
    server.raw(b"* OK [CAPABIL")
    server.hang_up()
    return True


def trickle(server: Talk) -> bool:
    server.sock.settimeout(0.05)
    for _ in range(400):
        server.raw(b"*")
        try:
            if not server.sock.recv(1):
                return True
        except TimeoutError:
            continue
        except OSError:
            return True
    return True


def injected(server: Talk) -> bool:
    """Answers of nobody's question, a folder that is another, a flood of EXISTS, before the connection ends."""
    server.raw(b"* 99 EXISTS\r\n* SEARCH 1 2 3\r\n* OK [UIDVALIDITY 9] other\r\n" + b"* 98 EXPUNGE\r\n" * 50)
    server.hang_up()
    return True


FAULTS: dict[str, Fault] = {
    "NO": refuse, "BAD": bad, "BYE": bye, "silence": silent, "close": close, "RST": reset, "garbage": garbage,
    "half a line": half_a_line, "a byte at a time": trickle, "injected": injected,
}  # fmt: skip


def a_round(mailbox: ImapMailbox, wake: Wake) -> list[tuple[int, ...]]:
    """Do what a round does; give the UIDs of each page."""
    inbox, *_ = mailbox.folders()
    pages = []
    for page in mailbox.newer_than(inbox, Cursor(folder="INBOX", uidvalidity=7, last_uid=1)):
        pages.append(tuple(one.uid for one in page.messages))
        assert page.cursor.last_uid == max(pages[-1], default=1)
    assert [one.raw for one in mailbox.whole(inbox, [2])] == [BODY]
    assert mailbox.find_sent("<nothing@there.example>") is None
    mailbox.wait(0.2, wake.reads)
    mailbox.close()
    return pages


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("stage", STAGES)
def test_a_fault_anywhere_ends_in_time_and_the_next_round_reads_everything(stage: str, fault: str, wake: Wake) -> None:
    faulty = Session(stage, FAULTS[fault])
    with mailbox_to(faulty, Session(), Session(), patience=QUICK) as (mailbox, _):
        begun, refused, pages = monotonic(), False, []
        try:
            pages = a_round(mailbox, wake)
        except UnreachableError as error:
            refused = isinstance(error, LoginRefusedError)
        assert refused == (stage == "LOGIN" and fault in {"NO", "BAD"})
        assert monotonic() - begun < 6
        assert pages in ([], [(2, 3)])
        assert a_round(mailbox, wake) == [(2, 3)]
