"""Tokens are kept like passwords, in a file that only we can read or in the keyring, and are never shown."""

import json
import os
import stat
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Final, Protocol

from followupd.config import keyrings
from followupd.config.staging import Staged
from followupd.core.connections import MAIN, OAuth, SecretKind
from followupd.core.errors import ConfigError, FollowupdError, Problem
from followupd.core.instants import Instant, from_text, to_text

LARGEST: Final = 65_536
EARLY: Final = timedelta(minutes=5)
"""A token is renewed this long before its end, so that it does not end on the way."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tokens:
    """What the provider gave: the token for servers, the one that renews it ("" where there is none), and its end."""

    access: str
    refresh: str = ""
    ends: Instant | None = None

    def __repr__(self) -> str:
        """Show nothing."""
        return "Tokens(hidden)"

    def is_fresh(self, now: Instant) -> bool:
        """Tell whether it can be used for some minutes yet; one without an end is tried."""
        return self.ends is None or now < self.ends - EARLY


class Store(Protocol):
    """Where tokens are kept. All methods raise FollowupdError where it can't be used."""

    def load(self) -> Tokens | None:
        """Give what is kept; None where there is nothing."""

    def save(self, tokens: Tokens) -> None:
        """Keep tokens in place of what was there, all of them or none."""


def store(oauth: OAuth) -> Store:
    """Give the store that the config names."""
    if oauth.tokens.kind is SecretKind.KEYRING:
        return KeyringStore(oauth)
    return FileStore(Path(oauth.tokens.value))


class FileStore:
    """A file of mode 0600, replaced as a whole."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def load(self) -> Tokens | None:
        """Read the file; one that others can read is refused."""
        try:
            handle = os.open(self.path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
            with os.fdopen(handle, "rb") as file:
                mode = os.fstat(handle).st_mode
                octets = file.read(LARGEST + 1)
        except FileNotFoundError:
            return None
        except OSError as error:
            raise _wrong(f"{self.path} cannot be read: {error.strerror}", "check the path") from None
        if mode & 0o077 or not stat.S_ISREG(mode):
            raise _wrong(f"others can read {self.path}", f"chmod 600 {self.path}, or followupd login")
        return _read(octets.decode("utf-8", "replace"), str(self.path))

    def save(self, tokens: Tokens) -> None:
        """Replace the file."""
        try:
            with Staged(self.path, _write(tokens)) as file:
                file.take_place()
        except OSError as error:
            raise FollowupdError(f"the tokens cannot be kept: {error.strerror}", where=str(self.path)) from None


class KeyringStore:
    """The system's keyring, under the address of the provider, the client's name there and that of the account."""

    def __init__(self, oauth: OAuth) -> None:
        self._where = oauth.token
        self._name = oauth.client_id if oauth.account == MAIN else f"{oauth.client_id} {oauth.account}"

    def load(self) -> Tokens | None:
        """Ask the keyring."""
        try:
            found = keyrings.find(self._where, self._name)
        except keyrings.KeyringError as error:
            raise FollowupdError(
                f"the keyring gave no tokens: {error}", hint="keep them in a file: oauth.tokens"
            ) from None
        return _read(found, "the keyring") if found else None

    def save(self, tokens: Tokens) -> None:
        """Put them into the keyring."""
        try:
            keyrings.put(self._where, self._name, _write(tokens))
        except keyrings.KeyringError as error:
            raise FollowupdError(
                f"the keyring took no tokens: {error}", hint="keep them in a file: oauth.tokens"
            ) from None


def _write(tokens: Tokens) -> str:
    ends = to_text(tokens.ends) if tokens.ends else None
    return json.dumps({"access": tokens.access, "refresh": tokens.refresh, "ends": ends}) + "\n"


def _read(text: str, where: str) -> Tokens:
    try:
        found = json.loads(text)
        ends = from_text(found["ends"]) if found["ends"] else None
        access, refresh = found["access"], found["refresh"]
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        access = refresh = ends = None
    if not (isinstance(access, str) and isinstance(refresh, str)):
        raise _wrong(f"what is kept in {where} are no tokens", "get new ones: followupd login")
    return Tokens(access=access, refresh=refresh, ends=ends)


def _wrong(what: str, hint: str) -> ConfigError:
    return ConfigError([Problem("oauth.tokens", what, hint)], where="the tokens of OAuth 2.0")
