"""The program as a whole: how soon a command answers, and what a daemon costs that waits."""

import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from benchmarks.performance.children import contestant, processor, resident, run, started
from benchmarks.performance.figures import Anchor, Figure, timed
from benchmarks.performance.material import address
from benchmarks.performance.reading import waiting_daemon
from benchmarks.performance.stage import Stage

_LIBRARIES = "import click, filelock, imapclient, schedule, smtplib, sqlite3, tomllib, zoneinfo, email.message"
RUNS = 15
PEERS = ("khal", "todo", "vdirsyncer", "sqlite-utils")
"""Programs of the kind; `--build` installs them into a virtual environment of their own."""


def start_up(stage: Stage) -> Iterator[Figure]:
    """How long a command takes, whole, beside an interpreter that does nothing, Click alone, and peers."""
    small = stage.small("small", 50)
    config = str(stage.config("start", small))
    program = str(Path(sys.executable).with_name("followupd"))
    empty = _milliseconds([sys.executable, "-c", "pass"])
    click = _milliseconds([sys.executable, "-c", "import click"])
    programs = [(name, stage.folder / "peers" / "bin" / name) for name in PEERS]
    peers = [(name, _milliseconds([str(found), "--version"])) for name, found in programs if found.exists()]
    floor = (Anchor(name="python -c pass", value=empty), Anchor(name="python -c 'import click'", value=click))
    quickest = min((value for _, value in peers), default=None)
    for words in (["--version"], ["--help"], ["list"], ["show", address(1)], ["status"]):
        taken = _milliseconds([program, "--config", config, *words])
        helps = words[0] == "--help"
        met = taken <= 2.5 * click if helps else None if quickest is None else taken <= quickest
        yield Figure(
            what=f"`followupd {words[0]}`",
            value=taken,
            unit="ms",
            anchors=(*floor, *(Anchor(name=name, value=value) for name, value in peers)),
            goal="<= 2.5x import click" if helps else "quicker than every peer",
            met=met,
        )


def _milliseconds(command: Sequence[str]) -> float:
    def once() -> None:
        subprocess.run(command, check=True, capture_output=True)

    once()
    return statistics.median(timed(once) for _ in range(RUNS)) * 1000


def idle(stage: Stage, seconds: float = 60.0) -> Iterator[Figure]:
    """Memory and processor time of a daemon in IDLE, beside the least that Python with imapclient takes."""
    config = stage.config("idle", stage.small("idle"))
    client = [sys.executable, "-m", "benchmarks.performance.contestants", "idle_client", str(stage.imap)]
    libraries = [sys.executable, "-c", f"{_LIBRARIES}\nimport time; time.sleep(3600)"]
    with started(client) as bare, started(libraries) as whole, waiting_daemon(config) as pid:
        time.sleep(5)
        before = processor(pid)
        time.sleep(seconds)
        a_day = (processor(pid) - before) / seconds * 86_400
        ours, floor, loaded = resident(pid), resident(bare.pid), resident(whole.pid)
    yield Figure(
        what=f"the daemon in IDLE, after a first look at {stage.messages:,} messages",
        value=ours,
        unit="MB",
        anchors=(
            Anchor(name="Python, imapclient, IDLE", value=floor),
            Anchor(name="the libraries that the daemon needs, and nothing of ours", value=loaded),
        ),
        goal="<= 30 MB",
        met=ours <= 30,
    )
    yield Figure(what="processor time of a day so", value=a_day, unit="s", goal="<= 1 s", met=a_day <= 1)


def importing(stage: Stage) -> Iterator[Figure]:  # noqa: ARG001
    """A hundred thousand people from a file (benchmarks/importing.py), beside executemany of the same rows."""
    done = run([sys.executable, "benchmarks/importing.py", "--json"])
    ours, bare = done.said["import"], done.said["executemany"]
    yield Figure(
        what="import of 100,000 people, processor time",
        value=ours,
        unit="s",
        anchors=(Anchor(name="executemany of the same rows", value=bare),),
        goal="<= 2x executemany",
        met=ours <= 2 * bare,
    )


def decade(stage: Stage) -> Iterator[Figure]:  # noqa: ARG001
    """Ten years of a thousand contacts through the decision core (benchmarks/decade.py)."""
    done = run([sys.executable, "benchmarks/decade.py"])
    yield Figure(what="a decade of 1,000 contacts", value=done.wall, unit="s", goal="<= 60 s", met=done.wall <= 60)


def growth(stage: Stage) -> Iterator[Figure]:
    """Memory over a year with 10,000 contacts: a round every third day, letters going out in each."""
    run_ = contestant("year", stage.folder)
    months = run_.said["megabytes"]
    grown = months[-1] - months[2]
    yield Figure(
        what=f"memory grown from the third to the twelfth month, {run_.said['letters']:,} letters sent",
        value=max(grown, 0.0),
        unit="MB",
        anchors=(Anchor(name="in all", value=months[-1]),),
        goal="none",
        met=grown < 1.0,
    )
