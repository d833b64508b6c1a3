"""A cadence of more than a year, letter by letter; every date was worked out by hand from a calendar."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from followupd.core.cadence import floor_over, next_opening, place_of, reckon, spread_of
from followupd.core.instants import Instant, Span
from followupd.core.model import Contact, LetterState, State
from followupd.core.settings import Cadence, Step
from followupd.core.window import closed_on
from tests.core.timeline import POLICY, begun, letter_of, played, sent, somebody, utc

FAR = utc(2032, 1, 1)

# The calendar behind the three walks below. The steps: at once, 2 weeks, 6 weeks, 4 months, 7 months; Tue, Wed, Thu,
# 09:00 to 11:30 where they are; no holidays of theirs; the spread set to nothing, so that the minutes can be read.
#
# Ada in Berlin (DE), added on Friday 5 February 2027, 18:00 (17:00 UTC)
#   1  Fri 5 Feb, Sat, Sun, Mon closed                        -> Tue 9 Feb 09:00 CET             = 08:00 UTC
#   2  Tue 9 Feb + 14 days                                    = Tue 23 Feb 09:00                  = 08:00 UTC
#   3  Tue 23 Feb + 42 days (5 days are left of February, 31 of March, so 6 April: Tue), summer time since 28 March
#                                                             = Tue 6 Apr 09:00 CEST              = 07:00 UTC
#   4  6 Apr + 4 months = Fri 6 Aug: Fri, Sat, Sun, Mon       -> Tue 10 Aug 09:00 CEST            = 07:00 UTC
#   5  10 Aug + 7 months = Fri 10 March 2028                  -> Tue 14 March 09:00 CET           = 08:00 UTC
ADA = [
    utc(2027, 2, 9, 8),
    utc(2027, 2, 23, 8),
    utc(2027, 4, 6, 7),
    utc(2027, 8, 10, 7),
    utc(2028, 3, 14, 8),
]

# Grace in New York (US), added on Wednesday 9 December 2026, 16:00 CET (15:00 UTC, 10:00 where she is)
#   1  inside her window                                      -> at once                          = 15:00 UTC
#   2  Wed 9 Dec + 14 days                                    = Wed 23 Dec 10:00 EST              = 15:00 UTC
#   3  Wed 23 Dec + 42 days (8 left of December, 31 of January)
#                                                             = Wed 3 Feb 2027 10:00 EST          = 15:00 UTC
#   4  3 Feb + 4 months = Thu 3 June 10:00, daylight saving time since 14 March
#                                                             = Thu 3 June 10:00 EDT              = 14:00 UTC
#   5  3 June + 7 months = Mon 3 Jan 2028                     -> Tue 4 Jan 09:00 EST              = 14:00 UTC
GRACE = [
    utc(2026, 12, 9, 15),
    utc(2026, 12, 23, 15),
    utc(2027, 2, 3, 15),
    utc(2027, 6, 3, 14),
    utc(2028, 1, 4, 14),
]

# Yuki in Tokyo (JP), first letter set for Tuesday 9 February 2027; Tokyo is 9 hours ahead of UTC all year
#   1  Tue 9 Feb 00:00                                        -> Tue 9 Feb 09:00                  = 00:00 UTC
#   2  Tue 9 Feb + 14 days = Tue 23 Feb: the Emperor's Birthday
#                                                             -> Wed 24 Feb 09:00                 = 00:00 UTC
#   3  Wed 24 Feb + 42 days (4 left of February, 31 of March) = Wed 7 Apr 09:00                   = 00:00 UTC
#   4  7 Apr + 4 months = Sat 7 Aug: Sat, Sun, Mon            -> Tue 10 Aug 09:00                 = 00:00 UTC
#   5  10 Aug + 7 months = Fri 10 March 2028                  -> Tue 14 March 09:00               = 00:00 UTC
YUKI = [
    utc(2027, 2, 9, 0),
    utc(2027, 2, 24, 0),
    utc(2027, 4, 7, 0),
    utc(2027, 8, 10, 0),
    utc(2028, 3, 14, 0),
]


@pytest.mark.parametrize(
    ("contact", "added", "first_on", "dates"),
    [
        (somebody("Europe/Berlin", "DE"), utc(2027, 2, 5, 17), None, ADA),
        (somebody("America/New_York", "US"), utc(2026, 12, 9, 15), None, GRACE),
        (somebody("Asia/Tokyo", "JP"), utc(2027, 1, 20, 12), date(2027, 2, 9), YUKI),
    ],
    ids=["berlin", "new-york", "tokyo"],
)
def test_a_year_goes_by_letter_by_letter(
    contact: Contact, added: Instant, first_on: date | None, dates: list[Instant]
) -> None:
    assert played(begun(contact, added, first_on=first_on), POLICY, added, FAR) == dates


def test_the_last_letter_ends_the_thread_in_silence() -> None:
    case = begun(somebody(), utc(2027, 2, 9, 8), step=4, state=State.WAITING)
    assert sent(case, POLICY, utc(2027, 2, 9, 8)).thread.state is State.SILENT


def of_two(after: Span) -> Cadence:
    return Cadence(name="patient", steps=(Step(template="opening"), Step(template="reminder", after=after)))


@pytest.mark.parametrize(
    ("went", "after", "due"),
    [
        # 29 February 2028 is a Tuesday; a year later it is 28 February 2029, a Wednesday.
        (utc(2028, 2, 29, 8), "1 year", utc(2029, 2, 28, 8)),
        # 18 months: 29 August 2029, a Wednesday, in summer time.
        (utc(2028, 2, 29, 8), "P18M", utc(2029, 8, 29, 7)),
        # 31 January 2029 is a Wednesday; 28 February too.
        (utc(2029, 1, 31, 8), "1 month", utc(2029, 2, 28, 8)),
        # 27 October 2027 is a Wednesday in summer time, 3 November a Wednesday in winter time: 09:00 both.
        (utc(2027, 10, 27, 7), "1 week", utc(2027, 11, 3, 8)),
    ],
)
def test_waits_over_month_ends_leap_days_and_clock_changes(went: Instant, after: str, due: Instant) -> None:
    policy = replace(POLICY, cadences={"patient": of_two(Span.parse(after))})
    case = sent(begun(somebody(), went), policy, went)
    assert case.thread.next_at == due


def test_a_friday_evening_goes_on_tuesday_at_its_own_minute() -> None:
    policy = replace(POLICY, window=replace(POLICY.window, spread=timedelta(minutes=20)))
    case = begun(somebody(), utc(2027, 6, 4, 17))
    own = spread_of(case.thread, policy)
    assert timedelta() <= own <= timedelta(minutes=20)
    assert next_opening(case, policy, utc(2027, 6, 4, 17)).at == utc(2027, 6, 8, 7) + own
    minutes = {spread_of(replace(case.thread, key=f"{number}"), policy) for number in range(200)}
    assert minutes == {timedelta(minutes=number) for number in range(21)}


def test_a_letter_late_by_days_names_one_minute_the_night_before_and_in_the_morning() -> None:
    policy = replace(POLICY, window=replace(POLICY.window, spread=timedelta(minutes=20)))
    case = next(
        one
        for one in (begun(somebody(number=number), utc(2027, 6, 1, 7)) for number in range(1, 50))
        if spread_of(one.thread, policy) == timedelta(minutes=15)
    )
    for now in (utc(2027, 6, 7, 20), utc(2027, 6, 8, 6, 59), utc(2027, 6, 8, 7, 5), utc(2027, 6, 8, 7, 15)):
        assert next_opening(case, policy, now).at == utc(2027, 6, 8, 7, 15)
    assert next_opening(case, policy, utc(2027, 6, 8, 7, 40)).at == utc(2027, 6, 8, 7, 40)


def test_a_letter_late_by_minutes_leaves_at_once() -> None:
    policy = replace(POLICY, window=replace(POLICY.window, spread=timedelta(minutes=20)))
    case = begun(somebody(), utc(2027, 6, 8, 7, 1))
    assert next_opening(case, policy, utc(2027, 6, 8, 7, 2)).at == utc(2027, 6, 8, 7, 2)


def test_the_floor_stands_under_a_wait_the_user_shortened() -> None:
    # Sent on Tuesday 8 June 2027; due again on the 9th by the user's word, the floor says the 15th, a Tuesday.
    case = sent(begun(somebody(), utc(2027, 6, 8, 7)), POLICY, utc(2027, 6, 8, 7))
    case = replace(case, thread=replace(case.thread, due_at=utc(2027, 6, 9, 7)))
    found = next_opening(case, POLICY, utc(2027, 6, 8, 8))
    assert found.at == utc(2027, 6, 15, 7)
    assert "not before the floor of 7 days after the last letter" in found.why[1]
    assert floor_over(case, POLICY) == utc(2027, 6, 15, 7)


def test_a_snooze_moves_a_letter_past_its_date_and_never_to_an_earlier_one() -> None:
    case = sent(begun(somebody(), utc(2027, 6, 8, 7)), POLICY, utc(2027, 6, 8, 7))
    assert case.thread.next_at == utc(2027, 6, 22, 7)
    early = replace(case, thread=replace(case.thread, not_before=utc(2027, 6, 10, 7)))
    assert next_opening(early, POLICY, utc(2027, 6, 9)).at == utc(2027, 6, 22, 7)
    # 1 September 2027, 00:00 in Berlin, is a Wednesday.
    later = replace(case, thread=replace(case.thread, not_before=utc(2027, 8, 31, 22)))
    assert next_opening(later, POLICY, utc(2027, 6, 9)).at == utc(2027, 9, 1, 7)


def test_a_deferred_letter_waits_for_its_next_try() -> None:
    case = begun(somebody(), utc(2027, 6, 8, 7))
    deferred = letter_of(case, utc(2027, 6, 8, 7), state=LetterState.DEFERRED, retry_at=utc(2027, 6, 8, 9, 45))
    found = next_opening(replace(case, letters=(deferred,)), POLICY, utc(2027, 6, 8, 7, 1))
    assert found.at == utc(2027, 6, 9, 7)
    assert any("try again later" in line for line in found.why)


def test_three_months_asleep_make_one_letter_and_the_next_counts_from_it() -> None:
    case = sent(begun(somebody(), utc(2027, 2, 9, 8)), POLICY, utc(2027, 2, 9, 8))
    # Due on 23 February; the machine wakes on Thursday 27 May, 10:00. The next: + 42 days = Thursday 8 July.
    left = played(case, POLICY, utc(2027, 5, 27, 8), utc(2027, 7, 31))
    assert left == [utc(2027, 5, 27, 8), utc(2027, 7, 8, 8)]


def test_the_users_zone_counts_where_theirs_is_unknown_or_wrong() -> None:
    for zone in ("", "Mars/Olympus"):
        case = begun(somebody(zone), utc(2027, 6, 8, 3))
        assert next_opening(case, POLICY, utc(2027, 6, 8, 3)).at == utc(2027, 6, 8, 7)


def test_the_window_of_another_clock_still_keeps_their_holidays() -> None:
    # Due on 14 July 2027 in France, with the window on the user's clock.
    policy = replace(POLICY, window=replace(POLICY.window, zone=POLICY.me.zone))
    case = begun(somebody("America/New_York", "FR"), utc(2027, 7, 14, 6))
    assert next_opening(case, policy, utc(2027, 7, 14, 6)).at == utc(2027, 7, 15, 7)


@pytest.mark.parametrize("state", [state for state in State if state not in {State.SCHEDULED, State.WAITING}])
def test_a_thread_that_cannot_send_has_no_date(state: State) -> None:
    case = begun(somebody(), utc(2027, 6, 8, 7), state=state, next_at=utc(2027, 6, 8, 7))
    assert reckon(case, POLICY, utc(2027, 6, 8, 7)).next_at is None


instants = st.integers(0, 6 * 365 * 86400).map(lambda seconds: utc(2026, 1, 1) + timedelta(seconds=seconds))
people = st.sampled_from([("Europe/Berlin", "DE"), ("America/New_York", "US"), ("Asia/Tokyo", "JP"), ("", "")])


@settings(deadline=None)  # the first look at a country loads its holidays
@given(instants, people, st.integers(0, 4), st.one_of(st.none(), instants), st.lists(st.floats(0, 1), max_size=6))
def test_a_date_stands_still_until_it_has_come(
    anchor: Instant, who: tuple[str, str], step: int, not_before: Instant | None, looks: list[float]
) -> None:
    policy = replace(POLICY, window=replace(POLICY.window, spread=timedelta(minutes=20)))
    case = begun(somebody(*who), anchor, step=step, not_before=not_before)
    planned = next_opening(case, policy, anchor).at
    place = place_of(case.contact, policy)
    local = planned.astimezone(place.zone)
    assert planned >= max(anchor, not_before or anchor)
    assert closed_on(local.date(), policy.window, place) is None
    assert 9 * 60 <= local.hour * 60 + local.minute < 11 * 60 + 30
    for look in looks:
        now = anchor + timedelta(seconds=int((planned - anchor).total_seconds() * look))
        assert next_opening(case, policy, now).at == planned


@settings(deadline=None)  # the first look at a country loads its holidays
@given(instants, people, st.timedeltas(timedelta(days=1), timedelta(days=900)), st.lists(st.floats(0, 1), max_size=6))
def test_a_late_date_stands_still_too_until_it_has_come(
    anchor: Instant, who: tuple[str, str], late: timedelta, looks: list[float]
) -> None:
    policy = replace(POLICY, window=replace(POLICY.window, spread=timedelta(minutes=20)))
    case = begun(somebody(*who), anchor)
    woke = (anchor + late).replace(microsecond=0)
    planned = next_opening(case, policy, woke).at
    assert planned >= woke
    for look in looks:
        now = woke + timedelta(seconds=int((planned - woke).total_seconds() * look))
        assert next_opening(case, policy, now).at == planned
