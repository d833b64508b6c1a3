"""Letters that are to be approved are written ahead of their day, for their drafts, as they will be on that day."""

import logging
from dataclasses import replace
from typing import Final

from followupd.actions import adoption, question
from followupd.actions.writing import composed, write
from followupd.app import App
from followupd.core.bounds import bounded
from followupd.core.cadence import SENDABLE, present_letter
from followupd.core.decide import decide
from followupd.core.draft_states import DraftState
from followupd.core.errors import FollowupdError
from followupd.core.instants import Instant, add
from followupd.core.model import Case, Letter, LetterState, Send
from followupd.store import drafts, letters, threads
from followupd.store.bounds import around

log = logging.getLogger(__name__)

_MOST: Final = 50
"""Drafts that lie there at once for letters to come."""
_ANEW: Final = frozenset({LetterState.HELD, LetterState.DISCARDED, LetterState.REFUSED})
"""The states of a step's letter in which one is written for its day."""


def coming(app: App, now: Instant, known: int) -> list[Case]:
    """Give whose letters are due within the time ahead, or wait for approval already, and have no draft.

    They are no more than there is room for beside so many drafts.
    """
    until = add(now, app.settings.policy.drafts, app.settings.policy.me.zone)
    due = threads.due(app.db, until, limit=_MOST, account=app.account)
    held = [threads.case(app.db, one) for one in drafts.without(app.db, app.account, _MOST)]
    waiting = [case for case in held if _asked(app, case) is not None]
    without = [case for case in (*waiting, *due) if app.serves(case.contact) and not _lies(app, case)]
    return without[: max(0, _MOST - known)]


def _lies(app: App, case: Case) -> bool:
    """Tell whether a letter has a draft: in the Drafts folder of another account, too, that somebody was moved from."""
    letter = present_letter(case)
    kept = drafts.get(app.db, letter.id) if letter is not None else None
    return kept is not None and kept.state is not DraftState.GONE


def _asked(app: App, case: Case) -> Letter | None:
    """Give the letter of a held thread, if nothing but the user's approval keeps it."""
    letter = present_letter(case)
    alone = letter is not None and question.approval_alone(case, letter, threads.events(app.db, case.thread.id))
    return letter if alone else None


def _to_and_from_here(app: App, case: Case, now: Instant) -> Letter | None:
    """Give the letter that waits for approval; written anew where the sender or their address is another one by now."""
    letter = _asked(app, case)
    ends = (app.settings.policy.me.email, case.contact.email)
    if letter is None or (letter.mail_from, letter.rcpt_to) == ends:
        return letter
    try:
        anew = composed(app, case, now).letter
    except FollowupdError as error:
        _no_draft(app, case, error, now)
        return None
    return letters.prepare(app.db, replace(anew, state=letter.state, said=letter.said))


def _no_draft(app: App, case: Case, error: FollowupdError, now: Instant) -> None:
    text = f"{case.contact.email}: no draft yet: {error}"
    log.log(app.told.level(logging.INFO, f"ahead {case.thread.id}", text, now), "%s", text)


def written(app: App, case: Case, now: Instant) -> Letter | None:
    """Write a letter ahead of its day, as it is on that day; None where it would not be put before the user then."""
    if case.thread.state not in SENDABLE:
        return _to_and_from_here(app, case, now)
    before, policy, on = present_letter(case), app.settings.policy, max(now, case.thread.next_at or now)
    if before is not None and (before.state not in _ANEW or before.said or before.vetoed_at is not None):
        return None
    goes = isinstance(decide(case, policy, on, 0), Send)
    if not goes or bounded(case, policy, around(app.db, case, policy, on), on) or adoption.must_wait(app, case):
        return None
    try:
        write(app, case, now, on)
    except FollowupdError as error:
        _no_draft(app, case, error, now)
        return None
    letter = present_letter(threads.case(app.db, case.thread.id))
    return letter if letter is not None and letter.state is LetterState.HELD and not letter.said else None
