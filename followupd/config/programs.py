"""A program of the user's in the config: itself and its arguments, which no shell sees."""

from __future__ import annotations

from typing import TYPE_CHECKING

from followupd.config.kinds import path, text
from followupd.config.reading import unexpected

if TYPE_CHECKING:
    from followupd.config.reading import Place


def program(value: object, place: Place) -> tuple[str, ...]:
    """Read a program and its arguments, [] for none; a path to one starts at the folder of the config.

    One that is named alone is looked for on the PATH of whoever starts followupd.
    """
    if not isinstance(value, list):
        raise unexpected('a list like ["program", "argument"], which no shell has to take apart', value)
    if not value:
        return ()
    if not all(isinstance(part, str) and "\0" not in part for part in value):
        raise ValueError("expected a list of texts")
    first = text(value[0], place)
    named = str(path(first, place)) if first.startswith(("~", ".")) or "/" in first else first
    return (named, *value[1:])
