"""What a server's untagged responses say (RFC 9051, section 9): garbage is left out and never an exception.

Input is what imaplib collects: a line as bytes, or a pair (line up to a literal, the literal) that the next element
continues; among them what the wire has read already (`imap/fetching.py`). Items come in any order, strings quoted or
as literals; what nobody asked for may stand between.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from functools import lru_cache
from typing import Final, NamedTuple

from followupd.core.instants import Instant

_TOKEN: Final = re.compile(
    rb'[ \t]*(?:(?P<paren>[()])|"(?P<quoted>[^"\\]*(?:\\.[^"\\]*)*)"|(?P<atom>(?:[^\s()"\[]|\[[^\]]*\])+))'
)
_LITERAL: Final = re.compile(rb"~?\{\d+\+?\}$")
_ESCAPE: Final = re.compile(rb"\\(.)", re.DOTALL)
_NUMBER: Final = re.compile(rb"[0-9]{1,18}")
_THREAD: Final = re.compile(rb"[0-9]{1,20}")
_DATE: Final = re.compile(rb" ?(\d{1,2}-[A-Za-z]{3}-\d{4}) (\d\d):(\d\d):(\d\d) ([+-]\d{4})")
_MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_DEEPEST: Final = 8


class Text(bytes):
    """A string, quoted or literal, as opposed to an atom."""

    __slots__ = ()


Value = bytes | list["Value"]
"""An atom (bytes), a string (Text) or a parenthesised list."""


class Fetched(NamedTuple):
    """One FETCH response with a UID. `body` is the section asked for; None where the server gave none.

    `gmail_thread` is the X-GM-THRID, a number of 64 bits without a sign that no database holds.
    """

    uid: int
    internal_date: Instant | None = None
    size: int = 0
    body: bytes | None = None
    gmail_thread: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """One LIST response: attributes in lower case with their backslash, the delimiter, the name as on the wire."""

    attributes: frozenset[str]
    delimiter: str
    wire: bytes


def rows(data: Iterable[object]) -> Iterator[list[Value]]:
    """Give the values of each response; one that breaks the grammar is left out."""
    for parts in _responses(data):
        values = None if isinstance(parts, Fetched) else _values(parts)
        if values is not None:
            yield values


def _responses(data: Iterable[object]) -> Iterator[list[bytes] | Fetched]:
    """Put each response together: text, literal, text, ..., text; before a literal the text ends with its size."""
    parts: list[bytes] = []
    for element in data:
        if isinstance(element, Fetched):
            yield element
        elif isinstance(element, tuple) and len(element) == 2:
            parts += element
        elif isinstance(element, bytes):
            parts.append(element)
            yield parts
            parts = []


def _values(parts: list[bytes]) -> list[Value] | None:
    """Read a response given as text, literal, text, literal, ..., text."""
    top: list[Value] = []
    stack = [top]
    for index, part in enumerate(parts):
        if index % 2:
            stack[-1].append(Text(part))
        elif not _read(_LITERAL.sub(b"", part) if index + 1 < len(parts) else part, stack):
            return None
    return top if len(stack) == 1 else None


def _read(text: bytes, stack: list[list[Value]]) -> bool:
    """Add the tokens of `text` to the innermost open list; False if they make no sense."""
    at, end = 0, len(text.rstrip())
    while at < end:
        token = _TOKEN.match(text, at)
        if token is None:
            return False
        at = token.end()
        if token["atom"] is not None:
            stack[-1].append(token["atom"])
        elif token["quoted"] is not None:
            quoted = token["quoted"]
            stack[-1].append(Text(_ESCAPE.sub(rb"\1", quoted) if b"\\" in quoted else quoted))
        elif token["paren"] == b"(":
            inner: list[Value] = []
            stack[-1].append(inner)
            stack.append(inner)
        else:
            stack.pop()
        if not 1 <= len(stack) <= _DEEPEST:
            return False
    return True


def number(value: Value | None) -> int | None:
    """Read a number; None for anything else, and for one that no database holds."""
    return int(value) if isinstance(value, bytes) and _NUMBER.fullmatch(value) else None


def last_number(values: Sequence[object]) -> int | None:
    """Read the last of what came with a response code, such as UIDNEXT."""
    last = values[-1] if values else None
    return number(last) if isinstance(last, bytes) else None


def pairs(values: Value) -> dict[bytes, Value]:
    """Read a list of names and values; names in upper case."""
    if not isinstance(values, list):
        return {}
    names, items = values[::2], values[1::2]
    return {name.upper(): item for name, item in zip(names, items, strict=False) if isinstance(name, bytes)}


def fetched(data: Iterable[object]) -> dict[int, Fetched]:
    """Read FETCH responses by UID; several of one UID (flags changed meanwhile) are laid together."""
    found: dict[int, Fetched] = {}
    for parts in _responses(data):
        one = parts if isinstance(parts, Fetched) else _fetched(parts)
        if one is not None and (one.uid not in found or one.body is not None or found[one.uid].body is None):
            found[one.uid] = one
    return found


def _fetched(parts: list[bytes]) -> Fetched | None:
    row = _values(parts) or ()
    items = pairs(row[1]) if len(row) >= 2 else {}
    uid = number(items.get(b"UID"))
    if not uid:
        return None
    size = number(items.get(b"RFC822.SIZE")) or 0
    body = next((value for name, value in items.items() if name.startswith(b"BODY[")), None)
    if isinstance(body, list) or (body is not None and not isinstance(body, Text)):
        # NIL: an empty message has no octets to give; any other has, and this server withholds them
        body = b"" if b"RFC822.SIZE" in items and size == 0 and body == b"NIL" else None
    date, thread = items.get(b"INTERNALDATE"), items.get(b"X-GM-THRID")
    return Fetched(
        uid=uid,
        internal_date=internal_date(date) if isinstance(date, bytes) else None,
        size=size,
        body=None if body is None else bytes(body),
        gmail_thread=thread.decode() if isinstance(thread, bytes) and _THREAD.fullmatch(thread) else "",
    )


def internal_date(text: bytes) -> Instant | None:
    """Read a date-time (RFC 9051, section 9); None if it is none."""
    match = _DATE.fullmatch(text)
    if match is None:
        return None
    midnight, hour, minute = _midnight(match[1], match[5]), int(match[2]), int(match[3])
    if midnight is None or hour > 23 or minute > 59:
        return None
    try:
        return midnight + timedelta(hours=hour, minutes=minute, seconds=min(int(match[4]), 59))
    except OverflowError:
        return None


@lru_cache(maxsize=256)
def _midnight(day: bytes, zone: bytes) -> Instant | None:
    """Give the instant at which a day begins in a zone: thousands of messages came on one day."""
    number, month, year = day.decode().lower().split("-")
    offset = timedelta(hours=int(zone[1:3]), minutes=int(zone[3:])) * (-1 if zone[:1] == b"-" else 1)
    try:
        local = datetime(int(year), _MONTHS.index(month) + 1, int(number), tzinfo=timezone(offset))
        return local.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def to_internal_date(instant: Instant) -> str:
    """Write a date-time with its quotes (RFC 9051, section 9)."""
    month = _MONTHS[instant.month - 1].capitalize()
    return f'"{instant.day:2d}-{month}-{instant.astimezone(UTC):%Y %H:%M:%S} +0000"'


def month_name(month: int) -> str:
    """Give the three letters that IMAP has for a month, from 1."""
    return _MONTHS[month - 1].capitalize()


def listed(data: Iterable[object]) -> tuple[Listed, ...]:
    """Read LIST responses."""
    return tuple(
        Listed(
            attributes=frozenset(_ascii(attribute).lower() for attribute in row[0] if isinstance(attribute, bytes)),
            delimiter=_ascii(row[1]) if isinstance(row[1], Text) else "",
            wire=bytes(row[2]),
        )
        for row in rows(data)
        if len(row) >= 3 and isinstance(row[0], list) and isinstance(row[1], bytes) and isinstance(row[2], bytes)
    )


def personal_prefix(data: Iterable[object]) -> bytes:
    """Read what a NAMESPACE response says the user's own folders begin with (RFC 2342); b"" if it says nothing."""
    for row in rows(data):
        first = row[0][0] if row and isinstance(row[0], list) and row[0] else None
        if isinstance(first, list) and first and isinstance(first[0], Text):
            return bytes(first[0])
    return b""


def statuses(data: Iterable[object]) -> Iterator[tuple[bytes, dict[bytes, int]]]:
    """Read STATUS responses: whose each is, and its numbers."""
    for row in rows(data):
        read = {name: number(value) for name, value in pairs(row[-1]).items()} if row else {}
        name = row[0] if len(row) > 1 and isinstance(row[0], bytes) else b""
        yield bytes(name), {name: value for name, value in read.items() if value is not None}


def status(data: Iterable[object], folder: bytes | None = None) -> dict[bytes, int]:
    """Read the numbers of the last STATUS response; of a folder, where the server may tell of others, too."""
    found: dict[bytes, int] = {}
    for name, numbers in statuses(data):
        if folder is None or name == folder or name.upper() == folder.upper() == b"INBOX":
            found = numbers
    return found


def found_uids(data: Iterable[object]) -> tuple[int, ...]:
    """Read SEARCH responses."""
    return tuple(uid for row in rows(data) for value in row if (uid := number(value)))


def _ascii(text: bytes) -> str:
    return text.decode("ascii", "replace")
