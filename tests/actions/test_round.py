"""A round in fair weather and foul: what arrives, what is due, what is down, and what happens at the same time."""

from pathlib import Path

import pytest

from followupd.actions import threads as words
from followupd.actions.dispatch import send_due
from followupd.actions.receive import read_mailbox
from followupd.actions.round import one_round
from followupd.app import App
from followupd.core.errors import UnreachableError
from followupd.core.model import Case, Deferred, LetterState, Refused, State, Verdict
from followupd.store import facts, messages, threads
from tests.actions.pretend import (
    ADA,
    BO,
    Fuse,
    PretendedPostman,
    Server,
    days,
    process,
    reply,
    somebody,
)


@pytest.fixture
def server() -> Server:
    return Server(files=True)


@pytest.fixture
def app(tmp_path: Path, server: Server) -> App:
    started = process(tmp_path, server, Fuse())
    somebody(started, ADA)
    return started


def postman(app: App) -> PretendedPostman:
    assert isinstance(app.postman, PretendedPostman)
    return app.postman


def ada(app: App) -> Case:
    case = threads.case_of(app.db, ADA)
    assert case is not None
    return case


def at(app: App, server: Server, day: float) -> int:
    server.now = days(day)
    return one_round(app)


def test_letters_go_in_one_thread_and_an_answer_ends_it(app: App, server: Server) -> None:
    assert at(app, server, 0) == 1
    assert at(app, server, 13.9) == 0
    assert at(app, server, 14) == 1
    first, second = server.to(ADA)
    assert f"In-Reply-To: {first.message_id}".encode() in second.raw
    assert second.subject == "Re: " + first.subject
    server.receive(reply(second, days(15)))
    at(app, server, 16)
    assert ada(app).thread.state is State.ANSWERED
    assert sum(at(app, server, day) for day in (30, 60, 400, 4000)) == 0


def test_an_absence_moves_the_next_letter_past_the_return(app: App, server: Server) -> None:
    at(app, server, 0)
    note = reply(server.to(ADA)[0], days(1), "I am away and back on 20 January 2027.", Auto_Submitted="auto-replied")
    server.receive(note)
    at(app, server, 1)
    case = ada(app)
    assert case.thread.state is State.WAITING
    assert case.thread.next_at is not None
    assert f"{case.thread.next_at:%Y-%m-%d}" == "2027-01-27"
    assert at(app, server, 40) == 0


def test_nothing_is_sent_while_the_mailbox_cannot_be_read(app: App, server: Server) -> None:
    server.down = True
    with pytest.raises(UnreachableError):
        at(app, server, 0)
    assert server.taken == []
    server.down = False
    assert at(app, server, 90) == 1


def test_an_answer_that_came_during_an_outage_is_read_before_anything_is_sent(app: App, server: Server) -> None:
    at(app, server, 0)
    server.receive(reply(server.to(ADA)[0], days(3)))
    assert at(app, server, 100) == 0
    assert ada(app).thread.state is State.ANSWERED


def test_an_answer_between_recipient_and_data_takes_the_letter_back(app: App, server: Server) -> None:
    at(app, server, 0)
    postman(app).meanwhile.append(reply(server.to(ADA)[0], days(14)))
    assert at(app, server, 14) == 0
    assert postman(app).withdrawn == 1
    assert len(server.to(ADA)) == 1
    assert ada(app).thread.state is State.ANSWERED


def test_a_stop_between_reading_and_sending_wins(app: App, server: Server) -> None:
    caught_up = read_mailbox(app, server.now)
    words.stop(app, ADA)
    assert send_due(app, caught_up) == 0
    assert server.taken == []


def test_asleep_for_three_months_it_sends_one_letter_and_not_two(app: App, server: Server) -> None:
    at(app, server, 0)
    assert at(app, server, 104) == 1
    assert at(app, server, 104.1) == 0
    assert at(app, server, 105) == 0


def test_a_deferred_letter_is_tried_again_and_the_wait_grows(app: App, server: Server) -> None:
    postman(app).answers += [Deferred(text="451 greylisted")] * 2
    assert at(app, server, 0) == 0
    first = ada(app).thread.next_at
    assert at(app, server, 0.02) == 0
    second = ada(app).thread.next_at
    assert first is not None
    assert second is not None
    assert second - days(0.02) > first - days(0)
    assert at(app, server, 1) == 1
    assert len(server.to(ADA)) == 1


def test_a_limit_of_the_account_stops_everything_for_a_while(app: App, server: Server) -> None:
    somebody(app, BO)
    postman(app).answers.append(Deferred(text="421 too much", account=True))
    assert at(app, server, 0) == 0
    assert at(app, server, 0.005) == 0
    assert server.taken == []
    assert at(app, server, 1) == 2


def test_a_dead_address_ends_the_thread_and_a_policy_holds_it(app: App, server: Server) -> None:
    somebody(app, BO)
    postman(app).answers += [
        Refused(text="550 5.1.1 unknown", dead_address=True), Refused(text="550 5.7.1 no"),
    ]  # fmt: skip
    at(app, server, 0)
    assert ada(app).thread.state is State.UNDELIVERABLE
    bo = threads.case_of(app.db, BO)
    assert bo is not None
    assert bo.thread.state is State.HELD
    assert [one.state for one in bo.letters] == [LetterState.REFUSED]


def test_a_lost_answer_after_the_data_is_doubt_until_sent_proves_it(app: App, server: Server) -> None:
    server.files = False
    postman(app).loses_answer = True
    at(app, server, 0)
    assert ada(app).thread.state is State.HELD
    at(app, server, 1)
    assert [one.state for one in ada(app).letters] == [LetterState.UNCERTAIN]
    assert at(app, server, 60) == 0
    server.receive(server.to(ADA)[0].raw, "Sent")
    at(app, server, 61)
    case = ada(app)
    assert [one.state for one in case.letters][:1] == [LetterState.SENT]
    assert len({draft.message_id for draft in server.to(ADA)}) == len(server.to(ADA))


def test_an_answer_proves_that_a_doubtful_letter_went_out(app: App, server: Server) -> None:
    server.files = False
    postman(app).loses_answer = True
    at(app, server, 0)
    server.receive(reply(server.to(ADA)[0], days(2)))
    at(app, server, 2)
    case = ada(app)
    assert case.thread.state is State.ANSWERED
    assert [one.state for one in case.letters] == [LetterState.SENT]


def test_a_letter_that_cannot_be_written_is_held_and_starves_nobody(app: App, server: Server, tmp_path: Path) -> None:
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "opening.txt").write_text(
        '+++\nsubject = "Hello"\n+++\n{% if name == "Ada" %}{{ talk_title }}{% endif %}Hello.\n', encoding="utf-8"
    )
    somebody(app, BO)
    assert at(app, server, 0) == 1
    assert ada(app).thread.state is State.HELD
    assert "talk_title" in ada(app).thread.reason
    assert [draft.rcpt_to for _, draft in server.taken] == [BO]


def test_what_the_user_wrote_by_hand_restarts_the_wait(app: App, server: Server) -> None:
    at(app, server, 0)
    server.now = days(10)
    own = server.to(ADA)[0].raw.replace(server.to(ADA)[0].message_id.encode(), b"<by-hand@example.org>")
    server.receive(own.replace(b"Subject: ", b"Subject: By hand, "), "Sent")
    assert at(app, server, 14) == 0
    assert at(app, server, 24) == 1


def test_our_own_copies_are_no_answer_wherever_they_lie(app: App, server: Server) -> None:
    at(app, server, 0)
    server.receive(server.to(ADA)[0].raw, "INBOX")
    at(app, server, 1)
    assert ada(app).thread.state is State.WAITING
    assert messages.of_thread(app.db, ada(app).thread.id) == ()


def test_a_message_in_two_folders_or_read_again_counts_once(app: App, server: Server) -> None:
    at(app, server, 0)
    answer = reply(server.to(ADA)[0], days(1))
    server.receive(answer)
    server.receive(answer, "Sent")
    at(app, server, 1)
    server.validity = 2
    at(app, server, 2)
    assert [one.verdict for one in messages.of_thread(app.db, ada(app).thread.id)] == [Verdict.REPLY]


def test_nothing_is_sent_while_everything_is_paused_or_the_clock_is_wrong(app: App, server: Server) -> None:
    words.pause_all(app)
    assert at(app, server, 0) == 0
    words.resume_all(app)
    assert at(app, server, -400) == 0
    assert at(app, server, 0.5) == 1


def test_an_approval_holds_for_the_exact_text_only(tmp_path: Path, server: Server) -> None:
    from followupd.actions import contacts, outbox

    app = process(tmp_path, server, Fuse(), more="approve = true")
    somebody(app, ADA)
    assert at(app, server, 0) == 0
    [line] = outbox.listing(app)
    outbox.approve(app, line.id)
    contacts.edit(app, ADA, contacts.Edit(fields={"ask": "What would you leave out now?"}))
    assert at(app, server, 1) == 0
    assert "changed since you read it" in ada(app).thread.reason
    shown = outbox.show(app, line.id).letter
    assert "+" in shown.said
    assert "What would you leave out now?" in shown.said
    outbox.approve(app, line.id)
    assert at(app, server, 2) == 1
    assert b"What would you leave out now?" in server.to(ADA)[0].raw.replace(b" \r\n", b" ")


def test_a_restored_backup_sends_no_letter_twice(tmp_path: Path, app: App, server: Server) -> None:
    from shutil import copy

    from followupd.store.db import backup

    backup(app.db, tmp_path / "old.db")
    at(app, server, 0)
    at(app, server, 14)
    app.db.close()
    for leftover in tmp_path.glob("followupd.db*"):
        leftover.unlink()
    copy(tmp_path / "old.db", tmp_path / "followupd.db")
    restored = process(tmp_path, server, Fuse())
    assert at(restored, server, 15) == 0
    assert [one.state for one in ada(restored).letters] == [LetterState.SENT] * 2
    assert ada(restored).thread.step == 2
    assert facts.get(restored.db, "last_round_at") is not None


def test_an_approval_binds_where_letters_need_none_too(app: App, server: Server) -> None:
    """A letter that no server took is approved by hand: it is the text that was read that may go, and no other."""
    from followupd.actions import contacts, outbox

    postman(app).answers += [Deferred(text="451 later")] * 11
    for day in range(30):
        at(app, server, day)
    [line] = outbox.listing(app)
    assert ada(app).thread.state is State.HELD
    outbox.approve(app, line.id)
    contacts.edit(app, ADA, contacts.Edit(fields={"ask": "What would you leave out now?"}))
    assert at(app, server, 40) == 0
    assert "changed since you read it" in ada(app).thread.reason
    outbox.approve(app, line.id)
    assert at(app, server, 41) == 1
