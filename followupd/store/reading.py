"""What `list`, `status`, `log` and `outbox` show, each read in one query; nothing is written here."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from followupd.core.connections import MAIN
from followupd.core.instants import Instant, from_text, to_text
from followupd.core.model import LetterState, LogLine, State
from followupd.store.db import Db
from followupd.store.values import instant_or_none


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A contact and how their thread stands: the open one, else the newest."""

    contact_id: int
    thread_id: int
    email: str
    name: str
    org: str
    state: State
    reason: str
    cadence: str
    step: int
    next_at: Instant | None
    tags: tuple[str, ...]
    account: str = MAIN


@dataclass(frozen=True, slots=True, kw_only=True)
class Queue:
    """How many threads are in each state (every state is there), and what waits."""

    counts: Mapping[State, int]
    due: int
    held: int
    uncertain: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OutboxLine:
    """A letter that is not out yet, or may be, and whom it is for."""

    id: int
    thread_id: int
    email: str
    name: str
    step: int
    attempt: int
    template: str
    state: LetterState
    subject: str
    said: str
    created_at: Instant
    retry_at: Instant | None


def people(db: Db) -> tuple[Person, ...]:
    """Give everybody, who is written to next first."""
    rows = db.rows(
        "SELECT c.id AS contact_id, t.id AS thread_id, a.address AS email, c.name, c.org, c.account, "
        "t.state, t.reason, t.cadence, t.step, t.next_at, "
        "(SELECT json_group_array(tag) FROM (SELECT tag FROM tags WHERE contact_id = c.id ORDER BY position)) AS tags "
        "FROM contacts AS c JOIN addresses AS a ON a.contact_id = c.id AND a.position = 0 "
        "JOIN threads AS t ON t.id = (SELECT id FROM threads WHERE contact_id = c.id "
        "ORDER BY state IN ('scheduled', 'waiting', 'held', 'paused') DESC, id DESC LIMIT 1) "
        "ORDER BY t.next_at IS NULL, t.next_at, a.address"
    )
    return tuple(
        Person(
            contact_id=row["contact_id"],
            thread_id=row["thread_id"],
            email=row["email"],
            name=row["name"],
            org=row["org"],
            state=State(row["state"]),
            reason=row["reason"],
            cadence=row["cadence"],
            step=row["step"],
            next_at=instant_or_none(row["next_at"]),
            tags=_tags(row["tags"]),
            account=row["account"],
        )
        for row in rows
    )


def queue(db: Db, now: Instant) -> Queue:
    """Count threads by state, letters due by now, held, and in doubt."""
    with db.snapshot():
        found = {row["state"]: row["n"] for row in db.rows("SELECT state, count(*) AS n FROM threads GROUP BY state")}
        letters = {
            row["state"]: row["n"]
            for row in db.rows(
                "SELECT state, count(*) AS n FROM letters WHERE state IN ('held', 'sending', 'uncertain') "
                "GROUP BY state"
            )
        }
        due = db.row(
            "SELECT count(*) AS n FROM threads INDEXED BY threads_due "
            "WHERE state IN ('scheduled', 'waiting') AND next_at <= ?",
            (to_text(now),),
        )
    return Queue(
        counts={state: found.get(state, 0) for state in State},
        due=due["n"] if due else 0,
        held=letters.get(LetterState.HELD, 0),
        uncertain=letters.get(LetterState.SENDING, 0) + letters.get(LetterState.UNCERTAIN, 0),
    )


def log(db: Db, address: str | None = None, limit: int = 1000) -> tuple[LogLine, ...]:
    """Give the newest lines of history, of everybody or of the contact who has this address, the oldest first."""
    rows = db.rows(_LOG, (limit,)) if address is None else db.rows(_LOG_OF, (address, limit))
    return tuple(
        LogLine(
            id=row["id"],
            at=from_text(row["at"]),
            email=row["email"],
            name=row["name"],
            kind=row["kind"],
            text=row["text"],
        )
        for row in reversed(rows)
    )


_LOG: Final = """
    SELECT e.id, e.at, a.address AS email, c.name, e.kind, e.text
    FROM (SELECT * FROM events ORDER BY id DESC LIMIT ?) AS e
    JOIN threads AS t ON t.id = e.thread_id
    JOIN contacts AS c ON c.id = t.contact_id
    JOIN addresses AS a ON a.contact_id = c.id AND a.position = 0
    ORDER BY e.id DESC"""
_LOG_OF: Final = """
    SELECT e.id, e.at, a.address AS email, c.name, e.kind, e.text
    FROM addresses AS known
    JOIN contacts AS c ON c.id = known.contact_id
    JOIN addresses AS a ON a.contact_id = c.id AND a.position = 0
    JOIN threads AS t ON t.contact_id = c.id
    JOIN events AS e ON e.thread_id = t.id
    WHERE known.address = ?
    ORDER BY e.id DESC LIMIT ?"""


def outbox(db: Db) -> tuple[OutboxLine, ...]:
    """Give the letters that wait, for the user or for better times, or are in doubt, the oldest first."""
    rows = db.rows(
        "SELECT l.id, l.thread_id, a.address AS email, c.name, l.step, l.attempt, l.template, l.state, l.subject, "
        "CASE WHEN l.said = '' AND l.state = 'prepared' AND l.announced_for IS NOT NULL "
        "THEN 'announced to you for ' || substr(l.announced_for, 1, 10) "
        "WHEN l.said = '' AND l.state = 'held' AND t.state = 'held' THEN t.reason ELSE l.said END AS said, "
        "l.created_at, l.retry_at FROM letters AS l JOIN threads AS t ON t.id = l.thread_id "
        "JOIN contacts AS c ON c.id = t.contact_id "
        "JOIN addresses AS a ON a.contact_id = c.id AND a.position = 0 "
        "WHERE l.state IN ('prepared', 'sending', 'deferred', 'uncertain', 'held') ORDER BY l.id"
    )
    return tuple(
        OutboxLine(
            id=row["id"],
            thread_id=row["thread_id"],
            email=row["email"],
            name=row["name"],
            step=row["step"],
            attempt=row["attempt"],
            template=row["template"],
            state=LetterState(row["state"]),
            subject=row["subject"],
            said=row["said"],
            created_at=from_text(row["created_at"]),
            retry_at=instant_or_none(row["retry_at"]),
        )
        for row in rows
    )


def _tags(text: str) -> tuple[str, ...]:
    return () if text == "[]" else tuple(json.loads(text))
