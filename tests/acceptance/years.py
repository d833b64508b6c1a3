"""followupd in this very process, on a clock that is moved: for stories that span years and say many commands."""

import imaplib
import json
import logging
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from followupd.cli import main
from followupd.clock import SystemClock
from followupd.core.instants import Instant
from tests.acceptance.installation import NOW, Done, Installation
from tests.servers.mailbox import Mailboxes, Stored


class Years(Installation):
    """An installation whose commands start no process. Its day 0 is now; `days` says how many have passed since."""

    def __init__(
        self,
        home: Path,
        servers: Mailboxes,
        me: str,
        monkeypatch: pytest.MonkeyPatch,
        capfd: pytest.CaptureFixture[str],
    ) -> None:
        super().__init__(home, servers, me)
        self._capfd = capfd
        self.days = 0.0
        for name in ("FOLLOWUPD_CONFIG", "CREDENTIALS_DIRECTORY", "XDG_CONFIG_HOME", "XDG_DATA_HOME"):
            monkeypatch.delenv(name, raising=False)
        monkeypatch.setenv("HOME", str(home))
        monkeypatch.setenv("FOLLOWUPD_PASSWORD", self.password)
        monkeypatch.setattr(SystemClock, "now", lambda _: self.now)
        self._at = NOW

    @property
    def now(self) -> Instant:
        """What its clock shows."""
        return datetime.now(UTC).replace(microsecond=0) + timedelta(days=self.days) + self._at

    def run(self, *arguments: str, at: timedelta = NOW, status: int | None = 0, seconds: float = 90.0) -> Done:
        """Carry a command out; fail if its exit status is another than `status` (None: whatever it is)."""
        self.write_config()
        self._capfd.readouterr()
        self._at = at
        log, before, level = logging.getLogger(), logging.getLogger().handlers[:], logging.getLogger().level
        try:
            ended = main(["--config", str(self.config), *arguments])
        finally:
            # `run` logs to the standard error of this very test
            log.handlers[:], self._at = before, NOW
            log.setLevel(level)
        out, err = self._capfd.readouterr()
        assert "Traceback" not in err, err
        done = Done(status=ended, out=out, err=err)
        assert status is None or done.status == status, f"followupd {' '.join(arguments)}: {done}"
        return done

    def on_day(self, days: float) -> None:
        """Let so many days have passed since the beginning, and do a round."""
        self.days = days
        self.round()

    def receive(self, raw: bytes) -> None:
        """Let a message arrive at the user's, at the time that the clock shows, and do a round."""
        with self.servers.client(self.me) as connection:
            said, _ = connection.append("INBOX", "", imaplib.Time2Internaldate(self.now), raw)
            assert said == "OK"
        self.round()

    def write_template(self, name: str, text: str) -> None:
        """Write a template into the user's folder."""
        folder = self.home / "templates"
        folder.mkdir(exist_ok=True)
        (folder / f"{name}.txt").write_text(text, encoding="utf-8")

    def letters(self, email: str) -> list[Stored]:
        """Give what arrived at somebody's, in order."""
        return self.servers.read(email)

    def planned(self, email: str) -> list[dict[str, Any]]:
        """Give what `plan` says of somebody, with the reasons."""
        found = json.loads(self.run("plan", "--why", "--json").out)
        return [one for one in found if one["email"] == email]


def text(letter: Stored) -> str:
    """Give what a letter says, its soft line ends (RFC 3676) joined."""
    body = letter.parsed.get_body(("plain",))
    assert body is not None
    said: list[str] = []
    goes_on = -1
    for line in str(body.get_content()).replace("\r\n", "\n").split("\n"):
        depth = len(line) - len(line.lstrip(">"))
        bare = line[depth:].removeprefix(" ")
        if goes_on == depth:
            said[-1] += bare
        else:
            said.append(f"{'>' * depth} {bare}" if depth and bare else ">" * depth or bare)
        goes_on = depth if bare.endswith(" ") and bare != "-- " else -1
    return "\n".join(said)
