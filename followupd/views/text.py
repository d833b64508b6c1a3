"""Values become lines for people: aligned, readable at 80 columns, and nothing from outside is obeyed by a terminal."""

import re
import textwrap
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from followupd.core.instants import Instant

_UNSAFE: Final = re.compile(
    r"[\x00-\x1f\x7f-\x9f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2064\u2066-\u206f\ufeff\ud800-\udfff]+"
)


_COLUMNS: Final = 80
_NARROWEST: Final = 20


def safe(text: str) -> str:
    """Make one line of a text, without control, bidi and invisible characters: it cannot move a cursor."""
    return _UNSAFE.sub(" ", text).strip()


def safe_lines(text: str) -> str:
    """Make every line of a text safe, and keep the lines."""
    return "\n".join(safe(line) for line in text.splitlines())


def when(at: "Instant | None", now: "Instant") -> str:
    """Write an instant, in the zone that `now` is in, with its distance: "2027-01-12 09:13 (in 7 weeks)"."""
    return "-" if at is None else f"{minute(at, now)} ({distance(at, now)})"


def minute(at: "Instant", now: "Instant") -> str:
    """Write an instant in the zone that `now` is in: "2027-01-12 09:13"."""
    return f"{at.astimezone(now.tzinfo):%Y-%m-%d %H:%M}"


def distance(at: "Instant", now: "Instant") -> str:
    """Say how far an instant lies from now, in the largest unit that fits."""
    seconds = int((at - now).total_seconds())
    size = abs(seconds)
    for unit, length in (
        ("year", 31_557_600),
        ("month", 2_629_800),
        ("week", 604_800),
        ("day", 86_400),
        ("hour", 3600),
    ):
        if size >= (2 * length if unit in {"month", "week"} else length):
            count = size // length
            break
    else:
        unit, count = "minute", size // 60
    if not count:
        return "now"
    said = f"{count} {unit}{'s' if count != 1 else ''}"
    return f"in {said}" if seconds > 0 else f"{said} ago"


def table(heads: Sequence[str], rows: Sequence[Sequence[str]], widths: Sequence[int]) -> str:
    """Align columns; a cell longer than its width ends in an ellipsis, the last column goes on in the next line."""
    if not rows:
        return ""
    cells = [[safe(cell) for cell in row] for row in rows]
    fitted = [
        min(width, max(len(head), *(len(row[number]) for row in cells)))
        for number, (head, width) in enumerate(zip(heads, widths, strict=True))
    ]
    return "\n".join((_line(heads, fitted), *(_wrapped(row, fitted) for row in cells)))


def pairs(known: Mapping[str, str]) -> str:
    """Write names and values below each other; empty values are left out."""
    shown = {name: safe(value) for name, value in known.items() if value}
    width = max((len(name) for name in shown), default=0)
    return "\n".join(f"{name:<{width}}  {value}" for name, value in shown.items())


def _wrapped(row: Sequence[str], widths: Sequence[int]) -> str:
    """Write a row; what the last column has too much stands below, under its head."""
    indent = sum(width + 2 for width in widths[:-1])
    first, *more = textwrap.wrap(row[-1], max(_COLUMNS - indent, _NARROWEST)) or [""]
    return "\n".join((_line([*row[:-1], first], widths), *(" " * indent + line for line in more)))


def _line(row: Sequence[str], widths: Sequence[int]) -> str:
    cells = [f"{_cut(cell, width):<{width}}" for cell, width in zip(row[:-1], widths[:-1], strict=True)]
    return "  ".join([*cells, row[-1]]).rstrip()


def _cut(cell: str, width: int) -> str:
    return cell if len(cell) <= width else cell[: width - 1] + "…"
