"""A user's followupd whose processes live in the time of the story, and the one that runs as the daemon."""

import os
import resource
import signal
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Final

from followupd.core.model import LintRule
from tests.acceptance.installation import NOW, ROOT, Daemon, Installation
from tests.servers.mailbox import Endpoint
from tests.soak.people import WAITS, mark
from tests.soak.provider import Provider

_OPENING: Final = '+++\nsubject = "A question about what to leave out"\n+++\n'
_WRONG: Final = "\n[sending]\ndaily_limit = 'as many as you like'\n"


class Household(Installation):
    """An installation in `folder`, behind the gates of a provider; `environment` is added to that of the daemon."""

    def __init__(self, folder: Path, provider: Provider) -> None:
        super().__init__(folder / "home", provider, provider.me)
        self._folder = folder
        self.imap = Endpoint(port=provider.imap_gate.port, security="none")
        self.smtp = Endpoint(port=provider.smtp_gate.port, security="none")
        self.environment: dict[str, str] = {}
        self.spoilt = False
        self.daemon_: Daemon | None = None
        self.log_before = 0
        self._settle_down()

    @property
    def database(self) -> Path:
        return self.home / "followupd.db"

    @property
    def log_size(self) -> int:
        """Bytes that all daemons so far have logged."""
        return self.log_before + (sum(map(len, self.daemon_.log)) if self.daemon_ else 0)

    def write_config(self) -> None:
        """Write the config; one that no daemon can read, where it is `spoilt`."""
        super().write_config()
        if self.spoilt:
            self.config.write_text(self.config.read_text() + _WRONG)

    def write_password(self, password: str) -> None:
        """Let the password that the config names be another one."""
        file = self.home / "password"
        file.write_text(password)
        file.chmod(0o600)

    def start(self, *arguments: str, at: timedelta = NOW) -> subprocess.Popen[str]:
        """Start a command in a process of its own, in the time of the story."""
        self.write_config()
        command = [sys.executable, "-m", "tests.soak.subject", str(self._folder), "--config", str(self.config)]
        return subprocess.Popen(
            [*command, *arguments],
            cwd=ROOT,
            env=self._environment() | self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def begin(self) -> None:
        """Start the daemon."""
        self.daemon_ = Daemon(self.start("run"))

    def signal(self, number: signal.Signals) -> None:
        """Send the daemon a signal, if there is one."""
        if self.daemon_ is not None:
            self.daemon_.process.send_signal(number)

    def ended(self) -> int:
        """Take leave of a daemon that ends or has ended; give its status. Its log may hold no traceback."""
        assert self.daemon_ is not None
        daemon, self.daemon_ = self.daemon_, None
        daemon.process.wait(20)
        status = daemon._ended()
        self.log_before += sum(map(len, daemon.log))
        assert "Traceback" not in (log := "".join(daemon.log)), log
        return status

    def fill_the_disk(self, *, full: bool) -> None:
        """Let no file of the daemon's be written (setrlimit(2)), or be written again."""
        if self.daemon_ is not None:
            limits = (0 if full else resource.RLIM_INFINITY, resource.RLIM_INFINITY)
            resource.prlimit(self.daemon_.process.pid, resource.RLIMIT_FSIZE, limits)

    def _settle_down(self) -> None:
        templates = self.home / "templates"
        templates.mkdir(parents=True)
        for number in range(len(WAITS) + 1):
            head = "" if number else _OPENING
            (templates / f"s{number}.txt").write_text(f"{head}Dear mentor,\n\n{mark(number)}\n")
        later = ({"after": f"{wait.days} days", "template": f"s{number}"} for number, wait in enumerate(WAITS, 1))
        password = {"file": str(self.home / "password")}
        self.settings |= {
            "me": {"name": "Ida Brandt", "email": self.me, "timezone": "Etc/UTC"},
            "imap": {"password": password},
            "smtp": {"save_to_sent": "always", "password": password},
            "storage": {"database": str(self.database), "keep_bodies": "1 year"},
            "patience": {"default_cadence": "story", "floor": "7 days", "yearly_question": False},
            "cadences.story": {"steps": [{"template": "s0"}, *later]},
            "sending": {"daily_limit": 200},
            # letters of one line are no good letters, and here only their number counts
            "lint": {"off": [rule.value for rule in LintRule]},
            "dns": {"check": False},
            "digest": {"every": "1 week"},
            "daemon": {
                "poll": "6 hours",
                "calendar": str(self.home / "letters.ics"),
                "metrics": str(self.home / "followupd.prom"),
            },
            "notify": {"command": ["true"]},
        }
        self.write_password(self.password)

    def _environment(self) -> dict[str, str]:
        path = os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])
        return super()._environment() | {"PYTHONPATH": path}
