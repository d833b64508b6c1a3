"""What the process takes from its machine, day by day: samples, their slopes, what is too much. Pure but `sample`."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Final

WARM_UP: Final = 0.5
"""The share of the weeks in which the process is ended and killed; then one lives to the end."""
MOST_MEMORY: Final = 2_048
"""KiB by which the resident memory may grow from the warm-up to the end, by the slope of its samples."""
MOST_DESCRIPTORS: Final = 0.9
"""File descriptors by which it may grow, likewise; and threads."""
LOG_A_DAY: Final = 500
LOG_AN_EVENT: Final = 500
"""Bytes of log that a day may bring, and each letter and message besides."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """The process at the end of a day of the story; sizes in bytes, memory in KiB."""

    day: int
    process: int
    memory: int
    descriptors: int
    threads: int
    database: int
    wal: int
    witness: int
    log: int
    letters: int
    messages: int


def sample(day: int, process: int, database: Path, log: int, *, letters: int, messages: int) -> Sample:
    """Measure a process by what Linux tells of it (proc(5)), and the files beside its database."""
    here = Path("/proc", str(process))
    told = dict(line.split(":", 1) for line in (here / "status").read_text().splitlines())
    return Sample(
        day=day,
        process=process,
        memory=int(told["VmRSS"].split()[0]),
        descriptors=sum(1 for _ in (here / "fd").iterdir()),
        threads=int(told["Threads"]),
        database=_size(database),
        wal=_size(database.with_name(database.name + "-wal")),
        witness=_size(database.with_name(database.name + ".witness")),
        log=log,
        letters=letters,
        messages=messages,
    )


def settled(samples: Sequence[Sample]) -> Sequence[Sample]:
    """Give those of the last process, but for the third in which it grows to its size, as every process does."""
    own = [one for one in samples if one.process == samples[-1].process]
    return own[len(own) // 3 :]


def slope(samples: Sequence[Sample], of: Callable[[Sample], float]) -> float:
    """Give by how much something grows a day: the line of least squares through the samples."""
    if len(samples) < 2:
        return 0.0
    middle = sum(one.day for one in samples) / len(samples)
    mean = sum(map(of, samples)) / len(samples)
    spread = sum((one.day - middle) ** 2 for one in samples)
    return sum((one.day - middle) * (of(one) - mean) for one in samples) / spread


def growth(samples: Sequence[Sample], of: Callable[[Sample], float]) -> float:
    """Give by how much something grew over the samples, by their slope."""
    return slope(samples, of) * (samples[-1].day - samples[0].day)


def too_much(samples: Sequence[Sample]) -> list[str]:
    """Say what grew that must not grow, and whether the log is longer than what happened allows."""
    late = settled(samples)
    if len(late) < 8:
        return [f"{len(late)} days after the warm-up say nothing"]
    memory, descriptors = growth(late, lambda one: one.memory), growth(late, lambda one: one.descriptors)
    threads = growth(late, lambda one: one.threads)
    first, last = samples[0], samples[-1]
    events = last.letters + last.messages - first.letters - first.messages
    bound = LOG_A_DAY * (last.day - first.day) + LOG_AN_EVENT * events
    found = {
        f"the memory grew by {memory:.0f} KiB in {len(late)} days": memory > MOST_MEMORY,
        f"the file descriptors grew by {descriptors:.1f} in {len(late)} days": descriptors > MOST_DESCRIPTORS,
        f"the threads grew by {threads:.1f} in {len(late)} days": threads > MOST_DESCRIPTORS,
        f"the log grew by {last.log - first.log} bytes, where {bound} are allowed": last.log - first.log > bound,
    }
    return [told for told, so in found.items() if so]


def table(samples: Sequence[Sample], rows: int = 14) -> str:
    """Show some of the samples, the last one among them, and below them the slopes after the warm-up."""
    names = [one.name for one in fields(Sample)]
    step = max(1, len(samples) // rows)
    shown = [*samples[:-1:step], samples[-1]]
    lines = ["".join(f"{name:>13}" for name in names)]
    lines += ["".join(f"{getattr(one, name):>13,}" for name in names) for one in shown]
    late = settled(samples)
    slopes = [f"{slope(late, lambda one, name=name: getattr(one, name)):,.1f}" for name in names[2:]]  # type: ignore[misc]
    return "\n".join([*lines, f"{'a day, at the end':>26}" + "".join(f"{one:>13}" for one in slopes)])


def _size(file: Path) -> int:
    return file.stat().st_size if file.exists() else 0
