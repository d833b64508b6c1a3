"""Manual pages, written from the very help of the commands (man(7), the macros of the classic man package)."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

import click

from followupd import __version__
from followupd.cli.group import followupd
from followupd.cli.lazy import COMMANDS

_STATUS: Final = (
    ("0", "Done."),
    ("1", "The thing asked for did not work."),
    ("2", "Wrong usage."),
    ("69", "A server cannot be reached."),
    ("75", "Try again later."),
    ("78", "The config is wrong."),
)
_FILES: Final = (
    ("~/.config/followupd/config.toml", "The config; --config or $FOLLOWUPD_CONFIG name another one."),
    ("~/.local/share/followupd/followupd.db", "The database, unless the config says otherwise."),
)


def pages() -> Mapping[str, str]:
    """Give every page by its file name: followupd.1, and one for each command and each command of a group."""
    return {f"{'-'.join(('followupd', *words))}.1": page(words) for words in _all((), followupd)}


def page(words: Sequence[str] = ()) -> str:
    """Write the page of a command, named by its words; the page of the program without any. Raises UsageError."""
    context, command = _found(words)
    name = "-".join(("followupd", *words))
    lines = [
        f'.TH "{_text(name.upper())}" "1" "" "followupd {_text(__version__)}" "followupd"',
        ".SH NAME",
        f"{_text(name)} \\- {_text(_brief(words, command))}",
        ".SH SYNOPSIS",
        f".B {_text(' '.join(('followupd', *words)))}",
        _text(" ".join(command.collect_usage_pieces(context))),
        ".SH DESCRIPTION",
        *_described(command.help or ""),
        *_options(context, command),
        *_commands(context, words, command),
    ]
    if not words:
        lines += [*_listed("EXIT STATUS", _STATUS), *_listed("FILES", _FILES)]
    return "\n".join([*lines, *_see_also(words)]) + "\n"


def _all(words: tuple[str, ...], command: click.Command) -> Iterator[tuple[str, ...]]:
    yield words
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            below = command.get_command(context, name)
            assert below is not None
            yield from _all((*words, name), below)


def _found(words: Sequence[str]) -> tuple[click.Context, click.Command]:
    command: click.Command = followupd
    context = click.Context(command, info_name="followupd")
    for word in words:
        below = command.get_command(context, word) if isinstance(command, click.Group) else None
        if below is None:
            raise click.UsageError(f"There is no command {' '.join(words)!r}.")
        command, context = below, click.Context(below, info_name=word, parent=context)
    return context, command


def _brief(words: Sequence[str], command: click.Command) -> str:
    """Give the one line of help, without the stop at its end."""
    for family in COMMANDS.values():
        if len(words) == 1 and words[0] in family:
            return family[words[0]].help.rstrip(".")
    return command.get_short_help_str(limit=100).rstrip(".")


def _described(said: str) -> Iterator[str]:
    """Write paragraphs; what is to be typed stands as it is typed."""
    for number, paragraph in enumerate(re.split(r"\n\s*\n", said.strip())):
        if number:
            yield ".PP"
        words, _, typed = paragraph.strip().partition("Example: ")
        if not typed and words.startswith("followupd "):
            words, typed = "", words
        if words.strip():
            yield _text(" ".join(words.split()).removesuffix(" Example:"))
        if typed:
            yield from (".PP", "Example:") if words.strip() else ("Example:",)
            yield from (".PP", ".nf", ".RS", *map(_text, map(str.strip, typed.splitlines())), ".RE", ".fi")


def _options(context: click.Context, command: click.Command) -> Iterator[str]:
    options = [param for param in command.get_params(context) if isinstance(param, click.Option)]
    found = [record for option in options if (record := option.get_help_record(context)) is not None]
    yield from _listed("OPTIONS", found)


def _commands(context: click.Context, words: Sequence[str], command: click.Command) -> Iterator[str]:
    if isinstance(command, click.Group):
        yield from _listed(
            "COMMANDS",
            [
                (name, f"{_brief((*words, name), below)}.")
                for name in command.list_commands(context)
                if (below := command.get_command(context, name)) is not None
            ],
        )


def _listed(head: str, found: Sequence[tuple[str, str]]) -> Iterator[str]:
    if found:
        yield f".SH {head}"
    for name, about in found:
        yield from (".TP", f".B {_text(name)}", _text(about))


def _see_also(words: Sequence[str]) -> Iterator[str]:
    """Name the page above, or of the program all pages below."""
    names = (
        ["-".join(("followupd", *words[:-1]))]
        if words
        else [f"followupd-{one}" for f in COMMANDS.values() for one in f]
    )
    yield ".SH SEE ALSO"
    yield ",\n".join(f".BR {_text(name)} (1)" for name in names).replace(",\n", " ,\n")


def _text(said: str) -> str:
    r"""Write words so that roff takes none for a request: \ as \e, - as \-, and no . or ' begins a line."""
    escaped = said.replace("\\", "\\e").replace("-", "\\-").replace('"', "\\(dq")
    return re.sub(r"(?m)^(?=[.'])", r"\\&", escaped)
