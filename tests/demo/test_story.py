"""More than a year of the real daemon, over real sockets, ends for everybody as it has to.

Tried with protections switched off: a daemon that does not read its mailbox, one whose answers change nothing, and one
that does not see return dates are each complained of by those who got the letters.
"""

import io
import itertools
import logging
import re
import signal
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from followupd import wiring
from followupd.core.errors import FollowupdError
from followupd.core.lint.text import content
from followupd.core.model import Case, LetterState, State, Verdict
from followupd.demo import story
from followupd.demo.cast import CAST
from followupd.demo.story import Outcome
from followupd.store import reading, threads
from followupd.store.db import Db
from followupd.store.messages import of_thread

MANY_HOLIDAYS = {date(2025, 4, 18), date(2025, 4, 21), date(2025, 5, 1), date(2025, 12, 25), date(2026, 1, 1)}


@dataclass(frozen=True)
class Year:
    """A story that was played, what it told, and what the daemon warned of."""

    outcome: Outcome
    told: str
    folder: Path
    warnings: list[str]
    db: Db

    def case(self, name: str) -> Case:
        (email,) = [one.contact.email for one in CAST if one.contact.name == name]
        found = threads.case_of(self.db, email)
        assert found is not None
        return found

    def verdicts(self, name: str) -> list[Verdict]:
        return [message.verdict for message in of_thread(self.db, self.case(name).thread.id)]


class Warnings(logging.Handler):
    """Collects what is worth a warning."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.said: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.said.append(record.getMessage())


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Year]:
    """Play the story once for all tests here."""
    folder = tmp_path_factory.mktemp("demo") / "kept"
    out, warnings = io.StringIO(), Warnings()
    logging.getLogger().addHandler(warnings)
    try:
        outcome = story.run(keep=folder, out=out, live=False)
    finally:
        logging.getLogger().removeHandler(warnings)
    desk = wiring.desk(wiring.settings(folder / "config.toml"))
    yield Year(outcome=outcome, told=out.getvalue(), folder=folder, warnings=warnings.said, db=desk.db)
    desk.db.close()


def test_everybodys_thread_ends_in_the_right_state(year: Year) -> None:
    assert year.outcome.complaints == ()
    assert year.outcome.states == {one.contact.email: one.ends for one in CAST}
    assert year.outcome.ok


def test_the_story_lasts_more_than_a_year_and_less_than_a_minute(year: Year) -> None:
    assert year.outcome.days > 365
    assert year.outcome.seconds < 60


def test_the_database_has_sent_what_the_world_got(year: Year) -> None:
    sent = [letter for one in CAST for letter in year.case(one.contact.name).letters]
    assert {letter.state for letter in sent} == {LetterState.SENT}
    assert len(sent) == year.outcome.letters == sum(one.letters for one in CAST)
    assert len({letter.message_id for letter in sent}) == len(sent)


def test_no_two_letters_of_a_thread_share_a_sentence_beyond_greeting_and_signature(year: Year) -> None:
    for one in CAST:
        seen: set[str] = set()
        for letter in year.case(one.contact.name).letters:
            said = set(re.split(r"(?<=[.!?])[”\"]?\s+|\n+", content(letter.body)))
            said = {" ".join(sentence.split()) for sentence in said} - {""}
            assert not said & seen, one.contact.name
            seen |= said


def test_nothing_worth_a_warning_happens_in_the_year(year: Year) -> None:
    assert year.warnings == []


@pytest.mark.parametrize(
    ("name", "verdicts"),
    [
        ("Henrike Solberg", [Verdict.REPLY]),
        ("Agnes Whitcombe", [Verdict.BOUNCE]),
        ("Bartholomew Quill", []),
        ("Tomás Iturralde", [Verdict.AUTO_REPLY, Verdict.REPLY]),
        ("Radka Novotná", [Verdict.OPT_OUT]),
        ("Kofi Mensah-Bright", [Verdict.CALENDAR]),
    ],
)
def test_every_message_is_judged_as_what_it_is(year: Year, name: str, verdicts: list[Verdict]) -> None:
    assert year.verdicts(name) == verdicts


@pytest.mark.parametrize("name", [one.contact.name for one in CAST])
def test_letters_leave_in_office_hours_where_their_readers_live(year: Year, name: str) -> None:
    case = year.case(name)
    for letter in case.letters:
        assert letter.sent_at is not None
        local = letter.sent_at.astimezone(ZoneInfo(case.contact.timezone))
        assert local.strftime("%a") in {"Tue", "Wed", "Thu"}
        assert "09:00" <= local.strftime("%H:%M") < "11:30"
        assert local.date() not in MANY_HOLIDAYS


@pytest.mark.parametrize("name", [one.contact.name for one in CAST])
def test_letters_of_one_thread_are_weeks_apart_and_hang_together(year: Year, name: str) -> None:
    letters = year.case(name).letters
    times = [letter.sent_at for letter in letters if letter.sent_at is not None]
    assert all((later - earlier).days >= 13 for earlier, later in itertools.pairwise(times))
    for number, letter in enumerate(letters[1:], 1):
        assert letter.subject == f"Re: {letters[0].subject}"
        assert letters[number - 1].message_id.encode() in letter.raw.partition(b"\r\n\r\n")[0]


def test_a_letter_due_during_an_absence_waits_until_a_week_after_the_return(year: Year) -> None:
    away, _ = of_thread(year.db, year.case("Tomás Iturralde").thread.id)
    letter = year.case("Tomás Iturralde").letters[2]
    assert away.return_date is not None
    assert letter.sent_at is not None
    assert (letter.sent_at.date() - away.return_date).days >= 7


def test_what_the_user_noted_is_told_in_the_letters(year: Year) -> None:
    bodies = [letter.body for letter in year.case("Bartholomew Quill").letters]
    assert "rebuilt a rear hub alone" in bodies[2]
    assert "14 bikes" in bodies[3]


def test_the_story_is_told_in_plain_lines(year: Year) -> None:
    lines = year.told.splitlines()
    assert "\x1b" not in year.told
    assert any(line.startswith("2025-") and "letter 1 went to henrike.solberg@" in line for line in lines)
    assert any("Radka Novotná" in line and "was waiting, is opted_out" in line for line in lines)
    assert any("Tomás Iturralde" in line and "is still waiting; the next letter goes on" in line for line in lines)
    for one in CAST:
        assert any(one.moral in line and one.ends in line and one.contact.name in line for line in lines)


def test_what_is_kept_can_be_looked_at(year: Year) -> None:
    assert f"followupd --config {year.folder}/config.toml list" in year.told
    assert {person.state for person in reading.people(year.db)} == {one.ends for one in CAST}
    assert {path.name for path in year.folder.iterdir()} >= {"config.toml", "followupd.db"}
    assert (year.folder / "password").stat().st_mode & 0o777 == 0o600


def test_the_years_events_lie_in_the_past_of_every_reader(year: Year) -> None:
    assert max(line.at for line in reading.log(year.db)) < datetime(2026, 11, 1, tzinfo=UTC)


def test_a_folder_with_something_in_it_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("keep me")
    with pytest.raises(FollowupdError, match="not empty"):
        story.run(keep=tmp_path, out=io.StringIO(), live=False)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_without_its_libraries_the_demo_says_how_to_get_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pymap", None)
    with pytest.raises(FollowupdError, match="pymap") as caught:
        story.run(keep=None, out=io.StringIO(), live=False)
    assert "pip install 'followupd[demo]'" in caught.value.hint


@pytest.mark.parametrize(
    ("environ", "plays"), [({}, True), ({"NO_COLOR": "1"}, False), ({"NO_COLOR": ""}, True), ({"TERM": "dumb"}, False)]
)
def test_a_terminal_that_wants_plain_lines_gets_them(environ: dict[str, str], plays: bool) -> None:
    assert story._plays(environ) is plays


class Impatient(io.StringIO):
    """Somebody who presses Ctrl-C at the second letter."""

    def write(self, text: str, /) -> int:
        if "letter 2 went" in text and "letter 2 went" not in self.getvalue():
            signal.raise_signal(signal.SIGINT)
        return super().write(text)


def test_ctrl_c_ends_the_story_and_blames_nobody() -> None:
    before = signal.getsignal(signal.SIGINT)
    out = Impatient()
    outcome = story.run(keep=None, out=out, live=False)
    assert not outcome.ok
    assert outcome.days < 60
    assert outcome.complaints == ()
    assert out.getvalue().count("broken off") == 5
    assert signal.getsignal(signal.SIGINT) is before


def test_a_wrong_ending_is_named() -> None:
    character = replace(CAST[2], letters=0)
    ending = story._ending(character, None, [], whole=True)
    assert ending.wrong == ("Bartholomew Quill had to end silent, not unknown",)
    assert character.ends is State.SILENT


def test_an_outcome_with_a_complaint_is_not_ok() -> None:
    good = Outcome(states={"a@b": "silent"}, expected={"a@b": "silent"}, letters=5, days=400, seconds=9.0)
    assert good.ok
    assert not replace(good, complaints=("somebody got the same text twice",)).ok
    assert not replace(good, states={"a@b": "waiting"}).ok
