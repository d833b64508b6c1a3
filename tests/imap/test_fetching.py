"""What FetchingWire takes at once is what imaplib would have read line by line, however the bytes arrive."""

import random
import socket
import threading
from contextlib import suppress

import pytest

from followupd.imap.fetching import FetchingWire
from followupd.imap.patience import PATIENCE
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
        return {**wire.untagged_responses, "exists": wire.exists}
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
