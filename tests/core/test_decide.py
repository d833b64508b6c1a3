"""Send, wait, hold, pass over or finish: in doubt nothing is sent, and the reason is said."""

from dataclasses import replace

import pytest

from followupd.core.decide import NOTHING_NEW, decide, tomorrow
from followupd.core.model import Case, Finish, Hold, LetterState, Note, Send, Skip, State, Wait
from followupd.core.settings import NoNews
from tests.core.timeline import POLICY, begun, letter_of, sent, somebody, utc

TUESDAY = utc(2027, 6, 8, 7)  # 09:00 in Berlin
NEWS = Note(id=1, contact_id=1, text="we have moved", created_at=TUESDAY)


def due(step: int = 1, **fields: object) -> Case:
    state = State.WAITING if step else State.SCHEDULED
    return begun(somebody(), utc(2026, 3, 3, 8), **{"step": step, "state": state, **fields})


def test_what_is_due_is_sent_and_what_is_not_waits_for_its_date() -> None:
    assert decide(due(0), POLICY, TUESDAY, 0) == Send(0)
    case = sent(begun(somebody(), TUESDAY), POLICY, TUESDAY)
    assert decide(case, POLICY, TUESDAY, 0) == Wait(utc(2027, 6, 22, 7))
    assert decide(case, POLICY, utc(2027, 6, 22, 6, 59, 59), 0) == Wait(utc(2027, 6, 22, 7))
    assert decide(case, POLICY, utc(2027, 6, 22, 7), 0) == Send(1)


@pytest.mark.parametrize("state", [state for state in State if state not in {State.SCHEDULED, State.WAITING}])
def test_a_thread_that_cannot_send_by_itself_waits_for_ever(state: State) -> None:
    assert decide(due(state=state), POLICY, TUESDAY, 0) == Wait(None)


def test_a_suppressed_address_ends_the_thread_whatever_is_due() -> None:
    found = decide(replace(due(), suppressed=True), POLICY, TUESDAY, 0)
    assert isinstance(found, Finish)
    assert found.state is State.OPTED_OUT


def test_a_cadence_that_is_gone_holds_and_one_that_is_over_ends() -> None:
    found = decide(due(cadence="brisk"), POLICY, TUESDAY, 0)
    assert isinstance(found, Hold)
    assert "'brisk'" in found.reason
    ended = decide(due(5), POLICY, TUESDAY, 0)
    assert isinstance(ended, Finish)
    assert ended.state is State.SILENT


@pytest.mark.parametrize("state", [LetterState.SENDING, LetterState.UNCERTAIN, LetterState.SENT])
def test_a_letter_that_may_have_left_is_never_followed_by_the_same(state: LetterState) -> None:
    case = due()
    found = decide(replace(case, letters=(letter_of(case, TUESDAY, state=state),)), POLICY, TUESDAY, 0)
    assert isinstance(found, Hold)
    assert "letter 2" in found.reason


@pytest.mark.parametrize(
    "state", [LetterState.PREPARED, LetterState.DISCARDED, LetterState.REFUSED, LetterState.DEFERRED]
)
def test_a_letter_that_certainly_has_not_left_does_not_stand_in_the_way(state: LetterState) -> None:
    case = due()
    assert decide(replace(case, letters=(letter_of(case, TUESDAY, state=state),)), POLICY, TUESDAY, 0) == Send(1)


def test_the_daily_limit_puts_a_letter_off_to_the_users_next_day() -> None:
    assert decide(due(), POLICY, TUESDAY, 4) == Send(1)
    assert decide(due(), POLICY, TUESDAY, 5) == Wait(utc(2027, 6, 9, 7))
    # Thursday: the next allowed day is Tuesday the 15th.
    assert tomorrow(due(), POLICY, utc(2027, 6, 10, 7)) == utc(2027, 6, 15, 7)


@pytest.mark.parametrize(
    ("no_news", "step", "expected"),
    [
        (NoNews.SEND, 1, Send(1)),
        (NoNews.SKIP, 1, Skip(NOTHING_NEW)),
        (NoNews.SKIP, 4, Send(4)),
        (NoNews.HOLD, 0, Send(0)),
    ],
)
def test_a_letter_with_nothing_new(no_news: NoNews, step: int, expected: object) -> None:
    assert decide(due(step), replace(POLICY, no_news=no_news), TUESDAY, 0) == expected


def test_what_was_noted_twice_and_told_once_is_no_news() -> None:
    policy = replace(POLICY, no_news=NoNews.HOLD)
    again = replace(NEWS, id=2, text="We have  moved.")
    assert decide(replace(due(), notes=(again,)), policy, TUESDAY, 0) == Send(1)
    assert isinstance(decide(replace(due(), notes=(replace(NEWS, spent_by=3), again)), policy, TUESDAY, 0), Hold)


def test_a_letter_with_nothing_new_may_wait_for_a_note_and_a_spent_one_is_none() -> None:
    policy = replace(POLICY, no_news=NoNews.HOLD)
    for notes in ((), (replace(NEWS, spent_by=3),)):
        found = decide(replace(due(), notes=notes), policy, TUESDAY, 0)
        assert isinstance(found, Hold)
        assert found.reason.startswith(NOTHING_NEW)
    assert decide(replace(due(), notes=(NEWS,)), policy, TUESDAY, 0) == Send(1)
