"""A thread that came to its end is started again by the user's word only, whatever else befalls it."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from followupd.core.model import OPEN_STATES, State, Thread
from followupd.core.states import TABLE, Happening, event, move, next_state
from tests.core.timeline import utc

H = Happening
NOW = utc(2027, 6, 8, 7)
OURS = (H.REOPEN, H.RESUME, H.PAUSE, H.STOP, H.ANSWERED)
"""The happenings that are the user's word."""
BEGUN = Thread(key="k", contact_id=1, cadence="patient", created_at=NOW, anchor=NOW)
ENDED = [state for state in State if state not in OPEN_STATES]


def after(thread: Thread, *happenings: Happening) -> Thread:
    for one in happenings:
        thread = move(thread, one, event(NOW, one.value, one.value)).thread
    return thread


@given(st.sampled_from(ENDED), st.lists(st.sampled_from([one for one in H if one is not H.REOPEN]), max_size=12))
def test_nothing_but_reopen_opens_an_ended_thread(state: State, happenings: list[Happening]) -> None:
    assert after(replace(BEGUN, state=state, step=2), *happenings).state in ENDED


@given(st.lists(st.sampled_from(list(H)), max_size=12))
def test_an_opt_out_is_for_ever(happenings: list[Happening]) -> None:
    assert after(replace(BEGUN, state=State.OPTED_OUT), *happenings).state is State.OPTED_OUT


@given(st.lists(st.sampled_from(list(H)), max_size=12))
def test_only_a_thread_that_can_send_has_a_date(happenings: list[Happening]) -> None:
    thread = after(replace(BEGUN, next_at=NOW), *happenings)
    assert thread.next_at is None or thread.state in {State.SCHEDULED, State.WAITING}


@given(
    st.lists(st.sampled_from([one for one in H if one not in OURS]), max_size=12), st.sampled_from([H.STOP, H.PAUSE])
)
def test_no_inference_lets_a_letter_go_after_stop_or_pause(happenings: list[Happening], word: Happening) -> None:
    thread = after(replace(BEGUN, state=State.WAITING, step=1), word, *happenings)
    assert thread.state not in {State.SCHEDULED, State.WAITING}


@pytest.mark.parametrize("state", sorted(OPEN_STATES))
@pytest.mark.parametrize(
    ("happening", "ends"),
    [
        (H.REPLY, State.ANSWERED),
        (H.OPT_OUT, State.OPTED_OUT),
        (H.ADDRESS_DEAD, State.UNDELIVERABLE),
        (H.STOP, State.STOPPED),
        (H.ANSWERED, State.ANSWERED),
    ],
)
def test_every_open_thread_ends_at_once(state: State, happening: Happening, ends: State) -> None:
    assert after(replace(BEGUN, state=state), happening).state is ends


def test_a_letter_found_sent_during_a_pause_lets_it_go_on_as_waiting() -> None:
    paused = after(BEGUN, H.PAUSE)
    found = replace(after(paused, H.LETTER_SENT), step=1)
    assert found.state is State.PAUSED
    assert after(found, H.RESUME).state is State.WAITING


def test_a_doubt_during_a_pause_holds_the_letter_beyond_its_end() -> None:
    end = utc(2027, 9, 1)
    paused = replace(after(replace(BEGUN, state=State.WAITING, step=1), H.PAUSE), paused_until=end)
    held = after(paused, H.HOLD)
    assert (held.state, held.paused_until) == (State.HELD, end)
    for settles in (H.RESUME, H.LETTER_SENT):
        back = after(held, settles)
        assert (back.state, back.paused_until) == (State.PAUSED, end)
        assert after(back, H.RESUME).state is State.WAITING


def test_a_pause_does_not_settle_a_doubt() -> None:
    held = after(replace(BEGUN, state=State.WAITING, step=1), H.HOLD)
    paused = after(held, H.PAUSE)
    assert paused.reason == "pause; held before that: hold"
    back = after(paused, H.RESUME)
    assert back.state is State.HELD
    assert after(back, H.RESUME).state is State.WAITING


def test_a_second_doubt_in_a_pause_keeps_the_first_one_that_the_pause_did_not_settle() -> None:
    held = move(replace(BEGUN, state=State.WAITING, step=1), H.HOLD, event(NOW, "held", "they may have answered"))
    paused = after(held.thread, H.PAUSE)
    again = after(paused, H.HOLD)
    assert (again.state, again.reason) == (State.HELD, "they may have answered")
    assert after(again, H.RESUME, H.RESUME).state is State.WAITING


@pytest.mark.parametrize(("step", "state"), [(0, State.SCHEDULED), (2, State.WAITING)])
def test_what_is_reopened_goes_on_where_it_was(step: int, state: State) -> None:
    assert after(replace(BEGUN, state=State.STOPPED, step=step), H.REOPEN).state is state


@pytest.mark.parametrize("state", list(State))
def test_a_pair_that_is_not_in_the_table_changes_nothing_and_is_told(state: State) -> None:
    thread = replace(BEGUN, state=state, reason="as it was")
    for happening in set(Happening) - set(TABLE[state]):
        change = move(thread, happening, event(NOW, "x", "happened"))
        assert next_state(thread, happening) is None
        assert change.thread == thread
        assert [one.text for one in change.events] == ["happened"]
