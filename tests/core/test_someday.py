"""Days named as one names them to a friend are read by one plain rule each, and what is not clear is asked again."""

from contextlib import suppress
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from followupd.core.someday import easter, someday

TODAY = date(2027, 1, 13)  # a Wednesday


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2027-03-01", "2027-03-01"),
        ("today", "2027-01-13"),
        ("Tomorrow", "2027-01-14"),
        ("in 3 months", "2027-04-13"),
        ("3 weeks", "2027-02-03"),
        ("in a year", "2028-01-13"),
        ("in drei Wochen", "2027-02-03"),
        ("monday", "2027-01-18"),
        ("next Wednesday", "2027-01-20"),
        ("next week", "2027-01-18"),
        ("next month", "2027-02-01"),
        ("next year", "2028-01-02"),
        ("next March", "2027-03-01"),
        ("January", "2028-01-01"),
        ("in late January", "2027-01-20"),
        ("end of February", "2027-02-28"),
        ("mid-June", "2027-06-15"),
        ("Ende Mai", "2027-05-31"),
        ("in March 2028", "2028-03-01"),
        ("6 September", "2027-09-06"),
        ("September 6th, 2028", "2028-09-06"),
        ("12. Januar", "2028-01-12"),
        ("13 January", "2027-01-13"),
        ("in the autumn", "2027-09-01"),
        ("next spring", "2027-03-01"),
        ("winter", "2027-12-01"),
        ("after the summer", "2027-09-01"),
        ("im Herbst", "2027-09-01"),
        ("Q3", "2027-07-01"),
        ("Q1", "2028-01-01"),
        ("Q2 2029", "2029-04-01"),
        ("after Q4", "2028-01-01"),
        ("the third quarter", "2027-07-01"),
        ("after Easter", "2027-03-30"),
        ("nach Ostern 2028", "2028-04-18"),
        ("after Christmas", "2027-12-27"),
        ("in the new year", "2028-01-07"),
    ],
)
def test_what_is_said_becomes_the_day_that_is_meant(text: str, day: str) -> None:
    assert someday(text, TODAY).day == date.fromisoformat(day)
    assert someday(text, TODAY).rule


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("in the autumn", "2027-03-01"),
        ("next spring", "2027-09-01"),
        ("summer", "2027-12-01"),
        ("winter", "2027-06-01"),
    ],
)
def test_seasons_are_those_of_where_they_live(text: str, day: str) -> None:
    found = someday(text, TODAY, southern=True)
    assert found.day == date.fromisoformat(day)
    assert "southern" in found.rule


@pytest.mark.parametrize(
    "text",
    ["", "soon", "someday", "when they are back", "2027-02-30", "31 February", "3.4.", "04/05", "Q5", "2026-12-31"],
)
def test_what_is_not_clear_or_has_passed_is_refused_in_a_plain_sentence(text: str) -> None:
    with pytest.raises(ValueError, match=r"is no date|there is not|has passed"):
        someday(text, TODAY)


@pytest.mark.parametrize(
    ("year", "day"),
    [
        (2024, "03-31"),
        (2025, "04-20"),
        (2026, "04-05"),
        (2027, "03-28"),
        (2028, "04-16"),
        (2038, "04-25"),
        (2285, "03-22"),
    ],
)
def test_easter_falls_where_the_tables_have_it(year: int, day: str) -> None:
    assert easter(year).isoformat() == f"{year}-{day}"


@given(
    text=st.sampled_from(["next march", "q2", "in the autumn", "after easter", "monday", "end of may", "new year"]),
    today=st.dates(date(2026, 1, 1), date(2090, 12, 31)),
    southern=st.booleans(),
)
def test_what_lies_ahead_lies_at_most_a_year_and_a_month_ahead(text: str, today: date, southern: bool) -> None:
    found = someday(text, today, southern=southern).day
    assert today < found <= today + timedelta(days=366 + 31)


@given(text=st.text(max_size=200))
def test_no_text_raises_anything_but_a_plain_sentence(text: str) -> None:
    with suppress(ValueError):
        assert someday(text, TODAY).day >= TODAY
