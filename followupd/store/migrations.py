"""The tables, one function per change, in order; a released function is never edited.

Table and column names are plain words, and the views `people`, `upcoming` and `correspondence` answer common questions,
so that the file can be read with any SQLite tool. Instants are RFC 3339 texts in UTC, days ISO 8601 texts.
"""

import sqlite3

from sqlite_utils import Database, Migrations

from followupd.core.addresses import key
from followupd.core.match import organisation, topic

migrations = Migrations("followupd")


def migrate(connection: sqlite3.Connection) -> None:
    """Carry out what is pending; the caller holds the write lock (BEGIN IMMEDIATE) and commits."""
    # plugins of sqlite-utils, whatever is installed, have no business in this database
    migrations.apply(Database(connection, execute_plugins=False, recursive_triggers=False))


@migrations()
def m0001_people_letters_messages(db: Database) -> None:
    """Make the tables of the first release."""
    for statement in (*_PEOPLE, *_THREADS, *_LETTERS, *_MESSAGES, *_MEMORY, *_VIEWS):
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
    for statement in _CONVERSATIONS:
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


_CONVERSATIONS = (
    # what all spellings of an address share, and the domain of its organisation ("": a public mail domain)
    "ALTER TABLE addresses ADD COLUMN mailbox TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE addresses ADD COLUMN organisation TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE suppressions ADD COLUMN mailbox TEXT NOT NULL DEFAULT ''",
    "CREATE INDEX addresses_by_mailbox ON addresses (mailbox)",
    "CREATE INDEX addresses_by_organisation ON addresses (organisation)",
    "CREATE INDEX suppressions_by_mailbox ON suppressions (mailbox)",
    # Outlook's Thread-Index, Gmail's X-GM-THRID, the bare subject: each begins with its kind
    """CREATE TABLE thread_names (
        name TEXT NOT NULL CHECK (name <> ''),
        thread_id INTEGER NOT NULL REFERENCES threads (id) ON DELETE CASCADE,
        PRIMARY KEY (name, thread_id)
    ) STRICT, WITHOUT ROWID""",
    "CREATE INDEX thread_names_of_thread ON thread_names (thread_id)",
)

_PEOPLE = (
    """CREATE TABLE contacts (
        id INTEGER PRIMARY KEY,
        name TEXT NOT NULL DEFAULT '',
        org TEXT NOT NULL DEFAULT '',
        role TEXT NOT NULL DEFAULT '',
        ask TEXT NOT NULL DEFAULT '',
        offer TEXT NOT NULL DEFAULT '',
        admire TEXT NOT NULL DEFAULT '',
        situation TEXT NOT NULL DEFAULT '',
        goal TEXT NOT NULL DEFAULT '',
        arrangement TEXT NOT NULL DEFAULT '',
        timezone TEXT NOT NULL DEFAULT '',
        country TEXT NOT NULL DEFAULT '',
        language TEXT NOT NULL DEFAULT ''
    ) STRICT""",
    # NOCASE: "Mara@" and "mara@" may be two people by RFC 5321, section 2.4, but never are; who opted out stays out
    """CREATE TABLE addresses (
        address TEXT NOT NULL COLLATE NOCASE PRIMARY KEY CHECK (address <> ''),
        contact_id INTEGER NOT NULL REFERENCES contacts (id) ON DELETE CASCADE,
        position INTEGER NOT NULL CHECK (position >= 0),
        UNIQUE (contact_id, position)
    ) STRICT, WITHOUT ROWID""",
    """CREATE TABLE tags (
        contact_id INTEGER NOT NULL REFERENCES contacts (id) ON DELETE CASCADE,
        position INTEGER NOT NULL,
        tag TEXT NOT NULL,
        PRIMARY KEY (contact_id, position)
    ) STRICT, WITHOUT ROWID""",
    """CREATE TABLE suppressions (
        address TEXT NOT NULL COLLATE NOCASE PRIMARY KEY,
        reason TEXT NOT NULL,
        at TEXT NOT NULL
    ) STRICT, WITHOUT ROWID""",
)

_THREADS = (
    """CREATE TABLE threads (
        id INTEGER PRIMARY KEY,
        key TEXT NOT NULL UNIQUE,
        contact_id INTEGER NOT NULL REFERENCES contacts (id) ON DELETE CASCADE,
        cadence TEXT NOT NULL,
        state TEXT NOT NULL CHECK (state IN ('scheduled', 'waiting', 'held', 'paused', 'answered', 'opted_out',
            'undeliverable', 'silent', 'stopped')),
        reason TEXT NOT NULL DEFAULT '',
        step INTEGER NOT NULL CHECK (step >= 0),
        created_at TEXT NOT NULL,
        anchor TEXT NOT NULL,
        first_on TEXT,
        due_at TEXT,
        not_before TEXT,
        paused_until TEXT,
        resume_to TEXT CHECK (resume_to IN ('scheduled', 'waiting', 'held', 'paused')),
        next_at TEXT CHECK (next_at IS NULL OR state IN ('scheduled', 'waiting')),
        revision INTEGER NOT NULL DEFAULT 0
    ) STRICT""",
    """CREATE UNIQUE INDEX one_open_thread_per_contact ON threads (contact_id)
        WHERE state IN ('scheduled', 'waiting', 'held', 'paused')""",
    "CREATE INDEX threads_of_contact ON threads (contact_id)",
    "CREATE INDEX threads_by_state ON threads (state)",
    "CREATE INDEX threads_due ON threads (next_at) WHERE state IN ('scheduled', 'waiting')",
    "CREATE INDEX threads_pausing ON threads (paused_until) WHERE state = 'paused' AND paused_until IS NOT NULL",
    """CREATE TABLE events (
        id INTEGER PRIMARY KEY,
        thread_id INTEGER NOT NULL REFERENCES threads (id) ON DELETE CASCADE,
        at TEXT NOT NULL,
        kind TEXT NOT NULL,
        text TEXT NOT NULL
    ) STRICT""",
    "CREATE INDEX events_of_thread ON events (thread_id)",
    "CREATE INDEX events_by_time ON events (at)",
    """CREATE TRIGGER history_is_never_changed BEFORE UPDATE ON events
        BEGIN SELECT RAISE(ABORT, 'history is never changed'); END""",
    # with its thread an event may go: the user asked to forget the person
    """CREATE TRIGGER history_is_never_shortened BEFORE DELETE ON events
        WHEN EXISTS (SELECT 1 FROM threads WHERE id = OLD.thread_id)
        BEGIN SELECT RAISE(ABORT, 'history is never shortened'); END""",
)

_LETTERS = (
    """CREATE TABLE letters (
        id INTEGER PRIMARY KEY,
        thread_id INTEGER NOT NULL REFERENCES threads (id) ON DELETE CASCADE,
        step INTEGER NOT NULL CHECK (step >= 0),
        attempt INTEGER NOT NULL CHECK (attempt >= 1),
        template TEXT NOT NULL,
        state TEXT NOT NULL CHECK (state IN ('prepared', 'sending', 'sent', 'deferred', 'refused', 'uncertain', 'held',
            'discarded')),
        message_id TEXT NOT NULL,
        subject TEXT NOT NULL,
        body TEXT NOT NULL,
        raw BLOB NOT NULL,
        created_at TEXT NOT NULL,
        claimed_at TEXT,
        sent_at TEXT,
        said TEXT NOT NULL DEFAULT '',
        tries INTEGER NOT NULL DEFAULT 0,
        retry_at TEXT,
        approved TEXT NOT NULL DEFAULT '',
        UNIQUE (thread_id, step, attempt)
    ) STRICT""",
    """CREATE UNIQUE INDEX one_letter_per_step ON letters (thread_id, step)
        WHERE state IN ('sending', 'sent', 'uncertain')""",
    """CREATE UNIQUE INDEX one_letter_per_message_id ON letters (message_id)
        WHERE state IN ('sending', 'sent', 'uncertain')""",
    "CREATE INDEX letters_by_state ON letters (state)",
    "CREATE INDEX letters_sent ON letters (sent_at) WHERE state = 'sent'",
    """CREATE TRIGGER sent_stays_sent BEFORE UPDATE OF state ON letters
        WHEN OLD.state = 'sent' AND NEW.state <> 'sent'
        BEGIN SELECT RAISE(ABORT, 'a letter that was sent stays sent'); END""",
    """CREATE TRIGGER words_on_the_wire_stay BEFORE UPDATE OF message_id, subject, body, raw ON letters
        WHEN OLD.state IN ('sending', 'sent', 'uncertain')
        BEGIN SELECT RAISE(ABORT, 'the words of a letter that may have been sent stay'); END""",
    """CREATE TABLE letter_ids (
        message_id TEXT NOT NULL PRIMARY KEY CHECK (message_id <> ''),
        letter_id INTEGER NOT NULL REFERENCES letters (id) ON DELETE CASCADE
    ) STRICT, WITHOUT ROWID""",
    "CREATE INDEX letter_ids_of_letter ON letter_ids (letter_id)",
    """CREATE TABLE notes (
        id INTEGER PRIMARY KEY,
        contact_id INTEGER NOT NULL REFERENCES contacts (id) ON DELETE CASCADE,
        text TEXT NOT NULL,
        created_at TEXT NOT NULL,
        spent_by INTEGER REFERENCES letters (id) ON DELETE SET NULL
    ) STRICT""",
    "CREATE INDEX notes_of_contact ON notes (contact_id)",
    "CREATE INDEX notes_spent ON notes (spent_by) WHERE spent_by IS NOT NULL",
    """CREATE TABLE letter_notes (
        letter_id INTEGER NOT NULL REFERENCES letters (id) ON DELETE CASCADE,
        position INTEGER NOT NULL,
        note_id INTEGER NOT NULL REFERENCES notes (id) ON DELETE CASCADE,
        PRIMARY KEY (letter_id, position)
    ) STRICT, WITHOUT ROWID""",
    "CREATE INDEX letter_notes_of_note ON letter_notes (note_id)",
)

_MESSAGES = (
    """CREATE TABLE messages (
        id INTEGER PRIMARY KEY,
        message_id TEXT NOT NULL UNIQUE,
        thread_id INTEGER REFERENCES threads (id) ON DELETE CASCADE,
        contact_id INTEGER REFERENCES contacts (id) ON DELETE CASCADE,
        folder TEXT NOT NULL,
        uid INTEGER NOT NULL,
        sender TEXT NOT NULL,
        subject TEXT NOT NULL,
        received_at TEXT NOT NULL,
        verdict TEXT NOT NULL CHECK (verdict IN ('reply', 'auto_reply', 'bounce', 'delay', 'opt_out', 'receipt',
            'calendar', 'other')),
        rule TEXT NOT NULL,
        words TEXT NOT NULL,
        excerpt TEXT NOT NULL DEFAULT '',
        return_date TEXT,
        not_answer INTEGER NOT NULL DEFAULT 0 CHECK (not_answer IN (0, 1))
    ) STRICT""",
    "CREATE INDEX messages_of_thread ON messages (thread_id) WHERE thread_id IS NOT NULL",
    "CREATE INDEX messages_of_contact ON messages (contact_id) WHERE contact_id IS NOT NULL",
    """CREATE TABLE cursors (
        folder TEXT NOT NULL PRIMARY KEY,
        uidvalidity INTEGER NOT NULL,
        last_uid INTEGER NOT NULL CHECK (last_uid >= 0),
        read_at TEXT NOT NULL
    ) STRICT, WITHOUT ROWID""",
)

_MEMORY = (
    """CREATE TABLE facts (
        name TEXT NOT NULL PRIMARY KEY,
        value TEXT NOT NULL,
        at TEXT NOT NULL
    ) STRICT, WITHOUT ROWID""",
)

_VIEWS = (
    """CREATE VIEW people AS
        SELECT c.id AS contact_id, a.address AS email, c.name, c.org, c.role, t.state, t.reason, t.cadence,
            t.step AS letters_so_far, t.next_at, c.ask, c.offer, c.goal,
            (SELECT group_concat(tag, ', ') FROM tags WHERE contact_id = c.id) AS tags
        FROM contacts AS c
        LEFT JOIN addresses AS a ON a.contact_id = c.id AND a.position = 0
        LEFT JOIN threads AS t ON t.id = (SELECT max(id) FROM threads WHERE contact_id = c.id)""",
    """CREATE VIEW upcoming AS
        SELECT t.next_at AS at, a.address AS email, c.name, t.cadence, t.step + 1 AS letter, t.state
        FROM threads AS t
        JOIN contacts AS c ON c.id = t.contact_id
        LEFT JOIN addresses AS a ON a.contact_id = c.id AND a.position = 0
        WHERE t.state IN ('scheduled', 'waiting') AND t.next_at IS NOT NULL
        ORDER BY t.next_at""",
    """CREATE VIEW correspondence AS
        SELECT l.sent_at AS at, 'sent' AS direction, a.address AS email, l.template AS kind, l.subject, l.message_id,
            l.body AS text
        FROM letters AS l
        JOIN threads AS t ON t.id = l.thread_id
        LEFT JOIN addresses AS a ON a.contact_id = t.contact_id AND a.position = 0
        WHERE l.state = 'sent'
        UNION ALL
        SELECT m.received_at, 'received', m.sender, m.verdict, m.subject, m.message_id, m.excerpt
        FROM messages AS m
        WHERE m.thread_id IS NOT NULL
        ORDER BY at""",
)
