"""Header fields as bytes become words, identifiers and addresses; whatever stands there, nothing raises."""

import binascii
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final

from followupd.core.addresses import normalise
from followupd.core.instants import Instant
from followupd.core.model import Address

MOST_FIELDS: Final = 1000
"""Fields that are looked at; no honest message comes near."""
LONGEST: Final = 16_384
"""Octets of one field that are looked at: References of a long thread fit well."""

_IDS: Final = re.compile(rb"<[^<>\s]+>")
_BARE_ID: Final = re.compile(rb"[^<>\s,;\"()]+@[^<>\s,;\"()]+")
_BREAK_IN_ID: Final = re.compile(rb"(<[^<>\s]*)\n[ \t]+([^<>\s]*>)")
_FOLD: Final = re.compile(rb"\n(?=[ \t])")
_WORD: Final = re.compile(r"=\?([^?\s]{1,40})\?([bBqQ])\?([^?]*)\?=")
_BETWEEN: Final = re.compile(r"(\?=)[ \t\r\n]+(?==\?[^?\s]{1,40}\?[bBqQ]\?)")
_HEX: Final = re.compile(rb"=([0-9A-Fa-f]{2})")
_NAME: Final = re.compile(rb"[!-9;-~]{1,76}[ \t]*:")
_TOKENS: Final = re.compile(r'"(?:[^"\\]|\\.)*"?|\([^()]*\)|<[^<>]*>|[,;:]|[^",;:<>()]+|.', re.DOTALL)


def fields(head: bytes) -> Iterator[tuple[str, bytes]]:
    """Give the fields of a header section in order: the name in lower case, the value with its folds (as LF)."""
    name, value = "", b""
    count = 0
    for line in head.replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n"):
        if line[:1] in {b" ", b"\t"} or (value.endswith(b";") and line and not _NAME.match(line)):
            if name and len(value) < LONGEST:
                value += b"\n" + line[:LONGEST]
            continue
        if name:
            yield name, value.strip()
        name = ""
        before, colon, after = line.partition(b":")
        if colon and _NAME.match(line):
            name, value = before.rstrip().lower().decode("ascii", "replace"), after[:LONGEST]
            count += 1
            if count > MOST_FIELDS:
                return
    if name:
        yield name, value.strip()


def words(value: bytes | str) -> str:
    """Unfold a field and decode its encoded words (RFC 2047); 8-bit octets are read as UTF-8, else as Windows-1252."""
    text = decoded(_FOLD.sub(b"", value), "utf-8") if isinstance(value, bytes) else value
    if "=?" not in text:
        return text.strip()
    text = _BETWEEN.sub(r"\1", text)
    out: list[str] = []
    run: list[bytes] = []
    charset, end = "", 0
    for word in _WORD.finditer(text):
        if run and (word.start() != end or word[1].lower() != charset):
            out.append(decoded(b"".join(run), charset))
            run = []
        out.append(text[end : word.start()])
        charset, end = word[1].lower(), word.end()
        run.append(_octets(word[2], word[3]))
    out.append(decoded(b"".join(run), charset))
    out.append(text[end:])
    return re.sub(r"[\r\n]+", " ", "".join(out)).strip()


def identifiers(value: bytes) -> tuple[str, ...]:
    """Give the Message-IDs in a field, verbatim with their angle brackets, each once.

    By pattern, not by grammar: real identifiers break the grammar of RFC 5322, section 3.6.4, are broken by folds, or
    stand between words. An identifier without brackets is taken if there is none with them.
    """
    if _IDS.fullmatch(value):
        return (value.decode("utf-8", "replace"),)
    if b"\n" in value:
        value = _BREAK_IN_ID.sub(rb"\1\2", value)
    found = _IDS.findall(value)
    if not found:
        found = [b"<" + bare + b">" for bare in _BARE_ID.findall(value)]
    return tuple(dict.fromkeys(one.decode("utf-8", "replace") for one in found))


def addresses(value: bytes | str) -> tuple[Address, ...]:
    """Give the mailboxes of an address field (RFC 5322, section 3.4) in order, normalised; groups are flattened."""
    text = value if isinstance(value, str) else decoded(_FOLD.sub(b"", value), "utf-8")
    found: list[Address] = []
    name: list[str] = []
    angled = ""
    for piece in [*_TOKENS.findall(text[:LONGEST]), ","]:
        if piece in {",", ";"}:
            _keep(found, "".join(name), angled)
            name, angled = [], ""
        elif piece == ":":
            name = []
        elif piece[0] == "<" and len(piece) > 2:
            angled = piece
        elif piece[0] != "(":
            name.append(piece)
    return tuple(found)


def instant(value: str) -> Instant | None:
    """Read a Date field (RFC 5322, section 3.3); None where it says no instant. A date without a zone counts as UTC."""
    try:
        read = parsedate_to_datetime(value[:200])
        aware = read.replace(tzinfo=UTC) if read.tzinfo is None else read.astimezone(UTC)
        return datetime(*aware.timetuple()[:6], tzinfo=UTC)
    except (ValueError, TypeError, IndexError, OverflowError, AttributeError):
        return None


def decoded(octets: bytes, charset: str) -> str:
    """Read octets by the charset declared; where that is unknown or wrong as UTF-8, else as Windows-1252.

    Some broken octets in what is otherwise UTF-8, or a charset of many octets a character, are replaced.
    """
    declared = charset.lower().strip("\"' ")
    name = _ALIASES.get(declared, declared)
    if name and name not in _NOT_TEXT and name != "utf-8":
        try:
            return octets.decode(name, "replace" if name in _WIDE else "strict")
        except (LookupError, ValueError):
            pass
    try:
        return octets.decode("utf-8")
    except ValueError:
        return _mostly_utf8(octets)


def _mostly_utf8(octets: bytes) -> str:
    text = octets.decode("utf-8", "replace")
    beyond = len(text) - len(text.encode("ascii", "ignore"))
    if text.count("\ufffd") * 2 < beyond:
        return text
    try:
        return octets.decode("cp1252")
    except ValueError:
        return octets.decode("latin-1")


_ALIASES: Final = {
    "us-ascii": "utf-8",
    "ascii": "utf-8",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "x-gbk": "gb18030",
    "ks_c_5601-1987": "cp949",
    "euc-kr": "cp949",
    "shift_jis": "cp932",
    "x-sjis": "cp932",
    "iso-8859-1": "cp1252",
    "latin1": "cp1252",
    "iso-8859-9": "cp1254",
    "iso-8859-8-i": "iso-8859-8",
    "unicode-1-1-utf-7": "utf-7",
}
"""Charsets that mail names and the wider ones that it means (WHATWG Encoding, section 4.2)."""
_WIDE: Final = frozenset({"iso-2022-jp", "iso-2022-kr", "big5", "euc-jp", "gb18030", "cp932", "cp949"})
"""Charsets in which one broken octet is no reason to read all of them otherwise."""
_NOT_TEXT: Final = frozenset({
    "base64", "base64_codec", "bz2", "bz2_codec", "hex", "hex_codec", "idna", "punycode", "quopri", "quopri_codec",
    "quoted-printable", "raw_unicode_escape", "raw-unicode-escape", "rot13", "rot_13", "undefined", "unicode_escape",
    "unicode-escape", "uu", "uu_codec", "zip", "zlib", "zlib_codec", "mbcs", "oem",
})  # fmt: skip
"""Codecs of Python that no mail may name: they are no charsets, or cost more than reading."""


def _octets(encoding: str, text: str) -> bytes:
    raw = text.encode("utf-8", "replace")
    if encoding in "bB":
        try:
            return binascii.a2b_base64(raw + b"=" * (-len(raw.rstrip(b"=")) % 4))
        except (binascii.Error, ValueError):
            return raw
    return _HEX.sub(lambda pair: bytes([int(pair[1], 16)]), raw.replace(b"_", b" "))


def _keep(found: list[Address], name: str, angled: str) -> None:
    """Add the mailbox that a run of tokens makes; what has no address is no mailbox."""
    spec = normalise(angled or name)
    if spec:
        said = words(name.strip().strip('"').replace('\\"', '"')) if angled else ""
        found.append(Address(name=said, addr_spec=spec))
