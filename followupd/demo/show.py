"""The story is told while it happens: from the events in the database, a line each, and from how the threads stand.

On a terminal a table stands below the lines and changes with every day (rich); elsewhere there are plain lines only.
"""

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from threading import Event
from typing import TYPE_CHECKING, Final, Protocol, TextIO

from followupd.core.instants import Instant
from followupd.core.model import State
from followupd.store import reading

if TYPE_CHECKING:
    from rich.table import Table
    from rich.text import Text

    from followupd.store.db import Db
    from followupd.store.reading import Person

MANY: Final = 200
"""More events than one round of a story can have."""
READABLE: Final = 0.25
"""Seconds that an event stands on a terminal before the story goes on."""

_COLOURS: Final[Mapping[str, str]] = {
    State.SCHEDULED: "cyan",
    State.WAITING: "blue",
    State.HELD: "yellow",
    State.PAUSED: "yellow",
    State.ANSWERED: "green",
    State.OPTED_OUT: "magenta",
    State.UNDELIVERABLE: "red",
    State.SILENT: "bright_black",
    State.STOPPED: "bright_black",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """How the story of one person ended, and how it had to; `wrong` is what is wrong with it, () if nothing is."""

    name: str
    email: str
    state: str
    expected: str
    letters: int
    sentence: str
    wrong: tuple[str, ...] = ()


class Stage(Protocol):
    """Where the story is shown."""

    def line(self, at: Instant, name: str, text: str) -> None:
        """Tell one thing that happened to somebody."""

    def day(self, now: Instant, people: Sequence["Person"]) -> None:
        """Show what day it is, and how everybody's thread stands."""

    def end(self, heading: str, endings: Sequence[Ending], epilogue: str) -> None:
        """Show how it ended."""

    def running(self) -> AbstractContextManager[object]:
        """Give what has to be around the story while it runs."""


class Narrator:
    """Reads what is new in the database and tells it on a stage; call it after each round."""

    def __init__(self, db: "Db", stage: Stage) -> None:
        self._db = db
        self._stage = stage
        self._told = 0
        self._stood: dict[int, Person] = {}

    def __call__(self, now: Instant) -> None:
        """Tell what has happened since the last call, and what it changed."""
        for line in reading.log(self._db, limit=MANY):
            if line.id > self._told:
                self._told = line.id
                self._stage.line(line.at, line.name, line.text)
        people = reading.people(self._db)
        for person in people:
            before = self._stood.get(person.contact_id)
            self._stood[person.contact_id] = person
            if before is not None and (turn := turned(before, person)):
                self._stage.line(now, person.name, turn)
        self._stage.day(now, people)


def turned(before: "Person", after: "Person") -> str:
    """Say how a thread turned; "" if it stands as it stood, or only went on to its next letter."""
    coming = f"; the next letter goes on {after.next_at:%Y-%m-%d}" if after.next_at else ""
    if before.state != after.state:
        return f"was {before.state}, is {after.state}{coming}"
    if before.step == after.step and before.next_at != after.next_at and before.next_at:
        return f"is still {after.state}{coming}, not on {before.next_at:%Y-%m-%d}"
    return ""


def stage(out: TextIO, *, live: bool, pause: float = READABLE) -> Stage:
    """Give the stage for a terminal, which stands still for `pause` seconds at each line, or for anything else."""
    return _Terminal(out, pause) if live else _Lines(out)


class _Lines:
    """Plain lines, one an event."""

    def __init__(self, out: TextIO) -> None:
        self._out = out

    def line(self, at: Instant, name: str, text: str) -> None:
        self._say(f"{at:%Y-%m-%d}  {name:<20}  {text}")

    def day(self, now: Instant, people: Sequence["Person"]) -> None:
        """Days without an event are not worth a line."""

    def end(self, heading: str, endings: Sequence[Ending], epilogue: str) -> None:
        self._say(f"\n{heading}")
        for ending in endings:
            self._say(f"  {ending.name:<20}  {ending.state:<14}  {_letters(ending.letters):<9}  {ending.sentence}")
        if epilogue:
            self._say(f"\n{epilogue}")

    def running(self) -> AbstractContextManager[object]:
        return nullcontext()

    def _say(self, text: str) -> None:
        self._out.write(f"{text}\n")
        self._out.flush()


class _Terminal:
    """Lines that scroll by above a table of people."""

    def __init__(self, out: TextIO, pause: float) -> None:
        from rich.console import Console
        from rich.live import Live

        self._console = Console(file=out, force_terminal=True, highlight=False)
        self._live = Live(console=self._console, auto_refresh=False)
        self._pause = pause

    def line(self, at: Instant, name: str, text: str) -> None:
        from rich.text import Text

        self._console.print(Text.assemble((f"{_day(at)}  ", "dim"), (f"{name:<20}  ", "bold"), text))
        self._live.refresh()
        Event().wait(self._pause)

    def day(self, now: Instant, people: Sequence["Person"]) -> None:
        self._live.update(_standings(now, people), refresh=True)

    def end(self, heading: str, endings: Sequence[Ending], epilogue: str) -> None:
        from rich.table import Table
        from rich.text import Text

        table = Table(title=heading, title_justify="left", title_style="bold")
        for column in ("who", "state", "letters", "why"):
            table.add_column(column)
        for ending in endings:
            table.add_row(Text(ending.name), _coloured(ending.state), str(ending.letters), _judged(ending))
        self._console.print()
        self._console.print(table)
        if epilogue:
            self._console.print(Text(f"\n{epilogue}"))

    def running(self) -> AbstractContextManager[object]:
        return self._live


def _standings(now: Instant, people: Sequence["Person"]) -> "Table":
    from rich.table import Table
    from rich.text import Text

    table = Table(title=f"{now:%A}, {now.day} {now:%B %Y}", title_justify="left", title_style="bold")
    for column in ("who", "state", "letters", "next letter"):
        table.add_column(column, no_wrap=True)
    for person in sorted(people, key=lambda one: one.contact_id):
        upcoming = _day(person.next_at) if person.next_at else ""
        table.add_row(Text(person.name), _coloured(person.state), str(person.step), upcoming)
    return table


def _coloured(state: str) -> "Text":
    from rich.text import Text

    return Text(state, style=_COLOURS.get(state, ""))


def _judged(ending: Ending) -> "Text":
    from rich.text import Text

    return Text(ending.sentence, style="red" if ending.wrong else "")


def _day(at: Instant) -> str:
    return f"{at:%a} {at.day:>2} {at:%b %Y}"


def _letters(number: int) -> str:
    return "1 letter" if number == 1 else f"{number} letters"
