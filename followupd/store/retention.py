"""Old words go: what somebody wrote, and what was written to them, once no decision rests on it.

Rows, dates, verdicts, subjects and Message-IDs stay: by them letters are counted and answers found. As long as somebody
has an open thread, its words stay too: later letters quote them, and are compared with them. So do those that ask to be
written to later, and those that wait for the user's judgement.
"""

from collections.abc import Collection
from typing import Final

from followupd.core.instants import Instant, to_text
from followupd.store import values
from followupd.store.db import Db

AT_ONCE: Final = 500
"""Rows of a table in one transaction: the rest goes in the next round."""


def blank(db: Db, *, letters_before: Instant, messages_before: Instant, unfiled: Collection[int] = ()) -> int:
    """Take the words out of letters and messages that are older; give how many there were.

    A letter that still has to be filed in Sent (`unfiled`) stays whole.
    """
    with db.immediate():
        letters = db.run(
            _LETTERS,
            {"before": to_text(letters_before), "unfiled": values.listed(unfiled), "most": AT_ONCE},
        ).rowcount
        return letters + db.run(_MESSAGES, {"before": to_text(messages_before), "most": AT_ONCE}).rowcount


_NOBODY_WAITS: Final = """
    NOT EXISTS (SELECT 1 FROM threads AS o WHERE o.contact_id = t.contact_id
        AND o.state IN ('scheduled', 'waiting', 'held', 'paused'))"""
_LETTERS: Final = f"""
    UPDATE letters SET body = '', raw = x'' WHERE id IN (
        SELECT l.id FROM letters AS l JOIN threads AS t ON t.id = l.thread_id
        WHERE l.state IN ('sent', 'refused', 'discarded') AND coalesce(l.sent_at, l.created_at) < :before
            AND (l.body <> '' OR l.raw <> x'') AND l.id NOT IN (SELECT value FROM json_each(:unfiled))
            AND {_NOBODY_WAITS}
        LIMIT :most)"""  # noqa: S608  # constants of this file
_MESSAGES: Final = f"""
    UPDATE messages SET excerpt = '' WHERE id IN (
        SELECT m.id FROM messages AS m LEFT JOIN threads AS t ON t.id = m.thread_id
        WHERE m.received_at < :before AND m.excerpt <> '' AND m.asked_for IS NULL
            AND NOT (m.held = 1 AND m.not_answer = 0) AND {_NOBODY_WAITS}
        LIMIT :most)"""  # noqa: S608  # constants of this file
