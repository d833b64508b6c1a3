"""A config is written or edited so that it says what was answered, and whatever else stood in it stands there still.

A new one is the example with the answers in it. One that is there is edited line by line, comments and all; what comes
out is read again and must differ in the answers alone, otherwise nothing is written and the user is told the keys.
"""

import re
import tomllib
from collections.abc import Callable, Mapping
from copy import deepcopy
from pathlib import Path
from typing import Any, Final

from followupd.config import example
from followupd.config.file import read
from followupd.config.staging import Staged, staged, take_places
from followupd.core.errors import ConfigError, FollowupdError

_HEADER: Final = re.compile(r"\s*\[{1,2}\s*([^\]]+?)\s*\]{1,2}\s*(?:#.*)?")
_ASSIGNED: Final = r"\s*{key}\s*=\s*(?:\"(?:[^\"\\]|\\.)*\"|'[^']*'|[^#\"']*|\{{[^#]*\}})(?P<remark>\s+#.*)?"
_DEFAULTS: Final = (None, "", "tls")
"""What an absent key says, of those that are written here."""
_COMMENTED: Final = r"#\s?{key}\s*=.*"


def text(keys: Mapping[str, object], before: str | None, path: Path) -> str:
    """Give the text of the config with `keys` (dotted; None: the default) in it; `before` is the one that is there.

    Raises FollowupdError, naming the keys to edit by hand, where the lines of `before` can't be edited.
    """
    if before is None:
        return example.text({key: value for key, value in keys.items() if value is not None})
    try:
        old = tomllib.loads(before)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise FollowupdError(f"the config that is there is no TOML: {error}", where=str(path)) from None
    changed = {key: value for key, value in keys.items() if not _says(old, key, value)}
    lines = before.splitlines(keepends=True)
    for key, value in changed.items():
        _edit(lines, key, value)
    after = "".join(lines)
    if not _is_as_wanted(old, after, changed):
        wanted = "\n".join(f"{key} = {example.toml(value)}" for key, value in changed.items() if value is not None)
        raise FollowupdError(
            "the config is written in a way that cannot be edited safely, so it was left as it is",
            where=str(path),
            hint=f"put these keys in by hand:\n{wanted}",
        )
    return after


def write(
    path: Path, content: str, secret: tuple[Path, str] | None = None, keep: Callable[[], None] = lambda: None
) -> None:
    """Write the config, and with it the file of the secret, if there is one; both or neither.

    `keep` is called when nothing but taking their places is left to do. Raises ConfigError if the config is not one,
    OSError, and what `keep` raises.
    """
    files = [*([(secret[0], f"{secret[1]}\n")] if secret else []), (path, content)]
    with staged(files) as written:
        _judge(written[-1], path)
        keep()
        take_places(written)


def _judge(config: Staged, path: Path) -> None:
    try:
        read(config.beside)
    except ConfigError as error:
        raise ConfigError(error.problems, where=str(path)) from None


def _edit(lines: list[str], key: str, value: object) -> None:
    """Replace the line of a key, or the comment that shows it, or put it below the header of its table."""
    table, _, name = key.rpartition(".")
    assignment = "" if value is None else f"{name} = {example.toml(value)}"
    start = next((at for at, line in enumerate(lines) if _header(line) == table), None)
    if start is None:
        _put(lines, len(lines), assignment and f"\n[{table}]\n{assignment}")
        return
    end = next((at for at in range(start + 1, len(lines)) if _header(lines[at])), len(lines))
    at, remark = _place(lines, range(start + 1, end), name)
    if at is None:
        _put(lines, start + 1, assignment)
    elif assignment or not lines[at].startswith("#"):
        lines[at : at + 1] = [f"{assignment}{remark}\n"] if assignment else []


def _place(lines: list[str], among: range, name: str) -> tuple[int | None, str]:
    """Find the line of a key, or else the comment that shows it; with what stands behind it as a remark."""
    for pattern in (_ASSIGNED, _COMMENTED):
        for at in among:
            if found := re.fullmatch(pattern.format(key=re.escape(name)), lines[at].rstrip("\r\n")):
                return at, (found["remark"] or "") if pattern is _ASSIGNED else ""
    return None, ""


def _put(lines: list[str], at: int, text: str) -> None:
    if text:
        if lines and not lines[-1].endswith("\n"):
            lines[-1] += "\n"
        lines[at:at] = f"{text}\n".splitlines(keepends=True)


def _header(line: str) -> str:
    found = _HEADER.fullmatch(line.rstrip("\r\n"))
    return found[1] if found else ""


def _says(document: Mapping[str, Any], key: str, value: object) -> bool:
    """Tell whether a config says this already, be it by leaving the key out."""
    *tables, name = key.split(".")
    found: Any = document
    for table in tables:
        found = found.get(table) if isinstance(found, dict) else None
    if not isinstance(found, dict) or name not in found:
        return value in _DEFAULTS
    return bool(found[name] == value)


def _is_as_wanted(old: dict[str, Any], after: str, changed: Mapping[str, object]) -> bool:
    """Tell whether the edited text says what the old one said, but for the keys that changed."""
    wanted = deepcopy(old)
    for key, value in changed.items():
        *tables, name = key.split(".")
        here: Any = wanted
        for table in tables:
            here = here.setdefault(table, {}) if value is not None or table in here else {}
            if not isinstance(here, dict):
                return False
        here.pop(name, None)
        if value is not None:
            here[name] = value
    try:
        return tomllib.loads(after) == wanted
    except (tomllib.TOMLDecodeError, RecursionError):
        return False
