"""The daemon's loop: one holder of the lock, trouble waited out and never spun on, jobs on our own clock."""

import datetime
import os
import re
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import pairwise
from pathlib import Path

import pytest

from followupd import programs
from followupd.actions import threads as words
from followupd.app import App
from followupd.core.errors import (
    ConfigError,
    FollowupdError,
    LoginRefusedError,
    Problem,
    TryLaterError,
    UnreachableError,
)
from followupd.core.instants import Instant
from followupd.daemon import ClockedScheduler, run, serve
from followupd.lock import held, holder, pid_file
from followupd.ports import Waited
from followupd.store import facts
from followupd.watching import Guard, Watch, round_of
from tests.actions.pretend import ADA, BEGINS, Fuse, Server, days, process, somebody


@dataclass
class FastClock:
    """A clock on which sleeping is all that takes time; it ends the loop after some sleeps, and keeps their lengths."""

    server: Server
    sleeps: int
    slept: list[float] = field(default_factory=list)

    def now(self) -> Instant:
        return self.server.now

    def sleep(self, seconds: float, mailbox: Waited | None = None) -> None:
        self.slept.append(seconds)
        self.server.now += datetime.timedelta(seconds=max(seconds, 1.0))

    def stopping(self) -> bool:
        return len(self.slept) >= self.sleeps


@pytest.fixture
def server() -> Server:
    return Server(files=True)


@pytest.fixture
def app(tmp_path: Path, server: Server) -> Iterator[App]:
    app = process(tmp_path, server, Fuse())
    yield app
    app.db.close()


def test_to_ask_who_holds_the_database_leaves_nothing_behind(app: App, tmp_path: Path) -> None:
    settings = replace(app.settings, database=tmp_path / "asked.db")
    lock = Path(settings.lock)
    assert holder(settings) is None
    assert not lock.exists()
    with held(settings):
        assert holder(settings) == 0
        pid_file(settings).write_text("4321\n", encoding="ascii")
        assert holder(settings) == 4321
    assert holder(settings) is None
    lock.unlink()
    lock.symlink_to(lock)
    with pytest.raises(FollowupdError, match="the lock cannot be taken"):
        holder(settings)


def test_a_second_daemon_is_told_who_holds_the_database(app: App) -> None:
    assert holder(app.settings) is None
    with held(app.settings):
        assert holder(app.settings) is not None
        with pytest.raises(TryLaterError) as caught, held(app.settings, patience=0):
            raise AssertionError
    assert "another followupd" in caught.value.what
    assert holder(app.settings) is None


def test_one_round_leaves_word_of_itself_and_frees_the_lock(
    app: App, server: Server, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level("INFO", "followupd"):
        assert run(app, once=True) == 0
        somebody(app, ADA)
        assert run(app, once=True) == 0
    [before, after] = [one.getMessage() for one in caplog.records if "one round done" in one.getMessage()]
    assert before.endswith("letters sent: 0; nothing is planned")
    due = (server.now + datetime.timedelta(days=14)).astimezone(app.settings.policy.me.zone)
    assert after.endswith(f"letters sent: 1; next due: {due:%Y-%m-%d %H:%M}")
    assert len(server.taken) == 1
    assert facts.get(app.db, "last_round_at") == ("", BEGINS)
    assert holder(app.settings) is None
    assert not Path(f"{app.settings.lock}.pid").exists()


def test_whoever_watches_hears_of_the_loop_while_the_users_program_runs(
    tmp_path: Path, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(programs, "_SLICE", 0.05)
    app = process(tmp_path, server, Fuse(), more='before_letter = ["sleep", "1"]')
    somebody(app, ADA)
    told: list[int] = []
    watch = Watch(app, lambda: told.append(len(server.taken)))
    round_of([watch], lambda: None)
    assert len(server.taken) == 1
    assert told.count(0) > 10
    app.db.close()


def test_trouble_is_waited_out_longer_each_time_and_told_once_it_is_over(app: App, server: Server) -> None:
    guard = Guard(app)
    calls: list[Instant] = []

    def unreachable(_app: App) -> None:
        calls.append(server.now)
        raise UnreachableError("no way there")

    waits = []
    for _ in range(4):
        guard.run(unreachable)
        guard.run(unreachable)
        waits.append(guard.seconds_left())
        server.now += datetime.timedelta(seconds=guard.seconds_left())
    assert len(calls) == 4
    assert waits == sorted(waits)
    assert waits[0] < waits[-1]
    assert facts.get(app.db, "trouble") is not None
    guard.run(lambda _app: None)
    assert guard.well
    assert facts.get(app.db, "trouble") is None


def test_a_refused_login_waits_a_day_and_a_bug_ends_nothing(app: App) -> None:
    def refused(_app: App) -> None:
        raise LoginRefusedError("no")

    def bug(_app: App) -> None:
        raise ZeroDivisionError

    other = Guard(app)
    other.run(bug)
    found = facts.get(app.db, "trouble")
    assert found is not None
    assert "ZeroDivisionError" in found[0]
    guard = Guard(app)
    guard.run(refused)
    assert guard.seconds_left() == 86_400


def test_a_wrong_config_ends_the_daemon(app: App) -> None:
    def wrong(_app: App) -> None:
        raise ConfigError([Problem("imap.password", "is not there")], where="config.toml")

    with pytest.raises(ConfigError):
        Guard(app).run(wrong)


def test_the_loop_sends_on_the_minute_and_never_spins(app: App, server: Server) -> None:
    somebody(app, ADA)
    clock = FastClock(server, sleeps=5000)
    assert serve(replace(app, clock=clock)) == 0
    assert [draft.subject[:3] for draft in server.to(ADA)] == ["Ada", "Re:"]
    assert max(clock.slept) <= 300
    assert sum(clock.slept) / len(clock.slept) > 290
    second = server.taken[1][0]
    assert days(14) <= second <= days(14) + datetime.timedelta(seconds=2)


def test_the_loop_does_not_spin_while_a_due_letter_may_not_go(app: App, server: Server) -> None:
    somebody(app, ADA)
    words.pause_all(app)
    clock = FastClock(server, sleeps=50)
    serve(replace(app, clock=clock))
    assert server.taken == []
    assert min(clock.slept) >= 290


def test_the_loop_waits_out_a_server_that_is_down_and_then_goes_on(app: App, server: Server) -> None:
    somebody(app, ADA)
    server.down = True
    clock = FastClock(server, sleeps=30)
    serve(replace(app, clock=clock))
    assert server.taken == []
    assert min(clock.slept) >= 15
    assert max(clock.slept) >= 600
    server.down = False
    serve(replace(app, clock=FastClock(server, sleeps=3)))
    assert len(server.taken) == 1


@pytest.mark.parametrize("begins", ["2026-10-25T00:30:00+00:00", "2026-03-29T00:30:00+00:00"])
def test_jobs_keep_their_distance_on_the_nights_when_clocks_change(
    server: Server, begins: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TZ", "Europe/Berlin")
    server.now = datetime.datetime.fromisoformat(begins)
    clock = FastClock(server, sleeps=9999)
    scheduler = ClockedScheduler(clock)
    ran: list[Instant] = []
    scheduler.every(600).seconds.do(lambda: ran.append(server.now))
    for _ in range(20):
        clock.sleep(scheduler.seconds_left())
        scheduler.run_pending()
    assert [(after - before).total_seconds() for before, after in pairwise(ran)] == [600] * 19


def test_a_clock_set_back_by_a_year_stalls_nothing(server: Server) -> None:
    clock = FastClock(server, sleeps=9999)
    scheduler = ClockedScheduler(clock)
    ran: list[Instant] = []
    scheduler.every(600).seconds.do(lambda: ran.append(server.now))
    server.now -= datetime.timedelta(days=365)
    scheduler.run_pending()
    assert len(ran) == 1
    assert scheduler.seconds_left() == 600


def test_a_lack_of_memory_is_waited_out_and_told_as_what_it_is(app: App) -> None:
    def greedy(_: App) -> None:
        raise MemoryError

    guard = Guard(app)
    guard.run(greedy)
    found = facts.get(app.db, "trouble")
    assert found is not None
    assert "not enough memory" in found[0]
    guard.run(lambda _: None)
    assert guard.seconds_left() > 0


def test_trouble_told_by_a_process_before_this_one_is_taken_back(app: App, server: Server) -> None:
    facts.put(app.db, "trouble", "the server cannot be reached", server.now)
    Guard(app).run(lambda _app: None)
    assert facts.get(app.db, "trouble") is None


def test_a_clock_set_back_after_trouble_does_not_stall_the_next_try(app: App, server: Server) -> None:
    guard = Guard(app)

    def unreachable(_app: App) -> None:
        raise UnreachableError("no way there")

    guard.run(unreachable)
    server.now -= datetime.timedelta(days=2000)
    guard.run(lambda _app: None)
    assert guard.well


@dataclass
class DroppedClock(FastClock):
    """A clock beside a server that drops whoever waits for mail, at once."""

    raises: type[Exception] = UnreachableError
    waited: list[Instant] = field(default_factory=list)

    def sleep(self, seconds: float, mailbox: Waited | None = None) -> None:
        if mailbox is not None:
            self.waited.append(self.server.now)
            raise self.raises("dropped")
        super().sleep(seconds)


@pytest.mark.parametrize("raises", [UnreachableError, ZeroDivisionError, TryLaterError])
def test_a_server_that_cannot_be_waited_for_is_asked_less_and_less_often(
    app: App, server: Server, raises: type[Exception]
) -> None:
    somebody(app, ADA)
    clock = DroppedClock(server, sleeps=40, raises=raises)
    assert serve(replace(app, clock=clock)) == 0
    assert len(server.to(ADA)) == 1
    assert sorted(clock.slept)[-20:] == [300] * 20
    between = [(after - before).total_seconds() for before, after in pairwise(clock.waited)]
    assert min(between) >= 15
    assert between[-1] >= 600


def test_a_round_that_always_fails_is_tried_at_growing_distances(app: App, server: Server) -> None:
    server.down = True
    clock = FastClock(server, sleeps=30)
    begins = server.now
    serve(replace(app, clock=clock))
    assert clock.slept[:5] == [15, 60, 120, 300, 600]
    assert set(clock.slept[5:]) == {900}
    assert server.now - begins > datetime.timedelta(hours=6)


def test_asked_to_end_it_begins_no_round(app: App, server: Server) -> None:
    somebody(app, ADA)
    assert serve(replace(app, clock=FastClock(server, sleeps=0))) == 0
    assert server.taken == []


def test_the_one_who_holds_the_lock_is_named_by_its_process_id(app: App, server: Server) -> None:
    @dataclass
    class Asking(FastClock):
        seen: list[int | None] = field(default_factory=list)

        def sleep(self, seconds: float, mailbox: Waited | None = None) -> None:
            self.seen.append(holder(app.settings))
            with pytest.raises(TryLaterError, match=f"process {os.getpid()}"), held(app.settings, patience=0):
                raise AssertionError
            super().sleep(seconds)

    clock = Asking(server, sleeps=1)
    run(replace(app, clock=clock), once=False)
    assert clock.seen == [os.getpid()]
    assert facts.get(app.db, "daemon_pid") == (str(os.getpid()), BEGINS)


def test_a_server_that_is_down_for_days_is_told_once_a_day(
    app: App, server: Server, caplog: pytest.LogCaptureFixture
) -> None:
    guard = Guard(app)

    def down(_app: App) -> None:
        raise UnreachableError("the server cannot be reached", where="imap.example.org")

    with caplog.at_level("INFO", "followupd"):
        for _ in range(3 * 96):
            guard.run(down)
            server.now += datetime.timedelta(minutes=15)
        assert len(caplog.records) == 3
        guard.run(lambda _app: None)
        server.now += datetime.timedelta(minutes=15)
        guard.run(down)
    assert [one.getMessage().split(";")[0] for one in caplog.records[3:]] == [
        "well again",
        "the server cannot be reached (imap.example.org)",
    ]


def test_what_is_so_in_every_round_is_told_once_a_day(
    app: App, server: Server, caplog: pytest.LogCaptureFixture
) -> None:
    somebody(app, ADA)
    words.pause_all(app)
    with caplog.at_level("INFO", "followupd"):
        serve(replace(app, clock=FastClock(server, sleeps=3 * 288)))
        told = [one.getMessage() for one in caplog.records if "nothing is sent" in one.getMessage()]
        assert told == ["nothing is sent: everything is paused; go on with: followupd resume --all"] * 3
        words.resume_all(app)
        serve(replace(app, clock=FastClock(server, sleeps=1)))
        words.pause_all(app)
        serve(replace(app, clock=FastClock(server, sleeps=1)))
    assert sum("nothing is sent" in one.getMessage() for one in caplog.records) == 4


def test_trouble_that_cannot_be_written_down_is_told_once_a_day(
    app: App, server: Server, caplog: pytest.LogCaptureFixture
) -> None:
    guard = Guard(app)
    app.db.run("PRAGMA query_only = ON")

    def down(_app: App) -> None:
        raise UnreachableError("the server cannot be reached", where="imap.example.org")

    with caplog.at_level("INFO", "followupd"):
        for _ in range(3 * 96):
            guard.run(down)
            server.now += datetime.timedelta(minutes=15)
    app.db.run("PRAGMA query_only = OFF")
    assert sum("could not be written down" in one.getMessage() for one in caplog.records) == 3
    assert len(caplog.records) == 6


def test_whoever_watches_hears_from_the_loop_and_no_wait_is_longer_than_they_allow(
    app: App, server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = tmp_path / "notify"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as ear:
        ear.bind(str(address))
        for name, value in {"NOTIFY_SOCKET": str(address), "WATCHDOG_USEC": "120000000"}.items():
            monkeypatch.setenv(name, value)
        words: list[bytes] = []

        def hear() -> None:
            while not words or words[-1] != b"STOPPING=1":
                words.append(ear.recv(100))

        ear.settimeout(20)
        # the queue of such a socket is short: whoever does not listen misses words
        listener = threading.Thread(target=hear, daemon=True)
        listener.start()
        clock = FastClock(server, sleeps=4)
        somebody(app, ADA)
        run(replace(app, clock=clock), once=False)
        listener.join(20)
    assert words[0] == b"READY=1"
    assert any(re.fullmatch(rb"STATUS=next due: \d{4}-\d\d-\d\d \d\d:\d\d", word) for word in words)
    assert words[-1] == b"STOPPING=1"
    assert words.count(b"WATCHDOG=1") >= 4
    assert max(clock.slept) <= 60


def test_a_config_that_is_read_anew_counts_from_the_next_round_on(app: App, server: Server) -> None:
    policy = replace(app.settings.policy, daily_limit=1)
    fresh = replace(app, settings=replace(app.settings, policy=policy, poll=datetime.timedelta(hours=2)))
    given: list[list[App] | None] = [None, [fresh]]
    clock = FastClock(server, sleeps=6)
    old, new = replace(app, clock=clock), replace(fresh, clock=clock)
    given[1] = [new]
    run(old, once=False, reread=lambda _apps: given.pop(0) if given else None)
    assert given == []
    assert max(clock.slept[:2]) <= 300
    assert max(clock.slept[2:]) > 300


def test_figures_are_written_after_every_round(app: App, server: Server, tmp_path: Path) -> None:
    path = tmp_path / "followupd.prom"
    somebody(app, ADA)
    app = replace(app, settings=replace(app.settings, metrics=path), clock=FastClock(server, sleeps=2))
    run(app, once=False)
    lines = path.read_text(encoding="utf-8").splitlines()
    assert 'followupd_threads{state="waiting"} 1' in lines
    assert 'followupd_account_trouble{account="main"} 0' in lines
    assert f"followupd_last_round_timestamp_seconds {server.now.timestamp():.0f}"[:40] in "\n".join(lines)
    for line in lines:
        assert re.fullmatch(r'# (HELP|TYPE) followupd_\w+ .+|followupd_\w+(\{\w+="[^"]*"\})? \d+', line), line


def test_a_server_that_is_down_shows_in_the_figures(app: App, server: Server, tmp_path: Path) -> None:
    path = tmp_path / "followupd.prom"
    server.down = True
    run(replace(app, settings=replace(app.settings, metrics=path), clock=FastClock(server, sleeps=2)), once=False)
    assert 'followupd_account_trouble{account="main"} 1' in path.read_text(encoding="utf-8").splitlines()
