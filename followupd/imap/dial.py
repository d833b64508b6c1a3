"""A connection to a server: checked TLS, or plain text to this machine only; every step has a deadline.

A certificate must be signed by a known authority (or the one the config names) and be for the host's name (RFC 8314,
section 3; RFC 9525).
"""

import ipaddress
import select
import socket
import ssl
from functools import lru_cache
from pathlib import Path

# A deadline of a socket has nothing to do with the time that followupd reasons about, so it needs no Clock.
from time import monotonic  # noqa: TID251
from typing import Final

from followupd.core.connections import Security, Server
from followupd.core.errors import UnreachableError

_KEEPALIVE: Final = (("TCP_KEEPIDLE", 120), ("TCP_KEEPALIVE", 120), ("TCP_KEEPINTVL", 30), ("TCP_KEEPCNT", 4))
"""Seconds of silence before the first probe (Linux, then macOS), between probes, and how many may be lost."""


def connect(server: Server, seconds: float) -> socket.socket:
    """Open a TCP connection; `seconds` is for each address of the host.

    Raises OSError, or UnreachableError where plain text would leave this machine.
    """
    sock = socket.create_connection((server.host, server.port), timeout=seconds)
    try:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for name, value in _KEEPALIVE:
            if hasattr(socket, name):
                sock.setsockopt(socket.IPPROTO_TCP, getattr(socket, name), value)
        if server.security is Security.NONE:
            _stay_at_home(sock, server)
    except BaseException:
        sock.close()
        raise
    return sock


def _stay_at_home(sock: socket.socket, server: Server) -> None:
    if not ipaddress.ip_address(sock.getpeername()[0].partition("%")[0]).is_loopback:
        raise UnreachableError(
            "a connection without TLS is only made to this machine itself, so no password was sent",
            where=f"{server.host}:{server.port}",
            hint='set security = "tls" or "starttls"',
        )


def trust(server: Server) -> ssl.SSLContext:
    """Give the context that certificates are checked with; raise UnreachableError if the authority cannot be read.

    Accounts share it: it takes a megabyte. Authorities that changed on the disk make another one.
    """
    known = ssl.get_default_verify_paths()
    places = (server.ca_file,) if server.ca_file else (known.cafile, known.capath)
    try:
        return _context(server.ca_file, tuple(_stamp(place) for place in places if place))
    except (OSError, ValueError) as error:
        raise UnreachableError(
            "the file of the certificate authority cannot be read, so the server cannot be trusted",
            where=server.ca_file,
            hint="ca_file must name a readable file of PEM certificates",
        ) from error


@lru_cache(maxsize=16)
def _context(ca_file: str, _stamps: tuple[tuple[int, ...], ...]) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=ca_file or None)


def _stamp(path: str) -> tuple[int, ...]:
    """Give what changes with the content of a file or a folder."""
    found = Path(path).stat()
    return found.st_ino, found.st_size, found.st_mtime_ns


def secure(sock: socket.socket, context: ssl.SSLContext, host: str, seconds: float) -> ssl.SSLSocket:
    """Begin TLS within `seconds`, however slowly the server talks; raise OSError (ssl.SSLError is one)."""
    over = monotonic() + seconds
    tls = context.wrap_socket(sock, server_hostname=host, do_handshake_on_connect=False)
    try:
        tls.setblocking(False)
        while True:
            try:
                tls.do_handshake()
            except ssl.SSLWantReadError:
                _until(tls, select.POLLIN, over)
            except ssl.SSLWantWriteError:
                _until(tls, select.POLLOUT, over)
            else:
                return tls
    except BaseException:
        tls.close()
        raise


def _until(sock: socket.socket, event: int, over: float) -> None:
    poller = select.poll()
    poller.register(sock, event)
    if not poller.poll(max(0.0, over - monotonic()) * 1000):
        raise TimeoutError("the server is too slow")
