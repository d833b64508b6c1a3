"""What stands around a letter that is due, read from all threads: see `core.bounds`."""

from followupd.core import bounds
from followupd.core.instants import Instant, from_text, to_text
from followupd.core.model import Case
from followupd.core.settings import Policy
from followupd.store.db import Db
from followupd.store.values import instant_or_none

_LETTERS = """
    SELECT coalesce(l.sent_at, l.claimed_at, l.created_at) AS at, l.body FROM threads AS t
    JOIN letters AS l ON l.thread_id = t.id
    WHERE t.contact_id = ? AND l.state IN ('sent', 'sending', 'uncertain') AND at > ?"""
_KIN = """
    WITH kin (id) AS (
        SELECT b.contact_id FROM addresses AS a JOIN addresses AS b ON b.organisation = a.organisation
        WHERE a.contact_id = :id AND a.organisation <> '' AND b.contact_id <> :id
        UNION SELECT c.id FROM contacts AS c WHERE c.org <> '' AND c.id <> :id
            AND lower(c.org) = (SELECT lower(org) FROM contacts WHERE id = :id))
    SELECT max(coalesce(l.sent_at, l.claimed_at, l.created_at)) FROM kin
    CROSS JOIN threads AS t ON t.contact_id = kin.id JOIN letters AS l ON l.thread_id = t.id
    WHERE l.state IN ('sent', 'sending', 'uncertain')"""
_OPEN = "SELECT count(*) FROM threads WHERE state IN ('waiting', 'held', 'paused') AND step > 0 AND contact_id <> ?"


def around(db: Db, case: Case, policy: Policy, now: Instant) -> bounds.Around:
    """Give what stands around a case; what no bound of the policy asks for is not looked up."""
    who = case.contact.id
    with db.snapshot():
        return bounds.Around(
            letters=_letters(db, who, now) if policy.most_letters or policy.most_words else (),
            kin=_kin(db, who) if policy.organisation_gap.least_days() else None,
            open_asks=_count(db, who) if policy.max_open else 0,
        )


def _letters(db: Db, who: int, now: Instant) -> tuple[tuple[Instant, int], ...]:
    rows = db.rows(_LETTERS, (who, to_text(now - bounds.A_YEAR)))
    return tuple((from_text(row["at"]), bounds.words(row["body"])) for row in rows)


def _kin(db: Db, who: int) -> Instant | None:
    row = db.row(_KIN, {"id": who})
    return instant_or_none(row[0] if row is not None else None)


def _count(db: Db, who: int) -> int:
    row = db.row(_OPEN, (who,))
    return int(row[0]) if row is not None else 0
