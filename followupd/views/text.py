"""Values become lines for people: aligned, readable at 80 columns, and nothing from outside is obeyed by a terminal."""

import re
import unicodedata
from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from followupd.core.unshown import UNSHOWN

if TYPE_CHECKING:
    from followupd.core.adoption import Written
    from followupd.core.instants import Instant
    from followupd.core.model import Contact

_FOLD: Final = re.compile(rb"\r\n(?=[ \t])")


OURS: Final = "followupd "
"""How a command of ours begins."""
_PIECE: Final = re.compile(r"followupd(?: [^\s;,]+){1,8}[;,]?|\S+")
COLUMNS: Final = 80
"""What a terminal shows at least."""
NARROWEST: Final = 20
"""Columns below which nothing is folded."""


def safe(text: str) -> str:
    """Make one line of a text, without control, bidi and invisible characters: it cannot move a cursor."""
    return UNSHOWN.sub(" ", text).strip()


def safe_lines(text: str) -> str:
    """Make every line of a text safe, and keep the lines and how far they are set in."""
    return "\n".join(UNSHOWN.sub(" ", line).rstrip() for line in text.splitlines())


def header_lines(raw: bytes) -> str:
    """Write the header fields of a message for people: unfolded, with encoded words decoded (RFC 2047)."""
    from followupd.core.headers import words

    fields = _FOLD.sub(b"", raw.partition(b"\r\n\r\n")[0]).split(b"\r\n")
    return "\n".join(safe(words(field)) for field in fields)


def when(at: "Instant | None", now: "Instant") -> str:
    """Write an instant, in the zone that `now` is in, with its distance: "2027-01-12 09:13 (in 7 weeks)"."""
    return "-" if at is None else f"{minute(at, now)} ({distance(at, now)})"


def minute(at: "Instant", now: "Instant") -> str:
    """Write an instant in the zone that `now` is in: "2027-01-12 09:13"."""
    return f"{at.astimezone(now.tzinfo):%Y-%m-%d %H:%M}"


def written(contact: "Contact", found: "Written", now: "Instant") -> tuple[str, ...]:
    """Say what the user wrote to somebody by hand, and by which commands they decide on the opening letter."""
    from followupd.core.adoption import LONG_AGO, adoptable, command

    subject = safe(found.subject) or "without a subject"
    lines = [f'you wrote to them on {minute(found.at, now)}: "{subject}" {safe(found.message_id)}']
    if adoptable(found):
        lines.append(f"  go on from there: {safe(command(contact, found))}")
    if now - found.at <= LONG_AGO:
        lines.append(f"  send the opening letter all the same: followupd resume {safe(contact.email)}")
    return tuple(lines)


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


def pairs(known: Mapping[str, str], indent: int = 0) -> str:
    """Write names and values below each other; empty values are left out, long ones go on under their beginning."""
    shown = {name: safe(value) for name, value in known.items() if value}
    width = max((len(name) for name in shown), default=0)
    margin = indent + width + 2
    lines: list[str] = []
    for name, value in shown.items():
        first, *more = fold(value, COLUMNS - margin)
        lines += [f"{' ' * indent}{name:<{width}}  {first}".rstrip(), *(" " * margin + line for line in more)]
    return "\n".join(lines)


def pieces(text: str) -> list[str]:
    """Cut a text into its words; a command of ours is one word, with the sign that may follow it."""
    return _PIECE.findall(text)


def fold(text: str, columns: int) -> list[str]:
    """Break a text into lines of so many columns, but no command of ours: a copy of half of it does something else."""
    room = max(columns, NARROWEST)
    lines = [""]
    for piece in pieces(text):
        for part in [piece] if piece.startswith(OURS) else _chopped(piece, room):
            if not lines[-1]:
                lines[-1] = part
            elif width_of(lines[-1]) + 1 + width_of(part) <= room:
                lines[-1] += f" {part}"
            else:
                lines.append(part)
    return lines


def _chopped(word: str, room: int) -> list[str]:
    """Cut a word that fits in no line."""
    parts = [""]
    for char in word if width_of(word) > room else ():
        if width_of(parts[-1] + char) > room:
            parts.append("")
        parts[-1] += char
    return parts if parts != [""] else [word]


def width_of(text: str) -> int:
    """Count the columns of a terminal that a text takes: two for a wide letter, none for a combining mark."""
    if text.isascii():
        return len(text)
    return sum(0 if unicodedata.combining(one) else 1 + (unicodedata.east_asian_width(one) in "WF") for one in text)
