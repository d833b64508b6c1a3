"""A config with every key in it and what it means, written from the declarations that it is read by."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from followupd.config.cadences import FOR, SHIPPED, Cadence
from followupd.config.schema import Config

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from followupd.config.reading import Key, Section

OPENING: Final = """\
# The config of followupd: every key there is. Change what is marked as required; leave out what you like as it is.
# Durations are words ("10 days", "3 weeks", "6 months", "1 year") or ISO 8601 ("P6M").
"""

_ACCOUNTS: Final = (
    "# More accounts, each by a name of your own: `followupd add --account work` writes by that one. What an account",
    "# leaves out is as it is above; a `host` begins a server anew. A password is taken from above only for the same",
    "# login, else it is found in $FOLLOWUPD_PASSWORD_WORK. There is [account.work.oauth], too.",
    "#   [account.work.me]",
    '#   email = "ada@work.example"',
    "#   [account.work.imap]",
    '#   host = "imap.work.example"',
    "#   [account.work.smtp]",
    '#   host = "smtp.work.example"',
)


_OFFERS: Final = (
    "# Kinds of offers of which you can keep only so many; `followupd add --offer-of site` says that theirs is one.",
    "# No opening letter makes one more while so many are open (not answered yet) or owed.",
    "#   [offers.site]",
    "#   capacity = 2",
)


def text(given: Mapping[str, object] | None = None) -> str:
    """Write the file as TOML; `given` are values to put in, by dotted key ("imap.host"), as TOML has them."""
    given = given or {}
    tables = ["\n".join(_table(key, given)) for key in Config.declared()]
    return "\n\n".join([OPENING.rstrip("\n"), *tables]) + "\n"


def _table(key: Key[object], given: Mapping[str, object]) -> Iterator[str]:
    section: type[Section] | None = getattr(key.kind, "__self__", None)
    if section is not None:
        yield from _section(key.name, section, given)
        return
    if key.name == "account":
        yield from _ACCOUNTS
        return
    if key.name == "offers":
        yield from _OFFERS
        return
    for name, cadence in SHIPPED.items():
        here = f"cadences.{name}"
        if name in FOR:
            yield from ("", f"# {FOR[name]}", f"[{here}]")
            yield from (f"{key} = {toml(given.get(f'{here}.{key}', value))}" for key, value in cadence.items())
        else:
            yield from _section(here, Cadence, {f"{here}.steps": cadence["steps"], **given})


def _section(name: str, section: type[Section], given: Mapping[str, object]) -> Iterator[str]:
    yield f"# {section.__doc__}"
    yield f"[{name}]"
    for key in section.declared():
        value = given.get(f"{name}.{key.name}", key.value)
        is_given = f"{name}.{key.name}" in given
        yield from _meaning(key)
        commented = key.otherwise is not None and not is_given
        yield f"{'# ' if commented else ''}{key.name} = {toml(value)}"


def _meaning(key: Key[object]) -> list[str]:
    """Give what a key means and its default, in lines of at most 120 characters."""
    lines = [f"# {line}" for line in key.meaning.splitlines()]
    if key.required:
        said = "Required."
    elif key.otherwise is not None:
        said = f"Default: {key.otherwise}."
    else:
        said = f"Default: {toml(key.value)}."
    if len(lines[-1]) + len(said) < 120:
        return [*lines[:-1], f"{lines[-1]} {said}"]
    return [*lines, f"# {said}"]


def toml(value: object) -> str:
    """Write a value as TOML does."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        # JSON's escapes are TOML's; DEL is the one character that only TOML escapes
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{key} = {toml(item)}" for key, item in value.items()) + " }"
    if isinstance(value, list):
        if any(isinstance(item, dict) for item in value):
            return "[\n" + "".join(f"  {toml(item)},\n" for item in value) + "]"
        return "[" + ", ".join(toml(item) for item in value) + "]"
    return str(value)
