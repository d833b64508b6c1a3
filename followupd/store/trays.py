"""What is remembered of copies in the folders for letters: those that were done, and those that could not be."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias

from followupd.core.instants import Instant
from followupd.store import facts
from followupd.store.db import Db

FACT: Final = "trays"
"""The fact that tells of copies that were worked on and are still there."""

Copy: TypeAlias = tuple[str, int, str]
"""A copy: its folder, its UID, its Message-ID."""


@dataclass(frozen=True, slots=True)
class Left:
    """A copy that stays: whom it is about ("" where that is not clear), and why; one that was done has no reason."""

    email: str = ""
    why: str = ""


def noted(db: Db, account: str) -> dict[Copy, Left]:
    """Give what was noted of an account's copies."""
    found = facts.get(db, facts.of(FACT, account))
    rows = json.loads(found[0]) if found else []
    return {(folder, uid, message_id): Left(email, why) for folder, uid, message_id, email, why in rows}


def note(db: Db, account: str, notes: Mapping[Copy, Left], now: Instant) -> None:
    """Note all that is to be remembered of an account's copies, instead of what was noted before."""
    name, rows = facts.of(FACT, account), [[*at, one.email, one.why] for at, one in notes.items()]
    if rows:
        facts.put(db, name, json.dumps(rows), now)
    else:
        facts.drop(db, name)
