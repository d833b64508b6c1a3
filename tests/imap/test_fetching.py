"""What FetchingWire takes at once is what imaplib would have read line by line, however the bytes arrive."""

import imaplib
import random
import socket
import threading
from collections.abc import Mapping, Sequence
from contextlib import closing, suppress

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from followupd.imap.fetching import FetchingWire
from followupd.imap.patience import PATIENCE
from followupd.imap.responses import Fetched, _fetched, _responses
from followupd.imap.wire import SMALL, Wire, WireError

ANSWERS = (
    b"* 1 FETCH (UID 5)\r\n",
    (
        b'* 2 FETCH (UID 7 INTERNALDATE "05-Jan-2026 09:00:00 +0000" RFC822.SIZE 90 BODY[HEADER.FIELDS (From)] {9}\r\n'
        b"From: a\r\n)\r\n"
    ),
    b"* 3 FETCH (UID 8 BODY[HEADER] {0}\r\n)\r\n",
    b"* 4 FETCH (BODY[HEADER] {12}\r\n)\r\n* 9 FETCH UID 9 FLAGS (\\Seen))\r\n",
    b"* 5 FETCH (UID 10 BODY[1] {3}\r\nabc BODY[2] {3}\r\ndef)\r\n",
    b'* 6 FETCH (UID 11 X "{3}")\r\n',
    b"* 7 FETCH (FLAGS (\\Seen $a))\r\n",
    b"* 8 FETCH (UID 12 BODY[] {%d}\r\n%s)\r\n" % (SMALL + 1, b"x" * (SMALL + 1)),
    b"* 12 EXISTS\r\n",
    b"* OK [HIGHESTMODSEQ 3] so\r\n",
)


@pytest.mark.parametrize("seed", range(12))
def test_what_is_taken_at_once_is_what_imaplib_reads(seed: int) -> None:
    draw = random.Random(seed)
    pieces = _torn(draw, b"".join(draw.choices(ANSWERS, k=30)))

    quick, plain = (_read(kind, pieces) for kind in (FetchingWire, Wire))

    assert quick == plain
    assert quick["FETCH"]


NUMBERS = st.sampled_from([b"1", b"4294967295", b"x", b""])
UIDS = st.sampled_from([b"UID 7", b"UID 0", b"UID 999999999999999999", b"UID 9999999999999999999", b"uid 7", b" UID 7"])
DATES = st.sampled_from([
    b"", b' INTERNALDATE "23-Nov-2026 10:00:00 +0100"', b' INTERNALDATE " 3-Nov-2026 24:00:00 +0100"',
    b' INTERNALDATE "a\\"b"', b' INTERNALDATE "\xff\0"', b" INTERNALDATE NIL",
])  # fmt: skip  # many short words: a line each would hide what is missing
SIZES = st.sampled_from([b"", b" RFC822.SIZE 20", b" RFC822.SIZE 9999999999999999999", b" RFC822.SIZE x"])
SECTIONS = st.sampled_from([
    b"", b" BODY[HEADER]", b" BODY[HEADER.FIELDS (A B)]<0>", b' BODY[HEADER.FIELDS ("A")]', b" BODY[]<5>",
    b" BODY[(\xff)\0]", b" BODY[A {4}]", b" RFC822.HEADER",
])  # fmt: skip  # many short words: a line each would hide what is missing
LITERALS = st.sampled_from(
    [b" {4}\r\na: b", b" {4}\r\n\r\n)\r", b" ~{4}\r\na: b", b" {0}\r\n", b" {2+}\r\nab", b" NIL", b""]
)
ENDS = st.sampled_from([b")\r\n", b")\n", b" FLAGS ())\r\n", b" UID 8)\r\n", b"\r\n", b"x\r\n", b"))\r\n"])
RESPONSES = st.tuples(NUMBERS, UIDS, DATES, SIZES, SECTIONS, LITERALS, ENDS).map(
    lambda parts: b"* " + parts[0] + b" FETCH (" + b"".join(parts[1:])
)
USUAL = b'* 1 FETCH (UID 7 INTERNALDATE "23-Nov-2026 10:00:00 +0100" RFC822.SIZE 20 BODY[HEADER] {4}\r\na: b)\r\n'


@given(st.lists(RESPONSES, min_size=1, max_size=3))
@example([USUAL, b"* 2 FETCH (UID 8)\r\n"])
def test_what_is_read_at_once_is_what_the_grammar_says(wires: tuple[Wire, Wire], said: list[bytes]) -> None:
    quick, plain = (_collected(wire, b"".join(said)) for wire in wires)

    assert quick == plain


def test_what_is_usual_is_read_at_once(wires: tuple[Wire, Wire]) -> None:
    _collected(wires[0], USUAL + b"* 2 FETCH (UID 8)\r\n")

    assert all(isinstance(one, Fetched) for one in wires[0].untagged_responses["FETCH"])


@pytest.fixture(scope="module")
def wires() -> tuple[Wire, Wire]:
    """A quick wire and a plain one."""
    made = []
    for kind in (FetchingWire, Wire):
        here, there = socket.socketpair()
        with closing(there):
            server = threading.Thread(target=_serve, args=(there, []), daemon=True)
            server.start()
            made.append(kind(here, "localhost", PATIENCE))
            made[-1].debug = 0
            made[-1].shutdown()
            server.join(10)
    return made[0], made[1]


def _collected(wire: Wire, said: bytes) -> object:
    """Give what a wire makes of these bytes, and what it left: a literal may promise more than there is."""
    wire.untagged_responses.clear()
    wire._buffer, wire._searched = bytearray(said), 0
    with suppress(OSError, imaplib.IMAP4.error):
        while wire._buffer:
            wire._get_response()
    return _read_all(wire.untagged_responses), bytes(wire._buffer)


def _read_all(said: Mapping[str, Sequence[object]]) -> dict[str, object]:
    """Read all FETCH responses among what was collected by the grammar, those that the wire has not read itself."""
    fetch = [one if isinstance(one, Fetched) else _fetched(one) for one in _responses(said.get("FETCH", ()))]
    return {**said, "FETCH": fetch}


def test_an_answer_without_end_ends_the_session_as_it_does_in_any_other_wire() -> None:
    line = b"* 1 FETCH (UID 5 FLAGS (" + b"a" * 1900 + b"))\r\n"
    with pytest.raises(WireError, match="without end"):
        _read(FetchingWire, [line * 5000])


def _torn(draw: random.Random, said: bytes) -> list[bytes]:
    cuts = sorted(draw.randrange(len(said)) for _ in range(draw.choice((0, 3, 40))))
    return [said[start:end] for start, end in zip([0, *cuts], [*cuts, len(said)], strict=True)]


def _read(kind: type[Wire], pieces: list[bytes]) -> dict[str, object]:
    """Give what a wire has collected after a NOOP that is answered with these pieces."""
    here, there = socket.socketpair()
    server = threading.Thread(target=_serve, args=(there, pieces), daemon=True)
    server.start()
    try:
        wire = kind(here, "localhost", PATIENCE)
        wire.debug = 0
        wire.begin(10)
        wire.ask("NOOP")
        return {**_read_all(wire.untagged_responses), "exists": wire.exists}
    finally:
        here.close()
        server.join(10)
        there.close()


def _serve(sock: socket.socket, pieces: list[bytes]) -> None:
    with suppress(OSError), sock.makefile("rb") as lines:
        sock.sendall(b"* PREAUTH [CAPABILITY IMAP4rev1] ready\r\n")
        for line in lines:
            tag, command = line.split()[:2]
            if command == b"CAPABILITY":
                sock.sendall(b"* CAPABILITY IMAP4rev1\r\n")
            for piece in pieces if command == b"NOOP" else ():
                sock.sendall(piece)
            sock.sendall(tag + b" OK done\r\n")
