"""The tables of the first release, as its migration makes them; never edited."""

from typing import Final

PEOPLE: Final = (
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

THREADS: Final = (
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

LETTERS: Final = (
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

MESSAGES: Final = (
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

MEMORY: Final = (
    """CREATE TABLE facts (
        name TEXT NOT NULL PRIMARY KEY,
        value TEXT NOT NULL,
        at TEXT NOT NULL
    ) STRICT, WITHOUT ROWID""",
)

VIEWS: Final = (
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

ALL: Final = (*PEOPLE, *THREADS, *LETTERS, *MESSAGES, *MEMORY, *VIEWS)
