"""A config whose servers nobody listens on, an empty home, and a way to run commands in this process."""

import json
import socket
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from followupd.cli import main
from tests.servers.embedded import EmbeddedServers

if TYPE_CHECKING:
    from tests.cli.life import Life

CONFIG = """
[me]
name = "Max Lehmann"
email = "max@example.org"
aliases = ["max@old.example"]
timezone = "Europe/Berlin"
[imap]
host = "127.0.0.1"
port = {port}
security = "none"
[smtp]
host = "127.0.0.1"
port = {port}
security = "none"
[storage]
database = "followupd.db"
"""


@dataclass(frozen=True, slots=True)
class Done:
    """What a command did."""

    status: int
    out: str
    err: str

    @property
    def document(self) -> Any:
        """The one JSON document on standard output; fails if there is anything else."""
        return json.loads(self.out)


Run = Callable[..., Done]


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("FOLLOWUPD_CONFIG", "CREDENTIALS_DIRECTORY", "XDG_CONFIG_HOME", "XDG_DATA_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("FOLLOWUPD_PASSWORD", "a secret")
    with socket.create_server(("127.0.0.1", 0)) as unused:
        port = unused.getsockname()[1]
    path = tmp_path / "config.toml"
    path.write_text(CONFIG.format(port=port), encoding="utf-8")
    return path


@pytest.fixture
def run(config: Path, capfd: pytest.CaptureFixture[str]) -> Run:
    """Run a command with that config."""

    def command(*arguments: str) -> Done:
        capfd.readouterr()
        status = main(["--config", str(config), *arguments])
        out, err = capfd.readouterr()
        return Done(status, out, err)

    return command


@pytest.fixture
def ada(run: Run) -> str:
    """Somebody who is there."""
    done = run(
        "add", "ada@example.net", "--name", "Ada Lovelace", "--admire", "Your notes on the engine.", "--ask",
        "How did you decide what to leave out?", "--offer", "I would typeset the next edition.", "--country", "gb",
        "--alias", "countess@example.com", "--first-on", "2040-01-10",
    )  # fmt: skip
    assert (done.status, done.err) == (0, "")
    return "ada@example.net"


@pytest.fixture
def life(
    tmp_path: Path,
    embedded_servers: EmbeddedServers,
    capfd: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> "Iterator[Life]":
    """Somebody's followupd at embedded servers, with a clock that is set."""
    from tests.cli.life import lived

    with lived(tmp_path, embedded_servers, capfd, monkeypatch) as found:
        yield found
