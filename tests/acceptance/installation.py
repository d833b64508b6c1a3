"""followupd as a user has it: an empty HOME, a config file, and the command line; nothing of its inside is touched."""

import json
import os
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from tests.servers.fixtures import leave_out
from tests.servers.mailbox import PASSWORD, Endpoint, Mailboxes
from tests.servers.processes import wait_until

ROOT = Path(__file__).parents[2]
NOW = timedelta()

FIELDS = (
    "--name", "Ada Lovelace", "--org", "Analytical Engines", "--role", "founder",
    "--ask", "How did you choose the first problem that your engine should solve?",
    "--offer", "my records of 400 rentals, cleaned up and explained",
    "--admire", "your notes on the engine, and that you published the mistakes too",
    "--situation", "I run a workshop of nine and open a second yard next spring",
    "--goal", "open the second yard with the few machines that people will use",
    "--arrangement", "informal, unpaid",
    "--language", "en",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """What a command did."""

    status: int
    out: str
    err: str


class Daemon:
    """A running `followupd run`; `log` is what it has written to standard error so far."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        self.log: list[str] = []
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stderr
        self.log.extend(self.process.stderr)  # extends line by line, as they come

    def kill(self) -> None:
        """End it as a power failure does."""
        self.process.kill()
        self._ended()

    def terminate(self, seconds: float = 20.0) -> int:
        """Ask it to end, and give its exit status."""
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(seconds)
        return self._ended()

    def _ended(self) -> int:
        status = self.process.wait(10)
        self._reader.join(10)
        assert self.process.stderr
        assert self.process.stdout
        self.process.stderr.close()
        self.process.stdout.close()
        return status


class Installation:
    """One user's followupd. Every instant it lives at is real time plus `at`."""

    def __init__(self, home: Path, servers: Mailboxes, me: str) -> None:
        self.home, self.servers, self.me = home, servers, me
        self.imap, self.smtp = servers.imap, servers.smtp
        self.password = PASSWORD
        self.zone = _where_it_is_noon()
        self.settings: dict[str, dict[str, Any]] = {
            "me": {"name": "Ida Brandt", "email": me, "timezone": self.zone},
            "window": {
                "days": ["mon", "tue", "wed", "thu", "fri", "sat", "sun"],
                "from": "00:00",
                "to": "23:59",
                "timezone": "me",
                "holidays": False,
                "spread": "0 minutes",
            },
            # "auto" waits some seconds for the provider to file the letter itself
            "smtp": {"save_to_sent": "always"},
            "daemon": {"poll": "10 minutes"},
            "digest": {"every": "off"},
        }
        self.home.mkdir(parents=True, exist_ok=True)

    @property
    def config(self) -> Path:
        return self.home / "config.toml"

    def write_config(self) -> None:
        """Write the config file as it stands in `settings`, `imap` and `smtp`."""
        tables = {
            **self.settings,
            "imap": _server(self.imap) | self.settings.get("imap", {}),
            "smtp": _server(self.smtp) | self.settings.get("smtp", {}),
        }
        lines = []
        for table, keys in tables.items():
            lines += [f"[{table}]", *(f"{key} = {_toml(value)}" for key, value in keys.items()), ""]
        # a daemon that was just started may be reading it: it never meets a file that is half written
        new = self.config.with_suffix(".new")
        new.write_text("\n".join(lines))
        new.chmod(0o600)
        new.replace(self.config)

    def start(self, *arguments: str, at: timedelta = NOW) -> subprocess.Popen[str]:
        """Start a command in a process of its own."""
        self.write_config()
        command = [sys.executable, "-m", "followupd", "--config", str(self.config), *arguments]
        return subprocess.Popen(
            [*_time_travel(at), *command],
            cwd=self.home,
            env=self._environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def run(self, *arguments: str, at: timedelta = NOW, status: int | None = 0, seconds: float = 90.0) -> Done:
        """Carry a command out; fail if its exit status is another than `status` (None: whatever it is)."""
        process = self.start(*arguments, at=at)
        try:
            out, err = process.communicate(timeout=seconds)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            out, err = process.communicate()
            raise AssertionError(f"followupd {' '.join(arguments)} did not end; {out}{err}") from None
        assert "Traceback" not in err, err
        done = Done(status=process.returncode, out=out, err=err)
        assert status is None or done.status == status, f"followupd {' '.join(arguments)}: {done}"
        return done

    def json(self, *arguments: str, at: timedelta = NOW) -> Any:
        """Carry a command out and give the one document that it prints."""
        return json.loads(self.run(*arguments, "--json", at=at).out)

    def show(self, email: str, at: timedelta = NOW) -> dict[str, Any]:
        """Give one person's whole story."""
        shown = self.json("show", email, at=at)
        assert isinstance(shown, dict)
        return shown

    def state(self, email: str, at: timedelta = NOW) -> str:
        """Give where the thread stands."""
        return str(self.show(email, at=at)["state"])

    def add(self, email: str, *more: str, at: timedelta = NOW) -> None:
        """Add a contact of whom all is known, to be written to at once."""
        today = (datetime.now(UTC) + at).astimezone(ZoneInfo(self.zone)).date()
        # a house of their own: two of one house who get the same words are held (rule `twin`)
        house = ("--org", f"House of {email}")
        self.run("add", email, *FIELDS, *house, "--timezone", self.zone, "--first-on", today.isoformat(), *more, at=at)

    def round(self, at: timedelta = NOW, status: int | None = 0) -> Done:
        """Let the daemon do one round."""
        return self.run("run", "--once", at=at, status=status)

    @contextmanager
    def daemon(self, at: timedelta = NOW) -> Iterator[Daemon]:
        """Run the daemon; it has ended when the block is left, and what fails in it tells what it logged."""
        daemon = Daemon(self.start("run", at=at))
        try:
            yield daemon
        except BaseException as error:
            error.add_note(f"the daemon (exit status {daemon.process.poll()}) had logged:\n{''.join(daemon.log)}")
            raise
        finally:
            if daemon.process.poll() is None:
                daemon.terminate()
            else:
                daemon._ended()
        assert "Traceback" not in "".join(daemon.log), "".join(daemon.log)

    def wait_for_state(self, email: str, state: str, seconds: float = 30.0) -> None:
        """Wait until a thread stands there."""
        seen: list[str] = []

        def there() -> bool:
            seen.append(self.state(email))
            return seen[-1] == state

        assert wait_until(there, seconds), f"{email} is {seen[-1]}, not {state}: {self.show(email)['events']}"

    def wait_for_round(self, after: str | None = None, seconds: float = 30.0) -> None:
        """Wait until a running daemon has finished a round (one later than `after`, as `status` tells it)."""

        def finished() -> bool:
            daemon = self.json("status")["daemon"]
            return bool(daemon["running"]) and daemon["last_round_at"] not in {None, after}

        assert wait_until(finished, seconds), self.json("status")

    def _environment(self) -> dict[str, str]:
        return {
            "HOME": str(self.home),
            "PATH": os.environ.get("PATH", ""),
            "PYTHONPATH": str(ROOT),
            "FOLLOWUPD_PASSWORD": self.password,
            "LANG": "C.UTF-8",
            **{name: value for name, value in os.environ.items() if name.startswith(("COV_", "COVERAGE_"))},
        }


def _time_travel(at: timedelta) -> list[str]:
    if not at:
        return []
    if not shutil.which("faketime"):
        leave_out("faketime moves the clock of a process, and is not installed")
    _forget_the_dead()
    return ["faketime", "-f", f"{at // timedelta(seconds=1):+d}s"]


def _forget_the_dead() -> None:
    """Take away what wrappers of faketime left that were killed: another process of their number could not begin."""
    for left in Path("/dev/shm").glob("*faketime_s*_*"):
        number = left.name.rpartition("_")[2]
        if number.isdigit() and not Path("/proc", number).exists():
            left.unlink(missing_ok=True)


def _server(endpoint: Endpoint) -> dict[str, Any]:
    keys: dict[str, Any] = {
        "host": "127.0.0.1",
        "port": endpoint.port,
        "security": endpoint.security,
        "password": {"env": "FOLLOWUPD_PASSWORD"},
    }
    return keys | ({"ca_file": endpoint.ca_file} if endpoint.ca_file else {})


def _toml(value: Any) -> str:
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{key} = {_toml(item)}" for key, item in value.items()) + " }"
    if isinstance(value, list):
        return "[" + ", ".join(_toml(item) for item in value) + "]"
    return json.dumps(value)


def _where_it_is_noon() -> str:
    """Give a zone in which no test comes near midnight; the sign is that of POSIX: west is positive."""
    hours = datetime.now(UTC).hour - 12
    return f"Etc/GMT{hours:+d}" if hours else "Etc/GMT"
