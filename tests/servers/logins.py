"""Who may log in, told to servers in two ways that they ask: that of saslauthd(8) and that of Courier's authdaemond.

Both are asked over a socket of their own, so that a test's new user is known at once, without a database or a reload.
"""

import socketserver
import struct
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final, Self

_STEP: Final = struct.Struct("!H")


class LoginService:
    """Answers at a Unix socket, in a thread; `answer` speaks with one asker."""

    def __init__(self, path: Path, answer: "Callable[[socketserver.StreamRequestHandler], None]") -> None:
        class Handler(socketserver.StreamRequestHandler):
            def handle(self) -> None:
                answer(self)

        class Server(socketserver.ThreadingUnixStreamServer):
            daemon_threads = True

        path.unlink(missing_ok=True)
        self._server = Server(str(path), Handler)
        path.chmod(0o666)

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()


def saslauthd(passwords: Mapping[str, str]) -> "Callable[[socketserver.StreamRequestHandler], None]":
    """Answer as saslauthd does: four counted strings come in (user, password, service, realm), one goes out."""

    def answer(asker: socketserver.StreamRequestHandler) -> None:
        user, password, _, realm = (_counted(asker) for _ in range(4))
        known = passwords.get(f"{user}@{realm}" if realm and "@" not in user else user)
        said = b"OK" if password and known == password else b"NO"
        asker.wfile.write(_STEP.pack(len(said)) + said)

    return answer


def _counted(asker: socketserver.StreamRequestHandler) -> str:
    [size] = _STEP.unpack(asker.rfile.read(_STEP.size))
    return asker.rfile.read(size).decode()


def authdaemond(passwords: Mapping[str, str], homes: Path) -> "Callable[[socketserver.StreamRequestHandler], None]":
    """Answer as authdaemond does to `AUTH size` and the lines service, way, user, password; `homes` has the folders."""

    def answer(asker: socketserver.StreamRequestHandler) -> None:
        line = asker.rfile.readline()
        while b"=" in line:  # variables of the connection come first
            line = asker.rfile.readline()
        command, _, size = line.decode().strip().partition(" ")
        lines = asker.rfile.read(int(size)).decode().split("\n") if command == "AUTH" else []
        user, password = lines[2:4] if len(lines) >= 4 and lines[1] == "login" else ("", "")
        if not password or passwords.get(user) != password:
            asker.wfile.write(b"FAIL\n")
            return
        home = homes / user
        owner = home.stat()
        said = f"UID={owner.st_uid}\nGID={owner.st_gid}\nHOME={home}\nADDRESS={user}\nMAILDIR=Maildir\n.\n"
        asker.wfile.write(said.encode())

    return answer
