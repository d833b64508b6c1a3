"""Runs a contestant as a process of its own, so that its memory and its processor time are its own too."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A finished process: its wall and processor seconds, and the document it printed."""

    wall: float
    cpu: float
    said: Any


def run(arguments: Sequence[str], environ: dict[str, str] | None = None) -> Run:
    """Run a program to its end; raise where it fails. What it prints is one JSON document, or nothing."""
    import time

    with tempfile.TemporaryFile("w+") as out:
        began = time.perf_counter()
        child = subprocess.Popen(arguments, stdout=out, cwd=ROOT, env={**os.environ, **(environ or {})})
        _, status, used = os.wait4(child.pid, 0)
        wall = time.perf_counter() - began
        child.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        printed = out.read().strip()
    if child.returncode:
        raise RuntimeError(f"{arguments}: ended with {child.returncode}")
    said = json.loads(printed) if printed.startswith(("{", "[")) else printed
    return Run(wall=wall, cpu=used.ru_utime + used.ru_stime, said=said)


def contestant(name: str, *arguments: object) -> Run:
    """Run one of `contestants`."""
    return run([sys.executable, "-m", "benchmarks.performance.contestants", name, *map(str, arguments)])


@contextmanager
def started(arguments: Sequence[str]) -> Iterator[subprocess.Popen[str]]:
    """Run a program beside what is done inside, and end it."""
    child = subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True, cwd=ROOT)
    try:
        yield child
    finally:
        child.kill()
        child.wait()
        if child.stdout is not None:
            child.stdout.close()


def switches(pid: int) -> int:
    """Give how often a running process went to sleep by its own will (proc(5)): so often it was woken."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("voluntary_ctxt_switches:"):
            return int(line.split()[1])
    raise RuntimeError(f"process {pid} is gone")


def resident(pid: int, name: str = "VmRSS") -> float:
    """Give the resident memory of a running process in MB (proc(5)); its largest so far as VmHWM.

    Not what wait4(2) tells: that begins with the memory of the process that it was forked from.
    """
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith(f"{name}:"):
            return int(line.split()[1]) / 1024
    raise RuntimeError(f"process {pid} is gone")


def processor(pid: int) -> float:
    """Give the processor seconds that a running process has used (proc(5))."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def on_processor(pid: int) -> float:
    """Give the seconds that the main thread of a running process was on a processor, to the nanosecond (proc(5))."""
    return int(Path(f"/proc/{pid}/schedstat").read_text().split()[0]) / 1e9
