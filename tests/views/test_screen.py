"""What commands show is compared, sign by sign, with what was looked at once: in 80 and in 120 columns, without colour.

FOLLOWUPD_GOLDEN=write writes the files anew; look at the difference before you keep it.
"""

import io
import os
import re
from dataclasses import replace
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from followupd.core.model import Case, LetterState, LogLine, State
from followupd.core.owed import Kind, Owed
from followupd.core.telling import Standing, word
from followupd.store.reading import OutboxLine, Person
from followupd.views import lists, received, timeline
from followupd.views.paint import paint
from followupd.views.screen import Cell, Lines, Pairs, Part, Stack, Table, Tone, lay, plain
from followupd.views.text import width_of
from tests.cli.test_hostile_text import HOSTILE, OBEYED
from tests.views.company import seen

GOLDEN = Path(__file__).parent / "golden"
WIDTHS = (80, 120)
SEEN = seen(11)
NOW = SEEN.now.astimezone(ZoneInfo("Europe/Berlin"))
STEPS = {"patient": 5}
ANSWERED = next(one for one in SEEN.stories if one.state is State.ANSWERED and len(one.current.case.letters) > 1)
HELD = next(one for one in SEEN.stories if one.state is State.HELD and "possible" in one.current.case.thread.reason)


def person(case: Case) -> Person:
    thread = case.thread
    return Person(
        contact_id=thread.contact_id, thread_id=thread.id, email=case.contact.email, name=case.contact.name, org="",
        state=thread.state, reason=thread.reason, cadence=thread.cadence, step=thread.step, next_at=thread.next_at,
        tags=(),
    )  # fmt: skip


def shown(name: str) -> tuple[Part, ...]:
    people = [person(one.current.case) for one in SEEN.stories]
    log = [
        LogLine(id=1, at=event.at, email=one.contact.email, name="", kind=event.kind, text=event.text)
        for one in SEEN.stories
        for event in one.current.events
    ]
    who = (ANSWERED if name == "show-answered" else HELD).current
    doubtful = [
        OutboxLine(
            id=letter.id, thread_id=letter.thread_id, email=one.contact.email, name="", step=letter.step, attempt=1,
            template=letter.template, state=letter.state, subject=letter.subject, said="closed after the data",
            created_at=letter.created_at, retry_at=None,
        )
        for one in SEEN.stories
        for letter in one.current.case.letters
        if letter.state is LetterState.UNCERTAIN
    ]  # fmt: skip
    owed = [
        Owed(email="ada@example.org", name="", thread_id=1, kind=kind, on=date(2026, 11, day), text="you offer x " * 9)
        for kind, day in ((Kind.OFFER, 3), (Kind.THANKS, 28))
    ]  # fmt: skip
    story = (
        lists.person(who.case, 5, NOW),
        received.offers(who.messages, who.case.contact, Standing(state=who.case.thread.state)),
        timeline.strip(who.case, who.messages, NOW),
        lists.letters(who.case, NOW),
        received.messages(who.messages, who.case.contact, NOW),
        lists.notes(who.case),
        lists.history(who.events, NOW),
    )
    return {
        "list": (lists.people(people, STEPS, NOW),),
        "plan": (lists.plan(SEEN.planned, NOW),),
        "plan-why": (lists.reasons(SEEN.planned[:3], NOW),),
        "log": (lists.log(log[:12], NOW, of_one=False),),
        "log-of-one": (lists.log(log[:4], NOW, of_one=True),),
        "outbox": (lists.outbox(doubtful),),
        "owed": (lists.owed(owed, "2026-11-24"),),
        "status": (lists.needs(SEEN.needs), Pairs({"daemon": "not running", "threads": "5 waiting", "due now": "0"})),
        "show-held": story,
        "show-answered": story,
    }[name]


@pytest.mark.parametrize("columns", WIDTHS)
@pytest.mark.parametrize(
    "name",
    ["list", "plan", "plan-why", "log", "log-of-one", "outbox", "owed", "status", "show-held", "show-answered"],
)
def test_it_looks_as_it_did(name: str, columns: int) -> None:
    said = plain(shown(name), columns) + "\n"
    path = GOLDEN / f"{name}-{columns}.txt"
    if os.environ.get("FOLLOWUPD_GOLDEN") == "write":
        path.parent.mkdir(exist_ok=True)
        path.write_text(said, encoding="utf-8")
    assert said == path.read_text(encoding="utf-8")
    commands = re.compile(r"followupd \S+")
    assert all(width_of(line) <= columns or commands.search(line) for line in said.splitlines())


def painted(parts: tuple[Part, ...], monkeypatch: pytest.MonkeyPatch, columns: int = 80, **environment: str) -> str:
    for name in ("NO_COLOR", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)
    for name, value in {
        "TERM": "xterm-256color",
        "COLUMNS": str(columns),
        "TTY_COMPATIBLE": "1",
        **environment,
    }.items():
        monkeypatch.setenv(name, value)
    file = io.StringIO()
    paint(parts, file)
    return file.getvalue()


@pytest.mark.parametrize("name", ["list", "show-answered", "status"])
def test_a_terminal_shows_the_same_with_looks_and_without_where_no_colour_is_wanted(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    plainly = plain(shown(name), 120) + "\n"
    coloured = painted(shown(name), monkeypatch, 120)
    assert "\x1b[" in coloured
    assert re.sub(r"\x1b\[[\d;]*m", "", coloured) == plainly
    colourless = painted(shown(name), monkeypatch, 120, NO_COLOR="1")
    assert not re.search(r"\x1b\[[\d;]*(3\d|4\d|9\d)", colourless)
    assert re.sub(r"\x1b\[[\d;]*m", "", colourless) == plainly


@pytest.mark.parametrize("hostile", [*HOSTILE, "rich"])
def test_nothing_from_outside_is_obeyed_or_read_as_markup(hostile: str, monkeypatch: pytest.MonkeyPatch) -> None:
    text = HOSTILE.get(hostile, "[bold red]a[/] [link=http://x]b[/link] :smile: [/nothing]")
    parts = (
        Table(("a", text), [(text, Cell(text, Tone.BAD))], (20, 20)),
        Pairs({"a": text}),
        Lines([text, Cell(text, Tone.COMMAND)]),
    )
    said = plain(parts)
    assert OBEYED.search(said.replace("\n", "")) is None
    assert re.sub(r"\x1b\[[\d;]*m", "", painted(parts, monkeypatch)) == said + "\n"


def test_a_table_aligns_and_folds_or_cuts_what_is_too_long() -> None:
    long = Table(("who", "what"), [("a" * 40, "x" * 20), ("b", "y\x1b[2J")], (10, 20))
    assert plain([long], 32).splitlines() == ["who         what", f"aaaaaaaaa…  {'x' * 20}", "b           y [2J"]
    assert plain([long], 80).splitlines()[1] == f"{'a' * 40}  {'x' * 20}"
    folds = Table(("who", "what"), [("a" * 45, "x" * 20)], (20, 20))
    assert plain([folds], 42).splitlines()[1:] == [f"{'a' * 20}  {'x' * 20}", "a" * 20, "a" * 5]
    assert plain([Table(("who",), [], (3,))]) == ""


def test_wide_letters_and_combining_marks_keep_the_columns() -> None:
    names = Table(("who", "what"), [("山田太郎さん", "x" * 20), ("e\u0301a", "y"), ("plain", "z")], (8, 20))
    assert plain([names], 30).splitlines() == [
        "who       what",
        f"山田太…   {'x' * 20}",
        "e\u0301a        y",
        "plain     z",
    ]


def test_parts_stand_apart_and_what_is_empty_leaves_no_trace() -> None:
    parts = (Pairs({"a": ""}), Lines(["one"]), Table(("x",), [], (3,)), Stack([Lines(["two"]), Lines(["three"])]))
    assert plain(parts) == "one\n\ntwo\nthree"


def test_a_command_stands_whole_and_has_its_tone() -> None:
    command = f"followupd answered {word('ada.lovelace@analytical.example.net')} --via phone"
    lines = lay([Table(("", ""), [("x", f"held: {command}; or not")], (4, 60))], 40)
    assert [line for line in lines if Cell(command, Tone.COMMAND) in line]
    assert plain([Lines([Cell(command * 3, Tone.COMMAND)])], 30) == command * 3


NARROW = st.text(st.characters(max_codepoint=0x24F), max_size=120)


@given(st.lists(st.tuples(NARROW, NARROW, NARROW), min_size=1, max_size=4), st.integers(60, 140))
def test_no_line_of_a_table_is_wider_than_a_terminal(rows: list[tuple[str, str, str]], columns: int) -> None:
    said = plain([Table(("a", "b", "c"), rows, (20, 16, 99))], columns)
    assert all(len(line) <= columns for line in said.splitlines())


def test_the_strip_stands_in_the_order_of_time() -> None:
    [line, *_] = plain([timeline.strip(ANSWERED.current.case, ANSWERED.current.messages, NOW)]).splitlines()
    assert len(line) <= 80
    assert line.index("●") < line.rindex("◆") < line.index("│") or "◆" not in line
    waiting = next(one.current for one in SEEN.stories if one.state is State.WAITING and one.current.case.letters)
    [line, *_] = plain([timeline.strip(waiting.case, waiting.messages, NOW)]).splitlines()
    assert line.index("●") < line.index("│") < line.index("○")
    nothing = replace(waiting.case, letters=())
    assert plain([timeline.strip(nothing, (), NOW)]) == ""
