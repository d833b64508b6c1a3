"""A brief, by the command line: who, why them, what was said, what changed, what is promised; on one screen, always."""

import pytest

from followupd.core.model import FIELDS
from tests.cli.conftest import Run

LONG = "a sentence that goes on and on and tells more than anybody wants to read before they write a letter " * 18


def labels(shown: str) -> list[str]:
    return [line[:13].strip() for line in shown.splitlines()[2:] if line[:13].strip()]


def test_before_the_first_letter_it_says_who_why_what_and_what_there_is_to_tell(run: Run, ada: str) -> None:
    run("edit", ada, "--role", "analyst", "--org", "Engines Ltd", "--timezone", "Europe/London", "--language", "en")
    run("note", ada, "We used your method, and the queue is gone.")
    shown = run("brief", ada).out
    first, place = shown.splitlines()[:2]
    assert first == "Ada Lovelace (analyst, Engines Ltd), ada@example.net"
    assert place.startswith("Europe/London, where it is ")
    assert labels(shown) == [
        "stands", "why them", "you ask", "said so far", "since then", "promised", "the letter",
    ]  # fmt: skip
    assert "scheduled; letter 1 of 5 (opening) 2040-" in shown
    assert "Your notes on the engine." in shown
    assert "said so far  nothing yet" in shown
    assert "to tell: We used your method, and the queue is gone." in shown
    assert "you offer: I would typeset the next edition." in shown


def test_after_an_answer_it_says_what_was_said_and_what_is_owed(run: Run, ada: str) -> None:
    run("note", ada, "--met", "at the fair in Turin")
    run("answered", ada, "--via", "phone")
    found = run("brief", ada, "--json").document
    assert [(one["who"], one["what"]) for one in found["said"]] == [("you", "met"), ("they", "answered")]
    assert "at the fair in Turin" in found["said"][0]["words"]
    assert [one.partition(": ")[2] for one in found["promised"]][:2] == [
        "you offered: I would typeset the next edition.", "say thank you",
    ]  # fmt: skip
    shown = run("brief", ada).out
    assert "at the fair in Turin" in shown
    assert "say thank you" in shown
    assert "the letter" not in labels(shown)


def test_as_a_document_it_is_whole(run: Run, ada: str) -> None:
    found = run("brief", ada, "--json").document
    assert set(found) == {
        "email", *FIELDS, "state", "reason", "cadence", "next_at", "next_template", "last_at", "said", "changed",
        "promised",
    }  # fmt: skip
    assert (found["next_template"], found["last_at"], found["said"]) == ("opening", None, [])


@pytest.mark.parametrize("text", [LONG, "x" * 1900, "\u4e2d\u6587" * 900])
def test_whatever_is_known_it_fits_on_one_screen(run: Run, ada: str, text: str) -> None:
    for field in ("role", "org", "ask", "offer", "admire", "situation", "goal", "arrangement"):
        assert run("edit", ada, f"--{field}", text).status == 0
    for number in range(6):
        run("note", ada, f"{number} {text}"[:1990])
        run("note", ada, "--met", f"{number} {text}"[:1900])
    run("answered", ada)
    shown = run("brief", ada).out.splitlines()
    assert len(shown) < 24
    assert max(map(len, shown)) <= 80
    assert any("before: followupd show" in line for line in shown)
    assert any("more)" in line for line in shown)


def test_nobody_of_that_address_is_an_error(run: Run) -> None:
    assert run("brief", "nobody@example.net").status == 1
