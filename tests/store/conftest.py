"""A real database in a temporary folder, and people, threads, letters and messages to put into it."""

import subprocess
import sys
import textwrap
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TypeAlias

import pytest

from followupd.core.instants import Instant
from followupd.core.model import Case, Contact, Cursor, Event, Letter, LetterState, Message, Thread, Verdict
from followupd.store import contacts, letters
from followupd.store.db import Db, open_database

ROOT = Path(__file__).parents[2]
NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
LATER = NOW + timedelta(days=14)

AddCase: TypeAlias = Callable[..., Case]
Prepare: TypeAlias = Callable[..., Letter]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "followupd.db"


@pytest.fixture
def db(path: Path) -> Iterator[Db]:
    db = open_database(path, now=NOW)
    yield db
    db.close()


@pytest.fixture
def other(db: Db, path: Path) -> Iterator[Db]:
    """A second connection to the same file, as another process has."""
    other = open_database(path, now=NOW)
    yield other
    other.close()


@pytest.fixture
def add_case(db: Db) -> AddCase:
    def add(*addresses: str, next_at: Instant | None = NOW) -> Case:
        return add_contact(db, *addresses, next_at=next_at)

    return add


@pytest.fixture
def prepare(db: Db) -> Prepare:
    def write(case: Case, step: int = 0, attempt: int = 1, state: LetterState = LetterState.PREPARED) -> Letter:
        return letters.prepare(db, a_letter(case.thread, step=step, attempt=attempt, state=state))

    return write


def add_contact(db: Db, *addresses: str, next_at: Instant | None = NOW) -> Case:
    contact = Contact(addresses=addresses or ("mara@example.org",), name="Mara", tags=("berlin", "books"))
    thread = Thread(
        key=f"key of {contact.email}", contact_id=0, cadence="patient", created_at=NOW, anchor=NOW, next_at=next_at
    )
    return contacts.add(db, contact, thread, [an_event("added")])


def an_event(kind: str = "noted", at: Instant = NOW) -> Event:
    return Event(at=at, kind=kind, text=f"it was {kind}")


def a_letter(
    thread: Thread, *, step: int = 0, attempt: int = 1, state: LetterState = LetterState.PREPARED, message_id: str = ""
) -> Letter:
    return Letter(
        thread_id=thread.id,
        step=step,
        attempt=attempt,
        template="opening",
        state=state,
        message_id=message_id or f"<{thread.key.replace(' ', '.')}.{step}.{attempt}@example.net>",
        subject="A question about your book",
        body="Dear Mara",
        raw=b"Subject: A question about your book\r\n\r\nDear Mara\r\n",
        created_at=NOW,
    )


def a_message(case: Case, message_id: str = "<answer@example.org>", verdict: Verdict = Verdict.REPLY) -> Message:
    return Message(
        thread_id=case.thread.id,
        contact_id=case.contact.id,
        message_id=message_id,
        folder="INBOX",
        uid=7,
        from_="Mara <mara@example.org>",
        subject="Re: A question about your book",
        received_at=NOW,
        verdict=verdict,
        rule="matched.in-reply-to",
        words="<1@example.net>",
        excerpt="Gladly",
        return_date=NOW.date(),
    )


def a_cursor(last_uid: int = 7, folder: str = "INBOX") -> Cursor:
    return Cursor(folder=folder, uidvalidity=1, last_uid=last_uid)


@pytest.fixture
def start_python() -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """Start a script in a process of its own; it is ended with the test."""
    running: list[subprocess.Popen[str]] = []

    def start(script: str, *arguments: object) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-W", "error", "-c", textwrap.dedent(script), *map(str, arguments)],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        running.append(process)
        return process

    yield start
    for process in running:
        process.kill()
        process.communicate()


@pytest.fixture
def run_python(start_python: Callable[..., subprocess.Popen[str]]) -> Callable[..., str]:
    """Run a script in a process of its own to its end and give what it printed."""

    def run(script: str, *arguments: object) -> str:
        return start_python(script, *arguments).communicate(timeout=60)[0]

    return run
