"""What the witness must remember: who has answered and what the user said, as of each state that its file had.

Whoever put a backup back may have lost the end of that file, or all of it; what was in the rest must still hold.
"""

import re
from collections.abc import Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Final

from followupd.store import files
from followupd.store.db import Db
from tests.schedules.model import Memory, Model

_LETTER: Final = re.compile(rb"(?m)^letter \S+ (\S+) \d+ \d+ (\S+) (<\S+>)$")
_KEPT_BACK: Final = """
    SELECT key, contact_id, state FROM threads
    WHERE state IN ('held', 'answered') OR (state = 'paused' AND resume_to = 'held')"""
_ON_THE_WIRE: Final = {b"sending", b"sent", b"uncertain"}


@dataclass(frozen=True)
class _Page:
    """What was known when the file held this; one that was cut may have grown as long again with other lines."""

    held: bytes
    memory: Memory
    number: int


@dataclass
class Aside:
    """The witness beside the database, and what it must remember."""

    database: Path
    pages: list[_Page] = field(default_factory=list)
    letters: dict[str, str] = field(default_factory=dict)
    """The Message-IDs of letters that went out while this file was there, with the keys of their threads."""

    backed_up: tuple[int, Memory] = (-1, Memory())
    """When the backup was made, as pages are numbered, and what was known by the witness alone then."""
    numbers: Iterator[int] = field(default_factory=count)

    @property
    def path(self) -> Path:
        """The file."""
        return files.witness_of(self.database)

    def held(self) -> bytes:
        """Give what it holds; nothing if there is none."""
        return self.path.read_bytes() if self.path.exists() else b""

    def put(self, held: bytes) -> None:
        """Put another in its place; none for nothing."""
        self.path.unlink(missing_ok=True)
        if held:
            self.path.touch(0o600)
            self.path.write_bytes(held)

    def note(self, model: Model, people: Sequence[str], now: Db, backup: Db) -> None:
        """Take note of what must be remembered by now, beside a backup.

        The witness keeps how a thread stands, and not why: of one that was held, or answered, in the backup and is so
        now it cannot tell what else holds it, or answered it.
        """
        if held := self.held():
            unchanged = {tuple(row) for row in now.rows(_KEPT_BACK)} & {tuple(row) for row in backup.rows(_KEPT_BACK)}
            # a letter to a forgotten address that is copied into a folder makes another person of them
            besides = {people[number - 1] for _, number, _ in unchanged if number <= len(people)}
            self.pages.append(_Page(held, model.known(people, besides), next(self.numbers)))

    def back_up(self, model: Model) -> None:
        """Take note of what a backup knows, which was by the witness alone before."""
        memory = Memory(frozenset(model.witnessed), model.recalled.of, model.recalled.paused_all)
        self.backed_up = next(self.numbers), deepcopy(memory)

    def saw(self, how: str, number: int, before: bytes) -> dict[str, str]:
        """Give the letters, with the keys of their threads, that what is left of the file must know."""
        if how == "whole":
            return self.letters
        if how == "nothing":
            return {}
        if how == "cut":
            # the line that is torn still names its letter
            lines = self.held().splitlines(keepends=True)
            before = b"".join(lines[: max(len(lines) - number, 2)])
        # of one that was deferred it says that it did not go, and knows nothing of its going later
        last = {name: (key, state) for key, state, name in _LETTER.findall(before)}
        return {name.decode(): key.decode() for name, (key, state) in last.items() if state in _ON_THE_WIRE}

    def recalls(self, held: bytes) -> Memory:
        """Give what must still be known by what is left of the file, and go on from there."""
        since, known = self.backed_up
        left = next((one for one in reversed(self.pages) if held.startswith(one.held)), None)
        # what is older than the backup, the backup knew: it may know better
        memory = left.memory if left is not None and left.number > since else known
        self.pages = [_Page(held, memory, next(self.numbers))] if held else []
        return deepcopy(memory)

    def left(self, how: str, number: int, before: bytes) -> bytes:
        """Give what is left of the file: the "whole", "nothing", it is "cut" in a line, or as it was `before`."""
        held = self.held()
        match how:
            case "nothing":
                return b""
            case "older":
                return before
            case "cut":
                lines = held.splitlines(keepends=True)
                at = max(len(lines) - 1 - number, 1)
                whole, torn = b"".join(lines[:at]), b"".join(lines[at : at + 1])
                return whole + torn[: len(torn) * 2 // 3]
            case _:
                return held
