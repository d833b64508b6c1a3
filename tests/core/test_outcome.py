"""What comes of letters and messages: dates only move away, doubt holds, nothing comes in a burst."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from followupd.core.model import (
    Accepted,
    Address,
    Case,
    Deferred,
    Incoming,
    Judgement,
    LetterState,
    Refused,
    State,
    Unknown,
    Verdict,
)
from followupd.core.outcome import RETRIES, WROTE, after_message, after_own_mail, after_sending, passed, settled
from followupd.core.states import Happening, event, move
from tests.core.timeline import POLICY, begun, letter_of, played, sent, somebody, utc

TUESDAY = utc(2027, 6, 8, 7)  # 09:00 in Berlin; the second letter is due on the 22nd
NEXT = utc(2027, 6, 22, 7)


def waiting() -> Case:
    return sent(begun(somebody(), TUESDAY), POLICY, TUESDAY)


def told(case: Case, verdict: Verdict, at_day: int = 9, **fields: object) -> Case:
    """Give the case after a message of this kind came in June."""
    now = utc(2027, 6, at_day, 12)
    message = Incoming(
        folder="INBOX",
        uid=1,
        message_id="<m@example.org>",
        digest="d",
        internal_date=now,
        date=now,
        from_=(Address(addr_spec="p1@example.org"),),
    )
    judgement = replace(Judgement(verdict=verdict, rule="r"), **fields)  # type: ignore[arg-type]  # its fields
    change = after_message(case, message, judgement, POLICY, now)
    return case if change is None else replace(case, thread=change.thread)


def test_an_absence_moves_the_letter_past_the_return_and_its_grace() -> None:
    # Back on Thursday 1 July; + 7 days = Thursday 8 July, 00:00; the window opens at 09:00.
    away = told(waiting(), Verdict.AUTO_REPLY, return_date=date(2027, 7, 1))
    assert away.thread.next_at == utc(2027, 7, 8, 7)
    assert away.thread.state is State.WAITING


def test_a_second_notice_of_the_same_absence_does_not_add_up() -> None:
    once = told(waiting(), Verdict.AUTO_REPLY, return_date=date(2027, 7, 1))
    twice = told(once, Verdict.AUTO_REPLY, 14, return_date=date(2027, 7, 1))
    assert twice.thread.next_at == once.thread.next_at
    earlier = told(once, Verdict.AUTO_REPLY, 14, return_date=date(2027, 6, 16))
    assert earlier.thread.next_at == once.thread.next_at


def test_an_absence_that_ends_before_the_date_changes_nothing() -> None:
    assert told(waiting(), Verdict.AUTO_REPLY, return_date=date(2027, 6, 11)).thread.next_at == NEXT


def test_a_return_at_the_end_of_all_calendars_is_ten_years_away() -> None:
    away = told(waiting(), Verdict.AUTO_REPLY, return_date=date(9999, 12, 31))
    assert away.thread.next_at is not None
    assert away.thread.next_at.year == 2037


def test_an_absence_without_a_date_waits_three_weeks() -> None:
    # 9 June, 14:00 + 21 days = Wednesday 30 June, 14:00, after the window: Thursday 1 July.
    assert told(waiting(), Verdict.AUTO_REPLY).thread.next_at == utc(2027, 7, 1, 7)


@pytest.mark.parametrize("verdict", [Verdict.DELAY, Verdict.RECEIPT, Verdict.OTHER])
def test_what_is_no_answer_changes_no_date(verdict: Verdict) -> None:
    assert told(waiting(), verdict).thread == waiting().thread


@pytest.mark.parametrize(
    ("verdict", "state"),
    [
        (Verdict.REPLY, State.ANSWERED),
        (Verdict.CALENDAR, State.ANSWERED),
        (Verdict.OPT_OUT, State.OPTED_OUT),
        (Verdict.BOUNCE, State.HELD),
    ],
)
def test_an_answer_ends_the_thread_and_its_dates(verdict: Verdict, state: State) -> None:
    after = told(waiting(), verdict).thread
    assert (after.state, after.next_at) == (state, None)


def test_a_dead_address_ends_the_thread() -> None:
    assert told(waiting(), Verdict.BOUNCE, dead_address=True).thread.state is State.UNDELIVERABLE


def test_a_possible_answer_during_a_pause_holds_the_letter() -> None:
    paused = replace(waiting().thread, state=State.PAUSED, resume_to=State.WAITING, next_at=None)
    paused = replace(paused, paused_until=utc(2027, 8, 31, 22))
    held = told(replace(waiting(), thread=paused), Verdict.OTHER, hold=True).thread
    assert (held.state, held.next_at, held.paused_until) == (State.HELD, None, utc(2027, 8, 31, 22))


def test_the_users_own_mail_starts_the_wait_anew() -> None:
    # Written on Tuesday 15 June at 18:00: + 14 days = 29 June, 18:00, after the window: Wednesday 30 June.
    change = after_own_mail(waiting(), utc(2027, 6, 15, 16), POLICY, utc(2027, 6, 15, 17))
    assert change is not None
    assert change.thread.next_at == utc(2027, 6, 30, 7)


def test_the_users_own_mail_from_the_future_counts_from_now() -> None:
    change = after_own_mail(waiting(), utc(2029, 1, 1), POLICY, utc(2027, 6, 15, 17))
    assert change is not None
    assert change.thread.anchor == utc(2027, 6, 15, 17)


def test_a_first_letter_that_is_held_is_held_for_the_mail_by_hand_too() -> None:
    held = move(begun(somebody(), TUESDAY).thread, Happening.HOLD, event(TUESDAY, "held", "no such account"))
    case = replace(begun(somebody(), TUESDAY), thread=held.thread)
    change = after_own_mail(case, utc(2027, 6, 9), POLICY, utc(2027, 6, 9, 1))
    assert change is not None
    assert change.thread.reason == "no such account"
    assert [(one.kind, one.text.startswith(WROTE)) for one in change.events] == [("held", True)]


@pytest.mark.parametrize("state", [State.SCHEDULED, State.PAUSED])
def test_a_first_letter_waits_once_the_user_wrote_by_hand(state: State) -> None:
    case = begun(somebody(), TUESDAY, state=state, resume_to=State.SCHEDULED if state is State.PAUSED else None)
    change = after_own_mail(case, utc(2027, 6, 9), POLICY, utc(2027, 6, 9, 1))
    assert change is not None
    assert change.thread.state is State.HELD


def test_mail_the_user_wrote_before_the_thread_is_nothing() -> None:
    assert after_own_mail(waiting(), utc(2027, 6, 1), POLICY, TUESDAY) is None


def test_a_resumption_after_three_missed_dates_sends_one_letter() -> None:
    now = utc(2028, 2, 1, 8)  # a Tuesday, 09:00; by then letters 2, 3 and 4 would have gone
    resumed = move(replace(waiting().thread, state=State.PAUSED), Happening.RESUME, event(now, "resumed", ""))
    case = replace(waiting(), thread=settled(waiting(), resumed, POLICY, now).thread)
    # The next: 1 February + 42 days (28 left of February 2028) = 14 March, a Tuesday.
    assert played(case, POLICY, now, utc(2028, 4, 1)) == [now, utc(2028, 3, 14, 8)]


def test_a_deferred_letter_is_tried_at_growing_waits_and_then_held() -> None:
    case, now = waiting(), NEXT
    letter = letter_of(case, now)
    waits = []
    while True:
        letter, change = after_sending(case, letter, Deferred(text="451 later"), POLICY, now)
        assert change.thread.step == case.thread.step
        if letter.retry_at is None:
            break
        waits.append(letter.retry_at - now)
        now = letter.retry_at
        letter = replace(letter, state=LetterState.PREPARED)
    assert tuple(waits) == RETRIES == tuple(sorted(RETRIES))
    assert letter.state is LetterState.HELD
    assert change.thread.state is State.HELD


@pytest.mark.parametrize(
    ("receipt", "letter_state", "state"),
    [
        (Refused(text="550", dead_address=True), LetterState.REFUSED, State.UNDELIVERABLE),
        (Refused(text="554"), LetterState.REFUSED, State.HELD),
        (Unknown(text="closed"), LetterState.UNCERTAIN, State.HELD),
    ],
)
def test_a_letter_that_did_not_surely_go_stops_its_thread(
    receipt: Refused | Unknown, letter_state: LetterState, state: State
) -> None:
    letter, change = after_sending(waiting(), letter_of(waiting(), NEXT), receipt, POLICY, NEXT)
    assert (letter.state, change.thread.state, change.thread.next_at) == (letter_state, state, None)
    assert change.thread.step == 1


def test_an_answer_that_came_while_the_letter_was_on_the_wire_stands() -> None:
    answered = replace(waiting(), thread=replace(waiting().thread, state=State.ANSWERED, next_at=None))
    _, change = after_sending(answered, letter_of(answered, NEXT), Accepted(text="250"), POLICY, NEXT)
    assert (change.thread.state, change.thread.step, change.thread.next_at) == (State.ANSWERED, 2, None)


def test_a_step_that_is_passed_over_counts_from_that_day() -> None:
    assert passed(waiting().thread, NEXT).anchor == NEXT
    assert passed(replace(waiting().thread, due_at=NEXT), NEXT + timedelta(days=1)).due_at is None
