"""The user's word on a thread wins, is refused in plain words where it does not fit, and shortens no absence."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from followupd.actions import contacts, outbox, reopening
from followupd.actions import threads as words
from followupd.actions.word import find
from followupd.app import App
from followupd.core.errors import FollowupdError
from followupd.core.instants import Instant
from followupd.core.model import Case, Change, Contact, LetterState, Refused, State
from followupd.store import messages, threads
from tests.actions.conftest import ada, at, kinds, postman
from tests.actions.pretend import ADA, Fuse, Server, days, process, reply, somebody

AWAY = "I am away and back on 20 January 2027."
BACK = date(2027, 1, 27)
"""The day of return and the grace after it."""


def next_day(app: App) -> date | None:
    at = ada(app).thread.next_at
    return at.date() if at else None


def absent(app: App, server: Server) -> None:
    """Send the opening letter, and let the answer be that she is away."""
    at(app, server, 0)
    server.receive(reply(server.to(ADA)[0], days(1), AWAY, Auto_Submitted="auto-replied"))
    at(app, server, 1)
    assert next_day(app) == BACK


def rounds(app: App, server: Server, *numbers: float) -> None:
    for day in numbers:
        at(app, server, day)


def refused_by(app: App, server: Server, answer: Refused) -> None:
    postman(app).answers.append(answer)
    at(app, server, 0)


def opted_out(app: App, server: Server) -> None:
    at(app, server, 0)
    server.receive(reply(server.to(ADA)[0], days(1), "Please do not write to me again."))
    at(app, server, 1)


WAYS: dict[State, Callable[[App, Server], object]] = {
    State.SCHEDULED: lambda app, server: None,
    State.WAITING: lambda app, server: rounds(app, server, 0),
    State.PAUSED: lambda app, server: words.pause(app, ADA, None),
    State.STOPPED: lambda app, server: words.stop(app, ADA),
    State.ANSWERED: lambda app, server: words.answered(app, ADA, ""),
    State.UNDELIVERABLE: lambda app, server: refused_by(app, server, Refused(text="550 5.1.1 no", dead_address=True)),
    State.HELD: lambda app, server: refused_by(app, server, Refused(text="550 5.7.1 not you")),
    State.SILENT: lambda app, server: rounds(app, server, 0, 14, 56),
    State.OPTED_OUT: opted_out,
}


def in_state(app: App, server: Server, state: State) -> None:
    """Bring Ada's thread into a state."""
    WAYS[state](app, server)
    assert ada(app).thread.state is state


# -- the table, through the verbs --------------------------------------------------------------------------------------

S = State
VERBS: dict[str, Callable[[App], Case]] = {
    "pause": lambda app: words.pause(app, ADA, None),
    "resume": lambda app: words.resume(app, ADA),
    "snooze": lambda app: words.snooze(app, ADA, date(2028, 1, 1)),
    "stop": lambda app: words.stop(app, ADA),
    "answered": lambda app: words.answered(app, ADA, "phone"),
    "reopen": lambda app: reopening.reopen(app, ADA, None, ""),
}
BECOMES: dict[str, dict[State, State]] = {
    "pause": {S.SCHEDULED: S.PAUSED, S.WAITING: S.PAUSED, S.HELD: S.PAUSED, S.PAUSED: S.PAUSED},
    "resume": {S.PAUSED: S.SCHEDULED, S.HELD: S.SCHEDULED},
    "snooze": {S.SCHEDULED: S.SCHEDULED, S.WAITING: S.WAITING, S.HELD: S.HELD, S.PAUSED: S.PAUSED},
    "stop": {state: S.STOPPED for state in S if state is not S.OPTED_OUT},
    "answered": {state: S.ANSWERED for state in S if state is not S.OPTED_OUT},
    "reopen": {S.ANSWERED: S.SCHEDULED, S.STOPPED: S.SCHEDULED},
}
"""What each verb makes of a thread in each state; a state that is not there is refused."""


@pytest.mark.parametrize("state", list(State))
@pytest.mark.parametrize("verb", list(VERBS))
def test_every_verb_does_its_work_or_names_the_state_that_keeps_it_from_it(
    app: App, server: Server, verb: str, state: State
) -> None:
    in_state(app, server, state)
    before = ada(app)
    if state in BECOMES[verb]:
        case = VERBS[verb](app)
        assert case == ada(app)
        assert case.thread.state is BECOMES[verb][state]
        return
    with pytest.raises(FollowupdError) as refused:
        VERBS[verb](app)
    assert refused.value.status == 1
    assert refused.value.where
    silent, dead = verb == "reopen" and state is S.SILENT, verb == "reopen" and state is S.UNDELIVERABLE
    assert ("has gone out" if silent else "bounced" if dead else str(state)) in refused.value.what
    assert ada(app) == before


@pytest.mark.parametrize("verb", ["stop", "answered"])
def test_saying_it_twice_changes_nothing(app: App, verb: str) -> None:
    once = VERBS[verb](app)
    history = kinds(app)
    assert VERBS[verb](app) == once
    assert kinds(app) == history


def test_nobody_is_named_plainly(app: App) -> None:
    with pytest.raises(FollowupdError, match="nobody has this address"):
        words.stop(app, "nobody@example.net")


ADDING = Contact(addresses=("bo@example.com",), name="Bo")


@pytest.mark.parametrize(
    "word",
    [
        *VERBS.values(),
        lambda app: contacts.add(app, ADDING),
        lambda app: contacts.edit(app, ADA, contacts.Edit(fields={"org": "Engines"})),
        lambda app: contacts.note(app, ADA, "The queue is gone."),
        lambda app: outbox.approve(app, 1),
        lambda app: outbox.discard(app, 1),
        lambda app: outbox.sent(app, 1),
        lambda app: outbox.retry(app, 1),
        lambda app: words.not_an_answer(app, ADA, "<x@example.net>"),
    ],
)
def test_a_word_takes_the_write_lock_before_it_looks(app: App, word: Callable[[App], object]) -> None:
    """What the daemon settled meanwhile would be undone otherwise: a letter found sent must not be sent again."""
    said: list[str] = []
    app.db.connection.set_trace_callback(said.append)
    with suppress(FollowupdError):
        word(app)
    assert said[0] == "BEGIN IMMEDIATE"
    assert said[-1] in {"COMMIT", "ROLLBACK"}
    assert sum(one.startswith(("BEGIN", "COMMIT", "ROLLBACK")) for one in said) == 2


# -- pause and resume --------------------------------------------------------------------------------------------------


def test_a_pause_ends_on_its_day_where_the_contact_lives(app: App, server: Server) -> None:
    contacts.edit(app, ADA, contacts.Edit(fields={"timezone": "Asia/Tokyo"}))
    words.pause(app, ADA, date(2026, 12, 1))
    assert at(app, server, 7.2) == 0
    assert at(app, server, 7.3) == 1


def test_a_pause_gets_another_end(app: App, server: Server) -> None:
    words.pause(app, ADA, None)
    words.pause(app, ADA, date(2026, 12, 1))
    assert at(app, server, 9) == 1


def test_a_day_that_has_come_is_refused(app: App) -> None:
    for verb in (words.pause, words.snooze):
        with pytest.raises(FollowupdError, match="has come"):
            verb(app, ADA, date(2026, 11, 23))


def test_a_thread_held_before_its_pause_tells_the_first_reason_again(app: App, server: Server) -> None:
    in_state(app, server, State.HELD)
    why = ada(app).thread.reason
    words.pause(app, ADA, None)
    assert words.resume(app, ADA).thread.reason == why
    assert words.resume(app, ADA).thread.state is State.SCHEDULED


def test_a_held_thread_whose_letter_waits_is_not_resumed_past_it(tmp_path: Path, server: Server) -> None:
    app = process(tmp_path, server, Fuse(), more="approve = true")
    somebody(app, ADA)
    at(app, server, 0)
    with pytest.raises(FollowupdError) as refused:
        words.resume(app, ADA)
    assert "approve, discard" in refused.value.hint


def test_a_held_thread_that_is_resumed_sends_what_was_due(app: App, server: Server) -> None:
    in_state(app, server, State.HELD)
    words.resume(app, ADA)
    assert at(app, server, 0.1) == 1


# -- snooze ------------------------------------------------------------------------------------------------------------


def test_a_snooze_moves_a_letter_and_a_new_one_replaces_it(app: App, server: Server) -> None:
    assert words.snooze(app, ADA, date(2027, 6, 1)).thread.not_before == Instant.fromisoformat("2027-06-01T00:00Z")
    words.snooze(app, ADA, date(2026, 12, 24))
    assert next_day(app) == date(2026, 12, 24)
    assert ada(app).thread.state is State.SCHEDULED
    assert at(app, server, 31) == 1


def test_a_snooze_never_sends_a_letter_into_an_absence(app: App, server: Server) -> None:
    absent(app, server)
    words.snooze(app, ADA, date(2026, 12, 15))
    assert next_day(app) == BACK
    words.snooze(app, ADA, date(2027, 6, 1))
    words.snooze(app, ADA, date(2026, 12, 15))
    assert next_day(app) == BACK


# -- answered ----------------------------------------------------------------------------------------------------------


def test_how_an_answer_came_is_told_in_one_line(app: App) -> None:
    with pytest.raises(FollowupdError, match="line break"):
        words.answered(app, ADA, "phone\nBcc: all@example.org")
    words.answered(app, ADA, "phone")
    assert "phone" in ada(app).thread.reason


def test_a_message_that_was_no_answer_lets_the_thread_go_on(app: App, server: Server) -> None:
    at(app, server, 0)
    server.receive(reply(server.to(ADA)[0], days(1)))
    at(app, server, 1)
    assert ada(app).thread.state is State.ANSWERED
    [message] = messages.of_thread(app.db, ada(app).thread.id)
    case = words.not_an_answer(app, ADA, message.message_id)
    assert (case.thread.state, case.thread.next_at) == (State.WAITING, days(14))
    assert at(app, server, 14) == 1


# -- reopen ------------------------------------------------------------------------------------------------------------


def test_a_reopened_thread_waits_from_now_and_leaves_on_the_day_that_was_named(app: App, server: Server) -> None:
    in_state(app, server, State.WAITING)
    words.stop(app, ADA)
    server.now = days(100)
    assert reopening.reopen(app, ADA, None, "").thread.next_at == days(114)
    words.stop(app, ADA)
    reopening.reopen(app, ADA, date(2027, 6, 1), "")
    assert next_day(app) == date(2027, 6, 1)


def test_a_reopened_thread_does_not_forget_an_absence(app: App, server: Server) -> None:
    absent(app, server)
    words.stop(app, ADA)
    reopening.reopen(app, ADA, date(2026, 12, 10), "")
    assert next_day(app) == BACK


@pytest.mark.parametrize("word", ["snooze", "reopen again"])
def test_an_absence_that_was_told_in_an_older_thread_is_not_forgotten(
    tmp_path: Path, server: Server, word: str
) -> None:
    app = process(tmp_path, server, Fuse(), more='[cadences.other]\nsteps = [{ template = "opening" }]')
    somebody(app, ADA)
    absent(app, server)
    words.stop(app, ADA)
    reopening.reopen(app, ADA, None, "other")
    assert next_day(app) == BACK
    if word == "snooze":
        words.snooze(app, ADA, date(2026, 12, 24))
    else:
        words.stop(app, ADA)
        reopening.reopen(app, ADA, None, "short")
    assert next_day(app) == BACK


def test_the_floor_stands_between_the_last_letter_and_a_new_cadence(tmp_path: Path, server: Server) -> None:
    more = '[cadences.other]\nsteps = [{ template = "opening" }, { after = "3 weeks", template = "reminder" }]'
    app = process(tmp_path, server, Fuse(), more=more)
    somebody(app, ADA)
    at(app, server, 0)
    words.stop(app, ADA)
    server.now = days(1)
    opened = reopening.reopen(app, ADA, date(2026, 11, 25), "other").thread
    assert (opened.cadence, opened.step, opened.next_at) == ("other", 0, days(7))
    words.snooze(app, ADA, date(2026, 11, 26))
    assert ada(app).thread.next_at == days(7)
    assert at(app, server, 6.9) == 0
    assert at(app, server, 7) == 1


def test_where_every_letter_went_out_another_cadence_is_asked_for_and_the_same_one_is_refused(
    app: App, server: Server
) -> None:
    in_state(app, server, State.SILENT)
    for cadence in ("", "short"):
        with pytest.raises(FollowupdError) as refused:
            reopening.reopen(app, ADA, None, cadence)
        assert "--cadence" in refused.value.hint
    with pytest.raises(FollowupdError, match="hasty"):
        reopening.reopen(app, ADA, None, "hasty")


def dead(app: App, server: Server, address: str) -> None:
    """Add somebody whose address is dead."""
    somebody(app, address)
    postman(app).answers.append(Refused(text="550 5.1.1 unknown", dead_address=True))
    at(app, server, 0)


def reopened(app: App, address: str) -> State:
    return reopening.reopen(app, address, None, "").thread.state


@pytest.mark.parametrize("another", ["new@example.com", "smith@example.com", "jane.smith@example.co"])
def test_an_undeliverable_thread_goes_on_at_another_address_only(tmp_path: Path, server: Server, another: str) -> None:
    app, old = process(tmp_path, server, Fuse()), "jane.smith@example.com"
    dead(app, server, old)
    with pytest.raises(FollowupdError) as refused:
        reopened(app, old)
    assert "edit" in refused.value.hint
    contacts.edit(app, old, contacts.Edit(fields={}, email=another))
    case = find(app, another)
    assert case.thread.state is State.UNDELIVERABLE
    assert reopened(app, another) is State.SCHEDULED
    assert at(app, server, 30) == 1
    assert [draft.rcpt_to for _, draft in server.taken] == [another]


def test_a_dead_address_of_an_adopted_letter_has_to_be_changed_too(app: App, server: Server) -> None:
    in_state(app, server, State.UNDELIVERABLE)
    app.db.run("UPDATE letters SET raw = x''")
    with pytest.raises(FollowupdError, match="bounced"):
        reopened(app, ADA)
    contacts.edit(app, ADA, contacts.Edit(fields={}, email="ada@example.org"))
    assert reopened(app, ADA) is State.SCHEDULED


def test_whoever_opted_out_is_not_written_to_by_any_way(app: App, server: Server) -> None:
    in_state(app, server, State.OPTED_OUT)
    contacts.edit(app, ADA, contacts.Edit(fields={}, email="ada@example.org"))
    for verb in ("reopen", "resume", "stop", "answered"):
        with pytest.raises(FollowupdError):
            VERBS[verb](app)
    threads.apply(app.db, Change(thread=replace(ada(app).thread, state=State.STOPPED)))
    with pytest.raises(FollowupdError, match="asked not to be written to"):
        reopened(app, ADA)
    assert at(app, server, 400) == 0
    assert [one.state for one in ada(app).letters] == [LetterState.SENT]
