"""Moving to another machine: a backup, another home, and nothing leaves twice; docs/moving.md tells the way."""

import shutil
from pathlib import Path

import pytest

from followupd.actions.round import one_round
from followupd.app import App
from followupd.store import files
from followupd.store.db import backup
from followupd.store.restoring import restore
from tests.actions.pretend import ADA, BO, Fuse, Server, days, process, somebody


def at(app: App, server: Server, day: float) -> int:
    server.now = days(day)
    return one_round(app)


@pytest.mark.parametrize("witness", [True, False], ids=["with the witness", "by Sent alone"])
def test_what_left_after_the_backup_does_not_leave_again_from_another_home(tmp_path: Path, *, witness: bool) -> None:
    # a provider that files no copies: then the witness has to be carried along
    server = Server(files=not witness)
    old, new = tmp_path / "old", tmp_path / "new"
    old.mkdir()
    new.mkdir()
    there = process(old, server, Fuse(), save="never")
    somebody(there, ADA)
    assert at(there, server, 0) == 1
    backup(there.db, tmp_path / "backup.db")
    somebody(there, BO)
    assert [at(there, server, day) for day in (1, 14)] == [1, 1]
    there.db.close()
    if witness:
        shutil.copy(old / "followupd.db.witness", new)
    done = restore(tmp_path / "backup.db", new / "followupd.db", days(15))
    assert (done.witnessed, done.kept) == (witness, None)
    here = process(new, server, Fuse(), save="never")
    assert [at(here, server, day) for day in (15, 16, 29)] == [0, 0, 0]
    assert at(here, server, 14 + 42) == 1
    subjects = [draft.message_id for _, draft in server.taken]
    assert len(subjects) == len(set(subjects)) == 4
    here.db.close()


def test_a_database_in_which_nobody_is_yet_gives_way(tmp_path: Path) -> None:
    server = Server(files=True)
    old, new = tmp_path / "old", tmp_path / "new"
    old.mkdir()
    new.mkdir()
    there = process(old, server, Fuse())
    somebody(there, ADA)
    at(there, server, 0)
    backup(there.db, tmp_path / "backup.db")
    there.db.close()
    tried = process(new, server, Fuse())
    at(tried, server, 1)
    tried.db.close()
    restore(tmp_path / "backup.db", new / "followupd.db", days(2))
    here = process(new, server, Fuse())
    assert [at(here, server, day) for day in (2, 14)] == [0, 1]
    assert files.witness_of(new / "followupd.db").exists()
    here.db.close()
