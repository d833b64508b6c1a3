"""What lies in the user's Drafts folder for a letter: written down before it is put there or taken out."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from typing import Final

from followupd.core.draft_states import DraftHappening, DraftState, after
from followupd.core.errors import TryLaterError
from followupd.core.instants import Instant, from_text, to_text
from followupd.core.model import Lying
from followupd.store import values
from followupd.store.db import Db

_SAVE: Final = """
    INSERT INTO drafts (letter_id, account, state, folder, uidvalidity, uid, put_at, changed_at, in_sent)
    VALUES (:letter_id, :account, :state, :folder, :uidvalidity, :uid, :put_at, :changed_at, :in_sent)
    ON CONFLICT (letter_id) DO UPDATE SET account = excluded.account, state = excluded.state, folder = excluded.folder,
        uidvalidity = excluded.uidvalidity, uid = excluded.uid, put_at = excluded.put_at,
        changed_at = excluded.changed_at, in_sent = excluded.in_sent"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A draft as it was last seen; `lying` is where it was put, None where that is not known (yet).

    `put_at` is when it was planned, `changed_at` since when it is in its state. `in_sent`: a copy of the letter was
    seen in Sent under the Message-ID of the draft.
    """

    letter_id: int
    account: str
    state: DraftState
    put_at: Instant
    changed_at: Instant
    lying: Lying | None = None
    in_sent: bool = False


def get(db: Db, letter_id: int) -> Kept | None:
    """Give the draft of a letter; None if there never was one."""
    found = _read(db, "WHERE letter_id = ?", letter_id)
    return found[0] if found else None


def active(db: Db, account: str) -> tuple[Kept, ...]:
    """Give the drafts of an account that are not gone."""
    return _read(db, "WHERE account = ? AND state <> 'gone' ORDER BY letter_id", account)


def lost(db: Db, account: str, names: Collection[str]) -> tuple[Kept, ...]:
    """Give the drafts of letters of an account that lie in accounts which are none of these."""
    theirs = (
        "SELECT l.id FROM letters AS l JOIN threads AS t ON t.id = l.thread_id "
        "JOIN contacts AS c ON c.id = t.contact_id WHERE c.account = ?"
    )
    where = "state <> 'gone' AND account NOT IN (SELECT value FROM json_each(?))"
    return _read(db, f"WHERE {where} AND letter_id IN ({theirs}) ORDER BY letter_id", values.listed(names), account)


def without(db: Db, account: str, most: int) -> tuple[int, ...]:
    """Give held threads of an account whose next letter is held, too, and has no draft, the oldest letter first."""
    rows = db.rows(
        "SELECT t.id FROM letters AS l JOIN threads AS t ON t.id = l.thread_id AND t.step = l.step "
        "JOIN contacts AS c ON c.id = t.contact_id LEFT JOIN drafts AS d ON d.letter_id = l.id AND d.state <> 'gone' "
        "WHERE l.state = 'held' AND t.state = 'held' AND c.account = ? AND d.letter_id IS NULL ORDER BY l.id LIMIT ?",
        (account, most),
    )
    return tuple(row["id"] for row in rows)


def gone_before_sending(db: Db, account: str) -> tuple[Kept, ...]:
    """Give the drafts of an account that are gone, while their letters were approved and are still to go."""
    unsent = "SELECT id FROM letters WHERE state IN ('prepared', 'deferred')"
    return _read(db, f"WHERE state = 'gone' AND account = ? AND letter_id IN ({unsent}) ORDER BY letter_id", account)


def asked(db: Db, kept: Kept, now: Instant) -> None:
    """Remember that the user was asked about all that they wrote by hand since a draft was put there."""
    _save(db, replace(kept, put_at=now))


def lie_to(db: Db, addresses: Collection[str]) -> bool:
    """Tell whether a draft may lie there to somebody of these addresses."""
    row = db.row(
        "SELECT 1 FROM drafts AS d JOIN letters AS l ON l.id = d.letter_id JOIN threads AS t ON t.id = l.thread_id "
        "JOIN addresses AS a ON a.contact_id = t.contact_id JOIN json_each(?) AS wanted ON wanted.value = a.address "
        "WHERE d.state <> 'gone' LIMIT 1",
        (values.listed(addresses),),
    )
    return row is not None


def plan(db: Db, letter_id: int, account: str, now: Instant) -> Kept:
    """Write down that a draft is to be put there, before it is."""
    with db.immediate():
        before = get(db, letter_id)
        state = after(before.state if before else None, DraftHappening.PLANNED)
        kept = Kept(letter_id=letter_id, account=account, state=state, put_at=now, changed_at=now)
        _save(db, kept)
    return kept


def move(db: Db, kept: Kept, happening: DraftHappening, now: Instant, lying: Lying | None = None) -> Kept:
    """Write down what befell a draft; raise TryLaterError where another process wrote something else meanwhile.

    What does not change its state leaves `changed_at` as it was.
    """
    state = after(kept.state, happening)
    moved = replace(
        kept, state=state, changed_at=kept.changed_at if state is kept.state else now, lying=lying or kept.lying
    )
    with db.immediate():
        there = get(db, kept.letter_id)
        if there is None or there.state is not kept.state:
            raise TryLaterError("another process looks after this draft", where=f"letter {kept.letter_id}")
        if moved != kept:
            _save(db, replace(moved, in_sent=there.in_sent))
    return moved


def seen_in_sent(db: Db, letter_ids: Iterable[int]) -> None:
    """Remember that copies of letters lie in Sent under their Message-IDs, of those that have a draft."""
    for letter_id in set(letter_ids):
        db.run("UPDATE drafts SET in_sent = 1 WHERE letter_id = ? AND state <> 'gone'", (letter_id,))


def _save(db: Db, kept: Kept) -> None:
    lying = kept.lying
    db.run(
        _SAVE,
        {
            "letter_id": kept.letter_id,
            "account": kept.account,
            "state": kept.state,
            "folder": lying.folder if lying else "",
            "uidvalidity": lying.uidvalidity if lying else None,
            "uid": lying.uid if lying else None,
            "put_at": to_text(kept.put_at),
            "changed_at": to_text(kept.changed_at),
            "in_sent": kept.in_sent,
        },
    )


def _read(db: Db, where: str, *wanted: str | int) -> tuple[Kept, ...]:
    return tuple(
        Kept(
            letter_id=row["letter_id"],
            account=row["account"],
            state=DraftState(row["state"]),
            put_at=from_text(row["put_at"]),
            changed_at=from_text(row["changed_at"]),
            lying=Lying(row["folder"], row["uidvalidity"], row["uid"]) if row["uid"] is not None else None,
            in_sent=bool(row["in_sent"]),
        )
        for row in db.rows(f"SELECT * FROM drafts {where}", wanted)  # noqa: S608  # words of this file
    )
