"""A program of the user's: begun without a shell, given one document, heard within bounds, and ended if it hangs.

It sees none of the passwords that this process was started with. What it began itself is ended with it.
"""

import os
import selectors
import signal
import subprocess
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

# How long another process takes has nothing to do with the time that followupd reasons about, so it needs no Clock.
from time import monotonic  # noqa: TID251
from typing import Final, Self

MOST: Final = 65_536
"""Octets of what a program prints that are kept; the rest is read and forgotten."""
_SLICE: Final = 0.5
"""Seconds after which whoever waits is told that the program is still waited for."""


@dataclass(frozen=True, slots=True)
class Ended:
    """How a program ended: its exit status (-N for signal N; None where it took too long), and what it printed."""

    status: int | None
    said: bytes = b""


def name_of(command: Sequence[str]) -> str:
    """Give the name by which a program is told of."""
    return Path(command[0]).name


def run(command: Sequence[str], given: bytes, seconds: float, alive: Callable[[], None] = lambda: None) -> Ended:
    """Run a program with `given` on its standard input; one that takes longer than `seconds` is killed.

    `alive` is called again and again meanwhile. Raises OSError or ValueError where it cannot be started.
    """
    with subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        env={key: value for key, value in os.environ.items() if not key.startswith("FOLLOWUPD_PASSWORD")},
    ) as program:
        try:
            said = _heard(program, given, monotonic() + seconds, alive)
        except BaseException:
            _kill(program)
            raise
        if said is None:
            _kill(program)
            return Ended(None)
        return Ended(program.wait(), said)


def _heard(program: subprocess.Popen[bytes], given: bytes, over: float, alive: Callable[[], None]) -> bytes | None:
    """Give what a program printed once it has ended, whoever else holds its output open; None where time is over."""
    with _Talk(program, given) as talk:
        while (now := monotonic()) < over:
            ended = program.poll() is not None
            heard = talk.go_on(0 if ended else min(_SLICE, over - now))
            if ended and not heard:
                return bytes(talk.said)
            alive()
    return None


class _Talk:
    """Both pipes of a program, served as they are ready: neither side ever waits for the other."""

    def __init__(self, program: subprocess.Popen[bytes], given: bytes) -> None:
        assert program.stdin is not None
        assert program.stdout is not None
        self.said = bytearray()
        self._program = program
        self._given, self._output = program.stdin, program.stdout
        self._left = memoryview(given)
        self._ready = selectors.DefaultSelector()
        for stream, what in ((self._given, selectors.EVENT_WRITE), (self._output, selectors.EVENT_READ)):
            os.set_blocking(stream.fileno(), False)
            self._ready.register(stream, what)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._ready.close()

    def go_on(self, seconds: float) -> bool:
        """Serve what is ready within some seconds; tell whether something was heard."""
        if not self._ready.get_map():
            with suppress(subprocess.TimeoutExpired):
                self._program.wait(seconds)
            return False
        heard = False
        for key, _ in self._ready.select(seconds):
            if key.fileobj is self._output:
                heard = self._listen()
            else:
                self._give()
        return heard

    def _give(self) -> None:
        """Write what the pipe takes; a program that no longer reads has read enough."""
        try:
            self._left = self._left[os.write(self._given.fileno(), self._left[:MOST]) :]
        except BlockingIOError:
            return
        except OSError:
            self._left = self._left[:0]
        if not self._left:
            self._ready.unregister(self._given)
            with suppress(OSError):
                self._given.close()

    def _listen(self) -> bool:
        """Read what is there; False at the end."""
        try:
            found = os.read(self._output.fileno(), MOST)
        except OSError:
            found = b""
        self.said += found[: MOST - len(self.said)]
        if not found:
            self._ready.unregister(self._output)
        return bool(found)


def _kill(program: subprocess.Popen[bytes]) -> None:
    with suppress(OSError):
        os.killpg(program.pid, signal.SIGKILL)
    program.kill()
