"""What must hold, said anew and plainly: what the user has said, what has come, and whether a letter may go now.

It knows nothing of states, dates of the cadence or revisions: only whom a letter must not reach, and when not yet.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from zoneinfo import ZoneInfo

from followupd.core.instants import Instant, at_local
from tests.actions.pretend import BEGINS
from tests.schedules.mail import AWAY_DAYS, STOPS, Kind

FIRST = ZoneInfo("Pacific/Kiritimati")
"""Where a day begins first of all; nobody can be back before that, wherever they live by now."""
GRACE = timedelta(days=7)
SUMMER = timedelta(hours=1)
"""By so much a day of the calendar may be shorter than another."""
HAND = timedelta(days=7)
"""No cadence here waits less, and the wait begins again after mail by hand."""


@dataclass
class Word:
    """What the user has said of one person and not taken back."""

    stopped: bool = False
    answered: bool = False
    paused: bool = False
    paused_until: Instant | None = None
    snoozed_until: Instant | None = None
    met_at: Instant | None = None
    settled: set[str] = field(default_factory=set)

    def forbids(self, local: Instant) -> str:
        """Say why no letter may go at a time of the machine's clock; "" if one may."""
        if self.stopped:
            return "after the user's stop"
        if self.answered:
            return "after the user's answered"
        if self.paused and (self.paused_until is None or local < self.paused_until):
            return "in a pause"
        if self.snoozed_until is not None and local < self.snoozed_until:
            return "in a snooze"
        return ""


@dataclass
class Words:
    """All that the user has said; it goes back in time with a restored database."""

    paused_all: bool = False
    of: dict[str, Word] = field(default_factory=dict)
    approved: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Arrival:
    """A message of somebody: its place in its folder, and when it came by the true clock."""

    who: str
    kind: Kind
    name: str
    folder: str
    place: int
    at: Instant
    letter: str = ""
    sender: str = ""


@dataclass
class Model:
    """What has happened, as the world saw it."""

    words: Words = field(default_factory=Words)
    arrivals: list[Arrival] = field(default_factory=list)
    by_hand: list[tuple[str, Instant, int]] = field(default_factory=list)
    last: dict[str, tuple[Instant, timedelta]] = field(default_factory=dict)
    sent: Counter[tuple[str, int]] = field(default_factory=Counter)
    retried: Counter[tuple[str, int]] = field(default_factory=Counter)
    gone: dict[str, str] = field(default_factory=dict)
    restored: bool = False
    knows: Callable[[Arrival], bool] = lambda _: True
    """Whether a restored database can know whose message it is: an address that was added since is forgotten."""
    concerns: Callable[[Arrival], bool] = lambda _: True
    """Whether it is about the thread that is open now: a bounce of an older one may be about an address of before."""
    before: frozenset[str] = frozenset()
    """What lay in the mailbox when the round began."""
    moved: set[str] = field(default_factory=set)
    """What was moved to another folder since."""
    exempt: set[str] = field(default_factory=set)
    overruled: dict[str, Instant] = field(default_factory=dict)

    def word(self, who: str) -> Word:
        """Give what the user said of somebody."""
        return self.words.of.setdefault(who, Word())

    def seen(self, who: str, looked: dict[str, int]) -> list[Arrival]:
        """Give what lay in the mailbox when it was last looked at."""
        mine = [one for one in self.arrivals if one.who == who and self._lay(one, looked)]
        return [one for one in mine if not self.restored or self.knows(one)]

    def _lay(self, one: Arrival, looked: dict[str, int]) -> bool:
        """Tell whether a message was there before the round began, wherever it lies now, or when it was looked for."""
        return one.name in self.before or one.place <= looked.get(one.folder, 0)

    def answered(self, who: str, looked: dict[str, int]) -> str:
        """Say which message forbids a letter to somebody; "" if none does."""
        settled = self.word(who).settled
        for one in self.seen(who, looked):
            stops = one.kind in STOPS and one.name not in settled and self.concerns(one)
            if one.kind is Kind.OPT_OUT or stops:
                return f"after {who} {one.kind} ({one.name})"
        return ""

    def away(self, who: str, looked: dict[str, int], local: Instant) -> str:
        """Say that somebody is away."""
        for one in self.seen(who, looked):
            if one.kind is Kind.AWAY and local < self._back(one.at):
                return f"before {who} is back ({one.name})"
        return ""

    def _back(self, at: Instant) -> Instant:
        return at_local((at + timedelta(days=AWAY_DAYS)).date(), 0, FIRST) + GRACE - SUMMER

    def too_soon(self, who: str, now: Instant, skew: timedelta, floor: timedelta) -> str:
        """Say that a letter comes too soon after another; a clock that ran ahead in between is not known to anybody."""
        if who not in self.last:
            return ""
        at, then = self.last[who]
        gone = now - at + max(skew - then, timedelta())
        return f"{gone} after the letter before, the floor is {floor}" if gone < floor - SUMMER else ""

    def own_hand(self, who: str, now: Instant, skew: timedelta, looked: dict[str, int]) -> str:
        """Say that the user has written by hand a short while ago, and said nothing since."""
        overruled = self.overruled.get(who, BEGINS - timedelta(days=1))
        for other, at, place in self.by_hand:
            fresh = now + max(skew, timedelta()) - at < HAND - SUMMER
            if other == who and at > overruled and place <= looked.get("Sent", 0) and fresh:
                return f"{now - at} after the user wrote by hand"
        return ""
