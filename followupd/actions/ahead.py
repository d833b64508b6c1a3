"""Letters that are to be approved are written ahead of their day, for their drafts, as they will be on that day."""

import logging
from typing import Final

from followupd.actions import adoption, question
from followupd.actions.writing import write
from followupd.app import App
from followupd.core.bounds import bounded
from followupd.core.cadence import SENDABLE, present_letter
from followupd.core.decide import decide
from followupd.core.errors import FollowupdError
from followupd.core.instants import Instant, add
from followupd.core.model import Case, Letter, LetterState, Send
from followupd.store import drafts, threads
from followupd.store.bounds import around

log = logging.getLogger(__name__)

_MOST: Final = 50
"""Drafts that lie there at once for letters to come."""
_ANEW: Final = frozenset({LetterState.HELD, LetterState.DISCARDED, LetterState.REFUSED})
"""The states of a step's letter in which one is written for its day."""


def coming(app: App, now: Instant, known: set[int]) -> list[Case]:
    """Give whose letters are due within the time ahead, or wait for approval already, and have no draft."""
    until = add(now, app.settings.policy.drafts, app.settings.policy.me.zone)
    due = threads.due(app.db, until, _MOST, account=app.account)
    held = [threads.case(app.db, one) for one in drafts.without(app.db, app.account, _MOST)]
    waiting = [case for case in held if _asked(app, case) is not None]
    without = [case for case in (*waiting, *due) if (one := present_letter(case)) is None or one.id not in known]
    return [case for case in without if app.serves(case.contact)][: max(0, _MOST - len(known))]


def _asked(app: App, case: Case) -> Letter | None:
    """Give the letter of a held thread, if nothing but the user's approval keeps it."""
    letter = present_letter(case)
    alone = letter is not None and question.approval_alone(case, letter, threads.events(app.db, case.thread.id))
    return letter if alone else None


def written(app: App, case: Case, now: Instant) -> Letter | None:
    """Write a letter ahead of its day, as it is on that day; None where it would not be put before the user then."""
    if case.thread.state not in SENDABLE:
        return _asked(app, case)
    before, policy, on = present_letter(case), app.settings.policy, max(now, case.thread.next_at or now)
    if before is not None and (before.state not in _ANEW or before.said or before.vetoed_at is not None):
        return None
    goes = isinstance(decide(case, policy, on, 0), Send)
    if not goes or bounded(case, policy, around(app.db, case, policy, on), on) or adoption.must_wait(app, case):
        return None
    try:
        write(app, case, now, on)
    except FollowupdError as error:
        text = f"{case.contact.email}: no draft yet: {error}"
        log.log(app.told.level(logging.INFO, f"ahead {case.thread.id}", text, now), "%s", text)
        return None
    letter = present_letter(threads.case(app.db, case.thread.id))
    return letter if letter is not None and letter.state is LetterState.HELD and not letter.said else None
