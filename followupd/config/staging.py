"""Files take their places together and whole, or none of them does; until then they stand beside, and only we can read.

A symbolic link stays one: what it leads to is replaced.
"""

import os
import signal
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import Self


class Staged:
    """A new file beside the place that it will take, mode 0600; leaving the block removes it unless it is there."""

    def __init__(self, path: Path, content: str) -> None:
        """Write the file beside `path`, whose folder is made if need be; raise OSError."""
        self.path = path.resolve()
        self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.beside = self.path.with_name(f".{self.path.name}.{os.getpid()}.new")
        self.beside.unlink(missing_ok=True)
        handle = os.open(self.beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        try:
            with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
                file.write(content)
                file.flush()
                os.fsync(handle)
        except BaseException:
            self.drop()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.drop()

    def take_place(self) -> None:
        """Replace what stands at the place."""
        self.beside.replace(self.path)
        folder = os.open(self.path.parent, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)

    def drop(self) -> None:
        """Remove the file if it has not taken its place."""
        with suppress(OSError):
            self.beside.unlink(missing_ok=True)


@contextmanager
def staged(files: Sequence[tuple[Path, str]]) -> Iterator[tuple[Staged, ...]]:
    """Write files beside their places, and remove in the end those that did not take them."""
    with ExitStack() as stack:
        yield tuple(stack.enter_context(Staged(path, content)) for path, content in files)


def replace_with(path: Path, content: str) -> bool:
    """Let a file appear whole in place of an older one, whose mode it keeps; tell whether anything was to change.

    A new one is only its owner's. Raises OSError.
    """
    try:
        mode = path.stat().st_mode & 0o777
        if path.read_bytes() == content.encode():
            return False
    except FileNotFoundError:
        mode = 0o600
    with Staged(path, content) as file:
        file.beside.chmod(mode)
        file.take_place()
    return True


def take_places(files: Sequence[Staged]) -> None:
    """Let all take their places, without a Ctrl-C in between."""
    blocked = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM, signal.SIGHUP})
    try:
        for one in files:
            one.take_place()
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, blocked)
