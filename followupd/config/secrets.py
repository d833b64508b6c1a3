"""A password is fetched when it is needed, from where the config says, and is never shown, by no repr and no error.

Errors name the key of the config and where was looked; what a program printed, on either channel, is never repeated.
"""

import os
import signal
import stat
import subprocess
from contextlib import suppress
from pathlib import Path
from typing import Final, NoReturn

from followupd.config import keyrings
from followupd.config.passwords import CREDENTIALS
from followupd.core.connections import SecretKind, SecretSource, Server
from followupd.core.errors import ConfigError, FollowupdError, Problem, TryLaterError

COMMAND_SECONDS: Final = 30.0
LARGEST: Final = 65_536
"""Octets; an access token of OAuth 2.0 has a few thousand."""


class Secret:
    """A password that cannot be printed, formatted, compared or pickled by accident."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        """Give the password itself, for the wire and nothing else."""
        return self._value

    def __repr__(self) -> str:
        return "Secret(hidden)"

    __str__ = __repr__

    def __format__(self, _spec: str) -> str:
        return repr(self)

    def __reduce_ex__(self, _protocol: object) -> NoReturn:
        raise TypeError("a secret is not written anywhere")


class Finder:
    """Finds the password of one server; `key` is what the config calls it, `source` the config file."""

    def __init__(self, server: Server, *, key: str, source: Path) -> None:
        self._server = server
        self._key = key
        self._source = source

    def __call__(self) -> Secret:
        """Look where the config says, anew each time, so that a changed password needs no restart.

        Raises ConfigError where nothing usable is found, TryLaterError where a program or keyring failed to give it.
        """
        where = self._server.password
        match where.kind:
            case SecretKind.ENV:
                found = self._variable(where.value)
            case SecretKind.FILE:
                found = self._file(Path(where.value))
            case SecretKind.COMMAND | SecretKind.TOKEN:
                found = self._command(where)
            case SecretKind.KEYRING:
                found = self._keyring()
            case SecretKind.OAUTH | SecretKind.ABSENT:  # who finds tokens is followupd.oauth
                raise self._wrong("no password is set", "say under this key where it is found")
        if not found:
            raise self._wrong("the password is empty", "check what stands there")
        # such a character would end a command of IMAP (RFC 9051, section 4.3) or SMTP early
        if any(letter in found for letter in "\r\n\0"):
            raise self._wrong("the password has more than one line", "it must stand alone where it is found")
        return Secret(found)

    def _variable(self, name: str) -> str:
        if name not in os.environ:
            raise self._wrong(f"the environment variable {name} is not set", "set it where followupd is started")
        return os.environ[name]

    def _file(self, path: Path) -> str:
        """Read a file that only its owner can read; systemd guards its credentials by itself (systemd.exec)."""
        try:
            handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
            with os.fdopen(handle, "rb") as file:
                found = os.fstat(handle)
                if not stat.S_ISREG(found.st_mode):
                    raise self._wrong(f"{path} is not a file", "put the password into a file of its own")
                if found.st_mode & 0o077 and not _is_credential(path):
                    raise self._wrong(f"others can read {path}", f"chmod 600 {path}")
                content = file.read(LARGEST + 1)
        except OSError as error:
            raise self._wrong(f"{path} cannot be read: {error.strerror}", "check the path") from None
        if len(content) > LARGEST:
            raise self._wrong(f"{path} is too large to hold a password", "put the password into a file of its own")
        return self._decoded(content).removesuffix("\n").removesuffix("\r")

    def _command(self, where: SecretSource) -> str:
        """Run the program without a shell; its first line is the password. What it says of trouble stays unread."""
        name = Path(where.command[0]).name
        try:
            program = subprocess.Popen(
                where.command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
            )
        except OSError as error:
            raise self._wrong(f"{name} cannot be started: {error.strerror}", "check the command") from None
        with program:
            try:
                output, _ = program.communicate(timeout=COMMAND_SECONDS)
            except BaseException as error:
                with suppress(OSError):
                    os.killpg(program.pid, signal.SIGKILL)
                program.kill()
                if isinstance(error, subprocess.TimeoutExpired):
                    raise self._later(f"{name} gave no password within {COMMAND_SECONDS:.0f} seconds") from None
                raise
        if program.returncode:
            raise self._later(f"{name} gave no password: it ended with status {program.returncode}")
        return self._decoded(output.partition(b"\n")[0]).removesuffix("\r")

    def _keyring(self) -> str:
        """Ask the system's keyring for host and user name."""
        host, name = self._server.host, self._server.username
        try:
            found = keyrings.find(host, name)
        except keyrings.NoKeyringError as error:
            raise self._wrong(error.what, error.hint) from None
        except keyrings.LockedError as error:
            raise self._later(f"the keyring gave no password: {error}") from None
        if found:
            return found
        raise self._wrong("the keyring has no such password", f"keyring set {host} {name}")

    def _decoded(self, content: bytes) -> str:
        try:
            return content.decode()
        except UnicodeDecodeError:
            raise self._wrong("the password is not UTF-8", "save it as UTF-8") from None

    def _wrong(self, what: str, hint: str) -> FollowupdError:
        return ConfigError([Problem(self._key, what, hint)], where=str(self._source))

    def _later(self, what: str) -> FollowupdError:
        return TryLaterError(what, where=self._key, hint="try the command or the keyring by hand to see why")


def _is_credential(path: Path) -> bool:
    folder = os.environ.get(CREDENTIALS)
    return bool(folder) and path.parent == Path(folder or "")
