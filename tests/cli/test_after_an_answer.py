"""After an answer, by the command line: thanks, the offer and news by hand, and keep-in-touch by the user's word."""

from email import message_from_string
from pathlib import Path

import pytest

from tests.cli.conftest import Run


@pytest.fixture
def answered(run: Run, ada: str) -> str:
    run("answered", ada, "--via", "phone")
    return ada


def test_what_is_owed_names_the_letter_that_does_it(run: Run, answered: str) -> None:
    found = {one["what"]: one["template"] for one in run("owed", "--json").document}
    assert found == {
        "thanks": "thank-you", "offer": "offer-delivered", "first-news": "update", "second-news": "update",
    }  # fmt: skip
    assert f"followupd preview {answered} --template offer-delivered" in run("owed").out


@pytest.mark.parametrize("template", ["thank-you", "offer-delivered", "update"])
def test_such_a_letter_can_be_had_to_send_it_by_hand(run: Run, answered: str, template: str) -> None:
    done = run("preview", answered, "--template", template)
    assert (done.status, "error" in done.err) == (0, False)
    assert "Dear Ada," in done.out
    assert "next letter" not in run("log", answered).out
    raw = run("preview", answered, "--template", template, "--raw")
    assert message_from_string(raw.out)["To"] == "Ada Lovelace <ada@example.net>"
    again = run("preview", answered, "--template", template, "--json").document
    assert [one["template"] for one in again] == [template]
    assert run("preview", answered, "--template", "nothing").status == 1
    assert run("preview", answered, "--template", template, "--all").status == 2


def test_keep_in_touch_is_begun_by_hand_and_shown(run: Run, answered: str) -> None:
    done = run("reopen", answered, "--cadence", "keep-in-touch")
    assert (done.status, done.err) == (0, "")
    assert "scheduled; next letter:" in done.out
    assert "with the cadence keep-in-touch" in run("log", answered).out
    run("note", answered, "Your advice has saved the harvest.")
    shown = run("preview", answered, "--all", "--json").document
    assert [one["template"] for one in shown] == ["update", "update-later", "update-last"]
    assert "Your advice has saved the harvest." in shown[0]["text"]
    assert run("lint", answered, "--json").status == 0


def test_keep_in_touch_is_for_those_who_answered(run: Run, ada: str) -> None:
    for command in (("edit", ada), ("add", "new@example.net")):
        done = run(*command, "--cadence", "keep-in-touch")
        assert done.status == 1
        assert "is for people who have answered" in done.err
        assert "followupd reopen" in done.err
    assert run("stop", ada).status == 0
    done = run("reopen", ada, "--cadence", "keep-in-touch")
    assert (done.status, "followupd answered ada@example.net" in done.err) == (1, True)


def test_a_reason_for_another_cadence_is_not_dropped_silently(run: Run, answered: str) -> None:
    done = run("reopen", answered, "--cadence", "keep-in-touch", "--reason", "in autumn")
    assert done.status == 1
    assert "leave out --reason" in done.err
    done = run("reopen", answered, "--cadence", "question", "--reason", "in autumn")
    assert (done.status, "no letter went to them" in done.err) == (1, True)


def test_the_default_cadence_cannot_be_one_for_those_who_answered(run: Run, config: Path) -> None:
    config.write_text(config.read_text() + '[patience]\ndefault_cadence = "keep-in-touch"\n')
    done = run("list")
    assert (done.status, "is for people who have answered" in done.err) == (78, True)
