"""Which letter goes to whom and when, if nothing happens: `decide`, repeated into the future.

The daemon asks the same functions, so that a plan and what is done cannot disagree. A letter that waits for what no
day alone brings (a place among those who are asked at once) gets its date where the plan itself brings it, and is told
with its reason where not.
"""

import heapq
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeAlias

from followupd.core.bounds import NO_ROOM, bounded, seen, turn
from followupd.core.cadence import SENDABLE, is_opening, leaves, step_of, tellable, template_of
from followupd.core.compose import message_id
from followupd.core.connections import MAIN
from followupd.core.decide import decide
from followupd.core.instants import Instant, local_day
from followupd.core.model import (
    Barred,
    Case,
    Contact,
    Decision,
    Hold,
    Letter,
    LetterState,
    Planned,
    Send,
    Skip,
    State,
    Wait,
)
from followupd.core.news import untold, words
from followupd.core.outcome import passed
from followupd.core.settings import Policy

_Due: TypeAlias = tuple[Instant, int, int, Case, tuple[str, ...]]
"""When a thread is looked at next; thread and number, which order what is due together; and why then."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Today:
    """What has been done: letters of each account since midnight where the user is; who is owed an offer."""

    sent: Mapping[str, int] = field(default_factory=dict)
    owed: Collection[Contact] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
    """The letters to come, the earliest first, and those that are due and have no date."""

    letters: tuple[Planned, ...] = ()
    barred: tuple[Barred, ...] = ()


def foresee(
    cases: Sequence[Case], policy: Policy, now: Instant, until: Instant, sent_today: int = 0
) -> tuple[Planned, ...]:
    """Give the letters that would go out from `now` to `until`, the earliest first.

    `sent_today` are the letters of the first account since midnight where the user is; they count towards its limit.
    """
    return outlook(cases, policy, now, until, Today(sent={MAIN: sent_today})).letters


def outlook(cases: Sequence[Case], policy: Policy, now: Instant, until: Instant, today: Today | None = None) -> Outlook:
    """Give what `foresee` does, and what stands before the letters that are due and get no date by then."""
    future = _Future(cases, policy, now, today or Today())
    while future.queue and future.queue[0][0] <= until:
        future.look()
    waiting = sorted(future.barred, key=lambda one: turn(future.present[one].thread))
    barred = tuple(_barred(future.present[one], policy, future.barred[one]) for one in waiting)
    return Outlook(letters=tuple(future.planned), barred=barred)


class _Future:
    """The threads as they will stand, by number, and when each is looked at next."""

    def __init__(self, cases: Sequence[Case], policy: Policy, now: Instant, today: Today) -> None:
        self._policy = policy
        day = local_day(now, policy.me.zone)
        self._per_day: Counter[object] = Counter({(account, day): sent for account, sent in today.sent.items()})
        self._owed = today.owed
        self._crowded = policy.max_open or policy.organisation_gap.least_days() or policy.offers
        self.present = {number: _resumed(case) for number, case in enumerate(cases)}
        self.barred: dict[int, str] = {}
        self.planned: list[Planned] = []
        self.queue: list[_Due] = []
        for number, case in self.present.items():
            self._push(number, case, now)

    def look(self) -> None:
        """Carry out the next decision."""
        at, _, number, case, why = heapq.heappop(self.queue)
        match self._decision(case, at):
            case Send():
                self._send(number, case, at, why)
            case Wait(until=later, reason=reason) if later is not None and later > at:
                moved = (*why, f"{later.isoformat()}: {reason or self._limit(at)}")
                heapq.heappush(self.queue, (later, case.thread.id, number, case, moved))
            case Wait(reason=reason) if reason:
                self.barred[number] = reason
            case Hold(reason=reason) if reason.startswith(NO_ROOM):
                self.barred[number] = reason
            case Skip():
                self._push(number, replace(case, thread=passed(case.thread, at)), at)
            case _:
                return

    def _decision(self, case: Case, at: Instant) -> Decision:
        decision = decide(case, self._policy, at, self._per_day[self._day(case, at)])
        if not isinstance(decision, Send):
            return decision
        around = seen(case, self.present.values() if self._crowded else (), at, self._owed)
        return bounded(case, self._policy, around, at) or decision

    def _day(self, case: Case, at: Instant) -> tuple[str, object]:
        """Give what the daily limit counts by."""
        return case.contact.account, local_day(at, self._policy.me.zone)

    def _send(self, number: int, case: Case, at: Instant, why: tuple[str, ...]) -> None:
        self._per_day[self._day(case, at)] += 1
        self.planned.append(_planned(case, self._policy, at, why))
        self.present[number] = after = _ended(after_letter(case, self._policy, at), self._policy)
        self._push(number, after, at)
        if after.thread.state is State.SILENT:
            for waiting, reason in self.barred.items():
                self._push(waiting, self.present[waiting], at, (f"{at.isoformat()}: until then {reason}",))
            self.barred = {}

    def _limit(self, at: Instant) -> str:
        day = local_day(at, self._policy.me.zone).isoformat()
        return f"{self._policy.daily_limit} letters go out on {day} already"

    def _push(self, number: int, case: Case, now: Instant, before: tuple[str, ...] = ()) -> None:
        thread = case.thread
        if thread.state in SENDABLE and step_of(thread, self._policy) is not None:
            found = leaves(case, self._policy, now)
            heapq.heappush(self.queue, (found.at, thread.id, number, case, (*before, *found.why)))


def after_letter(case: Case, policy: Policy, at: Instant, told: Collection[int] | None = None) -> Case:
    """Give the case as it will stand once the next letter has gone out at `at`, and nothing else has happened.

    `told` are the ids of the notes that it tells; where they are not known, every letter but an opening one tells the
    newest.
    """
    thread = case.thread
    step = step_of(thread, policy)
    letter = Letter(
        thread_id=thread.id,
        step=thread.step,
        template=template_of(thread, step) if step else "",
        state=LetterState.SENT,
        message_id=message_id(thread, 1, policy.me.email),
        subject="",
        body="",
        created_at=at,
        sent_at=at,
        mail_from=policy.me.email,
        rcpt_to=case.contact.email,
    )
    kept = tuple(one for one in case.letters if one.step != thread.step)
    after = replace(passed(thread, at), state=State.WAITING, not_before=None)
    unspent = tuple(untold(case))
    newest = {note.id for note in tellable(case, policy, at)[:1]}
    spent = told if told is not None else set() if is_opening(case, policy) else newest
    said = {words(note.text) for note in unspent if note.id in spent}
    notes = tuple(note for note in unspent if words(note.text) not in said)
    return replace(case, thread=after, letters=(*kept, letter), notes=notes)


def _planned(case: Case, policy: Policy, at: Instant, why: tuple[str, ...]) -> Planned:
    step = step_of(case.thread, policy)
    return Planned(
        at=at,
        email=case.contact.email,
        thread_id=case.thread.id,
        step=case.thread.step,
        template=template_of(case.thread, step) if step else "",
        why=why,
    )


def _barred(case: Case, policy: Policy, reason: str) -> Barred:
    step = step_of(case.thread, policy)
    return Barred(
        email=case.contact.email,
        thread_id=case.thread.id,
        step=case.thread.step,
        template=template_of(case.thread, step) if step else "",
        reason=reason,
    )


def _ended(case: Case, policy: Policy) -> Case:
    """Give a case as the last letter leaves it: silent."""
    over = step_of(case.thread, policy) is None
    return replace(case, thread=replace(case.thread, state=State.SILENT, next_at=None)) if over else case


def _resumed(case: Case) -> Case:
    """Take a pause that ends by itself as ended on its day, and one that waits for room as waiting still."""
    thread = case.thread
    if thread.state is State.HELD and thread.reason.startswith(NO_ROOM):
        return replace(case, thread=replace(thread, state=State.WAITING if thread.step else State.SCHEDULED))
    if thread.state is not State.PAUSED or thread.paused_until is None or thread.resume_to not in SENDABLE:
        return case
    until = max(thread.paused_until, thread.not_before or thread.paused_until)
    back = State.WAITING if thread.step else State.SCHEDULED
    return replace(case, thread=replace(thread, state=back, not_before=until))
