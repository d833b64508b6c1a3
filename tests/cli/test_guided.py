"""On a terminal `add` leads through what a first letter needs, judges each answer at once and shows the letter last."""

import os
import pty
import signal
import sys
import time
from pathlib import Path
from select import select

import pytest

from tests.cli.conftest import Run
from tests.cli.test_terminal import typed

ADD = ["add", "ada@example.net", "--no-look"]
NAME, ADMIRE = "Ada Lovelace", "Your notes on the engine made me write down what I leave out."
ASK, OFFER = "How did you decide which problem to solve first?", "I would typeset the next edition of the notes."
SITUATION, GOAL = "We are four people in Leeds.", "In a year we want to choose our customers."
TERMS = "Half an hour on the telephone, paid."
GOOD = (NAME, ADMIRE, "", ASK, OFFER, SITUATION, GOAL, TERMS)
"""A good answer to each question, the third of which is the kind of ask: Enter takes the default."""


def keys(*answers: str) -> str:
    return "".join(f"{one}\n" for one in answers)


def interrupted(config: Path, answers: str, seen: str) -> tuple[int, str]:
    """Answer on a terminal, and type Ctrl-C once something stands there; give the exit status and the screen."""
    pid, terminal = pty.fork()
    if pid == 0:
        os.execv(sys.executable, [sys.executable, "-m", "followupd", "--config", str(config), *ADD])
    os.write(terminal, answers.encode())
    screen, ends = "", time.monotonic() + 60
    while time.monotonic() < ends:
        if select([terminal], [], [], 1)[0]:
            try:
                screen += os.read(terminal, 4096).decode(errors="replace")
            except OSError:
                break
        elif seen in screen:
            # typed again where the terminal lost it: the question stands, and nothing comes any more
            os.write(terminal, b"\x03")
    else:
        os.kill(pid, signal.SIGKILL)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), screen


def fields(run: Run) -> dict[str, str]:
    found = run("show", "ada@example.net", "--json").document
    return {"name": found["name"], **found["fields"]}


def flat(screen: str) -> str:
    return " ".join(screen.split())


def test_it_asks_in_order_with_good_and_poor_examples_and_saves_after_showing_the_letter(
    run: Run, config: Path
) -> None:
    status, screen = typed(config, ADD, keys(*GOOD, "yes"))
    assert status == 0
    places = [screen.index(f"{number} of 7. ") for number in range(1, 8)]
    assert places == sorted(places)
    assert (screen.count("good: "), screen.count("poor: ")) == (7, 7)
    assert "Could I pick your brain over a coffee?" in screen
    shown = screen[screen.index("Subject: ") :]
    assert "Subject: Ada, a question about your work" in shown
    for said in (ADMIRE, ASK, OFFER, SITUATION, GOAL):
        assert said in flat(shown)
    assert shown.index("Kind regards" if "Kind regards" in shown else "With kind regards") < shown.index(
        "save, and let"
    )
    found = fields(run)
    assert [found[one] for one in ("name", "admire", "ask", "offer", "situation", "goal", "arrangement")] == [
        NAME, ADMIRE, ASK, OFFER, SITUATION, GOAL, TERMS,
    ]  # fmt: skip


def test_the_letter_leaves_when_it_was_shown_to_leave(run: Run, config: Path) -> None:
    _, screen = typed(config, ADD, keys(*GOOD, "yes"))
    leaves = screen.partition("Leaves: ")[2].splitlines()[0].strip()
    assert f"next letter: {leaves}" in screen


def test_a_poor_answer_is_judged_at_once_and_may_be_mended_or_let_stand(run: Run, config: Path) -> None:
    poor = "May I pick your brain?"
    answers = (NAME, "I am a big fan of your work.", "", "", poor, ASK, OFFER, SITUATION, GOAL, TERMS, "yes")
    status, screen = typed(config, ADD, keys(*answers))
    assert status == 0
    assert "generic-praise:" in screen
    assert "vague-ask:" in screen[: screen.index("4 of 7.")]
    assert screen.count("another (Enter lets it stand)") == 2
    assert "error generic-praise (line 3)" in flat(screen)
    assert (fields(run)["admire"], fields(run)["ask"]) == ("I am a big fan of your work.", ASK)


def test_a_field_can_be_changed_once_the_letter_is_seen(run: Run, config: Path) -> None:
    mended = "I would proofread the next edition of the notes."
    _, screen = typed(config, ADD, keys(*GOOD, "offer", mended, "yes"))
    assert screen.count("Subject: ") == 2
    assert fields(run)["offer"] == mended


def test_the_kind_of_ask_chooses_the_opening_letter(run: Run, config: Path) -> None:
    answers = (*GOOD[:2], "shadow", *GOOD[3:], "yes")
    _, screen = typed(config, ADD, keys(*answers))
    assert "asks to shadow one working day" in flat(screen)
    assert "keep-in-touch" not in screen
    assert "Subject: Ada, one working day at your side" in screen
    assert run("show", "ada@example.net", "--json").document["cadence"] == "shadow"


def test_for_german_letters_the_examples_and_the_letter_are_german(run: Run, config: Path) -> None:
    ask = "Woran erkennen Sie, dass ein Zahnrad hält?"
    answers = (
        "Frau Dr. Weber",
        "Ihr Vortrag hat unsere Prüfbank verändert.",
        "",
        ask,
        "Ich zeichne die Tafeln.",
        "",
        "",
        "",
        "yes",
    )
    _, screen = typed(config, [*ADD, "--language", "de"], keys(*answers, "", "", "", "yes"))
    assert "poor: Ihre Arbeit ist wirklich inspirierend." in screen
    assert "Guten Tag Frau Dr. Weber," in screen
    assert "no-scope (goal)" in screen


@pytest.mark.parametrize("answers", [GOOD[:1], GOOD])
def test_the_end_of_input_leaves_nothing(run: Run, config: Path, answers: tuple[str, ...]) -> None:
    status, screen = typed(config, ADD, keys(*answers) + "\x04")
    assert (status, "interrupted" in screen) == (130, True)
    assert run("list", "--json").document == []


@pytest.mark.parametrize(("answers", "seen"), [((), "1 of 7"), (GOOD[:2], "kind (patient"), (GOOD, "save, and let")])
def test_ctrl_c_leaves_nothing(run: Run, config: Path, answers: tuple[str, ...], seen: str) -> None:
    status, screen = interrupted(config, keys(*answers), seen)
    assert (status, "interrupted" in screen) == (130, True)
    assert run("list", "--json").document == []
    assert run("log", "--json").document == []


def test_no_leaves_nothing(run: Run, config: Path) -> None:
    status, screen = typed(config, ADD, keys(*GOOD, "no"))
    assert (status, "nobody was added" in screen) == (0, True)
    assert run("list", "--json").document == []


def test_whoever_cannot_be_added_is_said_before_anything_is_asked(run: Run, config: Path, ada: str) -> None:
    status, screen = typed(config, ["add", ada, "--no-look"], "")
    assert (status, "1 of 7" in screen) == (1, False)
    assert len(run("list", "--json").document) == 1


def test_what_a_letter_needs_may_be_left_open_and_the_letter_says_what_is_missing(run: Run, config: Path) -> None:
    answers = (NAME, ADMIRE, "", "", "", OFFER, "", "", "", "yes")
    status, screen = typed(config, ADD, keys(*answers))
    assert status == 0
    assert "no letter can be written without it" in screen
    assert "The letter cannot be written yet" in screen
    assert fields(run)["ask"] == ""


def test_who_gives_all_that_a_letter_needs_by_options_is_asked_nothing(run: Run, config: Path) -> None:
    options = ["--name", NAME, "--admire", ADMIRE, "--ask", ASK, "--offer", OFFER]
    status, screen = typed(config, [*ADD, *options], "")
    assert (status, "good: " in screen) == (0, False)
    assert fields(run)["ask"] == ASK


def test_a_control_character_is_asked_for_again(run: Run, config: Path) -> None:
    _, screen = typed(config, ADD, keys("Ada\x1b[2JLovelace", *GOOD, "yes"))
    assert "control character in name" in screen
    assert fields(run)["name"] == NAME
