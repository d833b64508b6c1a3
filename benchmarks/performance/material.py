"""The mailbox and the database that are measured with: made once, the same for everybody, kept in a folder.

A Maildir of 100,000 messages as people get them (long header sections, a third of them list mail), two hundred of them
answers to letters of ours; and a database of as many threads as asked for, each with one letter that went out.
"""

import random
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from followupd.actions import contacts
from followupd.app import App
from followupd.core.instants import to_text
from followupd.core.match import organisation, topic
from followupd.core.model import Contact
from followupd.store import threads
from followupd.store.db import Db, open_database
from followupd.store.sightings import thread_line

BEGAN = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
ANSWERS = 200
USER = "me@followupd.test"
_WORDS = ("report", "invoice", "team", "lunch", "review", "build", "release", "meeting", "notes", "travel", "budget")


def letter_id(number: int) -> str:
    """Give the Message-ID of the letter of a thread."""
    return f"<fu.{number:012x}.0.1@followupd.test>"


def address(number: int) -> str:
    """Give the address of the person of a thread."""
    return f"person{number}@org{number % 5000}.test"


def maildir(folder: Path, messages: int, letters: int) -> None:
    """Write a Maildir of so many messages into `folder` (cur, new and tmp are made)."""
    for name in ("cur", "new", "tmp"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    draw = random.Random(26)
    every = max(1, messages // ANSWERS)
    for number in range(messages):
        answered = draw.randrange(1, letters + 1) if number % every == every // 2 else None
        raw = message(draw, number, answered)
        (folder / "cur" / f"{1_700_000_000 + number}.M{number}.host,S={len(raw)}:2,S").write_bytes(raw)


def message(draw: random.Random, number: int, answered: int | None) -> bytes:
    """Make one message; one that answers names the letter of a thread."""
    at = BEGAN + timedelta(minutes=4 * number)
    date = at.strftime("%a, %d %b %Y %H:%M:%S +0000")
    sender = address(answered) if answered else f"{draw.choice(_WORDS)}{draw.randrange(900)}@lists{number % 97}.test"
    lines = [f"Return-Path: <{sender}>"]
    lines += [
        f"Received: from relay{hop}.provider.test (relay{hop}.provider.test [192.0.2.{hop + 1}])\r\n"
        f"\tby mx{hop}.followupd.test with ESMTPS id {draw.getrandbits(80):x}\r\n\tfor <{USER}>; {date}"
        for hop in range(4)
    ]
    blob = "\r\n\t".join(f"{draw.getrandbits(256):064x}" for _ in range(6))
    lines += [
        f"DKIM-Signature: v=1; a=rsa-sha256; d=provider.test; s=k1;\r\n\tb={blob}",
        f"ARC-Seal: i=1; a=rsa-sha256; d=provider.test; s=arc;\r\n\tb={blob}",
        f"ARC-Message-Signature: i=1; a=rsa-sha256; d=provider.test; s=arc;\r\n\tb={blob}",
        f"X-MS-Exchange-AntiSpam-MessageData: {blob}",
        f"From: {draw.choice(_WORDS).title()} {draw.choice(_WORDS).title()} <{sender}>",
        f"To: Max Lehmann <{USER}>",
        f"Subject: {'Re: A question about your work' if answered else ' '.join(draw.choices(_WORDS, k=5))}",
        f"Date: {date}",
        f"Message-ID: <{number}.{draw.getrandbits(60):x}@provider.test>",
    ]
    if answered:
        lines.append(f"In-Reply-To: {letter_id(answered)}")
        lines.append(f"References: {letter_id(answered)}")
    elif number % 3 == 0:
        lines += [f"References: <{number - 1}.aa@provider.test>", "List-Id: <news.lists.test>", "Precedence: list"]
    lines += ["MIME-Version: 1.0", "Content-Type: text/plain; charset=utf-8"]
    said = "Gladly; call me on Tuesday." if answered else " ".join(draw.choices(_WORDS, k=60))
    return ("\r\n".join(lines) + f"\r\n\r\n{said}\r\n").encode()


def database(path: Path, count: int, now: datetime, due: int = 10) -> None:
    """Make a database of so many waiting threads, each with one letter sent; `due` of them are due at `now`."""
    db = open_database(path, now=now - timedelta(days=400))
    with db.immediate():
        for table, columns, rows in _tables(count, now, due):
            marks = ", ".join("?" * len(columns))
            db.run_many(f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})", rows)
    db.run("ANALYZE")
    # a database has its witness beside it from its first letter on
    with db.immediate():
        db.tell(thread_line(threads.standing(db, 1), now))
    db.close()


def _tables(count: int, now: datetime, due: int) -> Iterator[tuple[str, tuple[str, ...], Iterator[tuple[object, ...]]]]:
    numbers = range(1, count + 1)
    sent = to_text(now - timedelta(days=30))
    yield "contacts", ("id", "name"), ((n, f"Person {n}") for n in numbers)
    columns = ("address", "contact_id", "position", "mailbox", "organisation")
    yield "addresses", columns, ((address(n), n, 0, address(n), organisation(address(n))) for n in numbers)
    columns = ("id", "key", "contact_id", "cadence", "state", "step", "created_at", "anchor", "next_at")
    later, before = now + timedelta(days=40), to_text(now - timedelta(hours=1))

    def next_at(n: int) -> str:
        return before if n <= due else to_text(later + timedelta(minutes=n % 500_000))

    yield "threads", columns, ((n, f"{n:012x}", n, "patient", "waiting", 1, sent, sent, next_at(n)) for n in numbers)
    columns = ("id", "thread_id", "step", "attempt", "template", "state", "message_id", "subject", "body", "raw")
    columns = (*columns, "created_at", "sent_at")
    about = "A question about your work"
    yield (
        "letters",
        columns,
        ((n, n, 0, 1, "opening", "sent", letter_id(n), f"{about} {n}", "", b"", sent, sent) for n in numbers),
    )
    yield "letter_ids", ("message_id", "letter_id"), ((letter_id(n), n) for n in numbers)
    yield "thread_names", ("name", "thread_id"), ((topic(f"{about} {n}"), n) for n in numbers)


def people(app: App, count: int) -> None:
    """Add so many people whose opening letter waits for its turn."""
    with app.db.immediate():
        for number in range(1, count + 1):
            contacts.add(
                app,
                Contact(
                    addresses=(f"person{number}@example{number}.org",),
                    name=f"Person {number}",
                    admire="Your notes on the engine are the clearest I know.",
                    ask="How did you decide what to leave out?",
                    offer="I would typeset the next edition.",
                ),
            )


def opened(path: Path, now: datetime) -> Db:
    """Open a database that `database` made."""
    return open_database(path, now=now)


if __name__ == "__main__":
    sys.exit("use: python -m benchmarks.performance --build FOLDER")
