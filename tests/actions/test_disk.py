"""The disk fails under a round: nothing goes out that was not written down first, and no letter goes out twice.

Tried: without the claim before the data, or without the look whether the file is still the one of its name, tests fail.
"""

import shutil
import sqlite3
import subprocess
import sys
import textwrap
from dataclasses import replace
from pathlib import Path

import pytest

from followupd.actions.round import one_round
from followupd.app import App
from followupd.core.errors import FollowupdError
from followupd.core.model import LetterState
from followupd.daemon import run
from followupd.store import letters
from followupd.store.db import Params
from followupd.store.faults import known
from tests.actions.conftest import ada, at
from tests.actions.pretend import ADA, Fuse, MortalDb, Server, days, process, somebody

ROOT = Path(__file__).parents[2]


class FailingDb(MortalDb):
    """A database whose disk fails at the n-th statement that writes, and ever after."""

    left = 0
    code = sqlite3.SQLITE_FULL

    def run(self, sql: str, params: Params = ()) -> sqlite3.Cursor:
        if sql.lstrip()[:6].upper() in {"INSERT", "UPDATE", "DELETE", "COMMIT"}:
            self.left -= 1
            if self.left < 0:
                error = sqlite3.OperationalError("database or disk is full")
                error.sqlite_errorcode = self.code
                raise known(error, self.path) or error
        return super().run(sql, params)


@pytest.mark.parametrize("code", [sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_READONLY])
def test_whenever_the_disk_fails_every_letter_on_the_wire_was_claimed_before(tmp_path: Path, code: int) -> None:
    for left in range(60):
        home = tmp_path / str(left)
        home.mkdir()
        server = Server(files=False)
        app = process(home, server, Fuse())
        somebody(app, ADA)
        db = FailingDb(app.db.connection, app.db.path)
        db.left, db.code = left, code
        failed, hint = False, "none"
        try:
            one_round(replace(app, db=db))
        except FollowupdError as error:
            failed, hint = True, error.hint
        assert hint
        if app.db.connection.in_transaction:
            app.db.run("ROLLBACK")
        known_states = {LetterState(row["state"]) for row in app.db.rows("SELECT state FROM letters")}
        if server.taken:
            assert known_states <= {LetterState.SENDING, LetterState.SENT, LetterState.UNCERTAIN}
        at(app, server, 1)
        at(app, server, 2)
        assert len(server.to(ADA)) == 1 or known_states & {LetterState.SENDING}
        assert len({draft.message_id for draft in server.to(ADA)}) == len(server.to(ADA)) <= 1
        app.db.close()
        if not failed:
            break
    assert left > 8
    assert not failed


FULL = """
    import pathlib, sys
    from datetime import timedelta
    from followupd.actions.round import one_round
    from followupd.core.errors import FollowupdError
    from tests.actions.pretend import ADA, Fuse, Server, process, somebody
    import resource, signal
    server = Server(files=False)
    app = process(pathlib.Path(sys.argv[1]), server, Fuse())
    somebody(app, ADA)
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    size = pathlib.Path(sys.argv[1], "followupd.db-wal").stat().st_size
    resource.setrlimit(resource.RLIMIT_FSIZE, (size + int(sys.argv[2]), resource.RLIM_INFINITY))
    try:
        one_round(app)
        print("went through", len(server.taken))
    except FollowupdError as error:
        print(error.what, len(server.taken))
"""


@pytest.mark.parametrize("room", [0, 4096, 9000])
def test_a_disk_that_is_really_full_sends_nothing_and_is_named(tmp_path: Path, room: int) -> None:
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(FULL), str(tmp_path), str(room)],
        cwd=ROOT, capture_output=True, text=True, timeout=60, check=True,
    )  # fmt: skip
    assert "disk" in done.stdout, done
    assert done.stdout.endswith(" 0\n")


def test_a_lost_log_is_like_a_restored_backup_and_no_letter_goes_twice(tmp_path: Path) -> None:
    """What was written since the last checkpoint is gone with the write-ahead log; Sent tells."""
    home = tmp_path / "home"
    home.mkdir()
    server = Server(files=True)
    app = process(home, server, Fuse())
    somebody(app, ADA)
    app.db.run("PRAGMA wal_checkpoint(TRUNCATE)")
    assert at(app, server, 0) == 1
    lost = tmp_path / "lost"
    lost.mkdir()
    shutil.copy(home / "followupd.db", lost / "followupd.db")
    again = process(lost, server, Fuse())
    assert ada(again).letters == ()
    at(again, server, 0.1)
    assert len(server.to(ADA)) == 1
    assert [letter.state for letter in ada(again).letters] == [LetterState.SENT]


def test_a_database_that_went_away_under_the_daemon_sends_nothing_more(app: App, server: Server) -> None:
    """A deleted file can still be written to; nobody would ever read it again."""
    assert at(app, server, 0) == 1
    app.db.path.rename(app.db.path.with_name("moved.db"))
    server.now = days(14)
    with pytest.raises(FollowupdError, match="moved or replaced") as caught:
        run(app, once=True)
    assert "stop" in caught.value.hint
    assert len(server.taken) == 1


def test_a_database_that_was_replaced_under_the_daemon_sends_nothing_more(app: App, server: Server) -> None:
    moved = app.db.path.rename(app.db.path.with_name("moved.db"))
    shutil.copy(moved, app.db.path)
    with pytest.raises(FollowupdError, match="moved or replaced"):
        one_round(app)
    assert server.taken == []
    assert letters.in_states(app.db, [LetterState.SENT]) == ()
