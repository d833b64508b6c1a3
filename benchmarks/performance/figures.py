"""What was measured, beside what it is to be held against: a figure, its anchors, and the goal."""

import platform
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Anchor:
    """Something that was measured in the same run."""

    name: str
    value: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One row: what, how much, in which unit, beside which anchors; `goal` in words, `met` where it can be told."""

    what: str
    value: float
    unit: str
    anchors: tuple[Anchor, ...] = ()
    goal: str = ""
    met: bool | None = None

    def row(self) -> str:
        """Write the figure as a row of a table in Markdown; a ratio beside each anchor."""
        beside = "; ".join(
            f"{one.name} {shown(one.value)}" + (f" ({self.value / one.value:.2f}x)" if one.value > 0 else "")
            for one in self.anchors
        )
        verdict = {True: "met", False: "**missed**", None: ""}[self.met]
        return f"| {self.what} | {shown(self.value)} {self.unit} | {beside} | {self.goal} | {verdict} |"


HEAD = "| what | followupd | beside | goal | |\n| --- | --- | --- | --- | --- |"


def shown(value: float) -> str:
    """Write a number with three digits that count."""
    if value >= 1000:
        return f"{value:,.0f}"
    return f"{value:.3g}"


def median(run: Callable[[], object], times: int) -> float:
    """Give the median of the wall seconds of several runs, after one that does not count."""
    run()
    return statistics.median(timed(run) for _ in range(times))


def timed(run: Callable[[], object]) -> float:
    """Give the wall seconds of one run."""
    began = time.perf_counter()
    run()
    return time.perf_counter() - began


def percentile(values: Sequence[float], share: float) -> float:
    """Give the value that `share` of all values do not exceed (nearest rank)."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, max(0, round(share * len(ordered) + 0.5) - 1))]


def machine() -> str:
    """Say what this was measured on."""
    cpu = "unknown processor"
    for line in Path("/proc/cpuinfo").read_text().splitlines() if sys.platform == "linux" else ():
        if line.startswith("model name"):
            cpu = line.partition(":")[2].strip()
            break
    import os

    return f"{os.cpu_count()} x {cpu}, {platform.system()} {platform.release()}, Python {platform.python_version()}"
