"""Somebody new, with an empty home, at a terminal."""

import os
import pty
import re
import select
import signal
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True, slots=True)
class Newcomer:
    """Somebody with a mailbox, an empty home and no config."""

    home: Path
    email: str
    servers: tuple[str, ...]

    @property
    def folder(self) -> Path:
        return self.home / ".config" / "followupd"

    @property
    def config(self) -> Path:
        return self.folder / "config.toml"

    @property
    def environment(self) -> dict[str, str]:
        return {"HOME": str(self.home), "PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "LANG": "C.UTF-8"}

    def run(self, *arguments: str, typed: str = "", **environment: str) -> subprocess.CompletedProcess[str]:
        """Run a command away from any terminal."""
        return subprocess.run(
            [sys.executable, "-m", "followupd", *arguments], env=self.environment | environment, input=typed,
            capture_output=True, text=True, check=False, timeout=60,
        )  # fmt: skip

    def init(self, *arguments: str, typed: str = "", **environment: str) -> subprocess.CompletedProcess[str]:
        """Set up by options."""
        who = ("--name", "Ida Brandt", "--email", self.email)
        return self.run("init", *who, *self.servers, *arguments, typed=typed, **environment)

    def converse(self, arguments: Sequence[str], answers: Sequence[tuple[str, str]]) -> tuple[int, str]:
        """Run a command on a terminal; each answer is typed once its whole question stands on the screen.

        Its last blank is written after the terminal was told to show nothing, which throws away what was typed before.
        """
        pid, terminal = pty.fork()
        if pid == 0:
            os.execve(sys.executable, [sys.executable, "-m", "followupd", *arguments], self.environment)
        try:
            screen, left = _talk(terminal, answers)
        except TimeoutError:
            os.kill(pid, signal.SIGKILL)
            raise
        assert not left, f"never asked for {left[0][0]!r}: {screen}"
        return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), screen


def _talk(terminal: int, answers: Sequence[tuple[str, str]]) -> tuple[str, list[tuple[str, str]]]:
    """Type answers until the other side closes the terminal; give the screen, and the answers nobody asked for."""
    screen, seen, keys, left = "", 0, "", list(answers)
    try:
        while octets := _heard(terminal, again=keys == "\x03"):
            screen += octets.decode()
            while left and (found := _asked(*left[0]).search(screen, seen)):
                seen, keys = found.end(), left.pop(0)[1]
                os.write(terminal, keys.encode())
    except TimeoutError:
        raise
    except OSError:
        pass  # so Linux says that the other side has closed a terminal
    return screen, left


def _heard(terminal: int, *, again: bool) -> bytes:
    """Give what a terminal shows next; a Ctrl-C between a prompt and its wait is lost, and is typed `again`."""
    for _ in range(12):
        if select.select([terminal], [], [], 5)[0]:
            return os.read(terminal, 4096)
        if again:
            os.write(terminal, b"\x03")
    raise TimeoutError("nothing was shown for a minute")


def _asked(question: str, keys: str) -> re.Pattern[str]:
    return re.compile(re.escape(question.rstrip(":")) + r"[^\r\n]*?: " if keys else re.escape(question))


def options(imap: int, smtp: int, security: str = "none") -> tuple[str, ...]:
    return (
        "--imap-host", "127.0.0.1", "--imap-port", str(imap), "--imap-security", security,
        "--smtp-host", "127.0.0.1", "--smtp-port", str(smtp), "--smtp-security", security,
    )  # fmt: skip
