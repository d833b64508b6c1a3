"""Servers as ordinary child processes: started on free ports, waited for, ended in any case."""

import contextlib
import os
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

_WATCH = 'cat >/dev/null; kill -TERM "$1"'
"""Reading ends when this process is gone: prctl(PR_SET_PDEATHSIG) would be forgotten when a server changes its user."""


class StartFailedError(RuntimeError):
    """A server did not come up."""


def free_ports(count: int) -> list[int]:
    """Give ports on 127.0.0.1 that nobody listens on; another process may take one before it is used."""
    listening = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports: list[int] = [sock.getsockname()[1] for sock in listening]
    for sock in listening:
        sock.close()
    return ports


def wait_until(done: Callable[[], bool], seconds: float) -> bool:
    """Ask again and again until it is so; False if it was not in time."""
    over = time.monotonic() + seconds
    while not done():
        if time.monotonic() > over:
            return False
        threading.Event().wait(0.02)
    return True


def port_answers(port: int) -> bool:
    """Tell whether somebody listens."""
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True


class Child:
    """A server process in a session of its own; it ends even if we are killed."""

    def __init__(
        self,
        command: Sequence[str],
        *,
        log: Path,
        user: str | None = None,
        group: str | None = None,
        env: Mapping[str, str] | None = None,
    ) -> None:
        with log.open("ab") as out:
            self._process = subprocess.Popen(
                list(command),
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                start_new_session=True,
                user=user,
                group=group,
                extra_groups=None if user is None else [],
                env=env,
            )

        self._watch = subprocess.Popen(
            ["sh", "-c", _WATCH, "sh", str(self._process.pid)], stdin=subprocess.PIPE, start_new_session=True
        )

    def wait_for(self, ports: Sequence[int], *, seconds: float = 30.0) -> None:
        """Wait until all ports answer; raise StartFailedError."""

        def all_answer_or_dead() -> bool:
            return self._process.poll() is not None or all(port_answers(port) for port in ports)

        wait_until(all_answer_or_dead, seconds)
        if missing := [port for port in ports if not port_answers(port)]:
            raise StartFailedError(f"no answer on ports {missing}, exit status {self._process.poll()}")

    def stop(self) -> None:
        """End it and what it started, by force after five seconds; never raises."""
        self._watch.kill()
        self._watch.communicate()
        self._process.terminate()
        try:
            self._process.wait(5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, signal.SIGKILL)
