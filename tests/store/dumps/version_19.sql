PRAGMA application_id=1718578295;
PRAGMA user_version=19;
BEGIN TRANSACTION;
CREATE TABLE "_sqlite_migrations" (
   "id" INTEGER PRIMARY KEY,
   "migration_set" TEXT,
   "name" TEXT,
   "applied_at" TEXT
);
INSERT INTO "_sqlite_migrations" VALUES(1,'followupd','m0001_people_letters_messages','2026-11-23 09:00:00+00:00');
INSERT INTO "_sqlite_migrations" VALUES(2,'followupd','m0002_what_an_answer_seems_to_say','2026-11-23 09:00:00+00:00');
INSERT INTO "_sqlite_migrations" VALUES(3,'followupd','m0003_days_without_letters','2026-11-24 02:54:36.057949+00:00');
INSERT INTO "_sqlite_migrations" VALUES(4,'followupd','m0004_what_was_promised_and_kept','2026-11-24 03:37:11.332979+00:00');
INSERT INTO "_sqlite_migrations" VALUES(5,'followupd','m0005_mailboxes_and_conversations','2026-11-24 03:38:17.124124+00:00');
INSERT INTO "_sqlite_migrations" VALUES(6,'followupd','m0006_an_identity_of_its_own','2026-11-24 04:22:24.418387+00:00');
INSERT INTO "_sqlite_migrations" VALUES(7,'followupd','m0007_news_and_kept_words','2026-11-24 07:56:07.116865+00:00');
INSERT INTO "_sqlite_migrations" VALUES(8,'followupd','m0008_who_wrote_to_whom','2026-11-29 15:50:01.279584+00:00');
INSERT INTO "_sqlite_migrations" VALUES(9,'followupd','m0009_kinds_of_offers','2026-11-29 16:07:07.615838+00:00');
INSERT INTO "_sqlite_migrations" VALUES(10,'followupd','m0010_what_stands_in_the_calendar','2026-11-29 16:09:57.414721+00:00');
INSERT INTO "_sqlite_migrations" VALUES(11,'followupd','m0011_people_are_forgotten','2026-11-29 16:18:41.072851+00:00');
INSERT INTO "_sqlite_migrations" VALUES(12,'followupd','m0012_what_others_propose','2026-11-29 16:30:03.586738+00:00');
INSERT INTO "_sqlite_migrations" VALUES(13,'followupd','m0013_threads_that_go_on_with_others','2026-11-29 16:35:58.810892+00:00');
INSERT INTO "_sqlite_migrations" VALUES(14,'followupd','m0014_several_accounts','2026-11-29 16:38:09.699828+00:00');
INSERT INTO "_sqlite_migrations" VALUES(15,'followupd','m0015_codes_in_a_digest','2026-11-29 18:47:10.106332+00:00');
INSERT INTO "_sqlite_migrations" VALUES(16,'followupd','m0016_a_program_that_may_hold_letters','2026-11-29 19:01:43.114838+00:00');
INSERT INTO "_sqlite_migrations" VALUES(17,'followupd','m0017_copies_in_other_mailboxes','2026-11-29 19:20:14.226377+00:00');
INSERT INTO "_sqlite_migrations" VALUES(18,'followupd','m0018_letters_that_were_announced','2026-11-29 19:28:01.219074+00:00');
INSERT INTO "_sqlite_migrations" VALUES(19,'followupd','m0019_drafts','2026-11-29 19:44:36.553361+00:00');
CREATE TABLE addresses (
        address TEXT NOT NULL COLLATE NOCASE PRIMARY KEY CHECK (address <> ''),
        contact_id INTEGER NOT NULL REFERENCES contacts (id) ON DELETE CASCADE,
        position INTEGER NOT NULL CHECK (position >= 0), mailbox TEXT NOT NULL DEFAULT '', organisation TEXT NOT NULL DEFAULT '',
        UNIQUE (contact_id, position)
    ) STRICT, WITHOUT ROWID;
INSERT INTO "addresses" VALUES('mara@example.org',1,0,'mara@example.org','example.org');
INSERT INTO "addresses" VALUES('mara@work.example',1,1,'mara@work.example','work.example');
CREATE TABLE agenda (
            thread_id INTEGER NOT NULL REFERENCES threads (id) ON DELETE CASCADE,
            step INTEGER NOT NULL CHECK (step >= 0),
            at TEXT NOT NULL,
            template TEXT NOT NULL,
            standing TEXT NOT NULL CHECK (standing IN ('planned', 'sent', 'cancelled')),
            sequence INTEGER NOT NULL CHECK (sequence >= 0),
            changed_at TEXT NOT NULL,
            PRIMARY KEY (thread_id, step)
        ) STRICT, WITHOUT ROWID;
INSERT INTO "agenda" VALUES(1,1,'2027-02-02T09:00:00Z','reminder','planned',2,'2026-11-24T09:00:00Z');
CREATE TABLE approval_codes (
            code TEXT NOT NULL PRIMARY KEY,
            letter_id INTEGER NOT NULL REFERENCES letters (id) ON DELETE CASCADE,
            text TEXT NOT NULL,
            mail TEXT NOT NULL REFERENCES digest_mails (message_id) ON DELETE CASCADE,
            used_at TEXT
        ) STRICT, WITHOUT ROWID;
CREATE TABLE contacts (
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
    , blackout TEXT NOT NULL DEFAULT '', referred_by INTEGER REFERENCES contacts (id) ON DELETE SET NULL, offer_of TEXT NOT NULL DEFAULT '', account TEXT NOT NULL DEFAULT 'main') STRICT;
INSERT INTO "contacts" VALUES(1,'Mara Ω','Books','Author','How did you begin?','A translation','Chapter 3','I begin','A first reader','informal','Europe/Berlin','DE','de','',NULL,'','main');
CREATE TABLE cursors (
            account TEXT NOT NULL,
            folder TEXT NOT NULL,
            uidvalidity INTEGER NOT NULL,
            last_uid INTEGER NOT NULL CHECK (last_uid >= 0),
            read_at TEXT NOT NULL,
            PRIMARY KEY (account, folder)
        ) STRICT, WITHOUT ROWID;
INSERT INTO "cursors" VALUES('main','INBOX',1,7,'2026-11-23T09:00:00Z');
CREATE TABLE digest_answers (
            key TEXT NOT NULL PRIMARY KEY,
            at TEXT NOT NULL,
            said TEXT NOT NULL,
            pending INTEGER NOT NULL CHECK (pending IN (0, 1))
        ) STRICT, WITHOUT ROWID;
CREATE TABLE digest_mails (
            message_id TEXT NOT NULL PRIMARY KEY,
            mail TEXT NOT NULL REFERENCES digest_mails (message_id) ON DELETE CASCADE,
            account TEXT NOT NULL,
            sent_at TEXT NOT NULL
        ) STRICT, WITHOUT ROWID;
CREATE TABLE drafts (
            letter_id INTEGER NOT NULL PRIMARY KEY REFERENCES letters (id) ON DELETE CASCADE,
            account TEXT NOT NULL,
            state TEXT NOT NULL,
            folder TEXT NOT NULL,
            uidvalidity INTEGER,
            uid INTEGER,
            put_at TEXT NOT NULL,
            changed_at TEXT NOT NULL,
            in_sent INTEGER NOT NULL DEFAULT 0 CHECK (in_sent IN (0, 1))
        ) STRICT;
CREATE TABLE events (
        id INTEGER PRIMARY KEY,
        thread_id INTEGER NOT NULL REFERENCES threads (id) ON DELETE CASCADE,
        at TEXT NOT NULL,
        kind TEXT NOT NULL,
        text TEXT NOT NULL
    ) STRICT;
INSERT INTO "events" VALUES(1,1,'2026-11-23T09:00:00Z','added','it was added');
INSERT INTO "events" VALUES(2,1,'2026-11-23T09:00:00Z','sent','it was sent');
INSERT INTO "events" VALUES(3,1,'2026-11-23T09:00:00Z','reply','it was reply');
CREATE TABLE facts (
        name TEXT NOT NULL PRIMARY KEY,
        value TEXT NOT NULL,
        at TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;
INSERT INTO "facts" VALUES('identity','74a5e06f5df4bfbff306e5f88aa4f496','2026-11-24T04:22:24Z');
INSERT INTO "facts" VALUES('mailbox_checked','yes','2026-11-23T09:00:00Z');
INSERT INTO "facts" VALUES('schema','19','2027-01-01T00:00:00Z');
CREATE TABLE feeds (
        contact_id INTEGER PRIMARY KEY REFERENCES contacts (id) ON DELETE CASCADE,
        url TEXT NOT NULL CHECK (url <> '')
    ) STRICT;
CREATE TABLE forgotten (
        token TEXT NOT NULL PRIMARY KEY,
        at TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;
INSERT INTO "forgotten" VALUES('00112233445566778899aabbccddeeff','2026-11-24T09:00:00Z');
CREATE TABLE letter_ids (
        message_id TEXT NOT NULL PRIMARY KEY CHECK (message_id <> ''),
        letter_id INTEGER NOT NULL REFERENCES letters (id) ON DELETE CASCADE
    ) STRICT, WITHOUT ROWID;
INSERT INTO "letter_ids" VALUES('<k.0.1@example.net>',1);
INSERT INTO "letter_ids" VALUES('<other@provider.example>',1);
CREATE TABLE letter_notes (
        letter_id INTEGER NOT NULL REFERENCES letters (id) ON DELETE CASCADE,
        position INTEGER NOT NULL,
        note_id INTEGER NOT NULL REFERENCES notes (id) ON DELETE CASCADE,
        PRIMARY KEY (letter_id, position)
    ) STRICT, WITHOUT ROWID;
INSERT INTO "letter_notes" VALUES(1,0,1);
CREATE TABLE letters (
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
        approved TEXT NOT NULL DEFAULT '', mail_from TEXT NOT NULL DEFAULT '', rcpt_to TEXT NOT NULL DEFAULT '', returned INTEGER NOT NULL DEFAULT 0 CHECK (returned IN (0, 1)), vetoed_at TEXT, overrules INTEGER NOT NULL DEFAULT 0 CHECK (overrules IN (0, 1)), announced TEXT NOT NULL DEFAULT '', announced_at TEXT, announced_for TEXT,
        UNIQUE (thread_id, step, attempt)
    ) STRICT;
INSERT INTO "letters" VALUES(1,1,0,1,'opening','sent','<k.0.1@example.net>','A question about your book','Dear Mara',X'5375626A6563743A2041207175657374696F6E2061626F757420796F757220626F6F6B0D0A0D0A44656172204D6172610D0A','2026-11-23T09:00:00Z','2026-11-23T09:00:00Z','2026-11-23T09:00:00Z','250 2.0.0 queued',0,NULL,'','','mara@example.org',0,NULL,0,'',NULL,NULL);
CREATE TABLE messages (
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
    , held INTEGER NOT NULL DEFAULT 0 CHECK (held IN (0, 1)), hint TEXT NOT NULL DEFAULT '', asked_for TEXT, other_address TEXT NOT NULL DEFAULT '', account TEXT NOT NULL DEFAULT 'main') STRICT;
INSERT INTO "messages" VALUES(1,'<answer@example.org>',1,1,'INBOX',7,'Mara <mara@example.org>','Re: A question about your book','2026-11-23T09:00:00Z','reply','matched.in-reply-to','<1@example.net>','Gladly','2026-11-23',0,0,'',NULL,'','main');
CREATE TABLE notes (
        id INTEGER PRIMARY KEY,
        contact_id INTEGER NOT NULL REFERENCES contacts (id) ON DELETE CASCADE,
        text TEXT NOT NULL,
        created_at TEXT NOT NULL,
        spent_by INTEGER REFERENCES letters (id) ON DELETE SET NULL
    , url TEXT NOT NULL DEFAULT '', expires TEXT, milestone TEXT NOT NULL DEFAULT '') STRICT;
INSERT INTO "notes" VALUES(1,1,'news','2026-11-23T09:00:00Z',1,'',NULL,'');
CREATE TABLE promises_kept (
            thread_id INTEGER NOT NULL REFERENCES threads (id) ON DELETE CASCADE,
            kind TEXT NOT NULL,
            at TEXT NOT NULL,
            PRIMARY KEY (thread_id, kind)
        ) STRICT, WITHOUT ROWID;
CREATE TABLE proposals (
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
    ) STRICT;
CREATE TABLE seen_in (
            contact_id INTEGER NOT NULL REFERENCES contacts (id) ON DELETE CASCADE,
            account TEXT NOT NULL,
            PRIMARY KEY (contact_id, account)
        ) STRICT, WITHOUT ROWID;
CREATE TABLE suppressions (
        address TEXT NOT NULL COLLATE NOCASE PRIMARY KEY,
        reason TEXT NOT NULL,
        at TEXT NOT NULL
    , mailbox TEXT NOT NULL DEFAULT '') STRICT, WITHOUT ROWID;
INSERT INTO "suppressions" VALUES('gone@example.org','asked to be left alone','2026-11-23T09:00:00Z','gone@example.org');
CREATE TABLE tags (
        contact_id INTEGER NOT NULL REFERENCES contacts (id) ON DELETE CASCADE,
        position INTEGER NOT NULL,
        tag TEXT NOT NULL,
        PRIMARY KEY (contact_id, position)
    ) STRICT, WITHOUT ROWID;
INSERT INTO "tags" VALUES(1,0,'z');
INSERT INTO "tags" VALUES(1,1,'a');
CREATE TABLE thread_names (
        name TEXT NOT NULL CHECK (name <> ''),
        thread_id INTEGER NOT NULL REFERENCES threads (id) ON DELETE CASCADE,
        PRIMARY KEY (name, thread_id)
    ) STRICT, WITHOUT ROWID;
INSERT INTO "thread_names" VALUES('subject:a question about your book',1);
CREATE TABLE threads (
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
    , kept_words TEXT NOT NULL DEFAULT '', continues INTEGER REFERENCES threads (id) ON DELETE SET NULL) STRICT;
INSERT INTO "threads" VALUES(1,'k',1,'patient','answered','a reply',1,'2026-11-23T09:00:00Z','2026-11-23T09:00:00Z','2026-12-01',NULL,NULL,NULL,NULL,NULL,3,'',NULL);
CREATE UNIQUE INDEX "idx__sqlite_migrations_migration_set_name"
    ON "_sqlite_migrations" ("migration_set", "name");
CREATE UNIQUE INDEX one_open_thread_per_contact ON threads (contact_id)
        WHERE state IN ('scheduled', 'waiting', 'held', 'paused');
CREATE INDEX threads_of_contact ON threads (contact_id);
CREATE INDEX threads_by_state ON threads (state);
CREATE INDEX threads_due ON threads (next_at) WHERE state IN ('scheduled', 'waiting');
CREATE INDEX threads_pausing ON threads (paused_until) WHERE state = 'paused' AND paused_until IS NOT NULL;
CREATE INDEX events_of_thread ON events (thread_id);
CREATE INDEX events_by_time ON events (at);
CREATE TRIGGER history_is_never_changed BEFORE UPDATE ON events
        BEGIN SELECT RAISE(ABORT, 'history is never changed'); END;
CREATE TRIGGER history_is_never_shortened BEFORE DELETE ON events
        WHEN EXISTS (SELECT 1 FROM threads WHERE id = OLD.thread_id)
        BEGIN SELECT RAISE(ABORT, 'history is never shortened'); END;
CREATE UNIQUE INDEX one_letter_per_step ON letters (thread_id, step)
        WHERE state IN ('sending', 'sent', 'uncertain');
CREATE UNIQUE INDEX one_letter_per_message_id ON letters (message_id)
        WHERE state IN ('sending', 'sent', 'uncertain');
CREATE INDEX letters_by_state ON letters (state);
CREATE INDEX letters_sent ON letters (sent_at) WHERE state = 'sent';
CREATE TRIGGER sent_stays_sent BEFORE UPDATE OF state ON letters
        WHEN OLD.state = 'sent' AND NEW.state <> 'sent'
        BEGIN SELECT RAISE(ABORT, 'a letter that was sent stays sent'); END;
CREATE INDEX letter_ids_of_letter ON letter_ids (letter_id);
CREATE INDEX notes_of_contact ON notes (contact_id);
CREATE INDEX notes_spent ON notes (spent_by) WHERE spent_by IS NOT NULL;
CREATE INDEX letter_notes_of_note ON letter_notes (note_id);
CREATE INDEX messages_of_thread ON messages (thread_id) WHERE thread_id IS NOT NULL;
CREATE INDEX messages_of_contact ON messages (contact_id) WHERE contact_id IS NOT NULL;
CREATE VIEW people AS
        SELECT c.id AS contact_id, a.address AS email, c.name, c.org, c.role, t.state, t.reason, t.cadence,
            t.step AS letters_so_far, t.next_at, c.ask, c.offer, c.goal,
            (SELECT group_concat(tag, ', ') FROM tags WHERE contact_id = c.id) AS tags
        FROM contacts AS c
        LEFT JOIN addresses AS a ON a.contact_id = c.id AND a.position = 0
        LEFT JOIN threads AS t ON t.id = (SELECT max(id) FROM threads WHERE contact_id = c.id);
CREATE VIEW upcoming AS
        SELECT t.next_at AS at, a.address AS email, c.name, t.cadence, t.step + 1 AS letter, t.state
        FROM threads AS t
        JOIN contacts AS c ON c.id = t.contact_id
        LEFT JOIN addresses AS a ON a.contact_id = c.id AND a.position = 0
        WHERE t.state IN ('scheduled', 'waiting') AND t.next_at IS NOT NULL
        ORDER BY t.next_at;
CREATE VIEW correspondence AS
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
        ORDER BY at;
CREATE INDEX addresses_by_mailbox ON addresses (mailbox);
CREATE INDEX addresses_by_organisation ON addresses (organisation);
CREATE INDEX suppressions_by_mailbox ON suppressions (mailbox);
CREATE INDEX thread_names_of_thread ON thread_names (thread_id);
CREATE INDEX contacts_referred ON contacts (referred_by) WHERE referred_by IS NOT NULL;
CREATE TRIGGER envelope_on_the_wire_stays BEFORE UPDATE OF mail_from, rcpt_to ON letters
        WHEN OLD.state IN ('sending', 'sent', 'uncertain')
        BEGIN SELECT RAISE(ABORT, 'the addresses of a letter that may have been sent stay'); END;
CREATE INDEX contacts_by_offer ON contacts (offer_of) WHERE offer_of <> '';
CREATE TRIGGER words_on_the_wire_stay BEFORE UPDATE OF message_id, subject, body, raw ON letters
        WHEN OLD.state IN ('sending', 'sent', 'uncertain') AND NOT (
            OLD.state = 'sent' AND NEW.message_id = OLD.message_id AND NEW.subject = OLD.subject
            AND NEW.body = '' AND NEW.raw = x'')
        BEGIN SELECT RAISE(ABORT, 'the words of a letter that may have been sent stay'); END;
CREATE INDEX proposals_open ON proposals (contact_id) WHERE decided_at IS NULL;
CREATE INDEX approval_codes_of_letter ON approval_codes (letter_id);
CREATE INDEX approval_codes_of_mail ON approval_codes (mail);
CREATE INDEX digest_mails_by_mail ON digest_mails (mail);
CREATE INDEX drafts_active ON drafts (account) WHERE state <> 'gone';
COMMIT;
