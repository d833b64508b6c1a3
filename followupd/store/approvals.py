"""The codes by which letters are approved in answer to a digest: hashed, for one letter and one text, used once."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Final

from followupd.core.instants import Instant, from_text, to_text
from followupd.store import values
from followupd.store.db import Db

_FIND: Final = """
    SELECT c.code, c.letter_id, c.text, c.mail, c.used_at, m.sent_at, m.account FROM json_each(?) AS wanted
    CROSS JOIN approval_codes AS c ON c.code = wanted.value JOIN digest_mails AS m ON m.message_id = c.mail"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Code:
    """A code as it is kept: its hash, its letter, the digest of the text that was shown, and the mail it stood in."""

    hashed: str
    letter_id: int
    text: str
    mail: str = ""
    account: str = ""
    sent_at: Instant | None = None
    used: bool = False


@dataclass(frozen=True, slots=True)
class Mail:
    """A digest that holds codes: its own Message-ID, and which account sent it."""

    own_id: str
    account: str


def offer(db: Db, mail: Mail, codes: Iterable[Code], now: Instant) -> None:
    """Write down that a digest with codes goes out."""
    with db.immediate():
        db.run(
            "INSERT INTO digest_mails (message_id, mail, account, sent_at) VALUES (?, ?, ?, ?)",
            (mail.own_id, mail.own_id, mail.account, to_text(now)),
        )
        db.run_many(
            "INSERT INTO approval_codes (code, letter_id, text, mail) VALUES (?, ?, ?, ?)",
            [(one.hashed, one.letter_id, one.text, mail.own_id) for one in codes],
        )


def forget(db: Db, *, before: Instant | None = None, mail: str = "") -> None:
    """Forget a digest that certainly was not sent, or all that were sent before an instant, with their codes."""
    with db.immediate():
        until = to_text(before) if before else ""
        db.run("DELETE FROM digest_mails WHERE mail = ? OR sent_at < ?", (mail, until))
        db.run("DELETE FROM digest_answers WHERE at < ?", (until,))


def rename(db: Db, mail: str, other: str) -> None:
    """Remember another Message-ID by which a digest may be answered: a server gave it one."""
    db.run(
        "INSERT INTO digest_mails (message_id, mail, account, sent_at) "
        "SELECT ?, mail, account, sent_at FROM digest_mails WHERE message_id = ? ON CONFLICT DO NOTHING",
        (other, mail),
    )


def mails(db: Db) -> dict[str, Mail]:
    """Give the digests that hold codes, by every Message-ID they are known by."""
    rows = db.rows("SELECT message_id, mail, account FROM digest_mails")
    return {row["message_id"]: Mail(row["mail"], row["account"]) for row in rows}


def find(db: Db, codes: Collection[str]) -> tuple[Code, ...]:
    """Give what is known of codes, by their hashes."""
    return tuple(
        Code(
            hashed=row["code"],
            letter_id=row["letter_id"],
            text=row["text"],
            mail=row["mail"],
            account=row["account"],
            sent_at=from_text(row["sent_at"]),
            used=row["used_at"] is not None,
        )
        for row in db.rows(_FIND, (values.listed(codes),))
    )


def use(db: Db, hashed: str, now: Instant) -> None:
    """Write down that a code was used; it never can be again."""
    db.run("UPDATE approval_codes SET used_at = ? WHERE code = ?", (to_text(now), hashed))


def is_answered(db: Db, key: str) -> bool:
    """Tell whether an answer of this key was carried out, or turned down for good."""
    return db.row("SELECT 1 FROM digest_answers WHERE key = ? AND NOT pending", (key,)) is not None


def answered(db: Db, key: str, said: Collection[str], now: Instant, *, pending: bool = False) -> None:
    """Keep what became of an answer, for the next digest; one that is `pending` may still become another."""
    with db.immediate():
        db.run(
            "INSERT INTO digest_answers (key, at, said, pending) VALUES (?, ?, ?, ?) ON CONFLICT (key) DO UPDATE "
            "SET at = excluded.at, said = excluded.said, pending = excluded.pending WHERE digest_answers.pending",
            (key, to_text(now), "\n".join(said), pending),
        )


def said_since(db: Db, since: Instant | None) -> tuple[tuple[Instant, str], ...]:
    """Give what became of answers since then, each in one sentence, and when."""
    rows = db.rows(
        "SELECT at, said FROM digest_answers WHERE at > ? AND said <> '' ORDER BY at, key",
        (to_text(since) if since else "",),
    )
    return tuple((from_text(row["at"]), line) for row in rows for line in row["said"].split("\n"))
