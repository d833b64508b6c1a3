"""Backup and restore by command."""

from pathlib import Path

import pytest

from followupd.lock import held
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
