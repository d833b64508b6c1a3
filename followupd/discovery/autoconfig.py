"""The configuration file that a domain offers to mail programs, in Mozilla's format (draft-ietf-mailmaint-autoconfig).

It is fetched by HTTPS alone, of a size and within a time, and read without entities: a document type is refused unread.
Servers without TLS, names that could be no server's and everything that is not understood are left out.
"""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from http.client import HTTPException
from typing import Final
from urllib import request
from urllib.parse import quote
from xml.parsers import expat

from followupd.core.connections import Security
from followupd.discovery.candidates import Candidate, Origin, Suggestion, is_host, is_username
from followupd.https import fetch

SECONDS: Final = 5.0
LARGEST: Final = 64 << 10
"""Octets; real files have two thousand."""
_DEEPEST: Final = 12
_MOST: Final = 8
"""Servers of one kind that are looked at."""
_SECURITY: Final = {"SSL": Security.TLS, "STARTTLS": Security.STARTTLS}


@dataclass(slots=True)
class _Server:
    """One server element: its attributes and the text of its children, the first of each name."""

    kind: str
    fields: dict[str, str] = field(default_factory=dict)


class _Reader:
    """Collects server elements from expat's events."""

    def __init__(self) -> None:
        self.servers: list[_Server] = []
        self._open: _Server | None = None
        self._path: list[str] = []
        self._text: list[str] = []

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self._path.append(name)
        self._text = []
        if len(self._path) > _DEEPEST:
            raise ValueError("nested too deeply")
        if name in {"incomingServer", "outgoingServer"}:
            self._open = _Server(kind=f"{name} {attributes.get('type', '')}")

    def data(self, text: str) -> None:
        self._text.append(text)

    def end(self, name: str) -> None:
        self._path.pop()
        if self._open is None:
            return
        if name in {"incomingServer", "outgoingServer"}:
            self.servers.append(self._open)
            self._open = None
        else:
            self._open.fields.setdefault(name, "".join(self._text).strip())
        self._text = []


def places(address: str) -> tuple[str, ...]:
    """Give where the file may be: on a host of its own, else at the domain itself."""
    domain = address.rpartition("@")[2]
    return (
        f"https://autoconfig.{domain}/mail/config-v1.1.xml?emailaddress={quote(address)}",
        f"https://{domain}/.well-known/autoconfig/mail/config-v1.1.xml",
    )


def ask(address: str, *, urls: tuple[str, ...] = (), opener: request.OpenerDirector | None = None) -> Suggestion | None:
    """Fetch and read the file of an address's domain; None where there is none that can be used.

    `urls` and `opener` stand in for the usual ones.
    """
    for url in urls or places(address):
        with suppress(OSError, HTTPException, ValueError, expat.ExpatError):
            if found := read(fetch(url, seconds=SECONDS, largest=LARGEST, opener=opener), address):
                return found
    return None


def read(document: bytes, address: str) -> Suggestion | None:
    """Read a file for an address; None if no server can be used.

    Raises ValueError or ExpatError where it is no such file.
    """
    reader = _Reader()
    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = _refuse
    parser.EntityDeclHandler = _refuse
    parser.StartElementHandler = reader.start
    parser.CharacterDataHandler = reader.data
    parser.EndElementHandler = reader.end
    parser.Parse(document, True)  # expat takes it by position
    imap = tuple(_usable(reader.servers, "incomingServer imap", address))[:_MOST]
    smtp = tuple(_usable(reader.servers, "outgoingServer smtp", address))[:_MOST]
    return Suggestion(origin=Origin.AUTOCONFIG, imap=imap, smtp=smtp) if imap and smtp else None


def _refuse(*_: object) -> None:
    raise ValueError("a document type, which may define entities")


def _usable(servers: list[_Server], kind: str, address: str) -> Iterator[Candidate]:
    for one in servers:
        security = _SECURITY.get(one.fields.get("socketType", ""))
        host = _filled(one.fields.get("hostname", ""), address).lower()
        username = _filled(one.fields.get("username", "%EMAILADDRESS%"), address)
        port = one.fields.get("port", "")
        if one.kind != kind or security is None or not (port.isascii() and port.isdecimal() and len(port) < 6):
            continue
        if is_host(host) and is_username(username) and 0 < int(port) < 65536:
            yield Candidate(host=host, port=int(port), security=security, username=username)


def _filled(text: str, address: str) -> str:
    local, _, domain = address.rpartition("@")
    for name, value in (("EMAILADDRESS", address), ("EMAILLOCALPART", local), ("EMAILDOMAIN", domain)):
        text = text.replace(f"%{name}%", value)
    return text
