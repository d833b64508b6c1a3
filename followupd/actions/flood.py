"""A flood of mail fills no database: of what changes nothing, a hundred messages a day are kept of one person.

Two robots that answer each other, or somebody who wants to do harm, can send any number in a night. Each message is
still read and judged, so that an answer among them counts; what moves a thread is always kept.
"""

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from typing import Final

from followupd.core.instants import Instant
from followupd.core.model import Change, Event, Message, Thread
from followupd.store import messages
from followupd.store.db import Db
from followupd.store.messages import Outcome

MOST: Final = 100
DAY: Final = timedelta(days=1)


def moves(before: Thread, after: Thread) -> bool:
    """Tell whether a thread is moved: its state, its step, or by a day at least the date before which nothing goes."""
    if _stand(before) != _stand(after):
        return True
    if after.not_before is None or before.not_before is None:
        return after.not_before is not before.not_before
    return abs(after.not_before - before.not_before) >= DAY


def _stand(thread: Thread) -> tuple[object, ...]:
    return thread.state, thread.step, thread.anchor, thread.due_at


class Flood:
    """Counts the messages of one page beside those that are written down already."""

    def __init__(self, db: Db) -> None:
        self._db = db
        self._here: Counter[int | None] = Counter()

    def kept(self, judged: Outcome, thread: Thread, now: Instant, *, moved: bool) -> Outcome | None:
        """Give what is to be written down of a judged message; None for nothing.

        The last one that is kept of a day says so in the history of its `thread`.
        """
        message = judged.message
        before = self._before(message)
        if before >= MOST and not moved and not judged.returned:
            return None
        self._here[message.contact_id] += 1
        if before != MOST - 1:
            return judged
        text = f"{MOST} messages came in a day; of those that change nothing no more are kept"
        change = judged.change or Change(thread=thread)
        told = (*change.events, Event(at=now, kind="message", text=text))
        return replace(judged, change=replace(change, events=told))

    def _before(self, message: Message) -> int:
        contact, until = message.contact_id, message.received_at
        known = messages.count_between(self._db, contact, until - DAY, until, MOST)
        return known + self._here[contact]
