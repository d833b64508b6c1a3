"""Opening, transactions, copies; damage of every kind is refused in plain words and never taken for a new beginning."""

import os
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from followupd.core.errors import FollowupdError, TryLaterError
from followupd.store import contacts, facts, threads
from followupd.store.db import SCHEMA, Db, backup, copy_to_memory, open_database
from tests.store.conftest import NOW, AddCase, add_contact


def mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


def put_and_fail(db: Db, name: str) -> None:
    with db.immediate():
        facts.put(db, name, "lost", NOW)
        _ = 1 / 0


def test_a_new_database_and_its_folder_are_their_owners_alone(path: Path) -> None:
    before = os.umask(0)
    try:
        db = open_database(path, now=NOW)
        add_contact(db)
    finally:
        os.umask(before)
    assert mode(path.parent) == 0o700
    assert {entry.name: mode(entry) for entry in path.parent.iterdir()} == {
        "followupd.db": 0o600,
        "followupd.db-wal": 0o600,
        "followupd.db-shm": 0o600,
    }
    db.close()


def test_a_file_that_others_could_read_is_closed_to_them(db: Db, path: Path) -> None:
    db.close()
    path.chmod(0o644)
    open_database(path, now=NOW).close()
    assert mode(path) == 0o600


def test_every_commit_is_synced_and_foreign_keys_hold(db: Db) -> None:
    pragmas = ("journal_mode", "synchronous", "foreign_keys", "trusted_schema", "busy_timeout")
    assert [db.rows(f"PRAGMA {name}")[0][0] for name in pragmas] == ["wal", 2, 1, 0, 5000]


def test_what_was_written_is_there_when_opened_again(db: Db, path: Path) -> None:
    case = add_contact(db)
    db.close()
    again = open_database(path, now=NOW)
    assert threads.case(again, case.thread.id) == case
    again.close()


def test_opening_a_current_database_imports_no_sqlite_utils(db: Db, path: Path, run_python: Callable[..., str]) -> None:
    db.close()
    script = """
        import pathlib, sys
        from datetime import UTC, datetime
        from followupd.store.db import open_database
        open_database(pathlib.Path(sys.argv[1]), now=datetime(2026, 11, 23, tzinfo=UTC))
        print("sqlite_utils" in sys.modules)
    """
    assert run_python(script, path) == "False\n"


@pytest.mark.parametrize("content", [b"not a database at all" * 400, b"SQLite format 3\0" + b"\xff" * 8000])
def test_a_file_that_is_no_database_is_refused_with_the_way_back(path: Path, content: bytes) -> None:
    path.parent.mkdir()
    path.write_bytes(content)
    with pytest.raises(FollowupdError, match="damaged") as caught:
        open_database(path, now=NOW)
    assert "backup" in caught.value.hint
    assert path.read_bytes() == content


@pytest.mark.parametrize(("size", "share"), [(1, 0), (511, 0), (0, 0.05), (0, 0.5), (0, 0.97), (0, 0.999)])
def test_a_truncated_database_is_refused_with_the_way_back(db: Db, path: Path, size: int, share: float) -> None:
    add_contact(db)
    db.close()
    with path.open("r+b") as file:
        file.truncate(size or int(path.stat().st_size * share))
    left = path.read_bytes()
    with pytest.raises(FollowupdError, match=r"damaged|cut short") as caught:
        open_database(path, now=NOW)
    assert "backup" in caught.value.hint
    assert path.read_bytes() == left


def test_an_empty_file_is_never_filled_with_a_new_database(path: Path) -> None:
    path.parent.mkdir()
    path.touch()
    with pytest.raises(FollowupdError, match="the file is empty") as caught:
        open_database(path, now=NOW)
    assert "backup" in caught.value.hint
    assert path.stat().st_size == 0


def test_a_log_without_its_database_is_never_a_new_beginning(path: Path) -> None:
    path.parent.mkdir()
    path.with_name("followupd.db-wal").write_bytes(b"the last commits")
    with pytest.raises(FollowupdError, match="the file is gone"):
        open_database(path, now=NOW)
    assert not path.exists()


def test_a_damaged_page_is_reported_in_plain_words_when_it_is_read(db: Db, path: Path) -> None:
    case = add_contact(db)
    page = db.rows("SELECT rootpage FROM sqlite_schema WHERE name = 'threads'")[0][0]
    db.close()
    with path.open("r+b") as file:
        file.seek((page - 1) * 4096)
        file.write(b"\xff" * 4096)
    again = open_database(path, now=NOW)
    with pytest.raises(FollowupdError, match="damaged"):
        threads.case(again, case.thread.id)
    again.close()


def test_another_programs_database_is_refused_and_left_alone(path: Path) -> None:
    path.parent.mkdir()
    foreign = sqlite3.connect(path)
    foreign.execute("CREATE TABLE contacts (id INTEGER)")
    foreign.close()
    with pytest.raises(FollowupdError, match="not a database of followupd"):
        open_database(path, now=NOW)
    foreign = sqlite3.connect(path)
    assert foreign.execute("SELECT name FROM sqlite_schema").fetchall() == [("contacts",)]
    assert foreign.execute("PRAGMA journal_mode").fetchone() == ("delete",)
    foreign.close()


def test_a_newer_schema_is_refused(db: Db, path: Path) -> None:
    db.run(f"PRAGMA user_version={SCHEMA + 1}")
    db.close()
    with pytest.raises(FollowupdError, match="newer followupd"):
        open_database(path, now=NOW)


def test_a_symbolic_link_is_not_followed(db: Db, path: Path) -> None:
    db.close()
    link = path.with_name("link.db")
    link.symlink_to(path)
    dangling = path.with_name("dangling.db")
    dangling.symlink_to(path.with_name("nowhere"))
    for each in (link, dangling):
        with pytest.raises(FollowupdError, match="symbolic link"):
            open_database(each, now=NOW)
    assert not path.with_name("nowhere").exists()


def test_a_folder_in_place_of_the_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FollowupdError, match="not a file"):
        open_database(tmp_path, now=NOW)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file away")
def test_another_users_database_is_refused(db: Db, path: Path) -> None:
    db.close()
    os.chown(path, 65534, 65534)
    with pytest.raises(FollowupdError, match="another user"):
        open_database(path, now=NOW)


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(FollowupdError, match="this place cannot be used"):
        open_database(tmp_path / "file" / "deeper" / "followupd.db", now=NOW)


def test_a_locked_database_asks_to_try_later(db: Db, other: Db) -> None:
    other.run("PRAGMA busy_timeout=0")
    with db.immediate(), pytest.raises(TryLaterError, match="another program"):
        facts.put(other, "name", "value", NOW)


def test_a_full_disk_writes_nothing_and_says_so(db: Db) -> None:
    pages = db.rows("PRAGMA page_count")[0][0]
    db.run(f"PRAGMA max_page_count={pages}")

    def put_both() -> None:
        with db.immediate():
            facts.put(db, "small", "value", NOW)
            facts.put(db, "large", "x" * 100_000, NOW)

    with pytest.raises(FollowupdError, match="the disk is full") as caught:
        put_both()
    assert caught.value.hint
    assert facts.get(db, "small") is None
    facts.put(db, "small", "value", NOW)
    assert facts.get(db, "small") == ("value", NOW)


def test_a_read_only_database_says_so(db: Db) -> None:
    db.run("PRAGMA query_only=ON")
    with pytest.raises(FollowupdError, match="cannot be written"):
        facts.put(db, "name", "value", NOW)


def test_an_error_of_our_own_in_sql_is_not_dressed_up(db: Db) -> None:
    with pytest.raises(sqlite3.OperationalError, match="no such table"):
        db.rows("SELECT * FROM thred")


def test_a_transaction_is_whole_or_not_at_all(db: Db) -> None:
    with pytest.raises(ZeroDivisionError):
        put_and_fail(db, "name")
    assert facts.get(db, "name") is None


def test_an_inner_transaction_can_fail_without_the_outer_one(db: Db) -> None:
    with db.immediate():
        facts.put(db, "outer", "kept", NOW)
        with pytest.raises(ZeroDivisionError):
            put_and_fail(db, "inner")
    assert facts.get(db, "outer") == ("kept", NOW)
    assert facts.get(db, "inner") is None


def test_a_snapshot_does_not_see_what_others_write_meanwhile(db: Db, other: Db) -> None:
    with db.snapshot():
        assert facts.get(db, "name") is None
        facts.put(other, "name", "value", NOW)
        assert facts.get(db, "name") is None
    assert facts.get(db, "name") == ("value", NOW)


def test_half_a_surrogate_pair_is_replaced_and_not_an_error(db: Db) -> None:
    facts.put(db, "name", "broken \udcff text", NOW)
    assert facts.get(db, "name") == ("broken ? text", NOW)
    contacts.suppress(db, ["a@example.org", "\udcff@example.org"], "why", NOW)
    assert contacts.suppressed(db, "?@example.org") == "why"
    assert contacts.addresses_known(db, ["\udcff@example.org", "a\0b@example.org"]) == {}


def test_a_copy_in_memory_has_everything_and_changes_nothing(db: Db, path: Path, add_case: AddCase) -> None:
    case = add_case()
    copy = copy_to_memory(db)
    assert threads.case(copy, case.thread.id) == case
    add_contact(copy, "new@example.org")
    with pytest.raises(sqlite3.IntegrityError):
        copy.run("INSERT INTO events (thread_id, at, kind, text) VALUES (99, '', '', '')")
    copy.close()
    assert contacts.find(db, "new@example.org") is None
    assert path.exists()


def test_a_backup_is_one_whole_file_that_can_be_put_in_place(db: Db, path: Path, add_case: AddCase) -> None:
    case = add_case()
    target = path.with_name("backup.db")
    with db.immediate():
        facts.put(db, "unfinished", "value", NOW)
        copy = open_database(path, now=NOW)
        backup(copy, target)
        copy.close()
    assert mode(target) == 0o600
    restored = open_database(target, now=NOW)
    assert threads.case(restored, case.thread.id) == case
    assert facts.get(restored, "unfinished") is None
    restored.close()


def test_a_backup_overwrites_nothing_and_leaves_no_crumbs(db: Db, path: Path) -> None:
    target = path.with_name("precious")
    target.write_text("mine")
    link = path.with_name("link")
    link.symlink_to(path.with_name("nowhere"))
    for each in (target, link):
        with pytest.raises(FollowupdError, match="already a file"):
            backup(db, each)
    assert target.read_text() == "mine"
    assert {entry.name for entry in path.parent.iterdir()} - {"followupd.db-wal", "followupd.db-shm"} == {
        "followupd.db",
        "precious",
        "link",
    }


def test_a_damaged_database_makes_no_backup(db: Db, path: Path) -> None:
    add_contact(db)
    page = db.rows("SELECT rootpage FROM sqlite_schema WHERE name = 'threads'")[0][0]
    db.close()
    with path.open("r+b") as file:
        file.seek((page - 1) * 4096)
        file.write(b"\xff" * 4096)
    again = open_database(path, now=NOW)
    with pytest.raises(FollowupdError, match=r"cannot be trusted|damaged"):
        backup(again, path.with_name("backup.db"))
    again.close()
    assert not path.with_name("backup.db").exists()
