"""The tables of letters that the user approves elsewhere than by a command; made by migrations, never edited."""

from typing import Final

CODES: Final = (
    """CREATE TABLE digest_mails (
            message_id TEXT NOT NULL PRIMARY KEY,
            mail TEXT NOT NULL REFERENCES digest_mails (message_id) ON DELETE CASCADE,
            account TEXT NOT NULL,
            sent_at TEXT NOT NULL
        ) STRICT, WITHOUT ROWID""",
    """CREATE TABLE approval_codes (
            code TEXT NOT NULL PRIMARY KEY,
            letter_id INTEGER NOT NULL REFERENCES letters (id) ON DELETE CASCADE,
            text TEXT NOT NULL,
            mail TEXT NOT NULL REFERENCES digest_mails (message_id) ON DELETE CASCADE,
            used_at TEXT
        ) STRICT, WITHOUT ROWID""",
    "CREATE INDEX approval_codes_of_letter ON approval_codes (letter_id)",
    "CREATE INDEX approval_codes_of_mail ON approval_codes (mail)",
    "CREATE INDEX digest_mails_by_mail ON digest_mails (mail)",
    """CREATE TABLE digest_answers (
            key TEXT NOT NULL PRIMARY KEY,
            at TEXT NOT NULL,
            said TEXT NOT NULL,
            pending INTEGER NOT NULL CHECK (pending IN (0, 1))
        ) STRICT, WITHOUT ROWID""",
)

DRAFTS: Final = (
    """CREATE TABLE drafts (
            letter_id INTEGER NOT NULL PRIMARY KEY REFERENCES letters (id) ON DELETE CASCADE,
            account TEXT NOT NULL,
            state TEXT NOT NULL,
            folder TEXT NOT NULL,
            uidvalidity INTEGER,
            uid INTEGER,
            put_at TEXT NOT NULL,
            changed_at TEXT NOT NULL,
            in_sent INTEGER NOT NULL DEFAULT 0 CHECK (in_sent IN (0, 1))
        ) STRICT""",
    "CREATE INDEX drafts_active ON drafts (account) WHERE state <> 'gone'",
)
