"""A password that was refused is known again, without being kept: `check` never tries it twice in a row.

What is kept are sixteen bits of a salted digest: too few to find a password by, enough to tell that it is the same.
"""

import hashlib
import secrets
from typing import Final

from followupd.core.connections import MAIN, Server
from followupd.core.instants import Instant
from followupd.store import facts
from followupd.store.db import Db

_FACT: Final = "refused_password"
_BYTES: Final = 2


def note(db: Db, server: Server, secret: str, now: Instant, account: str = MAIN) -> None:
    """Remember that a login was refused."""
    salt = secrets.token_hex(8)
    facts.put(db, facts.of(_FACT, account), f"{salt} {_tag(salt, server, secret)}", now)


def since(db: Db, server: Server, secret: str, account: str = MAIN) -> Instant | None:
    """Tell when this login was refused, if it was refused the last time and nothing has changed."""
    found = facts.get(db, facts.of(_FACT, account))
    if found is None:
        return None
    salt, _, tag = found[0].partition(" ")
    return found[1] if secrets.compare_digest(tag, _tag(salt, server, secret)) else None


def forget(db: Db, account: str = MAIN) -> None:
    """Forget what was refused: a login was good, or the user wants it tried."""
    facts.drop(db, facts.of(_FACT, account))


def _tag(salt: str, server: Server, secret: str) -> str:
    # the same password goes to both servers of an account, so the host is no part of it
    return hashlib.blake2b(
        f"{server.username}\0{secret}".encode(), salt=bytes.fromhex(salt), digest_size=_BYTES
    ).hexdigest()
