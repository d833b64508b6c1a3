"""Which letter goes to whom and when, if nothing happens: `decide`, repeated into the future.

The daemon asks the same functions, so that a plan and what is done cannot disagree.
"""

import heapq
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import TypeAlias

from followupd.core.bounds import bounded, seen
from followupd.core.cadence import SENDABLE, next_opening, step_of, tellable, template_of
from followupd.core.compose import message_id
from followupd.core.decide import decide
from followupd.core.instants import Instant, local_day
from followupd.core.model import Case, Letter, LetterState, Planned, Send, Skip, State, Wait
from followupd.core.outcome import passed
from followupd.core.settings import Policy

_Due: TypeAlias = tuple[Instant, int, int, Case, tuple[str, ...]]
"""When a thread is looked at next; thread and number, which order what is due together; and why then."""


def foresee(
    cases: Sequence[Case], policy: Policy, now: Instant, until: Instant, sent_today: int = 0
) -> tuple[Planned, ...]:
    """Give the letters that would go out from `now` to `until`, the earliest first.

    `sent_today` are the letters that went out since midnight where the user is; they count towards the daily limit.
    """
    per_day: Counter[object] = Counter({local_day(now, policy.me.zone): sent_today})
    queue: list[_Due] = []
    present = dict(enumerate(cases))
    crowded = policy.max_open or policy.organisation_gap.least_days()
    for number, case in enumerate(cases):
        _push(queue, number, _resumed(case), policy, now)
    planned: list[Planned] = []
    while queue and queue[0][0] <= until:
        at, _, number, case, why = heapq.heappop(queue)
        day = local_day(at, policy.me.zone)
        decision = decide(case, policy, at, per_day[day])
        moved = f"{policy.daily_limit} letters go out on {day.isoformat()} already"
        if isinstance(decision, Send):
            moved = "somebody else of their organisation is written to before"
            decision = bounded(case, policy, seen(case, present.values() if crowded else ()), at) or decision
        match decision:
            case Send():
                per_day[day] += 1
                planned.append(_planned(case, policy, at, why))
                present[number] = after_letter(case, policy, at)
                _push(queue, number, present[number], policy, at)
            case Wait(until=later) if later is not None and later > at:
                heapq.heappush(queue, (later, case.thread.id, number, case, (*why, f"{later.isoformat()}: {moved}")))
            case Skip():
                _push(queue, number, replace(case, thread=passed(case.thread, at)), policy, at)
            case _:
                continue
    return tuple(planned)


def after_letter(case: Case, policy: Policy, at: Instant, told: Collection[int] | None = None) -> Case:
    """Give the case as it will stand once the next letter has gone out at `at`, and nothing else has happened.

    `told` are the ids of the notes that it tells; where they are not known, every letter but the first tells the
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
    )
    kept = tuple(one for one in case.letters if one.step != thread.step)
    after = replace(passed(thread, at), state=State.WAITING, not_before=None)
    unspent = [note for note in case.notes if note.spent_by is None]
    newest = {note.id for note in tellable(case, policy, at)[:1]}
    spent = told if told is not None else newest if thread.step else set()
    notes = tuple(note for note in unspent if note.id not in spent)
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


def _resumed(case: Case) -> Case:
    """Take a pause that ends by itself as ended on its day."""
    thread = case.thread
    if thread.state is not State.PAUSED or thread.paused_until is None or thread.resume_to not in SENDABLE:
        return case
    until = max(thread.paused_until, thread.not_before or thread.paused_until)
    back = State.WAITING if thread.step else State.SCHEDULED
    return replace(case, thread=replace(thread, state=back, not_before=until))


def _push(queue: "list[_Due]", number: int, case: Case, policy: Policy, now: Instant) -> None:
    thread = case.thread
    if thread.state in SENDABLE and step_of(thread, policy) is not None:
        leaves = next_opening(case, policy, now)
        heapq.heappush(queue, (leaves.at, thread.id, number, case, leaves.why))
