"""All letters of a thread leave by one account; where the config has it no more, they are held until it is back.

Another account would be another sender to somebody who knows the first one, and their answer to an earlier letter lies
in a mailbox that is not read any more.
"""

import logging
from typing import Final

from followupd.actions.decided import dated, hold
from followupd.actions.release import released
from followupd.app import Desk
from followupd.core import states
from followupd.core.instants import Instant
from followupd.core.model import Case, Event
from followupd.core.states import Happening
from followupd.store import accounts, threads

log = logging.getLogger(__name__)

GONE: Final = "the config has no account "
"""How the reason of such a hold begins."""


def follow_accounts(desk: Desk, now: Instant) -> None:
    """Hold what is due by an account that is gone, and let go on what was held for one that is there again."""
    for account in accounts.gone(desk.db, desk.settings.names):
        for case in threads.due(desk.db, now, account=account):
            reason = f"{GONE}{account!r}: {ways(case)}"
            hold(desk, case, reason, now)
    for case in accounts.held_for(desk.db, GONE):
        if case.contact.account in desk.settings.names:
            event = Event(at=now, kind="resumed", text=f"the account {case.contact.account!r} is there")
            change = states.move(case.thread, Happening.RESUME, event)
            dated(desk, case, released(desk, case, change, (GONE,)), now)


def ways(case: Case) -> str:
    """Say how a thread goes on whose account is gone."""
    email, account = case.contact.email, case.contact.account
    other = "they can move to another account" if not case.thread.step else "if it only has another name now"
    return (
        f"put [account.{account}] back, and it goes on by itself; {other}: "
        f"followupd edit {email} --account NAME; or end it: followupd stop {email}"
    )
