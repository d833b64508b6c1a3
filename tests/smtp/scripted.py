"""An SMTP server in a thread that does one thing wrong at one place of the dialogue, and remembers all it was told."""

import contextlib
import socket
import ssl
import struct
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Self

from tests.servers.certificates import Pair

STAGES = ("greeting", "EHLO", "STARTTLS", "AUTH", "MAIL", "RCPT", "DATA", "dot", "QUIT")
RST, CLOSE, SILENCE = "RST", "close", "silence"


@dataclass(slots=True)
class Fault:
    """Where (one of STAGES) and what: RST, CLOSE, SILENCE, or the bytes to say instead; `trickle`: a byte at a time."""

    stage: str
    what: str | bytes
    trickle: bool = False


@dataclass(slots=True)
class Ended(Exception):  # noqa: N818  no error: the connection has come to its end
    """The connection is over."""

    rst: bool = False


@dataclass(slots=True, kw_only=True)
class Script:
    """How the server behaves. `cut_after`, `deaf_after`: octets that it says, or hears, before it ends.

    `before` is called with the stage before something is said there.
    """

    fault: Fault | None = None
    extensions: tuple[str, ...] = ("SIZE 35882577", "8BITMIME", "AUTH PLAIN LOGIN")
    replies: dict[str, bytes] = field(default_factory=dict)
    tls: Pair | None = None
    implicit_tls: bool = False
    cut_after: int | None = None
    deaf_after: int | None = None
    before: Callable[[str], None] = field(default=lambda stage: None)


_REPLIES = {
    "greeting": b"220 mx.followupd.test ESMTP\r\n",
    "STARTTLS": b"220 2.0.0 Ready to start TLS\r\n",
    "AUTH": b"235 2.7.0 Authentication successful\r\n",
    "MAIL": b"250 2.1.0 Ok\r\n",
    "RCPT": b"250 2.1.5 Ok\r\n",
    "DATA": b"354 End data with <CR><LF>.<CR><LF>\r\n",
    "dot": b"250 2.0.0 Ok: queued as 4Xyz\r\n",
    "QUIT": b"221 2.0.0 Bye\r\n",
    "RSET": b"250 2.0.0 Ok\r\n",
    "NOOP": b"250 2.0.0 Ok\r\n",
}


class ScriptedServer:
    """Serves connections one after the other. `heard` is all that was said to it, `letters` what ended in a dot.

    `accepted` are the letters to which it meant to say yes.
    """

    def __init__(self, script: Script) -> None:
        self.script = script
        self.heard = b""
        self.letters: list[bytes] = []
        self.accepted: list[bytes] = []
        self.in_the_clear = b""
        self._said = 0
        self._over = threading.Event()
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listening.getsockname()[1]
        self._open: set[socket.socket] = set()
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._serve, name="scripted SMTP server", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._done.set()
        with contextlib.suppress(OSError):
            self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        for sock in list(self._open):
            with contextlib.suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)
        self._thread.join(10)
        assert not self._thread.is_alive()

    def whole(self) -> bytes:
        """Give all that was heard, once a connection is over."""
        assert self._over.wait(10)
        return self.heard

    def _serve(self) -> None:
        while not self._done.is_set():
            try:
                sock, _ = self._listening.accept()
            except OSError:
                return
            Dialogue(self, sock).run()


class Dialogue:
    """One connection."""

    def __init__(self, server: ScriptedServer, sock: socket.socket) -> None:
        self._server, self._script, self._sock = server, server.script, sock
        self._buffer = b""
        self._protected = False
        sock.settimeout(10)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        server._open.add(sock)

    def run(self) -> None:
        rst = False
        try:
            if self._script.implicit_tls:
                self._protect()
            self._say("greeting")
            while True:
                self._answer(self._line())
        except Ended as ended:
            rst = ended.rst
        except OSError:
            pass  # the client went away, as it does when it gives up
        finally:
            self._server._open.discard(self._sock)
            with contextlib.suppress(OSError):
                if rst:
                    self._sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self._sock.close()
            self._server._over.set()

    def _answer(self, line: bytes) -> None:
        verb = line.split(b" ")[0].strip().upper().decode("latin-1")
        if verb == "EHLO":
            offered = list(self._script.extensions)
            if self._script.tls and not self._script.implicit_tls and not self._protected:
                offered.append("STARTTLS")
            lines = ["mx.followupd.test", *offered]
            text = "".join(f"250{' ' if line == lines[-1] else '-'}{line}\r\n" for line in lines)
            self._say("EHLO", text.encode())
        elif verb == "STARTTLS":
            self._say("STARTTLS")
            self._protect()
        elif verb == "DATA":
            self._say("DATA")
            self._data()
        elif verb == "AUTH" and line.strip().upper() == b"AUTH LOGIN":
            for question in (b"334 VXNlcm5hbWU6\r\n", b"334 UGFzc3dvcmQ6\r\n"):
                self._write(question)
                self._line()
            self._say("AUTH")
        else:
            self._say(verb)
            if verb == "QUIT":
                raise Ended

    def _data(self) -> None:
        letter = b""
        while (line := self._line()) != b".\r\n":
            letter += line[1:] if line.startswith(b".") else line
        self._server.letters.append(letter)
        fault = self._script.fault
        if fault is None or fault.stage != "dot" or (isinstance(fault.what, bytes) and fault.what.startswith(b"2")):
            self._server.accepted.append(letter)
        self._say("dot")

    def _say(self, stage: str, text: bytes | None = None) -> None:
        self._script.before(stage)
        fault = self._script.fault
        if fault is None or fault.stage != stage:
            reply = self._script.replies.get(stage) or text or _REPLIES.get(stage)
            self._write(reply or b"500 5.5.2 Error: command not recognized\r\n")
        elif isinstance(fault.what, bytes):
            self._misspeak(fault)
        else:
            if fault.what == SILENCE:
                self._drain()
            raise Ended(rst=fault.what == RST)

    def _misspeak(self, fault: Fault) -> None:
        assert isinstance(fault.what, bytes)
        if fault.trickle:
            for octet in fault.what:
                self._write(bytes([octet]))
                if self._server._done.wait(0.1):
                    raise Ended
            return
        self._write(fault.what)
        if fault.stage == "dot" or not fault.what.startswith(b"2"):
            self._drain()
            raise Ended

    def _drain(self) -> None:
        """Hear all that still comes, and say nothing."""
        while self._hear():
            pass

    def _write(self, data: bytes) -> None:
        cut = self._script.cut_after
        if cut is not None and self._server._said + len(data) >= cut:
            self._sock.sendall(data[: cut - self._server._said])
            self._server._said = cut
            # an orderly end: a reset could overtake what was said
            raise Ended
        self._server._said += len(data)
        self._sock.sendall(data)

    def _line(self) -> bytes:
        while b"\n" not in self._buffer:
            if not self._hear():
                raise Ended
        line, _, self._buffer = self._buffer.partition(b"\n")
        return line + b"\n"

    def _hear(self) -> bool:
        data = self._sock.recv(1 if self._script.deaf_after is not None else 65536)
        self._server.heard += data
        if not self._protected:
            self._server.in_the_clear += data
        self._buffer += data
        if self._script.deaf_after is not None and len(self._server.heard) >= self._script.deaf_after:
            raise Ended(rst=True)
        return bool(data)

    def _protect(self) -> None:
        assert self._script.tls
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self._script.tls.certificate, self._script.tls.key)
        self._server._open.discard(self._sock)
        self._sock = context.wrap_socket(self._sock, server_side=True)
        self._server._open.add(self._sock)
        self._protected = True
