"""A login that was refused is not tried again for a day, by no process: neither a restart nor cron may lock an account.

It ends sooner when `followupd check` has logged in to both servers: the user has mended the password. Other accounts
go on meanwhile.
"""

from datetime import timedelta
from typing import Final

from followupd.core.connections import MAIN
from followupd.core.errors import LoginRefusedError
from followupd.core.instants import Instant, to_text
from followupd.store import facts
from followupd.store.db import Db

LOGIN_REFUSED: Final = "login_refused"
"""The fact that keeps the refusal, and when it came."""

WAIT: Final = timedelta(days=1)
"""A refused login is not tried again sooner: it might lock the account."""


def note(db: Db, error: LoginRefusedError, now: Instant, account: str = MAIN) -> None:
    """Keep that a login to an account was refused; the first refusal counts as long as it stands."""
    if left(db, now, account) <= 0:
        until = to_text(now + WAIT)
        said = f"{error}; neither read nor sent until {until}, or until followupd check finds the login good"
        facts.put(db, facts.of(LOGIN_REFUSED, account), said, now)


def left(db: Db, now: Instant, account: str = MAIN) -> float:
    """Give the seconds that nobody may log in for; a clock that was set back makes them no more than a day."""
    found = facts.get(db, facts.of(LOGIN_REFUSED, account))
    if found is None:
        return 0.0
    return max(0.0, min(WAIT, found[1] + WAIT - now).total_seconds())


def respect(db: Db, now: Instant, account: str = MAIN) -> None:
    """Raise LoginRefusedError while nobody may log in to an account."""
    found = facts.get(db, facts.of(LOGIN_REFUSED, account))
    if found is not None and left(db, now, account) > 0:
        raise LoginRefusedError(found[0], hint="mend the password, then run: followupd check")


def lift(db: Db, account: str = MAIN) -> None:
    """Let everybody log in to an account again."""
    facts.drop(db, facts.of(LOGIN_REFUSED, account))


REFUSALS: Final = "account_refusals"
"""The fact that counts how often in a row the mail server wanted us to wait."""


def strikes(db: Db, *, refused: bool, now: Instant, account: str = MAIN) -> int:
    """Count refusals of the account in a row, over all letters; give how many came before this one.

    Each letter's own count begins at nothing: with twenty of them due, a daily limit would be tried at each in turn.
    """
    name = facts.of(REFUSALS, account)
    found = facts.get(db, name)
    before = int(found[0]) if found is not None else 0
    if refused:
        facts.put(db, name, str(before + 1), now)
    else:
        facts.drop(db, name)
    return before
