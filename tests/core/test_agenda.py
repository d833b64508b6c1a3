"""An entry keeps its name for ever, and its sequence grows exactly when a person would see a difference."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from followupd.core.agenda import KEPT, Entry, Standing, Step, agenda, shown, uid
from followupd.core.instants import Instant
from followupd.core.model import Planned
from tests.core.timeline import utc

NOW = utc(2026, 11, 24, 8)
YEAR = NOW + timedelta(days=365)
AT = NOW + timedelta(days=14)


def letter(at: Instant = AT, step: int = 1, template: str = "reminder") -> Planned:
    return Planned(at=at, email="ada@example.org", thread_id=7, step=step, template=template)


def after(
    known: tuple[Entry, ...], *planned: Planned, day: float = 0, sent: Mapping[Step, Instant] | None = None
) -> Entry:
    now = NOW + timedelta(days=day)
    [one] = agenda(known, planned, sent or {}, now, max(YEAR, now + timedelta(days=365)))
    return one


FIRST = after((), letter())


def test_a_letter_that_stays_where_it_is_stays_the_same_entry() -> None:
    assert (FIRST.standing, FIRST.at, FIRST.sequence, FIRST.changed_at) == (Standing.PLANNED, AT, 0, NOW)
    assert after((FIRST,), letter(), day=3) == FIRST


def test_a_letter_that_moves_has_a_higher_sequence() -> None:
    moved = after((FIRST,), letter(AT + timedelta(days=7)), day=1)
    assert (moved.key, moved.sequence, moved.changed_at) == (FIRST.key, 1, NOW + timedelta(days=1))
    assert after((moved,), letter(), day=2).sequence == 2
    assert after((FIRST,), letter(template="as-you-asked")).sequence == 1


def test_a_letter_that_will_not_go_is_cancelled_once_and_comes_again_with_a_higher_sequence() -> None:
    cancelled = after((FIRST,), day=2)
    assert (cancelled.standing, cancelled.at, cancelled.sequence) == (Standing.CANCELLED, AT, 1)
    assert after((cancelled,), day=3) == cancelled
    again = after((cancelled,), letter(), day=4)
    assert (again.standing, again.sequence) == (Standing.PLANNED, 2)


def test_a_letter_that_went_out_stands_where_it_went() -> None:
    out = AT + timedelta(minutes=3)
    sent = after((FIRST,), day=15, sent={FIRST.key: out})
    assert (sent.standing, sent.at, sent.sequence) == (Standing.SENT, out, 1)
    assert after((sent,), day=16, sent={FIRST.key: out}) == sent


def test_what_is_late_moves_once_a_day_and_not_with_every_look() -> None:
    now = AT + timedelta(hours=1)
    [one] = agenda((FIRST,), [letter(now)], {}, now, YEAR)
    assert one == FIRST
    tomorrow = AT + timedelta(days=1)
    [one] = agenda((FIRST,), [letter(tomorrow)], {}, tomorrow, YEAR)
    assert (one.at, one.sequence) == (tomorrow, 1)


def test_a_shorter_look_takes_nothing_back() -> None:
    assert agenda((FIRST,), [], {}, NOW, AT - timedelta(days=1)) == (FIRST,)


def test_what_is_over_stays_for_a_while() -> None:
    cancelled = replace(FIRST, standing=Standing.CANCELLED)
    assert shown((cancelled,), AT + KEPT - timedelta(days=1), YEAR) == (cancelled,)
    assert shown((cancelled,), AT + KEPT, YEAR) == ()
    assert shown((FIRST,), AT + 2 * KEPT, YEAR) == (FIRST,)
    assert shown((FIRST,), NOW, AT - timedelta(days=1)) == ()


def test_the_name_of_an_entry_tells_nothing_and_is_its_own() -> None:
    assert uid("a key", 1) == uid("a key", 1)
    assert len({uid("a key", 1), uid("a key", 2), uid("b", 1)}) == 3
    assert "a key" not in uid("a key", 1)


@given(st.lists(st.dictionaries(st.integers(0, 3), st.integers(1, 300), max_size=4), max_size=8))
def test_the_sequence_grows_with_every_visible_change_and_never_else(looks: list[dict[int, int]]) -> None:
    known: dict[Step, Entry] = {}
    for number, look in enumerate(looks):
        planned = [letter(YEAR - timedelta(days=day), step) for step, day in look.items()]
        entries = agenda(list(known.values()), planned, {}, NOW + timedelta(hours=number), YEAR)
        for one in entries:
            before = known.get(one.key)
            if before is not None:
                changed = (one.at, one.standing) != (before.at, before.standing)
                assert one.sequence == before.sequence + changed
        assert {one.key for one in entries} >= known.keys()
        known = {one.key: one for one in entries}
