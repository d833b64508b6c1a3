"""The letters that ship read well with few fields and with all, with news and without."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from followupd.core.model import Case, Contact
from followupd.core.settings import Policy
from followupd.letters.render import first_name, render
from followupd.letters.templates import Templates
from tests.letters.conftest import ALL, LEAST, NOW, STEPS

NEWS = "our first customer has signed"
Make = Callable[..., Case]


def sentences(text: str) -> set[str]:
    found = re.split(r"(?<=[.!?])[”\"]?\s+|\n+", text)
    return {one.strip() for one in found if len(one.split()) > 3}


@pytest.mark.parametrize(("contact", "news"), [(LEAST, ""), (LEAST, NEWS), (ALL, ""), (ALL, NEWS)])
@pytest.mark.parametrize("step", range(len(STEPS)))
def test_a_shipped_letter_is_clean(policy: Policy, case_at: Make, contact: Contact, news: str, step: int) -> None:
    own = Templates(Path("nowhere"))
    said = render(own, STEPS[step], case_at(contact, step, news), policy, NOW)
    assert said.body.startswith("Dear Ada,\n\n")
    assert said.body.endswith(",\nRobin Weaver\n")
    assert not re.search(r"\n{3}|[ \t]\n|  |[{}]|None|\.\.", said.body)
    paragraphs = said.body.split("\n\n")
    assert all(paragraph[0].isupper() for paragraph in paragraphs)
    assert (NEWS[4:] in said.body) == (step > 0 and bool(news)) == bool(said.note_ids)


@pytest.mark.parametrize("news", ["", NEWS])
@pytest.mark.parametrize("contact", [LEAST, ALL])
def test_no_two_letters_of_the_cadence_share_a_sentence(
    own: Templates, policy: Policy, case_at: Make, contact: Contact, news: str
) -> None:
    seen: set[str] = set()
    for step, name in enumerate(STEPS):
        said = sentences(render(own, name, case_at(contact, step, news), policy, NOW).body)
        assert not said & seen
        seen |= said


def test_only_the_opening_has_a_subject_and_it_names_the_work(own: Templates, policy: Policy, case_at: Make) -> None:
    assert render(own, "opening", case_at(LEAST, 0), policy, NOW).subject == "Ada, a question about your work"
    with_org = render(own, "opening", case_at(ALL, 0), policy, NOW).subject
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
