"""What the daemon decides of a thread is written down; where the user changed it meanwhile, their word wins."""

import logging

from followupd.app import Desk
from followupd.core import outcome, states
from followupd.core.errors import TryLaterError
from followupd.core.instants import Instant
from followupd.core.model import Case, Change, Event
from followupd.store import threads

log = logging.getLogger(__name__)


def hold(desk: Desk, case: Case, reason: str, now: Instant) -> None:
    """Hold a thread, and say why."""
    event = Event(at=now, kind="held", text=reason)
    if dated(desk, case, states.move(case.thread, states.Happening.HOLD, event), now):
        log.warning("%s: held: %s", case.contact.email, reason)


def dated(desk: Desk, case: Case, change: Change, now: Instant) -> bool:
    """Write a change down with the date of the next letter that follows from it; see `written`."""
    return written(desk, case, outcome.settled(case, change, desk.settings.policy, now))


def written(desk: Desk, case: Case, change: Change) -> bool:
    """Write a change down; False if the user changed the thread meanwhile: then the next round decides anew."""
    try:
        threads.apply(desk.db, change)
    except TryLaterError as error:
        log.info("%s: left to the next round: %s", case.contact.email, error)
        return False
    return True
