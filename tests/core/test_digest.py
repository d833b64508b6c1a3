"""When a digest is due, and that there is none where nothing is to be said."""

from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from followupd.core.digest import Gathered, digest, next_at
from followupd.core.instants import Span
from followupd.core.model import Planned
from followupd.core.needs import Need
from followupd.core.notices import Rhythm
from tests.core.timeline import POLICY

BERLIN = replace(POLICY, me=replace(POLICY.me, zone=ZoneInfo("Europe/Berlin")))
WEEKLY = Rhythm(every=Span(weeks=1))


@pytest.mark.parametrize(
    ("last", "rhythm", "due"),
    [
        ("2027-01-04T06:00", WEEKLY, "2027-01-11T06:00"),
        ("2027-01-06T12:00", WEEKLY, "2027-01-11T06:00"),
        ("2027-01-10T22:30", WEEKLY, "2027-01-11T06:00"),
        ("2027-01-10T23:30", WEEKLY, "2027-01-18T06:00"),  # Monday already, in Berlin
        ("2027-03-22T06:00", WEEKLY, "2027-03-29T05:00"),  # summer time
        ("2027-01-04T06:00", replace(WEEKLY, weekday=4, minute=0), "2027-01-07T23:00"),
        ("2027-01-04T06:00", Rhythm(every=Span(days=1)), "2027-01-05T06:00"),
        ("2027-01-31T06:00", Rhythm(every=Span(months=1)), "2027-02-22T06:00"),
    ],
)
def test_the_next_one_is_due_by_the_calendar_of_the_user(last: str, rhythm: Rhythm, due: str) -> None:
    found = next_at(rhythm, datetime.fromisoformat(last).replace(tzinfo=UTC), BERLIN)
    assert found == datetime.fromisoformat(due).replace(tzinfo=UTC)


def test_off_is_never() -> None:
    assert next_at(Rhythm(), datetime(2027, 1, 4, tzinfo=UTC), POLICY) is None


def test_nothing_to_say_is_empty_and_anything_is_not() -> None:
    now, until = datetime(2027, 1, 4, tzinfo=UTC), datetime(2027, 1, 11, tzinfo=UTC)
    least = Gathered(since=now, until=until)
    later = Planned(at=datetime(2027, 1, 12, tzinfo=UTC), email="a@b.example", thread_id=1, step=0, template="news")
    assert digest(least, POLICY, now).is_empty
    assert digest(replace(least, planned=(later,)), POLICY, now).is_empty
    assert not digest(replace(least, planned=(replace(later, at=until),)), POLICY, now).is_empty
    assert not digest(replace(least, needs=(Need(what="a letter waits"),)), POLICY, now).is_empty
