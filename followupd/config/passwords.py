"""A config says where a password is found, never the password itself; a fault here never repeats what stands there."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Final

from followupd.config.kinds import path, switch, text
from followupd.config.paths import default_tokens, is_file
from followupd.config.reading import Faulty, Place, Section, optional, unexpected
from followupd.core.connections import MAIN, Push, SecretKind, SecretSource

HOW: Final = (
    'say where it is found: { env = "VARIABLE" }, { file = "path" }, { command = ["program", "argument"] }, '
    '{ keyring = true }, { token = ["program", "argument"] } or { oauth = true }'
)

DEFAULT: Final = SecretSource(kind=SecretKind.ENV, value="FOLLOWUPD_PASSWORD")
"""Where the password of a server of the first account is found if the config does not say so."""

CREDENTIALS: Final = "CREDENTIALS_DIRECTORY"
"""The variable by which systemd names the folder of a service's credentials (systemd.exec, LoadCredential)."""


def default_password(kind: str, host: str, account: str) -> SecretSource:
    """Give where a password is found if the config does not say so: no server on this machine needs one for sending."""
    if kind == "smtp" and is_loopback(host):
        return SecretSource()
    if account == MAIN:
        return DEFAULT
    return SecretSource(kind=SecretKind.ENV, value=f"{DEFAULT.value}_{account.upper().replace('-', '_')}")


def is_loopback(host: str) -> bool:
    """Tell whether a server is on this machine: 127.0.0.0/8, ::1 (RFC 6890) or "localhost" (RFC 6761, section 6.3)."""
    if host.lower().rstrip(".") == "localhost":
        return True
    if ":" not in host and not host.startswith("127."):
        return False
    from ipaddress import ip_address

    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def username(value: object, place: Place) -> str:
    """Read the name to log in with; "" for no login at all."""
    return "" if value == "" else text(value, place)


def variable(value: object, _place: Place) -> str:
    """Read the name of an environment variable."""
    if not isinstance(value, str):
        raise unexpected("the name of a variable", value)
    if not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", value):
        raise ValueError("is no name of an environment variable")
    return value


def credential(value: object, place: Place) -> Path:
    """Read the path of a file; a name that systemd has a credential of stands for that."""
    if isinstance(value, str) and (folder := os.environ.get(CREDENTIALS)):
        named = value.removeprefix(f"${CREDENTIALS}/").removeprefix(f"${{{CREDENTIALS}}}/")
        found = Path(folder) / named
        if found.parent == Path(folder) and (is_file(found) or named != value):
            return found
    return path(value, place)


def command(value: object, _place: Place) -> tuple[str, ...]:
    """Read a program and its arguments, which no shell will see."""
    if isinstance(value, str):
        raise unexpected('a list like ["program", "argument"], which no shell has to take apart', value)
    if not isinstance(value, list) or not all(isinstance(part, str) and "\0" not in part for part in value):
        raise ValueError("expected a list of texts")
    if not value or not value[0].strip():
        raise ValueError("names no program")
    return tuple(value)


class Password(Section):
    """Where a password is found: one of these."""

    env = optional(variable, "An environment variable.", otherwise="", example="FOLLOWUPD_PASSWORD")
    file = optional(credential, "A file that only you can read.", otherwise="", example="password")
    # before `command` becomes a key of this class
    token = optional(command, "A program that prints a token of OAuth 2.0.", otherwise="", example=["mailtoken"])
    command = optional(command, "A program that prints it.", otherwise="", example=["pass", "show", "mail"])
    keyring = optional(switch, "The system's keyring.", otherwise="", example=True)
    oauth = optional(switch, "A token of OAuth 2.0, as [oauth] says.", otherwise="", example=True)


def password(value: object, place: Place) -> SecretSource:
    """Read where a password is found."""
    if isinstance(value, str):
        place.wrong("a password never stands in the config", HOW)
        raise Faulty
    if not isinstance(value, dict):
        raise unexpected("a table", value)
    before = len(place.problems)
    found = Password.kind(value, place)
    if len(place.problems) > before:
        raise Faulty
    if len(value) != 1 or False in (found.keyring, found.oauth):
        place.wrong(f"says {'nothing' if len(value) < 2 else 'more than one thing'} about where to look", HOW)
        raise Faulty
    return _source(found)


def push(value: object, place: Place) -> Push:
    """Read the address of a service that notices are pushed to, or where it is found; a fault never repeats it."""
    if isinstance(value, str):
        if not re.fullmatch(r"[A-Za-z][A-Za-z0-9+.-]*://[^\s\x00-\x1f\x7f]+", value):
            raise ValueError('is no address of a service; write one like "ntfys://ntfy.sh/my-topic"')
        return Push(url=value)
    source = password(value, place)
    if source.kind not in {SecretKind.ENV, SecretKind.FILE, SecretKind.COMMAND}:
        raise ValueError("is found by env, file or command")
    return Push(source=source)


def kept(value: object, place: Place) -> SecretSource:
    """Read where tokens are kept: "keyring", or the path of a file."""
    if value == "keyring":  # its value is the file whose lock lets one process at a time renew a token
        return SecretSource(kind=SecretKind.KEYRING, value=str(default_tokens()))
    return SecretSource(kind=SecretKind.FILE, value=str(path(value, place)))


def _source(found: Password) -> SecretSource:
    if found.env is not None:
        return SecretSource(kind=SecretKind.ENV, value=found.env)
    if found.file is not None:
        return SecretSource(kind=SecretKind.FILE, value=str(found.file))
    if found.command is not None:
        return SecretSource(kind=SecretKind.COMMAND, command=found.command)
    if found.token is not None:
        return SecretSource(kind=SecretKind.TOKEN, command=found.token)
    return SecretSource(kind=SecretKind.OAUTH if found.oauth else SecretKind.KEYRING)
