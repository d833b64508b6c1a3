"""A name server and a web server on loopback that say what a test tells them to."""

import contextlib
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any, Self

import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rrset
import pytest

from followupd.discovery.records import Records
from tests.servers.certificates import Certificates

HOST = "127.0.0.1"


class NameServer:
    """Answers from `zone`: (name, kind) to the lines of its records; `asked` is what it was asked for.

    For names in `fails` it answers SERVFAIL; `silent` it answers nothing at all.
    """

    def __init__(self, zone: dict[tuple[str, str], list[str]]) -> None:
        self.zone = zone
        self.fails: set[str] = set()
        self.silent = False
        self.asked: list[tuple[str, str]] = []
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind((HOST, 0))
        self.place: tuple[str, int] = self._socket.getsockname()
        self._thread = threading.Thread(target=self._serve, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        with contextlib.suppress(OSError), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as last:
            last.sendto(b"", self.place)
        self._thread.join(5)
        self._socket.close()

    def _serve(self) -> None:
        while True:
            octets, client = self._socket.recvfrom(4096)
            if not octets:
                return
            query = dns.message.from_wire(octets)
            question = query.question[0]
            name, kind = str(question.name).rstrip("."), dns.rdatatype.to_text(question.rdtype)
            self.asked.append((name, kind))
            answer = dns.message.make_response(query)
            answer.flags |= dns.flags.RA
            if lines := self.zone.get((name, kind)):
                answer.answer.append(dns.rrset.from_text(question.name, 60, "IN", kind, *lines))
            elif name in self.fails:
                answer.set_rcode(dns.rcode.SERVFAIL)
            elif not any(known == name for known, _ in self.zone):
                answer.set_rcode(dns.rcode.NXDOMAIN)
            if self.silent:
                continue
            self._socket.sendto(answer.to_wire(), client)


Zone = Callable[[dict[tuple[str, str], list[str]]], tuple[Records, NameServer]]


@pytest.fixture
def zone() -> Iterator[Zone]:
    """Serve some records."""
    with contextlib.ExitStack() as stack:

        def serve(records: dict[tuple[str, str], list[str]]) -> tuple[Records, NameServer]:
            server = stack.enter_context(NameServer(records))
            return Records(server.place, seconds=2), server

        yield serve


Serve = Callable[[dict[str, Any]], str]


@pytest.fixture
def web(certificates: Certificates) -> Iterator[Serve]:
    """Serve pages by HTTPS: path to bytes, or to (status, headers, bytes); gives the address of the server."""
    with contextlib.ExitStack() as stack:

        def serve(pages: dict[str, Any]) -> str:
            class Handler(BaseHTTPRequestHandler):
                def do_GET(self) -> None:  # the library's name
                    page = pages.get(self.path, (404, {}, b""))
                    status, headers, body = page if isinstance(page, tuple) else (200, {}, page)
                    self.send_response(status)
                    for name, value in headers.items():
                        self.send_header(name, value)
                    self.end_headers()
                    with contextlib.suppress(OSError):
                        self.wfile.write(body)

                def log_message(self, *_: object) -> None:
                    pass

            server = HTTPServer((HOST, 0), Handler)
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificates.good.certificate, certificates.good.key)
            server.socket = context.wrap_socket(server.socket, server_side=True)
            thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
            thread.start()
            stack.callback(server.server_close)
            stack.callback(thread.join, 5)
            stack.callback(server.shutdown)
            return f"https://localhost:{server.server_port}"

        yield serve
