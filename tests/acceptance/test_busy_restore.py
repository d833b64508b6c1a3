"""An old backup is put back, and daemon and commands are at it at once: no letter twice, no word of the user lost.

Tried: with the witness and the look into Sent switched off the letters go out again.
"""

import os
import signal
from datetime import timedelta
from pathlib import Path

import pytest

from followupd.core.model import LintRule
from tests.acceptance.installation import Installation
from tests.servers.embedded import EmbeddedServers

FORTNIGHT = timedelta(days=15)


@pytest.fixture
def user(tmp_path: Path, embedded_servers: EmbeddedServers) -> Installation:
    found = Installation(tmp_path / "home", embedded_servers, embedded_servers.new_user("me", "followupd.test"))
    found.settings["storage"] = {"database": str(found.home / "followupd.db")}
    # three people get the same words here, and only their number counts
    found.settings["lint"] = {"off": [rule.value for rule in LintRule]}
    found.settings["smtp"] = {"save_to_sent": "never"}
    return found


def test_a_backup_that_is_put_back_while_everybody_is_at_work_sends_nothing_twice(user: Installation) -> None:
    servers = user.servers
    mentors = [servers.new_user(name, f"{name}.test") for name in ("ada", "bo", "cy")]
    for mentor in mentors:
        user.add(mentor)
    user.run("backup", str(user.home / "backup.db"))
    user.round()
    for mentor in mentors:
        servers.wait_for(mentor)
    for old in user.home.glob("followupd.db-*"):
        old.unlink()
    (user.home / "backup.db").replace(user.home / "followupd.db")
    ada, bo, cy = mentors
    words = [
        ("stop", ada), ("note", bo, "Second yard opened."), ("answered", cy), ("run", "--once"), ("list", "--json"),
        ("edit", bo, "--role", "chair"), ("plan", "--json"), ("snooze", bo, "--until", "tomorrow"),
    ]  # fmt: skip
    daemon = user.start("run", at=FORTNIGHT)
    running = [user.start(*one, at=FORTNIGHT) for one in words]
    for one, process in zip(words, running, strict=True):
        _, err = process.communicate(timeout=90)
        assert "Traceback" not in err
        # the second daemon is told that there is one; a word may be told to try again
        assert process.returncode in {0, 75}, (one, err)
        if process.returncode == 75 and one[0] != "run":
            user.run(*one, at=FORTNIGHT)
    user.wait_for_round()
    os.killpg(daemon.pid, signal.SIGTERM)
    assert daemon.communicate(timeout=30)[1].splitlines()[-1].endswith("ended")
    user.round(at=FORTNIGHT * 3)
    assert [len(servers.read(mentor)) for mentor in (ada, cy)] == [1, 1]
    assert 1 <= len(servers.read(bo)) <= 3
    names = [letter.header("Message-ID") for mentor in mentors for letter in servers.read(mentor)]
    assert len(names) == len(set(names))
    assert (user.state(ada, at=FORTNIGHT), user.state(cy, at=FORTNIGHT)) == ("stopped", "answered")
