"""What stands around a letter that is due, read from all threads: see `core.bounds`."""

from collections.abc import Collection

from followupd.core import bounds
from followupd.core.instants import Instant, from_text, to_text
from followupd.core.lint.written import Earlier
from followupd.core.model import Case, Contact
from followupd.core.settings import Policy
from followupd.store.db import Db, Params
from followupd.store.promises import owed_offers
from followupd.store.values import instant_or_none, listed

_LETTERS = """
    SELECT coalesce(l.sent_at, l.claimed_at, l.created_at) AS at, l.body FROM threads AS t
    JOIN letters AS l ON l.thread_id = t.id
    WHERE t.contact_id = ? AND l.state IN ('sent', 'sending', 'uncertain') AND at > ?"""
_LAST = """
    SELECT max(coalesce(l.sent_at, l.claimed_at, l.created_at)) FROM json_each(?) AS kin
    CROSS JOIN threads AS t ON t.contact_id = kin.value JOIN letters AS l ON l.thread_id = t.id
    WHERE l.state IN ('sent', 'sending', 'uncertain')"""
_NEIGHBOURS = """
    SELECT b.contact_id FROM addresses AS a JOIN addresses AS b ON b.organisation = a.organisation
    WHERE a.contact_id = :id AND a.organisation <> '' AND b.contact_id <> :id"""
_OPEN = """
    SELECT count(*) FROM threads AS t WHERE t.state IN ('waiting', 'held', 'paused', 'scheduled') AND t.contact_id <> ?
        AND t.continues IS NULL AND (t.step > 0 OR EXISTS (
            SELECT 1 FROM letters AS l WHERE l.thread_id = t.id AND l.state IN ('sent', 'sending', 'uncertain')))"""
_OFFERED = """
    SELECT a.address, c.id FROM contacts AS c JOIN addresses AS a ON a.contact_id = c.id AND a.position = 0
    WHERE c.offer_of = ? AND EXISTS (
        SELECT 1 FROM threads AS t WHERE t.contact_id = c.id AND t.state IN ('waiting', 'held', 'paused', 'scheduled')
            AND t.continues IS NULL AND (t.step > 0 OR EXISTS (
                SELECT 1 FROM letters AS l
                WHERE l.thread_id = t.id AND l.state IN ('sent', 'sending', 'uncertain'))))"""
_TAGGED = """
    SELECT b.contact_id FROM tags AS a JOIN tags AS b ON b.tag = a.tag
    WHERE a.contact_id = :id AND b.contact_id <> :id"""
_LETTERS_TO = """
    SELECT a.address, l.step, l.body, coalesce(l.sent_at, l.claimed_at, l.created_at) AS at FROM json_each(?) AS wanted
    CROSS JOIN threads AS t ON t.contact_id = wanted.value JOIN letters AS l ON l.thread_id = t.id
    JOIN addresses AS a ON a.contact_id = t.contact_id AND a.position = 0
    WHERE l.state IN ('sent', 'sending', 'uncertain') ORDER BY at DESC LIMIT 100"""
_AHEAD = """
    SELECT count(*) FROM threads WHERE state = 'scheduled' AND step = 0 AND continues IS NULL AND next_at <= :soon
        AND contact_id <> :who AND (coalesce(first_on, substr(created_at, 1, 10)), id) < (:day, :id)"""

_IN_LINE = """
    SELECT id FROM threads WHERE state = 'scheduled' AND step = 0 AND continues IS NULL AND next_at <= ?
    ORDER BY coalesce(first_on, substr(created_at, 1, 10)), id LIMIT ?"""


def openings(db: Db, policy: Policy, now: Instant) -> tuple[int, ...] | None:
    """Give the threads whose opening letters have a place among those who are asked at once; None where all have."""
    if not policy.max_open:
        return None
    with db.snapshot():
        free = max(0, policy.max_open - _count(db, _OPEN, (0,)))
        return tuple(row["id"] for row in db.rows(_IN_LINE, (to_text(now + bounds.SOON), free)))


def around(db: Db, case: Case, policy: Policy, now: Instant) -> bounds.Around:
    """Give what stands around a case; what no bound of the policy asks for is not looked up."""
    who = case.contact.id
    with db.snapshot():
        return bounds.Around(
            letters=_letters(db, who, now) if policy.most_letters or policy.most_words else (),
            last=_last(db, [who]),
            kin=_last(db, kin(db, case.contact)) if policy.organisation_gap.least_days() else None,
            open_asks=_count(db, _OPEN, (who,)) if policy.max_open else 0,
            ahead=_ahead(db, case, now) if policy.max_open and not case.thread.step else 0,
            promised=promised(db, case.contact) if case.contact.offer_of in policy.offers else frozenset(),
        )


def promised(db: Db, contact: Contact) -> frozenset[str]:
    """Give the others to whom an offer of somebody's kind was made that is open or owed: by their addresses."""
    opened = db.rows(_OFFERED, (contact.offer_of,))
    known = {row["id"]: row["address"] for row in opened}
    known |= {one.id: one.email for one in owed_offers(db) if one.offer_of == contact.offer_of}
    return frozenset(email for who, email in known.items() if who != contact.id)


def kin(db: Db, contact: Contact) -> frozenset[int]:
    """Give everybody else of somebody's organisation or tags, as `core.bounds.kin` tells them."""
    found = {row["contact_id"] for row in db.rows(_NEIGHBOURS, {"id": contact.id})}
    return frozenset(found | _circle(db, contact))


def letters_in_circle(db: Db, contact: Contact) -> tuple[Earlier, ...]:
    """Give the newest letters to others of somebody's circle, as `core.bounds.circle` tells them."""
    with db.snapshot():
        found = _circle(db, contact)
        rows = db.rows(_LETTERS_TO, (listed(found),)) if found else []
    return tuple(
        Earlier(where=f"letter {row['step'] + 1} to {row['address']}", body=row["body"], at=from_text(row["at"]))
        for row in rows
    )


def _circle(db: Db, contact: Contact) -> set[int]:
    found = {row["contact_id"] for row in db.rows(_TAGGED, {"id": contact.id})}
    if name := bounds.house(contact.org):
        # SQLite's own lower() knows ASCII alone
        named = db.rows("SELECT id, org FROM contacts WHERE org <> '' AND id <> ?", (contact.id,))
        found |= {row["id"] for row in named if bounds.house(row["org"]) == name}
    return found


def _letters(db: Db, who: int, now: Instant) -> tuple[tuple[Instant, int], ...]:
    rows = db.rows(_LETTERS, (who, to_text(now - bounds.A_YEAR)))
    return tuple((from_text(row["at"]), bounds.words(row["body"])) for row in rows)


def _last(db: Db, people: Collection[int]) -> Instant | None:
    row = db.row(_LAST, (listed(people),))
    return instant_or_none(row[0] if row is not None else None)


def _ahead(db: Db, case: Case, now: Instant) -> int:
    day, number = bounds.turn(case.thread)
    soon = to_text(now + bounds.SOON)
    return _count(db, _AHEAD, {"soon": soon, "who": case.contact.id, "day": day.isoformat(), "id": number})


def _count(db: Db, sql: str, params: Params) -> int:
    row = db.row(sql, params)
    return int(row[0]) if row is not None else 0
