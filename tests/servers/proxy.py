"""A proxy that loses the server's answer to whatever contains a pattern: the server did it, the client never hears."""

import contextlib
import socket
import threading
from typing import Self

from tests.servers.mailbox import HOST


class LosingProxy:
    """Passes everything until `lose` has gone by to the server; the client hears nothing of what comes then."""

    def __init__(self, port: int, *, lose: bytes, times: int = 1) -> None:
        self._target, self._lose, self._times = port, lose, times
        self._listening = socket.create_server((HOST, 0))
        self.port: int = self._listening.getsockname()[1]
        self._open: list[socket.socket] = []

    def __enter__(self) -> Self:
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        for sock in [self._listening, *self._open]:
            with contextlib.suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)
            sock.close()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listening.accept()
            except OSError:
                return
            server = socket.create_connection((HOST, self._target), timeout=20)
            self._open += [client, server]
            lost = threading.Event()
            threading.Thread(target=self._up, args=(client, server, lost), daemon=True).start()
            threading.Thread(target=self._down, args=(client, server, lost), daemon=True).start()

    def _up(self, client: socket.socket, server: socket.socket, lost: threading.Event) -> None:
        seen = b""
        with contextlib.suppress(OSError):
            while data := client.recv(65536):
                seen += data
                if self._times and self._lose in seen:
                    self._times -= 1
                    lost.set()
                server.sendall(data)

    def _down(self, client: socket.socket, server: socket.socket, lost: threading.Event) -> None:
        with contextlib.suppress(OSError):
            while data := server.recv(65536):
                if lost.is_set():
                    break
                client.sendall(data)
        for sock in (client, server):
            with contextlib.suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)
