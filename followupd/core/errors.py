"""Every error that a user can meet: what is wrong, where, what to do, and the exit status that says so to scripts."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import ClassVar


class FollowupdError(Exception):
    """Something asked for did not work (exit status 1).

    `what` is a plain sentence without a full stop; `where` names the file, folder, server or address; `hint` says what
    to do about it.
    """

    status: ClassVar[int] = 1

    def __init__(self, what: str, *, where: str = "", hint: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.where = where
        self.hint = hint

    def __str__(self) -> str:
        """One line for logs: what went wrong, and where."""
        return f"{self.what} ({self.where})" if self.where else self.what


class UnreachableError(FollowupdError):
    """A server cannot be reached or broke off (exit status 69, EX_UNAVAILABLE of sysexits.h)."""

    status: ClassVar[int] = 69


class LoginRefusedError(UnreachableError):
    """A server refused the login. Trying again soon risks a lock-out: wait a day, or for the user."""


class TryLaterError(FollowupdError):
    """Nothing is wrong, but not now: another daemon runs, a database is busy (exit status 75, EX_TEMPFAIL)."""

    status: ClassVar[int] = 75


class StorageError(FollowupdError):
    """The database, its witness or the disk below them failed: that says nothing about the letter that was at hand."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One fault of the config: the key it is about (dotted, as in TOML), what is wrong, what to do."""

    key: str
    message: str
    hint: str = ""

    def __str__(self) -> str:
        """One line as a user reads it."""
        said = f"{self.key}: {self.message}" if self.key else self.message
        return f"{said}; {self.hint}" if self.hint else said


class ConfigError(FollowupdError):
    """The config is wrong (exit status 78, EX_CONFIG); all of its faults are named at once."""

    status: ClassVar[int] = 78

    def __init__(self, problems: Sequence[Problem], *, where: str) -> None:
        count = len(problems)
        super().__init__(
            f"the config is wrong in {count} places" if count != 1 else "the config is wrong in one place",
            where=where,
            hint="\n".join(f"  {problem}" for problem in problems),
        )
        self.problems = tuple(problems)


def no_account(name: str, names: Collection[str]) -> FollowupdError:
    """Say that the config has no account of this name, and which it has."""
    return FollowupdError(f"the config has no account {name!r}", hint=f"there are: {', '.join(names)}")
