"""What the user answered, and which keys of the config say so: a key whose value is the default is left alone."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from followupd.config.file import PORTS
from followupd.config.passwords import default_password
from followupd.core.connections import MAIN, SecretKind, SecretSource, Server


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """Who the user is by an account, and the servers that were found good.

    `more` are further keys, dotted, as TOML has them.
    """

    name: str
    email: str
    imap: Server
    smtp: Server
    more: Mapping[str, object]
    account: str = MAIN


def keys(answers: Answers, folder: Path) -> dict[str, object]:
    """Give every key that the answers decide, dotted, as TOML has it; None where the default says it.

    Paths within `folder`, where the config is, are written as seen from there.
    """
    found = {
        "me.name": answers.name,
        "me.email": answers.email,
        **_server("imap", answers, folder),
        **_server("smtp", answers, folder),
        **answers.more,
    }
    before = "" if answers.account == MAIN else f"account.{answers.account}."
    return {f"{before}{key}": value for key, value in found.items()}


def _server(section: str, answers: Answers, folder: Path) -> dict[str, object]:
    server = answers.imap if section == "imap" else answers.smtp
    security = server.security
    found = {
        "host": server.host,
        "port": None if server.port == PORTS[section][security] else server.port,
        "security": security.value,
        "username": None if server.username == answers.email else server.username,
        "password": source(server.password, folder, answers.account),
        "ca_file": _near(server.ca_file, folder),
    }
    return {f"{section}.{key}": value for key, value in found.items()}


def source(where: SecretSource, folder: Path, account: str = MAIN) -> dict[str, object] | None:
    """Write where a password of an account is found as TOML has it; None for the default."""
    if where in {default_password("imap", "", account), SecretSource()}:
        return None
    match where.kind:
        case SecretKind.COMMAND | SecretKind.TOKEN:
            return {where.kind.value: list(where.command)}
        case SecretKind.KEYRING | SecretKind.OAUTH:
            return {where.kind.value: True}
        case SecretKind.FILE:
            return {where.kind.value: _near(where.value, folder)}
        case _:
            return {where.kind.value: where.value}


def _near(path: str, folder: Path) -> str:
    return str(Path(path).relative_to(folder)) if path and Path(path).is_relative_to(folder) else path
