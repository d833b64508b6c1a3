"""Where the password is kept: as an option says, else as the config says already, else as the user chooses."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

import click

from followupd.cli.questions import Questions
from followupd.core.connections import MAIN, SecretKind, SecretSource

KEPT: Final = ("file", "keyring", "command", "environment")


def place(
    questions: Questions, before: object, given: Mapping[str, Any], config: Path, account: str = MAIN, *, there: bool
) -> SecretSource:
    """Give the place; `before` is what the config says of it now, None for the default where one is `there`.

    Raises UsageError where options name several.
    """
    said = [read(given[option]) for option, read in _OPTIONS.items() if given[option]]
    if len(said) > 1:
        raise click.UsageError("Say one place for the password, not several.")
    if said:
        return said[0]
    known = _as_before(before, config, account) if there else None
    return known or _chosen(questions, config, account)


def _as_before(before: object, config: Path, account: str) -> SecretSource | None:
    from followupd.config.passwords import default_password, password
    from followupd.config.reading import Faulty, Place

    if before is None:
        return default_password("imap", "", account)
    with suppress(Faulty, ValueError):
        return password(before, Place(config.parent))
    return None


def _chosen(questions: Questions, config: Path, account: str) -> SecretSource:
    from followupd.config.passwords import default_password
    from followupd.setup.secret import FILE_NAME

    match questions.choose("Where should the password be kept?", KEPT, "file"):
        case "keyring":
            return SecretSource(kind=SecretKind.KEYRING)
        case "command":
            return _command(questions.ask("The command that prints it", "--password-command", str, None))
        case "environment":
            return default_password("imap", "", account)
        case _:
            return _file(config.parent / (FILE_NAME if account == MAIN else f"{FILE_NAME}-{account}"))


def _file(path: Path) -> SecretSource:
    return SecretSource(kind=SecretKind.FILE, value=str(path.expanduser().absolute()))


def _variable(name: str) -> SecretSource:
    from followupd.config.passwords import variable
    from followupd.config.paths import NOWHERE
    from followupd.config.reading import Place

    try:
        return SecretSource(kind=SecretKind.ENV, value=variable(name, Place(NOWHERE)))
    except ValueError as error:
        raise click.UsageError(f"--password-env {error}.") from None


def _command(said: str) -> SecretSource:
    """Take a command apart as a shell would; no shell will see it."""
    import shlex

    try:
        parts = tuple(shlex.split(said))
    except ValueError as error:
        raise click.UsageError(f"--password-command: {error}.") from None
    if not parts:
        raise click.UsageError("--password-command names no program.")
    return SecretSource(kind=SecretKind.COMMAND, command=parts)


def _keyring(_asked: object) -> SecretSource:
    return SecretSource(kind=SecretKind.KEYRING)


_OPTIONS: Final[Mapping[str, Callable[[Any], SecretSource]]] = {
    "password_file": _file,
    "password_env": _variable,
    "password_command": _command,
    "keyring": _keyring,
}
