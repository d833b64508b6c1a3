"""Trouble of the database file becomes an error that a user can act on; what is a bug stays what it is."""

import sqlite3
from pathlib import Path
from typing import Final

from followupd.core.errors import FollowupdError, StorageError, TryLaterError

RESTORE: Final = (
    "nothing was sent and nothing was changed; stop followupd, and put your last backup in the place of this file, "
    "which is kept: followupd restore FILE"
)
"""What to do when a database cannot be trusted: never to begin again from nothing, or people get letters twice."""

_BUSY: Final = frozenset({sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED})
_BROKEN: Final = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})
_DISK: Final = {
    sqlite3.SQLITE_FULL: (
        "the disk is full",
        "make room; followupd sends nothing until it can write down what it does",
    ),
    sqlite3.SQLITE_READONLY: ("the database cannot be written", "check the permissions of the file and of its folder"),
    sqlite3.SQLITE_IOERR: ("the disk failed to read or write", "check the disk, then run: followupd check"),
    sqlite3.SQLITE_CANTOPEN: ("the database cannot be opened", "check the permissions of the file and of its folder"),
    sqlite3.SQLITE_PERM: ("the database cannot be opened", "check the permissions of the file and of its folder"),
    sqlite3.SQLITE_NOLFS: ("the file system cannot hold so large a file", "put the database on another disk"),
}


def known(error: sqlite3.Error, path: Path) -> FollowupdError | None:
    """Give the plain words for an SQLite result code (https://sqlite.org/rescode.html); None where it shows a bug."""
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if code in _BUSY:
        return TryLaterError("another program is using the database", where=str(path), hint="try again in a moment")
    if code in _BROKEN:
        return StorageError(f"the database is damaged: {error}", where=str(path), hint=RESTORE)
    if code in _DISK:
        what, hint = _DISK[code]
        return StorageError(f"{what}: {error}", where=str(path), hint=hint)
    return None


def unwritable(path: Path, error: OSError) -> FollowupdError:
    """Say that the witness beside the database cannot be used: without it nothing is sent."""
    return StorageError(
        f"the witness file cannot be used: {error.strerror or error}",
        where=str(path),
        hint="see that there is room, and that the file and its folder are yours; until then nothing is sent",
    )


def damaged(path: Path, why: str) -> FollowupdError:
    """Say that a file is no database of ours that can be trusted."""
    return StorageError(f"the database cannot be trusted: {why}", where=str(path), hint=RESTORE)
