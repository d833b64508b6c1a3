"""What the config says of OAuth 2.0, filled in from what is known of the provider; what is then missing is a fault."""

from __future__ import annotations

from typing import TYPE_CHECKING

from followupd.config import paths
from followupd.core import connections

if TYPE_CHECKING:
    from followupd.config.schema import Config
    from followupd.providers.book import Grants


def is_used(config: Config) -> bool:
    """Tell whether a server is logged in to by tokens that we keep."""
    sources = (config.imap.password, config.smtp.password)
    return any(one is not None and one.kind is connections.SecretKind.OAUTH for one in sources)


def missing(config: Config) -> tuple[str, ...]:
    """Name the keys under [oauth] that are needed and that nobody knows."""
    said, known = config.oauth, _grants(config)
    needed = {
        "client_id": said.client_id,
        "authorization": said.authorization or (known and known.authorization),
        "token": said.token or (known and known.token),
        "scopes": said.scopes or (known and known.scopes),
    }
    return tuple(key for key, value in needed.items() if not value)


def settings(config: Config, account: str) -> connections.OAuth | None:
    """Put what is said of an account into the words of the core; None where it is not used."""
    if not is_used(config):
        return None
    said, known = config.oauth, _grants(config)
    return connections.OAuth(
        client_id=said.client_id or "",
        client_secret=said.client_secret or connections.SecretSource(),
        authorization=said.authorization or (known.authorization if known else ""),
        token=said.token or (known.token if known else ""),
        device=said.device or (known.device if known and not said.authorization else ""),
        scopes=said.scopes or (known.scopes if known else ()),
        extra=known.extra if known and not said.authorization else {},
        ca_file=said.ca_file,
        tokens=said.tokens
        or connections.SecretSource(kind=connections.SecretKind.FILE, value=str(paths.default_tokens())),
        account=account,
    )


def _grants(config: Config) -> Grants | None:
    """Find what is known of the provider, by its IMAP server or by the address."""
    from followupd.providers.book import book

    known = book()
    for one in (known.of_server(config.imap.host), known.of_address(config.me.email)):
        if one is not None and one.oauth is not None:
            return one.oauth
    return None
