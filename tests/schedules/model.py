"""What must hold, said anew and plainly: what the user has said, what has come, and whether a letter may go now.

It knows nothing of states, dates of the cadence or revisions: only whom a letter must not reach, and when not yet.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import timedelta
from zoneinfo import ZoneInfo

from followupd.core.instants import Instant, at_local
from tests.actions.pretend import BEGINS
from tests.schedules.mail import AWAY_DAYS, STOPS, Kind
from tests.schedules.provider import UNWATCHED, Place

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

    def with_(self, other: "Word") -> "Word":
        """Give what keeps a letter back by either of two."""
        paused = self if self.paused else other
        until = [one.snoozed_until for one in (self, other) if one.snoozed_until is not None]
        return Word(
            stopped=self.stopped or other.stopped,
            answered=self.answered or other.answered,
            paused=paused.paused,
            paused_until=paused.paused_until,
            snoozed_until=max(until, default=None),
        )


@dataclass(frozen=True)
class Memory:
    """What the witness keeps for a database that is put back: what stops a letter, and what the user said."""

    messages: frozenset[str] = frozenset()
    of: Mapping[str, Word] = field(default_factory=dict)
    paused_all: bool = False


@dataclass
class Words:
    """All that the user has said, and what was read; it goes back in time with a restored database."""

    paused_all: bool = False
    of: dict[str, Word] = field(default_factory=dict)
    approved: dict[tuple[str, int], str] = field(default_factory=dict)
    """The text that was approved for a step of a thread, by whichever account it leaves."""
    overruled: dict[tuple[str, int], str] = field(default_factory=dict)
    """The same, although the user's program had held it."""
    read: set[tuple[str, str]] = field(default_factory=set)
    """Messages, by name and account, that were read by a round that came to the end of that account's folders."""
    settled: set[str] = field(default_factory=set)
    """Letters that a backup did not know, once the user has said anything of whom they are to."""


@dataclass(frozen=True)
class Arrival:
    """A message of somebody: its place in a folder of an account, and when it came by the true clock."""

    who: str
    kind: Kind
    name: str
    account: str
    folder: str
    place: int
    at: Instant
    letter: str = ""
    sender: str = ""
    deleted: bool = False
    """Whether the user has deleted it, after it was read."""

    @property
    def is_unwatched(self) -> bool:
        """Whether it lies in a folder that no round reads: there it counts as found, and never as read by a round."""
        return self.folder in {one.name for one in UNWATCHED}


@dataclass
class Model:
    """What has happened, as the world saw it."""

    words: Words = field(default_factory=Words)
    arrivals: list[Arrival] = field(default_factory=list)
    by_hand: list[tuple[str, Instant, Place, int]] = field(default_factory=list)
    last: dict[str, tuple[Instant, timedelta]] = field(default_factory=dict)
    sent: Counter[tuple[str, int]] = field(default_factory=Counter)
    retried: Counter[tuple[str, int]] = field(default_factory=Counter)
    gone: dict[str, str] = field(default_factory=dict)
    by_mail: defaultdict[tuple[str, int], list[str]] = field(default_factory=lambda: defaultdict(list))
    """The texts for a step of a thread that the user approved in answer to a digest."""
    announced: list[tuple[Instant, timedelta, str, str]] = field(default_factory=list)
    """When, by the true clock and off by how much, the user was told of a letter: of its subject and its text."""
    drafts_sent: list[tuple[str, bool, Place, int]] = field(default_factory=list)
    """Which letters' drafts the user sent, whether under another Message-ID, and where the copy lies.

    Once they approve such a letter after that, it is their word.
    """
    digest_answers: list[tuple[Place, int, str]] = field(default_factory=list)
    """Where the user's answers to a digest lie, and about whom each is."""
    restored: bool = False
    knows: Callable[[Arrival], bool] = lambda _: True
    """Whether a restored database can know whose message it is: an address that was added since is forgotten."""
    concerns: Callable[[Arrival], bool] = lambda _: True
    """Whether it is about the thread that is open now: a bounce of an older one may be about an address of before."""
    finds: Callable[[Arrival], bool] = lambda _: True
    """Whether a message in a folder that no round reads must be found by the search before a letter."""
    looked: Mapping[Place, int] = field(default_factory=dict)
    """Up to which place each folder was read last in this round."""
    whole: AbstractSet[str] = frozenset()
    """The accounts whose folders were all read in this round."""
    before: frozenset[str] = frozenset()
    """What lay in the mailboxes when the round began."""
    moved: set[str] = field(default_factory=set)
    """What was moved to another folder since."""
    learnt: set[str] = field(default_factory=set)
    """The accounts whose Sent was read since a backup was restored."""
    passed: set[str] = field(default_factory=set)
    """What was read before the letters of its account were known again: what only refers to one says nothing then."""
    exempt: set[str] = field(default_factory=set)
    letters: dict[str, tuple[str, int]] = field(default_factory=dict)
    """The thread and step of each letter that went, by its Message-ID."""
    forgotten: set[str] = field(default_factory=set)
    """The letters that went and that the backup which was put back does not know."""
    witnessed: set[str] = field(default_factory=set)
    """The messages of which a database that was put back knows by the witness alone."""
    recalled: Memory = field(default_factory=Memory)
    """What such a database knows by the witness alone."""
    overruled: dict[str, Instant] = field(default_factory=dict)

    def word(self, who: str) -> Word:
        """Give what the user said of somebody."""
        return self.words.of.setdefault(who, Word())

    def seen(self, who: str) -> list[Arrival]:
        """Give what lay in a mailbox when it was last looked at."""
        mine = [one for one in self.arrivals if one.who == who]
        return [one for one in mine if one.name in self.witnessed or (self._lay(one) and self._is_known(one))]

    def _is_known(self, one: Arrival) -> bool:
        return not self.restored or self.knows(one)

    def _lay(self, one: Arrival) -> bool:
        """Tell whether a message was read before, or was there when its account was read in this round.

        Was it there before the round began, it counts wherever it lies by now.
        """
        if self._was_read(one) or one.deleted:
            return self._was_read(one)
        if one.is_unwatched and not self.finds(one):
            return False
        there = one.account in self.whole and one.name in self.before
        return there or self._was_looked_at(one)

    def _was_looked_at(self, one: Arrival) -> bool:
        return one.place <= self.looked.get((one.account, one.folder), 0)

    def _was_read(self, one: Arrival) -> bool:
        return (one.name, one.account) in self.words.read

    def read(self, account: str, folder: str, unlearnt: AbstractSet[str]) -> None:
        """Take note that a folder was read to its end; `unlearnt` are those whose letters cannot be known again yet."""
        if folder == "Sent":
            self.learnt.add(account)
        watched = [one for one in self.arrivals if self._was_read(one) or not one.is_unwatched]
        lay = [one for one in watched if one.account == account and self._lay(one)]
        self.passed |= {one.name for one in lay if self.restored and one.who in unlearnt}
        if account in self.whole:
            # one that was moved past the reading is found by the next look, unless it is deleted before
            met = (one for one in lay if one.name not in self.moved or self._was_looked_at(one))
            self.words.read |= {(one.name, account) for one in met}

    def unread(self, who: str, names: Collection[str]) -> str:
        """Say to which account somebody writes whose folders were not read in this round; "" if there is none."""
        for one in self.arrivals:
            read = one.who == who and self._was_read(one) and self._is_known(one)
            if read and one.account in names and one.account not in self.whole:
                return f"while {one.account}, to which {who} writes ({one.name}), was not read"
        return ""

    def answered(self, who: str) -> str:
        """Say which message forbids a letter to somebody; "" if none does."""
        for one in self.seen(who):
            if self._stops(one):
                return f"after {who} {one.kind} ({one.name}{', deleted since' if one.deleted else ''})"
        return ""

    def _stops(self, one: Arrival) -> bool:
        stops = one.kind in STOPS and one.name not in self.word(one.who).settled and self.concerns(one)
        return one.kind is Kind.OPT_OUT or stops

    def known(self, people: Collection[str], besides: Collection[str]) -> Memory:
        """Give what the witness must remember by now; `besides` are those whose messages it cannot know of."""
        read = [
            one for one in self.arrivals if one.name in self.witnessed or (self._was_read(one) and self._is_known(one))
        ]
        return Memory(
            messages=frozenset(one.name for one in read if self._stops(one) and one.who not in besides),
            of={who: self.word(who).with_(self.recalled.of.get(who, Word())) for who in people},
            paused_all=self.words.paused_all or self.recalled.paused_all,
        )

    def goes_back(self, words: Words, memory: Memory) -> None:
        """Go back to what was said when a backup was made, and keep what the witness remembers."""
        self.words, self.restored, self.recalled = words, True, memory
        self.witnessed = set(memory.messages)
        self.learnt.clear()

    def away(self, who: str, local: Instant) -> str:
        """Say that somebody is away."""
        for one in self.seen(who):
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

    def sent_by_hand(self, message_id: str) -> bool:
        """Tell whether the user sent the draft of a letter, and the copy was read in this round."""
        return any(
            name == message_id and place <= self.looked.get(folder, 0) and not (self.restored and renamed)
            for name, renamed, folder, place in self.drafts_sent
        )

    def approves(self, message_id: str) -> None:
        """Take note that the user wants a letter to go, whatever they did with its draft before."""
        self.drafts_sent = [one for one in self.drafts_sent if one[0] != message_id]

    def was_announced(self, subject: str, text: str, now: Instant, skew: timedelta, before: timedelta) -> bool:
        """Tell whether the user was told of a letter, as it is, so long before."""
        for at, then, *told in self.announced:
            if told == [subject, text] and now - at + max(skew - then, timedelta()) >= before - SUMMER:
                return True
        return False

    def own_hand(self, who: str, now: Instant, skew: timedelta) -> str:
        """Say that the user has written by hand a short while ago, and said nothing since."""
        overruled = self.overruled.get(who, BEGINS - timedelta(days=1))
        for other, at, folder, place in self.by_hand:
            fresh = now + max(skew, timedelta()) - at < HAND - SUMMER
            if other == who and at > overruled and place <= self.looked.get(folder, 0) and fresh:
                return f"{now - at} after the user wrote by hand"
        return ""
