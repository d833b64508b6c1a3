"""The daemon: one process, one loop, one guard. It waits in IDLE, does a round when something may have happened, and
a failing job never starves the others.

`schedule` keeps how often the daemon looks; when a letter is due stands in the database. Its jobs read our clock: the
library reads the local wall clock, stalls for an hour when clocks go back, and runs a raising job again at once.
"""

import datetime
import logging
import os
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from schedule import Job, Scheduler

from followupd.actions import lockout
from followupd.actions.round import one_round
from followupd.app import App
from followupd.core.errors import ConfigError, FollowupdError, LoginRefusedError
from followupd.lock import held, pid_file
from followupd.publishing import CalendarFile
from followupd.store import facts, threads

if TYPE_CHECKING:
    from followupd.ports import Clock

log = logging.getLogger(__name__)

_RETRY: Final = tuple(datetime.timedelta(seconds=seconds) for seconds in (15, 60, 120, 300, 600, 900))
"""Growing waits after trouble; a login that was refused waits longer (actions/lockout.py)."""

_ATTENTION: Final = 300.0
"""Seconds between looks whether the user has mended a login."""


class ClockedScheduler(Scheduler):
    """`schedule`'s scheduler on our clock, in UTC."""

    def __init__(self, clock: "Clock") -> None:
        super().__init__()
        self._clock = clock

    def every(self, interval: int = 1) -> Job:
        """Make a job that runs every `interval` units of our clock."""
        return _ClockedJob(interval, self, self._clock)

    def seconds_left(self) -> float:
        """Give the seconds until the next job is due; 0 if one is."""
        nexts = [job.next_run for job in self.jobs if job.next_run is not None]
        left = (min(nexts) - _naive(self._clock)).total_seconds() if nexts else 60.0
        return max(0.0, left)


class _ClockedJob(Job):
    def __init__(self, interval: int, scheduler: Scheduler, clock: "Clock") -> None:
        super().__init__(interval, scheduler)
        self._clock = clock

    @property
    def should_run(self) -> bool:
        """Tell whether the job is due on our clock; a clock that was set back far makes it due too."""
        now = _naive(self._clock)
        assert self.next_run is not None
        assert self.unit is not None
        return now >= self.next_run or self.next_run - now > 2 * datetime.timedelta(**{self.unit: self.interval})

    def _schedule_next_run(self) -> None:
        assert self.unit is not None
        self.next_run = _naive(self._clock) + datetime.timedelta(**{self.unit: self.interval})


def _naive(clock: "Clock") -> datetime.datetime:
    """Give UTC without its zone, as `schedule` compares times."""
    return clock.now().replace(tzinfo=None)


class Guard:
    """Runs a job whatever it raises: trouble is told once a change, and the next try waits longer each time."""

    def __init__(self, app: App) -> None:
        self._app = app
        self._failures = 0
        self._since = app.clock.now()
        self._wait = datetime.timedelta()

    @property
    def well(self) -> bool:
        """Tell whether the last run went through."""
        return self._failures == 0

    def seconds_left(self) -> float:
        """Give the seconds before the next try may be made; none once the clock was set back."""
        gone = self._app.clock.now() - self._since
        if self.refused > 0 or not self._failures or gone < datetime.timedelta():
            return self.refused
        return max(0.0, (self._wait - gone).total_seconds())

    @property
    def refused(self) -> float:
        """Give the seconds for which no login may be tried, because one was refused."""
        return lockout.left(self._app.db, self._app.clock.now())

    def run(self, job: Callable[[App], object]) -> None:
        """Run a job, unless it failed a short while ago."""
        if self.seconds_left() > 0:
            return
        try:
            job(self._app)
            self._went_through()
        except ConfigError:
            # a password that is not there, say: nothing to wait for, the daemon ends and says so
            raise
        except FollowupdError as error:
            if isinstance(error, LoginRefusedError):
                lockout.note(self._app.db, error, self._app.clock.now())
            self._failed(str(error))
        except MemoryError:
            # what was on the wire is in doubt, and looked for; nothing else was begun
            self._failed("there was not enough memory for it")
        except Exception as error:
            # a bug in one job must not end a daemon that is to run for years; it is told, and tried again later
            log.debug("details", exc_info=True)
            self._failed(f"a bug: {type(error).__name__}; run with -vv for details, and please report it")

    def _went_through(self) -> None:
        """Take back what was told of trouble, by a process before this one too."""
        if self._failures:
            log.info("well again")
        if facts.get(self._app.db, "trouble") is not None:
            facts.drop(self._app.db, "trouble")
        lockout.lift(self._app.db)
        self._failures = 0

    def _failed(self, what: str) -> None:
        now = self._since = self._app.clock.now()
        self._wait = _RETRY[min(self._failures, len(_RETRY) - 1)]
        self._failures += 1
        log.warning("%s; next try in %s", what, datetime.timedelta(seconds=self.seconds_left()))
        try:
            facts.put(self._app.db, "trouble", what, now)
        except FollowupdError as error:
            log.error("and that could not be written down: %s", error)  # noqa: TRY400


def run(app: App, *, once: bool) -> int:
    """Run the daemon until it is asked to end, or one round only; give the exit status.

    Raises TryLaterError if another daemon holds the database. With `once`, trouble is raised instead of waited out.
    """
    with held(app.settings):
        _note_pid(app)
        try:
            if once:
                sent = _round_once(app)
                log.info("one round done, letters sent: %d", sent)
                return 0
            return serve(app)
        finally:
            app.mailbox.close()
            pid_file(app.settings).unlink(missing_ok=True)


def _round_once(app: App) -> int:
    """Do one round, unless a login was refused less than a day ago: cron would try it again and again."""
    lockout.respect(app.db, app.clock.now())
    try:
        sent = one_round(app)
    except LoginRefusedError as error:
        lockout.note(app.db, error, app.clock.now())
        raise
    lockout.lift(app.db)
    CalendarFile(app).refresh()
    return sent


def serve(app: App) -> int:
    """Loop until it is time to end: a round as often as the config says, and when mail may be there."""
    guard, waiting = Guard(app), Guard(app)
    scheduler = ClockedScheduler(app.clock)
    poll = max(1, int(app.settings.poll.total_seconds()))
    calendar = CalendarFile(app)

    def round_and_calendar(app: App) -> None:
        one_round(app)
        calendar.refresh()

    scheduler.every(poll).seconds.do(lambda: guard.run(round_and_calendar))
    log.info("watching %s as %s", app.settings.imap.server.host, app.settings.imap.server.username)
    while not app.clock.stopping():
        scheduler.run_all()
        _wait(app, guard, waiting, scheduler)
    log.info("ended")
    return 0


def _wait(app: App, guard: Guard, waiting: Guard, scheduler: ClockedScheduler) -> None:
    """Wait until a round is due, mail may have arrived, or a letter's minute has come.

    Where the server cannot be waited for, time alone passes, longer each time.
    """
    if app.clock.stopping():
        return
    if guard.refused > 0:
        app.clock.sleep(min(guard.refused, _ATTENTION))
        return
    if not guard.well:
        app.clock.sleep(guard.seconds_left())
        return
    waiting.run(lambda app: app.clock.sleep(_until_due(app, scheduler), app.mailbox))
    if not waiting.well:
        app.clock.sleep(min(waiting.seconds_left(), scheduler.seconds_left()))


def _until_due(app: App, scheduler: ClockedScheduler) -> float:
    """Give the seconds until the next round; a letter that is overdue and may not go makes none of its own."""
    seconds, due = scheduler.seconds_left(), threads.next_due(app.db)
    left = (due - app.clock.now()).total_seconds() if due is not None else seconds
    return min(seconds, left) if left > 0 else seconds


def _note_pid(app: App) -> None:
    """Leave word of who holds the lock, for `status` and for a second daemon's error."""
    pid = str(os.getpid())
    facts.put(app.db, "daemon_pid", pid, app.clock.now())
    with os.fdopen(os.open(pid_file(app.settings), os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(pid)
