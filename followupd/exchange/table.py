"""A table of people (CSV, RFC 4180) becomes rows: any usual separator, quotes, line breaks in quotes, usual columns.

Every fault has the line in which its row begins. The first fault of the table's own form ends the reading: what comes
after it cannot be told apart.
"""

import csv
import io
import re
from collections.abc import Iterator, Sequence
from typing import Final

from followupd.exchange.formulas import restored
from followupd.exchange.kinds import Kind, kind_of, kinds, spelt
from followupd.exchange.rows import Fault, Row, Sheet

SEPARATORS: Final = (",", ";", "\t", "|")
WIDEST: Final = 1000
"""Columns; the exports of large programs have some hundred."""

_SEPARATOR_LINE: Final = re.compile(r'"?sep=(.)"?\r?\n?', re.IGNORECASE)
_JSON: Final = re.compile(r'\s*(?:\{\s*["}]|\[\s*[\]{])')
_BETWEEN_ADDRESSES: Final = re.compile(r":::|[;,\n]")
_BETWEEN_TAGS: Final = re.compile(r":::|[;,\n]")
_ESCAPED: Final = re.compile(r"\\(.)", re.DOTALL)
_ONE_TAG: Final = re.compile(r"(?:[^;\\]|\\.)+", re.DOTALL)
_YES: Final = frozenset({"1", "yes", "y", "true", "x", "ja", "oui", "sí", "unsubscribed", "opted out"})
_OWN: Final = ("cadence", "first_on", "state", "referred_by", "account")
_NO_ADDRESS: Final = "there is no address"


class _Columns:
    """Where a kind's columns are in this table."""

    def __init__(self, kind: Kind, header: Sequence[str]) -> None:
        places: dict[str, list[int]] = {}
        for place, column in enumerate(header):
            places.setdefault(spelt(column), []).append(place)
        self.kind = kind
        self.address = [place for name in kind.address for place in places.get(name, ())]
        self.tags = [place for name in kind.tags for place in places.get(name, ())]
        self.opted_out = [place for name in kind.opted_out for place in places.get(name, ())]
        self.fields: list[tuple[str, list[list[int]]]] = []
        for field, ways in kind.fields.items():
            found = [[places[name][0] for name in way if name in places] for way in ways]
            if any(found):
                self.fields.append((field, [way for way in found if way]))
        self.own = {name: places.get(spelt(name), [-1])[0] for name in _OWN}
        if kind.needs:
            self.own = self.own if kind.exact else dict.fromkeys(self.own, -1)
        else:
            self.own["state"] = -1
        used = {*self.address, *self.tags, *self.opted_out, *self.own.values()}
        used.update(place for _, ways in self.fields for way in ways for place in way)
        self.unread = (
            ()
            if kind.exact
            else tuple(column for place, column in enumerate(header) if place not in used and column.strip())
        )


def read(text: str) -> Sheet:
    """Read a table."""
    if _JSON.match(text):
        return Sheet(
            kind="", faults=(Fault(1, "this is JSON", "a table (CSV) is read back: followupd export FILE.csv"),)
        )
    lines = text
    separator = ""
    skipped = 0
    if found := _SEPARATOR_LINE.match(text):
        separator, lines, skipped = found[1], text[found.end() :], 1
    separator = separator or _separator(lines)
    records = _records(lines, separator, skipped)
    first = next(records, None)
    if first is None:
        return Sheet(kind="CSV", faults=(Fault(1, "the file is empty"),))
    if isinstance(first, Fault):
        return Sheet(kind="CSV", faults=(first,))
    header = first[1]
    if len(header) > WIDEST:
        return Sheet(kind="CSV", faults=(Fault(first[0], f"there are more than {WIDEST} columns"),))
    columns = _Columns(kind_of([spelt(one) for one in header]), header)
    if not columns.address:
        named = ", ".join(one[:40] for one in header[:12] if one.strip())
        hint = f"the first line has to name the columns, one of them email; it has: {named or 'nothing'}"
        return Sheet(kind="CSV", faults=(Fault(first[0], "there is no column of addresses", hint),))
    return _sheet(columns, records, len(header))


def _sheet(columns: _Columns, records: "Iterator[tuple[int, list[str]] | Fault]", width: int) -> Sheet:
    rows: list[Row] = []
    faults: list[Fault] = []
    left_out: list[Fault] = []
    for record in records:
        if isinstance(record, Fault):
            faults.append(record)
            break
        line, cells = record
        if not any(cells):
            continue
        if len(cells) > width and any(cells[width:]):
            faults.append(
                Fault(line, f"{len(cells)} cells, but {width} columns", "put text with separators into quotes")
            )
            continue
        found = _row(columns, line, cells)
        if isinstance(found, Row):
            rows.append(found)
        elif found.what == _NO_ADDRESS and not columns.kind.lenient:
            faults.append(found)
        else:
            left_out.append(found)
    if not rows and not faults and not left_out:
        faults.append(Fault(1, "nobody is in the file"))
    return Sheet(
        kind=columns.kind.name,
        rows=tuple(rows),
        faults=tuple(faults),
        left_out=tuple(left_out),
        unread=columns.unread,
    )


def _row(columns: _Columns, line: int, cells: list[str]) -> Row | Fault:
    exact = columns.kind.exact
    have = len(cells)
    addresses = [
        one
        for place in columns.address
        if place < have and cells[place]
        for one in _addresses(cells[place], exact=exact)
    ]
    if not addresses:
        return Fault(line, _NO_ADDRESS)
    if any(place < have and cells[place].strip().casefold() in _YES for place in columns.opted_out):
        return Fault(line, f"{addresses[0]} wants no mail, says the file")
    tags = [one for place in columns.tags if place < have and cells[place] for one in _tags(cells[place], exact=exact)]
    own = {name: cells[place] if 0 <= place < have else "" for name, place in columns.own.items()}
    if exact:
        own = {name: restored(cell) for name, cell in own.items()}
    return Row(line, tuple(addresses), _fields(columns, cells, exact=exact), tuple(tags), **own)


def _fields(columns: _Columns, cells: list[str], *, exact: bool) -> dict[str, str]:
    fields, have = {}, len(cells)
    for field, ways in columns.fields:
        for way in ways:
            if len(way) == 1:
                value = cells[way[0]] if way[0] < have else ""
            else:
                value = " ".join(filter(None, (cells[place].strip() for place in way if place < have)))
            value = restored(value) if exact else value.strip()
            if value:
                fields[field] = value
                break
    return fields


def _addresses(cell: str, *, exact: bool) -> list[str]:
    cell = restored(cell) if exact else cell
    if "," not in cell and ";" not in cell and ":" not in cell and "\n" not in cell:
        return [cell.strip()] if cell.strip() else []
    if '"' in cell:
        return [one for one in _unquoted(cell) if one]
    return [one.strip() for one in _BETWEEN_ADDRESSES.split(cell) if one.strip()]


def _unquoted(cell: str) -> list[str]:
    """Take addresses apart where a quoted name or local part may hold a separator (RFC 5322, section 3.2.4)."""
    parts, quoted = [""], False
    for character in cell:
        if character == '"':
            quoted = not quoted
        if character in ";,\n" and not quoted:
            parts.append("")
        else:
            parts[-1] += character
    return [part.strip() for part in parts]


def _tags(cell: str, *, exact: bool) -> list[str]:
    if exact:
        return [_ESCAPED.sub(r"\1", one) for one in _ONE_TAG.findall(restored(cell))]
    parts = (one.strip() for one in _BETWEEN_TAGS.split(cell))
    # Google marks its own groups with an asterisk: * myContacts
    return [one for one in parts if one and not one.startswith("*")]


def _separator(text: str) -> str:
    """Give the separator by which the first line names most columns that are known."""
    line = text[: text.find("\n")] if "\n" in text else text
    known = _known_columns()

    def score(separator: str) -> tuple[int, int]:
        try:
            cells = next(csv.reader([line], delimiter=separator), [])
        except csv.Error:
            cells = line.split(separator)
        return sum(spelt(cell) in known for cell in cells), len(cells)

    return max(SEPARATORS, key=score)


def _known_columns() -> frozenset[str]:
    names: set[str] = set()
    for kind in kinds():
        names.update(kind.needs, kind.address, kind.tags)
        names.update(name for ways in kind.fields.values() for way in ways for name in way)
    return frozenset(names)


def _records(text: str, separator: str, skipped: int) -> Iterator[tuple[int, list[str]] | Fault]:
    """Give each record with the line it begins in; a fault where the table breaks off."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    began = skipped + 1
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield Fault(began, _sentence(str(error)), "a quotation mark within a text in quotes is written twice")
            return
        yield began, cells
        began = skipped + reader.line_num + 1


def _sentence(error: str) -> str:
    """Say in plain words what is wrong with the form of a table; csv's sentences are few."""
    if "end of data" in error:
        return "a text in quotes that begins here has no end"
    if "expected after" in error:
        return "something stands right behind the quotation mark that ends a text"
    if "field larger" in error:
        return "a cell is longer than 131072 characters"
    return f"this is no table: {error}"
