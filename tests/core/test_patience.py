"""What patience has earned is counted from what is remembered: no percentages, and silent threads are censored.

The curve is compared with an example of the textbooks.
"""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from followupd.core.instants import Instant
from followupd.core.model import Event, LetterState, Message, Outreach, State, Verdict
from followupd.core.patience import Asked, account, asked, curve, earned
from tests.core.timeline import begun, letter_of, somebody, utc

BEGINS = utc(2026, 1, 6, 8)
NOW = BEGINS + timedelta(days=400)


def day(number: int) -> Instant:
    return BEGINS + timedelta(days=number)


def outreach(number: int = 1, *, answer: int | None = None, sent: tuple[int, ...] = (0,), **more: object) -> Outreach:
    """Give somebody to whom letters went on these days, and who answered on that one."""
    case = begun(somebody(number=number), BEGINS)
    names = ("opening", "reminder", "news", "season", "last-word")
    letters = tuple(
        letter_of(case, day(on), step=step, template=names[step], state=LetterState.SENT, sent_at=day(on))
        for step, on in enumerate(sent)
    )
    state = State.ANSWERED if answer is not None else State.WAITING
    thread = replace(case.thread, state=state, step=len(letters))
    events = (Event(at=day(answer + 1), kind="answered", text="reply"),) if answer is not None else ()
    messages = (reply(number, answer),) if answer is not None else ()
    whole = Outreach(case=replace(case, thread=thread, letters=letters), messages=messages, events=events)
    return replace(whole, **more)  # type: ignore[arg-type]  # fields of an Outreach


def reply(number: int, on: int, **more: object) -> Message:
    found = Message(
        thread_id=number, contact_id=number, message_id=f"<{number}.{on}@example.org>", folder="INBOX", uid=on,
        from_="p@example.org", subject="Re: A question", received_at=day(on), verdict=Verdict.REPLY, rule="x", words="",
    )  # fmt: skip
    return replace(found, **more)  # type: ignore[arg-type]  # fields of a Message


def test_nine_people_and_three_answers() -> None:
    """The acceptance of the patience account."""
    people = [outreach(number, answer=on) for number, on in enumerate((6, 41, 212), 1)]
    people += [outreach(number) for number in range(4, 10)]
    found = account(asked(people, NOW))
    assert found.said == "2 of 3 answers came after day 30; the longest wait was 212 days."
    assert (found.asked, found.days) == (9, (6, 41, 212))
    assert found.lost == ((2, 2), (4, 2), (12, 1))
    assert [count for _, count in found.ages] == [1, 0, 0, 1, 0, 1, 0]
    assert "%" not in repr(found)
    assert curve(asked(people, NOW)) is None


@pytest.mark.parametrize(
    ("days", "said"),
    [
        ((), "The account opens with the first answer."),
        ((1,), "0 of 1 answer came after day 30; the longest wait was 1 day."),
        ((30, 31), "1 of 2 answers came after day 30; the longest wait was 31 days."),
    ],
)
def test_it_is_said_in_a_sentence(days: tuple[int, ...], said: str) -> None:
    assert account(asked([outreach(number, answer=on) for number, on in enumerate(days, 1)], NOW)).said == said


def test_an_answer_counts_from_the_day_it_arrived_and_goes_to_the_last_letter_before_it() -> None:
    [one] = asked([outreach(answer=20, sent=(0, 14, 56), messages=(reply(1, 20, hint="yes"),))], NOW)
    assert (one.days, one.letters, one.template, one.hint) == (20, 2, "reminder", "yes")


def test_a_call_counts_from_when_it_was_told() -> None:
    [one] = asked([outreach(answer=20, messages=())], NOW)
    assert (one.answered, one.days) == (True, 21)


def test_what_was_no_answer_counts_for_nothing() -> None:
    taken_back = Event(at=day(30), kind="not-an-answer", text="by you")
    found = outreach(answer=20, messages=(reply(1, 20, not_answer=True),))
    found = replace(found, events=(*found.events, taken_back), case=outreach().case)
    assert asked([found], NOW)[0].answered is False
    again = replace(found, events=(*found.events, Event(at=day(60), kind="answered", text="reply")))
    assert asked([again], NOW)[0].days == 60


def test_another_answer_stands_where_one_is_taken_back() -> None:
    found = outreach(answer=20, messages=(reply(1, 20, not_answer=True), reply(1, 25)))
    found = replace(found, events=(*found.events, Event(at=day(30), kind="not-an-answer", text="by you")))
    assert (asked([found], NOW)[0].answered, asked([found], NOW)[0].days) == (True, 25)


def test_a_thread_that_was_reopened_keeps_its_first_answer() -> None:
    found = outreach(answer=20, sent=(0, 14, 300))
    found = replace(found, case=replace(found.case, thread=replace(found.case.thread, state=State.WAITING)))
    assert [(one.answered, one.days, one.letters) for one in asked([found], NOW)] == [(True, 20, 2)]


@pytest.mark.parametrize(
    ("state", "kind", "days"),
    [
        (State.WAITING, "sent", 400),
        (State.SILENT, "sent", 400),
        (State.OPTED_OUT, "opted-out", 50),
        (State.OPTED_OUT, "opted_out", 50),
        (State.UNDELIVERABLE, "undeliverable", 50),
        (State.STOPPED, "stopped", 50),
    ],
)
def test_whoever_is_left_alone_is_watched_no_longer(state: State, kind: str, days: int) -> None:
    found = outreach(events=(Event(at=day(50), kind=kind, text=""),))
    found = replace(found, case=replace(found.case, thread=replace(found.case.thread, state=state)))
    assert [(one.answered, one.days) for one in asked([found], NOW)] == [(False, days)]


def test_nobody_was_asked_before_a_letter_is_out() -> None:
    assert asked([outreach(sent=())], NOW) == ()


def test_the_curve_is_that_of_kaplan_and_meier() -> None:
    answered, silent = (6, 6, 6, 7, 10, 13, 16, 22, 23), (6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35)
    # the remission times of Freireich and others (1963), the example of every textbook: S(6) .857 ... S(23) .448
    found = curve([after(on, answered=True) for on in answered] + [after(on, answered=False) for on in silent])
    assert found is not None
    assert [(point.day, point.watched, point.answered, round(1 - point.share, 3)) for point in found.points] == [
        (6, 21, 3, 0.857), (7, 17, 1, 0.807), (10, 15, 1, 0.753), (13, 12, 1, 0.690), (16, 11, 1, 0.627),
        (22, 7, 1, 0.538), (23, 6, 1, 0.448),
    ]  # fmt: skip
    assert (found.threads, found.answers, found.silent) == (21, 9, silent)


@given(st.lists(st.tuples(st.integers(0, 900), st.booleans()), max_size=40))
def test_the_curve_rises_and_stays_among_shares(people: list[tuple[int, bool]]) -> None:
    found = curve([after(on, answered=answered) for on, answered in people])
    if found is None:
        assert len(people) < 10 or sum(answered for _, answered in people) < 3
        return
    shares = [point.share for point in found.points]
    assert shares == sorted(shares)
    assert all(0 < share <= 1 for share in shares)
    if all(answered for _, answered in people):
        assert shares[-1] == 1


def test_a_template_earns_what_came_after_it() -> None:
    people = [outreach(1, answer=20, sent=(0, 14)), outreach(2, answer=90, sent=(0, 14, 56)), outreach(3, sent=(0, 14))]
    assert [(one.template, one.sent, one.answered) for one in earned(asked(people, NOW))] == [
        ("reminder", 3, 1), ("news", 1, 1), ("opening", 3, 0),
    ]  # fmt: skip


def after(on: int, *, answered: bool) -> Asked:
    return Asked(
        email="p@example.org", name="", begun=BEGINS, until=day(on), answered=answered, letters=1, template="opening"
    )
