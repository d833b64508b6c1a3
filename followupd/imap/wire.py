"""The wire under imaplib: commands have deadlines, answers have bounds, and what is said before TLS does not count.

Why not imaplib's own reading: its timeouts are for one `recv`, so a server that gives a byte a second holds it for
ever; it reads a literal of whatever size is announced; its list of unsolicited responses grows for months; and a line
that arrives in two pieces in IDLE is torn. Here all bytes pass through one buffer, and only whole lines are read.
"""

import imaplib
import select
import socket
import ssl
from enum import Enum, auto

# A deadline of a socket has nothing to do with the time that followupd reasons about, so it needs no Clock.
from time import monotonic  # noqa: TID251
from typing import TYPE_CHECKING, Any, Final

from followupd.failpoints import Point, reach
from followupd.imap.dial import secure
from followupd.imap.patience import Patience

LINE_LIMIT: Final = 1 << 20
LINES_LIMIT: Final = 8 << 20
"""Octets in one line, and in all lines of the answer to one command."""
LITERAL_KEPT: Final = 256 << 10
LITERAL_LIMIT: Final = 32 << 20
KEPT_LIMIT: Final = 32 << 20
RECEIVED_LIMIT: Final = 512 << 20
SMALL: Final = 16 << 10
"""A literal is kept up to LITERAL_KEPT and read past up to LITERAL_LIMIT; a bigger one is refused unread. Once a
command has kept KEPT_LIMIT, each further literal is kept up to SMALL."""


class WireError(Exception):
    """The connection is of no more use; says why in a plain sentence."""


class Woken(Enum):
    """Why IDLE ended."""

    WAKE = auto()
    NEWS = auto()
    OVER = auto()
    REFUSED = auto()


def doze(seconds: float, wake: int) -> None:
    """Wait until file descriptor `wake` is readable or `seconds` have passed."""
    poller = select.poll()
    poller.register(wake, select.POLLIN)
    poller.poll(max(0.0, seconds) * 1000)


class Wire(imaplib.IMAP4):
    """imaplib over a connected socket. `exists` counts the messages of the selected folder as the server tells it.

    `grown` is set when that number rose, in whatever answer the server chose to say so; whoever looks at the new
    messages, or tells somebody to, clears it.
    """

    exists = 0
    grown = False

    if TYPE_CHECKING:  # private methods of imaplib, the same from Python 3.11 to 3.13

        def _command(self, name: str, *args: str | bytes) -> bytes: ...
        def _simple_command(self, name: str, *args: str | bytes) -> tuple[str, list[Any]]: ...
        def _untagged_response(self, typ: str, dat: list[Any], name: str) -> tuple[str, list[Any]]: ...
        def _get_response(self) -> bytes | None: ...
        def _get_capabilities(self) -> None: ...

    def __init__(self, sock: socket.socket, host: str, patience: Patience) -> None:
        """Take over a connected socket and read the greeting."""
        self._patience = patience
        self._given = sock
        self._buffer = bytearray()
        self._searched = 0
        self._idle: bytes | None = None
        self._deadline = monotonic() + patience.short
        self._lines = self._kept = self._received = 0
        super().__init__(host)

    # -- what imaplib lets a subclass replace --------------------------------------------------------------------------

    def open(self, host: str = "", port: int = 143, _timeout: float | None = None) -> None:
        """Use the socket that was given."""
        self.host, self.port = host, port
        self.sock = self._given

    def shutdown(self) -> None:
        """Close the socket, without a word to the server."""
        self.sock.close()

    def readline(self) -> bytes:
        """Read one line, within the deadline and the bounds."""
        while not self._line_is_whole():
            if len(self._buffer) > LINE_LIMIT:
                raise WireError(f"the server sent a line of more than {LINE_LIMIT} bytes")
            self._fill()
        line = bytes(self._buffer[: self._searched + 1])
        del self._buffer[: self._searched + 1]
        self._searched = 0
        self._lines += len(line)
        if self._lines > LINES_LIMIT:
            raise WireError("the server sent an answer without end")
        return line

    def read(self, size: int) -> bytes:
        """Read a literal; keep no more of it than the bounds allow."""
        if size > LITERAL_LIMIT:
            raise WireError(f"the server announced {size} bytes at once, which is too much")
        keep = min(size, LITERAL_KEPT, max(SMALL, KEPT_LIMIT - self._kept))
        while len(self._buffer) < keep:
            self._fill()
        kept = bytes(self._buffer[:keep])
        del self._buffer[:keep]
        self._kept += keep
        past = size - keep
        while past > len(self._buffer):
            past -= len(self._buffer)
            self._buffer.clear()
            self._fill()
        del self._buffer[:past]
        return kept

    def send(self, data: bytes) -> None:  # type: ignore[override]
        """Send all of it, within the deadline."""
        rest = memoryview(data)
        reach(Point.IMAP_WRITING)
        try:
            while rest:
                self.sock.settimeout(self._left())
                rest = rest[self.sock.send(rest[:16384]) :]
        except OSError as error:
            raise WireError(f"the server does not take what is sent to it ({error})") from error
        reach(Point.IMAP_WRITTEN)

    def starttls(self, ssl_context: ssl.SSLContext | None = None) -> tuple[str, list[Any]]:  # type: ignore[override]
        """Begin TLS (RFC 9051, section 6.2.1); refuse a connection on which anything followed the server's OK.

        Whatever the server said in the clear, capabilities included, is forgotten.
        """
        if ssl_context is None:
            raise WireError("there is no way to check the server's certificate")
        typ, data = self._simple_command("STARTTLS")
        if typ != "OK":
            raise WireError("the server refuses to begin TLS")
        if self._buffer:
            raise WireError("somebody put data into the connection before TLS began")
        self.sock = secure(self.sock, ssl_context, self.host, self._left())
        self.untagged_responses.clear()
        self._get_capabilities()
        return typ, data

    def _append_untagged(self, typ: str, dat: object) -> None:
        if typ == "EXISTS" and isinstance(dat, bytes) and dat.isdigit() and len(dat) <= 18:
            self.grown = self.grown or int(dat) > self.exists
            self.exists = int(dat)
        elif typ == "EXPUNGE":
            self.exists = max(0, self.exists - 1)
        elif typ not in {"EXISTS", "RECENT", "FLAGS"}:
            super()._append_untagged(typ, dat)  # type: ignore[misc]

    def _check_bye(self) -> None:
        if said := self.untagged_responses.get("BYE"):
            last = said[-1] if isinstance(said[-1], bytes) else b""
            raise WireError(f"the server ended the session: {last.decode('utf-8', 'replace')}")

    def _log(self, line: str) -> None:
        """Remember nothing: imaplib keeps the last ten lines, the login among them."""

    # -- commands ------------------------------------------------------------------------------------------------------

    def begin(self, seconds: float) -> None:
        """Start a command that has `seconds` in all; what earlier ones left behind is forgotten."""
        self._deadline = monotonic() + min(self._patience.answer, seconds)
        self._settle()
        self._check_bye()
        self._deadline = monotonic() + seconds
        self._lines = self._kept = self._received = 0
        self.untagged_responses.clear()

    def ask(self, name: str, *args: str | bytes, response: str = "") -> tuple[str, list[Any]]:
        """Send a command; give OK or NO and the untagged data of type `response`, or the server's words after NO."""
        typ, data = self._simple_command(name, *args)
        return (typ, data) if typ != "OK" or not response else self._untagged_response(typ, data, response)

    def stale(self) -> bool:
        """Tell, without waiting, whether the server has ended the connection."""
        try:
            while self._idle is None and len(self._buffer) <= LINE_LIMIT and self._fill_at_once():
                pass
        except (OSError, WireError):
            return True
        return b"* BYE" in self._buffer

    def idle(self, seconds: float, wake: int) -> Woken:
        """Wait in IDLE (RFC 2177) for news of the selected folder, for `wake` to be readable, or for `seconds`.

        The answer to the last DONE is read before the next command, so that a wake-up costs no round trip.
        """
        over = monotonic() + seconds
        while True:
            self._deadline = monotonic() + self._patience.answer
            if not self._enter_idle():
                return Woken.REFUSED
            woken = self._listen(min(over, monotonic() + self._patience.renewal), wake)
            if woken is Woken.REFUSED:
                return woken
            self._deadline = monotonic() + self._patience.answer
            self.send(b"DONE\r\n")
            if woken is not Woken.OVER or monotonic() >= over:
                return woken
            self._settle()

    # -- within --------------------------------------------------------------------------------------------------------

    def _left(self) -> float:
        left = self._deadline - monotonic()
        if left <= 0:
            raise TimeoutError("the server is too slow")
        return min(left, self._patience.silence)

    def _line_is_whole(self) -> bool:
        at = self._buffer.find(b"\n", self._searched)
        self._searched = at if at >= 0 else len(self._buffer)
        return at >= 0

    def _fill(self) -> None:
        self.sock.settimeout(self._left())
        self._take(self.sock.recv(65536))

    def _fill_at_once(self) -> bool:
        """Take what has arrived; False if nothing has (of TLS, also: not yet a whole record)."""
        self.sock.settimeout(0)
        try:
            self._take(self.sock.recv(65536))
        except (BlockingIOError, ssl.SSLWantReadError):
            return False
        return True

    def _take(self, data: bytes) -> None:
        if not data:
            raise WireError("the server closed the connection")
        self._count(len(data))
        self._buffer += data

    def _count(self, octets: int) -> None:
        self._received += octets
        if self._received > RECEIVED_LIMIT:
            raise WireError("the server sent an answer without end")

    def _enter_idle(self) -> bool:
        self._lines = self._received = 0
        self._idle = self._command("IDLE")
        while self._get_response() is not None:  # None: the server's "+"; lines before it are allowed, and read
            self._check_bye()
            if self._idle_over():
                return False
        return True

    def _idle_over(self) -> bool:
        """Tell whether the server has answered IDLE; forget the tag if so."""
        if self._idle is not None and self.tagged_commands.get(self._idle) is not None:
            del self.tagged_commands[self._idle]
            self._idle = None
        return self._idle is None

    def _settle(self) -> None:
        """Read the answer to IDLE that the last wait did not stay for."""
        while not self._idle_over():
            self._get_response()
            self._check_bye()

    def _listen(self, until: float, wake: int) -> Woken:
        """Read lines as they become whole. A server that ends IDLE by itself is not asked again (REFUSED)."""
        poller = select.poll()
        poller.register(wake, select.POLLIN)
        poller.register(self.sock, select.POLLIN)
        more = True  # bytes that TLS has already taken from the socket wake no poll
        while (told := self._told()) is None:
            left = until - monotonic()
            if left <= 0:
                return Woken.OVER
            if any(descriptor == wake for descriptor, _ in poller.poll(0 if more else left * 1000)):
                return Woken.WAKE
            more = self._fill_at_once()
        return told

    def _told(self) -> Woken | None:
        """Read the lines of IDLE that are whole; None where they tell nothing new."""
        while self._line_is_whole():
            self._deadline = monotonic() + self._patience.answer
            self._get_response()
            self._check_bye()
            if self._idle_over():
                return Woken.REFUSED
        if len(self._buffer) > LINE_LIMIT:
            raise WireError(f"the server sent a line of more than {LINE_LIMIT} bytes")
        return Woken.NEWS if self.grown else None
