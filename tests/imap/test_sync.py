"""What is new in a folder: never a message passed over, however a server counts, orders, forgets or withholds."""

import re
import signal
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from types import FrameType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from followupd.core.errors import UnreachableError
from followupd.core.model import Cursor, Folder, RawMessage, Role
from followupd.imap.mailbox import ImapMailbox
from followupd.imap.messages import FIELDS
from followupd.imap.sync import Page
from tests.imap.scripted import FETCH_HEADERS, Talk, fetched, mailbox_to, standing

INBOX = Folder(name="INBOX", role=Role.INBOX)
SENT = Folder(name="Sent", role=Role.SENT)
STATUS = r'STATUS "{}" \(MESSAGES UIDNEXT UIDVALIDITY\)'
LIST_UIDS = r"UID FETCH {} \(UID\)"


def at(last_uid: int, *, uidvalidity: int = 7, folder: str = "INBOX") -> Cursor:
    return Cursor(folder=folder, uidvalidity=uidvalidity, last_uid=last_uid)


def uids(pages: Iterable[Page]) -> list[int]:
    return [message.uid for page in pages for message in page.messages]


# -- transcripts -------------------------------------------------------------------------------------------------------


def test_a_first_look_reads_the_headers_of_everything() -> None:
    def talk(server: Talk) -> None:
        server.log_in()
        server.examine(exists=2, uidnext=3)
        server.on(FETCH_HEADERS.format("1:2"), fetched(1, 1), fetched(2, 2, b"Subject: two\r\n\r\n"))

    with mailbox_to(talk) as (mailbox, server):
        assert list(mailbox.newer_than(INBOX, None)) == [
            Page(
                messages=(
                    RawMessage(
                        folder="INBOX",
                        uid=1,
                        internal_date=datetime(2026, 11, 23, 9, tzinfo=UTC),
                        raw=b"Message-ID: <1@there.example>\r\n\r\n",
                        size=1000,
                    ),
                    RawMessage(
                        folder="INBOX",
                        uid=2,
                        internal_date=datetime(2026, 11, 23, 9, tzinfo=UTC),
                        raw=b"Subject: two\r\n\r\n",
                        size=1000,
                    ),
                ),
                cursor=at(2),
            )
        ]
    assert sum(f"HEADER.FIELDS ({FIELDS})" in line for line in server.heard) == 1


def test_an_empty_folder_gives_one_empty_page() -> None:
    def talk(server: Talk) -> None:
        server.log_in()
        server.examine(exists=0, uidnext=1)

    with mailbox_to(talk) as (mailbox, _):
        assert list(mailbox.newer_than(INBOX, None)) == [Page(messages=(), cursor=at(0))]


def test_messages_come_in_uid_order_whatever_stands_between_them() -> None:
    def talk(server: Talk) -> None:
        server.log_in()
        server.examine(exists=3, uidnext=4)
        server.expect(FETCH_HEADERS.format("1:3"))
        server.say(fetched(3, 3), "* 4 EXISTS", "* OK still here", fetched(1, 1), "* 2 FETCH (FLAGS (\\Seen))")
        server.say("* 1 RECENT", fetched(2, 2), "* 2 FETCH (UID 2 FLAGS (\\Seen))", fetched(9, 9))
        server.done()

    with mailbox_to(talk) as (mailbox, _):
        pages = list(mailbox.newer_than(INBOX, None))
    assert uids(pages) == [1, 2, 3]
    assert pages[-1].cursor == at(3)


def test_a_gap_is_passed_once_a_second_answer_confirms_it() -> None:
    def talk(server: Talk) -> None:
        server.log_in()
        server.examine(exists=2, uidnext=6)
        server.on(FETCH_HEADERS.format("1:5"), fetched(1, 2), fetched(2, 4))
        server.on(LIST_UIDS.format("1:5"), "* 1 FETCH (UID 2)", "* 2 FETCH (UID 4)")

    with mailbox_to(talk) as (mailbox, _):
        pages = list(mailbox.newer_than(INBOX, None))
    assert uids(pages) == [2, 4]
    assert pages[-1].cursor == at(4)


def test_a_message_left_out_of_an_answer_is_asked_for_alone() -> None:
    def talk(server: Talk) -> None:
        server.log_in()
        server.examine(exists=3, uidnext=4)
        server.on(FETCH_HEADERS.format("1:3"), fetched(1, 1), "* 2 FETCH (UID 2 RFC822.SIZE 9)", fetched(3, 3))
        server.on(LIST_UIDS.format("1:3"), *(f"* {n} FETCH (UID {n})" for n in (1, 2, 3)))
        server.on(FETCH_HEADERS.format("2"))
        server.on(r"UID FETCH 2 \(UID INTERNALDATE RFC822\.SIZE BODY\.PEEK\[HEADER\]\)", fetched(2, 2))

    with mailbox_to(talk) as (mailbox, _):
        assert uids(mailbox.newer_than(INBOX, None)) == [1, 2, 3]


def test_a_message_that_went_meanwhile_is_passed() -> None:
    def talk(server: Talk) -> None:
        server.log_in()
        server.examine(exists=2, uidnext=3)
        server.on(FETCH_HEADERS.format("1:2"), fetched(2, 2), done="NO [EXPUNGEISSUED] Some are gone")
        server.on(LIST_UIDS.format("1:2"), "* 1 FETCH (UID 1)", "* 2 FETCH (UID 2)")
        server.on("UID FETCH 1 .*", "* 1 EXPUNGE", done="NO [EXPUNGEISSUED] gone")
        server.on("UID FETCH 1 .*")
        server.on(LIST_UIDS.format("1"))

    with mailbox_to(talk) as (mailbox, _):
        assert uids(mailbox.newer_than(INBOX, None)) == [2]


def test_a_refused_list_of_uids_is_no_proof_that_a_message_is_gone() -> None:
    def talk(server: Talk) -> None:
        server.log_in()
        server.examine(exists=2, uidnext=3)
        server.on(FETCH_HEADERS.format("1:2"), fetched(2, 2), done="NO [UNAVAILABLE] try later")
        server.on(LIST_UIDS.format("1:2"), done="NO [UNAVAILABLE] try later")

    with mailbox_to(talk) as (mailbox, _), pytest.raises(UnreachableError, match="try later"):
        list(mailbox.newer_than(INBOX, None))


def test_a_message_that_is_withheld_stops_the_cursor_and_is_named_and_the_rest_is_given() -> None:
    def talk(server: Talk) -> None:
        server.log_in()
        server.examine(exists=4, uidnext=5)
        server.on(FETCH_HEADERS.format("1:4"), fetched(1, 1), fetched(2, 2), fetched(4, 4))
        server.on(LIST_UIDS.format("1:4"), *(f"* {n} FETCH (UID {n})" for n in (1, 2, 3, 4)))
        for _ in range(2):
            server.expect("UID FETCH 3 .*")
            server.done()
        server.on(LIST_UIDS.format("3"), "* 3 FETCH (UID 3)")

    with mailbox_to(talk) as (mailbox, _):
        pages = mailbox.newer_than(INBOX, None)
        page = next(pages)
        with pytest.raises(UnreachableError, match=r"UID 3\) that it does not give") as raised:
            next(pages)
    assert uids([page]) == [1, 2, 4]
    assert page.cursor == at(2)
    assert raised.value.where == "INBOX"


def test_a_server_that_withholds_everything_is_not_asked_for_each() -> None:
    def talk(server: Talk) -> None:
        server.log_in()
        server.examine(exists=100, uidnext=101)
        server.on(FETCH_HEADERS.format("1:100"))
        server.on(LIST_UIDS.format("1:100"), *(f"* {n} FETCH (UID {n})" for n in range(1, 101)))

    with mailbox_to(talk) as (mailbox, server), pytest.raises(UnreachableError, match="does not give"):
        list(mailbox.newer_than(INBOX, None))
    assert sum("UID FETCH" in line for line in server.heard) == 2


def test_a_new_uidvalidity_starts_at_the_first_message() -> None:
    def talk(server: Talk) -> None:
        server.log_in()
        server.on(STATUS.format("INBOX"), '* STATUS "INBOX" (MESSAGES 1 UIDNEXT 2 UIDVALIDITY 8)')
        server.examine(exists=1, uidnext=2, uidvalidity=8)
        server.on(FETCH_HEADERS.format("1:1"), fetched(1, 1))

    with mailbox_to(talk) as (mailbox, _):
        pages = list(mailbox.newer_than(INBOX, at(1)))
    assert uids(pages) == [1]
    assert pages[-1].cursor == at(1, uidvalidity=8)


def test_a_uidnext_that_went_back_starts_at_the_first_message() -> None:
    def talk(server: Talk) -> None:
        server.log_in()
        server.on(STATUS.format("INBOX"), "* STATUS INBOX (UIDVALIDITY 7 UIDNEXT 3 MESSAGES 2)")
        server.examine(exists=2, uidnext=3)
        server.on(FETCH_HEADERS.format("1:2"), fetched(1, 1), fetched(2, 2))

    with mailbox_to(talk) as (mailbox, _):
        pages = list(mailbox.newer_than(INBOX, at(50)))
    assert uids(pages) == [1, 2]
    assert pages[-1].cursor == at(2)


def test_nothing_new_costs_one_question_and_no_folder_is_opened() -> None:
    def talk(server: Talk) -> None:
        server.log_in()
        server.on(STATUS.format("Sent"), "* STATUS Sent (MESSAGES 9 UIDNEXT 51 UIDVALIDITY 7)")

    with mailbox_to(talk) as (mailbox, _):
        assert list(mailbox.newer_than(SENT, at(50, folder="Sent"))) == [
            Page(messages=(), cursor=at(50, folder="Sent"))
        ]


def test_a_uidnext_far_ahead_hides_nothing() -> None:
    """Yahoo announces a UIDNEXT that it then does not assign."""
    ahead = "* STATUS INBOX (MESSAGES {} UIDNEXT 106 UIDVALIDITY 7)"

    def talk(server: Talk) -> None:
        server.log_in()
        server.examine(exists=1, uidnext=106)
        server.on(FETCH_HEADERS.format("1:105"), fetched(1, 5))
        server.on(LIST_UIDS.format("1:105"), "* 1 FETCH (UID 5)")
        server.examine(exists=0, uidnext=1, folder="Sent")
        server.on(STATUS.format("INBOX"), ahead.format(1))
        server.on(STATUS.format("INBOX"), ahead.format(2))
        server.examine(exists=2, uidnext=106)
        server.on(FETCH_HEADERS.format("6:105"), fetched(2, 6))
        server.on(LIST_UIDS.format("6:105"), "* 2 FETCH (UID 6)")

    with mailbox_to(talk) as (mailbox, _):
        cursor = list(mailbox.newer_than(INBOX, None))[-1].cursor
        assert cursor == at(5)
        list(mailbox.newer_than(SENT, None))
        assert uids(mailbox.newer_than(INBOX, cursor)) == []
        assert uids(mailbox.newer_than(INBOX, cursor)) == [6]


def test_a_uidnext_that_cannot_be_true_is_not_believed() -> None:
    def talk(server: Talk) -> None:
        server.log_in()
        server.examine(exists=2, uidnext=1)
        server.on(LIST_UIDS.format(r"1:\*"), "* 1 FETCH (UID 5)", "* 2 FETCH (UID 6)")
        server.on(FETCH_HEADERS.format("1:6"), fetched(1, 5), fetched(2, 6))

    with mailbox_to(talk) as (mailbox, _):
        assert uids(mailbox.newer_than(INBOX, None)) == [5, 6]


def test_a_server_that_does_not_know_its_uidnext_is_asked_for_all_that_is_newer() -> None:
    def talk(server: Talk) -> None:
        server.log_in()
        server.on(STATUS.format("INBOX"), "* STATUS INBOX (MESSAGES 3)")
        server.examine(exists=3, uidnext=None)
        server.on(LIST_UIDS.format(r"6:\*"), "* 3 FETCH (UID 5)")  # none from 6 on: the last message is given
        server.examine(exists=3, uidnext=None)
        server.on(LIST_UIDS.format(r"6:\*"), "* 3 FETCH (UID 8)")
        server.on(FETCH_HEADERS.format("6:8"), fetched(3, 8))

    with mailbox_to(talk) as (mailbox, _):
        # the first look learns how the folder stands, the second sees that it stands so no more
        assert list(mailbox.newer_than(INBOX, at(5))) == [Page(messages=(), cursor=at(5))]
        mailbox_forgets(mailbox)
        assert uids(mailbox.newer_than(INBOX, at(5))) == [8]


def mailbox_forgets(mailbox: ImapMailbox) -> None:
    mailbox._reader._read.clear()


def test_the_open_folder_is_asked_without_opening_it_again() -> None:
    def talk(server: Talk) -> None:
        server.log_in()
        server.examine(exists=1, uidnext=2)
        server.on(FETCH_HEADERS.format("1:1"), fetched(1, 1))
        server.on("NOOP")
        server.on(LIST_UIDS.format(r"2:\*"), "* 1 FETCH (UID 1)")  # "n:*" where nothing is new
        server.on("NOOP", "* 3 EXISTS")
        server.on(LIST_UIDS.format(r"2:\*"), "* 3 FETCH (UID 9)", "* 2 FETCH (UID 5)")
        server.on(FETCH_HEADERS.format("2:9"), fetched(2, 5), fetched(3, 9))
        server.on(LIST_UIDS.format("2:9"), "* 3 FETCH (UID 9)", "* 2 FETCH (UID 5)")

    with mailbox_to(talk) as (mailbox, _):
        cursor = list(mailbox.newer_than(INBOX, None))[-1].cursor
        assert uids(mailbox.newer_than(INBOX, cursor)) == []
        assert uids(mailbox.newer_than(INBOX, cursor)) == [5, 9]


def test_the_open_folder_is_opened_again_when_its_numbers_do_not_add_up() -> None:
    def talk(server: Talk) -> None:
        server.log_in()
        server.examine(exists=1, uidnext=51)
        server.on(FETCH_HEADERS.format("1:50"), fetched(1, 50))
        server.on(LIST_UIDS.format("1:50"), "* 1 FETCH (UID 50)")
        server.on("NOOP", "* 2 EXISTS")
        server.on(LIST_UIDS.format(r"51:\*"), "* 2 FETCH (UID 50)")
        server.examine(exists=2, uidnext=4)  # the server has gone back on its UIDs
        server.on(FETCH_HEADERS.format("1:3"), fetched(1, 2), fetched(2, 3))
        server.on(LIST_UIDS.format("1:3"), "* 1 FETCH (UID 2)", "* 2 FETCH (UID 3)")

    with mailbox_to(talk) as (mailbox, _):
        cursor = list(mailbox.newer_than(INBOX, None))[-1].cursor
        assert uids(mailbox.newer_than(INBOX, cursor)) == [2, 3]


def test_a_folder_that_is_made_anew_between_two_pages_is_not_mixed_up() -> None:
    def talk(server: Talk) -> None:
        server.log_in()
        server.examine(exists=600, uidnext=601)
        server.on(LIST_UIDS.format("1:600"), *(f"* {n} FETCH (UID {n})" for n in range(1, 601)))
        server.on(FETCH_HEADERS.format("1:500"), *(fetched(n, n) for n in range(1, 501)))
        server.on(FETCH_HEADERS.format("501:600"), *(fetched(n, n) for n in range(501, 601)))
        server.examine(folder="Sent", exists=0, uidnext=1)
        server.examine(exists=600, uidnext=601, uidvalidity=8)

    with mailbox_to(talk) as (mailbox, _):
        pages = mailbox.newer_than(INBOX, None)
        assert len(next(iter(pages)).messages) == 500
        list(mailbox.newer_than(SENT, None))
        with pytest.raises(UnreachableError, match="made anew"):
            list(pages)


def test_a_folder_without_uidvalidity_cannot_be_trusted() -> None:
    def talk(server: Talk) -> None:
        server.log_in()
        server.on('EXAMINE "INBOX"', "* 1 EXISTS", "* OK [UIDNEXT 2] next")

    with mailbox_to(talk) as (mailbox, _), pytest.raises(UnreachableError, match="no UIDVALIDITY"):
        list(mailbox.newer_than(INBOX, None))


@pytest.mark.parametrize("answer", ["NO [NONEXISTENT] no such folder", "NO [SERVERBUG] try later"])
def test_a_folder_that_cannot_be_opened_is_named(answer: str) -> None:
    def talk(server: Talk) -> None:
        server.log_in()
        server.on('EXAMINE "INBOX"', done=answer)

    with mailbox_to(talk) as (mailbox, _), pytest.raises(UnreachableError, match="refuses to open the folder INBOX"):
        list(mailbox.newer_than(INBOX, None))


def test_uids_far_apart_are_listed_before_they_are_read() -> None:
    far = 1_400_000_000

    def talk(server: Talk) -> None:
        server.log_in()
        server.examine(exists=2, uidnext=far + 1)
        server.on(LIST_UIDS.format(f"1:{far}"), "* 1 FETCH (UID 5)", f"* 2 FETCH (UID {far})")
        server.on(FETCH_HEADERS.format(f"1:{far}"), fetched(1, 5), fetched(2, far))

    with mailbox_to(talk) as (mailbox, _):
        assert uids(mailbox.newer_than(INBOX, None)) == [5, far]


def test_a_great_folder_is_listed_by_message_number_and_read_in_pages() -> None:
    total = 5_700

    def talk(server: Talk) -> None:
        server.log_in()
        server.examine(exists=total, uidnext=total * 3 + 1)
        server.expect(r"FETCH 1:5000 \(UID\)")
        server.raw(b"".join(b"* %d FETCH (UID %d)\r\n" % (n, n * 3) for n in range(1, 5_001)))
        server.done()
        server.expect(r"FETCH 5001:5700 \(UID\)")
        server.raw(b"".join(b"* %d FETCH (UID %d)\r\n" % (n, n * 3) for n in range(5_001, total + 1)))
        server.done()
        for page in range(2):
            said = server.expect(FETCH_HEADERS.format(r"\d+:\d+"))
            first, last = map(int, re.findall(r"\d+", said)[:2])
            assert last == (page + 1) * 1500
            server.raw(b"".join(fetched(n // 3, n) + b"\r\n" for n in range(3, last + 1, 3) if n >= first))
            server.done()

    with mailbox_to(talk) as (mailbox, _):
        pages = mailbox.newer_than(INBOX, None)
        found = [next(pages), next(pages)]
    assert [len(page.messages) for page in found] == [500, 500]
    assert [page.cursor.last_uid for page in found] == [1500, 3000]


def test_after_trouble_the_next_use_connects_anew() -> None:
    def breaks_off(server: Talk) -> None:
        server.log_in()
        server.expect('EXAMINE "INBOX"')
        server.raw(b"* 3 EXI")
        server.hang_up()

    def goes_well(server: Talk) -> None:
        server.log_in()
        server.examine(exists=1, uidnext=2)
        server.on(FETCH_HEADERS.format("1:1"), fetched(1, 1))

    with mailbox_to(breaks_off, goes_well) as (mailbox, _):
        with pytest.raises(UnreachableError, match="closed the connection, while opening a folder"):
            list(mailbox.newer_than(INBOX, None))
        assert uids(mailbox.newer_than(INBOX, None)) == [1]


class Stop(BaseException):
    """What a signal handler raises."""


@pytest.fixture
def alarm() -> Iterator[Callable[[float], None]]:
    """Raise Stop in the middle of whatever runs, after so many seconds."""

    def handler(number: int, frame: FrameType | None) -> None:
        raise Stop

    before = signal.signal(signal.SIGALRM, handler)

    def set_alarm(seconds: float) -> None:
        signal.setitimer(signal.ITIMER_REAL, seconds)

    yield set_alarm
    signal.setitimer(signal.ITIMER_REAL, 0)
    signal.signal(signal.SIGALRM, before)


def test_a_connection_that_a_signal_interrupted_is_never_used_again(alarm: Callable[[float], None]) -> None:
    def answers_late(server: Talk) -> None:
        server.log_in()
        server.examine(exists=1, uidnext=2)
        server.expect(FETCH_HEADERS.format("1:1"))
        server.raw(b"* 1 FETCH (UID 1 BODY[HEADER] {100}\r\n")
        server.gone()

    def goes_well(server: Talk) -> None:
        server.log_in()
        server.on(STATUS.format("INBOX"), "* STATUS INBOX (MESSAGES 1 UIDNEXT 2 UIDVALIDITY 7)")
        server.examine(exists=1, uidnext=2)
        server.on(FETCH_HEADERS.format("1:1"), fetched(1, 1))

    with mailbox_to(answers_late, goes_well) as (mailbox, _):
        alarm(0.2)
        with pytest.raises(Stop):
            list(mailbox.newer_than(INBOX, None))
        assert uids(mailbox.newer_than(INBOX, at(0))) == [1]


# -- a server that does as it likes ------------------------------------------------------------------------------------


@dataclass
class Unruly:
    """A folder at a server with faults: what it leaves out, and how often."""

    present: list[int]
    ahead: int
    """How far UIDNEXT lies beyond the last UID."""
    tells_uidnext: bool
    leaves_out: dict[int, int]
    """UID → in how many answers with headers it is missing."""
    backwards: bool
    refuses_ends: bool
    """Whether an answer that leaves something out ends with NO."""
    talks: list[str] = field(default_factory=list)

    def __call__(self, server: Talk) -> None:
        server.log_in()
        while said := server.command():
            self.talks.append(said)
            if said == "LOGOUT":
                server.say("* BYE")
                server.done()
                return
            if said.startswith("EXAMINE"):
                uidnext = max(self.present, default=0) + 1 + self.ahead if self.tells_uidnext else None
                server.say(*standing(exists=len(self.present), uidnext=uidnext))
            elif said.startswith("STATUS"):
                server.say('* STATUS "INBOX" (MESSAGES 1)')
            refused = said.startswith("UID FETCH") and self.fetch(server, said)
            server.done("NO some were left out" if refused else "OK done")

    def fetch(self, server: Talk, said: str) -> bool:
        match = re.match(r"UID FETCH (\d+)(?::(\d+|\*))? (.*)", said)
        assert match
        last, items = match[2] or match[1], match[3]
        top = max(self.present, default=0) if last == "*" else int(last)
        first, top = sorted([int(match[1]), top])
        asked = [uid for uid in self.present if first <= uid <= top]
        if items == "(UID)":
            server.say(*(f"* {self.present.index(uid) + 1} FETCH (UID {uid})" for uid in asked))
            return False
        left_out = {uid for uid in asked if self.leaves_out.get(uid, 0) > 0}
        for uid in left_out:
            self.leaves_out[uid] -= 1
        lines = [
            f"* {self.present.index(uid) + 1} FETCH (UID {uid} FLAGS ())".encode()
            if uid in left_out
            else fetched(self.present.index(uid) + 1, uid)
            for uid in asked
        ]
        server.say(*(reversed(lines) if self.backwards else lines))
        return bool(left_out) and self.refuses_ends


@given(
    present=st.lists(st.integers(1, 1200), unique=True, max_size=12).map(sorted),
    start=st.integers(0, 1200),
    ahead=st.sampled_from([0, 0, 3, 700]),
    tells_uidnext=st.booleans(),
    leaves_out=st.lists(st.tuples(st.integers(0, 11), st.integers(1, 4)), max_size=3),
    backwards=st.booleans(),
    refuses_ends=st.booleans(),
)
@settings(max_examples=120, deadline=None)
def test_a_cursor_never_passes_a_message_that_was_not_given(  # noqa: PLR0917
    present: list[int],
    start: int,
    ahead: int,
    tells_uidnext: bool,
    leaves_out: list[tuple[int, int]],
    backwards: bool,
    refuses_ends: bool,
) -> None:
    missing = {present[index]: times for index, times in leaves_out if index < len(present)}
    unruly = Unruly(present, ahead, tells_uidnext, missing, backwards, refuses_ends)
    given_uids: set[int] = set()
    with mailbox_to(unruly) as (mailbox, _):
        uidnext = max(present, default=0) + 1 + ahead
        seen = 0 if tells_uidnext and uidnext <= start else start
        try:
            pages = 0
            for page in mailbox.newer_than(INBOX, at(start)):
                pages += 1
                given_uids.update(message.uid for message in page.messages)
                assert [m.uid for m in page.messages] == sorted({m.uid for m in page.messages})
                assert all(message.raw for message in page.messages)
                passed = {uid for uid in present if seen < uid <= page.cursor.last_uid}
                assert passed <= given_uids
        except UnreachableError:
            assert missing, "a server without faults was given up"
        else:
            assert pages
            assert given_uids == {uid for uid in present if uid > seen}
