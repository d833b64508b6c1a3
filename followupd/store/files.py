"""The database's file is its owner's alone, is never reached through a link, and appears whole or not at all."""

import errno
import os
import re
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from followupd.core.errors import FollowupdError, StorageError
from followupd.failpoints import Point, reach
from followupd.store.faults import damaged

_NO_FOLDERS: Final = frozenset({errno.EINVAL, errno.ENOTSUP, errno.EBADF, errno.EACCES, errno.ENOSYS})
"""What systems say that cannot sync a folder at all."""


def exists(path: Path) -> bool:
    """Tell whether there is a database to open; raise FollowupdError if what is there must not be opened.

    A log without its database, or an empty file, is what a loss leaves behind: to begin anew there would write the
    same letters again.
    """
    try:
        found = path.lstat()
    except FileNotFoundError:
        if path.with_name(path.name + "-wal").exists():
            raise damaged(path, "the file is gone, but its write-ahead log is still there") from None
        return False
    except OSError as error:
        raise _unreachable(path, error) from error
    if stat.S_ISLNK(found.st_mode):
        raise FollowupdError(
            "the database is a symbolic link", where=str(path), hint="put the path of the file itself into the config"
        )
    if not stat.S_ISREG(found.st_mode):
        raise FollowupdError("the database is not a file", where=str(path))
    if found.st_uid != os.geteuid():
        raise FollowupdError(
            "the database belongs to another user", where=str(path), hint="run followupd as the user who owns it"
        )
    if found.st_size < 512:  # the smallest page of an SQLite file; SQLite would take less for a new database
        raise damaged(path, "the file is empty" if found.st_size == 0 else "the file is cut short")
    return True


def witness_of(database: Path) -> Path:
    """Give the place of the file that remembers what was sent (`store/witness.py`)."""
    return database.with_name(database.name + ".witness")


def copy_of(database: Path, why: str) -> Path:
    """Give the place of a copy that followupd itself keeps beside a database; `why` is "schema-7" or "replaced-..."."""
    return database.with_name(f"{database.name}.{why}")


def copies(database: Path) -> tuple[Path, ...]:
    """Give the copies that followupd has left beside a database: before an upgrade, when it was replaced."""
    name = re.compile(re.escape(database.name) + r"\.(?:schema-\d+|replaced-[0-9TZ-]+)(?:-wal|-shm|\.witness)?")
    return tuple(sorted(one for one in database.parent.iterdir() if name.fullmatch(one.name)))


def refuse_lost(database: Path) -> None:
    """Raise FollowupdError if the database is gone and its witness is there: to begin anew would write to all again."""
    witness = witness_of(database)
    # in this order: whoever makes a database makes its witness after it
    if os.path.lexists(witness) and not os.path.lexists(database):
        raise FollowupdError(
            "the database is gone, but the witness of what was sent is still there",
            where=str(database),
            hint="nothing was sent and nothing was changed; put your last backup in its place: followupd restore FILE. "
            f"To begin from nothing, and write to everybody anew, move {witness.name} away first",
        )


def identity(path: Path) -> tuple[int, int] | None:
    """Give what tells a file from another one of its name; None if there is no file."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def tighten(path: Path) -> None:
    """Take a file away from everybody but its owner."""
    if path.stat().st_mode & 0o077:
        try:
            path.chmod(0o600)
        except OSError as error:
            raise _unreachable(path, error) from error


def make_folder(path: Path) -> None:
    """Make the folder of a database, closed to others, if there is none."""
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise _unreachable(path.parent, error) from error


@contextmanager
def beside(path: Path) -> Iterator[Path]:
    """Give a new empty file (mode 0600) in the folder of `path`; what still has its name at the end is removed."""
    draft = path.with_name(f".{path.name}.{os.urandom(6).hex()}")
    try:
        os.close(os.open(draft, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600))
    except OSError as error:
        raise _unreachable(path.parent, error) from error
    try:
        yield draft
    finally:
        for leftover in (draft, *(draft.with_name(draft.name + end) for end in ("-wal", "-shm", "-journal"))):
            leftover.unlink(missing_ok=True)


def publish(draft: Path, path: Path) -> None:
    """Give a finished file its name; raise FileExistsError if something has it. Nobody ever sees half of it."""
    sync(draft)
    reach(Point.PUBLISHING)
    try:
        path.hardlink_to(draft)
    except FileExistsError:
        raise
    except OSError:
        # a file system without hard links: the name is taken first, which only one can do
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600))
        draft.replace(path)
    sync(path.parent)
    reach(Point.PUBLISHED)


def sync(path: Path) -> None:
    """Have the disk keep what was written; raise FollowupdError if it does not.

    There are file systems on which a folder cannot be synced: that is no reason to stop.
    """
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    except OSError as error:
        if not path.is_dir() or error.errno not in _NO_FOLDERS:
            raise StorageError(
                f"the disk failed to keep what was written: {error.strerror}",
                where=str(path),
                hint="check the disk; do not trust this file",
            ) from error
    finally:
        os.close(handle)


def _unreachable(path: Path, error: OSError) -> FollowupdError:
    return FollowupdError(
        f"this place cannot be used: {error.strerror or error}",
        where=str(path),
        hint="check the path and its permissions",
    )
