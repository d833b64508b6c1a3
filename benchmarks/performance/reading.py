"""First look, a quiet round, a push: what it takes to read a mailbox."""

import contextlib
import json
import os
import select
import socket
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from benchmarks.performance.children import contestant, on_processor
from benchmarks.performance.figures import Anchor, Figure, percentile, timed
from benchmarks.performance.material import ANSWERS, USER, address, letter_id
from benchmarks.performance.stage import Stage


def first_look(stage: Stage) -> Iterator[Figure]:
    """A mailbox seen for the first time, with a million Message-IDs known; Dovecot has its header cache by then."""
    now = time.time()
    contestant("raw", stage.imap, "ours")
    limit = statistics.median(contestant("raw", stage.imap, "five").said["seconds"] for _ in range(3))
    ours_limit = statistics.median(contestant("raw", stage.imap, "ours").said["seconds"] for _ in range(3))
    stock = contestant("stock", stage.imap).said["seconds"]
    most = min(2000, stage.messages)
    tutorial = contestant("tutorial", stage.imap, most).said["seconds"] * stage.messages / most
    runs = []
    for number in range(3):
        copy = stage.database("first")
        run = contestant("first_look", stage.config(f"first{number}", copy, 'folders = ["INBOX"]'), now)
        if run.said["recorded"] < min(ANSWERS, stage.messages) * 0.99:
            raise RuntimeError(f"only {run.said['recorded']} answers were found")
        runs.append(run)
    seconds = statistics.median(run.said["seconds"] for run in runs)
    yield Figure(
        what=f"first look at {stage.messages:,} messages, {stage.threads:,} letters known",
        value=seconds,
        unit="s",
        anchors=(
            Anchor(name="socket, 5 fields", value=limit),
            Anchor(name="socket, our 19 fields", value=ours_limit),
            Anchor(name="imapclient as it is", value=stock),
            Anchor(name="imaplib, one by one (from 2,000)", value=tutorial),
        ),
        goal="<= 2.5x the socket",
        met=seconds <= 2.5 * limit,
    )
    parts = stage.messages / 1_000_000
    late = statistics.median(run.said["late"] / run.said["early"] for run in runs)
    yield Figure(
        what=f"first look at a million, on paper: the last quarter of the pages took {late:.2f}x the first",
        value=seconds / parts,
        unit="s",
        anchors=(Anchor(name="socket, 5 fields", value=limit / parts),),
    )
    peak = max(run.said["megabytes"] for run in runs)
    yield Figure(what="its largest memory", value=peak, unit="MB", goal="<= 40 MB", met=peak <= 40)


def quiet_round(stage: Stage) -> Iterator[Figure]:
    """Read five folders in which nothing is new, the connection open."""
    from followupd import wiring
    from followupd.actions.receive import read_mailbox

    names = [f"Quiet{number}" for number in range(4)]
    for name in names:
        with contextlib.suppress(Exception):
            stage.servers.append(USER, _mail(1, 0), folder=name)
    folders = 'folders = ["INBOX", "' + '", "'.join(names) + '"]'
    with _passing(stage.imap) as (port, passed):
        config = stage.config("quiet", stage.database("quiet"), folders)
        config.write_text(config.read_text().replace(f"port = {stage.imap}", f"port = {port}", 1))
        app = wiring.app(wiring.settings(config))
        now = datetime.now(UTC)
        watched = len(app.mailbox.folders())
        for _ in range(3):
            read_mailbox(app, now)
        passed.octets, rounds = 0, 100
        began, used = time.perf_counter(), time.process_time()
        for _ in range(rounds):
            read_mailbox(app, now)
        wall, own = (time.perf_counter() - began) / rounds, (time.process_time() - used) / rounds
        per_folder = passed.octets / rounds / watched
        app.mailbox.close()
        app.db.close()
    own_ms = own * 1000
    yield Figure(
        what=f"a round with nothing new in {watched} folders: our own time",
        value=own_ms,
        unit="ms",
        anchors=(Anchor(name="wall, with the server's", value=wall * 1000),),
        goal="<= 1 ms a folder",
        met=own_ms <= watched,
    )
    yield Figure(what="on the wire, a folder", value=per_folder, unit="bytes", goal="<= 300", met=per_folder <= 300)


def push(stage: Stage, times: int = 300) -> Iterator[Figure]:
    """From the server's word in IDLE, as it passes on the way to the daemon, to the verdict in the database.

    Beside it, what of that the daemon spent on a processor, and how long the disk takes for one of its syncs meanwhile.
    """
    database = stage.small("push")
    delays, own, syncs = [], [], []
    with _passing(stage.imap) as (port, passed):
        config = stage.config("push", database)
        config.write_text(config.read_text().replace(f"port = {stage.imap}", f"port = {port}", 1))
        with waiting_daemon(config) as pid, (stage.folder / "synced").open("wb", buffering=0) as file:
            for number in range(1, times + 1):
                # the daemon has to be in IDLE again, or it hears of the message by its own question
                passed.quiet()
                used = on_processor(pid)
                stage.servers.deliver(USER, _mail(number, number))
                recorded = _recorded(database, number)
                if passed.told is not None:
                    delays.append((recorded - passed.told) * 1000)
                    own.append((on_processor(pid) - used) * 1000)
                file.write(bytes(4096))
                syncs.append(timed(lambda: os.fdatasync(file.fileno())) * 1000)
    half, most = percentile(delays, 0.5), percentile(delays, 0.99)

    def beside(share: float) -> tuple[Anchor, ...]:
        return (
            Anchor(name="on the processor", value=percentile(own, share)),
            Anchor(name="one fdatasync", value=percentile(syncs, share)),
        )

    yield Figure(
        what="from the server's push to the recorded verdict, p50",
        value=half,
        unit="ms",
        anchors=beside(0.5),
        goal="<= 10",
        met=half <= 10,
    )
    yield Figure(
        what=f"the same, p99 of {len(delays)}",
        value=most,
        unit="ms",
        anchors=beside(0.99),
        goal="<= 50",
        met=most <= 50,
    )


def _mail(number: int, answered: int) -> bytes:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = address(answered or 999), USER, "Re: A question about your work"
    mail["Message-ID"] = f"<push.{number}.{time.time_ns()}@provider.test>"
    if answered:
        mail["In-Reply-To"] = letter_id(answered)
    mail.set_content("Gladly; call me on Tuesday.")
    return mail.as_bytes()


@dataclass
class _Passed:
    """What went by between client and server: how many octets, when the last did, and the server's first since asked.

    Not what they said: it may be packed (RFC 4978).
    """

    octets: int = 0
    last: float = 0.0
    told: float | None = None

    def quiet(self) -> None:
        """Wait until both have said nothing for a while: what the server says next, it says unasked."""
        end = time.perf_counter() + 60
        while time.perf_counter() - self.last < 0.3:
            if time.perf_counter() > end:
                raise RuntimeError("the daemon does not come to rest")
            time.sleep(0.01)
        self.told = None


@contextlib.contextmanager
def _passing(port: int) -> Iterator[tuple[int, _Passed]]:
    """Stand between a client and the server, and note what passes."""
    passed = _Passed()
    door = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        with contextlib.suppress(OSError):
            client, _ = door.accept()
            server = socket.create_connection(("127.0.0.1", port))
            other = {client: server, server: client}
            for one in other:
                one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            while True:
                for ready in select.select(list(other), [], [])[0]:
                    chunk = ready.recv(65_536)
                    if not chunk:
                        return
                    passed.octets += len(chunk)
                    other[ready].sendall(chunk)
                    passed.last = time.perf_counter()
                    if ready is server and passed.told is None:
                        passed.told = passed.last

    threading.Thread(target=serve, daemon=True).start()
    try:
        yield door.getsockname()[1], passed
    finally:
        door.close()


@contextlib.contextmanager
def waiting_daemon(config: Path) -> Iterator[int]:
    """Run the daemon; give its process id once it has read everything and waits."""
    log = config.with_suffix(".log")
    with log.open("w") as out:
        child = subprocess.Popen([sys.executable, "-m", "followupd", "--config", str(config), "run"], stderr=out)
    try:
        ended = time.monotonic() + 120
        while not _status(config)["last_round_at"]:
            if time.monotonic() > ended or child.poll() is not None:
                raise RuntimeError(f"the daemon has not read its mailbox: {log.read_text()}")
            time.sleep(0.5)
        time.sleep(2)
        yield child.pid
    finally:
        child.terminate()
        child.wait(20)


def _status(config: Path) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-m", "followupd", "--config", str(config), "status", "--json"],
        capture_output=True,
        check=False,
    )
    daemon: dict[str, Any] = json.loads(done.stdout)["daemon"]
    return daemon


def _recorded(database: Path, thread: int) -> float:
    """Wait until a thread is answered, and give when that was."""
    import sqlite3

    with contextlib.closing(sqlite3.connect(database)) as db:
        end = time.monotonic() + 30
        while time.monotonic() < end:
            if db.execute("SELECT state FROM threads WHERE id = ?", (thread,)).fetchone() == ("answered",):
                return time.perf_counter()
            time.sleep(0.0005)
    raise RuntimeError(f"the answer to thread {thread} was never recorded")
