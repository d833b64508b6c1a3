"""Everything that a decision about a thread rests on, for many threads in a handful of queries."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence

from followupd.core.model import Case, Contact, Letter, Note, Thread
from followupd.store import values
from followupd.store.db import Db


def load(db: Db, threads: Sequence[Thread], *, with_raw: bool = True) -> tuple[Case, ...]:
    """Give a case for each thread, in their order; without `with_raw` the letters' `raw` is left empty."""
    if not threads:
        return ()
    contact_ids = {thread.contact_id for thread in threads}
    people = contacts(db, contact_ids)
    letters = _letters(db, [thread.id for thread in threads], with_raw=with_raw)
    notes = _notes(db, contact_ids)
    suppressed = _suppressed(db, contact_ids)
    going_on = [thread.id for thread in threads if thread.continues is not None]
    before, answers = _before(db, going_on) if going_on else ({}, {})
    return tuple(
        Case(
            thread=thread,
            contact=people[thread.contact_id],
            letters=tuple(letters.get(thread.id, ())),
            notes=tuple(notes.get(thread.contact_id, ())),
            suppressed=thread.contact_id in suppressed,
            before=tuple(before.get(thread.id, ())),
            answer=answers.get(thread.id, ""),
        )
        for thread in threads
    )


def contacts(db: Db, ids: Collection[int]) -> dict[int, Contact]:
    """Give the contacts of these ids, with their addresses and tags."""
    wanted = (values.listed(ids),)
    addresses: defaultdict[int, list[str]] = defaultdict(list)
    for row in db.rows(
        "SELECT a.contact_id, a.address FROM json_each(?) AS wanted CROSS JOIN addresses AS a "
        "ON a.contact_id = wanted.value ORDER BY a.contact_id, a.position",
        wanted,
    ):
        addresses[row["contact_id"]].append(row["address"])
    tags: defaultdict[int, list[str]] = defaultdict(list)
    for row in db.rows(
        "SELECT t.contact_id, t.tag FROM json_each(?) AS wanted CROSS JOIN tags AS t "
        "ON t.contact_id = wanted.value ORDER BY t.contact_id, t.position",
        wanted,
    ):
        tags[row["contact_id"]].append(row["tag"])
    rows = db.rows(
        "SELECT c.*, r.name AS referrer, ra.address AS referrer_address FROM json_each(?) AS wanted "
        "CROSS JOIN contacts AS c ON c.id = wanted.value LEFT JOIN contacts AS r ON r.id = c.referred_by "
        "LEFT JOIN addresses AS ra ON ra.contact_id = c.referred_by AND ra.position = 0",
        wanted,
    )
    return {row["id"]: values.contact(row, addresses[row["id"]], tags[row["id"]]) for row in rows}


def note_ids(db: Db, letter_ids: Collection[int]) -> Mapping[int, Sequence[int]]:
    """Give the notes that each letter tells, in their order."""
    told: defaultdict[int, list[int]] = defaultdict(list)
    if not letter_ids:
        return told
    for row in db.rows(
        "SELECT n.letter_id, n.note_id FROM json_each(?) AS wanted CROSS JOIN letter_notes AS n "
        "ON n.letter_id = wanted.value ORDER BY n.letter_id, n.position",
        (values.listed(letter_ids),),
    ):
        told[row["letter_id"]].append(row["note_id"])
    return told


_WHOLE = """
    SELECT l.* FROM json_each(?) AS wanted CROSS JOIN letters AS l ON l.thread_id = wanted.value
    ORDER BY l.thread_id, l.step, l.attempt"""
_WITHOUT_RAW = """
    SELECT l.id, l.thread_id, l.step, l.attempt, l.template, l.state, l.message_id, l.subject, l.body, x'' AS raw,
        l.created_at, l.sent_at, l.said, l.tries, l.retry_at, l.approved, l.mail_from, l.rcpt_to, l.returned,
        l.vetoed_at, l.overrules, l.announced, l.announced_at, l.announced_for
    FROM json_each(?) AS wanted CROSS JOIN letters AS l ON l.thread_id = wanted.value
    ORDER BY l.thread_id, l.step, l.attempt"""


_CHAIN = """
    WITH RECURSIVE chain (thread_id, earlier) AS (
        SELECT t.id, t.continues FROM json_each(?) AS wanted CROSS JOIN threads AS t ON t.id = wanted.value
        UNION SELECT c.thread_id, t.continues FROM chain AS c JOIN threads AS t ON t.id = c.earlier)"""
"""The threads that each of some threads goes on with, those before them included."""
_SENT_BEFORE = f"""{_CHAIN}
    SELECT c.thread_id AS later, l.id, l.thread_id, l.step, l.attempt, l.template, l.state, l.message_id, l.subject,
        l.body, x'' AS raw, l.created_at, l.sent_at, l.said, l.tries, l.retry_at, l.approved,
        l.mail_from, l.rcpt_to, l.returned, l.vetoed_at, l.overrules,
        l.announced, l.announced_at, l.announced_for
    FROM chain AS c JOIN letters AS l ON l.thread_id = c.earlier
    WHERE l.state = 'sent' ORDER BY l.thread_id, l.step"""  # noqa: S608  # a constant of this file
_ANSWERS = f"""{_CHAIN}
    SELECT c.thread_id AS later, m.message_id FROM chain AS c JOIN messages AS m ON m.thread_id = c.earlier
    WHERE m.verdict IN ('reply', 'calendar') AND NOT m.not_answer
    ORDER BY m.received_at, m.id"""  # noqa: S608  # a constant of this file


def _before(db: Db, thread_ids: Collection[int]) -> tuple[Mapping[int, Sequence[Letter]], Mapping[int, str]]:
    """Give what was sent before in the conversations that threads go on with, and the newest answer to it."""
    wanted = (values.listed(thread_ids),)
    sent: defaultdict[int, list[Letter]] = defaultdict(list)
    for row in db.rows(_SENT_BEFORE, wanted):
        sent[row["later"]].append(values.letter(row, ()))
    return sent, {row["later"]: row["message_id"] for row in db.rows(_ANSWERS, wanted)}


def _letters(db: Db, thread_ids: Collection[int], *, with_raw: bool) -> Mapping[int, Sequence[Letter]]:
    rows = db.rows(_WHOLE if with_raw else _WITHOUT_RAW, (values.listed(thread_ids),))
    told = note_ids(db, [row["id"] for row in rows])
    found: defaultdict[int, list[Letter]] = defaultdict(list)
    for row in rows:
        found[row["thread_id"]].append(values.letter(row, told.get(row["id"], ())))
    return found


def _notes(db: Db, contact_ids: Collection[int]) -> Mapping[int, Sequence[Note]]:
    found: defaultdict[int, list[Note]] = defaultdict(list)
    for row in db.rows(
        "SELECT n.* FROM json_each(?) AS wanted CROSS JOIN notes AS n ON n.contact_id = wanted.value ORDER BY n.id",
        (values.listed(contact_ids),),
    ):
        found[row["contact_id"]].append(values.note(row))
    return found


def _suppressed(db: Db, contact_ids: Collection[int]) -> frozenset[int]:
    rows = db.rows(
        "SELECT DISTINCT a.contact_id FROM json_each(?) AS wanted CROSS JOIN addresses AS a "
        "ON a.contact_id = wanted.value JOIN suppressions AS s ON s.mailbox = a.mailbox",
        (values.listed(contact_ids),),
    )
    return frozenset(row["contact_id"] for row in rows)
