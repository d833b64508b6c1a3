"""A decade of a thousand contacts through the real decision core: `python benchmarks/decade.py`; the goal is 60 s.

Every due letter is decided, sent and reckoned on by the functions that the daemon asks; contacts answer, are away,
bounce and opt out, and whoever has come to an end is begun anew half a year later. No letter may leave outside its
window, before the floor, on a holiday, above the daily limit or after an answer.
"""

import argparse
import heapq
import random
import sys
import time
from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

sys.path.insert(0, str(Path(__file__).parents[1]))

from followupd.config.file import read
from followupd.core import message
from followupd.core.cadence import floor_over, place_of
from followupd.core.decide import decide
from followupd.core.instants import Instant, local_day
from followupd.core.model import (
    Accepted,
    Case,
    Change,
    Contact,
    Judgement,
    Letter,
    LetterState,
    RawMessage,
    Send,
    State,
    Thread,
    Verdict,
    Wait,
)
from followupd.core.outcome import after_message, after_sending, settled
from followupd.core.settings import Policy
from followupd.core.window import holidays_of

BEGINS = datetime(2027, 1, 1, tzinfo=UTC)
GOAL = 60.0
ZONES = (
    ("Europe/Berlin", "DE"),
    ("America/New_York", "US"),
    ("Asia/Tokyo", "JP"),
    ("Australia/Lord_Howe", "AU"),
    ("", ""),
)
CONFIG = """
[me]
name = "Max"
email = "max@example.org"
timezone = "Europe/Berlin"
[imap]
host = "imap.example.org"
[smtp]
host = "smtp.example.org"
[sending]
daily_limit = 50
"""


def policy() -> Policy:
    """Give the rules as they are where the user has said nothing."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "config.toml"
        path.write_text(CONFIG, encoding="utf-8")
        path.chmod(0o600)
        return read(path).policy


class Decade:
    """Contacts whose threads are looked at whenever they are due."""

    def __init__(self, people: int, seed: int) -> None:
        self.random = random.Random(seed)
        self.policy = policy()
        self.queue: list[tuple[Instant, int]] = []
        self.cases: dict[int, Case] = {}
        self.per_day: Counter[date] = Counter()
        self.seen: Counter[str] = Counter()
        for number in range(people):
            self.begin(number, BEGINS + timedelta(days=self.random.random() * 365))

    def begin(self, number: int, now: Instant) -> None:
        """Open a thread to a contact."""
        zone, country = ZONES[number % len(ZONES)]
        now = now.replace(microsecond=0)
        contact = Contact(id=number, addresses=(f"p{number}@example.net",), timezone=zone, country=country)
        key = f"{number}/{self.seen['threads']}"
        thread = Thread(id=number, key=key, contact_id=number, cadence="patient", created_at=now, anchor=now)
        self.seen["threads"] += 1
        case = Case(thread=thread, contact=contact)
        self.cases[number] = replace(case, thread=settled(case, Change(thread=thread), self.policy, now).thread)
        self.push(number)

    def push(self, number: int) -> None:
        """Look at a contact when their letter is due, or half a year after the end."""
        case = self.cases[number]
        if case.thread.next_at is not None:
            heapq.heappush(self.queue, (case.thread.next_at, number))
        elif case.thread.state is not State.OPTED_OUT:
            heapq.heappush(self.queue, (max(case.thread.anchor, case.thread.created_at) + timedelta(days=400), number))

    def live(self, until: Instant) -> None:
        """Let time pass."""
        while self.queue and self.queue[0][0] <= until:
            now, number = heapq.heappop(self.queue)
            case = self.cases[number]
            if case.thread.next_at is None:
                self.begin(number, now)
                continue
            day = local_day(now, self.policy.me.zone)
            match decide(case, self.policy, now, self.per_day[day]):
                case Send():
                    self.per_day[day] += 1
                    self.cases[number] = self.send(case, now)
                case Wait(until=later):
                    self.cases[number] = replace(case, thread=replace(case.thread, next_at=later))
                case other:
                    raise AssertionError(f"{case.contact.email}: {other}")
            self.push(number)

    def send(self, case: Case, now: Instant) -> Case:
        """Send a letter, judge its moment, and let the contact do something about it or nothing."""
        self.judge(case, now)
        self.seen["letters"] += 1
        step = case.thread.step
        letter = Letter(
            id=self.seen["letters"], thread_id=case.thread.id, step=step, template="t", state=LetterState.SENDING,
            message_id=f"<{case.thread.key}/{step}@example.org>", subject="s", body="b", created_at=now,
        )  # fmt: skip
        sent, change = after_sending(case, letter, Accepted(text="250"), self.policy, now)
        case = replace(case, thread=change.thread, letters=(*case.letters, sent))
        chance = self.random.random()
        verdict = Verdict.REPLY if chance < 0.1 else Verdict.OPT_OUT if chance < 0.102 else Verdict.AUTO_REPLY
        if chance >= 0.3:
            return case
        self.seen[str(verdict)] += 1
        raw = f"From: {case.contact.email}\r\nSubject: Re: s\r\n\r\nText.\r\n".encode()
        msg = message.parse(RawMessage(folder="INBOX", uid=1, internal_date=now, raw=raw, whole=True))
        back = (now + timedelta(days=self.random.randrange(90))).date() if chance < 0.25 else None
        judged = Judgement(verdict=verdict, rule="r", words="w", return_date=back)
        told = after_message(case, msg, judged, self.policy, now + timedelta(hours=1))
        assert told is not None
        return replace(case, thread=told.thread)

    def judge(self, case: Case, now: Instant) -> None:
        """Fail where a letter must not leave at this moment."""
        window, place = self.policy.window, place_of(case.contact, self.policy)
        local = now.astimezone(place.zone)
        assert local.weekday() in window.days, local
        assert window.opens <= local.hour * 60 + local.minute < window.closes, local
        assert not place.country or local.date() not in holidays_of(place.country, local.year), local
        bound = floor_over(case, self.policy)
        assert bound is None or now >= bound
        assert case.thread.not_before is None or now >= case.thread.not_before


def main() -> int:
    """Live through it; the exit status is 1 if it took longer than the goal."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--people", type=int, default=1000)
    options.add_argument("--years", type=int, default=10)
    options.add_argument("--seed", type=int, default=1)
    asked = options.parse_args()
    began = time.process_time()
    decade = Decade(asked.people, asked.seed)
    decade.live(BEGINS + timedelta(days=365.25 * asked.years))
    spent = time.process_time() - began
    told = ", ".join(f"{count} {name}" for name, count in sorted(decade.seen.items()))
    print(f"{asked.years} years of {asked.people} contacts: {told}; {spent:.1f} s of CPU, the goal is {GOAL:.0f}")
    return 0 if spent <= GOAL else 1


if __name__ == "__main__":
    sys.exit(main())
