"""Programs of the user's: heard whatever they do with their pipes, and ended in time with all that they began."""

import os
import signal
import sys
from contextlib import suppress
from pathlib import Path
from time import monotonic, sleep

import pytest

from followupd import programs
from followupd.programs import Ended, run

LARGE = b"x" * 1_000_000


def sh(line: str) -> list[str]:
    return ["sh", "-c", line]


def test_status_and_words_come_back() -> None:
    assert run(sh("cat; exit 3"), b"given\n", 20) == Ended(3, b"given\n")
    assert run(sh("kill -9 $$"), b"", 20) == Ended(-signal.SIGKILL)


def test_a_program_that_reads_nothing_or_closes_its_ends_is_heard() -> None:
    assert run(["true"], LARGE, 20) == Ended(0)
    assert run(sh("exec <&-; echo no; exit 1"), LARGE, 20) == Ended(1, b"no\n")
    assert run(sh("exec >&-; sleep 0.2; exit 4"), b"", 20) == Ended(4)


def test_what_is_given_and_printed_at_the_same_time_blocks_nobody_and_is_kept_within_bounds() -> None:
    ended = run(["cat"], LARGE, 20)
    assert (ended.status, ended.said) == (0, LARGE[: programs.MOST])


def test_one_that_hangs_is_ended_with_its_children(tmp_path: Path) -> None:
    began = monotonic()
    assert run(sh(f"sleep 60 & echo $! > {tmp_path / 'child'}; wait"), b"", 0.5) == Ended(None)
    assert monotonic() - began < 10
    child = int((tmp_path / "child").read_text())
    for _ in range(100):
        state = Path(f"/proc/{child}/stat")
        if not state.exists() or " Z " in state.read_text():
            return
        sleep(0.05)
    os.kill(child, signal.SIGKILL)
    pytest.fail("the child lives on")


def test_one_that_prints_for_ever_is_ended() -> None:
    assert run(["yes"], b"", 0.5) == Ended(None)


def test_one_that_leaves_a_child_behind_is_not_waited_for(tmp_path: Path) -> None:
    began = monotonic()
    assert run(sh(f"sleep 60 & echo $! > {tmp_path / 'child'}; echo done"), b"", 30) == Ended(0, b"done\n")
    assert monotonic() - began < 10
    with suppress(ProcessLookupError):
        os.kill(int((tmp_path / "child").read_text()), signal.SIGKILL)


def test_whoever_watches_hears_all_the_while(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(programs, "_SLICE", 0.1)
    heard: list[float] = []
    run(["sleep", "1"], b"", 20, lambda: heard.append(monotonic()))
    assert len(heard) >= 5


def test_what_cannot_be_started_is_said() -> None:
    with pytest.raises(OSError, match="no-such-program"):
        run(["no-such-program"], b"", 1)


def test_it_sees_no_password(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FOLLOWUPD_PASSWORD", "secret")
    monkeypatch.setenv("FOLLOWUPD_PASSWORD_WORK", "secret")
    assert b"secret" not in run([sys.executable, "-c", "import os; print(os.environ)"], b"", 30).said


def test_one_that_is_interrupted_leaves_nothing_running(tmp_path: Path) -> None:
    def stop() -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(sh(f"echo $$ > {tmp_path / 'own'}; exec sleep 60"), b"x", 20, stop)
    own = (tmp_path / "own").read_text() if (tmp_path / "own").exists() else ""
    if own:
        with pytest.raises(ProcessLookupError):
            os.kill(int(own), 0)
