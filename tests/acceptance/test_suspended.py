"""A machine that sleeps, and goes on as if no time had passed: the process itself is stopped and continued.

The clock of the running process is moved while it stands still (libfaketime reads it from a file). Tried: where the
round after the sleep sends before it reads, this fails.
"""

import os
import signal
from datetime import timedelta
from pathlib import Path

import pytest

from followupd.core.model import LintRule
from tests.acceptance.installation import Daemon, Installation
from tests.acceptance.letters import answer
from tests.servers.embedded import EmbeddedServers
from tests.servers.fixtures import leave_out
from tests.servers.processes import wait_until

QUARTER = timedelta(days=92)
LIBRARIES = [Path("/usr/lib", folder, "faketime", "libfaketimeMT.so.1") for folder in
             ("x86_64-linux-gnu", "aarch64-linux-gnu", ".")]  # fmt: skip


class Sleepy(Installation):
    """An installation whose running process is told by a file how far its clock has moved."""

    library = Path()

    def move_clock(self, by: timedelta) -> None:
        """Let so much time have passed."""
        (self.home / "clock").write_text(f"+{by // timedelta(seconds=1)}s\n")

    def _environment(self) -> dict[str, str]:
        return super()._environment() | {
            "LD_PRELOAD": str(self.library),
            "FAKETIME_TIMESTAMP_FILE": str(self.home / "clock"),
            "FAKETIME_NO_CACHE": "1",
        }


@pytest.fixture
def sleepy(tmp_path: Path, embedded_servers: EmbeddedServers) -> Sleepy:
    found = next((one for one in LIBRARIES if one.exists()), None)
    if found is None:
        leave_out("libfaketime moves the clock of a process, and is not installed")
    assert found is not None
    user = Sleepy(tmp_path / "home", embedded_servers, embedded_servers.new_user("me", "followupd.test"))
    user.library = found
    # two people get the same words here, and only their number counts
    user.settings["lint"] = {"off": [rule.value for rule in LintRule]}
    user.move_clock(timedelta())
    return user


def test_stopped_for_three_months_and_continued_it_reads_first_and_sends_one_letter(sleepy: Sleepy) -> None:
    servers = sleepy.servers
    ada, bo = servers.new_user("ada"), servers.new_user("bo", "elsewhere.test")
    for mentor in (ada, bo):
        sleepy.add(mentor)
    with sleepy.daemon() as daemon:
        opening = servers.wait_for(ada)[0]
        servers.wait_for(bo)
        sleepy.wait_for_state(bo, "waiting")
        os.killpg(daemon.process.pid, signal.SIGSTOP)
        sleepy.move_clock(QUARTER)
        servers.deliver(sleepy.me, answer(opening, ada), mail_from=ada)
        os.killpg(daemon.process.pid, signal.SIGCONT)
        assert len(servers.wait_for(bo, 2)) == 2
        sleepy.wait_for_state(ada, "answered")
        _another_round(sleepy, daemon)
    assert len(servers.read(bo)) == 2
    assert len(servers.read(ada)) == 1


def _another_round(sleepy: Sleepy, daemon: Daemon) -> None:
    """Let it look at the mailbox once more: whatever it meant to send late would go now."""
    before = sleepy.json("status")["daemon"]["last_round_at"]
    assert daemon.process.poll() is None
    sleepy.move_clock(QUARTER + timedelta(minutes=1))
    os.kill(daemon.process.pid, signal.SIGHUP)
    assert wait_until(lambda: sleepy.json("status")["daemon"]["last_round_at"] > before, 30)
