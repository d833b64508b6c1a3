"""A plan is what the daemon will do: the same functions, the same order, the same limit, and a reason for each date."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from followupd.core.cadence import reckon
from followupd.core.instants import Instant, local_day
from followupd.core.model import Case, LetterState, Note, Send, State, Wait
from followupd.core.plan import after_letter, foresee
from followupd.core.settings import NoNews, Policy
from tests.core.timeline import BERLIN, POLICY, acted, begun, letter_of, sent, somebody, utc

START = utc(2027, 6, 4, 17)  # a Friday, 19:00 in Berlin
SPREAD = replace(POLICY, window=replace(POLICY.window, spread=timedelta(minutes=20)))


def lived(cases: list[Case], policy: Policy, now: Instant, until: Instant) -> list[tuple[Instant, int, int]]:
    """Act as the daemon does: wake at the earliest date, the lower number first, and count the letters of the day."""
    standing = {case.thread.id: replace(case, thread=reckon(case, policy, now)) for case in cases}
    left: list[tuple[Instant, int, int]] = []
    while True:
        dates = [(one.thread.next_at, number) for number, one in standing.items() if one.thread.next_at is not None]
        if not dates or min(dates)[0] > until:
            return left
        at, number = min(dates)
        today = sum(local_day(one, BERLIN) == local_day(at, BERLIN) for one, _, _ in left)
        case = standing[number]
        decision, after = acted(case, policy, at, today)
        match decision:
            case Send(step=step):
                left.append((at, number, step))
                fresh = sorted(case.notes, key=lambda note: note.id)
                standing[number] = replace(after, notes=tuple(fresh[:-1] if step else fresh))
            case Wait(until=later):
                standing[number] = replace(case, thread=replace(case.thread, next_at=later))
            case _ if after is case:
                standing[number] = replace(case, thread=replace(case.thread, next_at=None))
            case _:
                standing[number] = after


zones = st.sampled_from([("Europe/Berlin", "DE"), ("America/New_York", "US"), ("Asia/Tokyo", "JP")])
threads = st.lists(
    st.tuples(zones, st.integers(0, 4), st.integers(0, 200), st.integers(0, 3), st.booleans()), min_size=1, max_size=7
)


@settings(deadline=None)  # the first look at a country loads its holidays
@given(threads, st.integers(1, 3), st.sampled_from(list(NoNews)))
def test_a_plan_is_the_sequence_of_decisions(
    people: list[tuple[tuple[str, str], int, int, int, bool]], limit: int, no_news: NoNews
) -> None:
    policy = replace(SPREAD, daily_limit=limit, no_news=no_news)
    cases = []
    for number, (where, step, days, notes, away) in enumerate(people, start=1):
        case = begun(
            somebody(*where, number=number),
            START - timedelta(days=days),
            step=step,
            state=State.WAITING if step else State.SCHEDULED,
            not_before=START + timedelta(days=40) if away else None,
        )
        news = tuple(Note(id=one, contact_id=number, text=f"news {one}", created_at=START) for one in range(notes))
        cases.append(replace(case, notes=news))
    until = START + timedelta(days=700)
    planned = [(one.at, one.thread_id, one.step) for one in foresee(cases, policy, START, until)]
    assert planned == lived(cases, policy, START, until)
    in_a_day = Counter(local_day(at, BERLIN) for at, _, _ in planned)
    assert max(in_a_day.values(), default=0) <= limit


def test_a_plan_taken_every_hour_differs_in_nothing() -> None:
    policy = replace(SPREAD, daily_limit=2)
    cases = [begun(somebody(number=number), START - timedelta(days=9)) for number in range(1, 6)]
    until = utc(2028, 6, 1)
    first = [(one.at, one.email, one.step) for one in foresee(cases, policy, START, until)]
    now = START
    while now <= first[0][0]:
        assert [(one.at, one.email, one.step) for one in foresee(cases, policy, now, until)] == first
        now += timedelta(hours=1)


def test_the_letters_of_today_count_towards_the_limit() -> None:
    now = utc(2027, 6, 8, 7)
    cases = [begun(somebody(number=number), now) for number in (1, 2)]
    found = foresee(cases, replace(POLICY, daily_limit=3), now, utc(2027, 6, 11), sent_today=2)
    assert [one.at for one in found] == [now, utc(2027, 6, 9, 7)]
    assert found[1].why[-1] == "2027-06-09T07:00:00+00:00: 3 letters go out on 2027-06-08 already"


def test_every_date_has_its_chain() -> None:
    # Sent on Wednesday 30 June 2027 in Paris; two weeks later is 14 July.
    case = sent(begun(somebody("Europe/Paris", "FR"), utc(2027, 6, 30, 7)), POLICY, utc(2027, 6, 30, 7))
    reminder, news = foresee([case], POLICY, utc(2027, 7, 1), utc(2027, 9, 30))
    assert (reminder.at, reminder.template) == (utc(2027, 7, 15, 7), "reminder")
    assert reminder.why == (
        "2027-07-14T07:00:00+00:00: 2 weeks after 2027-06-30T07:00:00+00:00",
        "2027-07-14: National Day",
        "2027-07-15T07:00:00+00:00: from 09:00 Europe/Paris",
    )
    # 15 July + 42 days = 26 August, a Thursday.
    assert news.why == ("2027-08-26T07:00:00+00:00: 6 weeks after 2027-07-15T07:00:00+00:00",)


def test_a_late_letter_says_what_its_date_was() -> None:
    case = begun(somebody(), utc(2027, 6, 1, 7))
    (found,) = foresee([case], POLICY, utc(2027, 6, 8, 8), utc(2027, 6, 9))
    assert found.at == utc(2027, 6, 8, 8)
    assert found.why[-1] == "2027-06-01T07:00:00+00:00: has passed"


def test_a_pause_with_an_end_is_planned_past_it_and_one_without_is_not() -> None:
    case = sent(begun(somebody(), utc(2027, 6, 8, 7)), POLICY, utc(2027, 6, 8, 7))
    paused = replace(case.thread, state=State.PAUSED, resume_to=State.WAITING, next_at=None)
    # The pause ends on Friday 27 August; Tuesday is the 31st; the letter after it: + 6 weeks = 12 October, a Tuesday.
    ends = replace(case, thread=replace(paused, paused_until=utc(2027, 8, 26, 22)))
    found = foresee([ends], POLICY, utc(2027, 6, 9), utc(2027, 11, 1))
    assert [one.at for one in found] == [utc(2027, 8, 31, 7), utc(2027, 10, 12, 7)]
    assert foresee([replace(case, thread=paused)], POLICY, utc(2027, 6, 9), utc(2027, 11, 1)) == ()
    doubt = replace(paused, paused_until=utc(2027, 8, 26, 22), resume_to=State.HELD)
    assert foresee([replace(case, thread=doubt)], POLICY, utc(2027, 6, 9), utc(2027, 11, 1)) == ()


def test_what_is_held_or_ended_is_not_planned() -> None:
    for state in set(State) - {State.SCHEDULED, State.WAITING}:
        case = begun(somebody(), START, state=state)
        assert foresee([case], POLICY, START, utc(2030, 1, 1)) == ()
    case = begun(somebody(), START, state=State.WAITING, step=1)
    doubtful = replace(case, letters=(letter_of(case, START, state=LetterState.UNCERTAIN),))
    assert foresee([doubtful], POLICY, START, utc(2030, 1, 1)) == ()


def test_what_is_noted_twice_is_planned_to_be_told_once() -> None:
    notes = tuple(Note(id=one, contact_id=1, text=text, created_at=START) for one, text in enumerate(("News.", "news")))
    opened = after_letter(replace(begun(somebody(), START), notes=notes), POLICY, START)
    assert after_letter(opened, POLICY, START).notes == ()


def test_what_a_letter_has_told_is_not_planned_to_be_told_again() -> None:
    told, again = (Note(id=one, contact_id=1, text="News.", created_at=START) for one in (1, 2))
    case = replace(begun(somebody(), START), notes=(replace(told, spent_by=1), again))
    assert after_letter(case, POLICY, START).notes == ()


def test_a_letter_tells_the_newest_note_and_the_first_letter_none() -> None:
    notes = tuple(Note(id=one, contact_id=1, text=f"{one}", created_at=START) for one in (1, 2, 3))
    case = replace(begun(somebody(), START), notes=notes)
    opened = after_letter(case, POLICY, START)
    assert [note.id for note in opened.notes] == [1, 2, 3]
    assert [note.id for note in after_letter(opened, POLICY, START).notes] == [1, 2]
    assert [note.id for note in after_letter(opened, POLICY, START, ()).notes] == [1, 2, 3]
