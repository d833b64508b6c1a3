"""What a shell offers when Tab is pressed: people, cadences, templates, letters; quickly, and never a word of trouble.

Click asks here (`shell_complete`). Nothing is made, brought up to date or waited for: where the config or the database
cannot be read, nothing is offered. Neither is a word that a shell might obey once it stands on its command line.
"""

import re
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

    from followupd.core.settings import Settings

_HARMLESS: Final = re.compile(r"[\w@%+=./-]+", re.ASCII)


def people(ctx: click.Context, param: click.Parameter, incomplete: str) -> "list[CompletionItem]":  # noqa: ARG001
    """Offer the addresses of people, by the beginning of the address or of a part of the name."""

    def found(settings: "Settings") -> Iterable[tuple[str, str]]:
        from followupd.store.completing import people

        return people(Path(settings.database), incomplete)

    return _offered(ctx, found)


def letters(ctx: click.Context, param: click.Parameter, incomplete: str) -> "list[CompletionItem]":  # noqa: ARG001
    """Offer the numbers of letters that are not out yet, or may be."""

    def found(settings: "Settings") -> Iterable[tuple[str, str]]:
        from followupd.store.completing import letters

        return letters(Path(settings.database), incomplete)

    return _offered(ctx, found)


def tags(ctx: click.Context, param: click.Parameter, incomplete: str) -> "list[CompletionItem]":  # noqa: ARG001
    """Offer the tags that are in use."""

    def found(settings: "Settings") -> Iterable[tuple[str, str]]:
        from followupd.store.completing import tags

        return tags(Path(settings.database), incomplete)

    return _offered(ctx, found)


def cadences(ctx: click.Context, param: click.Parameter, incomplete: str) -> "list[CompletionItem]":  # noqa: ARG001
    """Offer the cadences of the config."""

    def found(settings: "Settings") -> Iterable[tuple[str, str]]:
        for name, cadence in settings.policy.cadences.items():
            if name.startswith(incomplete):
                count = len(cadence.steps)
                yield name, f"{count} letter{'s' if count != 1 else ''}"

    return _offered(ctx, found)


def templates(ctx: click.Context, param: click.Parameter, incomplete: str) -> "list[CompletionItem]":  # noqa: ARG001
    """Offer the templates: the user's own and those that ship."""

    def found(settings: "Settings") -> Iterable[tuple[str, str]]:
        from followupd.letters.templates import Templates

        names = Templates(Path(settings.templates), settings.policy.me.language).names()
        return ((name, "") for name in sorted(names) if name.startswith(incomplete))

    return _offered(ctx, found)


def _offered(ctx: click.Context, found: Callable[["Settings"], Iterable[tuple[str, str]]]) -> "list[CompletionItem]":
    """Give what was found, with the config that the command line names; nothing where anything is wrong."""
    from click.shell_completion import CompletionItem

    from followupd import wiring
    from followupd.core.errors import FollowupdError
    from followupd.views.text import safe

    with suppress(FollowupdError, OSError):
        settings = wiring.settings(ctx.find_root().params.get("config"))
        return [CompletionItem(word, help=safe(about)) for word, about in found(settings) if _HARMLESS.fullmatch(word)]
    return []
