"""What is kept of a program's word about a letter, and how its thread goes on."""

from dataclasses import replace
from datetime import timedelta

import pytest

from followupd.core import veto
from followupd.core.model import LetterState, State
from tests.core.timeline import POLICY, begun, letter_of, somebody, utc

NOW = utc(2027, 1, 5, 9)
CASE = begun(somebody(), utc(2027, 1, 4))
LETTER = replace(letter_of(CASE, NOW), state=LetterState.PREPARED)


@pytest.mark.parametrize(
    ("printed", "kept"),
    [
        (b"on leave\nuntil May\n", "on leave"),
        (b"  on \t leave  \r\n", "on leave"),
        (b"\x1b]0;owned\x07\x1b[2J no\xe2\x80\xae way\n", "]0;owned [2J no way"),
        (b"\xff\xfe\n", "\ufffd\ufffd"),
        (b"", "why not"),
        (b"\nmore below", "why not"),
        (b"\x00\x01\n", "why not"),
    ],
)
def test_the_first_line_is_the_reason_and_nothing_else_of_it(printed: bytes, kept: str) -> None:
    assert veto.reason(printed, "why not") == kept


def test_a_long_reason_is_cut() -> None:
    assert len(veto.reason(b"no " * 10_000, "")) <= veto.LONGEST
    assert veto.reason(b"x" * veto.LONGEST, "") == "x" * veto.LONGEST


def test_a_letter_is_held_and_says_how_it_is_released() -> None:
    letter, change = veto.held(CASE, LETTER, "veto", "on leave", NOW)
    assert (letter.state, letter.said, letter.vetoed_at) == (LetterState.HELD, "on leave", NOW)
    assert change.thread.state is State.HELD
    assert change.thread.next_at is None
    assert "veto: on leave" in change.thread.reason
    assert f"outbox approve {letter.id}" in change.thread.reason
    assert f"resume {CASE.contact.email}" in change.thread.reason
    assert [event.kind for event in change.events] == ["held"]


def test_the_same_reason_again_is_no_news_and_another_one_is() -> None:
    letter, change = veto.held(CASE, LETTER, "veto", "on leave", NOW)
    held = replace(CASE, thread=change.thread)
    assert veto.holds(held, letter)
    later = NOW + timedelta(hours=2)
    again, quiet = veto.held(held, letter, "veto", "on leave", later)
    assert again.vetoed_at == later
    assert quiet.events == ()
    assert quiet.thread == change.thread
    _, told = veto.held(held, letter, "veto", "moving house", later)
    assert [event.kind for event in told.events] == ["vetoed"]
    assert "moving house" in told.thread.reason


def test_it_is_asked_again_after_an_hour_and_where_the_clock_was_set_back() -> None:
    letter, _ = veto.held(CASE, LETTER, "veto", "on leave", NOW)
    assert not veto.is_due(letter, NOW)
    assert not veto.is_due(letter, NOW + veto.AGAIN - timedelta(seconds=1))
    assert veto.is_due(letter, NOW + veto.AGAIN)
    assert veto.is_due(letter, NOW - timedelta(days=1))


def test_a_thread_goes_on_where_it_was() -> None:
    letter, change = veto.held(CASE, LETTER, "veto", "on leave", NOW)
    on = veto.freed(replace(CASE, thread=change.thread), letter, "veto has nothing against it", POLICY, NOW)
    assert on.thread.state is State.SCHEDULED
    assert on.thread.next_at is not None
    assert veto.as_free(replace(CASE, thread=change.thread)).thread.state is State.SCHEDULED
