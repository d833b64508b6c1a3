"""How a mailbox and the way out are reached: servers, who one is there, and where the secret is; never the secret."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

MAIN: Final = "main"
"""The account that stands at the top of the config; the others are named there."""


class Security(StrEnum):
    """How a connection is protected: TLS from the first byte (RFC 8314), STARTTLS, or not at all (loopback only)."""

    TLS = "tls"
    STARTTLS = "starttls"
    NONE = "none"


class SecretKind(StrEnum):
    """Where a password comes from; the last two give a token of OAuth 2.0: a program's, or one that we keep fresh."""

    ENV = "env"
    FILE = "file"
    COMMAND = "command"
    KEYRING = "keyring"
    TOKEN = "token"  # noqa: S105  # where, not what
    OAUTH = "oauth"
    ABSENT = "absent"


@dataclass(frozen=True, slots=True, kw_only=True)
class SecretSource:
    """Where to find a password; never the password. `value` is the variable, the path, or empty."""

    kind: SecretKind = SecretKind.ABSENT
    value: str = ""
    command: tuple[str, ...] = ()

    @property
    def is_token(self) -> bool:
        """Whether what is found there is a token of OAuth 2.0, not a password."""
        return self.kind in {SecretKind.TOKEN, SecretKind.OAUTH}


@dataclass(frozen=True, slots=True, kw_only=True)
class Push:
    """A service that notices are pushed to: its address, or where that is found; it often holds a secret."""

    url: str = field(default="", repr=False)
    source: SecretSource = SecretSource()


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """How to reach and log in to an IMAP or SMTP server. `ca_file` is "" for the system's authorities."""

    host: str
    port: int
    security: Security
    username: str
    password: SecretSource
    ca_file: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Imap:
    """The mailbox: its server, the folders to watch (None: those that answers arrive in), whether `trays` are kept."""

    server: Server
    folders: tuple[str, ...] | None = None
    trays: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class OAuth:
    """Where tokens are got (RFC 6749; `device`: RFC 8628, "" where there is none), as whom, and where they are kept.

    `extra` goes with the request for authorization. `ca_file` is "" for the system's authorities. `account` is whose
    permission it is.
    """

    client_id: str
    client_secret: SecretSource = SecretSource()
    authorization: str
    token: str
    device: str = ""
    scopes: tuple[str, ...]
    extra: Mapping[str, str]
    ca_file: str = ""
    tokens: SecretSource
    account: str = MAIN


@dataclass(frozen=True, slots=True, kw_only=True)
class Dns:
    """Whether the DNS is asked if a domain takes mail, and who is asked, as (address, port): () for the system's."""

    check: bool = True
    servers: tuple[tuple[str, int], ...] = ()


class SaveToSent(StrEnum):
    """Whether we file our letters in Sent: only where the provider does not, always, never."""

    AUTO = "auto"
    ALWAYS = "always"
    NEVER = "never"


@dataclass(frozen=True, slots=True, kw_only=True)
class Smtp:
    """Where letters leave, and whether a copy is filed."""

    server: Server
    save_to_sent: SaveToSent = SaveToSent.AUTO
