"""A calendar of thousands of letters is written in the time of those that changed, and is the same file."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from icalendar import Calendar

from followupd.core.agenda import Entry, Face, Noted, Standing
from followupd.views import calendar as view

BEGINS = datetime(2027, 1, 1, 9, tzinfo=UTC)
NOTED = [
    Noted(
        entry=Entry(
            thread_id=number, step=1, at=BEGINS + timedelta(days=number), template="reminder", changed_at=BEGINS
        ),
        face=Face(key=f"key{number}", email=f"ada{number}@example.org", name="Ädä"),
    )
    for number in range(40)
]


def test_only_what_changed_is_written_anew() -> None:
    view.calendar(NOTED)
    changed = replace(NOTED[7], entry=replace(NOTED[7].entry, standing=Standing.SENT, sequence=1))
    before = view._octets.cache_info().misses
    again = view.calendar([*NOTED[:7], changed, *NOTED[8:]])
    assert view._octets.cache_info().misses - before == 1
    assert again.count(b"STATUS:CONFIRMED") == 1


def test_the_file_is_the_one_that_the_library_writes_as_a_whole() -> None:
    written = view.calendar(NOTED)
    assert Calendar.from_ical(written).to_ical() == written
    assert written.count(b"BEGIN:VEVENT") == len(NOTED)
    assert view.calendar([]).endswith(b"END:VCALENDAR\r\n")
