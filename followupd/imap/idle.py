"""IDLE (RFC 2177) that is left open while others are waited for, too; the next command ends it."""

# How old an IDLE may get has nothing to do with the time that followupd reasons about, so it needs no Clock.
from time import monotonic  # noqa: TID251

from followupd.imap.ahead import AheadWire
from followupd.imap.wire import Woken


class IdleWire(AheadWire):
    """A wire that listens while its owner does something else."""

    _since: float | None = None

    @property
    def ear(self) -> int | None:
        """The file descriptor to watch; None while it does not listen."""
        return None if self._since is None else self.sock.fileno()

    def listen(self) -> bool:
        """Begin IDLE and come back; False if the server will not let us."""
        self._deadline = monotonic() + self._patience.answer
        if not self._enter_idle():
            return False
        self._since = monotonic()
        # bytes that were taken from the socket already (by TLS, or waiting to be unpacked) wake no poll
        return self._read() is not Woken.REFUSED

    def heard(self) -> Woken:
        """Read what has come, without waiting; OVER: nothing. An IDLE that is about to get too old is ended."""
        woken = self._read()
        if self._since is not None and monotonic() - self._since > self._patience.renewal:
            self._end()
        return woken

    def begin(self, seconds: float) -> None:
        """Start a command, as every wire does; an IDLE that is open is over then."""
        self._end()
        super().begin(seconds)

    def _read(self) -> Woken:
        more, told = True, None
        while more and told is None:  # line by line: what comes without end is noticed before it fills the memory
            more = self._fill_at_once()
            told = self._told()
        woken = told or Woken.OVER
        if woken is Woken.REFUSED:
            self._since = None
        return woken

    def _end(self) -> None:
        if self._since is not None:
            self._since = None
            self._deadline = monotonic() + self._patience.answer
            self.send(b"DONE\r\n")
