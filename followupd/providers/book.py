"""The data on large providers is read whole and strictly: a fact without its type and its source is a fault of ours.

A fact that nobody knows is None. What is known helps to set up and to explain; no letter depends on it.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import Any, Final, TypeVar, cast

from followupd.core.connections import Security

T = TypeVar("T")

SHIPPED: Final = Path(__file__).parent / "large.toml"


class Username(StrEnum):
    """Whom to log in as: the whole address, or what stands before the @."""

    ADDRESS = "address"
    LOCAL_PART = "local part"


class Login(StrEnum):
    """What a mail program logs in with: the account's own password, one made for programs alone, or OAuth 2.0 only."""

    OWN = "own"
    APP = "app"
    OAUTH = "oauth"


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """Where a server listens, and how the connection is protected."""

    host: str
    port: int
    security: Security


@dataclass(frozen=True, slots=True, kw_only=True)
class Grants:
    """Where OAuth 2.0 is spoken (RFC 6749; `device`: RFC 8628), with which scopes; `extra` goes with authorization."""

    authorization: str
    token: str
    device: str = ""
    scopes: tuple[str, ...]
    extra: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Provider:
    """What is known of one provider; a field that is None or "" is not known.

    `mx` are domains below which the mail exchangers of its customers' own domains are. `bridge` names a program that
    stands in for servers which are not there. `imap_switch` is where IMAP is switched on. `idle_minutes`: how long a
    silent IDLE lives. `sources` says for each fact where it is known from ("servers" for all that is about them).
    """

    key: str
    name: str
    domains: tuple[str, ...]
    mx: tuple[str, ...] = ()
    imap: Spot | None = None
    smtp: Spot | None = None
    imap_username: Username = Username.ADDRESS
    smtp_username: Username = Username.ADDRESS
    password: Login | None = None
    password_link: str = ""
    remedy: str = ""
    imap_switch: str = ""
    bridge: str = ""
    files_sent: bool | None = None
    rewrites_message_id: bool | None = None
    idle: bool | None = None
    idle_minutes: int | None = None
    connections: int | None = None
    recipients_a_day: int | None = None
    folders: str = ""
    oauth: Grants | None = None
    sources: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Book:
    """All providers, to be found by an address, by a mail exchanger, or by a server."""

    providers: tuple[Provider, ...]

    def of_address(self, address: str) -> Provider | None:
        """Find the provider whose domain an address is of."""
        domain = address.rpartition("@")[2].lower().rstrip(".")
        return next((one for one in self.providers if domain in one.domains), None)

    def of_exchanger(self, host: str) -> Provider | None:
        """Find the provider that a domain's mail exchanger belongs to."""
        return next((one for one in self.providers if any(_is_below(host, domain) for domain in one.mx)), None)

    def of_server(self, host: str) -> Provider | None:
        """Find the provider one of whose servers this is."""
        wanted = host.lower().rstrip(".")
        return next(
            (one for one in self.providers for spot in (one.imap, one.smtp) if spot and spot.host == wanted), None
        )


def _is_below(host: str, domain: str) -> bool:
    return f".{host.lower().rstrip('.')}".endswith(f".{domain}")


@lru_cache(maxsize=1)
def book() -> Book:
    """Give what ships; read once."""
    return read(tomllib.loads(SHIPPED.read_text(encoding="utf-8")))


def read(tables: Mapping[str, Any]) -> Book:
    """Read what TOML made of the data; raise ValueError naming provider and key for whatever is not as declared."""
    found = tuple(_provider(key, value) for key, value in tables.items())
    taken: dict[str, str] = {}
    for one in found:
        for domain in one.domains:
            if taken.setdefault(domain, one.key) != one.key:
                raise ValueError(f"{one.key}: {taken[domain]} has the domain {domain}, too")
    return Book(found)


class _Table:
    """One table of the data: each key is taken once, by its type; what is left over at the end is a fault."""

    def __init__(self, where: str, value: object) -> None:
        self.where = where
        self._left = dict(value) if isinstance(value, dict) else {"": value}

    def take(self, key: str, kind: type[T], default: T | None = None) -> T:
        """Take a value of this very type; the default where it is absent, a fault if there is none."""
        value = self._left.pop(key, default)
        if type(value) is not kind:
            raise ValueError(f"{self.where}.{key}: expected {kind.__name__}, got {type(value).__name__}")
        return value

    def maybe(self, key: str, kind: type[T]) -> T | None:
        """Take a value that need not be there."""
        return self.take(key, kind) if key in self._left else None

    def texts(self, key: str, least: int = 0) -> tuple[str, ...]:
        """Take a list of texts."""
        values = self.take(key, list, [])
        if len(values) < least or not all(type(one) is str and one for one in values):
            raise ValueError(f"{self.where}.{key}: expected a list of texts")
        return tuple(values)

    def link(self, key: str) -> str:
        """Take an address on the web; nothing but https."""
        value = self.take(key, str, "")
        if value and not value.startswith("https://"):
            raise ValueError(f"{self.where}.{key}: expected https://")
        return value

    def table(self, key: str) -> "_Table | None":
        """Take a table within."""
        return _Table(f"{self.where}.{key}", self._left.pop(key)) if key in self._left else None

    def words(self, key: str) -> dict[str, str]:
        """Take a table of texts."""
        values = self.take(key, dict, {})
        if not all(type(one) is str and one for one in values.values()):
            raise ValueError(f"{self.where}.{key}: expected texts")
        return cast("dict[str, str]", values)

    def end(self) -> None:
        """Refuse what nobody asked for."""
        if self._left:
            raise ValueError(f"{self.where}: no such key: {', '.join(self._left)}")


def _provider(key: str, value: object) -> Provider:
    table = _Table(key, value)
    oauth = table.table("oauth")
    password = table.maybe("password", str)
    one = Provider(
        key=key,
        name=table.take("name", str),
        domains=table.texts("domains", least=1),
        mx=table.texts("mx"),
        imap=_spot(table.table("imap")),
        smtp=_spot(table.table("smtp")),
        imap_username=Username(table.take("imap_username", str, "address")),
        smtp_username=Username(table.take("smtp_username", str, "address")),
        password=None if password is None else Login(password),
        password_link=table.link("password_link"),
        remedy=table.take("remedy", str, ""),
        imap_switch=table.link("imap_switch"),
        bridge=table.link("bridge"),
        files_sent=table.maybe("files_sent", bool),
        rewrites_message_id=table.maybe("rewrites_message_id", bool),
        idle=table.maybe("idle", bool),
        idle_minutes=table.maybe("idle_minutes", int),
        connections=table.maybe("connections", int),
        recipients_a_day=table.maybe("recipients_a_day", int),
        folders=table.take("folders", str, ""),
        oauth=_grants(oauth),
        sources=table.words("sources"),
    )
    table.end()
    _sourced(one)
    return one


def _spot(table: _Table | None) -> Spot | None:
    if table is None:
        return None
    spot = Spot(
        host=table.take("host", str), port=table.take("port", int), security=Security(table.take("security", str))
    )
    table.end()
    if spot.security is Security.NONE:
        raise ValueError(f"{table.where}: no server of a provider is without TLS")
    return spot


def _grants(table: _Table | None) -> Grants | None:
    if table is None:
        return None
    found = Grants(
        authorization=table.link("authorization"),
        token=table.link("token"),
        device=table.link("device"),
        scopes=table.texts("scopes", least=1),
        extra=table.words("extra"),
    )
    table.end()
    return found


_FACTS: Final = (
    "password", "imap_switch", "bridge", "files_sent", "rewrites_message_id", "idle", "idle_minutes", "connections",
    "recipients_a_day", "folders", "oauth",
)  # fmt: skip


def _sourced(one: Provider) -> None:
    """Refuse a fact without a source, and a source without a fact."""
    known = {"servers"} | {fact for fact in _FACTS if getattr(one, fact) not in (None, "")}
    if known != set(one.sources):
        raise ValueError(f"{one.key}.sources: {', '.join(sorted(known ^ set(one.sources)))}")
