"""Rows of (from, happening, to), as a page of the docs tells them: a pair that is not in them never happens."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar

S = TypeVar("S", bound=StrEnum)
H = TypeVar("H", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class Row(Generic[S, H]):
    """One line of the page. `begins` is None for what was not written down yet.

    `killed` is what is found where a process was killed before the change was written.
    """

    begins: tuple[S | None, ...]
    happening: H
    ends: S
    killed: str


def table(rows: Iterable[Row[S, H]]) -> Mapping[tuple[S | None, H], S]:
    """Give the state that follows a state and a happening."""
    return {(begin, row.happening): row.ends for row in rows for begin in row.begins}


def page(rows: Iterable[Row[S, H]], finds: str) -> str:
    """Draw the rows as the page shows them; `finds` is who finds what a kill left."""
    lines = [f"| from | happening | to | killed before that is written, {finds} finds |", "| --- | --- | --- | --- |"]
    for row in rows:
        begins = ", ".join(f"`{begin}`" if begin else "-" for begin in row.begins)
        lines.append(f"| {begins} | {row.happening} | `{row.ends}` | {row.killed} |")
    return "\n".join(lines)
