"""The clock of the story, as whoever tells it holds it: it hears of every sleep of the program, and ends it."""

import json
import mmap
import selectors
import socket
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, Self

from followupd.core.instants import Instant
from tests.soak.subject import SECONDS

PATIENCE: Final = 60.0
"""Real seconds that the program may be at work between two sleeps, on a very busy machine."""


@dataclass(frozen=True, slots=True)
class Sleep:
    """The program has nothing to do for so many `seconds`; where it `listens`, mail wakes it by itself."""

    number: int
    seconds: float
    listens: bool


class StuckError(AssertionError):
    """The program works and works, and neither sleeps nor ends."""


class Ticking:
    """A clock in `folder` that shows `now`, for one program at a time; a context manager."""

    def __init__(self, folder: Path, now: Instant) -> None:
        file = folder / "now"
        file.write_bytes(bytes(SECONDS.size))
        with file.open("r+b") as opened:
            self._shown = mmap.mmap(opened.fileno(), SECONDS.size)
        self.set(now)
        self._listening = socket.socket(socket.AF_UNIX)
        self._listening.bind(str(folder / "clock"))
        self._listening.listen()
        self._line: socket.socket | None = None
        self._heard = b""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.hang_up()
        self._listening.close()
        self._shown.close()

    @property
    def now(self) -> Instant:
        """What it shows."""
        return datetime.fromtimestamp(SECONDS.unpack(self._shown[:])[0], UTC)

    def set(self, now: Instant) -> None:
        """Let it be `now`, at once and for every program that reads it."""
        self._shown[:] = SECONDS.pack(int(now.timestamp()))

    def heard(self, seconds: float = PATIENCE) -> Sleep | None:
        """Wait for the next sleep of the program; None if it has ended. Raises TimeoutError after `seconds`."""
        while b"\n" not in self._heard:
            if not self._readable(seconds):
                raise TimeoutError
            if self._line is None:
                self._line, _ = self._listening.accept()
                continue
            try:
                data = self._line.recv(4096)
            except ConnectionError:
                data = b""
            if not data:
                self.hang_up()
                return None
            self._heard += data
        line, _, self._heard = self._heard.partition(b"\n")
        return Sleep(**json.loads(line))

    def over(self, sleep: Sleep) -> None:
        """Wake the program from this sleep; nothing happens if it is awake already."""
        if self._line is not None:
            with suppress(OSError):
                self._line.sendall(f"{sleep.number}\n".encode())

    def hang_up(self) -> None:
        """Forget the program that was listening."""
        if self._line is not None:
            self._line.close()
        self._line, self._heard = None, b""

    @property
    def is_waiting(self) -> bool:
        """Tell whether the program has said something that nobody has heard yet, or has ended."""
        return bool(self._heard) or self._readable(0)

    def _readable(self, seconds: float) -> bool:
        with selectors.DefaultSelector() as selector:
            selector.register(self._line or self._listening, selectors.EVENT_READ)
            return bool(selector.select(seconds))
