"""Years of somebody's followupd in a second: the whole command line, embedded servers, and a clock that is set."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import pytest

from followupd.cli import main
from followupd.clock import SystemClock
from tests.cli.conftest import Done
from tests.servers.embedded import EmbeddedServers
from tests.servers.mailbox import PASSWORD

BEGINS = datetime(2027, 1, 4, 8, 0, tzinfo=UTC)
"""A Monday morning."""
FIELDS = {
    "admire": "Your notes on the engine made me write down what I leave out.",
    "ask": "How did you decide which problem the engine should solve first?",
    "offer": "I would typeset the next edition of the notes for you.",
}
_TABLES = {
    "digest": {"every": '"off"'},
    "window": {"timezone": '"me"', "spread": '"0 minutes"'},
    "smtp": {"save_to_sent": '"always"'},
}


@dataclass
class Life:
    """One user, whose every command is carried out at `now`."""

    folder: Path
    servers: EmbeddedServers
    capfd: pytest.CaptureFixture[str]
    me: str
    now: datetime = BEGINS

    def config(self, **tables: dict[str, str]) -> None:
        """Write the config: keys of tables, as TOML has them; a name with two underscores is a table below a table."""
        given = {name.replace("__", "."): keys for name, keys in tables.items()}
        lines = ["[me]", 'name = "Ida Brandt"', f'email = "{self.me}"', 'timezone = "UTC"']
        for name, port in (("imap", self.servers.imap_port), ("smtp", self.servers.smtp_port)):
            keys = {"host": '"127.0.0.1"', "port": str(port), "security": '"none"'} | _TABLES.get(name, {})
            lines += [f"[{name}]", *(f"{key} = {value}" for key, value in (keys | given.pop(name, {})).items())]
        lines += ["[storage]", 'database = "followupd.db"']
        ours = {name: _TABLES[name] | given.pop(name, {}) for name in ("window", "digest")}
        for name, keys in {**ours, **given}.items():
            lines += [f"[{name}]", *(f"{key.rstrip('_')} = {value}" for key, value in keys.items())]
        (self.folder / "config.toml").write_text("\n".join(lines), encoding="utf-8")

    def __call__(self, *arguments: str, status: int = 0) -> Done:
        """Carry out a command; fail where it ends with another status."""
        self.capfd.readouterr()
        ended = main(["--config", str(self.folder / "config.toml"), *arguments])
        out, err = self.capfd.readouterr()
        assert ended == status, f"{arguments}: {ended} instead of {status}\n{out}\n{err}"
        return Done(ended, out, err)

    def json(self, *arguments: str) -> Any:
        """Give the document that a command prints."""
        return self(*arguments, "--json").document

    def document(self, *arguments: str, status: int = 0) -> Any:
        """Give the document that a command prints which ends with a status."""
        return self(*arguments, "--json", status=status).document

    def person(self, name: str, *options: str) -> str:
        """Add somebody with a mailbox; give their address."""
        email = self.servers.new_user(name)
        if "--sent-already" not in options:
            options = (*options, "--no-look")
        fields = [
            word for field, text in FIELDS.items() if f"--{field}" not in options for word in (f"--{field}", text)
        ]
        self("add", email, "--name", f"{name.title()} Quist", *fields, *options)
        return email

    def on(self, day: str, at: str = "09:30") -> list[str]:
        """Do a round on a day, in UTC; give who got letters in it, in their order."""
        self.now = datetime.fromisoformat(f"{day}T{at}:00+00:00")
        return self.round()

    def round(self) -> list[str]:
        """Do a round; give who got letters in it, in their order."""
        before = len(self.servers.taken)
        self.log = self("run", "--once").err
        return [to for _, to, _ in self.servers.taken[before:]]

    def walk(self, day: str) -> list[tuple[datetime, str]]:
        """Do a round whenever a letter is planned, until a day; give when each letter went, and to whom."""
        last, went = datetime.fromisoformat(f"{day}T23:59:00+00:00"), []
        while (at := self._next()) is not None and at <= last:
            self.now = max(at, self.now + timedelta(minutes=1))
            went += [(self.now, to) for to in self.round()]
        return went

    def next_day(self, days: int = 1) -> list[str]:
        """Do a round some days later; give who got letters in it."""
        self.now += timedelta(days=days)
        return self.round()

    def _next(self) -> datetime | None:
        dates = [one["next_at"] for one in self.json("list") if one["next_at"]]
        return datetime.fromisoformat(min(dates)) if dates else None

    def letters(self, email: str) -> list[str]:
        """Give the texts of all letters to somebody."""
        return [raw.partition(b"\r\n\r\n")[2].decode() for _, to, raw in self.servers.taken if to == email]

    def answers(self, email: str, text: str, **headers: str) -> None:
        """Let somebody answer their newest letter, with more header fields, "_" for "-" in their names."""
        (*_, raw) = [raw for _, to, raw in self.servers.taken if to == email]
        (name,) = re.findall(rb"(?im)^Message-ID: (\S+)", raw)
        answer = EmailMessage()
        answer["From"], answer["To"], answer["Subject"] = email, self.me, "Re: your question"
        answer["Date"] = format_datetime(self.now)
        answer["Message-ID"] = f"<{self.now:%Y%m%d%H%M%S}.{email}>"
        answer["In-Reply-To"] = name.decode()
        for field, value in headers.items():
            answer[field.replace("_", "-")] = value
        answer.set_content(text)
        self.servers.deliver(self.me, answer.as_bytes(policy=answer.policy.clone(linesep="\r\n")))

    def state(self, email: str) -> str:
        """Give how somebody's thread stands."""
        found: str = self.json("show", email)["state"]
        return found

    def reason(self, email: str) -> str:
        """Give why somebody's thread is held."""
        found: str = self.json("show", email)["reason"]
        return found


@contextmanager
def lived(
    folder: Path, servers: EmbeddedServers, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Iterator[Life]:
    """Let a life begin whose clock is the servers', too."""
    for name in ("FOLLOWUPD_CONFIG", "CREDENTIALS_DIRECTORY", "XDG_CONFIG_HOME", "XDG_DATA_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(folder))
    monkeypatch.setenv("FOLLOWUPD_PASSWORD", PASSWORD)
    found = Life(folder, servers, capfd, servers.new_user("ida", "followupd.test"))
    monkeypatch.setattr(SystemClock, "now", lambda _clock: found.now)
    monkeypatch.setattr(servers, "now", lambda: found.now)
    found.config()
    yield found
