"""What may be the servers of an address, and how sure that is; nothing here has been tried yet."""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from followupd.core.connections import Security
from followupd.providers.book import Provider, Spot, Username

_NAME: Final = re.compile(r"(?=.{1,253}$)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)+")
_USER: Final = re.compile(r"[^\x00-\x20\x7f-\xa0\"\\]{1,254}")


USUAL: Final = {
    "imap": ((993, Security.TLS), (143, Security.STARTTLS)),
    "smtp": ((465, Security.TLS), (587, Security.STARTTLS)),
}
"""Ports for mail programs, TLS from the start first (RFC 8314, sections 3.2 and 3.3)."""


class Origin(StrEnum):
    """Who says so."""

    PROVIDER = "known provider"
    EXCHANGER = "known provider, by the domain's mail exchanger"
    SRV = "the domain's SRV records"
    AUTOCONFIG = "the domain's autoconfig file"
    GUESS = "a usual name"


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """One server to try, and whom to log in as."""

    host: str
    port: int
    security: Security
    username: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """Servers that belong together, the better ones first.

    `strange` are hosts outside the address's domain that only unsigned DNS named: a password goes there only once the
    user has said that they are right (RFC 6186, section 6).
    """

    origin: Origin
    imap: tuple[Candidate, ...] = ()
    smtp: tuple[Candidate, ...] = ()
    provider: Provider | None = None
    strange: tuple[str, ...] = ()


def is_host(name: str) -> bool:
    """Tell whether a name from outside may be that of a server: letters, digits, hyphens, at least two labels."""
    return bool(_NAME.fullmatch(name))


def is_username(name: str) -> bool:
    """Tell whether a name from outside may be logged in with."""
    return bool(_USER.fullmatch(name))


def of_provider(provider: Provider, address: str, origin: Origin) -> Suggestion:
    """Give the servers of a known provider."""
    return Suggestion(
        origin=origin,
        imap=_spotted(provider.imap, provider.imap_username, address),
        smtp=_spotted(provider.smtp, provider.smtp_username, address),
        provider=provider,
    )


def guesses(address: str) -> Suggestion:
    """Give the names and ports that most servers have."""
    domain = address.rpartition("@")[2]

    def tried(kind: str) -> tuple[Candidate, ...]:
        return tuple(
            Candidate(host=host, port=port, security=security, username=address)
            for port, security in USUAL[kind]
            for host in (f"{kind}.{domain}", f"mail.{domain}", domain)
        )

    return Suggestion(origin=Origin.GUESS, imap=tried("imap"), smtp=tried("smtp"))


def _spotted(spot: Spot | None, username: Username, address: str) -> tuple[Candidate, ...]:
    if spot is None:
        return ()
    name = address.rpartition("@")[0] if username is Username.LOCAL_PART else address
    return (Candidate(host=spot.host, port=spot.port, security=spot.security, username=name),)
