"""What a file of people holds, whatever its kind: rows, what is wrong in which line, and who is left out and why."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, NamedTuple

from followupd.core.errors import FollowupdError

MOST: Final = 200
"""Faults that are told at once to somebody who reads them; scripts get all."""


class Row(NamedTuple):
    """A person as the file has them, in its own words; nothing is checked yet.

    `line` is where they begin, counted from 1. `fields` are by the names of a contact's fields, the empty ones left
    out. `state` is how their thread stood when followupd wrote the file, "" in other files. `referred_by` is
    an address of whoever sent the user on to them.
    """

    line: int
    addresses: tuple[str, ...]
    fields: Mapping[str, str]
    tags: tuple[str, ...] = ()
    cadence: str = ""
    first_on: str = ""
    state: str = ""
    referred_by: str = ""
    account: str = ""


class Fault(NamedTuple):
    """What is wrong in a line (0: in no line of its own), and what to do about it."""

    line: int
    what: str
    hint: str = ""

    def __str__(self) -> str:
        """One line as a user reads it."""
        said = f"line {self.line}: {self.what}" if self.line else self.what
        return f"{said}; {self.hint}" if self.hint else said


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A file, read: of which kind it is, its people, its faults.

    `left_out` are people whom it names and who cannot or must not be written to, `unread` the names of columns that
    nothing was taken from.
    """

    kind: str
    rows: tuple[Row, ...] = ()
    faults: tuple[Fault, ...] = ()
    left_out: tuple[Fault, ...] = ()
    unread: tuple[str, ...] = ()


class FaultyFileError(FollowupdError):
    """A file of people that is refused whole, with everything that is wrong in it at once."""

    def __init__(self, faults: tuple[Fault, ...], *, where: str) -> None:
        count = len(faults)
        super().__init__(
            f"nothing was read in: {count} things are wrong"
            if count != 1
            else "nothing was read in: one thing is wrong",
            where=where,
            hint="\n".join(map(str, faults[:MOST])) + (f"\nand {count - MOST} more" if count > MOST else ""),
        )
        self.faults = faults
