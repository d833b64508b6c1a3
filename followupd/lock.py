"""One daemon at a time works on a database: it holds a lock beside it, and leaves word of its process."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from followupd.core.errors import FollowupdError, TryLaterError
from followupd.core.settings import Settings


@contextmanager
def held(settings: Settings, *, patience: float = 1.0) -> Iterator[None]:
    """Hold the lock beside the database; raise TryLaterError naming the holder if somebody else does.

    `patience` are the seconds to wait for it: `status` shares it for a moment to see whether it is free.
    """
    from filelock import FileLock, Timeout

    lock = FileLock(Path(settings.lock), timeout=patience, mode=0o600)
    try:
        lock.acquire()
    except Timeout:
        holder_pid = noted_pid(settings)
        named = f"process {holder_pid}" if holder_pid else "another process"
        raise TryLaterError(
            f"another followupd works on this database: {named}",
            where=str(settings.database),
            hint="end it first, or leave the work to it; see: followupd status",
        ) from None
    except OSError as error:
        raise _unusable(settings, error) from error
    try:
        yield
    finally:
        lock.release()


def holder(settings: Settings) -> int | None:
    """Give the process that runs as the daemon on this database, 0 if it cannot be named; None if none does.

    filelock takes flock(2), which can be asked about without it: to load it takes longer than all that `status` reads.
    """
    try:
        with Path(settings.lock).open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except FileNotFoundError:
        return None
    except BlockingIOError:
        return noted_pid(settings) or 0
    except OSError as error:
        raise _unusable(settings, error) from error
    return None


def noted_pid(settings: Settings) -> int | None:
    """Read the process id that the holder wrote into a file beside the lock."""
    try:
        return int(pid_file(settings).read_text(encoding="ascii"))
    except (OSError, ValueError):
        return None


def pid_file(settings: Settings) -> Path:
    """Give the place of that file."""
    return Path(str(settings.lock) + ".pid")


def _unusable(settings: Settings, error: OSError) -> FollowupdError:
    return FollowupdError(f"the lock cannot be taken: {error.strerror}", where=str(settings.lock))
