"""What the database knows of accounts: who belongs to which, where somebody's mail was seen, how each does."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Final

from followupd.core.instants import Instant
from followupd.core.model import Case
from followupd.store import cases, facts, values
from followupd.store.db import Db

_WORST_FIRST: Final = ("login_refused", "trouble", "not_sending")


def gone(db: Db, names: Collection[str]) -> tuple[str, ...]:
    """Give the accounts of contacts that are none of these."""
    rows = db.rows(
        "SELECT DISTINCT account FROM contacts WHERE account NOT IN (SELECT value FROM json_each(?)) ORDER BY account",
        (values.listed(names),),
    )
    return tuple(row["account"] for row in rows)


def seen_in(db: Db, contact_id: int) -> frozenset[str]:
    """Give the accounts in whose mailboxes anything of a contact was seen, or has to be looked for."""
    rows = db.rows(
        "SELECT account FROM messages WHERE contact_id = :id UNION SELECT account FROM seen_in WHERE contact_id = :id",
        {"id": contact_id},
    )
    return frozenset(row["account"] for row in rows)


def note_place(db: Db, contact_id: int, account: str) -> None:
    """Remember to look into an account's mailbox, too, before a letter to somebody: mail of theirs may lie there."""
    db.run(
        "INSERT INTO seen_in (contact_id, account) SELECT id, ? FROM contacts WHERE id = ? ON CONFLICT DO NOTHING",
        (account, contact_id),
    )


def last_sender(db: Db, contact_id: int) -> str | None:
    """Give whom the newest letter to a contact was from that is out or may be, in any thread; None if there is none."""
    row = db.row(
        "SELECT l.mail_from FROM threads AS t JOIN letters AS l ON l.thread_id = t.id WHERE t.contact_id = ? "
        "AND l.state IN ('sending', 'sent', 'uncertain') ORDER BY l.id DESC LIMIT 1",
        (contact_id,),
    )
    return None if row is None else str(row["mail_from"])


def held_for(db: Db, reason: str) -> tuple[Case, ...]:
    """Give the held threads whose reason begins like this."""
    with db.snapshot():
        rows = db.rows(
            "SELECT * FROM threads WHERE state = 'held' AND substr(reason, 1, length(:reason)) = :reason ORDER BY id",
            {"reason": reason},
        )
        return cases.load(db, [values.thread(row) for row in rows])


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How an account does: when its mailbox was read, and what keeps it from reading or sending, "" if nothing."""

    account: str
    read_at: Instant | None
    trouble: str


def standing(db: Db, names: Iterable[str]) -> tuple[Standing, ...]:
    """Tell how accounts do; that everything is paused is no trouble of an account."""
    paused = facts.get(db, facts.PAUSED_ALL) is not None
    return tuple(_standing(db, account, _WORST_FIRST[: 2 if paused else 3]) for account in names)


def _standing(db: Db, account: str, asked: Iterable[str]) -> Standing:
    read = facts.get(db, facts.of("mailbox_checked_at", account))
    found = (facts.get(db, facts.of(name, account)) for name in asked)
    trouble = next((one[0] for one in found if one is not None), "")
    return Standing(account=account, read_at=read[1] if read else None, trouble=trouble)
