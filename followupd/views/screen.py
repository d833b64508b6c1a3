"""What a command shows is laid out in lines of so many columns: tables, names with values, sentences.

The layout is the same in a terminal and in a pipe; a terminal gives each piece the look of its tone. A narrow column
folds rather than loses the end of an address, and no command of ours is ever broken: a copy of half of it does
something else.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import zip_longest
from typing import Final, TypeAlias

from followupd.core.model import State
from followupd.views.text import COLUMNS, NARROWEST, OURS, fold, safe, width_of

_COMMAND: Final = re.compile(r"(followupd(?: [^\s;,]+){1,8})")
_GAP: Final = 2


class Tone(StrEnum):
    """What a piece of text is to the reader; a terminal has a look for each."""

    PLAIN = "plain"
    HEAD = "head"
    SOFT = "soft"
    GOOD = "good"
    ASKS = "asks"
    BAD = "bad"
    COMMAND = "command"


STATES: Final[Mapping[State, Tone]] = {
    State.HELD: Tone.ASKS,
    State.PAUSED: Tone.SOFT,
    State.ANSWERED: Tone.GOOD,
    State.OPTED_OUT: Tone.SOFT,
    State.UNDELIVERABLE: Tone.BAD,
    State.SILENT: Tone.SOFT,
    State.STOPPED: Tone.SOFT,
}


@dataclass(frozen=True, slots=True)
class Cell:
    """A piece of text, its tone, and by how much it is set in where it begins a line."""

    text: str
    tone: Tone = Tone.PLAIN
    indent: int = 0


Told: TypeAlias = str | Cell


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under heads. `widths` are what the columns take at most in 80 columns; the last one takes what is left.

    The column `spare` (its number) is there only where all fit.
    """

    heads: tuple[str, ...]
    rows: Sequence[Sequence[Told]]
    widths: tuple[int, ...]
    spare: int | None = None


@dataclass(frozen=True, slots=True)
class Pairs:
    """Names and values below each other; empty values are left out, long ones go on under their beginning."""

    known: Mapping[str, Told]
    indent: int = 0


@dataclass(frozen=True, slots=True)
class Lines:
    """Sentences, each of which begins a line; a command that stands alone is not folded."""

    said: Sequence[Told]


@dataclass(frozen=True, slots=True)
class Stack:
    """Parts without an empty line between them."""

    parts: Sequence["Part"]


Part: TypeAlias = Table | Pairs | Lines | Stack
Line: TypeAlias = list[Cell]


def plain(parts: Sequence[Part], columns: int = COLUMNS) -> str:
    """Write parts as text, with an empty line between them."""
    return "\n".join("".join(cell.text for cell in line).rstrip() for line in lay(parts, columns))


def lay(parts: Sequence[Part], columns: int) -> list[Line]:
    """Lay parts out in lines, with an empty line between them; what has nothing in it is left out."""
    lines: list[Line] = []
    for part in parts:
        laid = list(_laid(part, columns))
        if laid:
            lines += [[], *laid] if lines else laid
    return lines


def state(one: State) -> Cell:
    """Give the name of a state in its tone."""
    return Cell(one.value, STATES.get(one, Tone.PLAIN))


def _laid(part: Part, columns: int) -> Iterator[Line]:
    match part:
        case Table():
            return _table(part, columns)
        case Pairs():
            return _pairs(part, columns)
        case Lines():
            return (line for one in map(_cell, part.said) for line in _sentence(one, columns))
        case Stack():
            return (line for one in part.parts for line in _laid(one, columns))


def _sentence(one: Cell, columns: int) -> Iterator[Line]:
    alone = one.tone is Tone.COMMAND
    for line in [one.text] if alone else _folded(one.text, columns - one.indent):
        yield [Cell(" " * one.indent), *_spans(line, one.tone)]


def _table(part: Table, columns: int) -> Iterator[Line]:
    if not part.rows:
        return
    rows = [[_cell(one) for one in row] for row in part.rows]
    if part.spare is not None and sum(_needed(part, rows)) + _GAP * (len(part.heads) - 1) > columns:
        yield from _table(_without(part, part.spare), columns)
        return
    widths = _fitted(part, rows, columns)
    yield _row([Cell(safe(head), Tone.HEAD) for head in part.heads], widths)
    for row in rows:
        heights = [_folded(cell.text, width) for cell, width in zip(row, widths, strict=True)]
        for pieces in zip_longest(*heights, fillvalue=""):
            yield _row([Cell(piece, cell.tone) for piece, cell in zip(pieces, row, strict=True)], widths)


def _without(part: Table, spare: int) -> Table:
    def left(cells: Sequence[Told]) -> tuple[Told, ...]:
        return tuple(cell for number, cell in enumerate(cells) if number != spare)

    widths = tuple(width for number, width in enumerate(part.widths) if number != spare)
    heads = tuple(head for number, head in enumerate(part.heads) if number != spare)
    return Table(heads, [left(row) for row in part.rows], widths)


def _needed(part: Table, rows: Sequence[Sequence[Cell]]) -> list[int]:
    heads = [Cell(safe(head)) for head in part.heads]
    return [max(width_of(row[number].text) for row in (heads, *rows)) for number in range(len(heads))]


def _fitted(part: Table, rows: Sequence[Sequence[Cell]], columns: int) -> list[int]:
    """Give each column what it needs: at most its width, and more where there is room."""
    needed = [
        max(width_of(safe(head)), *(width_of(row[number].text) for row in rows))
        for number, head in enumerate(part.heads)
    ]
    *widths, last = (min(width, need) for width, need in zip(part.widths, needed, strict=True))
    spare = columns - sum(widths) - _GAP * len(widths) - max(last, min(needed[-1], part.widths[-1]))
    for number, width in enumerate(widths):
        more = max(min(spare, needed[number] - width), 0)
        widths[number] += more
        spare -= more
    return [*widths, max(columns - sum(widths) - _GAP * len(widths), NARROWEST)]


def _row(cells: Sequence[Cell], widths: Sequence[int]) -> Line:
    line: Line = []
    for number, (cell, width) in enumerate(zip(cells, widths, strict=True)):
        text = _cut(cell.text, width)
        line += _spans(text, cell.tone)
        if number < len(widths) - 1:
            line.append(Cell(" " * (width - width_of(text) + _GAP)))
    return line


def _pairs(part: Pairs, columns: int) -> Iterator[Line]:
    shown = {name: cell for name, told in part.known.items() if (cell := _cell(told)).text}
    width = max(map(len, shown), default=0)
    margin = part.indent + width + _GAP
    for name, cell in shown.items():
        first, *more = _folded(cell.text, columns - margin)
        yield [
            Cell(f"{' ' * part.indent}{name:<{width}}{' ' * _GAP}", Tone.SOFT),
            *_spans(first, cell.tone),
        ]
        for line in more:
            yield [Cell(" " * margin), *_spans(line, cell.tone)]


def _cell(told: Told) -> Cell:
    return Cell(safe(told)) if isinstance(told, str) else Cell(safe(told.text), told.tone, told.indent)


def _folded(text: str, columns: int) -> list[str]:
    return [text] if columns < NARROWEST or width_of(text) <= columns else fold(text, columns)


def _spans(text: str, tone: Tone) -> Line:
    """Cut a line where a command of ours stands in it."""
    if OURS not in text:
        return [Cell(text, tone)]
    pieces = [piece for piece in _COMMAND.split(text) if piece]
    return [Cell(piece, Tone.COMMAND if piece.startswith(OURS) else tone) for piece in pieces]


def _cut(text: str, width: int) -> str:
    """Bring a text to a width by an ellipsis; a command of ours stays whole."""
    if width_of(text) <= width or OURS in text:
        return text
    while width_of(text) >= width:
        text = text[:-1]
    return f"{text}…"
