"""Each rule has a letter that it finds fault with, and a near one that it lets pass."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from followupd.core.lint import judge, rules
from followupd.core.lint.asking import asked_time, language, screen_line
from followupd.core.lint.book import Phrasebook
from followupd.core.lint.text import LONGEST, content, words
from followupd.core.lint.thread import MOST_AGAIN, said_again
from followupd.core.lint.written import Earlier, Written, typed
from followupd.core.model import Contact, Event, LintRule, Note
from followupd.letters.phrasebook import phrasebook

AT = datetime(2027, 6, 16, 9, 0, tzinfo=UTC)
ADA = Contact(
    addresses=("ada@example.org",),
    name="Ada Lovelace",
    ask="How did you decide what to leave out?",
    offer="I would typeset the next edition",
    admire="Your notes on the engine taught me to read one",
)
GOOD = (
    "Dear Ada,\n\nYour notes on the engine taught me to read one. How did you decide what to leave out?\n\n"
    "I would typeset the next edition.\n\nWith kind regards,\nIda Brandt\n"
)


def written(body: str, **values: Any) -> Written:
    filled: dict[str, Any] = {
        "where": "letter 1",
        "number": 1,
        "subject": "",
        "contact": ADA,
        "my_name": "Ida Brandt",
    } | values
    return Written(body=body, at=AT, since=AT, **filled)


def found(body: str, **values: Any) -> set[str]:
    return {one.rule.value for one in judge.letter(written(body, **values), phrasebook())}


def with_line(line: str) -> str:
    return GOOD.replace("I would typeset", f"{line}\n\nI would typeset")


def test_a_good_letter_is_let_pass() -> None:
    assert found(GOOD) == set()


@pytest.mark.parametrize(
    ("rule", "poor", "near"),
    [
        ("vague-ask", "May I pick your brain.", "The brain of the machine is yours to pick from."),
        ("vague-ask", "I'd like your thoughts on our plan.", "I followed your line of thought to page nine."),
        ("vague-ask", "Für jeden Tipp bin ich dankbar.", "Auf Seite neun steht ein Tipp zum Leim."),
        ("unnamed-time", "Could I have forty-five minutes of your time.", "It took us forty-five minutes to print it."),
        ("unnamed-time", "Could I have an hour.", "Could I have an hour to compare the two maps."),
        ("generic-praise", "I am a fan of your work.", "I am a fan of your work on worn gears and broken teeth."),
        ("empty-offer", "I will return the favour.", "I will return the book."),
        ("pressure", "Just checking in.", "The clerk checking the baggage in smiled."),
        ("pressure", "Did you see my last e-mail?", "Did the press jam?"),
        ("pressure", "I HAVEN’T HEARD BACK.", "We heard the echo come back."),
        ("many-asks", "Who paints them?", "I wonder who paints them."),
        ("placeholder", "I know [COMPANY] well.", "I know [sic] well."),
        ("placeholder", "I know XXX well.", "I know the XXL size well."),
        ("placeholder", "I know <first name> well.", "I know that 3 < 4 and 5 > 4 well."),
        ("placeholder", "I know {org} well.", "I know the set {1, 2} well."),
        ("attachment", "Please find attached our plan.", "I am attached to our plan."),
        ("attachment", "Im Anhang liegt der Plan.", "Ich hänge an dem Plan."),
        ("short-link", "See https://bit.ly/3abc for it.", "See https://orbit.ly/3abc for it."),
        ("tracking", "See https://a.example/?utm_source=x for it.", "See https://a.example/?page=3 for it."),
        ("tracking", 'Here: <img src="https://a.example/1.gif">', "Here is the image, in words."),
        ("tracking", "See https://track.a.example/x for it.", "See https://a.example/tracks for it."),
        ("false-reply", "As discussed, I write again.", "They discussed it in the county."),
    ],
)
def test_a_rule_finds_a_poor_line_and_lets_a_near_one_pass(rule: str, poor: str, near: str) -> None:
    assert rule in found(with_line(poor))
    assert rule not in found(with_line(near))
    off = judge.letter(written(with_line(poor)), phrasebook(), {rule})
    assert rule not in {one.rule for one in off}


@pytest.mark.parametrize("greeting", ["Dear Dr. Lovelace,", "Hi ADA!", "Hello Ms Lovelace,", "Liebe Ada,", "Dear Adá,"])
def test_a_greeting_of_them_is_let_pass(greeting: str) -> None:
    assert found(GOOD.replace("Dear Ada,", greeting)) == set()


@pytest.mark.parametrize(
    ("greeting", "rule"),
    [("Dear Bo,", "wrong-name"), ("Hi there,", "no-name"), ("Hello,", "no-name"), ("Dear None,", "placeholder"),
     ("Sehr geehrte Damen und Herren,", "no-name"), ("Dear Mr Babbage,", "wrong-name")],
)  # fmt: skip
def test_a_greeting_of_somebody_else_or_nobody_is_found(greeting: str, rule: str) -> None:
    assert found(GOOD.replace("Dear Ada,", greeting)) == {rule}


def test_short_forms_of_a_name_are_that_name() -> None:
    robert = replace(ADA, name="Robert Müller")
    for name in ("Bob", "Rob", "Mr Mueller"):
        assert found(GOOD.replace("Dear Ada", f"Dear {name}"), contact=robert) == set()


def test_a_letter_to_somebody_without_a_name_is_not_judged_by_it() -> None:
    assert found(GOOD, contact=replace(ADA, name="")) == set()


@pytest.mark.parametrize("subject", ["Re: our talk", "AW: Frage", "Fwd: x"])
def test_a_first_letter_that_pretends_to_be_a_reply_is_found(subject: str) -> None:
    assert found(GOOD, subject=subject) == {"false-reply"}
    assert found(GOOD, subject=subject.partition(" ")[2]) == set()


def test_as_discussed_may_be_true_after_a_meeting() -> None:
    assert "false-reply" not in found(with_line("As discussed, I write again."), met=True)


def test_a_first_letter_asks_and_offers_something() -> None:
    without = GOOD.replace(" How did you decide what to leave out?", " It is the best that I have read.")
    assert found(without) == {"no-ask"}
    assert found(GOOD.replace("I would typeset the next edition.", "That is all.")) == {"no-offer"}
    assert found(without, number=2) == set()


def test_a_letter_is_read_in_a_minute() -> None:
    long = " ".join(["the press that we print it with stands in the yard"] * 24)
    assert "too-long" in found(with_line(f"{long}."))
    assert "too-long" not in found(with_line(f"{long[:800]}."))


def test_the_question_is_on_the_first_screen() -> None:
    late = GOOD.replace("Your notes", "It rains.\n\n" * 12 + "Your notes")
    assert "late-ask" in found(late)
    assert "late-ask" not in found(late.replace("It rains.\n\n" * 12, "It rains.\n\n" * 8))
    assert screen_line("a" * 145 + "\nb", 2) == 4


def earlier(body: str, weeks: int = 4) -> tuple[Earlier, ...]:
    return (Earlier(where="letter 1", body=body, at=AT - timedelta(weeks=weeks)),)


SECOND = (
    "Dear Ada,\n\nThe yard has a roof now, and my question has not changed. A no is welcome.\n\nBest,\nIda Brandt\n"
)


def test_a_letter_that_says_the_same_again_is_found() -> None:
    assert found(GOOD, number=2, earlier=earlier(GOOD)) == {"same-again"}
    assert found(
        GOOD.replace("Dear Ada", "Hello Ada").replace("typeset", "print"), number=2, earlier=earlier(GOOD)
    ) == {"same-again"}
    assert found(SECOND, number=2, earlier=earlier(GOOD)) == set()


def test_the_ask_and_the_offer_may_be_said_again_but_not_alone_twice() -> None:
    quoted = SECOND.replace("my question has not changed", f"I asked: “{ADA.ask}” and {ADA.offer}")
    assert said_again(quoted, GOOD, ADA) == 0.0
    only = f"Dear Ada,\n\n{ADA.ask}\n\nBest,\nIda\n"
    assert said_again(only, only, ADA) == 1.0
    assert said_again(GOOD, GOOD, ADA) > MOST_AGAIN > said_again(SECOND, GOOD, ADA)


def test_an_ask_never_grows() -> None:
    ask = "Dear Ada,\n\nCould I have {} to ask how the press works? A no is welcome.\n\nBest,\nIda Brandt\n"
    fifteen, hour = ask.format("15 minutes"), ask.format("an hour")
    (one,) = (one for one in judge.letter(written(hour, number=2, earlier=earlier(fifteen)), phrasebook())
              if one.rule is LintRule.ASK_GROWS)  # fmt: skip
    assert (one.line, one.words) == (3, "an hour, and 15 minutes in letter 1, line 3")
    for later in (fifteen, ask.format("half an hour"), SECOND):
        assert "ask-grows" not in found(later, number=2, earlier=earlier(hour))


@pytest.mark.parametrize(
    ("said", "minutes"),
    [("half an hour", 30), ("forty-five minutes", 45), ("2 days", 960), ("eine halbe Stunde", 30), ("one hour", 60)],
)
def test_the_time_that_is_asked_for_is_counted(said: str, minutes: int) -> None:
    found_time = asked_time(f"Dear Ada,\n\nDo you have {said} to show it?", phrasebook())
    assert found_time is not None
    assert found_time[0] == minutes


@pytest.mark.parametrize(("days", "holds"), [(4, False), (100, True)])
def test_words_of_time_in_a_note_go_stale(days: int, holds: bool) -> None:
    note = Note(id=1, contact_id=1, text="I loved your talk last week.", created_at=AT - timedelta(days=days))
    body = SECOND.replace("The yard", f"{note.text} The yard")
    hits = judge.letter(written(body, number=2, earlier=earlier(GOOD), told=(note,)), phrasebook())
    assert [one.rule.value for one in hits] == ["stale-words"] * holds
    assert all("last week, noted on 2027-03-08" in one.words for one in hits)


def test_the_third_letter_has_a_way_out_in_words() -> None:
    without = SECOND.replace(" A no is welcome.", "").replace("has not changed", "has not changed, as you will know")
    assert found(without, number=3, earlier=earlier(GOOD)) == {"no-exit"}
    assert found(without, number=2, earlier=earlier(GOOD)) == set()
    assert found(SECOND, number=3, earlier=earlier(GOOD)) == set()
    foreign = "Chère Ada,\n\nLa cour a un toit maintenant.\n\nCordialement,\nIda Brandt\n"
    assert found(foreign, number=3, earlier=earlier(GOOD)) == set()


@pytest.mark.parametrize(
    ("said", "holds"),
    [
        ("", True),
        ("I am Ida Brandt.", True),
        (f"I asked: “{ADA.ask}”", True),
        (f"I am Ida Brandt, who asked: “{ADA.ask}”", False),
        ("This is Ida Brandt, about the question I sent you in March.", False),
        ("Meine Frage vom März ist offen, und ich, Ida Brandt, bin es noch immer, die sie Ihnen stellt.", False),
    ],
)
def test_after_eight_weeks_a_letter_says_who_is_writing_and_what_was_asked(said: str, holds: bool) -> None:
    body = SECOND.replace("The yard", f"{said} The yard")
    assert ("no-recap" in found(body, number=3, earlier=earlier(GOOD, weeks=9))) == holds
    assert "no-recap" not in found(body, number=3, earlier=earlier(GOOD, weeks=2))


@pytest.mark.parametrize(("name", "holds"), [("Ida Brandt", False), ("moi", True)])
def test_what_a_letter_in_another_language_asked_is_not_read_but_who_writes_it_is(name: str, holds: bool) -> None:
    foreign = f"Chère Ada,\n\nC'est {name}. La cour a un toit maintenant.\n\nCordialement,\nI.\n"
    assert ("no-recap" in found(foreign, number=3, earlier=earlier(GOOD, weeks=9))) == holds


AGO = [Event(at=AT - timedelta(days=days), kind=kind, text=text) for days, kind, text in (
    (300, "added", "ada@example.org was added"), (200, "edited", "changed: ask, email"),
    (100, "edited", "changed: admire, offer"), (4, "edited", "changed: tags"),
)]  # fmt: skip


def test_each_field_is_as_old_as_its_last_change() -> None:
    fields = {one.field: (AT - one.at).days for one in typed(ADA, AGO, AT)}
    assert fields == {"admire": 100, "ask": 200, "offer": 100}
    assert {one.at for one in typed(ADA, (), AT)} == {AT}


@pytest.mark.parametrize(("days", "holds"), [(4, False), (100, True)])
def test_words_of_time_in_a_field_go_stale_where_the_letter_has_it(days: int, holds: bool) -> None:
    ada = replace(ADA, admire="I loved your talk last week")
    fields = typed(ada, [Event(at=AT - timedelta(days=days), kind="added", text="")], AT)
    body = GOOD.replace(ADA.admire, ada.admire)
    hits = judge.letter(written(body, contact=ada, typed=fields), phrasebook())
    assert [one.rule.value for one in hits] == ["stale-words"] * holds
    assert all("last week, in admire of 2027-03-08" in one.words for one in hits)
    assert all('followupd edit ada@example.org --admire "..."' in rules.message(one) for one in hits)
    assert judge.letter(written(GOOD, contact=ada, typed=fields), phrasebook()) == (), "the letter has it not"


def test_today_in_a_question_means_these_days() -> None:
    ada = replace(ADA, ask="What would you leave out today?")
    fields = typed(ada, [Event(at=AT - timedelta(days=30), kind="added", text="")], AT)
    body = GOOD.replace(ADA.ask, ada.ask)
    assert judge.letter(written(body, contact=ada, typed=fields), phrasebook()) == ()


def test_the_fields_of_a_contact_are_judged_before_there_is_a_letter() -> None:
    poor = Contact(addresses=("ada@example.org",), ask="Can I pick your brain?", admire="A fan of your work.")
    hits = {(one.where, one.rule.value) for one in judge.person(poor, phrasebook())}
    assert hits == {
        ("ada@example.org, ask", "vague-ask"), ("ada@example.org, admire", "generic-praise"),
        ("ada@example.org, offer", "no-offer"), ("ada@example.org, situation", "no-scope"),
        ("ada@example.org, goal", "no-scope"), ("ada@example.org, arrangement", "no-scope"),
    }  # fmt: skip
    assert judge.person(poor, phrasebook(), set(LintRule)) == ()


def test_every_rule_says_why_and_what_to_do_and_has_a_severity() -> None:
    assert set(rules.RULES) == set(LintRule)
    assert all(about.reason and about.remedy for about in rules.RULES.values())


def test_a_finding_names_the_line_and_the_words() -> None:
    (one,) = judge.letter(written(with_line("Just checking in.")), phrasebook())
    assert (one.rule, rules.place(one), one.words) == (LintRule.PRESSURE, "letter 1, line 5", "checking in")
    assert rules.message(one) == (
        '"checking in": it makes an answer a debt; leave it out: the date of the letter says it already'
    )


@pytest.mark.parametrize(
    "hostile", ["just " * 400_000, "[" * 2_000_000, "a.b-" * 500_000, "did you " * 250_000, "{" * 2_000_000,
                "?\n" * 900_000,
                "https://" + "a." * 900_000, "www." * 500_000, "<i" * 900_000, "\n" * 2_000_000, "i " * 900_000]
)  # fmt: skip
def test_a_hostile_letter_is_clipped_and_read_soon(hostile: str) -> None:
    judge.letter(written(hostile, earlier=earlier(hostile)), phrasebook())
    assert len(words(hostile).said) <= 2 * LONGEST + 2


def test_without_lists_nothing_is_found_by_them_and_nothing_fails() -> None:
    assert judge.letter(written(with_line("Just checking in.")), Phrasebook({})) is not None


def test_languages_are_told_by_their_small_words() -> None:
    assert language("Your notes are the best that I have, and it is you that wrote them") == "en"
    assert language("Die Anmerkungen, die Sie und wir haben, sind nicht für das Regal") == "de"
    assert language("Chère Ada") == ""


def test_greeting_and_signature_are_aside() -> None:
    assert content("Dear Ada,\n\nA b c.\n\nKind regards,\nIda\n").strip() == "A b c."


@given(st.text(max_size=400), st.text(alphabet="aA .?!\n[]{}<>X%_/:&=@\"'“”|*-0", max_size=400))
def test_whatever_is_written_can_be_judged(any_text: str, signs: str) -> None:
    for body in (any_text, signs, any_text + signs):
        judge.letter(written(body, subject=signs, number=3, earlier=earlier(any_text)), phrasebook())
