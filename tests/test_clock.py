"""The clock tells whole seconds, wakes when it is told to, and lets no process outlive a request to end."""

import os
import signal
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from followupd.clock import SystemClock

READY = b"ready\n"


def test_time_comes_in_whole_seconds_of_utc() -> None:
    before = datetime.now(UTC).replace(microsecond=0)
    now = SystemClock().now()
    assert before <= now <= datetime.now(UTC)
    assert now.tzinfo is UTC
    assert now.microsecond == 0


def test_a_sleep_lasts_as_long_as_asked() -> None:
    clock = SystemClock()
    start = time.monotonic()
    clock.sleep(0.1)
    assert 0.09 <= time.monotonic() - start < 2
    clock.sleep(-5)
    assert time.monotonic() - start < 2


def test_a_wake_up_ends_the_sleep_and_one_that_came_before_counts_once() -> None:
    clock = SystemClock()
    start = time.monotonic()
    for _ in range(3):
        clock.wake()
    clock.sleep(60)
    threading.Timer(0.05, clock.wake).start()
    clock.sleep(60)
    assert 0.04 <= time.monotonic() - start < 5


def test_more_wake_ups_than_a_pipe_holds_do_not_block() -> None:
    clock = SystemClock()
    for _ in range(70_000):
        clock.wake()
    clock.sleep(60)
    start = time.monotonic()
    clock.sleep(0.1)
    assert time.monotonic() - start >= 0.09


class Listening:
    """A mailbox of which only waiting is asked."""

    def __init__(self) -> None:
        self.waited: list[tuple[float, int]] = []

    def wait(self, seconds: float, wake: int) -> None:
        """Note for how long, and consume nothing."""
        self.waited.append((seconds, wake))


def test_with_a_mailbox_it_is_the_mailbox_that_waits_and_watches_for_wake_ups() -> None:
    clock, mailbox = SystemClock(), Listening()
    clock.wake()
    clock.sleep(3600, mailbox)
    clock.sleep(10**9, mailbox)
    (first, wake), (longest, _) = mailbox.waited
    assert (first, longest) == (3600, 86400)
    with pytest.raises(BlockingIOError):
        os.read(wake, 1)


PRELUDE = """
import os, signal, socket, sys, time
from followupd.clock import Stopped, SystemClock
clock = SystemClock()
clock.install_signals()
def ready():
    os.write(1, b"ready\\n")
"""


@contextmanager
def child(body: str) -> Iterator["subprocess.Popen[bytes]"]:
    """Run a program that has a clock with signals, once it says that it is ready.

    Unbuffered: `readline` must not take more than the line, since `communicate` would not know of it.
    """
    program = subprocess.Popen(
        [sys.executable, "-c", PRELUDE + textwrap.dedent(body)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        bufsize=0,
    )
    with program:
        assert program.stdout is not None
        try:
            assert program.stdout.readline() == READY
            yield program
        finally:
            program.kill()


def until_it_waits(program: "subprocess.Popen[bytes]") -> None:
    """Wait until the main thread stands in a call of the system: a signal right before that call interrupts nothing."""
    stat = Path(f"/proc/{program.pid}/stat")
    while stat.read_text().rpartition(")")[2].split()[0] != "S":
        time.sleep(0.001)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_sleeping_process_ends_by_itself_at_once(number: signal.Signals) -> None:
    with child("ready(); clock.sleep(600); os.write(1, b'stopping' if clock.stopping() else b'woken')") as program:
        start = time.monotonic()
        program.send_signal(number)
        output, errors = program.communicate(timeout=10)
        assert time.monotonic() - start < 1
        assert (output, errors, program.returncode) == (b"stopping", b"", 0)


def test_a_signal_that_comes_before_the_sleep_is_not_lost() -> None:
    body = "os.kill(os.getpid(), signal.SIGTERM); ready(); clock.sleep(600); clock.sleep(600); os.write(1, b'ended')"
    with child(body) as program:
        output, _ = program.communicate(timeout=10)
        assert output == b"ended"


def test_sighup_wakes_and_does_not_stop() -> None:
    with child("ready(); clock.sleep(600); os.write(1, b'stopping' if clock.stopping() else b'woken')") as program:
        program.send_signal(signal.SIGHUP)
        output, _ = program.communicate(timeout=10)
        assert (output, program.returncode) == (b"woken", 0)


@pytest.mark.parametrize(("number", "expected"), [(signal.SIGHUP, b"woken once"), (signal.SIGTERM, b"stopping")])
def test_a_signal_that_comes_between_the_last_step_and_the_wait_ends_the_wait(
    number: signal.Signals, expected: bytes
) -> None:
    """It interrupts nothing then: here, since another thread takes it; else, since nothing waits yet."""
    body = f"""
    signal.pthread_sigmask(signal.SIG_BLOCK, {{{number.value}}})
    ready()
    clock.sleep(600)
    if clock.stopping():
        os.write(1, b"stopping")
    else:
        start = time.monotonic()
        clock.sleep(0.2)
        os.write(1, b"woken once" if time.monotonic() - start > 0.19 else b"woken twice")
    """
    with child(body) as program:
        program.send_signal(number)
        output, _ = program.communicate(timeout=10)
        assert (output, program.returncode) == (expected, 0)


BLOCKED = """
ours, theirs = socket.socketpair()
try:
    ready()
    ours.recv(1)
except Exception:
    os.write(1, b"swallowed")
except Stopped:
    os.write(1, b"stopped")
"""


def test_a_process_that_waits_for_a_server_ends_within_two_seconds() -> None:
    with child(BLOCKED) as program:
        until_it_waits(program)
        start = time.monotonic()
        program.send_signal(signal.SIGTERM)
        output, errors = program.communicate(timeout=10)
        assert 1.1 < time.monotonic() - start < 2
        assert (output, errors, program.returncode) == (b"stopped", b"", 0)


def test_a_second_interrupt_ends_it_at_once() -> None:
    with child("ready(); clock.sleep(600); os.write(1, b'first\\n')" + BLOCKED) as program:
        start = time.monotonic()
        program.send_signal(signal.SIGINT)
        assert program.stdout is not None
        assert program.stdout.readline() == b"first\n"
        assert program.stdout.readline() == READY
        until_it_waits(program)
        program.send_signal(signal.SIGINT)
        output, _ = program.communicate(timeout=10)
        assert time.monotonic() - start < 1.1
        assert output == b"stopped"


def test_a_process_that_is_deaf_to_python_ends_within_two_seconds_all_the_same() -> None:
    """As in getaddrinfo: C code that goes on waiting after a signal, with the lock of the interpreter given back."""
    body = """
    import ctypes
    libc = ctypes.CDLL(None)
    mutex = ctypes.create_string_buffer(128)
    libc.pthread_mutex_init(mutex, None)
    libc.pthread_mutex_lock(mutex)
    ready()
    libc.pthread_mutex_lock(mutex)
    """
    with child(body) as program:
        start = time.monotonic()
        program.send_signal(signal.SIGTERM)
        program.communicate(timeout=10)
        assert 1.7 < time.monotonic() - start < 2.2
        assert program.returncode == 0


def test_restored_signals_are_those_of_before() -> None:
    numbers = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGALRM)
    before = [signal.getsignal(number) for number in numbers]
    opened = len(list(Path("/proc/self/fd").iterdir()))
    clock = SystemClock()
    clock.install_signals()
    try:
        signal.raise_signal(signal.SIGTERM)
        assert clock.stopping()
    finally:
        clock.restore_signals()
    assert [signal.getsignal(number) for number in numbers] == before
    assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)
    assert signal.set_wakeup_fd(-1) == -1
    for thread in threading.enumerate():
        if thread.name == "last resort":
            thread.join(timeout=5)
            assert not thread.is_alive()
    assert len(list(Path("/proc/self/fd").iterdir())) == opened
