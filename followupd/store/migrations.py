"""The tables, one function per change, in order; a released function is never edited.

Table and column names are plain words, and the views `people`, `upcoming` and `correspondence` answer common questions,
so that the file can be read with any SQLite tool. Instants are RFC 3339 texts in UTC, days ISO 8601 texts.
"""

import sqlite3

from sqlite_utils import Database, Migrations

from followupd.core.addresses import key
from followupd.core.match import organisation, topic
from followupd.core.message import glance
from followupd.core.model import RawMessage
from followupd.store import approval_tables, first_tables
from followupd.store.later_tables import CONVERSATIONS, FORGETTING, PROPOSING

migrations = Migrations("followupd")


def migrate(connection: sqlite3.Connection) -> None:
    """Carry out what is pending; the caller holds the write lock (BEGIN IMMEDIATE) and commits."""
    # plugins of sqlite-utils, whatever is installed, have no business in this database
    migrations.apply(Database(connection, execute_plugins=False, recursive_triggers=False))


@migrations()
def m0001_people_letters_messages(db: Database) -> None:
    """Make the tables of the first release."""
    for statement in first_tables.ALL:
        db.execute(statement)


@migrations()
def m0002_what_an_answer_seems_to_say(db: Database) -> None:
    """Keep with a message whether it held the next letter, and what it seems to say."""
    held = "held INTEGER NOT NULL DEFAULT 0 CHECK (held IN (0, 1))"
    for column in (held, "hint TEXT NOT NULL DEFAULT ''", "asked_for TEXT", "other_address TEXT NOT NULL DEFAULT ''"):
        db.execute(f"ALTER TABLE messages ADD COLUMN {column}")


@migrations()
def m0003_days_without_letters(db: Database) -> None:
    """Give every contact the days on which they get no letter."""
    db.execute("ALTER TABLE contacts ADD COLUMN blackout TEXT NOT NULL DEFAULT ''")


@migrations()
def m0004_what_was_promised_and_kept(db: Database) -> None:
    """Remember what of all that is owed to somebody who answered has been done."""
    db.execute(
        """CREATE TABLE promises_kept (
            thread_id INTEGER NOT NULL REFERENCES threads (id) ON DELETE CASCADE,
            kind TEXT NOT NULL,
            at TEXT NOT NULL,
            PRIMARY KEY (thread_id, kind)
        ) STRICT, WITHOUT ROWID"""
    )


@migrations()
def m0005_mailboxes_and_conversations(db: Database) -> None:
    """Let people be found by any spelling of an address and by their organisation, threads by other names."""
    for statement in CONVERSATIONS:
        db.execute(statement)
    for table in ("addresses", "suppressions"):
        known = [row[0] for row in db.execute(f"SELECT address FROM {table}")]  # noqa: S608  # two names from above
        spelt = [(key(address) or address.lower(), address) for address in known]
        db.conn.executemany(f"UPDATE {table} SET mailbox = ? WHERE address = ?", spelt)  # noqa: S608
    kin = [(organisation(row[0]), row[0]) for row in db.execute("SELECT address FROM addresses")]
    db.conn.executemany("UPDATE addresses SET organisation = ? WHERE address = ?", kin)
    named = [(topic(row[0]), row[1]) for row in db.execute("SELECT DISTINCT subject, thread_id FROM letters")]
    db.conn.executemany(
        "INSERT INTO thread_names (name, thread_id) VALUES (?, ?) ON CONFLICT DO NOTHING",
        [(name, thread_id) for name, thread_id in named if name],
    )


@migrations()
def m0006_an_identity_of_its_own(db: Database) -> None:
    """Give the database a name that a witness file beside it bears too: committed before any file can be begun."""
    now = "strftime('%Y-%m-%dT%H:%M:%SZ', 'now')"
    db.execute(f"INSERT INTO facts (name, value, at) SELECT 'identity', lower(hex(randomblob(16))), {now}")


@migrations()
def m0007_news_and_kept_words(db: Database) -> None:
    """Let a note have an address, an end and a milestone, a thread their own words."""
    for statement in (
        "ALTER TABLE notes ADD COLUMN url TEXT NOT NULL DEFAULT ''",
        "ALTER TABLE notes ADD COLUMN expires TEXT",
        "ALTER TABLE notes ADD COLUMN milestone TEXT NOT NULL DEFAULT ''",
        "ALTER TABLE threads ADD COLUMN kept_words TEXT NOT NULL DEFAULT ''",
    ):
        db.execute(statement)


@migrations()
def m0008_who_wrote_to_whom(db: Database) -> None:
    """Keep with a letter the two addresses of its envelope and whether it came back, with a contact who named them."""
    for statement in (
        "ALTER TABLE letters ADD COLUMN mail_from TEXT NOT NULL DEFAULT ''",
        "ALTER TABLE letters ADD COLUMN rcpt_to TEXT NOT NULL DEFAULT ''",
        "ALTER TABLE letters ADD COLUMN returned INTEGER NOT NULL DEFAULT 0 CHECK (returned IN (0, 1))",
        "ALTER TABLE contacts ADD COLUMN referred_by INTEGER REFERENCES contacts (id) ON DELETE SET NULL",
        "CREATE INDEX contacts_referred ON contacts (referred_by) WHERE referred_by IS NOT NULL",
    ):
        db.execute(statement)
    envelopes = [(*_envelope(bytes(raw)), email or "", number) for number, raw, email in db.execute(_LETTERS_BEFORE)]
    db.conn.executemany(
        "UPDATE letters SET mail_from = ?, rcpt_to = coalesce(nullif(?, ''), ?) WHERE id = ?", envelopes
    )
    db.execute(
        """CREATE TRIGGER envelope_on_the_wire_stays BEFORE UPDATE OF mail_from, rcpt_to ON letters
        WHEN OLD.state IN ('sending', 'sent', 'uncertain')
        BEGIN SELECT RAISE(ABORT, 'the addresses of a letter that may have been sent stay'); END"""
    )


_LETTERS_BEFORE = """
    SELECT l.id, l.raw, a.address FROM letters AS l JOIN threads AS t ON t.id = l.thread_id
    LEFT JOIN addresses AS a ON a.contact_id = t.contact_id AND a.position = 0"""


def _envelope(raw: bytes) -> tuple[str, str]:
    """Give sender and recipient of a letter by its header; "" for what it does not say."""
    seen = glance(RawMessage(folder="", uid=0, internal_date=None, raw=raw, whole=True))
    return next(iter(seen.from_), ""), next(iter(seen.to), "")


@migrations()
def m0009_kinds_of_offers(db: Database) -> None:
    """Let a contact's offer be of a kind of which only so many can be kept."""
    db.execute("ALTER TABLE contacts ADD COLUMN offer_of TEXT NOT NULL DEFAULT ''")
    db.execute("CREATE INDEX contacts_by_offer ON contacts (offer_of) WHERE offer_of <> ''")


@migrations()
def m0010_what_stands_in_the_calendar(db: Database) -> None:
    """Remember every letter that stood in the user's calendar, and how often it was moved."""
    db.execute(
        """CREATE TABLE agenda (
            thread_id INTEGER NOT NULL REFERENCES threads (id) ON DELETE CASCADE,
            step INTEGER NOT NULL CHECK (step >= 0),
            at TEXT NOT NULL,
            template TEXT NOT NULL,
            standing TEXT NOT NULL CHECK (standing IN ('planned', 'sent', 'cancelled')),
            sequence INTEGER NOT NULL CHECK (sequence >= 0),
            changed_at TEXT NOT NULL,
            PRIMARY KEY (thread_id, step)
        ) STRICT, WITHOUT ROWID"""
    )


@migrations()
def m0011_people_are_forgotten(db: Database) -> None:
    """Keep hashes of mailboxes that opted out and were forgotten; let old words of letters that were sent go."""
    for statement in FORGETTING:
        db.execute(statement)


@migrations()
def m0012_what_others_propose(db: Database) -> None:
    """Let people have a feed, and keep what it, or an assistant, proposes for a note until the user decides."""
    for statement in PROPOSING:
        db.execute(statement)


@migrations()
def m0013_threads_that_go_on_with_others(db: Database) -> None:
    """Let a thread name the ended one whose conversation it goes on with."""
    db.execute("ALTER TABLE threads ADD COLUMN continues INTEGER REFERENCES threads (id) ON DELETE SET NULL")


@migrations()
def m0014_several_accounts(db: Database) -> None:
    """Let a contact belong to an account, and keep the places in folders for each: their names are the same in all."""
    for statement in (
        "ALTER TABLE contacts ADD COLUMN account TEXT NOT NULL DEFAULT 'main'",
        "ALTER TABLE messages ADD COLUMN account TEXT NOT NULL DEFAULT 'main'",
        "ALTER TABLE cursors RENAME TO cursors_of_one",
        """CREATE TABLE cursors (
            account TEXT NOT NULL,
            folder TEXT NOT NULL,
            uidvalidity INTEGER NOT NULL,
            last_uid INTEGER NOT NULL CHECK (last_uid >= 0),
            read_at TEXT NOT NULL,
            PRIMARY KEY (account, folder)
        ) STRICT, WITHOUT ROWID""",
        "INSERT INTO cursors SELECT 'main', folder, uidvalidity, last_uid, read_at FROM cursors_of_one",
        "DROP TABLE cursors_of_one",
    ):
        db.execute(statement)


@migrations()
def m0015_codes_in_a_digest(db: Database) -> None:
    """Keep which letters may be approved in answer to which digest, by a hash of each code, and what was answered."""
    for statement in approval_tables.CODES:
        db.execute(statement)


@migrations()
def m0016_a_program_that_may_hold_letters(db: Database) -> None:
    """Keep when a program of the user's last held a letter, and that they approved it in spite of that."""
    db.execute("ALTER TABLE letters ADD COLUMN vetoed_at TEXT")
    db.execute("ALTER TABLE letters ADD COLUMN overrules INTEGER NOT NULL DEFAULT 0 CHECK (overrules IN (0, 1))")


@migrations()
def m0017_copies_in_other_mailboxes(db: Database) -> None:
    """Remember in whose mailboxes a copy of somebody's mail was seen, besides the one in which it was seen first."""
    db.execute(
        """CREATE TABLE seen_in (
            contact_id INTEGER NOT NULL REFERENCES contacts (id) ON DELETE CASCADE,
            account TEXT NOT NULL,
            PRIMARY KEY (contact_id, account)
        ) STRICT, WITHOUT ROWID"""
    )


@migrations()
def m0018_letters_that_were_announced(db: Database) -> None:
    """Keep what a digest told of a letter before it goes, when, and for which day it was composed."""
    db.execute("ALTER TABLE letters ADD COLUMN announced TEXT NOT NULL DEFAULT ''")
    db.execute("ALTER TABLE letters ADD COLUMN announced_at TEXT")
    db.execute("ALTER TABLE letters ADD COLUMN announced_for TEXT")


@migrations()
def m0019_drafts(db: Database) -> None:
    """Keep what lies in the user's Drafts folder for a letter, and where."""
    for statement in approval_tables.DRAFTS:
        db.execute(statement)
