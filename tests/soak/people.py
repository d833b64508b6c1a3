"""The people of the soak: what each makes of a letter, and the judge of every letter that reaches them. All is pure."""

import random
import re
from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from typing import Final

from followupd.core.instants import Instant
from followupd.core.model import Contact
from followupd.demo.answers import Coming, Delivered, Manner, Reaction, react, read

WAITS: Final = (timedelta(days=14), timedelta(days=28), timedelta(days=56), timedelta(days=112))
"""What the cadence of the story waits before the second letter, the third, and so on."""
SLACK: Final = timedelta(days=21)
"""A letter may come so much later than it should: servers are down for days, doubts are settled once a week."""
_EARLY: Final = timedelta(days=1)
_MARK: Final = re.compile(r"This is letter number (\d) of the story")


class Kind(StrEnum):
    """What somebody does about a letter."""

    SILENT = "silent"
    ANSWERS = "answers"
    AWAY = "away"
    ROBOT = "robot"
    BOUNCES = "bounces"
    STOPS = "stops"


_LOTS: Final = {Kind.SILENT: 55, Kind.ANSWERS: 20, Kind.AWAY: 10, Kind.ROBOT: 5, Kind.BOUNCES: 5, Kind.STOPS: 5}
_MANNERS: Final = {
    Kind.ANSWERS: (Manner.REPLY, "Gladly. Shall we talk on Thursday?"),
    Kind.AWAY: (Manner.AWAY, "I am out of the office until {back}."),
    Kind.ROBOT: (Manner.AWAY, "Thank you for your message. I will reply as soon as I can."),
    Kind.BOUNCES: (Manner.BOUNCE, "550 5.1.1 User unknown"),
    Kind.STOPS: (Manner.REPLY, "Please do not write to me again."),
}


def mark(number: int) -> str:
    """Give the words by which a letter (from 0) is known."""
    return f"This is letter number {number} of the story."


@dataclass(kw_only=True)
class Person:
    """Somebody who is written to from `due` on; does what their `kind` does at the letter `at_letter` (from 1)."""

    address: str
    kind: Kind
    at_letter: int
    due: Instant
    letters: list[tuple[Instant, int]] = field(default_factory=list)
    closed: str = ""
    """Why nothing may come any more; "" where letters may come."""
    not_before: Instant | None = None
    excused: str = ""
    """Why nobody can say when the next letter is to come; "" where it is known."""

    @property
    def next_due(self) -> Instant | None:
        """When the next letter is to come; None where none is, or nobody can say when."""
        if self.closed or self.excused or len(self.letters) > len(WAITS):
            return None
        return self.letters[-1][0] + WAITS[len(self.letters) - 1] if self.letters else self.due


def somebody(number: int, chance: random.Random, due: Instant) -> Person:
    """Make a person by lot."""
    kind = chance.choices(list(_LOTS), list(_LOTS.values()))[0]
    at_letter = chance.choices((1, 2, 3, 4), (4, 3, 2, 1))[0]
    return Person(address=f"{kind}{number}@house{number}.test", kind=kind, at_letter=at_letter, due=due)


class Judge:
    """Keeps who is who, takes every letter that arrives, and counts in `wrong` what must never happen."""

    def __init__(self) -> None:
        self.people: dict[str, Person] = {}
        self.by_id: set[str] = set()
        self.seen: Counter[str] = Counter()
        self.wrong: list[str] = []

    def meet(self, person: Person) -> None:
        """Learn of somebody."""
        self.people[person.address] = person
        self.seen["people"] += 1

    def took(self, address: str, raw: bytes, now: Instant, chance: random.Random) -> Coming | None:
        """Judge a letter that has reached somebody; give what they make of it."""
        person = self.people[address]
        letter = read(raw, at=now, number=len(person.letters) + 1)
        found = _MARK.search(letter.text)
        number = int(found[1]) if found else -1
        self._judge(person, number, now)
        person.letters.append((now, number))
        self.by_id.add(letter.message_id)
        self.seen["letters"] += 1
        if person.kind is Kind.SILENT or len(person.letters) != person.at_letter:
            return None
        return self._reaction(person, letter, chance)

    def close(self, address: str, why: str) -> None:
        """Let nothing come any more."""
        self.people[address].closed = self.people[address].closed or why

    def look(self, now: Instant) -> None:
        """Find who should have been written to long ago; each is told once."""
        for person in self.people.values():
            due = person.next_due
            if due is not None and now > max(due, person.not_before or due) + SLACK:
                number = len(person.letters) + 1
                self._count("lost", f"letter {number} to {person.address} was due at {due}, and it is {now}")
                person.excused = "told already"

    def arrived(self, person: Person) -> None:
        """Take note that what they wrote lies in the user's inbox."""
        self.seen["messages"] += 1
        match person.kind:
            case Kind.ANSWERS | Kind.BOUNCES | Kind.STOPS:
                self.close(person.address, person.kind)
            case Kind.AWAY | Kind.ROBOT:
                person.excused = person.kind
            case Kind.SILENT:
                raise AssertionError(f"{person.address} wrote")

    def _judge(self, person: Person, number: int, now: Instant) -> None:
        told = f"letter {number + 1} to {person.address} at {now}"
        if any(number == one for _, one in person.letters):
            self._count("doubled", told)
        elif number != len(person.letters):
            self._count("out of order", f"{told}: {len(person.letters)} came before")
        elif person.letters and now - person.letters[-1][0] < WAITS[number - 1] - _EARLY:
            self._count("too soon", told)
        if person.closed:
            self._count("late", f"{told}: {person.closed}")
        if person.not_before is not None and now < person.not_before:
            self._count("too soon", f"{told}: not before {person.not_before}")

    def _reaction(self, person: Person, letter: Delivered, chance: random.Random) -> Coming:
        manner, words = _MANNERS[person.kind]
        after = timedelta(minutes=1 if manner is not Manner.REPLY else chance.randrange(10, 8000))
        reaction = Reaction(letter=letter.number, after=after, manner=manner, text=words, away=chance.randrange(20, 60))
        if person.kind is Kind.AWAY:
            person.not_before = letter.at + timedelta(days=reaction.away)
        contact = Contact(id=1, addresses=(person.address,), name="Somebody", timezone="UTC")
        return react(contact, reaction, letter)

    def _count(self, what: str, told: str) -> None:
        self.seen[what] += 1
        self.wrong.append(f"{what}: {told}")
