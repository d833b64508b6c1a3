"""The database is opened whole, ours and current, or not at all; what is written in one transaction is kept together.

SQLite in WAL mode, every commit synced (synchronous=FULL): a letter claimed before a power cut is still claimed after.
"""

import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from itertools import islice
from pathlib import Path
from typing import Final, Self, TypeAlias

from followupd.core.errors import FollowupdError
from followupd.core.instants import Instant, to_text
from followupd.failpoints import Point, reach
from followupd.store import files
from followupd.store.faults import damaged, known

SCHEMA: Final = 19
"""How many migrations there are; kept in the file as PRAGMA user_version. Known here so that opening imports none."""

APPLICATION: Final = 0x666F6C77
"""Marks our files (PRAGMA application_id, "folw")."""

BUSY_SECONDS: Final = 5.0
CACHE_KIBIBYTES: Final = 256
"""As much of the file as SQLite may keep in memory: 32 times as much is no quicker among a million letters."""

Value: TypeAlias = str | int | float | bytes | None
Params: TypeAlias = Sequence[Value] | Mapping[str, Value]


class Db:
    """An open database; one for each thread of a program. Errors of the file are raised as FollowupdError."""

    def __init__(self, connection: sqlite3.Connection, path: Path) -> None:
        connection.row_factory = sqlite3.Row
        self.connection = connection
        self._path, self.repeats = path, False
        self._told: list[str] = []
        self.identity = files.identity(path)

    @property
    def path(self) -> Path:
        """The file; ":memory:" for a copy in memory."""
        return self._path

    def run(self, sql: str, params: Params = ()) -> sqlite3.Cursor:
        """Carry out one statement; the cursor tells `rowcount` and `lastrowid`."""
        try:
            return self.connection.execute(sql, params)
        except UnicodeEncodeError:
            return self.run(sql, _encodable(params))
        except sqlite3.Error as error:
            raise known(error, self._path) or error from error

    def run_many(self, sql: str, rows: Iterable[Params]) -> None:
        """Carry out one statement for each row, for all of them or for none."""
        remaining = iter(rows)
        with self.immediate():
            while batch := list(islice(remaining, 1000)):
                try:
                    with self.immediate():
                        self.connection.executemany(sql, batch)
                except UnicodeEncodeError:
                    self.connection.executemany(sql, [_encodable(row) for row in batch])
                except sqlite3.Error as error:
                    raise known(error, self._path) or error from error

    def rows(self, sql: str, params: Params = ()) -> list[sqlite3.Row]:
        """Give all rows of a query."""
        cursor = self.run(sql, params)
        try:
            return cursor.fetchall()
        except sqlite3.Error as error:
            raise known(error, self._path) or error from error

    def each(self, sql: str, params: Params = ()) -> Iterator[sqlite3.Row]:
        """Give the rows of a query one by one, for those that may be too many to hold."""
        cursor = self.run(sql, params)
        try:
            yield from cursor
        except sqlite3.Error as error:
            raise known(error, self._path) or error from error

    def row(self, sql: str, params: Params = ()) -> sqlite3.Row | None:
        """Give the first row of a query, None if there is none."""
        rows = self.rows(sql, params)
        return rows[0] if rows else None

    @contextmanager
    def immediate(self) -> Iterator[Self]:
        """Make one transaction of what is done inside; take the write lock first, so that what is read stays true.

        A deferred BEGIN fails at once with "database is locked" when somebody wrote between its first reading and its
        first writing, whatever the busy timeout. Inside another transaction this is a savepoint.
        """
        if self.connection.in_transaction:
            begin, commit, undo = "SAVEPOINT inner_step", "RELEASE inner_step", "ROLLBACK TO inner_step"
        else:
            begin, commit, undo = "BEGIN IMMEDIATE", "COMMIT", "ROLLBACK"
        told = len(self._told)
        self.run(begin)
        try:
            yield self
            if undo == "ROLLBACK":
                self._bear_witness()
                reach(Point.COMMITTING)
            self.run(commit)
        except BaseException:
            del self._told[told:]
            # a full disk makes SQLite roll back by itself
            if self.connection.in_transaction:
                self.run(undo)
                if undo != "ROLLBACK":
                    self.run(commit)
            raise
        if undo == "ROLLBACK":
            reach(Point.COMMITTED)

    def tell(self, line: str) -> None:
        """Have the witness keep a line (`store/sightings.py`) before the transaction is committed that is open."""
        self._told += [] if self.repeats else [line]

    def _bear_witness(self) -> None:
        lines, self._told = self._told, []
        if lines and str(self._path) != ":memory:":
            from followupd.store.witness import write

            write(self, lines)

    @contextmanager
    def snapshot(self) -> Iterator[Self]:
        """Let several queries see the same state of the database; writes nothing and locks nobody out."""
        if self.connection.in_transaction:
            yield self
            return
        self.run("BEGIN")
        try:
            yield self
        finally:
            if self.connection.in_transaction:
                self.run("ROLLBACK")

    def close(self) -> None:
        """Close the file."""
        self.connection.close()


def open_database(path: Path, *, now: Instant) -> Db:
    """Open the database, make it (mode 0600, in a folder of mode 0700) if there is none, bring its tables up to date.

    Raises FollowupdError for a file that is damaged, not ours, another user's or made by a newer followupd;
    TryLaterError while another program keeps it locked.
    """
    files.refuse_lost(path)
    if not files.exists(path):
        _create(path, now)
        files.exists(path)
    files.tighten(path)
    db = connect(path)
    try:
        check_ours(db)
        set_up(db)
        bring_up_to_date(db, now)
    except BaseException:
        db.close()
        raise
    return db


def copy_to_memory(db: Db) -> Db:
    """Give a copy of the whole database that lives in memory and is forgotten when closed."""
    memory = Db(sqlite3.connect(":memory:", isolation_level=None), Path(":memory:"))
    copy(db, memory)
    memory.run("PRAGMA foreign_keys=ON")
    return memory


def backup(db: Db, target: Path) -> None:
    """Write a consistent copy (mode 0600) to `target` while others go on working; nothing is ever overwritten."""
    taken = FollowupdError("there is already a file of this name", where=str(target), hint="choose another name")
    if target.is_symlink() or target.exists():
        raise taken
    with files.beside(target) as draft:
        with closing(Db(sqlite3.connect(draft, isolation_level=None), draft)) as whole:
            copy(db, whole)
            # one file that is whole by itself, wherever it is carried
            whole.run("PRAGMA journal_mode=DELETE")
            found = whole.row("PRAGMA quick_check(1)")
            if found is None or found[0] != "ok":
                raise damaged(db.path, str(found[0]) if found else "it cannot be checked")
        try:
            files.publish(draft, target)
        except FileExistsError:
            raise taken from None


def _create(path: Path, now: Instant) -> None:
    """Make a new database under another name and let it appear whole; whoever comes second uses the first one's."""
    files.make_folder(path)
    with files.beside(path) as draft:
        with closing(connect(draft)) as db:
            set_up(db)
            bring_up_to_date(db, now)
        with suppress(FileExistsError):
            files.publish(draft, path)


def connect(path: Path) -> Db:
    """Open a file that is there, as it is; `set_up` has to follow."""
    try:
        connection = sqlite3.connect(
            f"{path.absolute().as_uri()}?mode=rw", uri=True, timeout=BUSY_SECONDS, isolation_level=None
        )
    except sqlite3.Error as error:
        raise known(error, path) or error from error
    return Db(connection, path)


def set_up(db: Db) -> None:
    """Have SQLite keep what is written as this program relies on."""
    mode = db.row("PRAGMA journal_mode")
    if mode is None or mode[0] != "wal":
        db.run("PRAGMA journal_mode=WAL")
    settings = ("foreign_keys=ON", "synchronous=FULL", "trusted_schema=OFF", "secure_delete=ON")
    for pragma in (*settings, f"cache_size=-{CACHE_KIBIBYTES}"):
        db.run(f"PRAGMA {pragma}")


def check_ours(db: Db) -> None:
    """Refuse what is not ours before anything is written to it."""
    application, number = _pragma(db, "application_id"), version(db)
    if application != APPLICATION or number == 0:
        raise FollowupdError(
            "this is not a database of followupd",
            where=str(db.path),
            hint="check storage.database in the config; if it ever was one: followupd restore FILE",
        )
    if number > SCHEMA:
        raise FollowupdError(
            "the database was written by a newer followupd",
            where=str(db.path),
            hint="install the newest followupd, or use a backup from before the update",
        )
    # SQLite itself misses a cut within the last page (it does see whole pages that are missing)
    if db.path.stat().st_size % _pragma(db, "page_size"):
        raise damaged(db.path, "the file is cut short")


def bring_up_to_date(db: Db, now: Instant, *, keep: bool = True) -> None:
    """Carry out the migrations that are pending; `keep` a copy of the database as it was."""
    if version(db) == SCHEMA:
        return
    from followupd.store.copies import keep as keep_copy
    from followupd.store.migrations import migrate

    with db.immediate():
        # another process may have been faster while this one waited for the lock
        if version(db) >= SCHEMA:
            return
        if keep and version(db) > 0:
            keep_copy(db.path, version(db))
        migrate(db.connection)
        db.run(f"PRAGMA application_id={APPLICATION}")
        db.run(f"PRAGMA user_version={SCHEMA}")
        db.run(
            "INSERT INTO facts (name, value, at) VALUES ('schema', ?, ?) "
            "ON CONFLICT (name) DO UPDATE SET value = excluded.value, at = excluded.at",
            (str(SCHEMA), to_text(now)),
        )


def _pragma(db: Db, name: str) -> int:
    found = db.row(f"PRAGMA {name}")
    return int(found[0]) if found else 0


def version(db: Db) -> int:
    """Give the number of the last migration that was carried out, 0 for none."""
    return _pragma(db, "user_version")


def copy(source: Db, target: Db) -> None:
    """Copy a whole database into another, while others go on working."""
    try:
        source.connection.backup(target.connection)
    except sqlite3.Error as error:
        raise known(error, target.path) or error from error


def _encodable(params: Params) -> Params:
    """Replace what cannot be written as UTF-8: half a surrogate pair, as broken mail and file names leave it."""
    if isinstance(params, Mapping):
        return {name: _clean(value) for name, value in params.items()}
    return tuple(_clean(value) for value in params)


def _clean(value: Value) -> Value:
    return value.encode("utf-8", "replace").decode() if isinstance(value, str) else value
