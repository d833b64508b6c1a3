"""Days without letters are read as they are written, once or for every year, over New Year and on a leap day."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from followupd.core.periods import Period, leave_a_day, period, periods
from followupd.core.window import Place, closed_on, opening
from tests.core.timeline import BERLIN, WINDOW, utc

HOME = Place(zone=BERLIN)


@pytest.mark.parametrize(
    ("text", "inside", "outside"),
    [
        ("2027-05-01 to 2027-05-20", ["2027-05-01", "2027-05-20"], ["2027-04-30", "2027-05-21", "2028-05-10"]),
        ("2027-05-01", ["2027-05-01"], ["2027-05-02", "2028-05-01"]),
        ("2027-05-01/2027-05-02", ["2027-05-02"], ["2027-05-03"]),
        ("12-20 to 01-06", ["2026-12-20", "2026-12-31", "2030-01-06"], ["2026-12-19", "2030-01-07"]),
        ("08-01 to 08-31", ["2027-08-01", "2031-08-31"], ["2027-09-01", "2027-07-31"]),
        ("02-29", ["2028-02-29"], ["2027-02-28", "2027-03-01"]),
    ],
)
def test_a_period_holds_its_first_and_its_last_day(text: str, inside: list[str], outside: list[str]) -> None:
    found = period(text)
    assert all(date.fromisoformat(day) in found for day in inside)
    assert not any(date.fromisoformat(day) in found for day in outside)
    assert period(str(found)) == found


@pytest.mark.parametrize(
    "text", ["", "soon", "2027-02-30", "13-01", "2027-05-02 to 2027-05-01", "12-20 to 2027-01-06", "1-1", "2027-05"]
)
def test_what_is_no_period_is_refused_in_a_plain_sentence(text: str) -> None:
    with pytest.raises(ValueError, match=r"is no period|that there is not|ends before"):
        period(text)


def test_several_periods_stand_with_commas_between_them() -> None:
    assert [str(one) for one in periods("2027-05-01, 12-20 to 01-06,")] == ["2027-05-01", "12-20 to 01-06"]
    assert periods("") == ()


def test_a_whole_year_of_quiet_is_seen() -> None:
    assert not leave_a_day((period("01-01 to 06-30"), period("07-01 to 12-31")))
    assert leave_a_day((period("01-01 to 06-30"), period("07-02 to 12-31")))
    assert leave_a_day((Period(date(2027, 1, 1), date(2030, 1, 1)),))


def test_a_letter_due_in_a_quiet_time_goes_on_the_first_day_after_it_and_says_why() -> None:
    # 22 December 2026 is a Tuesday; 7 January 2027 a Thursday: 09:00 in Berlin is 08:00 UTC.
    window = replace(WINDOW, quiet=(period("12-20 to 01-06"),))
    found = opening(utc(2026, 12, 22, 8), window, HOME, timedelta())
    assert found.at == utc(2027, 1, 7, 8)
    assert "2026-12-22: in your quiet time 12-20 to 01-06" in found.why


def test_a_blackout_is_a_persons_own() -> None:
    # 4 May 2027 is a Tuesday
    barred = replace(HOME, blackout=periods("2027-05-01 to 2027-05-20"))
    assert closed_on(date(2027, 5, 4), WINDOW, barred) == "in their blackout 2027-05-01 to 2027-05-20"
    assert closed_on(date(2027, 5, 4), WINDOW, HOME) is None


def test_a_part_of_a_country_has_holidays_of_its_own() -> None:
    # Epiphany 2027 is a Wednesday: a holiday in Bavaria, none in Berlin.
    day = date(2027, 1, 6)
    assert closed_on(day, WINDOW, Place(zone=BERLIN, country="DE-BY")) == "Epiphany"
    assert closed_on(day, WINDOW, Place(zone=BERLIN, country="de-be")) is None
    assert closed_on(day, WINDOW, Place(zone=BERLIN, country="DE-XX")) is None
