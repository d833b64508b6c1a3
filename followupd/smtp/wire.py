"""One SMTP connection: whole replies or an exception, every reply within a deadline, never more than a bounded amount.

smtplib's own reader takes "-1" for the code of garbage and 500 for a line that is too long, and its time-out begins
anew with every byte. After a letter's data none of that may pass for an answer, so reading is done here.
"""

import contextlib
import re
import select
import smtplib
import socket

# A deadline of a socket has nothing to do with the time that followupd reasons about, so it needs no Clock.
from time import monotonic  # noqa: TID251
from typing import Final

from followupd.failpoints import Point, reach
from followupd.smtp.trouble import TROUBLE, GarbageError

LONGEST_REPLY: Final = 65_536
"""Octets; RFC 5321, section 4.5.3.1.5, allows 512 a line, and EHLO has the most lines."""

_LINE: Final = re.compile(rb"([2-5][0-9]{2})(?:([ -])([^\r\n]*))?\r?\n")
"""A reply line (RFC 5321, section 4.2)."""


class Wire(smtplib.SMTP):
    """A connection that is open already. `patience` are the seconds within which the next reply must be there."""

    ehlo_msg = "EHLO"

    def __init__(self, sock: socket.socket, patience: float) -> None:
        super().__init__(local_hostname=_literal(sock))
        self.sock = sock
        self.patience = patience
        self.logged_in = False
        self._received = bytearray()

    def send(self, s: object) -> None:
        """Send bytes, or text in the command encoding; raise OSError."""
        assert isinstance(s, str | bytes)
        sock = self._open_socket()
        sock.settimeout(self.patience)
        reach(Point.SMTP_WRITING)
        sock.sendall(s.encode(self.command_encoding) if isinstance(s, str) else s)
        reach(Point.SMTP_WRITTEN)

    def getreply(self) -> tuple[int, bytes]:
        """Read a whole reply: its code and its lines joined by LF; raise OSError or GarbageError."""
        over = monotonic() + self.patience
        lines: list[bytes] = []
        first = b""
        while True:
            line = self._line(over)
            match = _LINE.fullmatch(line)
            if match is None or (first and match[1] != first):
                raise GarbageError(f"the server's answer is no reply of SMTP: {line[:80].decode('latin-1')!r}")
            first = match[1]
            lines.append(match[3] or b"")
            if match[2] != b"-":
                reach(Point.SMTP_ANSWERED)
                return int(first), b"\n".join(lines)
            if sum(map(len, lines)) > LONGEST_REPLY:
                raise GarbageError("the server's answer has no end")

    def text(self, command: str, arguments: str = "") -> tuple[int, str]:
        """Send a command and give the reply with its text; raise OSError, GarbageError or ValueError."""
        code, said = self.docmd(command, arguments)
        return code, said.decode("utf-8", "replace")

    def greeting(self) -> tuple[int, str]:
        """Read what the server says first."""
        code, said = self.getreply()
        return code, said.decode("utf-8", "replace")

    def secure(self, sock: socket.socket) -> None:
        """Go on over TLS; the next EHLO forgets what was said before (RFC 3207, section 4.2)."""
        self.sock = sock

    def unread(self) -> bool:
        """Tell whether the server said more than it was asked, or has closed the connection."""
        poller = select.poll()
        poller.register(self._open_socket(), select.POLLIN)
        return bool(self._received) or bool(poller.poll(0))

    def leave(self, patience: float) -> None:
        """Say QUIT, wait `patience` seconds at most for the answer, and close; nothing that happens here matters.

        With no patience the answer is not waited for (RFC 5321, section 4.1.1.10, only says SHOULD).
        """
        self.patience = max(patience, 0.1)
        with contextlib.suppress(*TROUBLE):
            self.putcmd("QUIT")
            if patience:
                self.getreply()
        self.drop()

    def drop(self) -> None:
        """Close without a word: the server may take anything for a part of the letter."""
        with contextlib.suppress(OSError):
            self.close()

    def _line(self, over: float) -> bytes:
        while (end := self._received.find(b"\n")) < 0:
            if len(self._received) > LONGEST_REPLY:
                raise GarbageError("the server's answer is a line without an end")
            left = over - monotonic()
            if left <= 0:
                raise TimeoutError
            sock = self._open_socket()
            sock.settimeout(left)
            piece = sock.recv(8192)
            if not piece:
                raise ConnectionAbortedError("the server closed the connection")
            self._received += piece
        line = bytes(self._received[: end + 1])
        del self._received[: end + 1]
        return line

    def _open_socket(self) -> socket.socket:
        if self.sock is None:
            raise ConnectionAbortedError("the connection is closed")
        return self.sock


def _literal(sock: socket.socket) -> str:
    """Give this machine's address as EHLO wants it where there is no sure name (RFC 5321, section 4.1.3)."""
    address = str(sock.getsockname()[0]).partition("%")[0]
    return f"[IPv6:{address}]" if ":" in address else f"[{address}]"
