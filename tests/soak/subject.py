"""The program under test, told what time it is: `python -m tests.soak.subject FOLDER [followupd's own arguments]`.

Everything is as it is in life, IDLE, signals and the pipe that wakes the loop included; only the time comes from
whoever tells the story (`tests.soak.ticking`), who hears of every sleep and ends it when it is over.
"""

import json
import mmap
import os
import socket
import struct
import sys
import threading
from datetime import UTC, datetime
from pathlib import Path

from followupd.cli import main
from followupd.clock import LONGEST, SystemClock
from followupd.core.instants import Instant
from followupd.ports import Waited

SECONDS = struct.Struct("<q")
LEAK = "FOLLOWUPD_SOAK_LEAK"
"""What is to leak at every sleep, to see whether anybody notices: "descriptors" or "memory"."""

_real_sleep = SystemClock.sleep


class Told:
    """The time as it is told in `folder`: a number in a file, and a socket that is asked for every sleep."""

    def __init__(self, folder: Path) -> None:
        with (folder / "now").open("rb") as file:
            self._shown = mmap.mmap(file.fileno(), SECONDS.size, access=mmap.ACCESS_READ)
        self._at = folder / "clock"
        self._line: socket.socket | None = None
        self._sleeps = 0
        self._kept: list[object] = []

    def now(self) -> Instant:
        """Tell the time of the story, in whole seconds."""
        return datetime.fromtimestamp(SECONDS.unpack(self._shown[:])[0], UTC)

    def sleep(self, clock: SystemClock, seconds: float, mailbox: Waited | None) -> None:
        """Ask for so many seconds, and wait as the real clock does until they are over, in little real time."""
        self._leak()
        line = self._line or self._connect(clock)
        self._sleeps += 1
        asked = {"number": self._sleeps, "seconds": seconds, "listens": mailbox is not None}
        line.sendall(json.dumps(asked).encode() + b"\n")
        _real_sleep(clock, LONGEST, mailbox)

    def _connect(self, clock: SystemClock) -> socket.socket:
        self._line = line = socket.socket(socket.AF_UNIX)
        line.connect(str(self._at))

        def listen() -> None:
            for said in line.makefile():
                if int(said) == self._sleeps:
                    clock.wake()
            os._exit(3)  # the story is over

        threading.Thread(target=listen, name="the clock", daemon=True).start()
        return line

    def _leak(self) -> None:
        if os.environ.get(LEAK) == "descriptors":
            self._kept.append(os.dup(2))
        elif os.environ.get(LEAK) == "memory":
            self._kept.append(bytearray(b"x" * 20_000))


if __name__ == "__main__":
    told = Told(Path(sys.argv[1]))
    SystemClock.now = lambda self: told.now()  # type: ignore[method-assign]
    SystemClock.sleep = lambda self, seconds, mailbox=None: told.sleep(self, seconds, mailbox)  # type: ignore[method-assign]
    sys.exit(main(sys.argv[2:]))
