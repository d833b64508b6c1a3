"""Mailboxes that are never to be written to: by address, or by a salted hash where the person was forgotten.

The hash is that of the mailbox, so that every spelling of it is refused. Its salt is the name that the database shares
with its backups and its witness: what one of them knows, the others can look up.
"""

from collections.abc import Collection, Iterable
from typing import NamedTuple

from followupd.core.instants import Instant, to_text
from followupd.store import values
from followupd.store.db import Db
from followupd.store.heard import identity
from followupd.store.sightings import forgotten_line, never_line, token

FORGOTTEN = "asked not to be written to, before they were forgotten"


class Suppressed(NamedTuple):
    """The spelling under which a mailbox was suppressed, "" where only a hash is kept; why, and since when."""

    address: str
    reason: str
    at: str


def reasons(db: Db, mailboxes: Collection[str]) -> dict[str, Suppressed]:
    """Give why each of these mailboxes is never to be written to; one that may be is left out."""
    rows = db.rows(
        "SELECT s.mailbox, s.address, s.reason, s.at FROM json_each(?) AS wanted "
        "CROSS JOIN suppressions AS s ON s.mailbox = wanted.value",
        (values.listed(mailboxes),),
    )
    found = {row["mailbox"]: Suppressed(row["address"], row["reason"], row["at"]) for row in rows}
    if db.row("SELECT 1 FROM forgotten LIMIT 1") is None:
        return found
    salt = identity(db)
    tokens = {token(mailbox, salt): mailbox for mailbox in mailboxes}
    hashed = db.rows(
        "SELECT f.token, f.at FROM json_each(?) AS wanted CROSS JOIN forgotten AS f ON f.token = wanted.value",
        (values.listed(tokens),),
    )
    return {tokens[row["token"]]: Suppressed("", FORGOTTEN, row["at"]) for row in hashed} | found


def suppress(db: Db, addresses: Iterable[str], reason: str, at: Instant) -> None:
    """Never write to these addresses again; a reason that is there already stands."""
    addresses = tuple(addresses)
    with db.immediate():
        for address in addresses:
            db.tell(never_line(address, at))
        db.run_many(
            "INSERT INTO suppressions (address, mailbox, reason, at) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
            [(address, values.mailbox(address), reason, to_text(at)) for address in addresses],
        )


def not_suppressed(db: Db) -> tuple[str, ...]:
    """Give every address of a contact that may be written to."""
    rows = db.rows(
        "SELECT a.address FROM addresses AS a "
        "WHERE NOT EXISTS (SELECT 1 FROM suppressions AS s WHERE s.mailbox = a.mailbox) ORDER BY a.address"
    )
    return tuple(row["address"] for row in rows)


def forget(db: Db, mailboxes: Collection[str], at: Instant) -> None:
    """Keep a hash in place of the address of each of these mailboxes; inside the caller's transaction."""
    salt = identity(db)
    tokens = [token(mailbox, salt) for mailbox in mailboxes]
    for one in tokens:
        db.tell(forgotten_line(one, at))
    db.run(
        "DELETE FROM suppressions WHERE mailbox IN (SELECT value FROM json_each(?))", (values.listed(set(mailboxes)),)
    )
    keep(db, tokens, at)


def keep(db: Db, tokens: Iterable[str], at: Instant) -> None:
    """Keep hashes of mailboxes; those of which the address is kept need none."""
    salt = identity(db)
    known = {token(row["mailbox"], salt) for row in db.rows("SELECT mailbox FROM suppressions")}
    db.run_many(
        "INSERT INTO forgotten (token, at) VALUES (?, ?) ON CONFLICT DO NOTHING",
        [(one, to_text(at)) for one in tokens if one not in known],
    )
