"""No input from outside raises anything but our own errors, takes long, or gets through to where it could do harm.

    python -m benchmarks.fuzz [TARGET ...] [--seconds 60] [--inputs 1000] [--seed 1]

Each target makes its inputs from written ones (benchmarks/mutations.py) and tries so many of them, or tries until the
time is over; the number tried is printed. An input that fails is printed with the seed and the number that make it
again, and ends the run with status 1.
"""

import argparse
import logging
import os
import random
import signal
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

from benchmarks import targets
from benchmarks.mutations import mutated

SLOWEST = 2.0
"""Seconds of processor time that one input may take; what takes longer is a fault like any other."""


@dataclass(frozen=True, slots=True)
class Failure:
    """An input that got through: which one, and what came of it."""

    target: str
    seed: int
    number: int
    raw: bytes
    trace: str


class TooSlowError(BaseException):
    """An input took too long; no `except Exception` of the program may hide it."""


def fuzz(name: str, *, seed: int = 1, inputs: int = 0, seconds: float = 0.0) -> tuple[int, Failure | None]:
    """Try inputs on a target until so many were tried or so many seconds are over; stop at the first failure."""
    over = time.monotonic() + seconds if seconds else float("inf")
    # a disk would be half of the time that a config takes
    memory = Path("/dev/shm")
    in_memory = memory if os.access(memory, os.W_OK | os.X_OK) else None
    with tempfile.TemporaryDirectory(prefix="fuzz-", dir=in_memory) as folder, _limited():
        target = targets.TARGETS[name](Path(folder))
        seeds = target.seeds()
        number = 0
        while (not inputs or number < inputs) and time.monotonic() < over:
            number += 1
            draw = random.Random(f"{name} {seed} {number}")
            raw = _input(target.longest, seeds, draw)
            if trace := _tried(target.attempt, raw):
                return number, Failure(name, seed, number, raw, trace)
    return number, None


def _input(longest: int, seeds: Sequence[bytes], draw: random.Random) -> bytes:
    if draw.random() < 0.01:
        return draw.randbytes(draw.randint(0, 400))
    return mutated(seeds, draw, longest)


def _tried(attempt: Callable[[bytes], None], raw: bytes) -> str:
    """Try one input; give the traceback of what it raised, "" if nothing."""
    signal.setitimer(signal.ITIMER_VIRTUAL, SLOWEST)
    try:
        attempt(raw)
    except (Exception, TooSlowError):  # noqa: BLE001  # whatever it is, it got through
        return traceback.format_exc()
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
    return ""


@contextmanager
def _limited() -> Iterator[None]:
    def late(_number: int, _frame: FrameType | None) -> None:
        raise TooSlowError

    before = signal.signal(signal.SIGVTALRM, late)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


def main() -> int:
    """Run the command; give the exit status."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("targets", nargs="*", default=list(targets.TARGETS), metavar="target")
    parser.add_argument("--seconds", type=float, help="for each target; 60 where nothing else is said")
    parser.add_argument("--inputs", type=int, default=0, help="for each target")
    parser.add_argument("--seed", type=int, default=1)
    wanted = parser.parse_args()
    # the program silences it in the same way: a detector that fails is expected here
    logging.getLogger("flufl.bounce").setLevel(logging.CRITICAL)
    seconds, failed = wanted.seconds or (0.0 if wanted.inputs else 60.0), 0
    for name in wanted.targets:
        began = time.process_time()
        tried, failure = fuzz(name, seed=wanted.seed, inputs=wanted.inputs, seconds=seconds)
        spent = time.process_time() - began
        print(f"{name}: {tried} inputs tried, {1 if failure else 0} failed, {spent:.0f} s of CPU", flush=True)
        if failure is not None:
            failed = 1
            print(f"seed {failure.seed}, input {failure.number}: {failure.raw!r}\n{failure.trace}", flush=True)
    return failed


if __name__ == "__main__":
    sys.exit(main())
