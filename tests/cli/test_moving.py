"""Backup and restore by command."""

from pathlib import Path

import pytest

from followupd.lock import held
from followupd.store.files import witness_of
from followupd.wiring import settings
from tests.cli.conftest import Run


@pytest.fixture
def saved(run: Run, ada: str, tmp_path: Path) -> Path:
    target = tmp_path / "copy.db"
    assert run("backup", str(target)).status == 0
    run("add", "bo@example.net", "--no-look")
    return target


def test_a_backup_is_put_back_and_it_is_said_what_comes_next(run: Run, ada: str, saved: Path) -> None:
    done = run("restore", str(saved))
    assert (done.status, done.err) == (0, "")
    assert "before anything is sent" in done.out
    assert [one["email"] for one in run("list", "--json").document] == [ada]
    (kept,) = Path.home().glob("followupd.db.replaced-*")
    assert str(kept) in done.out


def test_what_was_said_since_is_so_again_at_once_and_can_be_taken_back(
    run: Run, ada: str, saved: Path, caplog: pytest.LogCaptureFixture
) -> None:
    run("stop", ada)
    run("pause", "--all")
    assert run("restore", str(saved)).status == 0
    assert (f"{ada}: stopped on" in caplog.text, "everything is paused" in caplog.text) == (True, True)
    caplog.clear()
    assert run("status", "--json").document["daemon"]["paused"] is True
    assert run("show", ada, "--json").document["state"] == "stopped"
    refused = run("snooze", ada, "--until", "2099-01-01")
    assert (refused.status, "stopped" in refused.err) == (1, True)
    # what is said from here on is the last word
    run("reopen", ada)
    run("resume", "--all")
    assert run("show", ada, "--json").document["state"] == "scheduled"
    assert run("status", "--json").document["daemon"]["paused"] is False
    assert caplog.text == ""


def test_whoever_puts_a_backup_there_by_hand_has_the_next_command_say_so(
    run: Run, ada: str, saved: Path, config: Path, caplog: pytest.LogCaptureFixture
) -> None:
    run("stop", ada)
    database = Path(settings(config).database)
    for leftover in ("-wal", "-shm"):
        database.with_name(database.name + leftover).unlink(missing_ok=True)
    database.write_bytes(saved.read_bytes())
    assert run("list", "--json").document[0]["state"] == "stopped"
    assert caplog.text.count("says the witness file") == 1
    run("list", "--json")
    assert caplog.text.count("says the witness file") == 1


def test_a_witness_that_is_no_witness_keeps_nobody_from_reading(run: Run, ada: str, config: Path) -> None:
    witness = witness_of(Path(settings(config).database))
    witness.write_bytes(b"something else\n")
    witness.chmod(0o600)
    assert run("list", "--json").status == 0
    assert run("run", "--once").status != 0


def test_as_a_document(run: Run, saved: Path) -> None:
    document = run("restore", str(saved), "--json").document
    assert set(document) == {"restored", "schema", "kept", "witness"}


def test_nothing_is_restored_under_a_daemon(run: Run, saved: Path, config: Path) -> None:
    with held(settings(config)):
        done = run("restore", str(saved))
    assert (done.status, done.out) == (75, "")
    assert len(run("list", "--json").document) == 2


def test_a_file_that_is_no_backup(run: Run, saved: Path, config: Path) -> None:
    done = run("restore", str(config))
    assert (done.status, done.out) == (1, "")
    assert "nothing was changed" in done.err
    assert run("restore", "/nowhere.db").status == 2
    assert len(run("list", "--json").document) == 2
