"""A database in memory that is wiped and written anew for every life: its statements stay ready, which is dear to make.

The pages of another database are put under an open connection, and the number of their schema is set back; SQLite then
has no reason to read the schema again. There is one slate for a process, so one life at a time.
"""

import sqlite3
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from followupd.store.db import Db

_NAME: Final = "file:/slate?vfs=memdb"


@cache
def _connections() -> tuple[sqlite3.Connection, sqlite3.Connection]:
    """Give the connection that lives use, and the one that writes beneath it."""
    live, beneath = (sqlite3.connect(_NAME, uri=True, isolation_level=None) for _ in range(2))
    for one in (live, beneath):
        one.execute("PRAGMA journal_mode=MEMORY")
        one.execute("PRAGMA synchronous=OFF")
    live.execute("PRAGMA foreign_keys=ON")
    return live, beneath


@cache
def _folder() -> TemporaryDirectory[str]:
    """Give the folder in which nothing lies but the witness beside the database."""
    memory = Path("/dev/shm")
    return TemporaryDirectory(dir=memory if memory.is_dir() else None)


def path() -> Path:
    """Give where the database would lie if it were a file: beside its witness."""
    return Path(_folder().name, "followupd.db")


def written_with(db: Db) -> Db:
    """Give a database that holds what another one in memory holds; what was on the slate before is gone."""
    live, beneath = _connections()
    if live.in_transaction:
        live.rollback()
    db.connection.backup(beneath)
    beneath.execute("PRAGMA schema_version=1")
    return Db(live, path())
