"""A thread is found by every name of its conversation, and by who may answer under its subject: by index only."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Final

from followupd.core.match import organisation
from followupd.core.model import Candidate
from followupd.store import messages, values
from followupd.store.db import Db

MOST: Final = 50
"""Threads of one subject that are looked at without another clue: the newest; a template may have one for all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Clues:
    """What a message has that names no letter of ours: its topics (`core.match.topics`), senders, people in it."""

    topics: Collection[str]
    senders: Collection[str] = ()
    people: Collection[str] = ()


def known(db: Db, texts: Collection[str]) -> frozenset[str]:
    """Give those of these texts that are a Message-ID of a letter of ours, or a name of a thread's conversation."""
    listing = list(texts)
    found: set[str] = set()
    for start in range(0, len(listing), 500):
        rows = db.rows(_KNOWN, (values.listed(listing[start : start + 500]),))
        found.update(row["value"] for row in rows)
    return frozenset(found)


def add_names(db: Db, thread_id: int, names: Iterable[str]) -> None:
    """Remember names that a thread's conversation goes by; several threads may share one."""
    db.run_many(
        "INSERT INTO thread_names (name, thread_id) VALUES (?, ?) ON CONFLICT DO NOTHING",
        [(name, thread_id) for name in names],
    )


def under_subject(db: Db, clues: Clues) -> tuple[Candidate, ...]:
    """Give the threads of one of these topics: with somebody of a sender's organisation, or named, and the newest."""
    with db.snapshot():
        rows = db.rows(
            _UNDER_SUBJECT,
            {
                "topics": values.listed(clues.topics),
                "organisations": values.listed(set(filter(None, map(organisation, clues.senders)))),
                "mailboxes": values.listed({values.mailbox(one) for one in clues.people}),
                "most": MOST,
            },
        )
        return messages.candidates_of(db, [values.thread(row) for row in rows])


_KNOWN: Final = """
    SELECT wanted.value FROM json_each(?) AS wanted
    WHERE EXISTS (SELECT 1 FROM letter_ids AS i WHERE i.message_id = wanted.value)
        OR EXISTS (SELECT 1 FROM thread_names AS n WHERE n.name = wanted.value)"""
_UNDER_SUBJECT: Final = """
    SELECT * FROM threads WHERE id IN (
        SELECT * FROM (
            SELECT n.thread_id FROM json_each(:topics) AS topic CROSS JOIN thread_names AS n ON n.name = topic.value
            ORDER BY n.thread_id DESC LIMIT :most)
        UNION
        SELECT * FROM (
            SELECT n.thread_id FROM json_each(:organisations) AS wanted
            CROSS JOIN addresses AS a ON a.organisation = wanted.value
            CROSS JOIN threads AS t ON t.contact_id = a.contact_id
            CROSS JOIN json_each(:topics) AS topic
            CROSS JOIN thread_names AS n ON n.name = topic.value AND n.thread_id = t.id
            LIMIT :most)
        UNION
        SELECT * FROM (
            SELECT n.thread_id FROM json_each(:mailboxes) AS wanted
            CROSS JOIN addresses AS a ON a.mailbox = wanted.value
            CROSS JOIN threads AS t ON t.contact_id = a.contact_id
            CROSS JOIN json_each(:topics) AS topic
            CROSS JOIN thread_names AS n ON n.name = topic.value AND n.thread_id = t.id
            LIMIT :most)
    ) ORDER BY id"""
