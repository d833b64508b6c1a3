"""The demo is the daemon itself, on a clock that runs fast, in a world of its own; its story ends right or says so.

Only the clock and the servers are made up. Config, database, templates, decisions, IMAP and SMTP are those of a real
`followupd run`.
"""

import json
import os
import shlex
import signal
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import TYPE_CHECKING, Final, TextIO

from followupd.core.errors import FollowupdError

if TYPE_CHECKING:
    from followupd.app import App
    from followupd.core.instants import Instant
    from followupd.demo.answers import Delivered
    from followupd.demo.clock import SimClock
    from followupd.demo.diary import Diary
    from followupd.demo.mentors import Character
    from followupd.demo.show import Ending, Narrator, Stage
    from followupd.demo.world import World
    from followupd.store.reading import Person

BEGINS: Final = datetime(2025, 1, 6, 7, 0, tzinfo=UTC)
"""A Monday in the past: what the story leaves behind under `--keep` lies behind every reader's own clock."""
LASTS: Final = timedelta(days=456)
"""Fifteen months: the shipped cadence takes thirteen."""

_LIBRARIES: Final = ("aiosmtpd", "pymap", "rich")
_PASSWORD: Final = "the demo's own password"  # noqa: S105  # of a server that ends with the demo


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How the story ended: states by address, as they are and as they had to be.

    `letters` were delivered in all, in `days` of the story and `seconds` of the reader's life.
    `complaints` are what is wrong with it, in sentences: by the database, or by those who got the letters.
    """

    states: dict[str, str]
    expected: dict[str, str]
    letters: int
    days: int
    seconds: float
    complaints: tuple[str, ...] = ()

    @property
    def ok(self) -> bool:
        """Tell whether all ended as it had to."""
        return self.states == self.expected and not self.complaints


def run(*, keep: Path | None, out: TextIO, live: bool) -> Outcome:
    """Play the story, and tell it on `out`: on a terminal if `live`, else (or by NO_COLOR) in plain lines.

    With `keep` the config, the database and what belongs to them stay in that folder. Ctrl-C ends the story early; the
    outcome is that of a story which is not over. Raises FollowupdError if the libraries of the demo are not installed,
    or if there is something in `keep` already.
    """
    _require_libraries()
    from followupd.demo import show

    stage = show.stage(out, live=live and _plays(os.environ))
    with ExitStack() as stack:
        if keep is None:
            folder = Path(stack.enter_context(TemporaryDirectory(prefix="followupd-demo-")))
        else:
            folder = _empty(keep)
        outcome, endings = _play(folder, stage)
        _close(outcome, endings, stage, keep)
        return outcome


def _require_libraries() -> None:
    if missing := [name for name in _LIBRARIES if find_spec(name) is None]:
        raise FollowupdError(
            f"the demo needs libraries that are not installed: {', '.join(missing)}",
            hint="install them with: pip install 'followupd[demo]'",
        )


def _plays(environ: Mapping[str, str]) -> bool:
    """Tell whether a terminal wants more than plain lines (no-color.org; terminfo's "dumb")."""
    return not environ.get("NO_COLOR") and environ.get("TERM", "") != "dumb"


def _empty(folder: Path) -> Path:
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        occupied = any(folder.iterdir())
    except OSError as error:
        raise FollowupdError(f"the folder cannot be used: {error.strerror}", where=str(folder)) from None
    if occupied:
        raise FollowupdError("the folder is not empty", where=str(folder), hint="name a new folder for --keep")
    return folder.absolute()


def _play(folder: Path, stage: "Stage") -> "tuple[Outcome, tuple[Ending, ...]]":
    from followupd import daemon
    from followupd.demo.cast import CAST, USER_EMAIL
    from followupd.demo.mentors import mentor
    from followupd.demo.world import World

    began = perf_counter()
    mentors = {character.contact.email: mentor(character) for character in CAST}
    with World(USER_EMAIL, _PASSWORD, mentors, BEGINS) as world, _app(folder, world, stage) as app:
        with stage.running():
            daemon.run(app, once=False)
        lasted = app.clock.now() - BEGINS
        endings = _endings(app, world, whole=lasted >= LASTS)
    return _outcome(endings, lasted.days, perf_counter() - began), endings


def _close(outcome: Outcome, endings: "Sequence[Ending]", stage: "Stage", keep: Path | None) -> None:
    """Show how it ended, and where to look further."""
    heading = f"{outcome.letters} letters in {outcome.days} days, told in {outcome.seconds:.0f} seconds"
    config = keep and keep / "config.toml"
    epilogue = f"Look around with: followupd --config {shlex.quote(str(config))} list" if config else ""
    stage.end(heading, endings, epilogue)


@contextmanager
def _app(folder: Path, world: "World", stage: "Stage") -> "Iterator[App]":
    """Make the daemon's app as `followupd run` does, and put the clock of the story in it."""
    from followupd import wiring
    from followupd.demo.cast import CAST
    from followupd.demo.clock import SimClock
    from followupd.demo.diary import Diary
    from followupd.demo.show import Narrator

    real = wiring.app(wiring.settings(_write_config(folder, world)))
    clock = SimClock(world, begins=BEGINS, ends=BEGINS + LASTS)
    app = replace(real, clock=clock)
    clock.audience = _Reader(app, Diary(CAST, BEGINS), Narrator(app.db, stage))
    try:
        with _interruptible(clock):
            yield app
    finally:
        app.mailbox.close()
        app.db.close()
        clock.close()


@dataclass(frozen=True, slots=True)
class _Reader:
    """Follows the story, and does what the user does in it."""

    app: "App"
    diary: "Diary"
    narrator: "Narrator"

    def next_at(self) -> "Instant | None":
        return self.diary.next_at()

    def look(self, now: "Instant") -> None:
        self.diary.do(self.app, now)
        self.narrator(now)


def _write_config(folder: Path, world: "World") -> Path:
    """Write a config as a user would; JSON's strings are TOML's, too."""
    from followupd.demo.cast import USER_EMAIL, USER_NAME

    secret = folder / "password"
    secret.touch(mode=0o600)
    secret.write_text(f"{_PASSWORD}\n", encoding="utf-8")
    config = folder / "config.toml"
    config.write_text(
        _CONFIG.format(
            name=json.dumps(USER_NAME),
            email=json.dumps(USER_EMAIL),
            imap_port=world.imap_port,
            smtp_port=world.smtp_port,
        ),
        encoding="utf-8",
    )
    return config


_CONFIG: Final = """\
# Written by `followupd demo`; its servers ended with it.
[me]
name = {name}
email = {email}
timezone = "Europe/Berlin"

[imap]
host = "127.0.0.1"
port = {imap_port}
security = "none"
password = {{ file = "password" }}

[smtp]
host = "127.0.0.1"
port = {smtp_port}
security = "none"
password = {{ file = "password" }}

[storage]
database = "followupd.db"

[daemon]
poll = "1 day"
"""


@contextmanager
def _interruptible(clock: "SimClock") -> Iterator[None]:
    """Let Ctrl-C end the story where it is; only the main thread can have a handler."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, lambda _number, _frame: clock.stop())
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _endings(app: "App", world: "World", *, whole: bool) -> "tuple[Ending, ...]":
    """Tell how everybody's story ended; one that was broken off (not `whole`) proves nothing against anybody."""
    from followupd.demo.cast import CAST
    from followupd.store import reading

    people = {person.email: person for person in reading.people(app.db)}
    return tuple(
        _ending(character, people.get(character.contact.email), world.letters[character.contact.email], whole=whole)
        for character in CAST
    )


def _ending(
    character: "Character", person: "Person | None", letters: "Sequence[Delivered]", *, whole: bool
) -> "Ending":
    """Compare how a thread stands with how it had to end, and ask the person written to what they have to say."""
    from followupd.demo.mentors import complaints
    from followupd.demo.show import Ending

    state = person.state.value if person is not None else ""
    wrong = complaints(character, letters)
    if state != character.ends:
        wrong = (f"{character.contact.name} had to end {character.ends}, not {state or 'unknown'}", *wrong)
    sentence = character.moral if not wrong else f"{'; '.join(wrong)}."
    if wrong and not whole:
        wrong, sentence = (), "The story was broken off before this one had ended."
    return Ending(
        name=character.contact.name,
        email=character.contact.email,
        state=state,
        expected=character.ends.value,
        letters=len(letters),
        sentence=sentence,
        wrong=wrong,
    )


def _outcome(endings: "Sequence[Ending]", days: int, seconds: float) -> Outcome:
    return Outcome(
        states={ending.email: ending.state for ending in endings},
        expected={ending.email: ending.expected for ending in endings},
        letters=sum(ending.letters for ending in endings),
        days=days,
        seconds=round(seconds, 1),
        complaints=tuple(sentence for ending in endings for sentence in ending.wrong),
    )
