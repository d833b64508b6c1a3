"""A letter is written down before it is sent, at most one goes out for a step, and what came of it is kept at once."""

import json
import sqlite3
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from typing import Final

from followupd.core.connections import MAIN
from followupd.core.errors import FollowupdError, TryLaterError
from followupd.core.instants import Instant, to_text
from followupd.core.letter_states import REPLACEABLE, possible
from followupd.core.match import topic
from followupd.core.model import IN_DOUBT, Change, Letter, LetterState
from followupd.failpoints import Point, reach
from followupd.store import cases, threads, values
from followupd.store.db import Db
from followupd.store.sightings import letter_line
from followupd.store.standing import reconciled


def prepare(db: Db, letter: Letter) -> Letter:
    """Write a letter down whole, or write it anew as long as it was certainly not sent; give it with its id.

    A letter is known by thread, step and attempt. Raises FollowupdError if it was sent, may have been, or is settled.
    """
    with db.immediate():
        before = db.row(
            "SELECT id, state FROM letters WHERE thread_id = ? AND step = ? AND attempt = ?",
            (letter.thread_id, letter.step, letter.attempt),
        )
        if before is not None and before["state"] not in REPLACEABLE:
            raise FollowupdError(f"the letter is {before['state']} and stays as it is", where=f"letter {before['id']}")
        letter_id = _insert(db, letter) if before is None else before["id"]
        if before is not None:
            db.run(_REPLACE, values.letter_row(replace(letter, id=letter_id)))
        _write_notes(db, letter_id, letter.note_ids)
        db.run(_OWN_ID, (letter.message_id, letter_id))
        if named := topic(letter.subject):
            db.run(_TOPIC, (named, letter.thread_id))
    reach(Point.PREPARED)
    return replace(letter, id=letter_id)


def claim(db: Db, letter_id: int, now: Instant, revision: int | None = None) -> bool:
    """Take the last step before the data goes out: True if this letter may still be sent, now, by the caller alone.

    Decided inside the write lock by the rows as they stand: a `stop`, a pause, a snooze or an answer that was written
    before wins. With the `revision` of the thread that the letter was written from, any other change of it wins too: an
    address or a question that was edited meanwhile.
    """
    with db.immediate():
        return db.run(_CLAIM, {"id": letter_id, "now": to_text(now), "revision": revision}).rowcount == 1


def remember(db: Db, letter_id: int, at: Instant) -> None:
    """Write down when a letter was on the wire that this database did not claim itself."""
    db.run("UPDATE letters SET claimed_at = ? WHERE id = ?", (to_text(at), letter_id))


def intend(db: Db, letter_id: int, now: Instant) -> None:
    """Have the witness keep that a claimed letter goes on the wire; it may not before this has returned.

    Raises FollowupdError if the witness cannot; then the letter is claimed no longer: it certainly was not sent.
    """
    reach(Point.CLAIMED)
    try:
        with db.immediate():
            row = db.row(
                "SELECT t.key FROM letters AS l JOIN threads AS t ON t.id = l.thread_id WHERE l.id = ?", (letter_id,)
            )
            assert row is not None
            db.tell(letter_line(row["key"], get(db, letter_id), now))
    except FollowupdError:
        db.run(
            "UPDATE letters SET state = 'prepared', claimed_at = NULL WHERE id = ? AND state = 'sending'", (letter_id,)
        )
        raise
    reach(Point.INTENDED)


def settle(
    db: Db, letter: Letter, change: Change, other_ids: Collection[str] = (), spend_notes: Collection[int] = ()
) -> None:
    """Write down what became of a letter, and of its thread, in one transaction.

    Raises TryLaterError, and writes nothing, if the letter was settled otherwise meanwhile.
    `other_ids` are more Message-IDs it goes by, `spend_notes` the notes it has told. What the user said of the thread
    while the letter was on the wire stands: only step and anchor advance then.
    """
    with db.immediate():
        _settle_letter(db, letter)
        _add_ids(db, letter.id, other_ids)
        db.run_many("UPDATE notes SET spent_by = ? WHERE id = ?", [(letter.id, note_id) for note_id in spend_notes])
        now = threads.standing(db, change.thread.id)
        unchanged = now.revision == change.thread.revision
        at = letter.sent_at or (change.events[-1].at if change.events else letter.created_at)
        db.tell(letter_line(now.key, letter, at))
        threads.apply(db, change if unchanged else replace(change, thread=reconciled(now, change.thread)))
    reach(Point.SETTLED)


def get(db: Db, letter_id: int) -> Letter:
    """Give a letter; raise FollowupdError if there is none of this id."""
    found = _read(db, db.rows("SELECT * FROM letters WHERE id = ?", (letter_id,)))
    if not found:
        raise FollowupdError("there is no such letter", where=f"letter {letter_id}", hint="see: followupd outbox list")
    return found[0]


def states(db: Db, letter_ids: Collection[int]) -> dict[int, LetterState]:
    """Give the state of each of these letters; one that is gone is left out."""
    rows = db.rows(
        "SELECT l.id, l.state FROM json_each(?) AS wanted CROSS JOIN letters AS l ON l.id = wanted.value",
        (json.dumps(list(letter_ids)),),
    )
    return {row["id"]: LetterState(row["state"]) for row in rows}


def in_states(db: Db, states: Collection[LetterState]) -> tuple[Letter, ...]:
    """Give the letters in any of these states, the oldest first."""
    return _read(
        db,
        db.rows(
            "SELECT l.* FROM json_each(?) AS wanted CROSS JOIN letters AS l ON l.state = wanted.value ORDER BY l.id",
            (values.listed(states),),
        ),
    )


def in_doubt(db: Db) -> tuple[Letter, ...]:
    """Give the letters of which nobody knows yet whether they went out."""
    return in_states(db, IN_DOUBT)


def held(db: Db) -> tuple[Letter, ...]:
    """Give the letters that wait for the user."""
    return in_states(db, (LetterState.HELD,))


def vetoed(db: Db) -> tuple[Letter, ...]:
    """Give the held letters that a program of the user's held, each the next one of a held thread, the oldest first."""
    rows = db.rows(
        "SELECT l.* FROM threads AS t JOIN letters AS l ON l.thread_id = t.id AND l.step = t.step "
        "WHERE t.state = 'held' AND l.state = 'held' AND l.vetoed_at IS NOT NULL ORDER BY l.id"
    )
    return _read(db, rows)


def of_thread(db: Db, thread_id: int) -> tuple[Letter, ...]:
    """Give a thread's letters, the first first."""
    return _read(db, db.rows("SELECT * FROM letters WHERE thread_id = ? ORDER BY step, attempt", (thread_id,)))


def out_to(db: Db, contact_id: int) -> tuple[Letter, ...]:
    """Give the letters to a contact that are out, or may be, of all their threads."""
    rows = db.rows(
        "SELECT l.* FROM threads AS t JOIN letters AS l ON l.thread_id = t.id "
        "WHERE t.contact_id = ? AND l.state IN ('sent', 'sending', 'uncertain') ORDER BY l.id",
        (contact_id,),
    )
    return _read(db, rows)


def sent_since(db: Db, instant: Instant, account: str = MAIN) -> int:
    """Count the letters of an account that went out, or may have, at or after an instant."""
    row = db.row(
        "SELECT count(*) FROM ("
        "SELECT thread_id FROM letters INDEXED BY letters_sent WHERE state = 'sent' AND sent_at >= :since UNION ALL "
        "SELECT thread_id FROM letters WHERE state IN ('sending', 'uncertain') AND claimed_at >= :since) AS l "
        "CROSS JOIN threads AS t ON t.id = l.thread_id JOIN contacts AS c ON c.id = t.contact_id "
        "WHERE c.account = :account",
        {"since": to_text(instant), "account": account},
    )
    return int(row[0]) if row else 0


def sent_ids(db: Db, message_ids: Collection[str]) -> dict[str, int]:
    """Give the letter id for each of these Message-IDs that is a letter's."""
    rows = db.rows(
        "SELECT i.message_id, i.letter_id FROM json_each(?) AS wanted "
        "CROSS JOIN letter_ids AS i ON i.message_id = wanted.value",
        (values.listed(message_ids),),
    )
    return {row["message_id"]: row["letter_id"] for row in rows}


def add_ids(db: Db, letter_id: int, ids: Iterable[str]) -> None:
    """Remember more Message-IDs that a letter goes by; one that is another letter's stays that one's."""
    with db.immediate():
        _add_ids(db, letter_id, ids)


def email_of(db: Db, letter_id: int) -> str:
    """Give the address a letter goes to; raise FollowupdError if there is no such letter."""
    row = db.row(
        "SELECT a.address FROM letters AS l JOIN threads AS t ON t.id = l.thread_id "
        "JOIN addresses AS a ON a.contact_id = t.contact_id AND a.position = 0 WHERE l.id = ?",
        (letter_id,),
    )
    if row is None:
        raise FollowupdError("there is no such letter", where=f"letter {letter_id}")
    return str(row["address"])


_INSERT: Final = """
    INSERT INTO letters (thread_id, step, attempt, template, state, message_id, subject, body, raw, created_at, sent_at,
        said, tries, retry_at, approved, mail_from, rcpt_to, vetoed_at, overrules,
        announced, announced_at, announced_for)
    VALUES (:thread_id, :step, :attempt, :template, :state, :message_id, :subject, :body, :raw, :created_at, :sent_at,
        :said, :tries, :retry_at, :approved, :mail_from, :rcpt_to, :vetoed_at, :overrules,
        :announced, :announced_at, :announced_for)"""
_REPLACE: Final = """
    UPDATE letters SET template = :template, state = :state, message_id = :message_id, subject = :subject, body = :body,
        raw = :raw, created_at = :created_at, sent_at = :sent_at, said = :said, tries = :tries, retry_at = :retry_at,
        approved = :approved, mail_from = :mail_from, rcpt_to = :rcpt_to, vetoed_at = :vetoed_at,
        overrules = :overrules, announced = :announced, announced_at = :announced_at, announced_for = :announced_for
    WHERE id = :id"""
_OWN_ID: Final = """
    INSERT INTO letter_ids (message_id, letter_id) VALUES (?, ?)
    ON CONFLICT (message_id) DO UPDATE SET letter_id = excluded.letter_id
    WHERE (SELECT state FROM letters WHERE id = letter_ids.letter_id) NOT IN ('sending', 'sent', 'uncertain')"""
_TOPIC: Final = "INSERT INTO thread_names (name, thread_id) VALUES (?, ?) ON CONFLICT DO NOTHING"
_SETTLE: Final = """
    UPDATE letters SET state = :state, sent_at = :sent_at, said = :said, tries = :tries, retry_at = :retry_at,
        approved = :approved, vetoed_at = :vetoed_at, overrules = :overrules
    WHERE id = :id"""
_CLAIM: Final = """
    UPDATE letters SET state = 'sending', claimed_at = :now
    WHERE id = :id AND state = 'prepared'
        AND EXISTS (
            SELECT 1 FROM threads AS t WHERE t.id = letters.thread_id AND t.step = letters.step
                AND t.state IN ('scheduled', 'waiting') AND t.next_at <= :now
                AND t.revision = coalesce(:revision, t.revision))
        AND NOT EXISTS (
            SELECT 1 FROM threads AS t JOIN addresses AS a ON a.contact_id = t.contact_id
                JOIN suppressions AS s ON s.mailbox = a.mailbox
            WHERE t.id = letters.thread_id)
        AND NOT EXISTS (
            SELECT 1 FROM letters AS other
            WHERE other.thread_id = letters.thread_id AND other.step = letters.step
                AND other.state IN ('sending', 'sent', 'uncertain'))
        AND NOT EXISTS (
            SELECT 1 FROM letters AS other
            WHERE other.message_id = letters.message_id AND other.state IN ('sending', 'sent', 'uncertain'))"""


def _insert(db: Db, letter: Letter) -> int:
    try:
        return db.run(_INSERT, values.letter_row(letter)).lastrowid or 0
    except sqlite3.IntegrityError as error:
        raise _second(error, letter) from error


def _settle_letter(db: Db, letter: Letter) -> None:
    before = states(db, [letter.id]).get(letter.id)
    if before is None:
        raise FollowupdError("there is no such letter", where=f"letter {letter.id}")
    if not possible(before, letter.state):
        raise TryLaterError(f"the letter is {before} and cannot become {letter.state}", where=f"letter {letter.id}")
    try:
        db.run(_SETTLE, values.letter_row(letter))
    except sqlite3.IntegrityError as error:
        raise _second(error, letter) from error


def _second(error: sqlite3.IntegrityError, letter: Letter) -> Exception:
    """Say in plain words that a step has its letter already; anything else is a bug and stays one."""
    if error.sqlite_errorcode == sqlite3.SQLITE_CONSTRAINT_UNIQUE:
        return FollowupdError(
            f"step {letter.step + 1} of this thread has a letter already that was sent, or may have been",
            where=f"thread {letter.thread_id}",
        )
    return error


def _write_notes(db: Db, letter_id: int, note_ids: Sequence[int]) -> None:
    db.run("DELETE FROM letter_notes WHERE letter_id = ?", (letter_id,))
    db.run_many(
        "INSERT INTO letter_notes (letter_id, position, note_id) VALUES (?, ?, ?)",
        [(letter_id, position, note_id) for position, note_id in enumerate(note_ids)],
    )


def _add_ids(db: Db, letter_id: int, ids: Iterable[str]) -> None:
    for message_id in filter(None, ids):
        db.run(
            "INSERT INTO letter_ids (message_id, letter_id) VALUES (?, ?) ON CONFLICT DO NOTHING",
            (message_id, letter_id),
        )


def _read(db: Db, rows: Sequence[sqlite3.Row]) -> tuple[Letter, ...]:
    told = cases.note_ids(db, [row["id"] for row in rows])
    return tuple(values.letter(row, told.get(row["id"], ())) for row in rows)
