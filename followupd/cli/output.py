"""The only writer to standard output: text for people, or one JSON document and nothing else there."""

import os
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

import click

from followupd.views.text import COLUMNS, NARROWEST, safe

if TYPE_CHECKING:
    from followupd.views.screen import Part

F = TypeVar("F", bound=Callable[..., Any])


def json_option(command: F) -> F:
    """Add --json to a command."""
    return click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")(command)


def say(text: str) -> None:
    """Print text for people; nothing where there is nothing to say."""
    if text:
        click.echo(text)


def show(*parts: "Part") -> None:
    """Show tables, names with values and sentences: in colour and as wide as it is in a terminal, else plain.

    A pipe gets 80 columns, or as many as COLUMNS says. NO_COLOR (no-color.org) is honoured.
    """
    if sys.stdout.isatty():
        from followupd.views.paint import paint

        paint(parts)
        return
    from followupd.views.screen import plain

    wide = os.environ.get("COLUMNS", "")
    say(plain(parts, max(int(wide), NARROWEST) if wide.isdecimal() else COLUMNS))


def tell(text: str) -> None:
    """Print what was done; nothing where the user wants to hear only of what went wrong (-q)."""
    context = click.get_current_context(silent=True)
    if context is None or not context.find_root().params.get("quiet"):
        say(text)


def say_json(document: object) -> None:
    """Print one JSON document; what a terminal might obey is escaped, as JSON allows."""
    import json

    click.echo(json.dumps(document, indent=2, ensure_ascii=True))


def complain(what: str, *, where: str = "", hint: str = "") -> None:
    """Say on standard error what is wrong, where, and what to do."""
    place = safe(where)
    said = f"followupd: {safe(what)}" + (f" ({place})" if place else "")
    click.echo(said, err=True)
    for line in hint.splitlines():
        click.echo(f"  {safe(line)}", err=True)


def complain_of_bug(error: BaseException) -> None:
    """Say in one line that this is our fault; the details only where they were asked for."""
    import logging

    complain(
        f"this is a bug: {type(error).__name__}",
        hint="please report it; run the same with -v for the details",
    )
    if logging.getLogger("followupd").isEnabledFor(logging.DEBUG):
        import traceback

        click.echo("".join(traceback.format_exception(error)), err=True)
