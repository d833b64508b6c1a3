"""The day for which somebody asked to be written to again, and whether it passed without a letter (a kept word).

A letter that takes up their words has one day on which it keeps them. If the daemon was down over it, or the letter
waited for the user, the user hears of that first.
"""

from datetime import date
from typing import Final

from followupd.core.cadence import home, leaves_on
from followupd.core.instants import Instant, local_day
from followupd.core.model import Case
from followupd.core.settings import Policy

KIND: Final = "word-late"
"""How history calls it."""


def day(case: Case, policy: Policy) -> date | None:
    """Give the day on which the letter that they asked for is to go, where they are; None where they asked for none."""
    wanted = [at for at in (case.thread.due_at, case.thread.not_before) if at is not None]
    if not case.thread.kept_words or not wanted:
        return None
    return leaves_on(case.contact, policy)(local_day(max(wanted), home(case.contact, policy)))


def late(case: Case, policy: Policy, now: Instant) -> str:
    """Say that the day has passed without the letter; "" while it has not."""
    on = day(case, policy)
    if on is None or local_day(now, home(case.contact, policy)) <= on:
        return ""
    return f"they had asked for {on.isoformat()}, and your letter did not go that day"
