"""The lists of phrases that ship, and the user's own beside them, are read once and only where letters are judged."""

import tomllib
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from followupd.core.errors import FollowupdError
from followupd.core.lint.book import LISTS, Phrasebook

SHIPPED: Final = Path(__file__).parent / "phrases"
_LARGEST: Final = 200_000
_MOST_FILES: Final = 50
_LONGEST: Final = 200
"""Characters of a phrase."""


@lru_cache(maxsize=8)
def phrasebook(own: Path | None = None) -> Phrasebook:
    """Give all lists; `own` is the user's file, or a folder of such files, whose phrases are added.

    Raises FollowupdError that names the file and the list where one cannot be read.
    """
    lists: dict[str, list[str]] = {}
    for path in [*sorted(SHIPPED.glob("*.toml")), *_own(own)]:
        for name, phrases in _read(path).items():
            lists.setdefault(name, []).extend(phrases)
    return Phrasebook({name: tuple(dict.fromkeys(phrases)) for name, phrases in lists.items()})


def _own(own: Path | None) -> list[Path]:
    if own is None:
        return []
    if own.is_dir():
        found = sorted(own.glob("*.toml"))
        if len(found) > _MOST_FILES:
            raise _wrong(own, f"there are more than {_MOST_FILES} lists of phrases")
        return found
    return [own]


def _read(path: Path) -> dict[str, tuple[str, ...]]:
    try:
        with path.open("rb") as file:
            octets = file.read(_LARGEST + 1)
        if len(octets) > _LARGEST:
            raise _wrong(path, "the list of phrases is too large")
        found = tomllib.loads(octets.decode("utf-8-sig"))
    except OSError as error:
        raise _wrong(path, f"the list of phrases cannot be read: {error.strerror}") from None
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError) as error:
        raise _wrong(path, f"the list of phrases is no TOML: {error}") from None
    return {name: _phrases(name, value, path) for name, value in found.items()}


def _phrases(name: str, value: Any, path: Path) -> tuple[str, ...]:  # noqa: ANN401  # whatever TOML has
    if name not in LISTS:
        raise _wrong(path, f"there is no list {name!r}; there are {', '.join(sorted(LISTS))}")
    if not isinstance(value, list) or not all(isinstance(one, str) and 0 < len(one) <= _LONGEST for one in value):
        raise _wrong(path, f"{name} must be a list of texts, none longer than {_LONGEST} characters")
    return tuple(value)


def _wrong(path: Path, what: str) -> FollowupdError:
    return FollowupdError(what, where=str(path), hint="mend the file, or leave [lint] phrases out of the config")
