"""When an announced letter may go, and whether what was announced still stands."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from followupd.core import announced
from followupd.core.cadence import fingerprint, leaves, reckon
from followupd.core.instants import Instant, Span
from followupd.core.model import Case, Draft, Letter, LetterState
from followupd.core.plan import foresee
from tests.core.timeline import POLICY, begun, letter_of, somebody, utc

THREE = replace(POLICY, heads_up=Span(days=3))
# a Monday, 9:00 in Berlin
NOW = utc(2027, 1, 4, 8)
CASE = begun(somebody(), NOW)


def told(case: Case, at: Instant | None = NOW, **fields: Any) -> Letter:
    day = utc(2027, 1, 12, 8)
    made = replace(letter_of(case, NOW), state=LetterState.PREPARED, announced="m", announced_at=at, announced_for=day)
    return replace(made, **fields)


def test_the_slot_is_once_a_day_where_the_user_lives() -> None:
    assert announced.slot_of(THREE, NOW) == utc(2027, 1, 4, 6)
    assert announced.next_slot(THREE, NOW) == utc(2027, 1, 5, 6)
    assert announced.next_slot(THREE, utc(2027, 1, 4, 6)) == utc(2027, 1, 4, 6)
    # clocks go forward in the night to the 28th of March
    assert announced.next_slot(THREE, utc(2027, 3, 27, 12)) == utc(2027, 3, 28, 5)


def test_a_letter_that_is_not_announced_leaves_after_the_next_digest_and_the_time_to_read_it() -> None:
    # told on Tuesday 7:00, free on Friday 7:00, which is no day of the window
    found = leaves(CASE, THREE, NOW)
    assert found.at == utc(2027, 1, 12, 8)
    assert any("not before 3 days after it is announced" in one for one in found.why)
    assert leaves(CASE, POLICY, NOW).at == utc(2027, 1, 5, 8)
    assert reckon(CASE, THREE, NOW).next_at == found.at


def test_a_letter_that_was_announced_leaves_on_its_day_or_the_time_to_read_it_later() -> None:
    early = replace(CASE, letters=(told(CASE, utc(2027, 1, 2, 8)),))
    assert leaves(early, THREE, NOW).at == utc(2027, 1, 5, 8)
    late = replace(CASE, letters=(told(CASE, utc(2027, 1, 3, 8, 30)),))
    assert leaves(late, THREE, NOW).at == utc(2027, 1, 6, 8, 30)


def test_far_dates_stand_still_and_the_plan_knows_that_later_letters_will_have_been_announced() -> None:
    plain = foresee([CASE], POLICY, NOW, utc(2029, 1, 1))
    with_it = foresee([CASE], THREE, NOW, utc(2029, 1, 1))
    assert [one.step for one in plain] == [one.step for one in with_it]
    assert with_it[0].at == utc(2027, 1, 12, 8)
    # two weeks after the first one, and not a minute later
    assert with_it[1].at == utc(2027, 1, 26, 8)
    assert with_it[1].at - with_it[0].at == plain[1].at - plain[0].at


def test_a_long_time_to_read_moves_every_letter() -> None:
    found = foresee([CASE], replace(POLICY, heads_up=Span(days=30)), NOW, utc(2029, 1, 1))
    assert found[1].at - found[0].at >= timedelta(days=30)


@pytest.mark.parametrize(
    "free",
    [
        {"approved": "x"},
        {"state": LetterState.HELD, "approved": "x"},
    ],
)
def test_what_the_user_approved_needs_no_announcement(free: dict[str, Any]) -> None:
    assert announced.free_from(told(CASE, **free), THREE, NOW) is None


def test_where_every_letter_is_approved_none_is_announced() -> None:
    assert not announced.wanted(POLICY)
    assert announced.wanted(THREE)
    assert not announced.wanted(replace(THREE, approve=True))
    assert announced.free_from(None, replace(THREE, approve=True), NOW) is None


@pytest.mark.parametrize("state", [LetterState.DISCARDED, LetterState.REFUSED])
def test_another_try_of_a_letter_is_announced_by_itself(state: LetterState) -> None:
    old = told(CASE, utc(2026, 12, 1, 8), state=state)
    assert announced.free_from(old, THREE, NOW) == utc(2027, 1, 8, 6)
    assert not announced.stands(old, "m", THREE, utc(2027, 1, 12, 8))


def test_what_was_announced_stands_on_its_day_and_for_a_week_around() -> None:
    day = utc(2027, 1, 12, 8)
    assert announced.stands(told(CASE), "m", THREE, day)
    assert announced.stands(told(CASE), "m", THREE, day + timedelta(days=6))
    assert not announced.stands(told(CASE), "m", THREE, day + timedelta(days=7))
    assert not announced.stands(told(CASE), "m", THREE, day - timedelta(days=7))
    assert not announced.stands(told(CASE), "other", THREE, day)
    assert not announced.stands(None, "m", THREE, day)
    assert announced.day_of(told(CASE), THREE, day + timedelta(days=6)) == day
    late = day + timedelta(days=7)
    assert announced.day_of(told(CASE), THREE, late) == late


def test_all_that_the_reader_gets_makes_the_mark_and_nothing_else() -> None:
    draft = Draft(message_id="<1@x>", mail_from="me@x.example", rcpt_to="you@x.example", subject="Hi", raw=b"")
    mark = announced.mark(draft, "text", "")
    assert mark == announced.mark(replace(draft, message_id="<2@x>", raw=b"Date: today"), "text", "")
    others = [
        announced.mark(replace(draft, rcpt_to="she@x.example"), "text", ""),
        announced.mark(replace(draft, mail_from="i@x.example"), "text", ""),
        announced.mark(replace(draft, subject="Ho"), "text", ""),
        announced.mark(draft, "text.", ""),
        announced.mark(draft, "text", "> old"),
        announced.mark(draft, "tex", "t"),
    ]
    assert len({mark, *others}) == 7


def test_dates_are_reckoned_anew_once_letters_are_to_be_announced() -> None:
    assert fingerprint(POLICY) == fingerprint(replace(POLICY, announce_at=0))
    assert len({fingerprint(one) for one in (POLICY, THREE, replace(THREE, announce_at=0))}) == 3
