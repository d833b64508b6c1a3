"""The letters that ship read well with few fields and with all, with news and without."""

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from followupd.config.cadences import SHIPPED
from followupd.core.model import Case, Contact
from followupd.core.settings import Policy
from followupd.letters.render import first_name, full_name, render
from followupd.letters.templates import Templates
from tests.letters.conftest import ALL, GERMAN, GERMAN_ALL, LEAST, NOW

NEWS = "our first customer has signed"
NEUES = "unser erster Kunde hat unterschrieben"
Make = Callable[..., Case]
SETS = {name: tuple(step["template"] for step in cadence["steps"]) for name, cadence in SHIPPED.items()}
OWN = Templates(Path("nowhere"))
BY_HAND = ("thank-you", "offer-delivered", "update", "update-later", "update-last")
LETTERS = sorted({one for names in (*SETS.values(), BY_HAND) for one in enumerate(names)})
"""Every template that ships, at the steps at which it stands in a cadence, and those to be sent by hand."""


def sentences(body: str) -> set[str]:
    """Give what is said between the greeting and the name."""
    text = body.partition("\n\n")[2].rpartition("\n\n")[0]
    found = re.split(r"(?<=[.!?])[”“\"]?\s+|\n+", text)
    return {one.strip() for one in found if len(one.split()) > 3}


@pytest.mark.parametrize(("contact", "news"), [(LEAST, ""), (LEAST, NEWS), (ALL, ""), (ALL, NEWS)])
@pytest.mark.parametrize(("step", "name"), LETTERS)
def test_a_shipped_letter_is_clean(
    *, policy: Policy, case_at: Make, contact: Contact, news: str, step: int, name: str
) -> None:
    said = render(OWN, name, case_at(contact, step, news), policy, NOW)
    assert said.body.startswith("Dear Ada,\n\n")
    assert said.body.endswith(",\nRobin Weaver\n")
    assert not re.search(r"\n{3}|[ \t]\n|  |[{}]|None|\.\.", said.body)
    paragraphs = said.body.split("\n\n")
    assert all(paragraph[0].isupper() for paragraph in paragraphs)
    tells = bool(news) and not name.startswith("opening")
    assert (NEWS[4:] in said.body) == tells == bool(said.note_ids)


@pytest.mark.parametrize(("contact", "news"), [(GERMAN, ""), (GERMAN, NEUES), (GERMAN_ALL, ""), (GERMAN_ALL, NEUES)])
@pytest.mark.parametrize(("step", "name"), LETTERS)
def test_a_letter_to_a_german_is_wholly_german(
    *, policy: Policy, case_at: Make, contact: Contact, news: str, step: int, name: str
) -> None:
    said = render(OWN, name, case_at(contact, step, news), policy, NOW)
    assert said.body.startswith("Guten Tag Frau Dr. Ada Lovelace,\n\n")
    assert re.search(r"\n\n[A-Z][^\n]*(?:Grüßen?|Wünschen?|Dank)\nRobin Weaver\n$", said.body)
    assert not re.search(r"\n{3}|[ \t]\n|  |[{}]|None|\.\.", said.body)
    # German goes on in small letters behind the comma of the greeting, and begins every other paragraph large
    first, *rest = said.body.split("\n\n")[1:]
    assert first[0].islower()
    assert all(paragraph[0].isupper() for paragraph in rest)
    english = {"the", "and", "you", "your", "with", "kind", "regards", "march", "june", "of", "is"}
    assert not english & set(re.findall(r"[a-zäöüß]+", said.body.casefold()))
    tells = bool(news) and not name.startswith("opening")
    assert (NEUES[6:] in said.body) == tells == bool(said.note_ids)


def test_days_and_months_are_written_in_the_language_of_the_letter(policy: Policy, case_at: Make) -> None:
    assert "Es ist" not in (season := render(OWN, "season", case_at(GERMAN, 3), policy, NOW).body)
    assert "es ist Juni geworden" in season
    assert "Am 8. März 2027 habe ich Sie gefragt" in season
    # no letters in French ship: then all of it is in English, the days too
    french = render(OWN, "season", case_at(replace(GERMAN, language="fr"), 3), policy, NOW).body
    assert "It is June" in french
    assert "8 March 2027" in french


@pytest.mark.parametrize("news", ["", NEWS])
@pytest.mark.parametrize("contact", [LEAST, ALL, GERMAN, GERMAN_ALL])
@pytest.mark.parametrize("names", [*SETS.values(), BY_HAND], ids=[*SETS, "by-hand"])
def test_no_two_letters_of_a_cadence_share_a_sentence(
    *, policy: Policy, case_at: Make, contact: Contact, news: str, names: tuple[str, ...]
) -> None:
    seen: set[str] = set()
    for step, name in enumerate(names):
        told = f"{news} {step} days ago" if news else ""
        said = sentences(render(OWN, name, case_at(contact, step, told), policy, NOW).body)
        assert not said & seen
        seen |= said


def test_only_the_opening_has_a_subject_and_it_names_the_work(policy: Policy, case_at: Make) -> None:
    assert render(OWN, "opening", case_at(LEAST, 0), policy, NOW).subject == "Ada, a question about your work"
    with_org = render(OWN, "opening", case_at(ALL, 0), policy, NOW).subject
    assert with_org == "Ada, a question about your work at Engines Ltd"


@pytest.mark.parametrize(
    ("name", "greeted"),
    [
        ("Prof. Dr. Ada Lovelace", "Ada"),
        ("Lovelace, Ada", "Ada"),
        ("Ada", "Ada"),
        ("Jing-Mei Li", "Jing-Mei"),
        ("Drew Smith", "Drew"),
        ("Sir\u00a0Tim Berners-Lee", "Tim"),
        ("", ""),
    ],
)
def test_a_greeting_uses_the_first_name(name: str, greeted: str) -> None:
    assert first_name(name) == greeted


@pytest.mark.parametrize(
    ("name", "spoken"),
    [
        ("Prof. Dr. Ada Lovelace", "Prof. Dr. Ada Lovelace"),
        ("Lovelace,  Ada", "Ada Lovelace"),
        ("Dr. Lovelace, Ada", "Dr. Ada Lovelace"),
        ("Frau Weber", "Frau Weber"),
        ("Ada", "Ada"),
        ("Weber,", "Weber"),
        ("", ""),
    ],
)
def test_a_full_name_is_in_the_order_in_which_it_is_spoken(name: str, spoken: str) -> None:
    assert full_name(name) == spoken
