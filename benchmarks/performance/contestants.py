"""What is timed as a process of its own: ours, the limit (a bare socket), and what programs of others do."""

import json
import os
import re
import socket
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.performance.children import resident

USER, PASSWORD = "me@followupd.test", "secret"
FIVE = "MESSAGE-ID IN-REPLY-TO REFERENCES FROM AUTO-SUBMITTED"


def raw(port: str, fields: str) -> dict[str, object]:
    """Fetch header fields of every message from a bare socket and throw the bytes away: the server's own limit."""
    fields = FIVE if fields == "five" else _our_fields()
    with socket.create_connection(("127.0.0.1", int(port))) as wire:
        _until(wire, b"\r\n")
        for tag, command in (("a1", f'LOGIN {USER} "{PASSWORD}"'), ("a2", "EXAMINE INBOX")):
            wire.sendall(f"{tag} {command}\r\n".encode())
            _until(wire, f"{tag} OK".encode())
        began = time.perf_counter()
        wire.sendall(f"a3 UID FETCH 1:* (UID INTERNALDATE BODY.PEEK[HEADER.FIELDS ({fields})])\r\n".encode())
        octets = _until(wire, b"a3 OK")
        return {"seconds": time.perf_counter() - began, "octets": octets}


def stock(port: str) -> dict[str, object]:
    """Fetch five header fields in pages of 500 with imapclient, and find the Message-IDs in them."""
    import imapclient

    client = imapclient.IMAPClient("127.0.0.1", int(port), ssl=False)
    client.login(USER, PASSWORD)
    client.select_folder("INBOX", readonly=True)
    began = time.perf_counter()
    uids = client.search("ALL")
    section = f"BODY.PEEK[HEADER.FIELDS ({FIVE})]"
    named, found = 0, re.compile(rb"<[^>\s]+>")
    for at in range(0, len(uids), 500):
        for one in client.fetch(uids[at : at + 500], ["INTERNALDATE", section]).values():
            named += sum(len(found.findall(value)) for value in one.values() if isinstance(value, bytes))
    return {"seconds": time.perf_counter() - began, "named": named}


def tutorial(port: str, most: str) -> dict[str, object]:
    """Fetch whole messages one by one with imaplib and the email package, as tutorials do; only so many."""
    import imaplib
    from email import message_from_bytes

    client = imaplib.IMAP4("127.0.0.1", int(port))
    client.login(USER, PASSWORD)
    client.select("INBOX", readonly=True)
    began = time.perf_counter()
    for number in range(1, int(most) + 1):
        _, data = client.fetch(str(number), "(RFC822)")
        assert isinstance(data[0], tuple)
        message_from_bytes(data[0][1])
    return {"seconds": time.perf_counter() - began}


def first_look(config: str, now: str) -> dict[str, object]:
    """Read a whole mailbox for the first time, with all that belongs to it: matched, judged, written down."""
    from followupd import wiring
    from followupd.actions import underway
    from followupd.actions.receive import read_mailbox

    app = wiring.app(wiring.settings(Path(config)))
    before = _count(app.db)
    pages: list[float] = []
    page = underway.Reading.page

    def noted(self: underway.Reading, folder: str, count: int) -> None:
        pages.append(time.process_time())
        page(self, folder, count)

    underway.Reading.page = noted  # type: ignore[method-assign]
    began = time.perf_counter()
    read_mailbox(app, datetime.fromtimestamp(float(now), UTC))
    seconds = time.perf_counter() - began
    quarter = max(1, len(pages) // 4)
    early, late = pages[quarter] - pages[0], pages[-1] - pages[-1 - quarter]
    app.mailbox.close()
    peak = resident(os.getpid(), "VmHWM")
    recorded = _count(app.db) - before
    return {"seconds": seconds, "recorded": recorded, "megabytes": peak, "early": early, "late": late}


def idle_client(port: str) -> dict[str, object]:
    """Wait with imapclient in IDLE, as little as a daemon in Python with that library can do; ended by its parent."""
    import imapclient

    client = imapclient.IMAPClient("127.0.0.1", int(port), ssl=False)
    client.login(USER, PASSWORD)
    client.select_folder("INBOX", readonly=True)
    client.idle()
    print("waiting", flush=True)
    time.sleep(3600)
    return {}


def year(folder: str) -> dict[str, object]:
    """Do rounds for a year with 10,000 contacts, before a pretended server; give the memory of each month.

    The world lives in the same process: it keeps of each letter that it was there, and not its text.
    """
    from datetime import timedelta

    from benchmarks.performance.material import people
    from followupd.actions.round import one_round
    from tests.actions.pretend import Fuse, Server, process

    where = Path(folder) / "year"
    where.mkdir(exist_ok=True)
    for old in where.iterdir():
        old.unlink()
    server = Server(files=True)
    app = process(where, server, Fuse())
    people(app, 10_000)
    months, letters = [], 0
    for turn in range(122):
        server.now += timedelta(days=3)
        letters += one_round(app)
        # the world's memory is not ours
        server.taken.clear()
        server.folders["Sent"][:] = [(at, b"") for at, _ in server.folders["Sent"]]
        if turn % 10 == 9:
            months.append(resident(os.getpid()))
    return {"megabytes": months, "letters": letters}


def _our_fields() -> str:
    from followupd.imap.messages import FIELDS

    return FIELDS


def _count(db: object) -> int:
    from followupd.store.db import Db

    assert isinstance(db, Db)
    row = db.row("SELECT count(*) AS n FROM messages WHERE thread_id IS NOT NULL")
    assert row is not None
    return int(row["n"])


def _until(wire: socket.socket, end: bytes) -> int:
    """Read until a line that begins with `end`; give the number of octets."""
    total, tail = 0, b"\r\n"
    while True:
        chunk = wire.recv(262_144)
        if not chunk:
            raise ConnectionError("the server closed")
        total += len(chunk)
        tail = (tail + chunk)[-4096:] if len(chunk) < 4096 else chunk[-4096:]
        if (b"\n" + end in tail or end == b"\r\n") and tail.endswith(b"\r\n"):
            return total


ALL: dict[str, Callable[..., dict[str, object]]] = {
    one.__name__: one for one in (raw, stock, tutorial, first_look, idle_client, year)
}

if __name__ == "__main__":
    print(json.dumps(ALL[sys.argv[1]](*sys.argv[2:])))
