"""Plays everything that attacks followupd, in turns, for as long as one likes, and counts what it did.

    python -m benchmarks.fire [--minutes 60] [--seed 1]

A turn is five hundred schedules drawn by lot, one story of a program that is killed again and again (in every other
turn before real servers, where they are installed and this is root), and some seconds of made-up inputs for each
target. The first failure ends it with status 1 and is told with what plays it again.
"""

import argparse
import logging
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from benchmarks.fuzz import fuzz
from benchmarks.schedules import BATCH, play
from benchmarks.targets import TARGETS
from tests.acceptance.kills import Story, Tally
from tests.schedules.judge import BrokenError
from tests.servers.embedded import EmbeddedServers
from tests.servers.world import MailServers, why_not

SECONDS = 10.0
"""For each target of a turn."""


def main() -> int:
    """Play until the time is over; the exit status is 1 if something failed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=60.0)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    logging.disable(logging.CRITICAL)
    over, seed = time.monotonic() + 60 * asked.minutes, asked.seed
    schedules, inputs = 0, Counter[str]()
    kills = {"embedded": Tally(), "real": Tally()}
    if missing := why_not():
        print(f"no real servers: {missing}", flush=True)
    while time.monotonic() < over:
        try:
            play(seed, BATCH, by="lot")
        except BrokenError as error:
            print(error)
            return 1
        schedules += BATCH
        where = "real" if seed % 2 and not missing else "embedded"
        kills[where].add(_killed(where, seed))
        for name in TARGETS:
            tried, failure = fuzz(name, seed=seed, seconds=SECONDS)
            inputs[name] += tried
            if failure is not None:
                print(f"{name}, seed {failure.seed}, input {failure.number}: {failure.raw!r}\n{failure.trace}")
                return 1
        told = "; ".join(f"{name} servers: {tally}" for name, tally in kills.items() if tally.kills)
        print(f"seed {seed}: {schedules} schedules hold; {told}; {inputs.total()} inputs tried", flush=True)
        seed += 1
    print(f"all hold: {schedules} schedules; {dict(inputs)} inputs")
    return 0


def _killed(where: str, seed: int) -> Tally:
    """Play one story; it raises where a letter was doubled, lost, or late."""
    chosen = MailServers() if where == "real" else EmbeddedServers()
    with chosen as servers, tempfile.TemporaryDirectory(prefix="followupd-kills-") as folder:
        return Story(Path(folder), servers, seed, steps=5, attempts=12).play()


if __name__ == "__main__":
    sys.exit(main())
