"""A file of vCards becomes rows: 4.0 (RFC 6350), 3.0 (RFC 2426) and the 2.1 that telephones still write.

A card with several addresses is one person; the preferred one is written to. Cards without an address, and those of
groups, are left out. The reading takes time in proportion to the file, whatever is in it.
"""

import binascii
import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from followupd.exchange.kinds import VCARD
from followupd.exchange.rows import Fault, Row, Sheet

_BEGINS: Final = re.compile(r"\s*BEGIN:VCARD\s*(?:\r|\n|$)", re.IGNORECASE)
_NAME: Final = re.compile(r"(?:[A-Za-z0-9_-]+\.)?([A-Za-z0-9-]+)")
_PARAMETER: Final = re.compile(r';([A-Za-z0-9-]+)(?:=((?:"[^"]*"|[^";:,])*(?:,(?:"[^"]*"|[^";:,])*)*))?')
_ESCAPED: Final = re.compile(r"\\(.)", re.DOTALL)
_COMPONENT: Final = re.compile(r"(?:[^;\\]|\\.)*", re.DOTALL)
_ITEM: Final = re.compile(r"(?:[^,\\]|\\.)+", re.DOTALL)
_UNPREFERRED: Final = 101
"""One more than the least preference there is (RFC 6350, section 5.3)."""


class _Line(NamedTuple):
    number: int
    name: str
    parameters: dict[str, str]
    value: str


def is_vcard(text: str) -> bool:
    """Tell whether a text begins as a vCard does."""
    return _BEGINS.match(text) is not None


def read(text: str) -> Sheet:
    """Read all cards."""
    rows: list[Row] = []
    faults: list[Fault] = []
    left_out: list[Fault] = []
    for found in _cards(text):
        if isinstance(found, Fault):
            faults.append(found)
        elif isinstance(made := _row(*found), Row):
            rows.append(made)
        else:
            left_out.append(made)
    return Sheet(kind=VCARD, rows=tuple(rows), faults=tuple(faults), left_out=tuple(left_out))


def _cards(text: str) -> Iterator[tuple[int, list[_Line]] | Fault]:
    """Give the lines of each card with the number of its first; a card within a card (2.1's AGENT) is passed over."""
    card: list[_Line] = []
    depth = began = 0
    for line in _lines(text):
        if isinstance(line, Fault):
            yield line
            continue
        step = {"BEGIN": 1, "END": -1}.get(line.name, 0)
        if depth + step < 1 and not (depth and step):
            yield Fault(line.number, "this stands outside of a card", "a card begins with BEGIN:VCARD")
            continue
        depth += step
        match step, depth:
            case 1, 1:
                card, began = [], line.number
            case -1, 0:
                yield began, card
            case 0, 1:
                card.append(line)
            case _:
                continue
    if depth:
        yield Fault(began, "this card has no end", "a card ends with END:VCARD")


def _row(began: int, card: list[_Line]) -> Row | Fault:
    named = next((_plain(line.value) for line in card if line.name == "FN" and line.value.strip()), "")
    named = " ".join(named.split()) or next((_from_parts(line.value) for line in card if line.name == "N"), "")
    if any(
        line.name in {"KIND", "X-ADDRESSBOOKSERVER-KIND"} and line.value.strip().lower() == "group" for line in card
    ):
        return Fault(began, f"{named or 'this card'} is a group")
    mails = sorted((line for line in card if line.name == "EMAIL" and line.value.strip()), key=_preference)
    if not mails:
        return Fault(began, f"{named or 'this card'} has no address")
    addresses = [re.sub(r"(?i)^mailto:", "", _plain(line.value).strip()) for line in mails]
    fields = {"name": named, **{field: found for field, found in _others(card) if found}}
    tags = [_plain(item).strip() for line in card if line.name == "CATEGORIES" for item in _ITEM.findall(line.value)]
    return Row(
        began,
        tuple(addresses),
        {field: value for field, value in fields.items() if value},
        tuple(dict.fromkeys(tag for tag in tags if tag)),
    )


def _others(card: list[_Line]) -> Iterator[tuple[str, str]]:
    """Give what other fields a card has, the later first: of several lines of a name the first one counts."""
    for line in reversed(card):
        match line.name:
            case "ORG":
                parts = [" ".join(part.split()) for part in _components(line.value)]
                yield "org", ", ".join(filter(None, parts))
            case "TITLE":
                yield "role", " ".join(_plain(line.value).split())
            case "TZ" if "/" in line.value:
                yield "timezone", _plain(line.value).strip()
            case "LANG":
                yield "language", line.value.strip()
            case "ADR":
                yield "country", [*_components(line.value), *[""] * 6][6].strip()
            case _:
                continue


def _preference(line: _Line) -> int:
    said = line.parameters.get("PREF")
    if said is not None and said.isascii() and said.isdigit():
        return min(int(said[:4]), _UNPREFERRED)
    types = line.parameters.get("TYPE", "").lower().split(",")
    return 1 if said is not None or "pref" in types else _UNPREFERRED


def _from_parts(value: str) -> str:
    """Give a name from family name; given name; additional names (RFC 6350, section 6.2.2)."""
    family, given, more = [*_components(value), "", ""][:3]
    return " ".join(f"{given} {more} {family}".split())


def _components(value: str) -> list[str]:
    parts, at = [], 0
    while at <= len(value):
        found = _COMPONENT.match(value, at)
        end = found.end() if found else at
        parts.append(_plain(value[at:end]))
        at = end + 1
    return parts


def _plain(value: str) -> str:
    return _ESCAPED.sub(lambda found: "\n" if found[1] in "nN" else found[1], value)


# -- lines -------------------------------------------------------------------------------------------------------------


def _lines(text: str) -> Iterator[_Line | Fault]:
    """Give each line of content, unfolded (RFC 6350, section 3.2), with the number of its first line in the file."""
    number, parts = 0, [""]
    for at, line in enumerate(_physical(text), 1):
        folded = line[:1] in {" ", "\t"} and number
        soft = not folded and parts[-1].endswith("=") and "QUOTED-PRINTABLE" in parts[0].partition(":")[0].upper()
        if folded:
            parts.append(line[1:])
        elif soft:
            parts[-1] = parts[-1][:-1]
            parts.append(line)
        else:
            if number and (whole := "".join(parts)).strip():
                yield _line(number, whole)
            number, parts = at, [line]
    if number and (whole := "".join(parts)).strip():
        yield _line(number, whole)


def _physical(text: str) -> list[str]:
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")


def _line(number: int, text: str) -> _Line | Fault:
    wrong = Fault(number, "this is no line of a vCard", "it should read NAME:VALUE")
    named = _NAME.match(text)
    if named is None:
        return wrong
    parameters, at = _parameters(text, named.end())
    if text[at : at + 1] != ":":
        return wrong
    value = text[at + 1 :]
    if parameters.get("ENCODING", "").upper() == "QUOTED-PRINTABLE":
        charset = parameters.get("CHARSET", "utf-8")
        try:
            value = binascii.a2b_qp(value.encode()).decode(charset)
        except (LookupError, ValueError):
            return Fault(number, f"this is not {charset[:40]}")
    return _Line(number, named[1].upper(), parameters, value)


def _parameters(text: str, at: int) -> tuple[dict[str, str], int]:
    """Give the parameters that begin at a place, several of a name as one, and where they end."""
    parameters: dict[str, str] = {}
    while found := _PARAMETER.match(text, at):
        # before 3.0 a type stands by itself: EMAIL;INTERNET;PREF
        name, value = (found[1].upper(), found[2]) if found[2] is not None else ("TYPE", found[1])
        value = value.replace('"', "")
        if name == "TYPE" and value.upper() in {"QUOTED-PRINTABLE", "BASE64"}:
            name = "ENCODING"
        parameters[name] = f"{parameters[name]},{value}" if name in parameters else value
        at = found.end()
    return parameters, at
