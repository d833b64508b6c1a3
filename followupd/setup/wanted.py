"""Which servers to try for an address: those that the user named, else those that a suggestion names, port by port."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from followupd.config.file import PORTS
from followupd.core.connections import SecretSource, Security, Server
from followupd.discovery.candidates import Candidate, Suggestion

_IMPLICIT: Final = {993: Security.TLS, 465: Security.TLS, 143: Security.STARTTLS, 587: Security.STARTTLS}
"""What a port means where nothing else is said (RFC 8314, section 7)."""
_TRIED: Final = (Security.TLS, Security.STARTTLS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What the user said of one server; "" and None where they said nothing. A username "" means: no login."""

    host: str = ""
    port: int | None = None
    security: Security | None = None
    username: str | None = None
    ca_file: str = ""


def servers(
    kind: str, wanted: Wanted, suggestion: Suggestion | None, email: str, password: SecretSource
) -> tuple[Server, ...]:
    """Give the servers to try in order; `kind` is "imap" or "smtp"."""
    found = dict.fromkeys(_named(kind, wanted) if wanted.host else _suggested(kind, suggestion))
    return tuple(
        Server(
            host=host,
            port=port,
            security=security,
            username=username if wanted.username is None else wanted.username,
            password=SecretSource() if wanted.username == "" else password,
            ca_file=wanted.ca_file,
        )
        for host, port, security, username in (
            (one.host, one.port, one.security, one.username or email) for one in found
        )
    )


def _named(kind: str, wanted: Wanted) -> Iterator[Candidate]:
    if wanted.security is not None:
        securities: tuple[Security, ...] = (wanted.security,)
    elif wanted.port in _IMPLICIT:
        securities = (_IMPLICIT[wanted.port],)
    else:
        securities = _TRIED
    for security in securities:
        yield Candidate(host=wanted.host, port=wanted.port or PORTS[kind][security], security=security, username="")


def _suggested(kind: str, suggestion: Suggestion | None) -> Iterator[Candidate]:
    """Give what was suggested, and then the same hosts at the other usual port, which a network may let through."""
    given = () if suggestion is None else suggestion.imap if kind == "imap" else suggestion.smtp
    yield from given
    for one in given:
        for security in _TRIED:
            yield Candidate(host=one.host, port=PORTS[kind][security], security=security, username=one.username)
