"""The life of a daemon: weeks of people, mail, faults and words of the user, told to the real program by its clock."""

import csv
import heapq
import random
import signal
import threading
import time
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Final

from followupd.core.instants import Instant
from tests.acceptance.letters import fresh
from tests.servers.processes import wait_until
from tests.soak.faults import FAULTS, Scene
from tests.soak.figures import WARM_UP, Sample, sample
from tests.soak.household import Household
from tests.soak.people import Judge, Kind, Person, somebody
from tests.soak.provider import Provider
from tests.soak.ticking import PATIENCE, StuckError, Ticking

if TYPE_CHECKING:
    import subprocess

BEGINS: Final = datetime(2027, 1, 4, 6, tzinfo=UTC)
DAY: Final = timedelta(days=1)
WEEK: Final = 7 * DAY
_NOTICE: Final = 3.0
"""Real seconds in which a mailbox that is listened to must have noticed mail."""
_SETTLES: Final = 0.05
"""Real seconds in which IDLE has begun."""
_AGAIN: Final = timedelta(minutes=10)
"""After this time of the story a daemon that ended is started again, as systemd does."""
_SURE: Final = {0.15: "SIGTERM", 0.25: "SIGKILL", 0.35: "SIGKILL at work"}
"""What happens in any case, after which share of the weeks."""
_BATCH: Final = 8
"""Weeks from one file of people to the next."""
_WORDS: Final = ("stop", "answered", "snooze", "note", "pause", "status", "list", "plan", "backup", "show")


class Life:
    """`weeks` of a daemon with so many `people`, and about `faults` a week; no process is left behind."""

    def __init__(self, folder: Path, *, seed: int, people: int, weeks: int, faults: int = 2) -> None:
        self.chance = random.Random(seed)
        self.judge = Judge()
        self.samples: list[Sample] = []
        self.faults: Counter[str] = Counter()
        self._folder, self._people, self._weeks, self._often = folder, people, weeks, faults
        self._numbers = count()
        self._events: list[tuple[Instant, int, Callable[[], object]]] = []
        self._arriving: list[bytes] = []
        self._words: list[tuple[subprocess.Popen[str], tuple[str, ...]]] = []
        self._busy_until = BEGINS
        self._kill_soon = self._doubtful = False
        self._clock = Ticking(folder, BEGINS)
        self.provider = Provider("ida@followupd.test", lambda: self._clock.now, self._took)

    def live(self, environment: dict[str, str] | None = None, seconds: float = 1e9) -> None:
        """Live through the weeks, or until so many real seconds have passed."""
        over = time.monotonic() + seconds
        with self._clock, self.provider:
            self.provider.open()
            self.home = Household(self._folder, self.provider)
            self.home.environment = environment or {}
            self._scene = Scene(self.home, self.provider, self.chance)
            for day in range(7 * self._weeks + 1):
                self._at(BEGINS + DAY * day + timedelta(hours=1), partial(self._day, day))
            for share, name in _SURE.items():
                self._at(BEGINS + WEEK * self._weeks * share, partial(self._strike, name))
            try:
                self._meet(0)
                self.home.begin()
                end = BEGINS + WEEK * self._weeks + _AGAIN
                while self._clock.now < end and time.monotonic() < over:
                    self._go_on()
                self.judge.look(self._clock.now)
            finally:
                self._end()

    # -- time ----------------------------------------------------------------------------------------------------------

    def _at(self, at: Instant, what: Callable[[], object]) -> None:
        heapq.heappush(self._events, (at, next(self._numbers), what))

    def _go_on(self) -> None:
        """Let the program work until it sleeps, and time pass until something happens or its sleep is over."""
        if self.home.daemon_ is None:
            self._happen(self._events[0][0])
            return
        try:
            asleep = self._clock.heard()
        except TimeoutError:
            raise StuckError(f"it neither sleeps nor ends; {self.tail()}") from None
        self._finish_words()
        if asleep is None:
            self._gone()
            return
        over = self._clock.now + timedelta(seconds=max(1, -int(-asleep.seconds // 1)))
        brought = self._happen(min(over, self._events[0][0]), listens=asleep.listens)
        if brought and asleep.listens and self._noticed():
            return
        self._clock.over(asleep)
        if self._kill_soon and self.home.daemon_ is not None:
            self._kill_soon = False
            threading.Timer(self.chance.random() * 0.1, self.home.daemon_.process.kill).start()

    def _happen(self, now: Instant, *, listens: bool = False) -> bool:
        """Let it be `now`, and happen what is due; tell whether mail came."""
        self._clock.set(now)
        while self._events and self._events[0][0] <= now:
            heapq.heappop(self._events)[2]()
        arrived, self._arriving = self._arriving, []
        if arrived:
            if listens:
                # pymap tells nothing of what arrives between the last command and IDLE
                threading.Event().wait(_SETTLES)
            self.provider.arrive(arrived)
        return bool(arrived)

    def _noticed(self) -> bool:
        found = wait_until(lambda: self._clock.is_waiting, _NOTICE)
        self.faults["mail noticed by IDLE" if found else "mail that IDLE told nothing of"] += 1
        return found

    def _gone(self) -> None:
        status = self.home.ended()
        self.faults[f"ended with status {status}"] += 1
        assert status in {0, -signal.SIGKILL, 1, 75}, self.tail()
        self._at(self._clock.now + _AGAIN, self.home.begin)

    # -- days and weeks ------------------------------------------------------------------------------------------------

    def _day(self, day: int) -> None:
        if self.home.daemon_ is not None:
            seen = self.judge.seen
            pid, log = self.home.daemon_.process.pid, self.home.log_size
            self.samples.append(
                sample(day, pid, self.home.database, log, letters=seen["letters"], messages=seen["messages"])
            )
        if day % 7 == 0:
            self._week(day // 7)

    def _week(self, week: int) -> None:
        self.judge.look(self._clock.now)
        self.provider.tidy(keep=100, most=500)
        self._settle_doubts()
        if week and week % _BATCH == 0:
            self._meet(week)
        for _ in range(self._often):
            self._at(self._some_time(), self._strike)
        for _ in range(2):
            self._at(self._some_time(), self._say_something)
        if self.chance.random() < 0.1:
            self._at(self._some_time(), self._storm)

    def _some_time(self) -> Instant:
        return self._clock.now + WEEK * self.chance.random()

    def _strike(self, sure: str = "") -> None:
        """Let a fault happen, unless there is one; a `sure` one in any case where a daemon runs."""
        now = self._clock.now
        name = sure or self.chance.choice(list(FAULTS))
        fault = FAULTS[name]
        late = now - BEGINS > WEEK * self._weeks * WARM_UP * 0.9
        if self.home.daemon_ is None or (not sure and (now < self._busy_until or (fault.restart and late))):
            return
        self.faults[name] += 1
        self._doubtful |= fault.restart or fault.doubtful
        self._kill_soon = name == "SIGKILL at work"
        fault.strike(self._scene)
        if sure:
            return
        self._busy_until = now + fault.lasts(self.chance)
        if self._busy_until > now:
            self._at(self._busy_until, lambda: fault.mend(self._scene))

    def _storm(self) -> None:
        """Let hundreds of messages come at once, of people whom nobody was written to."""
        self.faults["mail storm"] += 1
        for _ in range(self.chance.randrange(50, 300)):
            sender = f"offers{self.chance.randrange(1_000_000)}@shop.test"
            message = fresh(sender, self.home.me, "Only today: everything at half the price.", subject="Only today")
            self._arriving.append(message.as_bytes())

    # -- people and letters --------------------------------------------------------------------------------------------

    def _meet(self, week: int) -> None:
        """Take in a file of people, so many that all are known and begun when half of the time has passed."""
        batches = max(1, int(self._weeks * WARM_UP) // _BATCH - 1)
        if week // _BATCH >= batches:
            return
        file = self._folder / "people.csv"
        with file.open("w", newline="") as opened:
            table = csv.writer(opened)
            table.writerow(["email", "name", "org", "timezone", "first_on"])
            for _ in range(self._people // batches):
                due = (self._clock.now + timedelta(days=self.chance.randrange(1, 7 * _BATCH))).replace(hour=0)
                one = somebody(next(self._numbers), self.chance, due)
                self.judge.meet(one)
                table.writerow([one.address, "Somebody", one.address.partition("@")[2], "Etc/UTC", due.date()])
        self.home.run("import", str(file))

    def _took(self, address: str, raw: bytes) -> None:
        """Called on the servers' thread, while the program waits for their answer."""
        coming = self.judge.took(address, raw, self._clock.now, self.chance)
        if coming is not None:
            person = self.judge.people[address]
            self._at(coming.at, lambda: self._bring(person, coming.raw))

    def _bring(self, person: Person, raw: bytes) -> None:
        self._arriving.append(raw)
        self.judge.arrived(person)

    # -- words of the user ---------------------------------------------------------------------------------------------

    def _say_something(self) -> None:
        """Say a word while the daemon sleeps, or, as often, while it is at work."""
        if self.home.spoilt:
            return
        open_ = [one for one in self.judge.people.values() if not one.closed and one.kind is not Kind.AWAY]
        if not open_:
            return
        word, who = self.chance.choice(_WORDS), self.chance.choice(open_).address
        until = (self._clock.now + timedelta(days=30)).date().isoformat()
        words = {
            "snooze": ("snooze", who, "--until", until),
            "note": ("note", who, "A second yard was opened."),
            "backup": ("backup", str(self._folder / f"backup{next(self._numbers)}.db")),
        }.get(word, (word, "--json") if word in {"status", "list", "plan"} else (word, who))
        self._words.append((self.home.start(*words), words))
        if self.chance.random() < 0.5:
            self._finish_words()

    def _finish_words(self) -> None:
        for process, words in self._words:
            _, err = process.communicate(timeout=PATIENCE)
            assert "Traceback" not in err, err
            self.faults[f"{words[0]}: {'done' if process.returncode == 0 else f'status {process.returncode}'}"] += 1
            if process.returncode == 0 and words[0] in {"stop", "answered", "pause"}:
                self.judge.close(words[1], words[0])
            if process.returncode == 0 and words[0] == "snooze":
                person = self.judge.people[words[1]]
                person.not_before = datetime.fromisoformat(words[3]).replace(tzinfo=UTC)
            if words[0] == "backup":
                Path(words[1]).unlink(missing_ok=True)
        self._words.clear()

    def _settle_doubts(self) -> None:
        """Say of each letter in doubt whether it arrived, as a user who asks its reader."""
        if self.home.spoilt or not self._doubtful:
            return
        self._doubtful = False
        for one in self.home.json("outbox", "list"):
            if one["state"] != "uncertain":
                continue
            self.faults["in doubt"] += 1
            arrived = any(number == one["step"] - 1 for _, number in self.judge.people[one["email"]].letters)
            self.home.run("outbox", "sent" if arrived else "retry", str(one["id"]), status=None)

    # -- the end -------------------------------------------------------------------------------------------------------

    def _end(self) -> None:
        for process, _ in self._words:
            process.kill()
            process.communicate()
        if self.home.daemon_ is not None:
            self.home.signal(signal.SIGTERM)
            self.home.ended()

    def tail(self) -> str:
        """Give the end of the log."""
        return "".join(self.home.daemon_.log[-20:]) if self.home.daemon_ else ""
