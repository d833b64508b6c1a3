"""Every rule is told in plain words, and what is offered is exactly what the user would type."""

import shlex
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from followupd.core.model import Contact, Judgement, State, Verdict
from followupd.core.telling import Standing, because, doubt, offers, plain, seems, word
from tests.core.reading import judged
from tests.fixtures.messages import ALL, Sample

ADA = Contact(id=1, addresses=("ada@example.net", "countess@example.com"), name="Ada")
LATER = Judgement(
    verdict=Verdict.REPLY, rule="match.in_reply_to", words="<a@x>", hint="later", asked_for=date(2027, 9, 6)
)
DOUBT = Judgement(verdict=Verdict.OTHER, rule="words.away.en", words="out of office", hold=True)


def commands(one: Judgement, state: State, *, held: bool = False, finished: bool = False) -> list[str]:
    return [offer.command for offer in offers(one, ADA, Standing(state=state, held=held, finished=finished))]


@pytest.mark.parametrize("sample", ALL, ids=lambda sample: sample.name)
def test_every_verdict_on_a_message_can_be_told_in_plain_words(sample: Sample) -> None:
    judgement = judged(sample.raw)
    assert plain(judgement.rule), judgement.rule
    assert because(judgement).startswith(f"{judgement.rule}, ")


def test_a_rule_that_is_not_known_is_told_by_its_name() -> None:
    assert because(replace(DOUBT, rule="new.rule")) == "new.rule: out of office"


def test_the_rule_that_fits_best_is_told() -> None:
    assert plain("rfc5429.reject.action-failed") == "their filter refused the letter"
    assert plain("match.subject") != plain("match.")


def test_who_asks_for_later_is_offered_the_day_they_asked_for() -> None:
    assert seems(LATER) == "later, asks for 2027-09-06"
    assert commands(LATER, State.ANSWERED) == ["followupd reopen ada@example.net --on 2027-09-06"]
    assert commands(replace(LATER, asked_for=None), State.ANSWERED) == ["followupd reopen ada@example.net --on DATE"]
    assert commands(LATER, State.ANSWERED, finished=True) == [
        "followupd reopen ada@example.net --on 2027-09-06 --cadence NAME"
    ]
    assert commands(LATER, State.WAITING) == []  # it was reopened already
    assert commands(LATER, State.OPTED_OUT) == []


@pytest.mark.parametrize("hint", ["no", "yes", ""])
def test_to_any_other_answer_nothing_is_offered(hint: str) -> None:
    assert commands(replace(LATER, hint=hint, asked_for=None), State.ANSWERED) == []


def test_a_doubt_has_two_answers_while_it_holds_and_one_when_the_thread_has_ended() -> None:
    yes, no = "followupd answered ada@example.net", "followupd resume ada@example.net"
    assert commands(DOUBT, State.HELD, held=True) == [yes, no]
    assert commands(DOUBT, State.SILENT, held=True) == [yes]
    assert commands(DOUBT, State.ANSWERED, held=True) == []


def test_a_machines_message_that_holds_is_not_called_an_answer() -> None:
    gone = replace(DOUBT, verdict=Verdict.AUTO_REPLY, rule="words.gone")
    assert "answer" not in doubt(Verdict.BOUNCE, "a@x", "r") + doubt(Verdict.AUTO_REPLY, "a@x", "r")
    assert commands(gone, State.HELD, held=True) == [
        "followupd resume ada@example.net", "followupd stop ada@example.net",
    ]  # fmt: skip
    assert commands(gone, State.SILENT, held=True) == []


def test_an_address_of_theirs_and_a_deputy_are_not_offered() -> None:
    known = replace(LATER, hint="", other_address="countess@example.com")
    deputy = Judgement(verdict=Verdict.AUTO_REPLY, rule="rfc3834.auto-submitted", other_address="bob@example.net")
    assert commands(known, State.ANSWERED) == []
    assert commands(deputy, State.WAITING) == []
    gone = replace(deputy, rule="words.gone")
    assert commands(gone, State.HELD) == ["followupd add bob@example.net --referred-by ada@example.net"]


@pytest.mark.parametrize(
    ("name", "address", "theirs"),
    [
        ("Ada Lovelace", "ada@new.test", True),
        ("Ada Lovelace", "a.lovelace@new.test", True),
        ("Ada Lovelace", "lovelace.ada+x@new.test", True),
        ("Prof. Zoë Müller", "zoe.mueller@new.test", True),
        ("", "ada@new.test", True),
        ("Ada Lovelace", "grace@new.test", False),
        ("Ada Lovelace", "info@new.test", False),
        ("A. L.", "al@new.test", False),
        ("", "grace@new.test", False),
    ],
)
def test_an_address_that_looks_like_theirs_is_offered_as_theirs_and_another_as_somebody_elses(
    name: str, address: str, theirs: bool
) -> None:
    found = replace(LATER, hint="", other_address=address)
    [offer] = offers(found, replace(ADA, name=name), Standing(state=State.ANSWERED))
    assert ("edit" in offer.command, "--referred-by" in offer.command) == (theirs, not theirs)


@given(st.text(st.characters(exclude_characters="\x00")))
def test_a_word_is_one_word_of_a_shell_and_the_same_one(text: str) -> None:
    assert shlex.split(word(text)) == [text]
