"""One daemon at a time works on a database: it holds a lock beside it, and leaves word of its process."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from followupd.core.errors import FollowupdError, TryLaterError
from followupd.core.settings import Settings


@contextmanager
def held(settings: Settings, *, patience: float = 1.0) -> Iterator[None]:
    """Hold the lock beside the database; raise TryLaterError naming the holder if somebody else does.

    `patience` are the seconds to wait for it: `status` holds it for a moment to see whether it is free.
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
        raise FollowupdError(f"the lock cannot be taken: {error.strerror}", where=str(settings.lock)) from error
    try:
        yield
    finally:
        lock.release()


def holder(settings: Settings) -> int | None:
    """Give the process that runs as the daemon on this database; None if none does."""
    try:
        with held(settings, patience=0):
            return None
    except TryLaterError:
        return noted_pid(settings) or 0


def noted_pid(settings: Settings) -> int | None:
    """Read the process id that the holder wrote into a file beside the lock."""
    try:
        return int(pid_file(settings).read_text(encoding="ascii"))
    except (OSError, ValueError):
        return None


def pid_file(settings: Settings) -> Path:
    """Give the place of that file."""
    return Path(str(settings.lock) + ".pid")
