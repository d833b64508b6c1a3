"""A real Chromium without a window, spoken to over two pipes (Chrome DevTools Protocol): it reads a file."""

import json
import os
import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage", "--hide-scrollbars",
    "--remote-debugging-pipe",
)  # fmt: skip


class Browser:
    """One page of a running browser. `noticed` are the events it told: requests, refusals, errors."""

    def __init__(self, commands: int, answers: int) -> None:
        self._commands, self._answers = commands, os.fdopen(answers, "rb")
        self._number, self._rest, self._session = 0, b"", ""
        self.noticed: list[dict[str, Any]] = []

    def begin(self) -> None:
        """Open a page and ask for the events of it."""
        target = self.ask("Target.createTarget", url="about:blank")["targetId"]
        self._session = self.ask("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Network", "Log", "Runtime"):
            self.ask(f"{domain}.enable")

    def ask(self, method: str, **params: Any) -> dict[str, Any]:
        """Give one command and wait for what it says."""
        self._number += 1
        message: dict[str, Any] = {"id": self._number, "method": method, "params": params}
        if self._session:
            message["sessionId"] = self._session
        os.write(self._commands, json.dumps(message).encode() + b"\0")
        while True:
            heard = self._hear()
            if heard.get("id") == self._number:
                assert "error" not in heard, heard
                result: dict[str, Any] = heard["result"]
                return result
            self.noticed.append(heard)

    def read(self, page: Path, width: int, *, dark: bool = False) -> None:
        """Open a file in a window of a width, as a person with a light or dark desk would see it."""
        self.ask("Emulation.setDeviceMetricsOverride", width=width, height=900, deviceScaleFactor=1, mobile=width < 500)
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self.ask("Emulation.setEmulatedMedia", features=[scheme])
        self.noticed.clear()
        self.ask("Page.navigate", url=page.as_uri())
        while not any(one.get("method") == "Page.loadEventFired" for one in self.noticed):
            self.noticed.append(self._hear())

    def value(self, expression: str) -> Any:
        """Give the value of an expression of JavaScript; a promise is waited for."""
        found = self.ask("Runtime.evaluate", expression=expression, awaitPromise=True, returnByValue=True)
        assert "exceptionDetails" not in found, found["exceptionDetails"]
        return found["result"].get("value")

    def told(self, method: str) -> list[dict[str, Any]]:
        """Give what it told of a kind since the page was opened."""
        return [one["params"] for one in self.noticed if one.get("method") == method]

    def close(self) -> None:
        """Close the pipes."""
        os.close(self._commands)
        self._answers.close()

    def _hear(self) -> dict[str, Any]:
        while b"\0" not in self._rest:
            piece = self._answers.read1(1 << 20)
            assert piece, "the browser is gone"
            self._rest += piece
        heard, _, self._rest = self._rest.partition(b"\0")
        found: dict[str, Any] = json.loads(heard)
        return found


@contextmanager
def browser(profile: Path) -> Iterator[Browser]:
    """Start a browser with an empty profile, and end it with all its processes."""
    for_it, commands = os.pipe()
    answers, from_it = os.pipe()
    program = shutil.which("chromium") or shutil.which("chromium-browser") or ""

    started = subprocess.Popen(
        ["bash", "-c", f'exec "$0" "$@" 3<&{for_it} 4>&{from_it}', program, *FLAGS, f"--user-data-dir={profile}"],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        pass_fds=(for_it, from_it),
        start_new_session=True,
    )
    os.close(for_it)
    os.close(from_it)
    opened = Browser(commands, answers)
    try:
        opened.begin()
        yield opened
    finally:
        opened.close()
        with suppress(ProcessLookupError):
            os.killpg(started.pid, signal.SIGKILL)
        started.wait()
