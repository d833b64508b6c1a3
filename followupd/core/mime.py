"""A message is cut into its parts by their boundaries (RFC 2046), to a bounded depth and number, and never raises."""

import binascii
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from followupd.core.headers import decoded, fields

MOST_OCTETS: Final = 1_048_576
"""Octets of a message that are looked at."""
MOST_PARTS: Final = 100
DEEPEST: Final = 12
LONGEST_TEXT: Final = 200_000
"""Octets of one encoded text part that are decoded."""

_PARAM: Final = re.compile(r';\s*([^\s=;*]{1,40})(?:\*(\d{0,2}))?\*?\s*=\s*("(?:[^"\\]|\\.)*"|[^;]*)')
_TYPE: Final = re.compile(r"\s*([\w.+-]+/[\w.+-]+)")
_QUOTED_PAIR: Final = re.compile(r"\\(.)")
_NOT_BASE64: Final = re.compile(rb"[^A-Za-z0-9+/]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One entity: its fields (name, value with folds), media type, parameters, undecoded body, and its own parts."""

    fields: tuple[tuple[str, bytes], ...]
    content_type: str
    params: dict[str, str]
    body: bytes
    parts: tuple["Part", ...] = ()

    def field(self, name: str) -> bytes:
        """Give the first field of this name (lower case), "" where there is none."""
        return next((value for known, value in self.fields if known == name), b"")

    def walk(self) -> Iterator["Part"]:
        """Give this entity and all inside it, in order."""
        yield self
        for part in self.parts:
            yield from part.walk()

    def octets(self, most: int = LONGEST_TEXT) -> bytes:
        """Give the body without its transfer encoding (RFC 2045, section 6), of at most about `most` octets."""
        encoding = self.field("content-transfer-encoding").split(b";")[0].strip().lower()
        body = self.body[:most]
        if encoding == b"base64":
            return _base64(body)
        if encoding == b"quoted-printable":
            return binascii.a2b_qp(re.sub(rb"[ \t]+\n", b"\n", body))
        return body

    def text(self) -> str:
        """Give the body as text with LF line ends; what cannot be read is replaced."""
        said = decoded(self.octets(), self.params.get("charset", "")).lstrip("\ufeff")
        return said.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "")

    @property
    def attached(self) -> bool:
        """Whether it is to be saved rather than shown (RFC 2183)."""
        return self.field("content-disposition")[:20].lower().startswith(b"attachment")


def split(raw: bytes) -> tuple[bytes, bytes]:
    """Cut an entity into header section and body at the first empty line; line ends become LF."""
    raw = raw[:MOST_OCTETS].replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    if raw[:5] == b"From " or raw[:6] == b">From ":
        raw = raw.partition(b"\n")[2]
    if raw[:1] == b"\n":
        return b"", raw[1:]
    head, _, body = raw.partition(b"\n\n")
    return head, body


def entity(raw: bytes) -> Part:
    """Read a whole message."""
    head, body = split(raw)
    return _entity(tuple(fields(head)), body, [MOST_PARTS], 0)


def content_type(value: bytes) -> tuple[str, dict[str, str]]:
    """Read a Content-Type field (RFC 2045, section 5.1): media type in lower case, parameters with lower-case names.

    Continued parameters (RFC 2231) are put together; a type that cannot be read is text/plain.
    """
    text = re.sub(r"\([^()\"]*\)", "", decoded(value, "utf-8").replace("\n", " ")[:2000])
    kind = _TYPE.match(text)
    params: dict[str, str] = {}
    for name, number, value_ in _PARAM.findall(text):
        said = value_.strip()
        if said[:1] == '"':
            said = _QUOTED_PAIR.sub(r"\1", said.strip('"'))
        lower = name.lower()
        if number and number != "0":
            params[lower] = params.get(lower, "") + said
        else:
            params.setdefault(lower, said)
    return (kind[1].lower() if kind else "text/plain"), params


def _entity(known: tuple[tuple[str, bytes], ...], body: bytes, left: list[int], depth: int) -> Part:
    declared = next((value for name, value in known if name == "content-type"), b"")
    kind, params = content_type(declared) if declared else ("text/plain", {})
    left[0] -= 1
    parts: tuple[Part, ...] = ()
    if depth < DEEPEST and left[0] > 0:
        if kind.startswith("multipart/") and params.get("boundary"):
            parts = _multipart(body, params["boundary"], kind, left, depth)
        elif kind in {"message/rfc822", "message/global"}:
            inner = Part(fields=known, content_type=kind, params=params, body=body).octets(MOST_OCTETS)
            head, rest = split(inner.lstrip(b"\r\n"))
            parts = (_entity(tuple(fields(head)), rest, left, depth + 1),)
    return Part(fields=known, content_type=kind, params=params, body=body, parts=parts)


def _multipart(body: bytes, boundary: str, kind: str, left: list[int], depth: int) -> tuple[Part, ...]:
    """Cut at the delimiter lines (RFC 2046, section 5.1.1); a missing last one is forgiven."""
    default = b"message/rfc822" if kind == "multipart/digest" else b""
    parts: list[Part] = []
    start = -1
    for at, end, last in _delimiters(body, b"--" + boundary.rstrip().encode("utf-8", "replace")):
        if start >= 0 and left[0] > 0:
            parts.append(_part(body[start:at], default, left, depth))
        if last or left[0] <= 0:
            return tuple(parts)
        start = end + 1
    if 0 <= start < len(body) and left[0] > 0:
        parts.append(_part(body[start:], default, left, depth))
    return tuple(parts)


def _delimiters(body: bytes, delimiter: bytes) -> Iterator[tuple[int, int, bool]]:
    """Give where each delimiter line begins (with the line end before it) and ends, and whether it is the last."""
    at = 0 if body.startswith(delimiter) else body.find(b"\n" + delimiter)
    while at >= 0:
        after = at + len(delimiter) + (1 if body[at : at + 1] == b"\n" else 0)
        end = body.find(b"\n", after)
        rest = body[after : end if end >= 0 else len(body)].rstrip(b" \t")
        if rest in {b"", b"--"}:
            yield at, end if end >= 0 else len(body), rest == b"--"
        at = body.find(b"\n" + delimiter, after)


def _part(raw: bytes, default: bytes, left: list[int], depth: int) -> Part:
    head, body = split(raw)
    known = tuple(fields(head))
    if default and not any(name == "content-type" for name, _ in known):
        known = (*known, ("content-type", default))
    return _entity(known, body, left, depth + 1)


def _base64(body: bytes) -> bytes:
    """Decode base64 forgivingly: what is no digit is passed over, a torn end is dropped."""
    digits = _NOT_BASE64.sub(b"", body)
    digits = digits[: len(digits) - (1 if len(digits) % 4 == 1 else 0)]
    try:
        return binascii.a2b_base64(digits + b"=" * (-len(digits) % 4))
    except binascii.Error:
        return b""
