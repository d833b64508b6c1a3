"""Passwords in the system's keyring, by host and user name; a keyring that doesn't encrypt is none.

keyrings.alt keeps passwords as plain text, with a priority below 1; so does the backend that finds nothing.
"""

from importlib import import_module
from typing import Any


class KeyringError(Exception):
    """The keyring cannot be used."""


class NoKeyringError(KeyringError):
    """There is no keyring that encrypts; `hint` says what to do."""

    def __init__(self, what: str, hint: str) -> None:
        super().__init__(what)
        self.what = what
        self.hint = hint


class LockedError(KeyringError):
    """There is one, and it refuses just now."""


def find(host: str, name: str) -> str:
    """Give the password, "" where there is none; raise NoKeyringError or LockedError."""
    keyring, safe = _encrypting()
    for one in safe:
        try:
            found = one.get_password(host, name)
        except keyring.errors.KeyringError as error:
            raise LockedError(type(error).__name__) from None
        if found:
            return str(found)
    return ""


def put(host: str, name: str, password: str) -> None:
    """Keep a password in the first keyring that takes it; raise NoKeyringError or LockedError."""
    keyring, safe = _encrypting()
    trouble = ""
    for one in safe:
        try:
            one.set_password(host, name, password)
        except keyring.errors.KeyringError as error:
            trouble = type(error).__name__
        else:
            return
    raise LockedError(trouble)


def _encrypting() -> tuple[Any, list[Any]]:
    try:
        keyring: Any = import_module("keyring")
    except ImportError:
        raise NoKeyringError("keyring is not installed", "pip install 'followupd[keyring]'") from None
    backend = keyring.get_keyring()
    safe = [one for one in getattr(backend, "backends", [backend]) if one.priority >= 1]
    if not safe:
        raise NoKeyringError("this machine has no keyring that encrypts", "use { file = } or { command = }")
    return keyring, safe
