"""Inputs are made from written ones by cutting, doubling and splicing at their joints, so that most get past the door.

Every mutation is drawn from the generator that is given: the same seed and number make the same input again.
"""

import random
import re
from collections.abc import Callable, Sequence
from typing import Final

BITS: Final[tuple[bytes, ...]] = (
    b"\r\n", b"\n", b"\r", b"\0", b"\x1b]0;x\x07", b"\xff\xfe", b"\xc3", b"\xe2\x80\xae", b"\xed\xa0\x80", b"\x85",
    b"=?utf-8?b?=?=", b"=?utf-8?q?=ZZ=0D=0A?=", b"=?x?q?a?=", b'"', b"\\", b"(", b")", b"<", b">", b"<>", b",", b";",
    b":", b"=", b"--", b"--b\r\n", b"{9}\r\n", b"{2147483648}\r\n", b"{0}\r\n", b"NIL", b"* BYE x\r\n", b"[", b"]",
    b"{{", b"}}", b"{%", b"%}", b"{#", b"__class__", b"|", b"'", b"0", b"-1", b"99999999999999999999", b"1e999",
    b"nan", b"T", b"Z", b"+9999", b"31 Feb", b"@", b"a@b", b"xn--", b"..", b"../", b"/dev/zero", b"$(id)", b"`id`",
    b"%s%n", b"Content-Type: multipart/mixed; boundary=b\r\n", b"Content-Type: message/rfc822\r\n\r\n",
    b"Content-Transfer-Encoding: base64\r\n", b"Content-Type: text/plain; charset=utf-7\r\n",
    b"Content-Type: text/html\r\n\r\n<div>", b"&#x110000;", b"&amp", b"<!--", b"Auto-Submitted: auto-replied\r\n",
    b"Content-Type: message/delivery-status\r\n\r\n", b"Final-Recipient: rfc822; a@b\r\nStatus: 5.1.1\r\n",
    b"BEGIN:VCALENDAR\r\nMETHOD:REPLY\r\n", b"charset*=utf-8''%ff", b"name*0*=x; name*1=y",
)  # fmt: skip
"""What readers trip over: ends, escapes, halves of characters, numbers too great, and the words of each format."""

_JOINTS: Final = re.compile(rb"\r?\n|[:;=<>@\"(){}\[\],]|--")


def mutated(seeds: Sequence[bytes], draw: random.Random, longest: int = 20_000) -> bytes:
    """Give one of the seeds after one to six changes, at most `longest` octets of it."""
    made = draw.choice(seeds)
    for _ in range(draw.randint(1, 6)):
        made = draw.choice(_CHANGES)(made, seeds, draw)[:longest]
    return made


def _place(made: bytes, draw: random.Random) -> int:
    """Give a joint of the format three times out of four, else any place."""
    if draw.random() < 0.75 and made:
        start = draw.randrange(len(made))
        found = _JOINTS.search(made, start)
        if found is not None:
            return found.end() if draw.random() < 0.5 else found.start()
    return draw.randint(0, len(made))


def _put(made: bytes, seeds: Sequence[bytes], draw: random.Random) -> bytes:  # noqa: ARG001
    at = _place(made, draw)
    return made[:at] + draw.choice(BITS) * draw.choice((1, 1, 1, 1, 1, 1, 2, 40)) + made[at:]


def _cut(made: bytes, seeds: Sequence[bytes], draw: random.Random) -> bytes:  # noqa: ARG001
    at = _place(made, draw)
    return made[:at] + made[at + draw.choice((1, 2, 8, 40, 400)) :]


def _end(made: bytes, seeds: Sequence[bytes], draw: random.Random) -> bytes:  # noqa: ARG001
    return made[: _place(made, draw)]


def _flip(made: bytes, seeds: Sequence[bytes], draw: random.Random) -> bytes:  # noqa: ARG001
    if not made:
        return made
    at = draw.randrange(len(made))
    return made[:at] + bytes([made[at] ^ (1 << draw.randrange(8))]) + made[at + 1 :]


def _double(made: bytes, seeds: Sequence[bytes], draw: random.Random) -> bytes:  # noqa: ARG001
    at = _place(made, draw)
    some = made[at : at + draw.choice((2, 20, 200))]
    return made[:at] + some * draw.choice((2, 2, 3, 3, 50)) + made[at:]


def _splice(made: bytes, seeds: Sequence[bytes], draw: random.Random) -> bytes:
    other = draw.choice(seeds)
    return made[: _place(made, draw)] + other[_place(other, draw) :]


def _swap(made: bytes, seeds: Sequence[bytes], draw: random.Random) -> bytes:  # noqa: ARG001
    lines = made.split(b"\n")
    one, two = draw.randrange(len(lines)), draw.randrange(len(lines))
    lines[one], lines[two] = lines[two], lines[one]
    return b"\n".join(lines)


def _line_of(made: bytes, seeds: Sequence[bytes], draw: random.Random) -> bytes:
    """Put a line of another seed between two lines: a header field, a boundary, a key, a response."""
    lines = made.split(b"\n")
    others = draw.choice(seeds).split(b"\n")
    lines.insert(draw.randint(0, len(lines)), draw.choice(others))
    return b"\n".join(lines)


_Change = Callable[[bytes, Sequence[bytes], random.Random], bytes]
_CHANGES: Final[tuple[_Change, ...]] = (_put, _put, _cut, _end, _flip, _double, _splice, _swap, _line_of, _line_of)
