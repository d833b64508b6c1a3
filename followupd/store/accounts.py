"""Which accounts the database knows of: whose they are that are written to, and where their mail was seen."""

from collections.abc import Collection

from followupd.core.model import Case
from followupd.store import cases, values
from followupd.store.db import Db


def gone(db: Db, names: Collection[str]) -> tuple[str, ...]:
    """Give the accounts of contacts that are none of these."""
    rows = db.rows(
        "SELECT DISTINCT account FROM contacts WHERE account NOT IN (SELECT value FROM json_each(?)) ORDER BY account",
        (values.listed(names),),
    )
    return tuple(row["account"] for row in rows)


def seen_in(db: Db, contact_id: int) -> frozenset[str]:
    """Give the accounts in whose mailboxes anything of a contact was seen."""
    rows = db.rows("SELECT DISTINCT account FROM messages WHERE contact_id = ?", (contact_id,))
    return frozenset(row["account"] for row in rows)


def last_sender(db: Db, contact_id: int) -> str | None:
    """Give whom the newest letter to a contact was from that is out or may be, in any thread; None if there is none."""
    row = db.row(
        "SELECT l.mail_from FROM threads AS t JOIN letters AS l ON l.thread_id = t.id WHERE t.contact_id = ? "
        "AND l.state IN ('sending', 'sent', 'uncertain') ORDER BY l.id DESC LIMIT 1",
        (contact_id,),
    )
    return None if row is None else str(row["mail_from"])


def held_for(db: Db, reason: str) -> tuple[Case, ...]:
    """Give the held threads whose reason begins like this."""
    with db.snapshot():
        rows = db.rows(
            "SELECT * FROM threads WHERE state = 'held' AND substr(reason, 1, length(:reason)) = :reason ORDER BY id",
            {"reason": reason},
        )
        return cases.load(db, [values.thread(row) for row in rows])
