"""What somebody said when they asked to be written to later is kept, for the letter that goes out because of it."""

import re
from datetime import date
from typing import Final

from followupd.app import Desk
from followupd.core.cadence import home
from followupd.core.instants import local_day
from followupd.core.model import ANSWERS, Case
from followupd.store import messages

LONGEST: Final = 200
"""Characters; whoever asked in more words is answered by the usual letter."""

_SENTENCE: Final = re.compile(r"(?<=[.!?])\s+|\n\s*\n")


def asked_in_words(desk: Desk, case: Case) -> str:
    """Give the sentence of their newest answer by which they asked to be written to later; "" if there is none."""
    said = [one for one in messages.of_thread(desk.db, case.thread.id) if one.verdict in ANSWERS and not one.not_answer]
    newest = max(said, key=lambda one: one.received_at, default=None)
    if newest is None or newest.hint != "later":
        return ""
    # its patterns take longer to compile than `status` takes in all
    from followupd.core import wording

    sentences = (" ".join(one.split()) for one in _SENTENCE.split(newest.excerpt))
    return next((one for one in sentences if len(one) <= LONGEST and wording.hint(one) == "later"), "")


def earlier_than_asked(desk: Desk, case: Case) -> date | None:
    """Give the day they last asked to be written to again, if the next letter leaves before it; else None."""
    asked = [one.asked_for for one in messages.of_contact(desk.db, case.contact.id) if not one.not_answer]
    last = next((day for day in reversed(asked) if day), None)
    if last is None or case.thread.next_at is None:
        return None
    return last if local_day(case.thread.next_at, home(case.contact, desk.settings.policy)) < last else None
