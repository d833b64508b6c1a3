"""Every written message gets its verdict; only proof says "machine"."""

from dataclasses import replace
from datetime import date

import pytest

from followupd.core import verdicts
from followupd.core.model import Contact, Match, MatchedBy, Verdict
from tests.core.reading import judged, parsed
from tests.fixtures.messages import ALL, ANSWERS, RECEIVED, Sample
from tests.fixtures.messages.sample import OURS, compose, quoted
from tests.fixtures.messages.unseen import HELD_UNQUOTED


@pytest.mark.parametrize("sample", ALL, ids=lambda sample: sample.name)
def test_a_written_message_gets_its_verdict(sample: Sample) -> None:
    judgement = judged(sample.raw)

    assert (judgement.verdict, judgement.hold) == (sample.verdict, sample.hold or judgement.dead_address is None)
    assert judgement.rule.startswith(sample.rule)
    assert judgement.rule
    if not sample.human:
        assert judgement.return_date == sample.return_date


@pytest.mark.parametrize("sample", [one for one in ALL if one.own is not None], ids=lambda sample: sample.name)
def test_own_words_are_cut_from_all_that_stands_around_them(sample: Sample) -> None:
    assert sample.own is not None
    assert parsed(sample.raw).own_text.split() == sample.own.split()


@pytest.mark.parametrize("sample", ALL, ids=lambda sample: sample.name)
def test_a_quotation_of_our_letter_never_changes_a_persons_verdict(sample: Sample) -> None:
    text = parsed(sample.raw).own_text
    if not sample.human or sample.verdict == "calendar" or not text:
        return
    bare = judged(compose(text, {}))
    for below in (quoted(), f"On Thu, 3 Dec 2026 at 09:12, Me <me@me.test> wrote:\n\n{quoted()}", f"{_HEADERS}{OURS}"):
        quoting = judged(compose(f"{text}\n\n{below}\n", {}))

        assert (quoting.verdict, quoting.hold) == (bare.verdict, bare.hold)


_HEADERS = "From: Me <me@me.test>\nSent: Thursday, December 3, 2026 9:12 AM\nTo: Ada\nSubject: Hello\n\n"


def test_words_alone_never_say_machine() -> None:
    held = [judged(sample.raw) for sample in ALL if sample.name.startswith("unproved-")]

    assert len(held) > 30
    assert {judgement.verdict for judgement in held} == {Verdict.OTHER}
    assert all(judgement.hold and judgement.rule.startswith("words.") for judgement in held)


@pytest.mark.parametrize("field", ["X-Auto-Response-Suppress: All", "Auto-Submitted: no", "Return-Path: <>"])
def test_a_weak_header_makes_no_answer_a_machines(field: str) -> None:
    name, value = field.split(": ")
    for sample in ANSWERS:
        msg = parsed(f"{name}: {value}\r\n".encode() + sample.raw)
        judgement = verdicts.judge(msg, Match(thread_id=1, by=MatchedBy.REFERENCES), verdicts.Setting(RECEIVED))

        assert judgement.verdict is Verdict.REPLY, sample.name


def test_a_message_of_no_thread_changes_nothing() -> None:
    for sample in ALL:
        judgement = verdicts.judge(parsed(sample.raw), None, verdicts.Setting(RECEIVED))

        assert judgement.verdict is Verdict.OTHER
        assert not judgement.hold


def test_a_colleague_under_our_subject_is_a_possible_answer() -> None:
    msg = parsed(compose("Let me answer for Ada.", {"From": "bo@uni.test"}))

    judgement = verdicts.judge(msg, Match(thread_id=1, by=MatchedBy.SUBJECT), verdicts.Setting(RECEIVED))

    assert (judgement.verdict, judgement.rule, judgement.hold) == (Verdict.OTHER, "match.subject", True)


def test_evidence_names_the_rule_and_what_it_rests_on() -> None:
    raw = compose("Gone fishing.", {"Auto-Submitted": "auto-replied"})

    assert judged(raw).evidence == "rfc3834.auto-submitted: Auto-Submitted: auto-replied"


def test_a_message_that_cannot_be_read_holds_the_next_letter() -> None:
    from dataclasses import replace

    msg = replace(parsed(ANSWERS[0].raw), readable=False, text="", own_text="")

    judgement = verdicts.judge(msg, Match(thread_id=1, by=MatchedBy.ADDRESS), verdicts.Setting(RECEIVED))

    assert (judgement.verdict, judgement.hold) == (Verdict.OTHER, True)


@pytest.mark.parametrize(
    ("text", "hint", "asked_for"),
    [
        ("Yes, gladly.", "yes", None),
        ("Leider nein.", "no", None),
        ("No.", "no", None),
        ("Dear Ida,\n\nNo.\n\nAda", "no", None),
        ("Dear Ida,\n\nno, thank you. I have no time for this.\n\nAda", "no", None),
        ("Thanks, but no.", "no", None),
        ("Nein. Viel Erfolg!", "no", None),
        ("Ich habe dafür leider keine Zeit.", "no", None),
        ("Non, je n'ai pas le temps.", "no", None),
        ("No, I had not forgotten you. Come by on Monday.", "", None),
        ("There is no time like the present: let's talk.", "yes", None),
        ("Try me again in the autumn.", "later", "2027-09-01"),
        ("Not now, write to me again in March.", "later", "2027-03-01"),
        ("Melden Sie sich im Frühjahr noch einmal.", "later", "2027-03-01"),
        ("The first one was my uncle.", "", None),
    ],
)
def test_an_answer_has_a_hint_of_what_it_says(text: str, hint: str, asked_for: str | None) -> None:
    judgement = judged(compose(text, {}))

    assert judgement.verdict is Verdict.REPLY
    assert judgement.hint == hint
    assert str(judgement.asked_for or "") == (asked_for or "")


def test_somebody_who_has_left_names_who_comes_after() -> None:
    raw = compose("Ada has left the company; write to grace@new.test", {"Auto-Submitted": "auto-replied"})

    judgement = judged(raw)

    assert judgement.rule == "words.gone"
    assert judgement.hold
    assert judgement.other_address == "grace@new.test"


@pytest.mark.parametrize(
    ("text", "country", "day"),
    [
        ("Not the right time, ask me in September.", "", date(2027, 9, 1)),
        ("I can't now. Try me again in the autumn, please.", "DE", date(2027, 9, 1)),
        ("I can't now. Try me again in the autumn, please.", "AU", date(2027, 3, 1)),
        ("Not now; write to me after Easter.", "", date(2027, 3, 30)),
        ("Zurzeit nicht, melden Sie sich nach dem Sommer wieder.", "DE", date(2027, 9, 1)),
        ("Later, please: contact me in Q3.", "", date(2027, 7, 1)),
        ("I am too busy. Ask me again next month, please.", "", date(2027, 1, 1)),
        ("Not now. Write to me again in 3 months.", "", date(2027, 3, 14)),
        ("Bitte melden Sie sich in drei Monaten wieder.", "DE", date(2027, 3, 14)),
        ("Ahora no, escríbame en primavera.", "CL", date(2027, 9, 1)),
    ],
)
def test_the_day_asked_for_is_the_one_meant_where_they_live(text: str, country: str, day: date) -> None:
    contact = Contact(addresses=("ada@uni.test",), country=country)
    msg = parsed(compose(text, {}))
    judgement = verdicts.judge(
        msg, Match(thread_id=1, by=MatchedBy.IN_REPLY_TO), verdicts.setting_of(contact, RECEIVED)
    )
    assert (judgement.verdict, judgement.hint, judgement.asked_for) == (Verdict.REPLY, "later", day)


@pytest.mark.parametrize(
    ("zone", "offset", "day"),
    [
        ("Pacific/Auckland", "+0000", date(2026, 12, 16)),  # 15 December, 01:00 there
        ("America/Los_Angeles", "+0000", date(2026, 12, 15)),
        ("", "+1300", date(2026, 12, 16)),
        ("", "+0000", date(2026, 12, 15)),
        ("", "+9999", date(2026, 12, 15)),
    ],
)
def test_tomorrow_is_the_day_after_today_where_they_live(zone: str, offset: str, day: date) -> None:
    contact = Contact(addresses=("ada@uni.test",), timezone=zone)
    raw = compose(
        "I am away today and back tomorrow.",
        {"Auto-Submitted": "auto-replied", "Date": f"Mon, 14 Dec 2026 12:00:00 {offset}"},
    )
    msg = replace(parsed(raw), internal_date=RECEIVED.replace(hour=12))
    judgement = verdicts.judge(
        msg, Match(thread_id=1, by=MatchedBy.IN_REPLY_TO), verdicts.setting_of(contact, RECEIVED)
    )
    assert judgement.return_date == day


@pytest.mark.parametrize(("language", "text"), HELD_UNQUOTED)
def test_an_answer_that_speaks_of_an_absence_is_a_reply_with_our_letter_below_and_else_held(
    language: str, text: str
) -> None:
    below = judged(compose(f"{text}\n\nOn 1 Dec 2026, Me wrote:\n{quoted()}", {}))
    assert (below.verdict, below.hold) == (Verdict.REPLY, False)
    alone = judged(compose(text, {}))
    assert (alone.verdict, alone.hold) == (Verdict.OTHER, True)
