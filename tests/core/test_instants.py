"""Calendar durations end where the calendar says, whatever the month, the leap year and the clocks."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from whenever import PlainDateTime

from followupd.core.instants import Span, WorkingDays, add, at_local, from_text, parse_short, to_text, zone_named
from tests.core.timeline import BERLIN, utc


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("10 days", Span(days=10)),
        ("3 Weeks", Span(weeks=3)),
        ("1 year and 6 months", Span(years=1, months=6)),
        ("1 year, 2 weeks", Span(years=1, weeks=2)),
        ("P6M", Span(months=6)),
        ("p1y2m3w4d", Span(years=1, months=2, weeks=3, days=4)),
        (" P2W ", Span(weeks=2)),
    ],
)
def test_a_wait_is_read_in_words_and_in_iso_8601(text: str, span: Span) -> None:
    assert Span.parse(text) == span


@pytest.mark.parametrize(
    "text", ["", "P", "-1 days", "P-1D", "1.5 years", "PT5M", "days", "3", "2 moons", "9999 years"]
)
def test_what_is_no_wait_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"is no duration|longer than a hundred"):
        Span.parse(text)


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("10 working days", 10),
        (" 1 Working Day ", 1),
        ("3 business days", 3),
        ("0 working days", None),
        ("10 days", None),
        ("2 weeks and 3 working days", None),
        ("10000 working days", None),
    ],
)
def test_working_days_are_read_in_words(text: str, count: int | None) -> None:
    found = WorkingDays.parse(text)
    assert found == (WorkingDays(count) if count else None)
    assert found is None or WorkingDays.parse(str(found)) == found


@given(st.builds(Span, *[st.integers(0, 20)] * 4))
def test_a_wait_reads_back_what_it_writes(span: Span) -> None:
    assert Span.parse(str(span)) == span


@pytest.mark.parametrize(
    ("start", "span", "end"),
    [
        (utc(2027, 1, 31, 9), Span(months=1), utc(2027, 2, 28, 9)),
        (utc(2028, 1, 31, 9), Span(months=1), utc(2028, 2, 29, 9)),
        (utc(2028, 2, 29, 9), Span(years=1), utc(2029, 2, 28, 9)),
        (utc(2028, 2, 29, 9), Span(years=4), utc(2032, 2, 29, 9)),
        (utc(2028, 2, 29, 9), Span.parse("18 months"), utc(2029, 8, 29, 8)),  # August: summer time, 10:00 is 08:00 UTC
        (utc(2027, 8, 31, 8), Span(months=6), utc(2028, 2, 29, 9)),
        # Clocks go forward on 28 March 2027, back on 31 October: 10:00 in Berlin stays 10:00.
        (utc(2027, 3, 23, 9), Span(weeks=1), utc(2027, 3, 30, 8)),
        (utc(2027, 10, 26, 8), Span(weeks=1), utc(2027, 11, 2, 9)),
        # 02:30 does not exist on 28 March: read with the offset before the change it is 01:30 UTC, 03:30 on the wall.
        (utc(2027, 3, 27, 1, 30), Span(days=1), utc(2027, 3, 28, 1, 30)),
        # 02:30 exists twice on 31 October: the first one counts.
        (utc(2027, 10, 30, 0, 30), Span(days=1), utc(2027, 10, 31, 0, 30)),
    ],
)
def test_a_wait_ends_on_the_calendar_of_berlin(start: object, span: Span, end: object) -> None:
    assert add(start, span, BERLIN) == end  # type: ignore[arg-type]


@given(
    st.datetimes(min_value=utc(2000, 1, 1).replace(tzinfo=None), max_value=utc(2100, 1, 1).replace(tzinfo=None)),
    st.builds(Span, *[st.integers(0, 12)] * 4),
    st.sampled_from(["Europe/Berlin", "America/New_York", "Asia/Tokyo", "Australia/Lord_Howe", "Pacific/Apia"]),
)
def test_a_wait_is_never_shorter_than_its_least_days(start: object, span: Span, zone: str) -> None:
    begin = start.replace(tzinfo=ZoneInfo("UTC"), microsecond=0)  # type: ignore[attr-defined]
    assert add(begin, span, ZoneInfo(zone)) - begin >= timedelta(days=span.least_days()) - timedelta(days=1)


@given(
    st.datetimes(min_value=utc(1990, 1, 1).replace(tzinfo=None), max_value=utc(2100, 1, 1).replace(tzinfo=None)),
    st.builds(Span, *[st.integers(-60, 60)] * 4),
    st.sampled_from(["Europe/Berlin", "America/New_York", "Asia/Tokyo", "Australia/Lord_Howe", "Pacific/Apia"]),
)
def test_a_wait_ends_where_a_library_of_calendars_has_it_end(start: datetime, span: Span, zone: str) -> None:
    there = ZoneInfo(zone)
    local = PlainDateTime(start).add(
        years=span.years, months=span.months, weeks=span.weeks, days=span.days, naive_arithmetic_ok=True
    )
    begun = start.replace(tzinfo=there)
    assume(begun.astimezone(UTC).astimezone(there) == begun)
    assert add(begun.astimezone(UTC), span, there) == local.to_stdlib().replace(tzinfo=there).astimezone(UTC)


def test_a_minute_that_the_clocks_skip_moves_on() -> None:
    assert at_local(date(2027, 3, 28), 150, BERLIN) == utc(2027, 3, 28, 1, 30)


@pytest.mark.parametrize("text", ["20 minutes", "PT20M", "1200 seconds"])
def test_a_short_time_is_read_in_words_and_in_iso_8601(text: str) -> None:
    assert parse_short(text) == timedelta(minutes=20)


@pytest.mark.parametrize("text", ["", "PT", "soon", "-5 minutes", "5"])
def test_what_is_no_short_time_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="no short duration"):
        parse_short(text)


@pytest.mark.parametrize("name", ["Mars/Olympus", "", "../etc/passwd", "/etc/localtime", "Europe/Berlin\0"])
def test_what_is_no_zone_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="is no time zone"):
        zone_named(name)


def test_an_instant_is_written_so_that_texts_sort_and_read_back() -> None:
    assert to_text(utc(2027, 3, 1, 8)) == "2027-03-01T08:00:00Z"
    assert from_text("2027-03-01T09:00:00.7+01:00") == utc(2027, 3, 1, 8)
    with pytest.raises(ValueError, match="no offset"):
        from_text("2027-03-01T09:00:00")
