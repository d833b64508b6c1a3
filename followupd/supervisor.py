"""systemd hears that the daemon is ready, alive, reading its config anew, or ending; elsewhere nobody hears anything.

The protocol is one datagram a word (sd_notify(3)). A daemon under a watchdog that says nothing within the given time is
killed and started again (sd_watchdog_enabled(3)), so `alive` belongs into the loop itself and into nothing beside it.
"""

import os
import socket
from collections.abc import Mapping
from contextlib import suppress
from typing import Final

_PATIENCE: Final = 1.0
"""Seconds for a word to be taken: the queue of such a socket is short, and a word more than it holds would be lost."""
_LONGEST: Final = 200
"""Characters of a status that are shown."""


class Supervisor:
    """The one who started this process, where it is systemd (`environ` names its socket); else nobody."""

    def __init__(self, environ: Mapping[str, str] = os.environ) -> None:
        self._address = _address(environ.get("NOTIFY_SOCKET", ""))
        self._patience = _seconds(environ) if self._address else 0.0

    @property
    def interval(self) -> float | None:
        """The seconds within which `alive` is to be said: half of what the watchdog allows; None where none watches."""
        return self._patience / 2 or None

    def ready(self) -> None:
        """Say that the daemon has begun, or goes on with a config that was read anew."""
        self._say("READY=1")

    def alive(self) -> None:
        """Say that the loop goes round."""
        if self._patience:
            self._say("WATCHDOG=1")

    def reloading(self) -> None:
        """Say that the config is being read anew; `ready` ends it."""
        self._say("RELOADING=1")

    def stopping(self) -> None:
        """Say that the daemon ends."""
        self._say("STOPPING=1")

    def status(self, text: str) -> None:
        """Let `systemctl status` show a line; what a stranger wrote adds no line of its own to the protocol."""
        line = " ".join(text.split())[:_LONGEST]
        self._say(f"STATUS={line}")

    def _say(self, word: str) -> None:
        if not self._address:
            return
        # a supervisor that does not listen is no reason to stop waiting for answers
        with suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as wire:
            wire.settimeout(_PATIENCE)
            wire.sendto(word.encode("utf-8", "replace"), self._address)


def _address(named: str) -> str:
    """Give the address of the socket: a path, or with "@" a name in Linux's abstract space (unix(7)); else ""."""
    if named.startswith("@"):
        return "\0" + named[1:]
    return named if named.startswith("/") else ""


def _seconds(environ: Mapping[str, str]) -> float:
    """Give the seconds that the watchdog allows; 0 where none watches, or it watches another process."""
    meant = environ.get("WATCHDOG_PID", "")
    if meant and meant != str(os.getpid()):
        return 0.0
    try:
        return max(0.0, int(environ.get("WATCHDOG_USEC", "0")) / 1_000_000)
    except ValueError:
        return 0.0
