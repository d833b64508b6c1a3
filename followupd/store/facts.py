"""What the daemon remembers of itself: a name, a value, and since when."""

from typing import Final

from followupd.core.connections import MAIN
from followupd.core.instants import Instant, from_text, to_text
from followupd.store.db import Db

PAUSED_ALL: Final = "paused_all"
"""The fact that nothing is sent to anybody, by the user's word."""


def of(name: str, account: str) -> str:
    """Give the name of what is remembered of an account by itself."""
    return name if account == MAIN else f"{name}@{account}"


def put(db: Db, name: str, value: str, now: Instant) -> None:
    """Remember a value under a name, in place of what was there."""
    with db.immediate():
        db.run(
            "INSERT INTO facts (name, value, at) VALUES (?, ?, ?) "
            "ON CONFLICT (name) DO UPDATE SET value = excluded.value, at = excluded.at",
            (name, value, to_text(now)),
        )


def get(db: Db, name: str) -> tuple[str, Instant] | None:
    """Give the value of a name and when it was put there; None if there is none."""
    row = db.row("SELECT value, at FROM facts WHERE name = ?", (name,))
    return None if row is None else (row["value"], from_text(row["at"]))


def beginning(db: Db, start: str) -> tuple[str, ...]:
    """Give the names that begin so."""
    rows = db.rows("SELECT name FROM facts WHERE substr(name, 1, ?) = ? ORDER BY name", (len(start), start))
    return tuple(row["name"] for row in rows)


def drop(db: Db, name: str) -> None:
    """Forget a name; where it is not there nothing is written."""
    if get(db, name) is None:
        return
    with db.immediate():
        db.run("DELETE FROM facts WHERE name = ?", (name,))
