"""What was said is told in its order, from letters, messages and meetings; what changed, only since the last letter."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from followupd.core.brief import Known, brief
from followupd.core.model import Case, Event, Letter, LetterState, Message, Note, Thread, Verdict
from tests.core.timeline import POLICY
from tests.letters.conftest import ALL

NOW = datetime(2027, 6, 16, 7, 5, tzinfo=UTC)
BEGAN = NOW - timedelta(days=90)


def letter(number: int, **more: Any) -> Letter:
    return replace(
        Letter(
            id=number,
            thread_id=1,
            step=number - 1,
            template="reminder",
            state=LetterState.SENT,
            message_id=f"<{number}@example.net>",
            subject="A question",
            body=f"Dear Ada,\n\nThis is letter {number}. It has more to say.\n\nKind regards,\nRobin\n",
            created_at=BEGAN,
            sent_at=BEGAN + timedelta(days=20 * number),
        ),
        **more,
    )


def message(number: int, day: int, verdict: Verdict, **more: Any) -> Message:
    return replace(
        Message(
            id=number,
            thread_id=1,
            contact_id=1,
            message_id=f"<m{number}@example.org>",
            folder="INBOX",
            uid=number,
            from_="ada@example.org",
            subject="Re: A question",
            received_at=BEGAN + timedelta(days=day),
            verdict=verdict,
            rule="match",
            words="",
            excerpt="Not  now,\nask me in autumn.",
        ),
        **more,
    )


THREAD = Thread(key="k", contact_id=1, cadence="patient", step=2, created_at=BEGAN, anchor=BEGAN)
CASE = Case(thread=THREAD, contact=ALL, letters=(letter(1), letter(2), letter(3, state=LetterState.HELD, sent_at=None)))


def test_letters_and_messages_stand_in_their_order_with_their_first_words() -> None:
    known = Known(
        messages=(
            message(1, 25, Verdict.AUTO_REPLY, return_date=date(2027, 4, 20)),
            message(2, 30, Verdict.OTHER, rule="own.by-hand", subject="By the way"),
            message(3, 31, Verdict.OTHER),
            message(4, 50, Verdict.REPLY),
            message(5, 51, Verdict.REPLY, not_answer=True),
        )
    )
    said = brief(CASE, known, POLICY, NOW).said
    assert [(one.who, one.what, one.words) for one in said] == [
        ("you", "reminder", "This is letter 1."),
        ("they", "away until 2027-04-20", "Not now, ask me in autumn."),
        ("you", "by hand", "By the way"),
        ("you", "reminder", "This is letter 2."),
        ("they", "reply", "Not now, ask me in autumn."),
    ]


def test_a_letter_says_what_it_told_and_the_letters_before_an_answer_belong_to_it() -> None:
    note = Note(id=1, contact_id=1, text="The queue is gone.", created_at=BEGAN, spent_by=2)
    case = replace(CASE, before=(letter(1),), letters=(letter(2),), notes=(note,))
    assert [one.words for one in brief(case, Known(), POLICY, NOW).said] == [
        "This is letter 1.", "told: The queue is gone.",
    ]  # fmt: skip


def test_only_what_came_after_the_last_letter_has_changed_and_news_that_is_none_any_more_says_so() -> None:
    notes = (
        Note(id=1, contact_id=1, text="Old hat.", created_at=BEGAN, expires=date(2027, 5, 1)),
        Note(id=2, contact_id=1, text="Fresh.", created_at=BEGAN),
        Note(id=3, contact_id=1, text="Told.", created_at=BEGAN, spent_by=1),
    )
    events = (
        Event(at=BEGAN + timedelta(days=10), kind="edited", text="changed: org"),
        Event(at=BEGAN + timedelta(days=70), kind="edited", text="changed: email"),
        Event(at=BEGAN + timedelta(days=71), kind="sent", text="letter 2 went"),
    )
    found = brief(replace(CASE, notes=notes), Known(events=events), POLICY, NOW)
    assert found.changed == ("to tell: Fresh.", "no news any more since 2027-05-01: Old hat.", "changed: email")
    assert found.last == BEGAN + timedelta(days=40)


def test_what_they_asked_for_and_what_the_next_letter_takes_up_is_promised() -> None:
    case = replace(CASE, thread=replace(THREAD, kept_words="Ask me in autumn."))
    known = Known(messages=(message(1, 50, Verdict.REPLY, asked_for=date(2027, 9, 1)),))
    assert brief(case, known, POLICY, NOW).promised == (
        "they asked to hear from you on 2027-09-01",
        "the next letter takes up their words: Ask me in autumn.",
        f"you offer: {ALL.offer}",
    )
