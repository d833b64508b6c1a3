"""A file beside the database that is only ever added to remembers which letters went on the wire and who must get none.

It outlives a database that is put back from a backup: what it saw and the database does not know is taken up before
anything is sent (`actions/recall.py`). A line is synced before the commit that it belongs to, and before the data of
the letter; both are written under the database's write lock. The database keeps up to where it knows it. A last line
that is torn counts as a letter on the wire. It holds keys of threads, Message-IDs, times and salted hashes of
addresses: no name, no address, no text. A letter takes about 300 bytes.
"""

import logging
import os
import secrets
import sqlite3
import stat
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Protocol

from followupd.core.errors import FollowupdError
from followupd.failpoints import Point, reach
from followupd.store import files
from followupd.store.faults import unwritable
from followupd.store.heard import HEARD, KNOWN, Asked, header, identity, known_by, place, size_of
from followupd.store.sightings import Seen, hashed, parsed, torn

log = logging.getLogger(__name__)


class Database(Asked, Protocol):
    """What is asked of the database (`store/db.py`, which itself calls here)."""

    def run(self, sql: str, params: Sequence[str], /) -> object: ...
    def each(self, sql: str, /) -> Iterator[sqlite3.Row]: ...
    def immediate(self) -> AbstractContextManager[object]: ...


class Recorder(Protocol):
    """What keeps lines for the witness until the commit, unless it only repeats them."""

    repeats: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """What the witness saw and the database does not know; `known` is the fact to remember once it does."""

    seen: tuple[Seen, ...]
    salt: str
    known: str


# -- writing -----------------------------------------------------------------------------------------------------------


def write(db: Database, lines: Sequence[str]) -> None:
    """Add lines, synced, before the transaction that is open is committed; begin the file if there is none.

    Raises FollowupdError, and the transaction is undone, if they cannot be kept.
    """
    path = files.witness_of(db.path)
    try:
        handle = _open(path)
        if handle is None:
            _begin(db, path)
            handle = _open(path)
        assert handle is not None
        try:
            _append(db, handle, path, lines)
        finally:
            os.close(handle)
    except OSError as error:
        raise unwritable(path, error) from error


def _append(db: Database, handle: int, path: Path, lines: Sequence[str]) -> None:
    called, salt, name = _header(handle, path)
    size = os.fstat(handle).st_size
    before = place(handle, called, size)
    whole = os.pread(handle, 1, size - 1) == b"\n"
    text = "".join(f"{hashed(line, salt, name)}\n" for line in lines)
    data = ("" if whole else "\n").encode() + text.encode("ascii", "backslashreplace")
    reach(Point.WITNESS_WRITING)
    _put(handle, data[:-9])
    reach(Point.WITNESS_TORN)
    _put(handle, data[-9:])
    os.fsync(handle)
    reach(Point.WITNESS_WRITTEN)
    # where the file holds more than the database knows, it has to read on from there
    db.run(
        "UPDATE facts SET value = ? WHERE name IN (?, ?) AND value = ?",
        (place(handle, called, size + len(data)), KNOWN, HEARD, before),
    )


def _put(handle: int, data: bytes) -> None:
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(handle, rest) :]


def _begin(db: Database, path: Path) -> None:
    """Make the file with all that the database knows; tell it if there was one before."""
    if known_by(db, KNOWN) is not None:
        log.warning("%s: the witness file is gone; it is begun anew from what the database knows", path)
    generation, salt = secrets.token_hex(16), secrets.token_hex(16)
    name = identity(db)
    first = f"followupd-witness 1 {generation} {salt} {name}"
    with files.beside(path) as draft:
        with draft.open("wb") as file:
            # line by line: there may be a million
            for line in chain([first], (hashed(line, salt, name) for line in _told(db))):
                file.write(f"{line}\n".encode("ascii", "backslashreplace"))
        with draft.open("rb") as file:
            whole = place(file.fileno(), generation, draft.stat().st_size)
        files.publish(draft, path)
    for fact in (KNOWN, HEARD):
        _know(db, fact, whole)


def _told(db: Database) -> Iterable[str]:
    """Say again what the database knows: where threads stand, and which letters may have left."""
    for row in db.each(
        "SELECT key, anchor, state, coalesce(not_before, '-') AS before, coalesce(paused_until, '-') AS until, "
        "iif(state = 'paused' AND resume_to = 'held', ' held', '') AS held FROM threads ORDER BY id"
    ):
        yield f"thread {row['anchor']} {row['key']} {row['state']} {row['before']} {row['until']}{row['held']}"
    for row in db.each(
        "SELECT t.key, l.step, l.attempt, l.state, l.message_id, coalesce(l.sent_at, l.claimed_at, l.created_at) AS at "
        "FROM letters AS l JOIN threads AS t ON t.id = l.thread_id "
        "WHERE l.state IN ('sending', 'sent', 'uncertain') ORDER BY l.id"
    ):
        yield f"letter {row['at']} {row['key']} {row['step']} {row['attempt']} {row['state']} {row['message_id']}"
    for row in db.each("SELECT address, at FROM suppressions ORDER BY address"):
        yield f"never {row['at']} @{row['address']}"
    for row in db.each("SELECT token, at FROM forgotten ORDER BY token"):
        yield f"never {row['at']} - {row['token']}"
    for row in db.each("SELECT at FROM facts WHERE name = 'paused_all'"):
        yield f"all {row['at']} paused"


# -- reading -----------------------------------------------------------------------------------------------------------


def news(db: Database, fact: str = KNOWN) -> News | None:
    """Give what the witness saw beyond what is known by a fact; None if that is nothing. Begins a witness if need be.

    Raises FollowupdError if the file is another database's, or cannot be read.
    """
    if str(db.path) == ":memory:":
        return None
    path = files.witness_of(db.path)
    try:
        handle = _open(path)
        if handle is None:
            with db.immediate():
                if not path.exists():
                    _begin(db, path)
            return None
        try:
            return _read(db, handle, path, fact)
        finally:
            os.close(handle)
    except OSError as error:
        raise unwritable(path, error) from error


def belongs_to(database: Path) -> str | None:
    """Give the name of the database that the witness beside a path belongs to; None if there is none.

    Raises FollowupdError if it cannot be read.
    """
    path = files.witness_of(database)
    try:
        handle = _open(path)
    except OSError as error:
        raise unwritable(path, error) from error
    if handle is None:
        return None
    try:
        return _header(handle, path)[2]
    finally:
        os.close(handle)


@contextmanager
def repeating(db: Recorder) -> Iterator[None]:
    """Tell the witness nothing of what is done inside: it is what the witness said."""
    db.repeats = True
    try:
        yield
    finally:
        db.repeats = False


def learn(db: Database, found: News, fact: str = KNOWN) -> None:
    """Remember by a fact that the database knows what was found."""
    with db.immediate():
        _know(db, fact, found.known)


def _read(db: Database, handle: int, path: Path, asked: str) -> News | None:
    called, salt, name = _header(handle, path)
    size, known = os.fstat(handle).st_size, known_by(db, asked)
    here = place(handle, called, size)
    if known == here:
        return None
    if name != identity(db):
        raise FollowupdError(
            "the witness file beside the database is that of another database, so nothing is sent",
            where=str(path),
            hint=f"put the database back that it belongs to; if there is none any more, move {path.name} away",
        )
    before = size_of(known) if known is not None else 0
    with os.fdopen(os.dup(handle), "rb") as file:
        # one that lost its end has other bytes there, however long it has grown again: it is read from its beginning
        file.seek(before if before <= size and known == place(handle, called, before) else 0)
        text = file.read(size - file.tell()).decode("ascii", "replace")
    *lines, last = text.split("\n")
    # a line that was torn is the last one no more once somebody has written behind it
    seen = [one for line in lines if (one := parsed(line) or torn(line)) is not None]
    if half := torn(last):
        seen.append(half)
    return News(seen=tuple(seen), salt=salt, known=here)


# -- within ------------------------------------------------------------------------------------------------------------


def _know(db: Database, fact: str, value: str) -> None:
    db.run(
        "INSERT INTO facts (name, value, at) VALUES (?, ?, '') ON CONFLICT (name) DO UPDATE SET value = excluded.value",
        (fact, value),
    )


def _open(path: Path) -> int | None:
    """Open the file for reading and adding; None if there is none. It is never reached through a link."""
    try:
        handle = os.open(path, os.O_RDWR | os.O_APPEND | os.O_NOFOLLOW | os.O_CLOEXEC)
    except FileNotFoundError:
        return None
    found = os.fstat(handle)
    if not stat.S_ISREG(found.st_mode) or found.st_uid != os.geteuid():
        os.close(handle)
        raise FollowupdError("the witness file is no file of this user", where=str(path))
    if found.st_mode & 0o077:
        os.fchmod(handle, 0o600)
    return handle


def _header(handle: int, path: Path) -> tuple[str, str, str]:
    """Give what this witness is called, its salt, and the name of the database that it belongs to."""
    found = header(handle)
    if found is None:
        raise FollowupdError(
            "the witness file cannot be read, so it is not known which letters went out, and nothing is sent",
            where=str(path),
            hint="put it back from where you keep copies; or move it away, and followupd begins another",
        )
    return found
