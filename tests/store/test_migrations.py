"""A database of every release can be opened and keeps all it held; its dump is kept beside this file."""

import sqlite3
from pathlib import Path

import pytest

from followupd.core.errors import FollowupdError
from followupd.core.model import LetterState, State, Verdict
from followupd.store import contacts, conversations, facts, letters, messages, threads
from followupd.store.db import APPLICATION, SCHEMA, Db, open_database
from followupd.store.migrations import migrations
from tests.store.conftest import LATER, NOW

DUMPS = Path(__file__).parent / "dumps"


def load(path: Path, dump: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    connection = sqlite3.connect(path)
    connection.executescript(dump.read_text(encoding="utf-8"))
    connection.close()


def schema(db: Db) -> dict[str, str]:
    """Every table, index, view and trigger, without regard to how its text is laid out."""
    return {
        row["name"]: " ".join(row["sql"].split())
        for row in db.rows("SELECT name, sql FROM sqlite_schema WHERE sql IS NOT NULL")
    }


def test_the_number_of_the_schema_is_the_number_of_migrations(db: Db) -> None:
    names = [row["name"] for row in db.rows("SELECT name FROM _sqlite_migrations ORDER BY id")]
    assert len(names) == len(migrations._migrations) == SCHEMA == db.rows("PRAGMA user_version")[0][0]
    assert db.rows("PRAGMA application_id")[0][0] == APPLICATION
    assert facts.get(db, "schema") == (str(SCHEMA), NOW)


def test_every_released_schema_has_its_dump() -> None:
    assert {dump.name for dump in DUMPS.iterdir()} >= {f"version_{number}.sql" for number in range(1, SCHEMA + 1)}


@pytest.mark.parametrize("dump", sorted(DUMPS.glob("*.sql")), ids=lambda dump: dump.stem)
def test_a_database_of_an_earlier_release_becomes_like_a_new_one(db: Db, tmp_path: Path, dump: Path) -> None:
    path = tmp_path / "old" / "followupd.db"
    load(path, dump)
    old = open_database(path, now=LATER)
    assert schema(old) == schema(db)
    assert old.rows("PRAGMA journal_mode")[0][0] == "wal"
    assert old.rows("PRAGMA foreign_key_check") == []
    assert old.rows("PRAGMA integrity_check")[0][0] == "ok"
    old.close()


@pytest.mark.parametrize("dump", sorted(DUMPS.glob("*.sql")), ids=lambda dump: dump.stem)
def test_what_an_earlier_release_knew_is_still_known(tmp_path: Path, dump: Path) -> None:
    path = tmp_path / "followupd.db"
    load(path, dump)
    db = open_database(path, now=LATER)
    case = threads.case_of(db, "mara@work.example")
    assert case is not None
    assert (case.contact.name, case.contact.tags, case.contact.ask) == ("Mara Ω", ("z", "a"), "How did you begin?")
    assert (case.thread.state, case.thread.step, case.thread.next_at) == (State.ANSWERED, 1, None)
    assert [(letter.state, letter.note_ids) for letter in case.letters] == [(LetterState.SENT, (1,))]
    assert [note.spent_by for note in case.notes] == [1]
    assert letters.sent_ids(db, ["<other@provider.example>"]) == {"<other@provider.example>": 1}
    assert [message.verdict for message in messages.of_thread(db, case.thread.id)] == [Verdict.REPLY]
    assert [event.kind for event in threads.events(db, case.thread.id)] == ["added", "sent", "reply"]
    assert contacts.suppressed(db, "gone@example.org") == "asked to be left alone"
    cursor = messages.cursor(db, "INBOX")
    assert cursor is not None
    assert cursor.last_uid == 7
    db.close()


@pytest.mark.parametrize("dump", sorted(DUMPS.glob("*.sql")), ids=lambda dump: dump.stem)
def test_what_an_earlier_release_knew_is_found_by_all_that_is_looked_for_now(tmp_path: Path, dump: Path) -> None:
    path = tmp_path / "followupd.db"
    load(path, dump)
    db = open_database(path, now=LATER)
    assert contacts.addresses_known(db, ["mara+x@work.example"]) == {"mara+x@work.example": 1}
    assert contacts.suppressed(db, "gone+x@example.org") == "asked to be left alone"
    clues = conversations.Clues(topics=["subject:a question about your book"], senders=["colleague@mail.work.example"])
    assert [one.thread.id for one in conversations.under_subject(db, clues)] == [1]
    db.close()


def test_a_migration_that_fails_leaves_the_file_as_it_was(db: Db, path: Path) -> None:
    # an older number and no record of what ran: the first migration runs again and meets its own tables
    db.run("DELETE FROM _sqlite_migrations")
    db.run("PRAGMA user_version=-1")
    before = schema(db)
    db.close()
    with pytest.raises(sqlite3.OperationalError, match="already exists"):
        open_database(path, now=LATER)
    left = sqlite3.connect(path)
    assert left.execute("SELECT count(*) FROM sqlite_schema WHERE sql IS NOT NULL").fetchone() == (len(before),)
    assert left.execute("PRAGMA user_version").fetchone() == (-1,)
    left.close()


def test_a_file_with_our_mark_but_no_version_is_refused(db: Db, path: Path) -> None:
    db.run("PRAGMA user_version=0")
    db.close()
    with pytest.raises(FollowupdError, match="not a database of followupd"):
        open_database(path, now=NOW)
