"""The story reads the same on a terminal and elsewhere, and no text can command the terminal."""

import io
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from followupd.core.model import State
from followupd.demo.show import Ending, Stage, stage, turned
from followupd.store.reading import Person

AT = datetime(2025, 3, 4, 9, 0, tzinfo=UTC)
NEXT = datetime(2025, 4, 15, 9, 0, tzinfo=UTC)
PERSON = Person(
    contact_id=1, thread_id=1, email="a@mentors.example", name="Ada [Lovelace]", org="", state=State.WAITING, reason="",
    cadence="patient", step=1, next_at=NEXT, tags=(),
)  # fmt: skip
GOOD = Ending(
    name="Ada [Lovelace]", email="a@mentors.example", state="answered", expected="answered", letters=2,
    sentence="She answered [at last].",
)  # fmt: skip
BAD = Ending(
    name="Ben", email="b@mentors.example", state="waiting", expected="silent", letters=1, sentence="Not as it had to.",
    wrong=("Not as it had to",),
)  # fmt: skip


def play(on: Stage) -> None:
    with on.running():
        on.line(AT, "Ada [Lovelace]", "letter 1 [of 5] went")
        on.day(AT, [PERSON, replace(PERSON, contact_id=2, name="Ben", state=State.SILENT, next_at=None)])
    on.end("2 letters in 400 days", [GOOD, BAD], "Look around")


@pytest.mark.parametrize("live", [True, False])
def test_both_stages_tell_the_same_story(live: bool) -> None:
    out = io.StringIO()
    play(stage(out, live=live, pause=0))
    for text in ("Ada [Lovelace]", "letter 1 [of 5] went", "2 letters in 400 days", "She answered [at last].", "Look"):
        assert text in out.getvalue()
    assert ("\x1b[" in out.getvalue()) is live


def test_a_terminal_shows_the_day_and_the_next_letters() -> None:
    out = io.StringIO()
    play(stage(out, live=True, pause=0))
    assert "Tuesday, 4 March 2025" in out.getvalue()
    assert "Tue 15 Apr 2025" in out.getvalue()


def test_a_turn_is_a_new_state_or_another_date_for_the_same_letter() -> None:
    later = datetime(2025, 5, 6, 9, 0, tzinfo=UTC)
    assert turned(PERSON, PERSON) == ""
    assert turned(PERSON, replace(PERSON, step=2, next_at=later)) == ""
    moved = turned(PERSON, replace(PERSON, next_at=later))
    assert moved == "is still waiting; the next letter goes on 2025-05-06, not on 2025-04-15"
    assert turned(PERSON, replace(PERSON, state=State.ANSWERED, next_at=None)) == "was waiting, is answered"
