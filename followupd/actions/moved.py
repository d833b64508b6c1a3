"""When the config changed, every waiting letter gets its new date before anything is sent, and its history says so."""

import logging
from collections.abc import Sequence
from dataclasses import replace

from followupd.app import App, Desk
from followupd.core.cadence import SENDABLE, fingerprint, reckon
from followupd.core.errors import TryLaterError
from followupd.core.instants import Instant, to_text
from followupd.core.model import Case, Change, Event, Planned
from followupd.store import facts, threads

log = logging.getLogger(__name__)

_MARK = "dates_by"
"""The fact that tells by which config the dates of the threads were reckoned."""

_AT_ONCE = 500
"""Threads that get their new dates in one transaction."""


def follow_config(app: App, now: Instant) -> int:
    """Reckon every date anew if the config changed since the last round; give how many threads moved.

    Letters that a shorter wait makes late all at once leave in the numbers that the daily limit allows.
    """
    mark = fingerprint(app.settings.policy)
    if not _changed(app, mark):
        return 0
    moved, ids = 0, threads.open_ids(app.db)
    for start in range(0, len(ids), _AT_ONCE):
        # not one commit a thread, and not so many at once that another command waits for the lock in vain
        with app.db.immediate():
            moved += _follow(app, threads.cases_of(app.db, ids[start : start + _AT_ONCE]), now)
    facts.put(app.db, _MARK, mark, now)
    return moved


def _follow(app: App, cases: Sequence[Case], now: Instant) -> int:
    moved = 0
    for case in cases:
        fresh = reckon(case, app.settings.policy, now)
        if case.thread.state not in SENDABLE or not _differ(case.thread.next_at, fresh.next_at, now):
            continue
        told = Event(at=now, kind="moved", text=_sentence(case.thread.next_at, fresh.next_at))
        try:
            threads.apply(app.db, Change(thread=replace(case.thread, next_at=fresh.next_at), events=(told,)))
        except TryLaterError:
            # the user changed it meanwhile, and their change was dated by the config as it is now
            continue
        log.info("%s: %s", case.contact.email, told.text)
        moved += 1
    return moved


def moving(desk: Desk, cases: Sequence[Case], planned: Sequence[Planned]) -> dict[int, Instant]:
    """Give, by thread, the date known so far of each next letter that the config as it is now moves to another."""
    policy = desk.settings.policy
    if not _changed(desk, fingerprint(policy)):
        return {}
    now = desk.clock.now()
    # what the daily limit or a day of many letters moves in the plan is not the config's doing
    known = {
        case.thread.id: case.thread.next_at
        for case in cases
        if case.thread.state in SENDABLE and _differ(case.thread.next_at, reckon(case, policy, now).next_at, now)
    }
    first = {one.thread_id: one.at for one in reversed(planned)}
    return {thread: was for thread, at in first.items() if (was := known.get(thread)) is not None and was != at}


def _changed(desk: App | Desk, mark: str) -> bool:
    known = facts.get(desk.db, _MARK)
    return known is None or known[0] != mark


def _differ(before: Instant | None, after: Instant | None, now: Instant) -> bool:
    """Tell two dates apart; of two that are due the one is as good as the other."""
    due = before is not None and after is not None and max(before, after) <= now
    return before != after and not due


def _sentence(before: Instant | None, after: Instant | None) -> str:
    then, now = (to_text(one) if one else "no day" for one in (before, after))
    return f"the config changed: the next letter goes at {now}, not at {then}"
