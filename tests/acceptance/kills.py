"""A story of kills: the real program is killed again and again while it writes, and what arrived is counted.

Each story has five mentors: two who never answer, one who answers by mail, one whom the user stops, one who answers by
phone. At each date the daemon is killed at failpoints and at random times, commands of the user are killed too, and the
database is now and then put back from a backup. What may be counted at the end is what arrived.
"""

import os
import random
import shutil
import signal
import subprocess
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Final

from followupd.core.model import LintRule
from followupd.failpoints import VARIABLE, Point
from tests.acceptance.installation import Installation
from tests.acceptance.letters import answer
from tests.servers.mailbox import Mailboxes
from tests.servers.processes import wait_until

GAP: Final = timedelta(days=8)
_MARK: Final = "This is letter number {} of the story."
_OPENING: Final = '+++\nsubject = "A question about what to leave out"\n+++\n'
_OF_A_WORD: Final = (
    Point.COMMITTING, Point.COMMITTED, Point.WITNESS_WRITING, Point.WITNESS_TORN, Point.WITNESS_WRITTEN, Point.SETTLED,
)  # fmt: skip
_OF_A_BACKUP: Final = (Point.PUBLISHING, Point.PUBLISHED)


@dataclass(kw_only=True)
class Tally:
    """What was played, and what came of it: `doubled`, `lost` and `late` (after an answer or a stop) must stay 0."""

    kills: int = 0
    runs: int = 0
    commands_killed: int = 0
    restored: int = 0
    letters: int = 0
    doubled: int = 0
    lost: int = 0
    late: int = 0
    in_doubt: int = 0
    points: Counter[str] = field(default_factory=Counter)

    def add(self, other: "Tally") -> None:
        """Count another story in."""
        for name, value in vars(other).items():
            if name == "points":
                self.points.update(value)
            else:
                setattr(self, name, getattr(self, name) + value)

    def __str__(self) -> str:
        """One line for a log."""
        told = ", ".join(f"{name} {value}" for name, value in vars(self).items() if name != "points")
        return f"{told}; killed at {len(set(self.points) & set(Point))} of {len(Point)} named points"


class Mortal(Installation):
    """An installation whose processes may be told where to die."""

    orders = ""

    def _environment(self) -> dict[str, str]:
        return super()._environment() | ({VARIABLE: self.orders} if self.orders else {})


class Story:
    """Five mentors, `steps` dates, `attempts` to kill the daemon at each of them. `files` is save_to_sent."""

    def __init__(self, folder: Path, servers: Mailboxes, seed: int, *, steps: int, attempts: int) -> None:
        self.chance = random.Random(seed)
        self.seed, self.steps, self.attempts = seed, steps, attempts
        self.servers = servers
        self.tally = Tally()
        self.notes = folder / "notes"
        self.user = Mortal(folder / "home", servers, servers.new_user("me", "followupd.test"))
        self.silent = [servers.new_user("silent") for _ in range(2)]
        self.writes, self.stopped, self.phones = (servers.new_user(name) for name in ("writes", "stopped", "phones"))
        self.ended: dict[str, int] = {}
        self.highest: Counter[str] = Counter(dict.fromkeys(Point, 2))
        self._install()

    def play(self) -> Tally:
        """Live through the story and count; fail with its seed if a letter is doubled, lost or late."""
        for date in range(self.steps):
            self._date(date)
        self._judge()
        return self.tally

    # -- the beginning -------------------------------------------------------------------------------------------------

    def _install(self) -> None:
        user = self.user
        templates = user.home / "templates"
        templates.mkdir(parents=True)
        for number in range(self.steps):
            head = "" if number else _OPENING
            (templates / f"s{number}.txt").write_text(f"{head}Dear mentor,\n\n{_MARK.format(number)}\n")
        later = ({"after": "7 days", "template": f"s{number}"} for number in range(1, self.steps))
        user.settings["patience"] = {"default_cadence": "story", "floor": "7 days"}
        user.settings["cadences.story"] = {"steps": [{"template": "s0"}, *later]}
        user.settings["sending"] = {"daily_limit": 50}
        # letters of one line are no good letters, and here only their number counts
        user.settings["lint"] = {"off": [rule.value for rule in LintRule]}
        user.settings["smtp"] = {"save_to_sent": self.chance.choice(("always", "never"))}
        for mentor in self.mentors:
            user.add(mentor)

    @property
    def mentors(self) -> tuple[str, ...]:
        return (*self.silent, self.writes, self.stopped, self.phones)

    # -- a date --------------------------------------------------------------------------------------------------------

    def _date(self, date: int) -> None:
        at = GAP * date
        backup = self._back_up(date, at)
        if date == 1:
            self._answer()
            self._word(self.stopped, "stop", at)
            self._word(self.phones, "answered", at)
        for _ in range(self.attempts):
            self._kill_the_daemon(at)
        self._calm_down(at)
        if backup is not None and self.chance.random() < 0.5:
            self._restore(backup)
            self._kill_the_daemon(at)
            self._calm_down(at)

    def _answer(self) -> None:
        """Let an answer lie in the mailbox before the round begins."""
        letter = self.servers.wait_for(self.writes)[0]
        self.servers.deliver(self.user.me, answer(letter, self.writes), mail_from=self.writes)
        self.servers.wait_for(self.user.me)
        self.ended[self.writes] = len(self.servers.read(self.writes))

    def _word(self, mentor: str, verb: str, at: timedelta) -> None:
        """Say a word, killed on the way now and then, until it was carried out; from then on it holds."""
        self._killed((verb, mentor), at, self.chance.choice(_OF_A_WORD), self.chance.randint(1, 3))
        self.user.run(verb, mentor, at=at)
        self.ended[mentor] = len(self.servers.read(mentor))

    def _back_up(self, date: int, at: timedelta) -> Path | None:
        if not date:
            return None
        first, second = (self.user.home / f"backup-{date}-{number}.db" for number in (1, 2))
        self._killed(("backup", str(first)), at, self.chance.choice(_OF_A_BACKUP), 1)
        self.user.run("backup", str(second), at=at)
        return second

    def _restore(self, backup: Path) -> None:
        database = next(self.user.home.rglob("followupd.db"))
        for end in ("-wal", "-shm"):
            database.with_name(database.name + end).unlink(missing_ok=True)
        shutil.copyfile(backup, database)
        self.tally.restored += 1

    def _calm_down(self, at: timedelta) -> None:
        """Let rounds go by unhurt, and settle what is in doubt as a user would: by looking whether it arrived."""
        for _ in range(3):
            self.user.round(at=at)
            doubtful = [one for one in self.user.json("outbox", "list", at=at) if one["state"] == "uncertain"]
            if not doubtful:
                break
            for one in doubtful:
                self.tally.in_doubt += 1
                mark = _MARK.format(one["step"] - 1)
                arrived = wait_until(lambda email=one["email"], mark=mark: self._marks(email)[mark] > 0, 4)  # type: ignore[misc]
                words = ("outbox", "sent" if arrived else "retry", str(one["id"]))
                if not self._killed(words, at, self.chance.choice(_OF_A_WORD), 1):
                    continue  # it came to its end
                done = self.user.run(*words, at=at, status=None)
                assert done.status == 0 or "there is no doubt about it" in done.err, done
        queue = self.user.json("status", at=at)
        assert queue["due"] == queue["uncertain"] == 0, f"{queue}; {self._told(at)}"

    # -- killing -------------------------------------------------------------------------------------------------------

    def _kill_the_daemon(self, at: timedelta) -> None:
        point = self.chance.choice(list(Point))
        turn = self.chance.randint(1, self.highest[point])
        if self.chance.random() < 0.15:
            self._killed(("run",), at, None, 0, seconds=self.chance.uniform(0.1, 1.5))
        elif self.chance.random() < 0.15:
            self._killed(("run",), at, point, turn, seconds=2.0)
        else:
            self._killed(("run", "--once"), at, point, turn)

    def _killed(
        self, words: tuple[str, ...], at: timedelta, point: Point | None, turn: int, *, seconds: float = 60.0
    ) -> bool:
        """Start a command that is to die at a point, or after some seconds; tell whether it was killed."""
        self.notes.write_text("")
        self.user.orders = f"*=note:{self.notes}" + (f",{point}=kill@{turn}" if point else "")
        process = self.user.start(*words, at=at)
        self.user.orders = ""
        try:
            _, err = process.communicate(timeout=seconds)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            _, err = process.communicate()
        assert "Traceback" not in err, err
        reached = Counter(self.notes.read_text().split())
        for name, times in reached.items():
            self.highest[name] = max(self.highest[name], times)
        self.tally.runs += 1
        # faketime runs the program as its child, and tells its end in words
        dead = process.returncode == -signal.SIGKILL or "Caught Killed" in err
        assert dead or process.returncode == 0, f"followupd {' '.join(words)}: {process.returncode}, {err}"
        if dead:
            self.tally.kills += 1
            self.tally.commands_killed += words[0] != "run"
            self.tally.points[str(point) if point and reached[point] >= turn else "at any time"] += 1
        return dead

    # -- the end -------------------------------------------------------------------------------------------------------

    def _marks(self, mentor: str) -> Mapping[str, int]:
        texts = [letter.raw.decode("utf-8", "replace") for letter in self.servers.read(mentor)]
        marks = (_MARK.format(number) for number in range(self.steps))
        return Counter({mark: sum(mark in text for text in texts) for mark in marks})

    def _judge(self) -> None:
        for mentor in self.silent:
            wait_until(lambda mentor=mentor: len(self.servers.read(mentor)) >= self.steps, 5)  # type: ignore[misc]
        for mentor in self.mentors:
            marks = self._marks(mentor)
            self.tally.letters += sum(marks.values())
            self.tally.doubled += sum(times - 1 for times in marks.values() if times > 1)
            if mentor in self.silent:
                self.tally.lost += sum(not times for times in marks.values())
            else:
                self.tally.late += max(0, sum(marks.values()) - self.ended[mentor])
        wrong = (self.tally.doubled, self.tally.lost, self.tally.late)
        assert wrong == (0, 0, 0), (
            f"story {self.seed}: doubled, lost, late are {wrong}; {self._told(GAP * (self.steps - 1))}"
        )

    def _told(self, at: timedelta) -> str:
        """Tell what the program thinks of it."""
        histories = [self.user.show(mentor, at=at)["events"] for mentor in self.mentors]
        return "\n".join(f"{event['at']} {event['text']}" for events in histories for event in events)
