"""A private Dovecot with the mailbox that is measured with, and a config that names it and a database."""

import shutil
import subprocess
import venv
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.performance import material
from tests.servers.private import hand_over
from tests.servers.world import MailServers

CONFIG = """
[me]
name = "Max Lehmann"
email = "me@followupd.test"
timezone = "Europe/Berlin"
[imap]
host = "127.0.0.1"
port = {imap}
security = "none"
password = {{ file = "{password}" }}
{folders}
[smtp]
host = "127.0.0.1"
port = {smtp}
security = "none"
password = {{ file = "{password}" }}
[storage]
database = "{database}"
"""


PEERS = ("khal", "todoman", "vdirsyncer", "sqlite-utils")


@dataclass(frozen=True, slots=True)
class Stage:
    """Running servers, and the folder of material."""

    servers: MailServers
    folder: Path
    messages: int
    threads: int

    @property
    def imap(self) -> int:
        """The port of IMAP without TLS."""
        assert self.servers.imap_port is not None
        return self.servers.imap_port

    def database(self, copy: str) -> Path:
        """Give a fresh copy of the database."""
        target = self.folder / f"{copy}.db"
        for old in self.folder.glob(f"{copy}.db*"):
            old.unlink()
        for end in ("", ".witness"):
            shutil.copyfile(self.folder / f"threads.db{end}", self.folder / f"{copy}.db{end}")
        return target

    def small(self, name: str, threads: int = 1000) -> Path:
        """Make a database of few threads, as a user has one; none is due."""
        path = self.folder / f"{name}.db"
        for old in self.folder.glob(f"{name}.db*"):
            old.unlink()
        material.database(path, threads, datetime.now(UTC), due=0)
        return path

    def config(self, name: str, database: Path, folders: str = "") -> Path:
        """Write a config for these servers."""
        password = self.folder / "password"
        password.write_text("secret")
        password.chmod(0o600)
        path = self.folder / f"{name}.toml"
        smtp = self.servers.smtp_port
        blanks = {"imap": self.imap, "smtp": smtp, "password": password, "database": database, "folders": folders}
        path.write_text(CONFIG.format(**blanks))
        path.chmod(0o600)
        return path


def build(folder: Path, messages: int, threads: int) -> None:
    """Make mailbox and database; takes about a minute for 100,000 messages and a million threads."""
    folder.mkdir(parents=True, exist_ok=True)
    material.maildir(folder / "Maildir", messages, threads)
    for old in folder.glob("threads.db*"):
        old.unlink()
    material.database(folder / "threads.db", threads, datetime.now(UTC))
    peers(folder / "peers")
    (folder / "size").write_text(f"{messages} {threads}")


def peers(folder: Path) -> None:
    """Install programs of the kind, for their start-up, into an environment of their own."""
    if not folder.exists():
        venv.create(folder, with_pip=True)
        subprocess.run([folder / "bin" / "pip", "install", "-q", *PEERS], check=True)


@contextmanager
def staged(folder: Path) -> Iterator[Stage]:
    """Run the servers with the mailbox in place."""
    messages, threads = map(int, (folder / "size").read_text().split())
    # migrations are no part of what is measured
    material.opened(folder / "threads.db", datetime.now(UTC)).close()
    with MailServers() as servers:
        home = servers.home(material.USER)
        home.mkdir(parents=True, exist_ok=True)
        for left in (folder / "Maildir" / "new").iterdir():
            # what an earlier run delivered
            left.unlink()
        (home / "Maildir").symlink_to(folder / "Maildir")
        hand_over(folder / "Maildir")
        yield Stage(servers, folder, messages, threads)
