"""Feeds of people, and what was proposed for a note: each thing once, decided by the user or still open."""

from collections.abc import Iterable

from followupd.core.errors import FollowupdError
from followupd.core.instants import Instant, from_text, to_text
from followupd.core.model import Proposal, Source
from followupd.store.db import Db


def feed(db: Db, contact_id: int) -> str:
    """Give the address of a contact's feed; "" where there is none."""
    row = db.row("SELECT url FROM feeds WHERE contact_id = ?", (contact_id,))
    return "" if row is None else str(row["url"])


def set_feed(db: Db, contact_id: int, url: str) -> None:
    """Remember a contact's feed instead of the one before; "" forgets it."""
    with db.immediate():
        db.run("DELETE FROM feeds WHERE contact_id = ?", (contact_id,))
        if url:
            db.run("INSERT INTO feeds (contact_id, url) VALUES (?, ?)", (contact_id, url))


def with_feeds(db: Db) -> tuple[str, ...]:
    """Give the address of everybody who has a feed, in the order in which they were added."""
    rows = db.rows(
        "SELECT a.address FROM feeds AS f JOIN addresses AS a ON a.contact_id = f.contact_id AND a.position = 0 "
        "ORDER BY f.contact_id"
    )
    return tuple(row["address"] for row in rows)


def propose(db: Db, found: Iterable[Proposal]) -> int:
    """Keep what was not proposed before; give how many that are."""
    with db.immediate():
        return sum(db.run(_PROPOSE, _row(one)).rowcount for one in found)


def undecided(db: Db, contact_id: int | None = None) -> tuple[Proposal, ...]:
    """Give what waits for the user's word, about one contact or about all, the newest first."""
    rows = db.rows(_UNDECIDED, {"contact": contact_id})
    return tuple(
        Proposal(
            id=row["id"],
            contact_id=row["contact_id"],
            source=Source(row["source"]),
            key=row["key"],
            text=row["text"],
            url=row["url"],
            published=from_text(row["published"]) if row["published"] else None,
            proposed_at=from_text(row["proposed_at"]),
        )
        for row in rows
    )


def get(db: Db, proposal_id: int) -> Proposal:
    """Give a proposal that waits; raise FollowupdError if there is none of this number, or not any more."""
    found = next((one for one in undecided(db) if one.id == proposal_id), None)
    if found is None:
        raise FollowupdError("nothing of this number is proposed", where=str(proposal_id), hint="see: followupd news")
    return found


def decide(db: Db, proposal_id: int, now: Instant) -> None:
    """Note that the user has taken a proposal, or does not want it."""
    db.run("UPDATE proposals SET decided_at = ? WHERE id = ?", (to_text(now), proposal_id))


def _row(one: Proposal) -> tuple[str | int | None, ...]:
    published = to_text(one.published) if one.published else None
    return (one.contact_id, one.source.value, one.key, one.text, one.url, published, to_text(one.proposed_at))


_PROPOSE = """
    INSERT INTO proposals (contact_id, source, key, text, url, published, proposed_at) VALUES (?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (contact_id, key) DO NOTHING"""
_UNDECIDED = """
    SELECT * FROM proposals WHERE decided_at IS NULL AND (:contact IS NULL OR contact_id = :contact)
    ORDER BY coalesce(published, proposed_at) DESC, id DESC"""
