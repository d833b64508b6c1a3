"""A name server and a web server on loopback that say what a test tells them to."""

import contextlib
import socket
import threading
from collections.abc import Callable, Iterator
from typing import Self

import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rrset
import pytest

from followupd.discovery.records import Records

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
