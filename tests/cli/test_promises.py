"""What is owed appears with the answer, is marked as done by the user, and is never sent."""

import pytest

from tests.cli.conftest import Run
from tests.cli.life import Life


def kinds(run: Run) -> list[str]:
    return [one["what"] for one in run("owed", "--json").document]


def test_nothing_is_owed_before_an_answer(run: Run, ada: str) -> None:
    assert kinds(run) == []
    assert "nothing is owed" in run("owed").out
    assert run("owed", "--done", ada).status == 1


def test_after_an_answer_thanks_the_offer_and_news_are_owed_until_done(run: Run, ada: str) -> None:
    run("answered", ada, "--via", "phone")
    found = run("owed", "--json").document
    assert {frozenset(one) for one in found} == {frozenset(("email", "name", "what", "on", "text", "template"))}
    assert kinds(run) == ["offer", "thanks", "first-news", "second-news"]
    assert "typeset the next" in run("owed").out
    assert run("delivered", ada, "--json").document["what"] == "offer"
    assert run("delivered", ada).status == 1
    run("owed", "--done", ada, "--what", "second-news")
    assert "say thank you" in run("owed", "--done", ada).out
    assert kinds(run) == ["first-news"]
    assert "done: say thank you" in run("log", ada).out
    assert run("show", ada, "--json").document["next_at"] is None


def test_a_thread_that_goes_on_owes_nothing_until_it_is_answered_again(run: Run, ada: str) -> None:
    run("answered", ada)
    run("reopen", ada)
    assert kinds(run) == []


def test_what_needs_a_person_is_asked_for(run: Run) -> None:
    assert run("owed", "--what", "thanks").status == 2
    assert run("delivered", "nobody@example.net").status == 1


@pytest.mark.parametrize(
    ("said", "owed"),
    [
        ("No, thank you. I have no time for this.", ["thanks"]),
        ("No.", ["thanks"]),
        ("Yes, come by.", ["offer", "thanks", "first-news", "second-news"]),
    ],
)
def test_to_a_no_thanks_alone_are_owed(life: Life, said: str, owed: list[str]) -> None:
    ada = life.person("ada")
    life.on("2027-01-05")
    life.answers(ada, said)
    life.round()
    found = life.json("owed")
    assert [one["what"] for one in found] == owed
    assert next(one["on"] for one in found if one["what"] == "thanks") == "2027-01-07"
