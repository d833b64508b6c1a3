"""Who answered, and what of all that is owed to them since has been kept: both outlive the thread's other changes."""

import json

from followupd.core.instants import Instant, from_text, to_text
from followupd.core.model import Contact
from followupd.core.owed import Answered, Kind, Referred, owes_offer
from followupd.store import cases
from followupd.store.db import Db

_ANSWERED = """
    SELECT t.id AS thread_id, t.contact_id, t.continues,
        (SELECT count(*) FROM threads AS n JOIN letters AS l ON l.thread_id = n.id
            WHERE n.continues = t.id AND l.state = 'sent') AS told,
        (SELECT max(e.at) FROM events AS e WHERE e.thread_id = t.id AND e.kind = 'answered') AS at,
        (SELECT m.hint FROM messages AS m
            WHERE m.thread_id = t.id AND m.verdict IN ('reply', 'calendar') AND NOT m.not_answer
            ORDER BY m.received_at DESC, m.id DESC LIMIT 1) AS hint,
        (SELECT json_group_array(p.kind) FROM promises_kept AS p WHERE p.thread_id = t.id) AS kept
    FROM threads AS t WHERE t.state = 'answered'"""

_REFERRED = """
    SELECT c.id AS contact_id, c.referred_by, t.id AS thread_id, t.created_at AS begun,
        (SELECT max(e.at) FROM threads AS any JOIN events AS e ON e.thread_id = any.id
            WHERE any.contact_id = c.id AND any.state = 'answered' AND e.kind = 'answered') AS answered_at
    FROM contacts AS c JOIN threads AS t ON t.id = (SELECT min(id) FROM threads WHERE contact_id = c.id)
    WHERE c.referred_by IS NOT NULL
        AND NOT EXISTS (SELECT 1 FROM promises_kept AS p WHERE p.thread_id = t.id AND p.kind = 'referral')
        AND NOT EXISTS (SELECT 1 FROM addresses AS a JOIN suppressions AS s ON s.mailbox = a.mailbox
            WHERE a.contact_id = c.referred_by)
        AND NOT EXISTS (SELECT 1 FROM threads AS gone
            WHERE gone.contact_id = c.referred_by AND gone.state IN ('opted_out', 'undeliverable'))
        AND NOT EXISTS (SELECT 1 FROM messages AS m JOIN addresses AS a ON a.address = m.other_address
            WHERE m.contact_id = c.referred_by AND a.contact_id = c.id AND m.verdict = 'auto_reply')"""


def answered(db: Db) -> tuple[Answered, ...]:
    """Give everybody whose thread ended with an answer."""
    with db.snapshot():
        rows = [row for row in db.rows(_ANSWERED) if row["at"] is not None]
        people = cases.contacts(db, {row["contact_id"] for row in rows})
    return tuple(
        Answered(
            contact=people[row["contact_id"]],
            thread_id=row["thread_id"],
            at=from_text(row["at"]),
            hint=row["hint"] or "",
            told=row["told"],
            again=row["continues"] is not None,
            kept=frozenset(Kind(kind) for kind in json.loads(row["kept"])),
        )
        for row in rows
    )


def referred(db: Db) -> tuple[Referred, ...]:
    """Give everybody who sent the user on and was not told yet how it went.

    Left out are those who are not to be written to, who are not reached, and whose absence note alone named the other.
    """
    with db.snapshot():
        rows = db.rows(_REFERRED)
        people = cases.contacts(db, {row[name] for row in rows for name in ("contact_id", "referred_by")})
    return tuple(
        Referred(
            referrer=people[row["referred_by"]],
            to=people[row["contact_id"]],
            thread_id=row["thread_id"],
            at=from_text(row["begun"]),
            answered_at=from_text(row["answered_at"]) if row["answered_at"] else None,
        )
        for row in rows
    )


def owed_offers(db: Db) -> tuple[Contact, ...]:
    """Give everybody who answered and has not got what was offered."""
    return tuple(one.contact for one in answered(db) if owes_offer(one))


def keep(db: Db, thread_id: int, kind: Kind, now: Instant) -> None:
    """Remember that something owed was done; said twice it changes nothing."""
    db.run(
        "INSERT INTO promises_kept (thread_id, kind, at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
        (thread_id, kind.value, to_text(now)),
    )
