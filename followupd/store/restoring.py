"""A backup takes the place of the database in one step, whole and current; what was there is kept beside it.

What left since the backup was taken is not in it. Nothing has to be done about that here: before anything is sent, a
round takes up what the witness saw and looks for every letter in Sent (`actions/recall.py`, `actions/dispatch.py`).
"""

import os
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from followupd.core.errors import FollowupdError, TryLaterError
from followupd.core.instants import Instant
from followupd.store import files, witness
from followupd.store.db import Db, bring_up_to_date, check_ours, connect, copy, set_up, version
from followupd.store.faults import known
from followupd.store.heard import identity

_NAMED: Final = 6
"""The first schema in which a database has a name."""
_UNCHANGED: Final = "nothing was changed; try another backup"


@dataclass(frozen=True, slots=True, kw_only=True)
class Restored:
    """What was done: how many migrations the backup had, where the database is kept that was there (None: none was).

    `witnessed` tells whether a witness of what was sent since is there.
    """

    schema: int
    kept: Path | None
    witnessed: bool


def restore(source: Path, database: Path, now: Instant) -> Restored:
    """Put a backup in the place of the database; the caller holds the daemon's lock.

    Raises FollowupdError, and changes nothing, if the backup is damaged, not ours or newer than this program, or if the
    witness beside the database belongs to another one; TryLaterError if the database is in use.
    """
    if database.is_symlink():
        files.exists(database)
    if os.path.lexists(database) and source.resolve() == database.resolve():
        raise FollowupdError("this is the database itself", where=str(source))
    files.make_folder(database)
    with files.beside(database) as draft:
        try:
            schema = _copied(source, draft)
        except TryLaterError:
            raise
        except FollowupdError as error:
            raise FollowupdError(error.what, where=str(source), hint=_UNCHANGED) from error
        with closing(connect(draft)) as db:
            set_up(db)
            bring_up_to_date(db, now, keep=False)
            _examine(db, source)
            witnessed, strange = _of_witness(db, database, schema)
        with draft.open("rb") as file:
            os.fsync(file.fileno())
        kept = _put_aside(database, now, witness_too=strange)
        if kept is None:
            files.publish(draft, database)
        else:
            # what was there has its other name by now: at no moment is there no database
            draft.replace(database)
            files.sync(database.parent)
    return Restored(schema=schema, kept=kept, witnessed=witnessed)


def _copied(source: Path, draft: Path) -> int:
    """Copy a backup, and give how many migrations it has had."""
    try:
        with closing(Db(sqlite3.connect(f"{source.absolute().as_uri()}?mode=ro", uri=True), source)) as backup:
            check_ours(backup)
            with closing(Db(sqlite3.connect(draft, isolation_level=None), draft)) as target:
                copy(backup, target)
            return version(backup)
    except sqlite3.Error as error:
        raise known(error, source) or error from error


def _examine(db: Db, source: Path) -> None:
    found = db.row("PRAGMA integrity_check(1)")
    if found is None or found[0] != "ok":
        raise FollowupdError("the backup is damaged", where=str(source), hint=_UNCHANGED)
    if db.row("PRAGMA foreign_key_check") is not None:
        raise FollowupdError("the backup is damaged: rows of it belong to nothing", where=str(source), hint=_UNCHANGED)


def _of_witness(db: Db, database: Path, schema: int) -> tuple[bool, bool]:
    """Tell whether a witness is there for this backup, and whether one is there that is of no use to anybody.

    A backup from before databases had names is taken for the witness's own: the user says that it is.
    """
    name = witness.belongs_to(database)
    if name is None or name == identity(db):
        return name is not None, False
    if schema < _NAMED:
        db.run("UPDATE facts SET value = ? WHERE name = 'identity'", (name,))
        return True, False
    if _knows_nobody(database):
        return False, True
    raise FollowupdError(
        "the database that is there is another one than the backup is of",
        where=str(database),
        hint="nothing was changed; to keep both, name another file as storage.database in the config",
    )


def _knows_nobody(database: Path) -> bool:
    """Tell whether a database is there in which nobody is, and nothing is known of anybody."""
    if not database.exists():
        return False
    with closing(connect(database)) as db:
        check_ours(db)
        return all(db.row(f"SELECT 1 FROM {table}") is None for table in ("contacts", "suppressions"))  # noqa: S608


def _put_aside(database: Path, now: Instant, *, witness_too: bool) -> Path | None:
    """Give the database that is there another name beside its own; None if there is none."""
    if not os.path.lexists(database):
        for leftover in _logs(database):
            leftover.unlink(missing_ok=True)
        return None
    _empty_log(database)
    kept = files.copy_of(database, f"replaced-{now:%Y%m%dT%H%M%SZ}")
    try:
        kept.hardlink_to(database)
    except FileExistsError:
        raise TryLaterError("a database was replaced this very second", where=str(kept)) from None
    except OSError:
        # a file system without hard links: for a moment there is no database, and nobody begins one beside a witness
        database.replace(kept)
    for log in _logs(database):
        if log.exists():
            log.replace(kept.with_name(kept.name + log.name.removeprefix(database.name)))
    if witness_too:
        files.witness_of(database).replace(files.witness_of(kept))
    return kept


def _empty_log(database: Path) -> None:
    """Have everything in the one file; a database that is too damaged for that keeps its log beside it."""
    try:
        with closing(connect(database)) as db:
            row = db.row("PRAGMA wal_checkpoint(TRUNCATE)")
            busy = row is not None and row[0]
    except FollowupdError:
        return
    except sqlite3.Error:
        return
    if busy:
        raise TryLaterError("the database is in use", where=str(database), hint="try again in a moment")


def _logs(database: Path) -> tuple[Path, ...]:
    return tuple(database.with_name(database.name + end) for end in ("-wal", "-shm"))
