"""What random schedules found, told once more by itself; every test here failed before what it asks for was made."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from followupd.actions import contacts, outbox, reopening
from followupd.actions import threads as words
from followupd.actions.round import one_round
from followupd.app import App
from followupd.core.instants import Instant, Span
from followupd.core.model import Deferred, LetterState, State
from followupd.core.settings import NoNews
from followupd.store import messages
from followupd.store.db import backup, copy_to_memory
from tests.actions.conftest import ada, at, postman
from tests.actions.pretend import ADA, Fuse, MortalDb, Server, SetClock, days, process, reply, somebody
from tests.actions.test_coincidences import while_sending
from tests.schedules import lots
from tests.schedules.life import Life
from tests.schedules.mail import Kind, by_hand, write
from tests.schedules.words import say


def test_a_stop_stands_although_a_later_message_was_no_answer(app: App, server: Server) -> None:
    at(app, server, 0)
    words.stop(app, ADA)
    server.receive(reply(server.to(ADA)[0], days(1)))
    at(app, server, 1)
    (message,) = messages.of_thread(app.db, ada(app).thread.id)
    assert words.not_an_answer(app, ADA, message.message_id).thread.state is State.STOPPED
    assert at(app, server, 100) == 0


def restored(tmp_path: Path, server: Server) -> App:
    """Give a process on a database that knows of no letter, while the opening letters lie in Sent."""
    app = process(tmp_path, server, Fuse())
    somebody(app, ADA)
    backup(app.db, tmp_path / "backup.db")
    at(app, server, 0)
    app.db.close()
    for name in ("followupd.db-wal", "followupd.db-shm"):
        (tmp_path / name).unlink(missing_ok=True)
    (tmp_path / "backup.db").replace(tmp_path / "followupd.db")
    return process(tmp_path, server, Fuse())


def assistant(server: Server) -> bytes:
    return reply(server.to(ADA)[0], days(2)).replace(b"ada@example.net", b"office@elsewhere.example")


def test_a_restored_database_learns_its_letters_before_it_meets_an_answer_to_one(
    tmp_path: Path, server: Server
) -> None:
    app = restored(tmp_path, server)
    server.receive(assistant(server))
    at(app, server, 2)
    assert ada(app).thread.state is State.ANSWERED
    assert at(app, server, 100) == 0


def test_a_restored_database_adopts_a_letter_whose_step_the_config_no_longer_has(
    tmp_path: Path, server: Server
) -> None:
    app = restored(tmp_path, server)
    policy = replace(app.settings.policy, cadences={})
    app = replace(app, settings=replace(app.settings, policy=policy))
    server.receive(assistant(server))
    at(app, server, 2)
    assert ada(app).thread.state is State.ANSWERED


def test_a_restored_database_adopts_a_letter_ahead_of_a_step_that_was_passed_over(
    tmp_path: Path, server: Server
) -> None:
    app = process(tmp_path, server, Fuse())
    somebody(app, ADA)
    at(app, server, 0)
    old = copy_to_memory(app.db)
    policy = replace(app.settings.policy, no_news=NoNews.SKIP)
    at(replace(app, settings=replace(app.settings, policy=policy)), server, 14)
    assert at(app, server, 70) == 1
    app = replace(app, db=MortalDb(old.connection, old.path))
    at(app, server, 71)
    assert ada(app).thread.state is State.SILENT
    assert [one.step for one in ada(app).letters if one.state is LetterState.SENT] == [0, 2]
    assert len(server.to(ADA)) == 2


def test_an_edit_between_recipient_and_data_takes_the_letter_back(app: App, server: Server) -> None:
    new = "ada@new.example"
    edited = contacts.Edit(fields={}, email=new)
    interrupted = while_sending(app, server, lambda: contacts.edit(app, ADA, edited))
    assert at(interrupted, server, 0) == 0
    assert at(app, server, 0.1) == 1
    assert [draft.rcpt_to for _, draft in server.taken] == [new]


@pytest.mark.parametrize("direct", [True, False], ids=["to the letter", "in a new message"])
@pytest.mark.parametrize("unread", [True, False], ids=["before it was reopened", "after"])
def test_an_answer_to_an_older_thread_lets_no_letter_of_the_newest_go(
    app: App, server: Server, direct: bool, unread: bool
) -> None:
    other = replace(app.settings.policy.cadences["short"], name="other")
    policy = replace(app.settings.policy, cadences={**app.settings.policy.cadences, "other": other})
    app = replace(app, settings=replace(app.settings, policy=policy))
    at(app, server, 0)
    server.now = days(20)
    words.stop(app, ADA)
    answer = reply(server.to(ADA)[0], days(20))
    answer = answer if direct else answer.replace(b"In-Reply-To", b"X-Nothing")
    if unread:
        server.receive(answer)
    server.now = days(23)
    reopening.reopen(app, ADA, None, "other")
    if not unread:
        server.receive(answer)
    assert at(app, server, 33) == 0
    assert ada(app).thread.state in {State.ANSWERED, State.HELD}


def test_an_absence_read_while_the_clock_was_never_set_is_as_long_as_they_said(app: App, server: Server) -> None:
    at(app, server, 0)
    away = reply(server.to(ADA)[0], days(1), "I shall be back on 7 April 2027.", Auto_Submitted="auto-replied")
    server.now = days(1)
    server.receive(away)
    wrong = replace(app, clock=FirstClock(server))
    one_round(wrong)
    not_before = ada(app).thread.not_before
    assert not_before is not None
    assert not_before.year == 2027


class FirstClock(SetClock):
    """A clock that begins in 1970."""

    def now(self) -> Instant:
        return super().now() - timedelta(days=20000)


def test_a_bounce_that_held_a_thread_holds_it_again_when_a_later_message_was_no_answer(
    app: App, server: Server
) -> None:
    at(app, server, 0)
    server.receive(write(Kind.BOUNCED, ADA, server.to(ADA)[0], days(1), 1)[1])
    at(app, server, 1)
    server.receive(reply(server.to(ADA)[0], days(2)))
    at(app, server, 2)
    answer = messages.of_thread(app.db, ada(app).thread.id)[-1]
    case = words.not_an_answer(app, ADA, answer.message_id)
    assert case.thread.state is State.HELD
    assert "came back" in case.thread.reason
    assert at(app, server, 100) == 0


def test_a_letter_that_the_user_dropped_while_the_server_put_it_off_stays_dropped(app: App, server: Server) -> None:
    def drop() -> None:
        outbox.discard(app, ada(app).letters[0].id)

    interrupted = while_sending(app, server, drop)
    postman(interrupted).answers.append(Deferred(text="451 later"))
    at(interrupted, server, 0)
    assert [one.state for one in ada(app).letters] == [LetterState.DISCARDED]
    assert at(app, server, 1) == 0


@pytest.mark.parametrize("proof", ["a copy to oneself", "an answer", "a bounce"])
def test_a_letter_in_doubt_is_proved_by_whatever_names_it(app: App, server: Server, proof: str) -> None:
    server.files = False
    postman(app).loses_answer = True
    at(app, server, 0)
    (letter,) = server.to(ADA)
    assert [one.state for one in ada(app).letters] == [LetterState.UNCERTAIN]
    proofs = {
        "a copy to oneself": letter.raw,
        "an answer": reply(letter, days(1)),
        "a bounce": write(Kind.DELAYED, ADA, letter, days(1), 1)[1],
    }
    server.receive(proofs[proof])
    at(app, server, 1)
    assert [one.state for one in ada(app).letters] == [LetterState.SENT]
    assert ada(app).thread.state is (State.ANSWERED if proof == "an answer" else State.WAITING)
    assert at(app, server, 2) == 0


class LateClock(SetClock):
    """A clock that lies many years behind the server's."""

    def now(self) -> Instant:
        return self.server.now - timedelta(days=20_000)


def test_mail_by_hand_restarts_the_wait_also_while_the_clock_is_far_behind(app: App, server: Server) -> None:
    at(app, server, 0)
    server.now = days(13)
    server.receive(by_hand(ADA, server.now, 1), "Sent")
    at(replace(app, clock=LateClock(server)), server, 13)
    assert at(app, server, 14.5) == 0
    assert at(app, server, 27.5) == 1


class SlowClock(SetClock):
    """A clock that lies some months behind the server's, and yet after all that the database knows of."""

    def now(self) -> Instant:
        return self.server.now - timedelta(days=90)


def test_a_letter_that_is_adopted_while_the_clock_is_behind_counts_from_the_servers_date(
    app: App, server: Server
) -> None:
    old = copy_to_memory(app.db)
    assert at(app, server, 100) == 1
    app = replace(app, db=MortalDb(old.connection, old.path))
    at(replace(app, clock=SlowClock(server)), server, 100)
    assert at(app, server, 100.5) == 0
    assert at(app, server, 114.5) == 1


@pytest.mark.parametrize("corrected", [True, False], ids=["of the address of before", "of the address they have"])
@pytest.mark.parametrize("kind", [Kind.DEAD, Kind.BOUNCED])
def test_a_late_bounce_of_an_older_thread_stops_the_open_one_only_at_the_same_address(
    app: App, server: Server, kind: Kind, corrected: bool
) -> None:
    """The second story was the model's fault: it took the bounce of a corrected address for one of the new address.

    With `_newer` told nothing of what the report is about, or never asked, one of the two fails.
    """
    new = "ada@new.example" if corrected else ADA
    other = replace(app.settings.policy.cadences["short"], name="other")
    policy = replace(app.settings.policy, cadences={**app.settings.policy.cadences, "other": other})
    app = replace(app, settings=replace(app.settings, policy=policy))
    at(app, server, 0)
    words.stop(app, ADA)
    if corrected:
        contacts.edit(app, ADA, contacts.Edit(fields={}, email=new))
    reopening.reopen(app, new, None, "other")
    server.receive(write(kind, ADA, server.to(ADA)[0], days(1), 1)[1])
    assert at(app, server, 40) == (1 if corrected else 0)


def test_an_absence_lasts_also_where_a_thread_is_reopened_by_a_clock_that_was_never_set(
    app: App, server: Server
) -> None:
    at(app, server, 0)
    words.stop(app, ADA)
    away = reply(server.to(ADA)[0], days(1), "I shall be back on 7 April 2027.", Auto_Submitted="auto-replied")
    server.now = days(1)
    server.receive(away)
    at(app, server, 1)
    reopening.reopen(replace(app, clock=FirstClock(server)), ADA, None, "")
    not_before = ada(app).thread.not_before
    assert not_before is not None
    assert not_before.year == 2027


def test_an_absence_that_was_told_after_an_answer_lasts_when_the_answer_was_none(app: App, server: Server) -> None:
    at(app, server, 0)
    server.receive(reply(server.to(ADA)[0], days(1)))
    at(app, server, 1)
    away = reply(server.to(ADA)[0], days(2), "I shall be back on 2 January 2027.", Auto_Submitted="auto-replied")
    server.receive(away)
    at(app, server, 2)
    answer = messages.of_thread(app.db, ada(app).thread.id)[0]
    words.not_an_answer(app, ADA, answer.message_id)
    assert ada(app).thread.state is State.WAITING
    assert at(app, server, 40) == 0
    assert at(app, server, 48) == 1


def test_a_possible_answer_in_a_pause_stands_when_the_letter_before_it_is_said_to_be_sent(
    app: App, server: Server
) -> None:
    server.files = False
    postman(app).loses_answer = True
    at(app, server, 0)
    (letter,) = ada(app).letters
    assert letter.state is LetterState.UNCERTAIN
    words.pause(app, ADA, days(20).date())
    server.taken.clear()
    server.receive(write(Kind.ANSWER_ANEW, ADA, None, days(10), 1)[1])
    at(app, server, 10)
    assert ada(app).thread.state is State.HELD
    outbox.sent(app, letter.id)
    assert ada(app).thread.state is State.HELD
    assert "possible answer" in ada(app).thread.reason
    assert at(app, server, 100) == 0
    assert words.resume(app, ADA).thread.state is State.PAUSED


def test_a_floor_that_is_raised_counts_from_letters_of_another_thread_too(tmp_path: Path, server: Server) -> None:
    other = '[cadences.other]\nsteps = [{ template = "opening" }]'
    app = process(tmp_path, server, Fuse(), more=other)
    somebody(app, ADA)
    for day in (0, 14, 56):
        assert at(app, server, day) == 1
    reopening.reopen(app, ADA, None, "other")
    policy = replace(app.settings.policy, floor=Span(days=14))
    app = replace(app, settings=replace(app.settings, policy=policy))
    assert at(app, server, 63) == 0
    assert at(app, server, 69) == 0
    assert at(app, server, 70) == 1


def test_an_older_thread_does_not_go_on_past_a_stop_of_a_newer_one(tmp_path: Path, server: Server) -> None:
    app = process(tmp_path, server, Fuse(), more='[cadences.other]\nsteps = [{ template = "opening" }]')
    somebody(app, ADA)
    at(app, server, 0)
    server.receive(reply(server.to(ADA)[0], days(1)))
    at(app, server, 14)
    first = ada(app).thread
    reopening.reopen(app, ADA, None, "other")
    words.stop(app, ADA)
    (message,) = messages.of_thread(app.db, first.id)
    assert words.not_an_answer(app, ADA, message.message_id).thread.state is State.ANSWERED
    assert messages.of_thread(app.db, first.id)[0].not_answer
    assert at(app, server, 200) == 0


def test_a_draft_in_doubt_in_a_pause_does_not_settle_a_possible_answer_from_before_it() -> None:
    life = Life(files=True)
    life.restart(approve=True)
    life.round()
    life.arrives("Bo", Kind.ANSWER_ANEW)
    life.round()
    say(life, "Bo", "pause until")
    # the folder of drafts is another one
    life.provider.validity += 1
    for days_on, word in ((19.62, "outbox approve"), (1, ""), (1, "")):
        life.world.now += timedelta(days=days_on)
        life.round()
        if word:
            say(life, "Bo", word)
    (state, reason) = life.quiet.rows("SELECT state, reason FROM threads WHERE contact_id = 2")[0]
    assert (state, "possible answer" in reason) == ("held", True)


def test_an_answered_that_the_witness_saw_stands_although_a_message_was_no_answer() -> None:
    life = Life(files=True)
    life.round()
    life.back_up()
    say(life, "Bo", "answered")
    life.restore()
    life.arrives("Bo", Kind.ANSWER)
    life.round()
    assert say(life, "Bo", "answered --not", 0)
    (found,) = life.quiet.rows("SELECT state FROM threads WHERE contact_id = 2")
    assert found["state"] == "answered"
    (told,) = life.quiet.rows("SELECT text FROM events ORDER BY id DESC LIMIT 1")
    assert "says the witness file; to start it again: followupd reopen bo@" in told["text"]


def test_a_witness_that_lost_its_end_and_grew_again_is_read_from_its_beginning() -> None:
    """Told whole: an account that cannot be read, a witness that is cut, and a second backup."""
    lots.carry_out(
        [
            ("begin", {"files": False, "accounts": "two by cron"}),
            ("user_says", {"number": 2, "who": "Ada", "word": "stop"}),
            ("login_is_refused_for_a_round", {"number": 1, "server": "imap"}),
            (
                "letter_is_in_doubt_and_an_older_backup_is_restored",
                {"end": "killed", "lost": 1, "number": 1, "witness": "cut"},
            ),
            ("days_pass", {"days": 14}),
            (
                "letter_is_in_doubt_and_an_older_backup_is_restored",
                {"end": "lost after", "lost": 0, "number": 0, "witness": "whole"},
            ),
        ]
    )
