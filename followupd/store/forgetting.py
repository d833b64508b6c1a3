"""A person is erased from every table, and what they left in the unused parts of the files is overwritten.

What is theirs goes with their row (ON DELETE CASCADE). What others' threads have of them goes too: mail that they sent
there, and their addresses wherever history tells them. What the user wrote to others or of others stays as it is.
"""

import re
from collections.abc import Collection
from pathlib import Path
from typing import Final

from followupd.core.errors import TryLaterError
from followupd.core.instants import Instant, to_text
from followupd.core.model import Contact
from followupd.store import cases, files, suppressions, values
from followupd.store.db import Db
from followupd.store.sightings import forgot_line

GONE: Final = "(forgotten)"
"""What stands where an address of theirs stood."""
TRACES: Final = "traces"
"""The fact that says that unused parts of the files are still to be overwritten."""
_TOLD: Final = (
    ("events", "text"),
    ("facts", "value"),
    ("letters", "said"),
    ("messages", "sender"),
    ("messages", "subject"),
    ("messages", "words"),
    ("messages", "excerpt"),
    ("messages", "other_address"),
    ("threads", "reason"),
    ("thread_names", "name"),
)
"""Where the program itself writes what happened; the rest are the user's words, and identifiers."""
_HISTORY: Final = "history_is_never_changed"


def forget(db: Db, contact_id: int, at: Instant, *, on_the_wire: bool = False) -> None:
    """Erase a person; where they opted out, keep a hash of their mailboxes. The witness is told that they were.

    Raises TryLaterError while a letter to them is on the wire, unless nobody but the caller can be sending it.
    `overwrite` has to follow.
    """
    with db.immediate():
        contact = cases.contacts(db, [contact_id])[contact_id]
        sending = db.row(
            "SELECT 1 FROM letters AS l JOIN threads AS t ON t.id = l.thread_id "
            "WHERE t.contact_id = ? AND l.state = 'sending'",
            (contact_id,),
        )
        if sending is not None and not on_the_wire:
            raise TryLaterError(
                "a letter to them is on the wire at this moment",
                where=contact.email,
                hint="try again in a minute; if it stays so, run: followupd run --once",
            )
        for row in db.rows("SELECT key FROM threads WHERE contact_id = ?", (contact_id,)):
            db.tell(forgot_line(row["key"], at))
        mailboxes = {values.mailbox(address) for address in contact.addresses}
        if suppressions.reasons(db, mailboxes):
            suppressions.forget(db, mailboxes, at)
        db.run("DELETE FROM contacts WHERE id = ?", (contact_id,))
        _erase_among_others(db, contact.addresses)
        _note_traces(db, at)


def forget_address(db: Db, address: str, at: Instant) -> bool:
    """Keep a hash of an address that nobody has and that is never to be written to; False if it may be."""
    with db.immediate():
        found = suppressions.reasons(db, [values.mailbox(address)])
        spelt = [one.address for one in found.values() if one.address]
        if spelt:
            suppressions.forget(db, list(found), at)
            _erase_among_others(db, {address, *spelt})
            _note_traces(db, at)
        return bool(found)


def mentions(db: Db, addresses: Collection[str]) -> tuple[str, ...]:
    """Give the people in whose letters, fields, notes or kept words one of these addresses stands."""
    rows = db.rows(_MENTIONS, (values.listed({address.lower() for address in addresses}),))
    return tuple(row["address"] for row in rows)


def overwrite(db: Db) -> None:
    """Write the database anew without what was erased, and empty the write-ahead log.

    Raises TryLaterError if the database is busy; the daemon then does it.
    """
    # what is copied together on the way stays in memory
    db.run("PRAGMA temp_store=MEMORY")
    _empty_log(db)
    db.run("VACUUM")
    with db.immediate():
        db.run("DELETE FROM facts WHERE name = ?", (TRACES,))
    _empty_log(db)


def remove_copies(db: Db, contact: Contact) -> tuple[Path, ...]:
    """Remove the copies that followupd itself left beside the database and that name a person; give their places."""
    wanted = [text.lower().encode() for text in (*contact.addresses, contact.name) if text]
    found = []
    for copy in files.copies(db.path):
        held = copy.read_bytes().lower()
        if any(one in held for one in wanted):
            copy.unlink()
            found.append(copy)
    return tuple(found)


def has_traces(db: Db) -> bool:
    """Tell whether something was erased of which there may be traces."""
    return db.row("SELECT 1 FROM facts WHERE name = ?", (TRACES,)) is not None


def _empty_log(db: Db) -> None:
    row = db.row("PRAGMA wal_checkpoint(TRUNCATE)")
    if row is not None and row[0]:
        raise TryLaterError(
            "the database is in use: what was erased is overwritten a little later",
            where=str(db.path),
            hint="the daemon does it in its next round; or run: followupd run --once",
        )


def _note_traces(db: Db, at: Instant) -> None:
    db.run("INSERT INTO facts (name, value, at) VALUES (?, '', ?) ON CONFLICT (name) DO NOTHING", (TRACES, to_text(at)))


def _erase_among_others(db: Db, addresses: Collection[str]) -> None:
    """Take mail of theirs out of others' threads, and their addresses out of every text but that of others' letters."""
    spelt = sorted({address.lower() for address in addresses}, key=len, reverse=True)
    for row in db.rows("SELECT id, sender FROM messages"):
        if any(_names(row["sender"], one) for one in spelt):
            db.run(
                "UPDATE messages SET sender = ?, subject = '', words = '', excerpt = '' WHERE id = ?", (GONE, row["id"])
            )
    pattern = re.compile("|".join(rf"(?<![\w.+-]){re.escape(one)}(?![\w-])" for one in spelt), re.IGNORECASE)
    trigger = db.row("SELECT sql FROM sqlite_schema WHERE name = ?", (_HISTORY,))
    assert trigger is not None
    db.run(f"DROP TRIGGER {_HISTORY}")
    for table, column in _TOLD:
        for row in db.rows(f"SELECT DISTINCT {column} AS text FROM {table} WHERE instr({column}, '@')"):  # noqa: S608
            if (after := pattern.sub(GONE, row["text"])) != row["text"]:
                db.run(f"UPDATE OR REPLACE {table} SET {column} = ? WHERE {column} = ?", (after, row["text"]))  # noqa: S608
    db.run(trigger["sql"])


def _names(sender: str, address: str) -> bool:
    from followupd.core.addresses import key, normalise

    return key(normalise(sender)) == key(address)


_MENTIONS: Final = """
    WITH texts (contact_id, text) AS (
        SELECT t.contact_id, l.subject || ' ' || l.body FROM letters AS l JOIN threads AS t ON t.id = l.thread_id
        UNION ALL SELECT contact_id, kept_words FROM threads
        UNION ALL SELECT contact_id, text || ' ' || url FROM notes
        UNION ALL SELECT id, name || ' ' || org || ' ' || role || ' ' || ask || ' ' || offer || ' ' || admire || ' '
            || situation || ' ' || goal || ' ' || arrangement FROM contacts)
    SELECT DISTINCT a.address FROM json_each(?) AS wanted JOIN texts ON instr(lower(texts.text), wanted.value)
    JOIN addresses AS a ON a.contact_id = texts.contact_id AND a.position = 0 ORDER BY a.address"""
