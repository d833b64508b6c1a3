"""A letter that waits is settled once, by the user's word, and only that letter: nothing else is let go with it."""

from pathlib import Path

import pytest

from followupd.actions import contacts, outbox
from followupd.actions import threads as words
from followupd.app import App
from followupd.core.errors import FollowupdError
from followupd.core.model import Deferred, Letter, LetterState, Receipt, State
from followupd.core.outcome import RETRIES
from followupd.store import letters, threads
from tests.actions.conftest import ada, at, postman
from tests.actions.pretend import ADA, Fuse, Server, days, process, reply, somebody

POSSIBLE = "I am out of the office until 20 January 2027."
"""The words of a machine without a machine's header: it may be a human who wrote them."""


@pytest.fixture
def careful(tmp_path: Path, server: Server) -> App:
    """Every letter waits for the user; the opening one does."""
    started = process(tmp_path, server, Fuse(), more="approve = true")
    somebody(started, ADA)
    assert at(started, server, 0) == 0
    assert ada(started).thread.state is State.HELD
    return started


@pytest.fixture
def doubtful(app: App, server: Server) -> App:
    """The opening letter was taken, but nobody here knows: the answer was lost, and the provider files nothing."""
    server.files = False
    postman(app).loses_answer = True
    at(app, server, 0)
    postman(app).loses_answer = False
    assert waiting(app).state is LetterState.UNCERTAIN
    return app


def waiting(app: App) -> Letter:
    [line] = outbox.listing(app)
    return outbox.show(app, line.id).letter


def possible_answer(app: App, server: Server, day: float) -> None:
    """Let a message arrive of which only a human can tell whether it is an answer, and read it."""
    raw = (
        f"From: Ada <{ADA}>\r\nTo: max@example.org\r\nSubject: Out of office\r\nMessage-ID: <p{day}@example.net>\r\n"
        f"Date: Tue, 24 Nov 2026 10:00:00 +0000\r\n\r\n{POSSIBLE}\r\n"
    )
    server.now = days(day)
    server.receive(raw.encode())
    assert at(app, server, day) == 0


# -- approve -----------------------------------------------------------------------------------------------------------


def test_an_approved_letter_leaves_in_the_next_round(careful: App, server: Server) -> None:
    approved = outbox.approve(careful, waiting(careful).id)
    assert approved.state is LetterState.PREPARED
    assert ada(careful).thread.state is State.SCHEDULED
    assert at(careful, server, 0.1) == 1
    assert outbox.listing(careful) == ()
    assert ada(careful).thread.due_at is None


def test_a_letter_is_approved_once(careful: App) -> None:
    letter = waiting(careful)
    outbox.approve(careful, letter.id)
    with pytest.raises(FollowupdError, match="prepared"):
        outbox.approve(careful, letter.id)


def test_nothing_can_be_approved_to_somebody_who_answered(careful: App, server: Server) -> None:
    letter = waiting(careful)
    words.answered(careful, ADA, "phone")
    with pytest.raises(FollowupdError, match="answered") as refused:
        outbox.approve(careful, letter.id)
    assert f"discard {letter.id}" in refused.value.hint
    assert at(careful, server, 1) == 0


def test_an_approval_during_a_pause_waits_for_its_end(careful: App, server: Server) -> None:
    letter = waiting(careful)
    words.pause(careful, ADA, None)
    outbox.approve(careful, letter.id)
    assert at(careful, server, 1) == 0
    words.resume(careful, ADA)
    words.resume(careful, ADA)
    assert at(careful, server, 2) == 1


# -- a second reason to hold -------------------------------------------------------------------------------------------


def held_again(app: App) -> str:
    case = ada(app)
    assert case.thread.state is State.HELD
    assert case.thread.next_at is None
    return case.thread.reason


def test_an_approval_does_not_outweigh_a_possible_answer(careful: App, server: Server) -> None:
    letter = waiting(careful)
    possible_answer(careful, server, 1)
    outbox.approve(careful, letter.id)
    assert "possible answer" in held_again(careful)
    assert at(careful, server, 2) == 0
    words.resume(careful, ADA)
    assert at(careful, server, 3) == 1


def test_a_possible_answer_that_was_called_none_lets_the_approved_letter_go(careful: App, server: Server) -> None:
    letter = waiting(careful)
    possible_answer(careful, server, 1)
    outbox.approve(careful, letter.id)
    words.not_an_answer(careful, ADA, "<p1@example.net>")
    assert at(careful, server, 2) == 1


def test_news_do_not_outweigh_a_possible_answer(tmp_path: Path, server: Server) -> None:
    app = process(tmp_path, server, Fuse(), more='no_news = "hold"')
    somebody(app, ADA)
    at(app, server, 0)
    at(app, server, 14)
    assert "nothing new" in ada(app).thread.reason
    possible_answer(app, server, 15)
    contacts.note(app, ADA, "The queue is gone.")
    assert "possible answer" in held_again(app)
    assert at(app, server, 16) == 0


@pytest.mark.parametrize("verb", [outbox.sent, outbox.retry])
def test_settling_a_doubt_does_not_settle_a_possible_answer(doubtful: App, server: Server, verb: object) -> None:
    letter = waiting(doubtful)
    possible_answer(doubtful, server, 1)
    assert callable(verb)
    verb(doubtful, letter.id)
    assert "possible answer" in held_again(doubtful)
    assert at(doubtful, server, 400) == 0
    assert len(server.to(ADA)) == 1


def test_a_copy_in_sent_settles_the_doubt_and_not_a_possible_answer(doubtful: App, server: Server) -> None:
    possible_answer(doubtful, server, 1)
    server.receive(server.to(ADA)[0].raw, "Sent")
    at(doubtful, server, 2)
    assert ada(doubtful).letters[0].state is LetterState.SENT
    assert "possible answer" in held_again(doubtful)


# -- discard -----------------------------------------------------------------------------------------------------------


def before_the_last(app: App, server: Server) -> Letter:
    """Approve the opening letter, discard the next, and give the last one, which waits."""
    outbox.approve(app, waiting(app).id)
    at(app, server, 0.1)
    at(app, server, 15)
    outbox.discard(app, waiting(app).id)
    at(app, server, 15 + 43)
    return waiting(app)


def test_a_discarded_letter_is_passed_over_and_the_next_wait_counts_from_now(careful: App, server: Server) -> None:
    outbox.approve(careful, waiting(careful).id)
    at(careful, server, 0.1)
    at(careful, server, 15)
    server.now = days(20)
    outbox.discard(careful, waiting(careful).id)
    thread = ada(careful).thread
    assert (thread.step, thread.state, thread.next_at) == (2, State.WAITING, days(20 + 42))
    at(careful, server, 20 + 42)
    assert waiting(careful).template == "last-word"
    assert len(server.taken) == 1


def test_discarding_the_last_letter_ends_an_open_thread_as_silent(careful: App, server: Server) -> None:
    outbox.discard(careful, before_the_last(careful, server).id)
    assert ada(careful).thread.state is State.SILENT


@pytest.mark.parametrize("state", [State.ANSWERED, State.STOPPED, State.OPTED_OUT])
def test_discarding_the_last_letter_leaves_an_ended_thread_as_it_ended(
    careful: App, server: Server, state: State
) -> None:
    letter = before_the_last(careful, server)
    if state is State.ANSWERED:
        words.answered(careful, ADA, "phone")
    elif state is State.STOPPED:
        words.stop(careful, ADA)
    else:
        server.receive(reply(server.to(ADA)[0], days(59), "Please do not write to me again."))
        at(careful, server, 59)
    outbox.discard(careful, letter.id)
    assert ada(careful).thread.state is state


def test_a_letter_in_doubt_cannot_be_discarded_and_the_words_that_settle_it_are_named(doubtful: App) -> None:
    letter = waiting(doubtful)
    with pytest.raises(FollowupdError) as refused:
        outbox.discard(doubtful, letter.id)
    assert f"outbox sent {letter.id}" in refused.value.hint
    assert f"outbox retry {letter.id}" in refused.value.hint
    assert waiting(doubtful).state is LetterState.UNCERTAIN


def test_discarding_a_deferred_letter_releases_no_thread_that_something_else_holds(app: App, server: Server) -> None:
    at(app, server, 0)
    postman(app).answers.append(Deferred(text="451 greylisted"))
    at(app, server, 14)
    letter = waiting(app)
    assert letter.state is LetterState.DEFERRED
    possible_answer(app, server, 14.001)
    outbox.discard(app, letter.id)
    assert "possible answer" in held_again(app)


def test_a_letter_that_no_server_took_in_all_tries_can_be_approved_for_another(app: App, server: Server) -> None:
    answers: list[Receipt] = [Deferred(text="451 greylisted")] * (len(RETRIES) + 1)
    postman(app).answers += answers
    for day in range(20):
        at(app, server, day)
    letter = waiting(app)
    assert letter.state is LetterState.HELD
    outbox.approve(app, letter.id)
    assert at(app, server, 21) == 1


# -- sent and retry ----------------------------------------------------------------------------------------------------


def test_a_letter_said_to_be_sent_counts_from_the_moment_it_was_written(doubtful: App, server: Server) -> None:
    server.now = days(10)
    gone = outbox.sent(doubtful, waiting(doubtful).id)
    case = ada(doubtful)
    assert (gone.state, gone.sent_at) == (LetterState.SENT, days(0))
    assert case.letters == (letters.get(doubtful.db, gone.id),)
    assert (case.thread.step, case.thread.anchor, case.thread.state) == (1, days(0), State.WAITING)
    assert case.thread.next_at == days(14)
    assert threads.events(doubtful.db, case.thread.id)[-1].at == days(10)
    assert at(doubtful, server, 14) == 1


def test_a_letter_said_to_be_sent_long_ago_is_followed_when_the_window_allows_and_not_in_the_past(
    doubtful: App, server: Server
) -> None:
    server.now = days(40)
    outbox.sent(doubtful, waiting(doubtful).id)
    assert ada(doubtful).thread.next_at == days(40)
    assert at(doubtful, server, 40) == 1
    assert at(doubtful, server, 41) == 0


def test_a_letter_said_to_be_sent_has_told_its_news(app: App, server: Server) -> None:
    at(app, server, 0)
    contacts.note(app, ADA, "The queue is gone.")
    server.files, postman(app).loses_answer = False, True
    at(app, server, 14)
    letter = waiting(app)
    assert letter.note_ids
    outbox.sent(app, letter.id)
    assert [one.spent_by for one in ada(app).notes] == [letter.id]


def test_a_letter_said_to_be_lost_is_sent_anew_with_another_message_id(doubtful: App, server: Server) -> None:
    outbox.retry(doubtful, waiting(doubtful).id)
    assert at(doubtful, server, 1) == 1
    first, second = server.to(ADA)
    assert first.message_id != second.message_id
    assert [(one.state, one.attempt) for one in ada(doubtful).letters] == [
        (LetterState.DISCARDED, 1),
        (LetterState.SENT, 2),
    ]


@pytest.mark.parametrize("verb", [outbox.sent, outbox.retry])
def test_only_a_letter_in_doubt_can_be_settled_by_sent_or_retry(careful: App, verb: object) -> None:
    assert callable(verb)
    with pytest.raises(FollowupdError, match="held, there is no doubt"):
        verb(careful, waiting(careful).id)


def test_a_letter_proved_sent_meanwhile_is_not_sent_again_by_the_word_retry(doubtful: App, server: Server) -> None:
    letter = waiting(doubtful)
    server.receive(server.to(ADA)[0].raw, "Sent")
    at(doubtful, server, 1)
    with pytest.raises(FollowupdError, match="no doubt"):
        outbox.retry(doubtful, letter.id)
    assert at(doubtful, server, 13) == 0


def test_an_answer_refers_to_a_doubtful_letter_and_ends_the_thread(doubtful: App, server: Server) -> None:
    server.receive(reply(server.to(ADA)[0], days(2)))
    at(doubtful, server, 2)
    assert ada(doubtful).thread.state is State.ANSWERED
    assert outbox.listing(doubtful) == ()


def test_a_letter_nobody_knows_is_named(app: App) -> None:
    with pytest.raises(FollowupdError, match="no such letter"):
        outbox.show(app, 77)
