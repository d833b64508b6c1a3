"""Threads and their history: a change is written whole, or not at all if its thread was changed meanwhile."""

import sqlite3
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Final

from followupd.core.addresses import key
from followupd.core.connections import MAIN
from followupd.core.errors import FollowupdError, TryLaterError
from followupd.core.instants import Instant, from_text, to_text
from followupd.core.model import Case, Change, Event, State, Thread
from followupd.store import cases, values
from followupd.store.db import Db, Value

_INSERT: Final = """
    INSERT INTO threads (id, key, contact_id, cadence, state, reason, step, created_at, anchor, first_on, due_at,
        not_before, paused_until, resume_to, next_at, kept_words, continues, revision)
    VALUES (:id, :key, :contact_id, :cadence, :state, :reason, :step, :created_at, :anchor, :first_on, :due_at,
        :not_before, :paused_until, :resume_to, :next_at, :kept_words, :continues, 1)"""
OWNER: Final = """
    SELECT contact_id FROM addresses WHERE address = :address
    UNION ALL SELECT contact_id FROM addresses WHERE mailbox = :mailbox AND mailbox <> '' LIMIT 1"""
"""Whose an address is: that very address first, then any spelling of its mailbox."""
_ADD_EVENT: Final = "INSERT INTO events (thread_id, at, kind, text) VALUES (?, ?, ?, ?)"
_POSTPONE: Final = "UPDATE threads SET next_at = ?, revision = revision + 1 WHERE id = ? AND revision = ?"
_UPDATE: Final = """
    UPDATE threads SET cadence = :cadence, state = :state, reason = :reason, step = :step, anchor = :anchor,
        first_on = :first_on, due_at = :due_at, not_before = :not_before, paused_until = :paused_until,
        resume_to = :resume_to, next_at = :next_at, kept_words = :kept_words, revision = revision + 1
    WHERE id = :id AND revision = :revision"""


def standing(db: Db, thread_id: int) -> Thread:
    """Give a thread as it stands; raise FollowupdError if there is none of this id."""
    row = db.row("SELECT * FROM threads WHERE id = ?", (thread_id,))
    if row is None:
        raise FollowupdError("there is no such thread", where=f"thread {thread_id}")
    return values.thread(row)


def case(db: Db, thread_id: int) -> Case:
    """Give all about one thread; raise FollowupdError if there is none of this id."""
    with db.snapshot():
        return cases.load(db, [standing(db, thread_id)])[0]


def case_of(db: Db, address: str) -> Case | None:
    """Give the open thread of the contact who has this address, in any spelling, else their newest; None if none."""
    with db.snapshot():
        row = db.row(
            f"SELECT * FROM threads WHERE contact_id = ({OWNER}) "  # noqa: S608  # a constant of this file
            "ORDER BY state IN ('scheduled', 'waiting', 'held', 'paused') DESC, id DESC LIMIT 1",
            {"address": address, "mailbox": key(address)},
        )
        return None if row is None else cases.load(db, [values.thread(row)])[0]


def cases_of(db: Db, thread_ids: Collection[int]) -> tuple[Case, ...]:
    """Give all about these threads, in their order; the letters' `raw` is left empty."""
    with db.snapshot():
        rows = db.rows(
            "SELECT t.* FROM json_each(?) AS wanted CROSS JOIN threads AS t ON t.id = wanted.value ORDER BY wanted.key",
            (values.listed(thread_ids),),
        )
        return cases.load(db, [values.thread(row) for row in rows], with_raw=False)


def ids_of(db: Db, keys: Collection[str]) -> dict[str, int]:
    """Give the thread for each of these keys that a thread has, the oldest thread first."""
    rows = db.rows(
        "SELECT key, id FROM threads WHERE key IN (SELECT value FROM json_each(?)) ORDER BY id", (values.listed(keys),)
    )
    return {row["key"]: row["id"] for row in rows}


def due(  # noqa: PLR0913  # one query, each of its bounds by name
    db: Db,
    now: Instant,
    *,
    limit: int = 1000,
    account: str = MAIN,
    openings: Collection[int] | None = None,
    after: Thread | None = None,
) -> tuple[Case, ...]:
    """Give what an account may send by now, the longest overdue first; of opening letters, if told, only these.

    With `after` it goes on behind that thread, as it was given. INDEXED BY makes it an error, not a slow query, if the
    index can no longer serve it.
    """
    with db.snapshot():
        rows = db.rows(
            "SELECT t.* FROM threads AS t INDEXED BY threads_due CROSS JOIN contacts AS c ON c.id = t.contact_id "
            "WHERE t.state IN ('scheduled', 'waiting') AND t.next_at <= :now AND (t.next_at, t.id) > (:at, :id) "
            "AND c.account = :account AND (:openings IS NULL OR t.step > 0 OR t.continues IS NOT NULL "
            "OR t.id IN (SELECT value FROM json_each(:openings))) ORDER BY t.next_at, t.id LIMIT :limit",
            {
                "now": to_text(now),
                "at": values.text_or_none(after.next_at if after else None) or "",
                "id": after.id if after else 0,
                "account": account,
                "openings": None if openings is None else values.listed(openings),
                "limit": limit,
            },
        )
        return cases.load(db, [values.thread(row) for row in rows])


def held_for(db: Db, reason: str) -> tuple[Case, ...]:
    """Give the held threads whose reason begins so, the oldest first."""
    with db.snapshot():
        rows = db.rows(
            "SELECT * FROM threads WHERE state = 'held' AND substr(reason, 1, ?) = ? ORDER BY id", (len(reason), reason)
        )
        return cases.load(db, [values.thread(row) for row in rows])


def pauses_over(db: Db, now: Instant) -> tuple[Case, ...]:
    """Give the paused threads whose pause has ended by now."""
    with db.snapshot():
        rows = db.rows(
            "SELECT * FROM threads INDEXED BY threads_pausing "
            "WHERE state = 'paused' AND paused_until IS NOT NULL AND paused_until <= ? "
            "ORDER BY paused_until, id",
            (to_text(now),),
        )
        return cases.load(db, [values.thread(row) for row in rows])


def open_cases(db: Db) -> tuple[Case, ...]:
    """Give every open thread, the one that is due next first; the letters' `raw` is left empty."""
    with db.snapshot():
        rows = db.rows(
            "SELECT * FROM threads WHERE state IN ('scheduled', 'waiting', 'held', 'paused') "
            "ORDER BY next_at IS NULL, next_at, id"
        )
        return cases.load(db, [values.thread(row) for row in rows], with_raw=False)


def open_ids(db: Db) -> tuple[int, ...]:
    """Give the number of every open thread, the oldest first."""
    rows = db.rows("SELECT id FROM threads WHERE state IN ('scheduled', 'waiting', 'held', 'paused') ORDER BY id")
    return tuple(row["id"] for row in rows)


def next_steps(db: Db) -> Iterator[tuple[int, str, int]]:
    """Give number, key and next step of every open thread, one after the other."""
    for row in db.each("SELECT id, key, step FROM threads WHERE state IN ('scheduled', 'waiting', 'held', 'paused')"):
        yield row["id"], row["key"], row["step"]


def next_due(db: Db, after: Instant | None = None) -> Instant | None:
    """Give the earliest instant, of those `after` one, at which a letter is due or a pause ends."""
    row = db.row(
        "SELECT min(at) FROM ("
        "SELECT min(next_at) AS at FROM threads INDEXED BY threads_due "
        "WHERE state IN ('scheduled', 'waiting') AND next_at > :after "
        "UNION ALL SELECT min(paused_until) FROM threads INDEXED BY threads_pausing "
        "WHERE state = 'paused' AND paused_until IS NOT NULL AND paused_until > :after)",
        {"after": values.text_or_none(after) or ""},
    )
    return values.instant_or_none(row[0]) if row else None


def apply(db: Db, change: Change) -> Thread:
    """Write a thread, its events and suppressions in one transaction; give the thread as it is now.

    Raises TryLaterError if somebody changed the thread after it was read: the decision has to be made again.
    """
    with db.immediate():
        before = standing(db, change.thread.id)
        if _update(db, change.thread).rowcount == 0:
            raise TryLaterError(
                "the thread was changed meanwhile", where=f"thread {change.thread.id}", hint="try again"
            )
        add_events(db, change.thread.id, change.events)
        _suppress(db, change)
        after = standing(db, change.thread.id)
        if _bars(before) != _bars(after):
            from followupd.store.sightings import thread_line

            db.tell(thread_line(after, change.events[-1].at if change.events else after.anchor))
        return after


def postpone(db: Db, later: Iterable[tuple[Thread, Instant | None]]) -> None:
    """Give threads another date, all in one transaction; one that was changed after it was read keeps what it has."""
    rows = [(values.text_or_none(until), thread.id, thread.revision) for thread, until in later]
    if rows:
        db.run_many(_POSTPONE, rows)


def backdate(db: Db, thread_id: int, created_at: Instant) -> None:
    """Let a thread have begun at another time; everything else of it is `apply`'s."""
    db.run("UPDATE threads SET created_at = ? WHERE id = ?", (to_text(created_at), thread_id))


def open_new(db: Db, thread: Thread, events: Sequence[Event]) -> Thread:
    """Begin another thread with a contact; raise FollowupdError if they have an open one."""
    with db.immediate():
        try:
            (thread_id,) = open_all(db, [(thread, events)])
        except sqlite3.IntegrityError as error:
            raise _unacceptable(error, thread) from error
        return standing(db, thread_id)


def open_all(db: Db, beginnings: Sequence[tuple[Thread, Sequence[Event]]]) -> range:
    """Begin many threads with their first events, all or none; give their ids in the same order."""
    with db.immediate():
        row = db.row("SELECT coalesce(max(id), 0) AS newest FROM threads")
        first = (row["newest"] if row else 0) + 1
        db.run_many(
            _INSERT, ({**values.thread_row(thread), "id": at} for at, (thread, _) in enumerate(beginnings, first))
        )
        db.run_many(
            _ADD_EVENT,
            (_event_row(at, event) for at, (_, events) in enumerate(beginnings, first) for event in events),
        )
        return range(first, first + len(beginnings))


def add_events(db: Db, thread_id: int, events: Sequence[Event]) -> None:
    """Add lines to a thread's history, inside the caller's transaction."""
    for event in events:
        db.run(_ADD_EVENT, _event_row(thread_id, event))


def _event_row(thread_id: int, event: Event) -> tuple[Value, ...]:
    return thread_id, to_text(event.at), event.kind, event.text


def events(db: Db, thread_id: int) -> tuple[Event, ...]:
    """Give a thread's history in the order in which it was written."""
    rows = db.rows("SELECT at, kind, text FROM events WHERE thread_id = ? ORDER BY id", (thread_id,))
    return tuple(values.event(row) for row in rows)


def history_with(db: Db, contact_id: int) -> tuple[Event, ...]:
    """Give the history of all threads with a contact in the order in which it was written."""
    rows = db.rows(
        "SELECT e.at, e.kind, e.text FROM threads AS t JOIN events AS e ON e.thread_id = t.id "
        "WHERE t.contact_id = ? ORDER BY e.id",
        (contact_id,),
    )
    return tuple(values.event(row) for row in rows)


def newest_event(db: Db) -> Instant | None:
    """Give the instant of the newest event of all: a clock that shows less is wrong."""
    row = db.row("SELECT max(at) FROM events")
    return None if row is None or row[0] is None else from_text(row[0])


def held_since(db: Db, since: Instant) -> tuple[tuple[str, Event], ...]:
    """Give why threads were held since an instant, the newest first, each with the address that is written to."""
    rows = db.rows(
        "SELECT a.address, e.at, e.kind, e.text FROM events AS e JOIN threads AS t ON t.id = e.thread_id "
        "JOIN addresses AS a ON a.contact_id = t.contact_id AND a.position = 0 "
        "WHERE e.at >= ? AND e.kind = 'held' ORDER BY e.at DESC, e.id DESC",
        (to_text(since),),
    )
    return tuple((row[0], Event(at=from_text(row[1]), kind=row[2], text=row[3])) for row in rows)


def _update(db: Db, thread: Thread) -> sqlite3.Cursor:
    try:
        return db.run(_UPDATE, values.thread_row(thread))
    except sqlite3.IntegrityError as error:
        raise _unacceptable(error, thread) from error


def _bars(thread: Thread) -> tuple[object, ...]:
    """Give what keeps letters back: the witness is told of every change of it."""
    return thread.state, thread.not_before, thread.paused_until, thread.resume_to is State.HELD


def _unacceptable(error: sqlite3.IntegrityError, thread: Thread) -> Exception:
    """Say in plain words that a contact has an open thread already; anything else is a bug and stays one."""
    if error.sqlite_errorcode == sqlite3.SQLITE_CONSTRAINT_UNIQUE and "threads.contact_id" in str(error):
        return FollowupdError("this contact has an open thread already", where=f"contact {thread.contact_id}")
    return error


def _suppress(db: Db, change: Change) -> None:
    """Remember the addresses never to be written to again; the first reason stands."""
    from followupd.store.sightings import never_line

    last = change.events[-1] if change.events else None
    reason = last.text if last else change.thread.reason
    at = to_text(last.at if last else change.thread.anchor)
    for address in change.suppress:
        db.tell(never_line(address, last.at if last else change.thread.anchor))
        db.run(
            "INSERT INTO suppressions (address, mailbox, reason, at) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
            (address, values.mailbox(address), reason, at),
        )
