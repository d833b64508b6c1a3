"""A thread that the user began by hand goes on from their letter, with all that came since."""

from contextlib import suppress
from pathlib import Path

import pytest

from followupd.actions import adoption
from followupd.actions import threads as words
from followupd.app import App
from followupd.core.errors import FollowupdError, UnreachableError
from followupd.core.model import Contact, Cursor, LetterState, State
from followupd.store import contacts as people
from followupd.store import messages, threads
from tests.actions.by_hand import ME, MINE, WHO, adopted, mail, put, read_past
from tests.actions.conftest import ada, at, kinds
from tests.actions.pretend import ADA, BO, Fuse, Killed, Server, days, process, somebody


@pytest.fixture
def app(tmp_path: Path, server: Server) -> App:
    """A process that knows nobody."""
    return process(tmp_path, server, Fuse())


def test_the_letter_is_the_first_of_its_thread_and_the_wait_counts_from_its_date(app: App, server: Server) -> None:
    put(server, mail(days(-5)), -5)
    read_past(app, server)
    case = adopted(app)
    [letter] = case.letters
    assert (letter.step, letter.state, letter.template, letter.message_id) == (0, LetterState.SENT, "by hand", MINE)
    assert (letter.sent_at, letter.subject) == (days(-5), "A question")
    assert "first problem" in letter.body
    assert (case.thread.state, case.thread.step, case.thread.next_at) == (State.WAITING, 1, days(9))
    assert kinds(app) == ["added", "adopted", "looked"]
    assert at(app, server, 8.9) == 0
    assert at(app, server, 9) == 1
    assert at(app, server, 9) == 0
    [draft] = server.to(ADA)
    assert draft.subject == "Re: A question"
    assert f"In-Reply-To: {MINE}\r\nReferences: {MINE}\r\n".encode() in draft.raw


def test_an_id_may_come_without_its_brackets(app: App, server: Server) -> None:
    put(server, mail(days(-5)), -5)
    assert adopted(app, MINE[1:-1]).letters[0].message_id == MINE


def test_what_is_overdue_does_not_leave_before_some_days_have_passed(app: App, server: Server) -> None:
    put(server, mail(days(-300)), -300)
    case = adopted(app)
    assert case.thread.next_at == days(3)
    assert at(app, server, 2.9) == 0
    assert at(app, server, 3) == 1
    assert at(app, server, 44.9) == 0
    assert at(app, server, 45) == 1
    assert len(server.to(ADA)) == 2


@pytest.mark.parametrize("headers", [{"In_Reply_To": MINE}, {}])
def test_an_answer_that_was_read_before_anybody_was_known_counts_at_once(
    app: App, server: Server, headers: dict[str, str]
) -> None:
    put(server, mail(days(-5)), -5)
    put(server, mail(days(-4), ADA, ME, "<her@x.test>", text="Gladly.", **headers), -4, "INBOX")
    read_past(app, server)
    case = adopted(app)
    assert case.thread.state is State.ANSWERED
    assert at(app, server, 60) == 0
    assert len(messages.of_thread(app.db, case.thread.id)) == 1


def test_what_they_wrote_before_the_letter_is_no_answer_to_it(app: App, server: Server) -> None:
    put(server, mail(days(-5.2), ADA, ME, "<her@x.test>", text="I liked your talk."), -5.2, "INBOX")
    put(server, mail(days(-5), In_Reply_To="<her@x.test>"), -5)
    assert adopted(app).thread.state is State.WAITING
    assert at(app, server, 0) == 0
    assert ada(app).thread.state is State.WAITING


def test_an_absence_told_since_moves_the_date(app: App, server: Server) -> None:
    away = mail(
        days(-4), ADA, ME, "<away@x.test>", text="I am away, back on 1 March 2027.", Auto_Submitted="auto-replied"
    )
    put(server, mail(days(-5)), -5)
    put(server, away, -4, "INBOX")
    read_past(app, server)
    case = adopted(app)
    assert case.thread.next_at is not None
    assert case.thread.next_at.date().isoformat() == "2027-03-08"


def test_an_absence_without_a_date_counts_from_when_it_was_told(app: App, server: Server) -> None:
    away = mail(days(-59), ADA, ME, "<away@x.test>", text="I am away.", Auto_Submitted="auto-replied")
    put(server, mail(days(-60)), -60)
    put(server, away, -59, "INBOX")
    assert adopted(app).thread.next_at == days(3)


def test_a_bounce_of_the_letter_ends_the_thread(app: App, server: Server) -> None:
    report = (
        b"From: MAILER-DAEMON@mx.test\r\nTo: max@example.org\r\nSubject: Undelivered\r\nMessage-ID: <b@mx.test>\r\n"
        b'MIME-Version: 1.0\r\nContent-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
        b"--b\r\nContent-Type: text/plain\r\n\r\nno such user\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\n"
        b"Reporting-MTA: dns; mx.test\r\n\r\nFinal-Recipient: rfc822; ada@example.net\r\nAction: failed\r\n"
        b"Status: 5.1.1\r\n\r\n--b\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: "
        + MINE.encode()
        + b"\r\n\r\n--b--\r\n"
    )
    put(server, mail(days(-5)), -5)
    put(server, report, -4.9, "INBOX")
    read_past(app, server)
    assert adopted(app).thread.state is State.UNDELIVERABLE


def test_whoever_asked_to_be_left_alone_is_suppressed(app: App, server: Server) -> None:
    put(server, mail(days(-5)), -5)
    no = mail(days(-4), ADA, ME, "<no@x.test>", text="Please do not write to me again.", In_Reply_To=MINE)
    put(server, no, -4, "INBOX")
    read_past(app, server)
    assert adopted(app).thread.state is State.OPTED_OUT
    assert people.suppressed(app.db, ADA)


def test_a_later_letter_by_hand_restarts_the_wait_and_an_earlier_one_does_not(app: App, server: Server) -> None:
    put(server, mail(days(-9), name="<zero@max.example>"), -9)
    put(server, mail(days(-5)), -5)
    put(server, mail(days(-2), name="<two@max.example>"), -2)
    read_past(app, server)
    case = adopted(app)
    assert case.thread.anchor == days(-2)
    assert case.thread.next_at == days(12)


def test_the_daemon_records_nothing_a_second_time(app: App, server: Server) -> None:
    put(server, mail(days(-5)), -5)
    put(server, mail(days(-3), name="<two@max.example>"), -3)
    thread = adopted(app).thread
    before = messages.of_thread(app.db, thread.id)
    history = kinds(app)
    assert at(app, server, 0.5) == 0
    assert (messages.of_thread(app.db, thread.id), kinds(app)) == (before, history)


@pytest.mark.parametrize(
    ("raw", "name", "words"),
    [
        (mail(days(-5)), "<other@max.example>", "no message with this Message-ID"),
        (mail(days(-5)), "nothing", "no Message-ID"),
        (mail(days(-5)), "<a@b>\r\nX: y", "no Message-ID"),
        (mail(days(-5), sender="eve@example.com"), MINE, "you did not write"),
        (mail(days(-5), to=BO), MINE, "did not go to"),
    ],
)
def test_what_cannot_be_adopted_is_refused_and_nothing_is_written(
    app: App, server: Server, raw: bytes, name: str, words: str
) -> None:
    put(server, raw, -5)
    with pytest.raises(FollowupdError, match=words) as refused:
        adoption.adopt(app, WHO, "", name)
    assert refused.value.hint
    assert threads.case_of(app.db, ADA) is None


def test_without_the_server_nothing_is_adopted_and_nothing_written(app: App, server: Server) -> None:
    server.down = True
    with pytest.raises(UnreachableError):
        adoption.adopt(app, WHO, "", MINE)
    assert threads.case_of(app.db, ADA) is None


def test_a_letter_lies_in_another_folder_where_it_is_not_in_sent(app: App, server: Server) -> None:
    put(server, mail(days(-5)), -5, "INBOX")
    assert adopted(app).thread.state is State.WAITING


def test_a_letter_is_adopted_once(app: App, server: Server) -> None:
    put(server, mail(days(-5), to=f"{ADA}, {BO}"), -5)
    adopted(app)
    with pytest.raises(FollowupdError, match="begun already"):
        adoption.adopt(app, Contact(addresses=(ADA,)), "", MINE)
    with pytest.raises(FollowupdError, match=r"part of the thread with ada@example\.net"):
        adoption.adopt(app, Contact(addresses=(BO,)), "", MINE)
    assert threads.case_of(app.db, BO) is None


def test_a_history_that_could_not_be_read_is_read_before_the_next_letter(app: App, server: Server) -> None:
    put(server, mail(days(-60)), -60)
    put(server, mail(days(-50), ADA, ME, "<her@x.test>", text="Gladly."), -50, "INBOX")
    read_past(app, server)
    adoption.adopt(app, WHO, "", MINE)
    assert ada(app).thread.state is State.WAITING
    assert at(app, server, 9) == 0
    assert ada(app).thread.state is State.ANSWERED
    assert server.to(ADA) == []


def test_a_crash_at_any_effect_adopts_wholly_or_not_at_all(tmp_path: Path) -> None:
    for effect in range(1, 200):
        folder = tmp_path / str(effect)
        folder.mkdir()
        server = Server(files=True)
        put(server, mail(days(-60)), -60)
        put(server, mail(days(-50), ADA, ME, "<her@x.test>", text="Gladly."), -50, "INBOX")
        fuse = Fuse(at=effect)
        app = process(folder, server, fuse)
        with suppress(Killed):
            adopted(app)
        over = fuse.burnt < effect
        app.db.close()
        app = process(folder, server, Fuse())
        assert at(app, server, 0) + at(app, server, 4) + at(app, server, 90) == 0
        assert server.to(ADA) == []
        case = threads.case_of(app.db, ADA)
        assert case is None or case.thread.state is State.ANSWERED
        app.db.close()
        if over:
            return
    raise AssertionError("adopting never came to its end")


def test_what_else_holds_a_thread_holds_it_after_the_adoption_too(app: App, server: Server) -> None:
    somebody(app, ADA)
    words.snooze(app, ADA, days(30).date())
    put(server, mail(days(1)), 1)
    put(server, mail(days(2), ADA, ME, "<odd@x.test>", subject="Out of office", text="I am on holiday."), 2, "INBOX")
    assert at(app, server, 3) == 0
    assert ada(app).thread.state is State.HELD
    case = adopted(app, who=Contact(addresses=(ADA,)))
    assert (case.thread.state, case.thread.step) == (State.HELD, 1)
    assert "a possible answer" in case.thread.reason
    words.resume(app, ADA)
    assert ada(app).thread.state is State.WAITING


def test_what_arrives_while_a_letter_is_adopted_is_not_missed(app: App, server: Server) -> None:
    put(server, mail(days(-60)), -60)
    case = adoption.adopt(app, WHO, "", MINE)
    put(server, mail(days(-1), ADA, ME, "<her@x.test>", text="Gladly."), -1, "INBOX")
    newest = len(server.folders["INBOX"])
    with app.db.immediate():  # the daemon has read the answer before anybody was known, and remembers so afterwards
        messages.move_cursor(app.db, Cursor(folder="INBOX", uidvalidity=1, last_uid=newest), server.now)
    assert adoption.look(app, case).case.thread.state is State.ANSWERED


@pytest.mark.parametrize(("said", "filed", "counts"), [(-5, 0, -5), (9, -5, -5), (9, 0, 0), (-20000, -5, -5)])
def test_the_date_is_the_one_that_a_mail_program_shows_but_no_other_clocks_mistake(
    app: App, server: Server, said: float, filed: float, counts: float
) -> None:
    put(server, mail(days(said)), filed)
    assert adopted(app).letters[0].sent_at == days(counts)
