"""What a digest tells of history since the last one, and what news was proposed since."""

from collections.abc import Collection

from followupd.core.digest import Said
from followupd.core.instants import Instant, from_text, to_text
from followupd.core.model import LogLine
from followupd.store import values
from followupd.store.db import Db

_SINCE = """
    SELECT e.id, e.at, a.address AS email, c.name, e.kind, e.text
    FROM events AS e JOIN threads AS t ON t.id = e.thread_id JOIN contacts AS c ON c.id = t.contact_id
    JOIN addresses AS a ON a.contact_id = c.id AND a.position = 0
    WHERE e.id > :after AND e.kind IN (SELECT value FROM json_each(:kinds)) ORDER BY e.id"""
_PROPOSED = """
    SELECT a.address AS email, c.name, count(*) AS n FROM proposals AS p JOIN contacts AS c ON c.id = p.contact_id
    JOIN addresses AS a ON a.contact_id = c.id AND a.position = 0
    WHERE p.decided_at IS NULL AND p.proposed_at > ? GROUP BY c.id ORDER BY c.id"""
_DEFERRED = """
    SELECT a.address AS email, c.name, l.step, l.said, coalesce(l.retry_at, l.created_at) AS at
    FROM letters AS l JOIN threads AS t ON t.id = l.thread_id JOIN contacts AS c ON c.id = t.contact_id
    JOIN addresses AS a ON a.contact_id = c.id AND a.position = 0 WHERE l.state = 'deferred' ORDER BY l.id"""
_KEPT_WORDS = """
    SELECT id FROM threads WHERE kept_words <> '' AND state IN ('scheduled', 'waiting', 'held', 'paused')"""


def newest(db: Db) -> int:
    """Give the number of the newest line of history, 0 where there is none."""
    row = db.row("SELECT coalesce(max(id), 0) FROM events")
    return int(row[0]) if row else 0


def since(db: Db, after: int, kinds: Collection[str]) -> tuple[LogLine, ...]:
    """Give the lines of history of these kinds behind one number, the oldest first."""
    return tuple(
        LogLine(
            id=row["id"],
            at=from_text(row["at"]),
            email=row["email"],
            name=row["name"],
            kind=row["kind"],
            text=row["text"],
        )
        for row in db.rows(_SINCE, {"after": after, "kinds": values.listed(kinds)})
    )


def proposed(db: Db, since: Instant) -> tuple[tuple[str, str, int], ...]:
    """Give of whom things were proposed for a note since then that wait for the user's word, and how many."""
    return tuple((row["email"], row["name"], row["n"]) for row in db.rows(_PROPOSED, (to_text(since),)))


def deferred(db: Db) -> tuple[Said, ...]:
    """Give the letters that a server put off, when each is tried again, and what was said."""
    return tuple(
        Said(
            email=row["email"],
            name=row["name"],
            at=from_text(row["at"]),
            text=f"letter {row['step'] + 1} was put off, and is tried again: {row['said']}",
        )
        for row in db.rows(_DEFERRED)
    )


def with_kept_words(db: Db) -> tuple[int, ...]:
    """Give the open threads whose next letter takes up what they said."""
    return tuple(row["id"] for row in db.rows(_KEPT_WORDS))


def is_told(db: Db, thread_id: int, kind: str, text: str) -> bool:
    """Tell whether a thread's history has this very line."""
    return (
        db.row("SELECT 1 FROM events WHERE thread_id = ? AND kind = ? AND text = ?", (thread_id, kind, text))
        is not None
    )
