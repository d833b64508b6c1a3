"""What systemd hears, on a socket of its kind."""

import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from followupd.supervisor import Supervisor


@pytest.fixture(params=["path", "abstract"])
def heard(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[str, socket.socket]]:
    """Listen as systemd does; give what $NOTIFY_SOCKET says and the socket."""
    name = str(tmp_path / "notify") if request.param == "path" else f"@followupd-{os.getpid()}-{tmp_path.name}"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as ear:
        ear.bind(name.replace("@", "\0", 1))
        ear.settimeout(5)
        yield name, ear


def test_every_word_is_one_datagram(heard: tuple[str, socket.socket]) -> None:
    name, ear = heard
    supervisor = Supervisor({"NOTIFY_SOCKET": name, "WATCHDOG_USEC": "1800000000", "WATCHDOG_PID": str(os.getpid())})
    assert supervisor.interval == 900
    supervisor.ready()
    supervisor.alive()
    supervisor.reloading()
    supervisor.status("waiting\nREADY=1\r\n\x00 for Ada")
    supervisor.stopping()
    words = [ear.recv(4096) for _ in range(5)]
    assert words[:3] == [b"READY=1", b"WATCHDOG=1", b"RELOADING=1"]
    assert words[3] == b"STATUS=waiting READY=1 \x00 for Ada"
    assert words[4] == b"STOPPING=1"


def test_without_systemd_nothing_is_said_and_nothing_fails() -> None:
    for environ in ({}, {"NOTIFY_SOCKET": "relative"}, {"NOTIFY_SOCKET": "/nowhere/there"}):
        supervisor = Supervisor(environ)
        supervisor.ready()
        supervisor.alive()
        assert supervisor.interval is None


@pytest.mark.parametrize(
    "watchdog",
    [{}, {"WATCHDOG_USEC": "0"}, {"WATCHDOG_USEC": "soon"}, {"WATCHDOG_USEC": "9000000", "WATCHDOG_PID": "1"}],
)
def test_where_no_watchdog_watches_this_process_it_hears_nothing(
    heard: tuple[str, socket.socket], watchdog: dict[str, str]
) -> None:
    name, ear = heard
    supervisor = Supervisor({"NOTIFY_SOCKET": name, **watchdog})
    assert supervisor.interval is None
    supervisor.alive()
    supervisor.ready()
    assert ear.recv(4096) == b"READY=1"


def test_a_supervisor_that_does_not_read_holds_nobody_up(heard: tuple[str, socket.socket]) -> None:
    name, _ = heard
    supervisor = Supervisor({"NOTIFY_SOCKET": name})
    for _ in range(12):  # two more than Linux keeps (net.unix.max_dgram_qlen)
        supervisor.ready()
