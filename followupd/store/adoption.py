"""A thread that has not begun begins with a letter by hand: all of it is written in one transaction, or nothing."""

from collections.abc import Collection
from dataclasses import replace

from followupd.core.adoption import Written
from followupd.core.errors import FollowupdError
from followupd.core.instants import from_text
from followupd.core.letter_states import LetterHappening, after
from followupd.core.model import MAY_BE_OUT, Change, Letter, LetterState, Message, Verdict
from followupd.store import letters, threads
from followupd.store.db import Db


def begin(db: Db, letter: Letter, other_ids: Collection[str], change: Change, answers: Collection[Message]) -> None:
    """Let a thread begin with `letter`, which was sent, under its date; what was prepared for its first step goes.

    `answers` are messages recorded as mail before a beginning, which answer the letter. Raises FollowupdError if the
    letter is another thread's already, or if this one has begun.
    """
    with db.immediate():
        _refuse_known(db, letter)
        _refuse_begun(db, letter.thread_id)
        threads.backdate(db, letter.thread_id, letter.created_at)
        db.run(
            "UPDATE letters SET state = 'discarded' WHERE thread_id = ? AND step = 0 "
            "AND state IN ('prepared', 'deferred', 'held')",
            (letter.thread_id,),
        )
        prepared = letters.prepare(db, replace(letter, state=LetterState.PREPARED))
        found = replace(letter, id=prepared.id, state=after(prepared.state, LetterHappening.FOUND))
        letters.settle(db, found, change, other_ids)
        db.run_many(
            "UPDATE messages SET verdict = ?, rule = 'match.address', words = sender WHERE id = ?",
            [(Verdict.REPLY.value, one.id) for one in answers],
        )


def written(db: Db, contact_id: int) -> tuple[Written, ...]:
    """Give what went out to a contact, or may have, in all their threads, by each name that a letter has."""
    return tuple(
        Written(at=from_text(row["at"]), subject=row["subject"], message_id=row["message_id"])
        for row in db.rows(
            "SELECT i.message_id, l.subject, coalesce(l.sent_at, l.claimed_at, l.created_at) AS at FROM threads AS t "
            "JOIN letters AS l ON l.thread_id = t.id JOIN letter_ids AS i ON i.letter_id = l.id WHERE t.contact_id = ? "
            "AND (l.state IN ('sending', 'sent', 'uncertain') OR l.claimed_at IS NOT NULL)",
            (contact_id,),
        )
    )


def written_before(db: Db, contact_id: int) -> bool:
    """Tell whether followupd has written to a contact before, in whichever thread, or may have."""
    row = db.row(
        "SELECT 1 FROM threads AS t JOIN letters AS l ON l.thread_id = t.id WHERE t.contact_id = ? "
        "AND l.state IN ('sending', 'sent', 'uncertain') LIMIT 1",
        (contact_id,),
    )
    return row is not None


def _refuse_known(db: Db, letter: Letter) -> None:
    known = letters.sent_ids(db, [letter.message_id]).get(letter.message_id)
    if known is not None and letters.get(db, known).state in MAY_BE_OUT:
        email = letters.email_of(db, known)
        raise FollowupdError(
            f"this message is part of the thread with {email} already",
            where=letter.message_id,
            hint=f"see: followupd show {email}",
        )


def _refuse_begun(db: Db, thread_id: int) -> None:
    row = db.row("SELECT step FROM threads WHERE id = ?", (thread_id,))
    left = db.row(
        "SELECT 1 FROM letters WHERE thread_id = ? AND state IN ('sending', 'sent', 'uncertain')", (thread_id,)
    )
    if row is None or row["step"] or left is not None:
        raise FollowupdError("the thread has begun already", where=f"thread {thread_id}")
