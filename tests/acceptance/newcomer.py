"""A newcomer's way from nothing to a first round, typed into tmux before a fresh mail server; prints the screen.

    python -m tests.acceptance.newcomer [--install] [--screen FILE]

Needs tmux, Dovecot and Postfix, and root (Postfix insists). `--install` begins with a new virtual environment and pip.
At the end it says how long the newcomer waited for the program, all typing left out.
"""

import argparse
import os
import re
import shlex
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Final

import click

from tests.acceptance.installation import FIELDS, ROOT
from tests.cli.newcomer import options
from tests.servers.mailbox import PASSWORD
from tests.servers.processes import wait_until
from tests.servers.world import MailServers

_PROMPT: Final = "ida$ "
_SIZE: Final = ("-x", "110", "-y", "50")


class Terminal:
    """A tmux session of its own; `waited` are the seconds from each Enter to what was waited for."""

    def __init__(self, home: Path, programs: Path) -> None:
        self.waited: list[tuple[str, float]] = []
        self._socket = f"followupd-{os.getpid()}"
        environment = {
            "HOME": str(home), "PATH": f"{programs}:{os.environ['PATH']}", "PS1": _PROMPT, "LANG": "C.UTF-8",
            "TERM": "screen-256color", "PYTHONPATH": str(ROOT),
        }  # fmt: skip
        words = shlex.join(["env", "-i", *(f"{name}={value}" for name, value in environment.items()),
                            "bash", "--noprofile", "--norc"])  # fmt: skip
        self._tmux("new-session", "-d", *_SIZE, "-c", str(home), words)
        self._tmux("set-option", "-g", "history-limit", "5000")
        self._await(_PROMPT.rstrip())

    def type(self, keys: str, until: str = _PROMPT, *, shown: bool = True, seconds: float = 180.0) -> None:
        """Type a line and wait until the last line of the screen begins, or ends, as `until` says."""
        self._tmux("send-keys", "-l", keys)
        if shown:
            wait_until(lambda: keys[-20:] in self.screen().replace("\n", ""), 10)
        before, began = len(self.screen()), time.monotonic()
        self._tmux("send-keys", "Enter")
        self._await(until.rstrip(), before, seconds)
        self.waited.append((keys if shown else "(the password)", time.monotonic() - began))

    def screen(self) -> str:
        """Give all that was shown."""
        return self._tmux("capture-pane", "-p", "-J", "-S", "-").rstrip()

    def end(self) -> None:
        """End the session."""
        self._tmux("kill-server")

    def _await(self, until: str, before: int = 0, seconds: float = 180.0) -> None:
        def there() -> bool:
            shown = self.screen()
            last = shown.rsplit("\n", 1)[-1]
            return len(shown) > before and re.match(re.escape(until), last) is not None

        assert wait_until(there, seconds), f"{until!r} never stood in the last line:\n{self.screen()}"

    def _tmux(self, *words: str) -> str:
        done = subprocess.run(["tmux", "-L", self._socket, *words], capture_output=True, text=True, check=True)
        return done.stdout


def walk(terminal: Terminal, servers: MailServers, *, install: bool) -> None:
    """Go the whole way, as README's "Your own mailbox" tells it."""
    me, ada = servers.new_user("ida", "followupd.test"), servers.new_user("ada")
    if install:
        terminal.type(f"python3 -m venv ~/followupd && ~/followupd/bin/pip install -q {shlex.quote(str(ROOT))}")
        terminal.type("PATH=~/followupd/bin:$PATH; unset PYTHONPATH")
    where = shlex.join([*options(servers.imaps_port or 0, servers.smtps_port or 0, "tls"),
                        "--ca-file", servers.ca_file])  # fmt: skip
    terminal.type(f"followupd init {where}", "Your name")
    terminal.type("Ida Brandt", "Your address")
    terminal.type(me, "Where should")
    terminal.type("", "Password for")
    terminal.type(PASSWORD, "Send a test letter", shown=False)
    terminal.type("y")
    terminal.type("followupd check")
    terminal.type(f"followupd add {ada} {shlex.join(FIELDS)}")
    terminal.type("followupd plan")
    terminal.type("followupd run --once")


def main() -> None:
    """Walk, and tell."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--install", action="store_true", help="install the program first, in a new environment")
    parser.add_argument("--screen", type=Path, help="write the screen into this file, too")
    said = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="newcomer-") as home, MailServers() as servers:
        terminal = Terminal(Path(home), Path(sys.executable).parent)
        try:
            walk(terminal, servers, install=said.install)
            screen = terminal.screen().replace(home, "~").replace(servers.ca_file, "ca.pem")
        finally:
            terminal.end()
    click.echo(screen)
    click.echo("\nwaited, in seconds:")
    for keys, seconds in terminal.waited:
        click.echo(f"{seconds:6.1f}  {keys[:60]}")
    click.echo(f"{sum(seconds for _, seconds in terminal.waited):6.1f}  in all")
    if said.screen:
        said.screen.write_text(f"{screen}\n")


if __name__ == "__main__":
    main()
