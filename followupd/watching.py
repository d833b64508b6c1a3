"""Every account is watched by itself: one that is down, locked out or failing never disturbs the others.

A round looks at all accounts before any of them sends, so that an answer counts in whichever mailbox it lies. One that
cannot be read sends nothing, and holds back only whoever is known to write to it.
"""

import datetime
import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from functools import partial
from typing import Final, TypeVar

from followupd.actions import lockout
from followupd.actions.receive import CaughtUp
from followupd.actions.round import look, look_into_sent, send
from followupd.app import AT_WORK, App
from followupd.core.errors import ConfigError, FollowupdError, LoginRefusedError
from followupd.repeating import Repeating
from followupd.store import facts

log = logging.getLogger(__name__)

T = TypeVar("T")

TROUBLE: Final = "trouble"
"""The fact that tells what is wrong with an account."""

_RETRY: Final = tuple(datetime.timedelta(seconds=seconds) for seconds in (15, 60, 120, 300, 600, 900))
"""Growing waits after trouble; a login that was refused waits longer (actions/lockout.py)."""

LISTENING: Final = 500
"""So many accounts keep a connection that listens; a process may have few more open (RLIMIT_NOFILE, often 1024).

The mailboxes of the others are read in every round, as where a server has no IDLE.
"""

_ATTENTION: Final = 300.0
"""Seconds between looks whether the user has mended a login."""

_UNWRITTEN: Final = "trouble that cannot be written down"


@contextmanager
def _named(app: App) -> Iterator[None]:
    """Let the log name the account that is worked on, where there are others."""
    named = AT_WORK.set(app.account if len(app.settings.names) > 1 else "")
    try:
        yield
    finally:
        AT_WORK.reset(named)


class Guard:
    """Runs a job whatever it raises: trouble is told once a change, and the next try waits longer each time."""

    def __init__(self, app: App, alive: Callable[[], None] = lambda: None) -> None:
        """Watch over jobs of an account; `alive` is called before each, so that whoever watches over us knows."""
        self._app = app
        self._alive = alive
        self._failures = 0
        self._said = Repeating()
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
        return lockout.left(self._app.db, self._app.clock.now(), self._app.account)

    def run(self, job: Callable[[App], T], *, ends: bool = True) -> T | None:
        """Run a job, unless one failed a short while ago; give what it gives, None if it did not go through.

        All is well again after a job that `ends` what began well.
        """
        self._alive()
        if self.seconds_left() > 0:
            return None
        with _named(self._app):
            try:
                done = job(self._app)
                if ends:
                    self._went_through()
            except Exception as error:
                # a password that is not there, say: nothing to wait for, the daemon ends and says so, if it is alone
                if isinstance(error, ConfigError) and len(self._app.settings.names) == 1:
                    raise
                self._failed(self._told(error))
                return None
        return done

    def _told(self, error: Exception) -> str:
        """Say what went wrong; a login that was refused is remembered."""
        if isinstance(error, LoginRefusedError):
            lockout.note(self._app.db, error, self._app.clock.now(), self._app.account)
        if isinstance(error, ConfigError):
            return f"{error}: {'; '.join(map(str, error.problems))}"
        if isinstance(error, FollowupdError):
            return str(error)
        if isinstance(error, MemoryError):
            # what was on the wire is in doubt, and looked for; nothing else was begun
            return "there was not enough memory for it"
        # a bug in one job must not end a daemon that is to run for years; it is told, and tried again later
        log.debug("details", exc_info=error)
        return f"a bug: {type(error).__name__}; run with -v for details, and please report it"

    def _went_through(self) -> None:
        """Take back what was told of trouble, by a process before this one too."""
        if self._failures:
            log.info("well again")
            self._said.over(TROUBLE)
            self._said.over(_UNWRITTEN)
        facts.drop(self._app.db, facts.of(TROUBLE, self._app.account))
        lockout.lift(self._app.db, self._app.account)
        self._failures = 0

    def _failed(self, what: str) -> None:
        now = self._since = self._app.clock.now()
        self._wait = _RETRY[min(self._failures, len(_RETRY) - 1)]
        self._failures += 1
        wait = datetime.timedelta(seconds=self.seconds_left())
        log.log(self._said.level(logging.WARNING, TROUBLE, what, now), "%s; next try in %s", what, wait)
        try:
            facts.put(self._app.db, facts.of(TROUBLE, self._app.account), what, now)
        except FollowupdError as error:
            level = self._said.level(logging.ERROR, _UNWRITTEN, str(error), now)
            log.log(level, "and that could not be written down: %s", error)


class Watch:
    """An account as the loop sees it: its app, a guard for what is done with it and one for waiting for its mail.

    One that does not `listen` keeps no connection between rounds.
    """

    def __init__(self, app: App, alive: Callable[[], None] = lambda: None, *, listens: bool = True) -> None:
        self.app = replace(app, alive=alive)
        self.listens = listens
        self.guard = Guard(self.app, alive)
        self.waiting = Guard(self.app, alive)
        self._learnt = len(app.settings.names) == 1

    @property
    def is_well(self) -> bool:
        """Tell whether the mailbox can be waited for."""
        return self.guard.refused <= 0 and self.guard.well and self.waiting.seconds_left() <= 0

    def pause(self, longest: float) -> float:
        """Give the seconds after which an account that is not well is to be tried again."""
        if self.guard.refused > 0:
            return min(self.guard.refused, _ATTENTION)
        return self.guard.seconds_left() if not self.guard.well else min(self.waiting.seconds_left(), longest)

    def learn(self) -> None:
        """Learn, once, which letters of this account are out: the others' mailboxes are read after that."""
        if not self._learnt:
            self._learnt = self.guard.run(_learnt, ends=False) is not None
            self.rest()

    def waited(self, trouble: Exception | None) -> None:
        """Take note of how the wait for mail ended."""

        def end(_app: App) -> None:
            if trouble is not None:
                raise trouble

        self.waiting.run(end)

    def rest(self) -> None:
        """Give the connection back, where it is not for listening."""
        if not self.listens:
            self.app.mailbox.close()

    def introduce(self) -> None:
        """Say in the log which mailbox is watched."""
        server = self.app.settings.imap.server
        with _named(self.app):
            log.info("watching %s as %s", server.host, server.username)


def _learnt(app: App) -> bool:
    look_into_sent(app)
    return True


def look_at(watches: Sequence[Watch]) -> list[tuple[Watch, CaughtUp]]:
    """Read the mailboxes that may be read, those that were well before first; give those read to their end."""
    in_order = sorted(watches, key=lambda watch: not watch.guard.well)
    for watch in in_order:
        watch.learn()
    looked = []
    for watch in in_order:
        caught_up = watch.guard.run(look, ends=False)
        watch.rest()
        if caught_up is not None:
            looked.append((watch, caught_up))
    return looked


def round_of(watches: Sequence[Watch], afterwards: Callable[[], None]) -> None:
    """Look at every account, then send what is due by those whose mailboxes were read to their end."""
    looked = look_at(watches)
    beside = frozenset(watch.app.account for watch, _ in looked)
    for watch, caught_up in looked:
        watch.guard.run(partial(send, caught_up=replace(caught_up, beside=beside)))
        watch.rest()
    if looked:
        afterwards()


def round_once(apps: Sequence[App], afterwards: Callable[[], None]) -> int:
    """Do one round with all accounts, but for those whose login was refused less than a day ago: cron comes often.

    Gives the number of letters sent. What went wrong with the first one that failed is raised in the end; `status` says
    of each what it was, until a round of it goes well.
    """
    trouble: list[Exception] = []
    learnt = [app for app in apps if len(apps) == 1 or _tried(app, _learnt, trouble)]
    looked = [(app, _tried(app, look, trouble)) for app in learnt]
    read = [(app, caught_up) for app, caught_up in looked if caught_up is not None]
    beside = frozenset(app.account for app, _ in read)
    sent = 0
    for app, caught_up in read:
        number = _tried(app, partial(send, caught_up=replace(caught_up, beside=beside)), trouble)
        if number is not None:
            sent += number
            lockout.lift(app.db, app.account)
            facts.drop(app.db, facts.of(TROUBLE, app.account))
    if read:
        afterwards()
    if trouble:
        raise trouble[0]
    return sent


def _tried(app: App, job: Callable[[App], T], trouble: list[Exception]) -> T | None:
    """Do a job, unless nobody may log in; what goes wrong is added to `trouble`, and told where there are others."""
    with _named(app):
        try:
            lockout.respect(app.db, app.clock.now(), app.account)
            return job(app)
        except Exception as error:  # noqa: BLE001  # raised in the end
            what = str(error) if isinstance(error, FollowupdError) else f"a bug: {type(error).__name__}"
            # a disk that fails is told by what is raised in the end
            with suppress(FollowupdError):
                if isinstance(error, LoginRefusedError):
                    lockout.note(app.db, error, app.clock.now(), app.account)
                facts.put(app.db, facts.of(TROUBLE, app.account), what, app.clock.now())
            if len(app.settings.names) > 1:
                log.warning("%s", what)
            trouble.append(error)
            return None
