"""Every place at which a crash is played has a name here; without FOLLOWUPD_FAILPOINTS in the environment none does
anything.

`FOLLOWUPD_FAILPOINTS="smtp.answered=kill@3,claimed=raise"` kills the process when the third answer of the SMTP server
was read. An entry is NAME=ACTION, NAME=ACTION:PATH or either with @N: act at the N-th time only (the first, if it is
left out). `*` is every name. Only who starts the process can set its environment: no mail and no config reaches it.

| action | does |
| --- | --- |
| `kill` | SIGKILL to this process |
| `exit` | ends it without any cleaning up |
| `raise` | raises PlayedFault, which nothing expects |
| `pause:PATH` | makes PATH.reached, and waits until there is a file PATH |
| `note:PATH` | adds the name as a line to PATH, every time |
"""

import os
import select
import signal
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final

VARIABLE: Final = "FOLLOWUPD_FAILPOINTS"


class Point(StrEnum):
    """The crash points: on both sides of each commit, of each write to a server, of each line of the witness."""

    COMMITTING = "committing"
    COMMITTED = "committed"
    PREPARED = "prepared"
    CLAIMED = "claimed"
    INTENDED = "intended"
    SETTLED = "settled"
    RECORDED = "recorded"
    PUBLISHING = "publishing"
    PUBLISHED = "published"
    WITNESS_WRITING = "witness.writing"
    WITNESS_TORN = "witness.torn"
    WITNESS_WRITTEN = "witness.written"
    SMTP_WRITING = "smtp.writing"
    SMTP_WRITTEN = "smtp.written"
    SMTP_ANSWERED = "smtp.answered"
    LETTER_WRITING = "letter.writing"
    LETTER_TORN = "letter.torn"
    LETTER_WRITTEN = "letter.written"
    LETTER_ANSWERED = "letter.answered"
    IMAP_WRITING = "imap.writing"
    IMAP_WRITTEN = "imap.written"
    IMAP_ANSWERED = "imap.answered"


class PlayedFault(Exception):  # noqa: N818  # it is no error of anybody's
    """What the action `raise` raises: neither an OSError nor a FollowupdError, as a bug would be."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Order:
    point: str
    action: str
    path: str
    turn: int


def armed(environment: Mapping[str, str]) -> Callable[[Point], None]:
    """Give the function that plays what the environment asks for; raise ValueError if that cannot be understood."""
    said = environment.get(VARIABLE, "")
    if not said:
        return _nothing
    orders = tuple(_order(one.strip()) for one in said.split(",") if one.strip())
    times: Counter[str] = Counter()

    def play(point: Point) -> None:
        times[point] += 1
        for order in orders:
            if order.point in {point, "*"} and order.turn in {0, times[point]}:
                _ACTIONS[order.action](point, order.path)

    return play


def _nothing(_point: Point) -> None:
    """Nothing was asked for."""


def _order(said: str) -> _Order:
    point, equals, rest = said.partition("=")
    rest, at, turn = rest.rpartition("@") if "@" in rest else (rest, "", "")
    action, _, path = rest.partition(":")
    known = point == "*" or point in set(Point)
    if not equals or not known or action not in _ACTIONS or (at and not turn.isdecimal()):
        raise ValueError(f"{VARIABLE}: {said!r} is not understood")
    return _Order(point=point, action=action, path=path, turn=int(turn) if at else 0 if action == "note" else 1)


def _kill(_point: Point, _path: str) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def _exit(_point: Point, _path: str) -> None:
    os._exit(70)  # EX_SOFTWARE of sysexits.h


def _raise(point: Point, _path: str) -> None:
    raise PlayedFault(point)


def _pause(_point: Point, path: str) -> None:
    Path(f"{path}.reached").touch()
    while not Path(path).exists():
        select.select([], [], [], 0.01)


def _note(point: Point, path: str) -> None:
    with Path(path).open("a", encoding="ascii") as notes:
        notes.write(f"{point}\n")


_ACTIONS: Final[Mapping[str, Callable[[Point, str], None]]] = {
    "kill": _kill,
    "exit": _exit,
    "raise": _raise,
    "pause": _pause,
    "note": _note,
}

reach: Final = armed(os.environ)
"""Come to a crash point. Chosen once, at import: unset, it is a function without a body."""
