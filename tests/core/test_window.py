"""A letter leaves only while the window is open where they are, and a closed day says why."""

from dataclasses import replace
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from followupd.core.instants import Instant, WorkingDays
from followupd.core.periods import periods
from followupd.core.settings import Window
from followupd.core.window import Place, closed_on, opening, working_days_later
from tests.core.timeline import BERLIN, WINDOW, utc

HOME = Place(zone=BERLIN)
NONE = timedelta()


def test_friday_evening_becomes_tuesday_morning_and_the_letters_own_minute() -> None:
    # 4 June 2027 is a Friday; Tuesday is the 8th; 09:00 in Berlin in June is 07:00 UTC.
    found = opening(utc(2027, 6, 4, 17), WINDOW, HOME, timedelta(minutes=13))
    assert found.at == utc(2027, 6, 8, 7, 13)
    assert [line.split(": ")[1] for line in found.why] == [
        "a Friday",
        "a Saturday",
        "a Sunday",
        "a Monday",
        "from 09:00 Europe/Berlin",
        "spread by 13 min",
    ]


@pytest.mark.parametrize(
    ("at", "left"),
    [
        (utc(2027, 6, 8, 7), utc(2027, 6, 8, 7)),  # Tuesday 09:00: the first minute is inside
        (utc(2027, 6, 8, 9, 29, 59), utc(2027, 6, 8, 9, 29, 59)),  # 11:29:59: the last second is
        (utc(2027, 6, 8, 9, 30), utc(2027, 6, 9, 7)),  # 11:30 is not: Wednesday
        (utc(2027, 6, 8, 6, 59, 59), utc(2027, 6, 8, 7)),
        (utc(2027, 6, 10, 12), utc(2027, 6, 15, 7)),  # Thursday afternoon: Tuesday
    ],
)
def test_the_edges_of_the_window(at: Instant, left: Instant) -> None:
    assert opening(at, WINDOW, HOME, NONE).at == left


@pytest.mark.parametrize(
    ("country", "day", "name"),
    [
        ("FR", date(2027, 7, 14), "National Day"),
        ("DE", date(2029, 10, 3), "German Unity Day"),
        ("JP", date(2027, 2, 23), "Emperor's Birthday"),
        ("us", date(2027, 11, 25), "Thanksgiving Day"),
    ],
)
def test_a_public_holiday_is_closed_by_name(country: str, day: date, name: str) -> None:
    every_day = replace(WINDOW, days=frozenset(range(7)))
    assert closed_on(day, every_day, Place(zone=BERLIN, country=country)) == name
    assert closed_on(day, every_day, HOME) is None
    assert closed_on(day, replace(every_day, holidays=False), Place(zone=BERLIN, country=country)) is None


def test_a_country_nobody_knows_has_no_holidays() -> None:
    assert closed_on(date(2027, 12, 23), WINDOW, Place(zone=BERLIN, country="ZZ")) is None


def test_a_letter_due_on_bastille_day_goes_on_the_day_after() -> None:
    # 14 July 2027 is a Wednesday; Thursday 09:00 in Paris is 07:00 UTC.
    paris = Place(zone=ZoneInfo("Europe/Paris"), country="FR")
    found = opening(utc(2027, 7, 14, 8), WINDOW, paris, NONE)
    assert found.at == utc(2027, 7, 15, 7)
    assert found.why[0] == "2027-07-14: National Day"


def test_a_spread_longer_than_the_window_stays_inside() -> None:
    narrow = replace(WINDOW, opens=540, closes=545)
    assert opening(utc(2027, 6, 8, 5), narrow, HOME, timedelta(minutes=19)).at == utc(2027, 6, 8, 7, 4)


def test_a_window_that_the_clocks_skip_is_closed_that_day() -> None:
    # 28 March 2027, a Sunday: 02:00 to 03:00 does not exist in Berlin; on Monday 02:00 is 00:00 UTC.
    night = Window(days=frozenset(range(7)), opens=120, closes=180)
    assert opening(utc(2027, 3, 27, 12), night, HOME, NONE).at == utc(2027, 3, 29, 0)


def test_a_window_that_comes_twice_in_a_night_opens_no_earlier_than_due() -> None:
    # 31 October 2027: 02:30 comes at 00:30 and 01:30 UTC; what is due at the second 02:10 leaves at the second 02:30.
    night = Window(days=frozenset(range(7)), opens=150, closes=160)
    assert opening(utc(2027, 10, 31, 1, 10), night, HOME, NONE).at == utc(2027, 10, 31, 1, 30)


@settings(deadline=None)  # the first look at a country loads its holidays
@given(
    at=st.integers(0, 190_000_000).map(lambda seconds: utc(2026, 1, 1) + timedelta(seconds=seconds)),
    days=st.frozensets(st.integers(0, 6), min_size=1),
    hours=st.tuples(st.integers(0, 1438), st.integers(1, 1439)).filter(lambda pair: pair[0] < pair[1]),
    place=st.sampled_from(
        [
            Place(zone=ZoneInfo(zone), country=country)
            for zone, country in [
                ("Europe/Berlin", "DE"),
                ("America/New_York", "US"),
                ("Asia/Tokyo", "JP"),
                ("Australia/Lord_Howe", "AU"),
                ("America/St_Johns", ""),
            ]
        ]
    ),
    offset=st.integers(0, 200).map(lambda minutes: timedelta(minutes=minutes)),
)
def test_an_opening_is_never_before_its_date_and_always_in_the_window(
    at: Instant, days: frozenset[int], hours: tuple[int, int], place: Place, offset: timedelta
) -> None:
    window = Window(days=days, opens=hours[0], closes=hours[1])
    found = opening(at, window, place, offset).at
    local = found.astimezone(place.zone)
    assert found >= at
    assert closed_on(local.date(), window, place) is None
    assert window.opens <= local.hour * 60 + local.minute < window.closes
    assert opening(found, window, place, offset).at == found


# Thursday 21 December 2023 + 10 in Germany: 22, Wed 27 to Fri 29 December, Tue 2 to Fri 5, Mon 8, Tue 9 January
# Wednesday 23 June 2027 + 3 in Israel, where Friday and Saturday are free: Thu 24, Sun 27, Mon 28
# Thursday 29 April 2027 + 2 in Bavaria: Fri 30 April, (Sat 1 May) Mon 3 May
# a country nobody knows has Saturdays and Sundays off, and no holidays
@pytest.mark.parametrize(
    ("start", "count", "country", "end"),
    [
        (utc(2023, 12, 21, 9), 10, "DE", utc(2024, 1, 9, 9)),
        (utc(2027, 6, 23, 9), 3, "IL", utc(2027, 6, 28, 9)),
        (utc(2027, 4, 29, 9), 2, "DE-BY", utc(2027, 5, 3, 9)),
        (utc(2023, 12, 21, 9), 10, "", utc(2024, 1, 4, 9)),
        (utc(2023, 12, 21, 9), 10, "ZZ", utc(2024, 1, 4, 9)),
        (utc(2027, 6, 12, 9), 1, "", utc(2027, 6, 14, 9)),
    ],
)
def test_working_days_pass_over_weekends_and_holidays_where_somebody_lives(
    start: Instant, count: int, country: str, end: Instant
) -> None:
    assert working_days_later(start, WorkingDays(count), ZoneInfo("UTC"), country) == end


def test_working_days_end_at_the_same_local_time_though_the_clocks_change() -> None:
    # Thursday 25 March 2027, 10:00 in Berlin; the 26th and the 29th are of Easter, clocks go forward on the 28th
    assert working_days_later(utc(2027, 3, 25, 9), WorkingDays(2), BERLIN, "DE") == utc(2027, 3, 31, 8)


@settings(deadline=None)
@given(
    at=st.integers(0, 190_000_000).map(lambda seconds: utc(2026, 1, 1) + timedelta(seconds=seconds)),
    count=st.integers(1, 60),
    country=st.sampled_from(["", "DE", "US", "JP", "IL", "AE", "IR", "BD"]),
)
def test_working_days_are_never_fewer_days_than_they_say(at: Instant, count: int, country: str) -> None:
    wait = WorkingDays(count)
    assert working_days_later(at, wait, ZoneInfo("UTC"), country) - at >= timedelta(days=wait.least_days())


@pytest.mark.parametrize(
    ("blackout", "opens"),
    [
        ("2027-01-01 to 2028-12-31", utc(2029, 1, 2, 8)),  # a sabbatical of two years
        ("2027-01-01 to 2126-12-31", utc(2127, 1, 1, 8)),
        ("2027-01-01 to 2028-06-30, 2028-05-01 to 2030-03-31", utc(2030, 4, 2, 7)),
        ("03-02 to 02-29", utc(2028, 3, 1, 8)),  # nothing but the 1st of March, which was a Monday in 2027
    ],
)
def test_no_letter_leaves_into_days_without_letters_however_many_there_are(blackout: str, opens: Instant) -> None:
    place = Place(zone=BERLIN, blackout=periods(blackout))
    found = opening(utc(2027, 1, 5, 8), WINDOW, place, NONE)
    assert (found.at, closed_on(found.at.date(), WINDOW, place)) == (opens, None)


def test_days_without_letters_to_the_end_of_dates_are_looked_through_in_a_moment() -> None:
    place = Place(zone=BERLIN, blackout=periods("2027-01-01 to 9999-12-31"))
    found = opening(utc(2027, 1, 5, 8), WINDOW, place, NONE)
    assert found.at.year >= 9000
