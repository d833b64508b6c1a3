"""What arrived is written down together with the place it was read from: a crash repeats a message or none.

The same message in two folders, or read again after a UIDVALIDITY change, is one row: its Message-ID (or a digest where
there is none) is unique.
"""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from followupd.core.connections import MAIN
from followupd.core.errors import FollowupdError, TryLaterError
from followupd.core.instants import to_text
from followupd.failpoints import Point, reach
from followupd.store import cases, remembered, threads, values
from followupd.store.standing import may_become

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from followupd.core.instants import Instant
    from followupd.core.model import Candidate, Change, Cursor, Message, Thread
    from followupd.store.db import Db


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """A message with its verdict, and what becomes of its thread; `also` is what becomes of other threads.

    `returned` are letters of which it says that they never arrived.
    """

    message: Message
    change: Change | None = None
    also: tuple[Change, ...] = ()
    returned: tuple[int, ...] = ()


def cursor(db: Db, folder: str, account: str = MAIN) -> Cursor | None:
    """Give the place up to which a folder of an account was read; None if it never was."""
    row = db.row(
        "SELECT folder, uidvalidity, last_uid, account FROM cursors WHERE account = ? AND folder = ?", (account, folder)
    )
    from followupd.core.model import Cursor

    return None if row is None else Cursor(**dict(row))


def move_cursor(db: Db, cursor: Cursor, now: Instant) -> None:
    """Remember that a folder was read up to here, where there was nothing to record."""
    db.run(
        "INSERT INTO cursors (account, folder, uidvalidity, last_uid, read_at) VALUES (?, ?, ?, ?, ?) "
        "ON CONFLICT (account, folder) "
        "DO UPDATE SET uidvalidity = excluded.uidvalidity, last_uid = excluded.last_uid, read_at = excluded.read_at",
        (cursor.account, cursor.folder, cursor.uidvalidity, cursor.last_uid, to_text(now)),
    )


def ids_known(db: Db, ids: Collection[str]) -> frozenset[str]:
    """Give those of these Message-IDs that are our letters'."""
    listing = list(ids)
    found: set[str] = set()
    for start in range(0, len(listing), 500):
        rows = db.rows(
            "SELECT i.message_id FROM json_each(?) AS wanted CROSS JOIN letter_ids AS i ON i.message_id = wanted.value",
            (values.listed(listing[start : start + 500]),),
        )
        found.update(row["message_id"] for row in rows)
    return frozenset(found)


def candidates(
    db: Db, ids: Collection[str], addresses: Collection[str], names: Collection[str] = ()
) -> tuple[Candidate, ...]:
    """Give the threads that have a letter of one of these Message-IDs, or go by one of these names of conversations.

    And those whose contact has one of these addresses, in whatever spelling.
    """
    with db.snapshot():
        rows = db.rows(
            _CANDIDATES,
            {
                "ids": values.listed(ids),
                "mailboxes": values.listed({values.mailbox(address) for address in addresses}),
                "names": values.listed(names),
            },
        )
        return candidates_of(db, [values.thread(row) for row in rows])


def candidates_of(db: Db, found: Sequence[Thread]) -> tuple[Candidate, ...]:
    """Give threads with all that they can be known by; the caller sees to it that the tables stand still."""
    from followupd.core.model import Candidate

    people = cases.contacts(db, {thread.contact_id for thread in found})
    newest = _newest(db, people)
    ids, subjects = _message_ids(db, [thread.id for thread in found])
    names = _names(db, [thread.id for thread in found])
    return tuple(
        Candidate(
            thread=thread,
            contact=people[thread.contact_id],
            message_ids=frozenset(ids.get(thread.id, ())),
            names=frozenset(names.get(thread.id, ())),
            subject=subjects.get(thread.id, ""),
            newest=thread.id == newest[thread.contact_id],
        )
        for thread in found
    )


def seen(db: Db, key: str) -> bool:
    """Tell whether a message of this key (its Message-ID, or digest) was recorded."""
    return db.row("SELECT 1 FROM messages WHERE message_id = ?", (key,)) is not None


def count_between(db: Db, contact_id: int | None, since: Instant, until: Instant, most: int) -> int:
    """Count the messages of a contact that came between two instants, up to `most`."""
    row = db.row(
        "SELECT count(*) FROM (SELECT 1 FROM messages WHERE contact_id = ? AND received_at BETWEEN ? AND ? LIMIT ?)",
        (contact_id, to_text(since), to_text(until), most),
    )
    return int(row[0]) if row else 0


def record(db: Db, outcomes: Sequence[Outcome], cursor: Cursor | None, now: Instant) -> None:
    """Write down messages, what becomes of their threads, and the place in the folder after them, in one transaction.

    Without `cursor` the place stays as it is: the messages lie behind it.

    A message that was recorded before is passed over together with its change. Several changes of one thread follow one
    another in their order; none of them brings a thread back that has ended, whatever it was decided upon. Raises
    TryLaterError, and writes nothing, if a thread was changed by somebody else after it was read.
    """
    with db.immediate():
        written: dict[int, tuple[int, Thread]] = {}
        for outcome in outcomes:
            if _insert(db, outcome.message):
                db.run_many("UPDATE letters SET returned = 1 WHERE id = ?", [(one,) for one in outcome.returned])
                for change in (outcome.change, *outcome.also):
                    if change is not None:
                        _apply(db, change, written)
        if cursor is not None:
            move_cursor(db, cursor, now)
    reach(Point.RECORDED)


def of_thread(db: Db, thread_id: int) -> tuple[Message, ...]:
    """Give the messages of a thread in the order of their arrival."""
    rows = db.rows("SELECT * FROM messages WHERE thread_id = ? ORDER BY received_at, id", (thread_id,))
    return tuple(remembered.message(row) for row in rows)


def of_contact(db: Db, contact_id: int) -> tuple[Message, ...]:
    """Give the messages of all threads of a contact in the order of their arrival."""
    rows = db.rows("SELECT * FROM messages WHERE contact_id = ? ORDER BY received_at, id", (contact_id,))
    return tuple(remembered.message(row) for row in rows)


def get_by_message_id(db: Db, message_id: str) -> Message | None:
    """Give the message of this key; None if there is none."""
    row = db.row("SELECT * FROM messages WHERE message_id = ?", (message_id,))
    return None if row is None else remembered.message(row)


def mark_not_answer(db: Db, message_id: str, change: Change) -> None:
    """Keep the user's word that a message was no answer, and what becomes of its thread; the verdict stays."""
    with db.immediate():
        if not db.run("UPDATE messages SET not_answer = 1 WHERE message_id = ?", (message_id,)).rowcount:
            raise FollowupdError("there is no such message", where=message_id)
        threads.apply(db, change)


def settle_doubts(db: Db, thread_id: int, *, answered: bool) -> None:
    """Keep the user's word on the messages that wait for it, inside the caller's transaction: answers, or none."""
    db.run(
        "UPDATE messages SET held = :none, not_answer = :none WHERE thread_id = :id AND held = 1 AND not_answer = 0",
        {"none": int(not answered), "id": thread_id},
    )


def _insert(db: Db, message: Message) -> bool:
    """Write a message down; False if it was there."""
    try:
        done = db.run(
            "INSERT INTO messages (message_id, thread_id, contact_id, folder, uid, sender, subject, received_at, "
            "verdict, rule, words, excerpt, return_date, not_answer, held, hint, asked_for, other_address, account) "
            "VALUES ("
            ":message_id, :thread_id, :contact_id, :folder, :uid, :sender, :subject, :received_at, :verdict, :rule, "
            ":words, :excerpt, :return_date, :not_answer, :held, :hint, :asked_for, :other_address, :account) "
            "ON CONFLICT (message_id) DO NOTHING",
            remembered.message_row(message),
        )
    except sqlite3.IntegrityError as error:
        if error.sqlite_errorcode == sqlite3.SQLITE_CONSTRAINT_FOREIGNKEY:
            raise TryLaterError("the contact was erased meanwhile", where=message.message_id) from error
        raise
    return done.rowcount == 1


def _apply(db: Db, change: Change, written: dict[int, tuple[int, Thread]]) -> None:
    """Apply a change; `written` keeps, for each thread, the revision the batch began with and what it wrote."""
    began, now = written.get(change.thread.id, (change.thread.revision, None))
    if now is not None and change.thread.revision == began:
        kept = change.thread if may_become(now.state, change.thread.state) else now
        change = replace(change, thread=replace(kept, revision=now.revision))
    written[change.thread.id] = (began, threads.apply(db, change))


def _newest(db: Db, contact_ids: Collection[int]) -> Mapping[int, int]:
    rows = db.rows(
        "SELECT t.contact_id, max(t.id) AS newest FROM json_each(?) AS wanted CROSS JOIN threads AS t "
        "ON t.contact_id = wanted.value GROUP BY t.contact_id",
        (values.listed(contact_ids),),
    )
    return {row["contact_id"]: row["newest"] for row in rows}


def _message_ids(db: Db, thread_ids: Collection[int]) -> tuple[Mapping[int, set[str]], Mapping[int, str]]:
    """Give all Message-IDs of each thread's letters, and the subject of its first letter."""
    ids: defaultdict[int, set[str]] = defaultdict(set)
    subjects: dict[int, str] = {}
    for row in db.rows(
        "SELECT l.thread_id, l.subject, i.message_id FROM json_each(?) AS wanted CROSS JOIN letters AS l "
        "ON l.thread_id = wanted.value JOIN letter_ids AS i ON i.letter_id = l.id ORDER BY l.step, l.attempt",
        (values.listed(thread_ids),),
    ):
        ids[row["thread_id"]].add(row["message_id"])
        subjects.setdefault(row["thread_id"], row["subject"])
    return ids, subjects


def _names(db: Db, thread_ids: Collection[int]) -> Mapping[int, set[str]]:
    """Give the names that each thread's conversation goes by, without the one by its subject."""
    from followupd.core.conversation import SUBJECT

    names: defaultdict[int, set[str]] = defaultdict(set)
    for row in db.rows(
        "SELECT n.thread_id, n.name FROM json_each(?) AS wanted CROSS JOIN thread_names AS n "
        "ON n.thread_id = wanted.value",
        (values.listed(thread_ids),),
    ):
        if not row["name"].startswith(SUBJECT):
            names[row["thread_id"]].add(row["name"])
    return names


_CANDIDATES: Final = """
    SELECT * FROM threads WHERE id IN (
        SELECT l.thread_id FROM json_each(:ids) AS wanted
        CROSS JOIN letter_ids AS i ON i.message_id = wanted.value JOIN letters AS l ON l.id = i.letter_id
        UNION
        SELECT * FROM (
            SELECT n.thread_id FROM json_each(:names) AS wanted CROSS JOIN thread_names AS n ON n.name = wanted.value
            ORDER BY n.thread_id DESC LIMIT 50)
        UNION
        SELECT t.id FROM json_each(:mailboxes) AS wanted
        CROSS JOIN addresses AS a ON a.mailbox = wanted.value JOIN threads AS t ON t.contact_id = a.contact_id
    ) ORDER BY id"""
