"""The table of figures stands in docs/performance.md between two marks; the words around it are written by hand."""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Final

PAGE = Path(__file__).parents[2] / "docs" / "performance.md"
BEGINS, ENDS = "<!-- figures -->", "<!-- end of figures -->"
_NUMBER: Final = re.compile(r"\d[\d.,]*")


def write(lines: Sequence[str], *, whole: bool) -> None:
    """Put a table in the place of the one before; one that is not whole puts its rows in the place of theirs."""
    before, _, rest = PAGE.read_text(encoding="utf-8").partition(BEGINS)
    held, _, after = rest.partition(ENDS)
    table = "\n".join(lines if whole else _renewed(held.strip("\n").splitlines(), lines))
    PAGE.write_text(f"{before}{BEGINS}\n{table}\n{ENDS}{after}", encoding="utf-8")


def _renewed(held: Sequence[str], lines: Sequence[str]) -> list[str]:
    """Give the table that is there with the rows that were measured anew; a row of a new kind comes last."""
    rows = {_kind(line): line for line in lines if line.startswith("| ")}
    renewed = [rows.pop(_kind(line), line) for line in held]
    return [*renewed, *rows.values()]


def _kind(line: str) -> str:
    """Give what a row is about: its first cell, whatever the numbers in it."""
    return _NUMBER.sub("#", line.split("|")[1]) if line.startswith("| ") else line
