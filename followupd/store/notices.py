"""What the user is told at once: lines of history behind a place, and how each account is watched."""

from collections.abc import Iterable

from followupd.core.alarm import Watched
from followupd.core.instants import Instant, from_text
from followupd.core.notices import Notice
from followupd.store import facts
from followupd.store.db import Db

_SINCE = "watched_since"
_AFTER = """
    SELECT e.id, e.at, e.text, c.account, a.address AS email, c.name,
        CASE e.kind WHEN 'opted-out' THEN 'opted_out' WHEN 'held' THEN CASE WHEN EXISTS (
            SELECT 1 FROM letters AS l WHERE l.thread_id = e.thread_id AND l.state = 'uncertain'
        ) THEN 'in_doubt' ELSE 'held' END ELSE e.kind END AS event,
        coalesce(m.subject, '') AS subject, coalesce(m.excerpt, '') AS excerpt
    FROM events AS e JOIN threads AS t ON t.id = e.thread_id JOIN contacts AS c ON c.id = t.contact_id
    JOIN addresses AS a ON a.contact_id = c.id AND a.position = 0
    LEFT JOIN messages AS m ON m.id = (SELECT max(n.id) FROM messages AS n
        WHERE n.thread_id = e.thread_id AND n.verdict IN ('reply', 'calendar', 'opt_out'))
    WHERE e.id > ? AND e.kind IN ('answered', 'opted-out', 'undeliverable', 'held') ORDER BY e.id LIMIT ?"""


def after(db: Db, number: int, most: int) -> tuple[Notice, ...]:
    """Give what is to be told behind a line of history, the oldest first, and not more than `most`."""
    return tuple(
        Notice(
            number=row["id"],
            id=str(row["id"]),
            event=row["event"],
            at=from_text(row["at"]),
            account=row["account"],
            email=row["email"],
            name=row["name"],
            text=row["text"],
            subject=row["subject"],
            excerpt=row["excerpt"],
        )
        for row in db.rows(_AFTER, (number, most))
    )


def watched(db: Db, accounts: Iterable[str]) -> tuple[Watched, ...]:
    """Tell how each of these accounts is watched."""
    return tuple(_watched(db, account) for account in accounts)


def begin(db: Db, accounts: Iterable[str], now: Instant) -> None:
    """Remember that accounts are watched from now on, those of which it is not known yet."""
    fresh = [name for account in accounts if facts.get(db, name := facts.of(_SINCE, account)) is None]
    if fresh:
        with db.immediate():
            for name in fresh:
                facts.put(db, name, "", now)


def _watched(db: Db, account: str) -> Watched:
    read = facts.get(db, facts.of("mailbox_checked_at", account)) or facts.get(db, facts.of(_SINCE, account))
    refused = facts.get(db, facts.of("login_refused", account))
    return Watched(
        account=account,
        since=read[1] if read else None,
        refused=refused[0] if refused else "",
        refused_at=refused[1] if refused else None,
    )
