"""Measures every axis, or those that are named, and prints a table; status 1 if a goal was missed."""

import argparse
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from benchmarks.performance import crowd, keeping, page, reading, running
from benchmarks.performance.figures import HEAD, Figure, machine
from benchmarks.performance.stage import Stage, build, staged

AXES: dict[str, Callable[[Stage], Iterator[Figure]]] = {
    "first-look": reading.first_look,
    "quiet-round": reading.quiet_round,
    "push": reading.push,
    "judged": keeping.judged,
    "ids": keeping.ids,
    "due": keeping.due,
    "decisions": keeping.decisions,
    "recording": keeping.recording,
    "start-up": running.start_up,
    "idle": running.idle,
    "accounts": crowd.accounts,
    "import": running.importing,
    "growth": running.growth,
    "decade": running.decade,
}


def main() -> int:
    """Read the command line; build the material, or measure."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.performance", description=__doc__)
    parser.add_argument("axes", nargs="*", choices=[*AXES, []], help="what to measure; all if none is named")
    parser.add_argument("--build", type=Path, metavar="FOLDER", help="make mailbox and database first")
    parser.add_argument("--with", type=Path, metavar="FOLDER", dest="folder", help="where they are")
    parser.add_argument("--messages", type=int, default=100_000)
    parser.add_argument("--threads", type=int, default=1_000_000)
    parser.add_argument("--write", action="store_true", help="put what was measured into docs/performance.md")
    given = parser.parse_args()
    folder = (given.build or given.folder or parser.error("say --build FOLDER or --with FOLDER")).absolute()
    # an installed program has its bytecode beside it, and so have those that it is measured beside
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    if given.build:
        build(folder, given.messages, given.threads)
    missed, lines = 0, [machine(), "", *HEAD.splitlines()]
    if given.folder or given.axes:
        print("\n".join(lines), flush=True)
        with staged(folder) as stage:
            for name in given.axes or AXES:
                for figure in AXES[name](stage):
                    print(figure.row(), flush=True)
                    lines.append(figure.row())
                    missed += figure.met is False
    if given.write:
        page.write(lines, whole=not given.axes)
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
