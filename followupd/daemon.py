"""The daemon: one process, one loop over all accounts. It waits in IDLE and does a round when something may have
happened.

`schedule` keeps how often the daemon looks; when a letter is due stands in the database. Its jobs read our clock: the
library reads the local wall clock, stalls for an hour when clocks go back, and runs a raising job again at once.
"""

import datetime
import logging
import os
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from schedule import Job, Scheduler

from followupd import watching
from followupd.announcing import announcing, begin, notify
from followupd.app import App
from followupd.clock import LONGEST
from followupd.hearing import Ears
from followupd.lock import held, pid_file
from followupd.publishing import CalendarFile, MetricsFile
from followupd.store import facts, threads
from followupd.supervisor import Supervisor
from followupd.watching import Watch, look_at, round_of, round_once

if TYPE_CHECKING:
    from followupd.core.instants import Instant
    from followupd.ports import Clock

log = logging.getLogger(__name__)


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


Reread = Callable[[Sequence[App]], Sequence[App] | None]


def run(*apps: App, once: bool, reread: Reread = lambda _apps: None) -> int:
    """Run the daemon until it is asked to end, or one round only; give the exit status.

    `apps` are one for each account, the first account first; `reread` gives new ones where the config is to count anew.
    Raises TryLaterError if another daemon holds the database. With `once`, trouble is raised instead of waited out,
    after every account has had its round.
    """
    first = apps[0]
    present: Sequence[App] = apps
    with held(first.settings):
        _note_pid(first)
        try:
            if once:
                begin(apps)
                try:
                    sent = round_once(apps, announcing(first, CalendarFile(first).refresh))
                finally:
                    notify(apps)
                log.info("one round done, letters sent: %d; %s", sent, _next(first, first.clock.now()))
                return 0
            supervisor = Supervisor()
            while present:
                fresh = _serve(present, supervisor, reread)
                for app in present:
                    app.mailbox.close()
                present = fresh
            return 0
        finally:
            for app in present:
                app.mailbox.close()
            pid_file(first.settings).unlink(missing_ok=True)


def serve(*apps: App) -> int:
    """Loop until it is time to end; give the exit status."""
    _serve(apps, Supervisor({}), lambda _apps: None)
    return 0


def _serve(apps: Sequence[App], supervisor: Supervisor, reread: Reread) -> Sequence[App]:
    """Loop: a round as often as the config says, and when mail may be there. Give the apps to go on with, if any.

    Whoever watches over this process hears from the loop itself, and from each job in it: what is stuck is not heard.
    """
    first = apps[0]
    watches = tuple(
        Watch(app, supervisor.alive, listens=number < watching.LISTENING) for number, app in enumerate(apps)
    )
    scheduler = ClockedScheduler(first.clock)
    poll = max(1, int(first.settings.poll.total_seconds()))
    after, metrics = announcing(first, CalendarFile(first).refresh), MetricsFile(first)
    scheduler.every(poll).seconds.do(lambda: round_of(watches, after))
    for watch in watches:
        watch.introduce()
    begin(apps)
    supervisor.ready()
    woken: Sequence[Watch] = watches
    since = first.clock.now()
    while not first.clock.stopping():
        if len(woken) == len(watches):
            since = first.clock.now()
            scheduler.run_all()
            metrics.refresh()
        else:
            look_at(woken)
        notify([watch.app for watch in watches])
        supervisor.alive()
        supervisor.status(_standing(watches, since))
        woken = _wait(watches, scheduler, since, supervisor.interval or LONGEST)
        if (fresh := reread(apps)) is not None:
            supervisor.reloading()
            return fresh
    supervisor.stopping()
    log.info("ended")
    return ()


def _wait(watches: Sequence[Watch], scheduler: ClockedScheduler, since: "Instant", longest: float) -> Sequence[Watch]:
    """Wait until a round is due, mail may have arrived, or a letter's minute has come; give who is to be looked at.

    Those are all, unless some have news. Where no server can be waited for, time alone passes, longer each time. The
    last round began at `since`; no wait is longer than `longest` seconds.
    """
    first = watches[0].app
    if first.clock.stopping():
        return watches
    well = [watch for watch in watches if watch.is_well]
    pauses = [watch.pause(scheduler.seconds_left()) for watch in watches if not watch.is_well]
    if not well:
        first.clock.sleep(min([longest, *pauses]))
        return watches
    seconds = min([longest, _until_due(first, scheduler, since), *pauses])
    if len(watches) == 1:
        well[0].waiting.run(lambda app: app.clock.sleep(seconds, app.mailbox))
        if not well[0].waiting.well:
            first.clock.sleep(min(longest, well[0].pause(scheduler.seconds_left())))
        return watches
    listening = [watch for watch in well if watch.listens]
    ears = Ears({watch.app.account: watch.app.mailbox for watch in listening})
    first.clock.sleep(seconds, ears)
    for watch in listening:
        watch.waited(ears.trouble.get(watch.app.account))
    return [watch for watch in listening if watch.app.account in ears.news] or watches


def _until_due(app: App, scheduler: ClockedScheduler, since: "Instant") -> float:
    """Give the seconds until the next round; a letter that was overdue in the last one makes none of its own."""
    seconds, due = scheduler.seconds_left(), threads.next_due(app.db, since)
    return seconds if due is None else max(0.0, min(seconds, (due - app.clock.now()).total_seconds()))


def _next(app: App, after: "Instant") -> str:
    """Say when something is due next."""
    due = threads.next_due(app.db, after)
    zone = app.settings.policy.me.zone
    return "nothing is planned" if due is None else f"next due: {due.astimezone(zone):%Y-%m-%d %H:%M}"


def _standing(watches: Sequence[Watch], since: "Instant") -> str:
    """Say in a line how things stand after a round that began at `since`."""
    troubled = [watch.app.account for watch in watches if not watch.is_well]
    said = _next(watches[0].app, since)
    return f"{said}; trouble: {', '.join(troubled)}" if troubled else said


def _note_pid(app: App) -> None:
    """Leave word of who holds the lock, for `status` and for a second daemon's error."""
    pid = str(os.getpid())
    facts.put(app.db, "daemon_pid", pid, app.clock.now())
    with os.fdopen(os.open(pid_file(app.settings), os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(pid)
