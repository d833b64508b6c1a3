"""Whole threads with all that happened to them, read in a handful of queries."""

from collections import defaultdict
from collections.abc import Sequence

from followupd.core.model import Event, Message, Outreach, Thread
from followupd.store import cases, remembered, values
from followupd.store.db import Db


def everybody(db: Db) -> tuple[Outreach, ...]:
    """Give every thread, the oldest first."""
    with db.snapshot():
        return _whole(db, [values.thread(row) for row in db.rows("SELECT * FROM threads ORDER BY id")])


def waiting(db: Db) -> tuple[Outreach, ...]:
    """Give the threads that wait for the user: held, or with a letter that may have gone out."""
    with db.snapshot():
        rows = db.rows(
            "SELECT * FROM threads WHERE state = 'held' "
            "OR id IN (SELECT thread_id FROM letters WHERE state = 'uncertain') ORDER BY id"
        )
        return _whole(db, [values.thread(row) for row in rows])


def _whole(db: Db, found: Sequence[Thread]) -> tuple[Outreach, ...]:
    wanted = (values.listed([thread.id for thread in found]),)
    messages: defaultdict[int, list[Message]] = defaultdict(list)
    for row in db.rows(
        "SELECT m.* FROM json_each(?) AS wanted CROSS JOIN messages AS m ON m.thread_id = wanted.value "
        "ORDER BY m.received_at, m.id",
        wanted,
    ):
        messages[row["thread_id"]].append(remembered.message(row))
    events: defaultdict[int, list[Event]] = defaultdict(list)
    for row in db.rows(
        "SELECT e.* FROM json_each(?) AS wanted CROSS JOIN events AS e ON e.thread_id = wanted.value ORDER BY e.id",
        wanted,
    ):
        events[row["thread_id"]].append(values.event(row))
    return tuple(
        Outreach(
            case=case,
            messages=tuple(messages.get(case.thread.id, ())),
            events=tuple(events.get(case.thread.id, ())),
        )
        for case in cases.load(db, found, with_raw=False)
    )
