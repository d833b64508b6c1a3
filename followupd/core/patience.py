"""What patience has earned: which answers came, after which letter, how long they took, and what impatience had lost.

A thread counts from its first letter to its first answer; what it did once it was reopened is another story. A thread
without an answer counts for as long as an answer would have been seen and no longer: it is censored, in the words of
Kaplan and Meier (Nonparametric Estimation from Incomplete Observations, 1958). Few numbers bear no percentages: here
are counts only.
"""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final

from followupd.core.instants import Instant
from followupd.core.model import ANSWERS, Event, LetterState, Outreach, State

LONG: Final = 30
"""Days after which an answer counts as one that needed patience."""
WEEKS: Final = (2, 4, 12)
"""Weeks after which others give up."""
ENOUGH_THREADS: Final = 10
ENOUGH_ANSWERS: Final = 3
"""From how many threads and answers on a curve says anything."""
AGES: Final = ((7, "within a week"), (14, "in the second week"), (28, "in weeks 3 and 4"), (84, "in weeks 5 to 12"),
               (183, "after 3 to 6 months"), (365, "after 6 to 12 months"))  # fmt: skip
LATER: Final = "after more than a year"
_ENDINGS: Final = {
    State.OPTED_OUT: ("opted-out", State.OPTED_OUT),
    State.UNDELIVERABLE: ("undeliverable",),
    State.STOPPED: ("stopped",),
}
"""States in which nobody waits for an answer any more, by the kinds of event that lead there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """How one outreach went: `letters` went out before the answer (or so far), the last of them from `template`.

    `until` is the first answer if there is one, else the instant up to which one would have been seen.
    """

    email: str
    name: str
    begun: Instant
    until: Instant
    answered: bool
    letters: int
    template: str
    templates: tuple[str, ...] = ()
    hint: str = ""

    @property
    def days(self) -> int:
        """Whole days from the first letter."""
        return max((self.until - self.begun).days, 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """Answers by the days they took, the shortest first, and how many of them an end after so many weeks had lost."""

    asked: int
    days: tuple[int, ...]
    ages: tuple[tuple[str, int], ...]
    lost: tuple[tuple[int, int], ...]
    said: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """On this day of its thread, so many came of those still watched; `share` have answered by then (0 to 1)."""

    day: int
    watched: int
    answered: int
    share: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve:
    """The Kaplan-Meier estimate of how answers come with time; `silent` are the days at which silent threads leave."""

    points: tuple[Point, ...]
    silent: tuple[int, ...]
    threads: int
    answers: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Earned:
    """How many letters of a template went out before an answer, and how many were the last one before it."""

    template: str
    sent: int
    answered: int


def asked(outreaches: Collection[Outreach], now: Instant) -> tuple[Asked, ...]:
    """Give how each outreach went whose first letter is out."""
    return tuple(found for one in outreaches if (found := _asked(one, now)) is not None)


def account(found: Collection[Asked]) -> Account:
    """Draw up the account."""
    days = tuple(sorted(one.days for one in found if one.answered))
    ages: Counter[str] = Counter(_age(day) for day in days)
    names = [*(name for _, name in AGES), LATER]
    return Account(
        asked=len(found),
        days=days,
        ages=tuple((name, ages[name]) for name in names),
        lost=tuple((weeks, sum(day > weeks * 7 for day in days)) for weeks in WEEKS),
        said=_said(days),
    )


def curve(found: Collection[Asked]) -> Curve | None:
    """Estimate how answers come with time; None where there is too little to go by."""
    answered = Counter(one.days for one in found if one.answered)
    silent = sorted(one.days for one in found if not one.answered)
    if len(found) < ENOUGH_THREADS or answered.total() < ENOUGH_ANSWERS:
        return None
    waiting, points = 1.0, []
    for day in sorted(answered):
        watched = sum(one.days >= day for one in found)
        waiting *= 1 - answered[day] / watched
        points.append(Point(day=day, watched=watched, answered=answered[day], share=1 - waiting))
    return Curve(points=tuple(points), silent=tuple(silent), threads=len(found), answers=answered.total())


def earned(found: Collection[Asked]) -> tuple[Earned, ...]:
    """Give what each template earned, the one with the most answers first."""
    sent = Counter(template for one in found for template in one.templates)
    answered = Counter(one.template for one in found if one.answered)
    rows = [Earned(template=name, sent=count, answered=answered[name]) for name, count in sent.items()]
    return tuple(sorted(rows, key=lambda one: (-one.answered, -one.sent, one.template)))


def answered_at(outreach: Outreach, begun: Instant) -> Instant | None:
    """Give the instant of the first answer that still counts; None if there is none.

    That is when its message arrived, which may be long before it was read; without a message (a call) when it was told.
    """
    recorded = _recorded(outreach.events)
    if recorded is None and outreach.case.thread.state is State.ANSWERED:  # its event was taken back, another stands
        recorded = outreach.events[-1].at if outreach.events else outreach.case.thread.anchor
    if recorded is None:
        return None
    arrived = [
        one.received_at
        for one in outreach.messages
        if one.verdict in ANSWERS and not one.not_answer and not one.held and begun <= one.received_at <= recorded
    ]
    return min(arrived, default=recorded)


def _recorded(events: Sequence[Event]) -> Instant | None:
    found: Instant | None = None
    for one in events:
        if one.kind == "answered":
            found = found or one.at
        elif one.kind == "not-an-answer":
            found = None
    return found


def _asked(outreach: Outreach, now: Instant) -> Asked | None:
    case = outreach.case
    sent = [(one.sent_at, one.template) for one in case.letters if one.state is LetterState.SENT and one.sent_at]
    if not sent:
        return None
    sent.sort()
    begun = sent[0][0]
    answer = answered_at(outreach, begun)
    until = answer or _watched_until(outreach, now)
    before = tuple(template for at, template in sent if at <= until)
    return Asked(
        email=case.contact.email,
        name=case.contact.name,
        begun=begun,
        until=until,
        answered=answer is not None,
        letters=len(before),
        template=before[-1] if before else "",
        templates=before,
        hint=next((one.hint for one in outreach.messages if answer and one.received_at == answer), ""),
    )


def _watched_until(outreach: Outreach, now: Instant) -> Instant:
    """Give the instant up to which an answer would have been seen as one: whoever is left alone is asked no more."""
    kinds = _ENDINGS.get(outreach.case.thread.state, ())
    ends = [one.at for one in outreach.events if one.kind in kinds]
    return max(ends, default=now)


def _age(day: int) -> str:
    return next((name for least, name in AGES if day <= least), LATER)


def _said(days: Sequence[int]) -> str:
    """Say it in a sentence; nothing is said of answers that have not come."""
    if not days:
        return "The account opens with the first answer."
    answers = f"{len(days)} answer{'s' if len(days) != 1 else ''}"
    longest = f"{days[-1]} day{'s' if days[-1] != 1 else ''}"
    return f"{sum(day > LONG for day in days)} of {answers} came after day {LONG}; the longest wait was {longest}."
