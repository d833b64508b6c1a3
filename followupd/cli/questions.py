"""Questions are asked on a terminal alone; elsewhere answers come from options, and what is missing is named."""

import sys
from collections.abc import Callable, Sequence
from typing import TypeVar

import click

from followupd.views.text import safe_lines

T = TypeVar("T")


class Questions:
    """Asks on standard error; `asking` is False for scripts."""

    def __init__(self, *, asking: bool) -> None:
        self.asking = asking and sys.stdin.isatty() and sys.stderr.isatty()

    def ask(self, question: str, option: str, read: Callable[[str], T], given: str | None, default: str = "") -> T:
        """Give the answer as `read` (raises ValueError) makes it: of the option, else of the user, else the default."""
        if given is not None or not self.asking:
            said = given if given is not None else default
            if not said:
                raise click.UsageError(f"Say {option}.")
            try:
                return read(said)
            except ValueError as error:
                raise click.UsageError(f"{option}: {error}") from None
        while True:
            said = click.prompt(question, default=default or None, err=True)
            try:
                return read(said)
            except ValueError as error:
                self.tell(str(error))

    def choose(self, question: str, among: Sequence[str], default: str) -> str:
        """Give one of some words; the default where nobody can be asked."""
        if not self.asking:
            return default
        found: str = click.prompt(question, type=click.Choice(list(among)), default=default, err=True)
        return found

    def confirm(self, question: str, *, default: bool) -> bool:
        """Give yes or no; no where nobody can be asked."""
        return self.asking and click.confirm(question, default=default, err=True)

    def password(self, question: str) -> str:
        """Give what was typed unseen."""
        found: str = click.prompt(question, hide_input=True, err=True)
        return found

    @staticmethod
    def tell(text: str) -> None:
        """Say how it goes, on standard error."""
        click.echo(safe_lines(text), err=True)
