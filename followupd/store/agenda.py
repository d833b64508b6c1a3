"""What stands in the user's calendar is remembered, so that a later revision can be told from an earlier one."""

from collections.abc import Collection, Mapping

from followupd.core.agenda import Entry, Face, Standing, Step
from followupd.core.instants import Instant, from_text, to_text
from followupd.store import values
from followupd.store.db import Db


def known(db: Db) -> tuple[Entry, ...]:
    """Give every entry that ever stood in the calendar."""
    return tuple(
        Entry(
            thread_id=row["thread_id"],
            step=row["step"],
            at=from_text(row["at"]),
            template=row["template"],
            standing=Standing(row["standing"]),
            sequence=row["sequence"],
            changed_at=from_text(row["changed_at"]),
        )
        for row in db.rows("SELECT * FROM agenda")
    )


def keep(db: Db, entries: Collection[Entry]) -> None:
    """Remember entries, each in place of what it was."""
    db.run_many(
        "INSERT INTO agenda (thread_id, step, at, template, standing, sequence, changed_at) "
        "VALUES (:thread_id, :step, :at, :template, :standing, :sequence, :changed_at) "
        "ON CONFLICT (thread_id, step) DO UPDATE SET at = excluded.at, template = excluded.template, "
        "standing = excluded.standing, sequence = excluded.sequence, changed_at = excluded.changed_at",
        (
            {
                "thread_id": one.thread_id,
                "step": one.step,
                "at": to_text(one.at),
                "template": one.template,
                "standing": one.standing.value,
                "sequence": one.sequence,
                "changed_at": to_text(one.changed_at),
            }
            for one in entries
        ),
    )


def sent(db: Db) -> Mapping[Step, Instant]:
    """Give when the letters went out that stand in the calendar."""
    rows = db.rows(
        "SELECT l.thread_id, l.step, l.sent_at FROM agenda AS a "
        "JOIN letters AS l ON l.thread_id = a.thread_id AND l.step = a.step "
        "WHERE l.state = 'sent' AND l.sent_at IS NOT NULL"
    )
    return {(row["thread_id"], row["step"]): from_text(row["sent_at"]) for row in rows}


def faces(db: Db, thread_ids: Collection[int]) -> Mapping[int, Face]:
    """Give whom each of these threads is with."""
    rows = db.rows(
        "SELECT t.id, t.key, a.address, c.name FROM json_each(?) AS wanted "
        "CROSS JOIN threads AS t ON t.id = wanted.value JOIN contacts AS c ON c.id = t.contact_id "
        "JOIN addresses AS a ON a.contact_id = c.id AND a.position = 0",
        (values.listed(thread_ids),),
    )
    return {row["id"]: Face(key=row["key"], email=row["address"], name=row["name"]) for row in rows}


def mark(db: Db) -> tuple[int, int]:
    """Give what changes with every change of a thread or letter: a calendar that was made from the same still holds."""
    row = db.row("SELECT coalesce(sum(revision), 0) AS written, count(*) AS threads FROM threads")
    event = db.row("SELECT coalesce(max(id), 0) AS newest FROM events")
    return (row["written"] + row["threads"] if row else 0), (event["newest"] if event else 0)
