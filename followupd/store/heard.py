"""Up to where the database knows the witness beside it (`store/witness.py`): asked at each opening, so without more.

Two facts tell it: what keeps letters back is taken up first, by whoever opens the database; the letters, for which Sent
has to be asked, by the rounds.
"""

import os
import re
import sqlite3
from collections.abc import Sequence
from pathlib import Path
from typing import Final, Protocol
from zlib import crc32

from followupd.store import files

KNOWN: Final = "witness"
"""The fact that tells up to where all is known."""
HEARD: Final = "witness_heard"
"""The fact that tells up to where what keeps letters back is known; where it is not there, no further than all."""
_TAIL: Final = 1024
"""How many bytes before a place stand for all before it: of lines with times in them none comes twice."""
_HEADER: Final = re.compile(rb"followupd-witness 1 ([0-9a-f]{32}) ([0-9a-f]{32}) ([0-9a-f]{32})\n")


class Asked(Protocol):
    """What is asked of the database."""

    @property
    def path(self) -> Path: ...
    def row(self, sql: str, params: Sequence[str], /) -> sqlite3.Row | None: ...


def known_by(db: Asked, fact: str) -> str | None:
    """Give the `place` up to which the database knows a witness by a fact; None if it knows none."""
    row = db.row("SELECT value FROM facts WHERE name IN (?, ?) ORDER BY name = ? DESC", (fact, KNOWN, fact))
    return None if row is None else str(row["value"])


def place(handle: int, called: str, size: int) -> str:
    """Give what stands for a witness up to so many bytes: no other has it, nor one that lost its end and grew again.

    `called` is its name, which its header tells.
    """
    start = max(size - _TAIL, 0)
    return f"{called} {size} {crc32(os.pread(handle, size - start, start)):08x}"


def size_of(known: str) -> int:
    """Give up to how many bytes a `place` is."""
    return int(known.split()[1])


def has_heard(db: Asked) -> bool:
    """Tell whether what keeps letters back is known to the end of the witness.

    One that is not there, or cannot be read, or is another database's, says nothing here: the rounds refuse it.
    """
    if str(db.path) == ":memory:":
        return True
    try:
        handle = os.open(files.witness_of(db.path), os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
        try:
            found = header(handle)
            here = place(handle, found[0], os.fstat(handle).st_size) if found is not None else ""
        finally:
            os.close(handle)
    except OSError:
        return True
    return found is None or known_by(db, HEARD) == here or identity(db) != found[2]


def header(handle: int) -> tuple[str, str, str] | None:
    """Give what a witness is called, its salt, and the name of its database; None if it is no witness."""
    found = _HEADER.match(os.pread(handle, 160, 0))
    return (found[1].decode(), found[2].decode(), found[3].decode()) if found else None


def identity(db: Asked) -> str:
    """Give the name of the database, which its backups share."""
    row = db.row("SELECT value FROM facts WHERE name = 'identity'", ())
    assert row is not None
    return str(row["value"])
