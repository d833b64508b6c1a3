"""The user's word on a message wins, is remembered for that message, and undoes nothing else that stood."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from followupd.actions import reopening
from followupd.actions import threads as words
from followupd.app import App
from followupd.core.errors import FollowupdError
from followupd.core.model import Message, State
from followupd.store import messages, threads
from tests.actions.conftest import ada, at, kinds
from tests.actions.pretend import ADA, BO, Server, days, reply, somebody


def theirs(app: App) -> tuple[Message, ...]:
    return messages.of_thread(app.db, ada(app).thread.id)


def answered_on(app: App, server: Server, day: float) -> Message:
    """Let Ada answer and the daemon see it; give the message."""
    server.receive(reply(server.to(ADA)[0], days(day)))
    at(app, server, day)
    assert ada(app).thread.state is State.ANSWERED
    return theirs(app)[-1]


def doubted(app: App, server: Server, day: float) -> Message:
    """Let a message of Ada read like a machine's without its proof; give it: it holds the next letter."""
    server.receive(
        f"From: {ADA}\r\nTo: max@example.org\r\nSubject: Automatic reply: your letter\r\n"
        f"Message-ID: <doubt{day}@example.net>\r\n\r\nI am out of the office.\r\n".encode()
    )
    at(app, server, day)
    assert ada(app).thread.state is State.HELD
    return theirs(app)[-1]


# -- the same message, seen again --------------------------------------------------------------------------------------


def test_a_message_that_was_no_answer_stays_none_wherever_it_is_seen_again(app: App, server: Server) -> None:
    at(app, server, 0)
    message = answered_on(app, server, 1)
    words.not_an_answer(app, ADA, message.message_id)
    raw = server.folders["INBOX"][-1][1]
    server.folders["Archive"] = []
    server.receive(raw, "Sent")
    at(app, server, 2)
    server.validity = 9
    at(app, server, 3)
    assert ada(app).thread.state is State.WAITING
    assert [one.not_answer for one in theirs(app)] == [True]
    assert at(app, server, 14) == 1


def test_a_message_without_an_id_is_remembered_too(app: App, server: Server) -> None:
    at(app, server, 0)
    lines = reply(server.to(ADA)[0], days(1)).split(b"\r\n")
    raw = b"\r\n".join(line for line in lines if not line.startswith(b"Message-ID"))
    server.receive(raw)
    at(app, server, 1)
    words.not_an_answer(app, ADA, str(theirs(app)[0].id))
    server.receive(raw, "Sent")
    server.validity = 9
    at(app, server, 2)
    assert (ada(app).thread.state, len(theirs(app))) == (State.WAITING, 1)


def test_an_answer_from_before_a_reopening_does_not_end_the_thread_again(app: App, server: Server) -> None:
    at(app, server, 0)
    answered_on(app, server, 1)
    reopening.reopen(app, ADA, date(2027, 1, 11), "")
    server.validity = 9
    server.receive(server.folders["INBOX"][-1][1], "Sent")
    at(app, server, 2)
    assert ada(app).thread.state is State.WAITING
    assert sum(at(app, server, day) for day in (14, 40)) == 0
    server.now = days(49)
    assert (at(app, server, 49), len(server.to(ADA))) == (1, 2)
    assert f"In-Reply-To: {server.to(ADA)[0].message_id}".encode() in server.to(ADA)[1].raw


def test_a_possible_answer_that_was_none_is_not_asked_about_again(app: App, server: Server) -> None:
    at(app, server, 0)
    doubted(app, server, 1)
    words.resume(app, ADA)
    server.validity = 9
    at(app, server, 2)
    assert ada(app).thread.state is State.WAITING
    assert [one.not_answer for one in theirs(app)] == [True]


def test_said_twice_it_changes_nothing(app: App, server: Server) -> None:
    at(app, server, 0)
    message = answered_on(app, server, 1)
    words.not_an_answer(app, ADA, message.message_id)
    before = kinds(app)
    words.not_an_answer(app, ADA, message.message_id)
    assert kinds(app) == before


# -- what stood before the answer stands again -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("verb", "state"),
    [
        (lambda app: words.stop(app, ADA), State.STOPPED),
        (lambda app: words.pause(app, ADA, None), State.PAUSED),
        (lambda app: words.pause(app, ADA, date(2027, 6, 1)), State.PAUSED),
    ],
)
def test_what_the_user_had_said_before_the_answer_holds_again(
    app: App, server: Server, verb: Callable[[App], object], state: State
) -> None:
    at(app, server, 0)
    verb(app)
    message = answered_on(app, server, 1)
    words.not_an_answer(app, ADA, message.message_id)
    assert ada(app).thread.state is state
    assert ada(app).thread.next_at is None
    assert sum(at(app, server, day) for day in (14, 60, 400)) == 0


def test_a_thread_that_was_silent_is_silent_again(app: App, server: Server) -> None:
    for day in (0, 14, 56):
        at(app, server, day)
    assert ada(app).thread.state is State.SILENT
    message = answered_on(app, server, 1200)
    words.not_an_answer(app, ADA, message.message_id)
    assert ada(app).thread.state is State.SILENT
    assert at(app, server, 1300) == 0


def test_no_letter_leaves_past_another_message_that_may_be_an_answer(app: App, server: Server) -> None:
    at(app, server, 0)
    doubted(app, server, 1)
    reason = ada(app).thread.reason
    message = answered_on(app, server, 2)
    words.not_an_answer(app, ADA, message.message_id)
    assert (ada(app).thread.state, ada(app).thread.reason) == (State.HELD, reason)
    assert at(app, server, 14) == 0
    words.resume(app, ADA)
    assert at(app, server, 15) == 1


def test_a_doubt_that_was_settled_holds_nothing_again(app: App, server: Server) -> None:
    at(app, server, 0)
    doubt = doubted(app, server, 1)
    message = answered_on(app, server, 2)
    words.not_an_answer(app, ADA, doubt.message_id)
    assert ada(app).thread.state is State.ANSWERED
    words.not_an_answer(app, ADA, message.message_id)
    assert ada(app).thread.state is State.WAITING


def test_a_pause_over_a_doubt_keeps_the_doubt(app: App, server: Server) -> None:
    at(app, server, 0)
    doubted(app, server, 1)
    words.pause(app, ADA, None)
    message = answered_on(app, server, 2)
    words.not_an_answer(app, ADA, message.message_id)
    assert ada(app).thread.state is State.PAUSED
    words.resume(app, ADA)
    assert ada(app).thread.state is State.HELD


# -- names -------------------------------------------------------------------------------------------------------------


def test_a_message_is_named_by_its_number_its_id_or_the_beginning_of_it(app: App, server: Server) -> None:
    at(app, server, 0)
    message = answered_on(app, server, 1)
    bare = message.message_id.strip("<>")
    for name in (str(message.id), f"#{message.id}", message.message_id, bare, bare[:6], f"<{bare[:6]}"):
        assert words.not_an_answer(app, ADA, name).thread.state is State.WAITING
    assert kinds(app).count("not-an-answer") == 1


@pytest.mark.parametrize("name", ["", "<", "20", "999", "<unknown@example.net>", "2026112"])
def test_a_name_of_no_message_is_refused_with_the_way_to_find_it(app: App, server: Server, name: str) -> None:
    at(app, server, 0)
    answered_on(app, server, 0.01)
    if name == "2026112":
        server.receive(reply(server.to(ADA)[0], days(1) + timedelta(days=1), "And another word, which is longer."))
        at(app, server, 2)
    with pytest.raises(FollowupdError) as refused:
        words.not_an_answer(app, ADA, name)
    assert refused.value.hint
    assert ada(app).thread.state is State.ANSWERED


def test_nobody_elses_message_can_be_named(app: App, server: Server) -> None:
    at(app, server, 0)
    message = answered_on(app, server, 1)
    somebody(app, BO)
    with pytest.raises(FollowupdError):
        words.not_an_answer(app, BO, message.message_id)


# -- both answers to a doubt -------------------------------------------------------------------------------------------


def test_a_possible_answer_names_the_command_for_yes_and_the_one_for_no(app: App, server: Server) -> None:
    at(app, server, 0)
    doubted(app, server, 1)
    reason = ada(app).thread.reason
    assert f"; if it is an answer: followupd answered {ADA}; if not: followupd resume {ADA}" in reason
    assert threads.events(app.db, ada(app).thread.id)[-1].text == reason
    words.answered(app, ADA, "")
    assert ada(app).thread.state is State.ANSWERED
    assert at(app, server, 60) == 0
