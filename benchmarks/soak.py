"""Lets the real daemon live for years at an accelerated clock, among faults, and records what it takes.

    python -m benchmarks.soak [--contacts 2000] [--weeks 104] [--minutes 10] [--seed 1]

Ends with status 1 if a letter was doubled, lost, too soon or too late, or if memory, file descriptors, threads or the
log grew after the warm-up. Where the minutes are over before the weeks, it says how far it came; restarts are drawn by
lot in the first half of the weeks alone, so that the second half is one process.
"""

import argparse
import logging
import sys
import tempfile
import time
from pathlib import Path

from tests.soak.figures import table, too_much
from tests.soak.life import Life


def main() -> int:
    """Live, and show the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--contacts", type=int, default=2000)
    parser.add_argument("--weeks", type=int, default=104)
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    logging.getLogger("mail.log").setLevel(logging.ERROR)
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="followupd-soak-") as folder:
        life = Life(Path(folder), seed=asked.seed, people=asked.contacts, weeks=asked.weeks)
        life.live(seconds=60 * asked.minutes)
    print(table(life.samples))
    print(f"{life.samples[-1].day} of {7 * asked.weeks} days in {time.monotonic() - began:.0f} s")
    print(", ".join(f"{count} {name}" for name, count in sorted(life.judge.seen.items())))
    print(", ".join(f"{name} {count}" for name, count in sorted(life.faults.items())))
    wrong = [*life.judge.wrong, *too_much(life.samples)]
    print("\n".join(wrong) or "nothing is wrong")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
