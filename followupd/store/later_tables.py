"""What later migrations add, where it is too long to stand in them; nothing here is ever edited."""

from typing import Final

PROPOSING: Final = (
    """CREATE TABLE feeds (
        contact_id INTEGER PRIMARY KEY REFERENCES contacts (id) ON DELETE CASCADE,
        url TEXT NOT NULL CHECK (url <> '')
    ) STRICT""",
    """CREATE TABLE proposals (
        id INTEGER PRIMARY KEY,
        contact_id INTEGER NOT NULL REFERENCES contacts (id) ON DELETE CASCADE,
        source TEXT NOT NULL CHECK (source IN ('feed', 'assistant')),
        key TEXT NOT NULL,
        text TEXT NOT NULL,
        url TEXT NOT NULL DEFAULT '',
        published TEXT,
        proposed_at TEXT NOT NULL,
        decided_at TEXT,
        UNIQUE (contact_id, key)
    ) STRICT""",
    "CREATE INDEX proposals_open ON proposals (contact_id) WHERE decided_at IS NULL",
)

FORGETTING: Final = (
    """CREATE TABLE forgotten (
        token TEXT NOT NULL PRIMARY KEY,
        at TEXT NOT NULL
    ) STRICT, WITHOUT ROWID""",
    "DROP TRIGGER words_on_the_wire_stay",
    """CREATE TRIGGER words_on_the_wire_stay BEFORE UPDATE OF message_id, subject, body, raw ON letters
        WHEN OLD.state IN ('sending', 'sent', 'uncertain') AND NOT (
            OLD.state = 'sent' AND NEW.message_id = OLD.message_id AND NEW.subject = OLD.subject
            AND NEW.body = '' AND NEW.raw = x'')
        BEGIN SELECT RAISE(ABORT, 'the words of a letter that may have been sent stay'); END""",
)

CONVERSATIONS: Final = (
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
