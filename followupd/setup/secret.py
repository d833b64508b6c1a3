"""A password is read from where the user keeps it, or kept where they say; nobody else can read it there."""

from pathlib import Path

from followupd.config import keyrings
from followupd.config.secrets import Finder
from followupd.core.connections import SecretKind, SecretSource, Server
from followupd.core.errors import ConfigError, FollowupdError

FILE_NAME = "password"
"""The file of the password, beside the config, unless the user names another."""


def present(where: SecretSource, server: Server, config: Path) -> str | None:
    """Give the password that is there already; None where there is none.

    Raises ConfigError or TryLaterError where there is one that cannot be used.
    """
    if where.kind is SecretKind.FILE and not Path(where.value).exists():
        return None
    if where.kind is SecretKind.KEYRING:
        try:
            return keyrings.find(server.host, server.username) or None
        except keyrings.KeyringError as error:
            raise _no_keyring(error) from None
    return Finder(server, key="the password", source=config)().reveal()


def fit(password: str) -> str:
    """Give a password as it was meant; raise FollowupdError where it can be none."""
    said = password.strip("\r\n")
    if not said or any(letter in said for letter in "\r\n\0"):
        raise FollowupdError("that can be no password: it is empty, or has more than one line")
    return said


def put_into_keyring(servers: tuple[Server, ...], password: str) -> None:
    """Keep the password for each server; raise FollowupdError where there is no keyring that encrypts."""
    for server in servers:
        try:
            keyrings.put(server.host, server.username, password)
        except keyrings.KeyringError as error:
            raise _no_keyring(error) from None


def unset(error: ConfigError) -> bool:
    """Tell whether a password is only not there: an environment variable that is not set."""
    return any("is not set" in problem.message for problem in error.problems)


def _no_keyring(error: Exception) -> FollowupdError:
    hint = error.hint if isinstance(error, keyrings.NoKeyringError) else "unlock it, or keep the password in a file"
    return FollowupdError(f"the keyring cannot be used: {error}", hint=hint)
