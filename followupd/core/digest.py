"""What the user is told in a mail to themselves: a pure function of what is remembered. Nothing to say gives nothing.

It tells what needs them, what happened since the last one, and what comes until the next one. Somebody's silence is
never told, but for the yearly question.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, fields
from datetime import timedelta
from typing import Final

from followupd.core import promised, yearly
from followupd.core.cadence import SENDABLE, next_opening, step_of
from followupd.core.decide import NOTHING_NEW, decide
from followupd.core.instants import Instant, add, at_local, local_day
from followupd.core.model import Case, Hold, LogLine, Planned
from followupd.core.needs import Need
from followupd.core.notices import Rhythm
from followupd.core.owed import Owed
from followupd.core.settings import Policy
from followupd.core.telling import word

HEARD: Final = {"answered": "answered", "opted-out": "asked not to be written to", "undeliverable": "is not reached"}
"""What of history is told since the last digest, by its kind, in words."""
TOLD: Final = (*HEARD, promised.KIND, yearly.KIND)
"""All kinds of history that a digest reads."""
AHEAD: Final = timedelta(days=3)
"""So long before a letter is due, at least, the user hears that there is nothing new to tell in it."""
LETTERS: Final = 20
"""So many letters that wait for approval are shown whole in one digest."""
_WEEK: Final = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A sentence about somebody, and when it was or will be."""

    email: str
    name: str
    at: Instant
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A letter that waits for approval: its id in the outbox, its number to them, its text, and its code, if any."""

    email: str
    name: str
    letter_id: int
    number: int
    subject: str
    text: str
    code: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Announced:
    """A letter that goes soon, as it will go: its id in the outbox (0: not written down yet), and its number to them.

    `at` is when it goes at the earliest, `change` what is another than was announced before, line by line.
    """

    email: str
    name: str
    thread_id: int
    letter_id: int
    number: int
    at: Instant
    subject: str
    text: str
    quoted: str
    mark: str
    change: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathered:
    """What a digest is made from; `history` and `proposed` (people, and of how many things) since the last one."""

    since: Instant | None
    until: Instant
    needs: Sequence[Need] = ()
    history: Sequence[LogLine] = ()
    cases: Sequence[Case] = ()
    planned: Sequence[Planned] = ()
    owed: Collection[Owed] = ()
    proposed: Sequence[tuple[str, str, int]] = ()
    deferred: Sequence[Said] = ()
    waiting: Sequence[Waiting] = ()
    answers: Sequence[tuple[Instant, str]] = ()
    announced: Sequence[Announced] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """What is told, in the order in which it is: a word of theirs whose day has passed first."""

    since: Instant | None
    until: Instant
    late: tuple[Said, ...]
    needs: tuple[Need, ...]
    answers: tuple[tuple[Instant, str], ...]
    waiting: tuple[Waiting, ...]
    announced: tuple[Announced, ...]
    heard: tuple[Said, ...]
    no_news: tuple[Said, ...]
    questions: tuple[Said, ...]
    proposed: tuple[tuple[str, str, int], ...]
    failed: tuple[Said, ...]
    planned: tuple[Planned, ...]
    owed: tuple[Owed, ...]

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to say."""
        return not any(getattr(self, one.name) for one in fields(self) if one.name not in {"since", "until"})


def digest(found: Gathered, policy: Policy, now: Instant) -> Digest:
    """Give what there is to say at this hour."""
    today, last = (local_day(at, policy.me.zone) for at in (now, found.until))
    return Digest(
        since=found.since,
        until=found.until,
        late=_of_kind(found.history, promised.KIND),
        needs=tuple(found.needs),
        answers=tuple(found.answers),
        waiting=tuple(found.waiting)[:LETTERS],
        announced=tuple(found.announced),
        heard=_heard(found.history),
        no_news=tuple(one for case in found.cases if (one := _no_news(case, policy, now, found.until + AHEAD))),
        questions=_of_kind(found.history, yearly.KIND),
        proposed=tuple(found.proposed),
        failed=tuple(found.deferred),
        planned=tuple(one for one in found.planned if one.at <= found.until),
        owed=tuple(one for one in found.owed if today < one.on <= last),
    )


def next_at(rhythm: Rhythm, last: Instant, policy: Policy) -> Instant | None:
    """Give the instant from which on the next digest is due, `last` being when there was one; None for never.

    By weeks, and longer, it is on the weekday of the config: the first one if the last digest was on another day.
    """
    if rhythm.every is None:
        return None
    zone = policy.me.zone
    before = local_day(last, zone)
    day = local_day(add(last, rhythm.every, zone), zone)
    if rhythm.every.least_days() >= _WEEK:
        day -= timedelta(days=(day.weekday() - rhythm.weekday) % _WEEK)
    return at_local(max(day, before + timedelta(days=1)), rhythm.minute, zone)


def _of_kind(history: Sequence[LogLine], kind: str) -> tuple[Said, ...]:
    return tuple(_said(one, one.text) for one in history if one.kind == kind)


def _heard(history: Sequence[LogLine]) -> tuple[Said, ...]:
    """Give who was heard of, each once for each kind."""
    found = {(one.email, one.kind): _said(one, HEARD[one.kind]) for one in history if one.kind in HEARD}
    return tuple(found.values())


def _said(one: LogLine, text: str) -> Said:
    return Said(email=one.email, name=one.name, at=one.at, text=text)


def _no_news(case: Case, policy: Policy, now: Instant, until: Instant) -> Said | None:
    """Say that the next letter of a case would be held for want of news, while there is time to give some."""
    step = step_of(case.thread, policy)
    if case.thread.state not in SENDABLE or step is None:
        return None
    at = next_opening(case, policy, now).at
    decision = decide(case, policy, at, 0) if at <= until else None
    if not isinstance(decision, Hold) or not decision.reason.startswith(NOTHING_NEW):
        return None
    contact, missing = case.contact, f" --milestone {word(step.milestone)}" if step.milestone else ""
    day = local_day(at, policy.me.zone).isoformat()
    what = f"{step.milestone!r} is not reached" if step.milestone else f"nothing new to tell {contact.name}".rstrip()
    text = f'{what} before {day}; to give some: followupd note {word(contact.email)}{missing} "..."'
    return Said(email=contact.email, name=contact.name, at=at, text=f"{text}; else the letter waits for you")
