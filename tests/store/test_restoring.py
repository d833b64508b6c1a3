"""A backup takes the place of the database whole or not at all, and what was there is never lost.

Tried by hand, each makes a test here fail: the integrity not checked, the old log left beside the new file, the witness
of another database not looked at, no copy before a migration.
"""

import shutil
import sqlite3
from pathlib import Path

import pytest

from followupd.core.errors import FollowupdError
from followupd.store import contacts, files, witness
from followupd.store.db import SCHEMA, Db, backup, open_database
from followupd.store.restoring import restore
from tests.store.conftest import LATER, NOW, AddCase
from tests.store.test_migrations import DUMPS, load


@pytest.fixture
def saved(db: Db, add_case: AddCase, tmp_path: Path) -> Path:
    """A backup with Mara in it; Bo came later."""
    add_case("mara@example.org")
    target = tmp_path / "backup.db"
    backup(db, target)
    add_case("bo@example.org")
    return target


def people(path: Path) -> set[str]:
    db = open_database(path, now=LATER)
    found = {row["address"] for row in db.rows("SELECT address FROM addresses")}
    db.close()
    return found


def test_the_backup_is_the_database_and_what_was_there_is_kept(db: Db, saved: Path, path: Path) -> None:
    db.close()
    done = restore(saved, path, LATER)
    assert people(path) == {"mara@example.org"}
    assert done.kept is not None
    assert done.kept.name == "followupd.db.replaced-20261207T090000Z"
    assert people(done.kept) == {"mara@example.org", "bo@example.org"}
    assert path.stat().st_mode & 0o777 == 0o600
    assert done.kept.stat().st_mode & 0o777 == 0o600
    assert (done.schema, done.witnessed) == (SCHEMA, False)
    assert saved.exists()


@pytest.mark.parametrize("damaged", [False, True])
def test_nothing_of_the_old_log_gets_into_the_new_file(db: Db, saved: Path, path: Path, *, damaged: bool) -> None:
    # as a crash leaves it: changes that are in the log alone
    crashed = path.parent.parent / "crashed"
    shutil.copytree(path.parent, crashed)
    assert (crashed / "followupd.db-wal").stat().st_size > 0
    if damaged:
        (crashed / "followupd.db").write_bytes(b"\xff" * 8192)
    done = restore(saved, crashed / "followupd.db", LATER)
    assert people(crashed / "followupd.db") == {"mara@example.org"}
    assert done.kept is not None
    if damaged:
        assert done.kept.with_name(done.kept.name + "-wal").stat().st_size > 0
    else:
        assert people(done.kept) == {"mara@example.org", "bo@example.org"}


def test_a_damaged_or_lost_database_is_replaced(db: Db, saved: Path, path: Path) -> None:
    db.tell("all 2026-11-23T09:00:00Z resumed")
    with db.immediate():
        db.run("UPDATE contacts SET name = 'M'")
    db.close()
    path.write_bytes(b"\0" * 8192)
    path.with_name("followupd.db-wal").write_bytes(b"nonsense")
    done = restore(saved, path, LATER)
    assert (people(path), done.witnessed) == ({"mara@example.org"}, True)
    path.unlink()
    for leftover in path.parent.glob("followupd.db-*"):
        leftover.unlink()
    with pytest.raises(FollowupdError, match="the database is gone"):
        open_database(path, now=NOW)
    assert restore(saved, path, NOW).kept is None
    assert people(path) == {"mara@example.org"}


def test_a_place_where_nothing_was_gets_a_database(db: Db, saved: Path, tmp_path: Path) -> None:
    restore(saved, tmp_path / "new" / "home" / "x.db", NOW)
    assert people(tmp_path / "new" / "home" / "x.db") == {"mara@example.org"}


def spoilt(saved: Path, how: str) -> None:
    match how:
        case "cut":
            saved.write_bytes(saved.read_bytes()[:-4096])
        case "page":
            held = bytearray(saved.read_bytes())
            held[8192:8292] = b"\xff" * 100
            saved.write_bytes(bytes(held))
        case "newer":
            with sqlite3.connect(saved) as connection:
                connection.execute("PRAGMA user_version=999")
        case "strange":
            saved.unlink()
            with sqlite3.connect(saved) as connection:
                connection.execute("CREATE TABLE t (x)")
        case "text":
            saved.write_text("no database" * 100)
        case "orphan":
            with sqlite3.connect(saved) as connection:
                connection.execute("INSERT INTO tags VALUES (99, 0, 'of nobody')")
        case _:
            saved.write_bytes(b"")


@pytest.mark.parametrize("how", ["cut", "page", "newer", "strange", "text", "orphan", "empty"])
def test_what_is_no_sound_backup_changes_nothing(db: Db, saved: Path, path: Path, how: str) -> None:
    spoilt(saved, how)
    before = sorted(one.name for one in path.parent.iterdir())
    with pytest.raises(FollowupdError) as caught:
        restore(saved, path, LATER)
    assert str(saved) in caught.value.where
    assert "nothing was changed" in caught.value.hint
    assert sorted(one.name for one in path.parent.iterdir()) == before
    assert contacts.find(db, "bo@example.org") is not None


def test_the_database_is_no_backup_of_itself_and_a_link_is_not_followed(db: Db, saved: Path, path: Path) -> None:
    with pytest.raises(FollowupdError, match="the database itself"):
        restore(path, path, LATER)
    link = path.parent / "link.db"
    link.symlink_to(path)
    with pytest.raises(FollowupdError, match="symbolic link"):
        restore(saved, link, LATER)


def begin_witness(db: Db) -> None:
    with db.immediate():
        db.tell("all 2026-11-23T09:00:00Z resumed")


def test_a_backup_of_another_database_does_not_push_this_one_out(
    db: Db, saved: Path, path: Path, tmp_path: Path
) -> None:
    other = open_database(tmp_path / "other" / "followupd.db", now=NOW)
    begin_witness(other)
    other.run("INSERT INTO suppressions (address, reason, at) VALUES ('x@example.org', '', '')")
    with pytest.raises(FollowupdError, match="another one"):
        restore(saved, other.path, LATER)
    other.run("DELETE FROM suppressions")
    other.close()
    # one in which nobody is, made by trying a command: it goes aside together with its witness
    done = restore(saved, other.path, LATER)
    assert people(other.path) == {"mara@example.org"}
    assert done.kept is not None
    assert files.witness_of(done.kept).exists()
    assert not files.witness_of(other.path).exists()


@pytest.mark.parametrize("dump", sorted(DUMPS.glob("*.sql")), ids=lambda dump: dump.stem)
def test_a_backup_of_every_earlier_release_is_brought_up_to_date(
    db: Db, path: Path, tmp_path: Path, dump: Path
) -> None:
    old = tmp_path / "old.db"
    load(old, dump)
    number = int(dump.stem.removeprefix("version_"))
    begin_witness(db)
    contacts.suppress(db, ["late@example.org"], "asked", NOW)
    name = witness.belongs_to(path)
    db.close()
    if number >= 6:
        path.unlink()
        files.witness_of(path).unlink()
    done = restore(old, path, LATER)
    assert done.schema == number
    assert people(path) == {"mara@work.example", "mara@example.org"}
    if number < 6:
        # it had no name of its own yet: it is that of the witness, which goes on being believed
        again = open_database(path, now=LATER)
        assert again.rows("SELECT value FROM facts WHERE name = 'identity'")[0][0] == name
        assert witness.news(again) is not None
        again.close()
    assert files.copies(path) == ((done.kept,) if done.kept else ())


@pytest.mark.parametrize("dump", sorted(DUMPS.glob("*.sql"))[:-1], ids=lambda dump: dump.stem)
def test_a_database_is_copied_before_its_tables_change(tmp_path: Path, dump: Path) -> None:
    path = tmp_path / "followupd.db"
    number = int(dump.stem.removeprefix("version_"))
    if number == SCHEMA:
        return
    load(path, dump)
    (tmp_path / "followupd.db.schema-0").write_bytes(b"of an earlier change")
    open_database(path, now=LATER).close()
    (copy,) = files.copies(path)
    assert copy.name == f"followupd.db.schema-{number}"
    assert copy.stat().st_mode & 0o777 == 0o600
    with sqlite3.connect(copy) as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (number,)
        assert connection.execute("SELECT count(*) FROM contacts").fetchone() == (1,)
    connection.close()
    open_database(path, now=LATER).close()
    assert files.copies(path) == (copy,)


def test_a_database_that_cannot_be_copied_is_not_changed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "followupd.db"
    load(path, DUMPS / "version_3.sql")

    def full(*_: object) -> None:
        raise FollowupdError("the disk is full")

    monkeypatch.setattr("followupd.store.copies.keep", full)
    with pytest.raises(FollowupdError, match="the disk is full"):
        open_database(path, now=LATER)
    with sqlite3.connect(path) as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (3,)
    connection.close()
