"""Many accounts in one daemon: a pretended IMAP server that costs next to nothing, and what each account takes.

A real server would need a process for each of five hundred connections; what is measured is our side alone.
"""

import selectors
import socket
import sys
import time
from collections.abc import Iterator
from typing import TextIO

from benchmarks.performance.children import processor, resident, started, switches
from benchmarks.performance.figures import Figure
from benchmarks.performance.reading import waiting_daemon
from benchmarks.performance.stage import Stage

ACCOUNTS = 500
_GREETING = b"* OK [CAPABILITY IMAP4rev1 IDLE] ready\r\n"
_FOLDERS = b'* LIST (\\HasNoChildren) "/" "INBOX"\r\n* LIST (\\HasNoChildren \\Sent) "/" "Sent"\r\n'
_OPENED = b"* 0 EXISTS\r\n* OK [UIDVALIDITY 1] .\r\n* OK [UIDNEXT 1] .\r\n"
_SAID = {
    b"CAPABILITY": b"* CAPABILITY IMAP4rev1 IDLE\r\n",
    b"LIST": _FOLDERS,
    b"EXAMINE": _OPENED,
    b"STATUS": b'* STATUS "Sent" (MESSAGES 0 UIDNEXT 1 UIDVALIDITY 1)\r\n',
    b"LOGOUT": b"* BYE\r\n",
}


def serve() -> None:
    """Be a server of empty mailboxes, for anybody; print the port, then how many wait in IDLE. Ended by its parent."""
    door = socket.create_server(("127.0.0.1", 0), backlog=ACCOUNTS)
    print(door.getsockname()[1], flush=True)
    waiting = selectors.DefaultSelector()
    waiting.register(door, selectors.EVENT_READ)
    idling: dict[int, bytes] = {}
    while True:
        for key, _ in waiting.select():
            if key.fileobj is door:
                client, _ = door.accept()
                client.sendall(_GREETING)
                waiting.register(client, selectors.EVENT_READ)
                continue
            client = key.fileobj  # type: ignore[assignment]
            said = client.recv(65_536)
            for line in said.splitlines():
                client.sendall(_answer(line, client.fileno(), idling))
            if not said:
                idling.pop(client.fileno(), None)
                waiting.unregister(client)
                client.close()


def _answer(line: bytes, client: int, idling: dict[int, bytes]) -> bytes:
    if line == b"DONE":
        return idling.pop(client, b"x") + b" OK done\r\n"
    tag, command = line.split()[:2]
    if command == b"IDLE":
        idling[client] = tag
        print(len(idling), flush=True)
        return b"+ idling\r\n"
    return _SAID.get(command.upper(), b"") + tag + b" OK done\r\n"


def accounts(stage: Stage, seconds: float = 61.0) -> Iterator[Figure]:
    """Memory, wake-ups and processor time of one daemon that listens for five hundred accounts, beside one account."""
    with started([sys.executable, "-m", "benchmarks.performance.crowd"]) as server:
        assert server.stdout is not None
        port = int(server.stdout.readline())
        one, many = (_waiting(stage, port, server.stdout, count, seconds) for count in (1, ACCOUNTS))
    each = (many[0] - one[0]) / (ACCOUNTS - 1) * 1024
    yield Figure(
        what=f"memory of an account: {one[0]:.1f} MB with one in the daemon, {many[0]:.1f} MB with {ACCOUNTS}",
        value=each,
        unit="kB",
    )
    yield Figure(
        what=f"wake-ups of the daemon in IDLE, an hour: {one[1]:.0f} with one account; with {ACCOUNTS}",
        value=many[1],
        unit="",
    )
    yield Figure(
        what=f"processor time of a day so: {one[2]:.1f} s with one account; with {ACCOUNTS}", value=many[2], unit="s"
    )


def _account(number: int, secret: str) -> str:
    tables = (("me", f'email = "me{number}@followupd.test"'), ("imap", secret), ("smtp", secret))
    return "".join(f"[account.n{number}.{table}]\n{key}\n" for table, key in tables)


def _waiting(stage: Stage, port: int, idling: TextIO, count: int, seconds: float) -> tuple[float, float, float]:
    """Give megabytes, wake-ups an hour and processor seconds a day of a daemon with so many accounts that waits."""
    database = stage.small(f"crowd{count}", 10)
    config = stage.config(f"crowd{count}", database)
    text = config.read_text().replace(f"port = {stage.imap}", f"port = {port}", 1)
    secret = f'password = {{ file = "{stage.folder / "password"}" }}'
    config.write_text(text + "".join(_account(number, secret) for number in range(1, count)))
    with waiting_daemon(config) as pid:
        while int(idling.readline()) < count:
            pass
        time.sleep(3)
        woken, used = switches(pid), processor(pid)
        time.sleep(seconds)
        an_hour = (switches(pid) - woken) / seconds * 3600
        return resident(pid), an_hour, (processor(pid) - used) / seconds * 86_400


if __name__ == "__main__":
    serve()
