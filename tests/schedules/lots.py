"""Schedules drawn by lot: as different from each other as a generator of numbers makes them, and cheap to play.

hypothesis makes most of its schedules out of earlier ones, and nine letters out of ten in them are old acquaintances.
Here every schedule is drawn anew from its seed and number, with some of the rules left out; the rules are those of
`machine.py`. One that fails is cut down step by step, and its story is told.
"""

import gc
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from random import Random
from typing import Any, Final, TypeAlias
from unittest.mock import patch

from hypothesis.strategies import SearchStrategy

from followupd.actions import moved
from followupd.core import cadence, compose, message
from followupd.core.lint import judge
from followupd.letters.templates import Templates
from tests.schedules.judge import BrokenError
from tests.schedules.machine import ACCOUNTS, Schedule

Step: TypeAlias = tuple[str, dict[str, Any]]

STEPS: Final = 30
_LEFT_OUT: Final = 0.25
_REMEMBERED: Final = 20_000
_COLLECT: Final = 50
"""Schedules between two collections of young garbage; Python's own choice of the moment costs a tenth of the time."""


def play(seed: int, numbers: Sequence[int]) -> None:
    """Play the schedules of these numbers; raise BrokenError with the shortest story of one that fails."""
    with cheap():
        for count, number in enumerate(numbers):
            steps = drawn(seed, number)
            try:
                carry_out(steps)
            except BrokenError as error:
                raise BrokenError(f"seed {seed}, schedule {number}:{shortest(steps) or error}") from None
            except Exception as error:
                error.add_note(f"seed {seed}, schedule {number}")
                raise
            if count % _COLLECT == 0:
                gc.collect(0)


def drawn(seed: int, number: int) -> list[Step]:
    """Give the steps of a schedule, the same for the same seed and number."""
    lots = Random(f"{seed}/{number}")
    rules = [one for one in _rules() if lots.random() > _LEFT_OUT]
    steps: list[Step] = [("begin", {"files": lots.random() < 0.5, "accounts": _draw(ACCOUNTS)(lots)})]
    for _ in range(lots.randint(STEPS // 3, STEPS)):
        rule = lots.choice(rules or _rules())
        steps.append((rule[0], {name: draw(lots) for name, draw in rule[1].items()}))
    return steps


def carry_out(steps: Sequence[Step]) -> None:
    """Play a schedule from its beginning; a step that cannot be done as things stand is passed over."""
    machine = Schedule()
    for name, given in steps:
        getattr(machine, name)(**given)


def shortest(steps: Sequence[Step]) -> str:
    """Leave out what can be left out of a schedule that fails; give the story of what remains, "" if it holds."""
    story, kept, at = _story(steps), list(steps), len(steps) - 1
    while at > 0:
        fewer = kept[:at] + kept[at + 1 :]
        if told := _story(fewer):
            story, kept = told, fewer
        at -= 1
    return story


def _story(steps: Sequence[Step]) -> str:
    try:
        carry_out(steps)
    except BrokenError as error:
        return str(error)
    return ""


@lru_cache(maxsize=1)
def _rules() -> tuple[tuple[str, dict[str, Callable[[Random], Any]]], ...]:
    return tuple(
        (one.function.__name__, {name: _draw(choice) for name, choice in one.arguments_strategies.items()})
        for one in sorted(Schedule().rules, key=lambda one: one.function.__name__)
    )


def _draw(choice: SearchStrategy[Any]) -> Callable[[Random], Any]:
    """Give what draws by lot from what a rule lets hypothesis choose from."""
    inner: Any = getattr(choice, "wrapped_strategy", choice)
    if hasattr(inner, "elements"):
        return lambda lots: lots.choice(inner.elements)
    return lambda lots: lots.randint(inner.start, inner.end)


@contextmanager
def cheap() -> Iterator[None]:
    """Remember what pure functions gave for the same values, and collect garbage seldom; nothing else is different."""
    on = gc.isenabled()
    gc.collect()
    gc.freeze()
    gc.disable()
    try:
        with (
            # what is synced outlives a machine, and none ends here
            patch.object(os, "fsync", lambda _: None),
            patch.object(message, "parse", lru_cache(_REMEMBERED)(message.parse)),
            patch.object(message, "glance", lru_cache(_REMEMBERED)(message.glance)),
            patch.object(compose, "compose", lru_cache(_REMEMBERED)(compose.compose)),
            patch.object(Templates, "load", lru_cache(_REMEMBERED)(Templates.load)),
            patch.object(judge, "letter", _by_one_book(judge.letter)),
            patch.object(moved, "fingerprint", _by_identity(cadence.fingerprint)),
        ):
            yield
    finally:
        gc.unfreeze()
        if on:
            gc.enable()


def _by_one_book(judged: Callable[..., Any]) -> Callable[..., Any]:
    """Remember by all but the book, which cannot be hashed and is always the same."""
    known: dict[Any, Any] = {}

    def letter(written: Any, book: Any, off: Any) -> Any:
        asked = (written, tuple(off))
        if asked not in known:
            known[asked] = judged(written, book, off)
        return known[asked]

    return letter


def _by_identity(function: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Remember by the value itself, which is kept so that no other takes its place in memory."""
    known: dict[int, tuple[Any, Any]] = {}

    def remembered(value: Any) -> Any:
        if id(value) not in known:
            known[id(value)] = value, function(value)
        return known[id(value)][1]

    return remembered
