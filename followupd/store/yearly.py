"""Whose newest thread is silent, and when the user was asked about them."""

from followupd.core.instants import Instant, from_text, to_text
from followupd.core.yearly import KIND, Silent
from followupd.store.db import Db
from followupd.store.values import instant_or_none

_SILENT = """
    SELECT t.id, a.address, c.name, max(t.anchor, coalesce((
            SELECT max(e.at) FROM events AS e WHERE e.thread_id = t.id AND e.kind = 'by-hand'), '')) AS since,
        (SELECT max(e.at) FROM events AS e WHERE e.thread_id = t.id AND e.kind = :kind) AS asked
    FROM threads AS t JOIN contacts AS c ON c.id = t.contact_id
    JOIN addresses AS a ON a.contact_id = c.id AND a.position = 0
    WHERE t.state = 'silent' AND t.anchor <= :before AND t.id = (
        SELECT max(newest.id) FROM threads AS newest WHERE newest.contact_id = c.id)
    ORDER BY since, t.id"""


def silent(db: Db, before: Instant) -> tuple[Silent, ...]:
    """Give everybody whose newest thread is silent, and has been since an instant or longer."""
    return tuple(
        Silent(
            email=row["address"],
            name=row["name"],
            thread_id=row["id"],
            since=from_text(row["since"]),
            asked=instant_or_none(row["asked"]),
        )
        for row in db.rows(_SILENT, {"kind": KIND, "before": to_text(before)})
    )
