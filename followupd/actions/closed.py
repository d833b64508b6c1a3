"""Why an account sends nothing to anybody: everything is paused, its server asked to wait, the clock is wrong."""

import logging
from datetime import timedelta
from typing import Final

from followupd.app import App
from followupd.core.instants import Instant, from_text, to_text
from followupd.store import facts, threads

log = logging.getLogger(__name__)

NOT_SENDING: Final = "not_sending"
"""The fact that tells why an account sends nothing to anybody."""

NOT_BEFORE: Final = "sending_not_before"
"""The fact that tells until when the server of an account wants nothing."""

_TOLERANCE: Final = timedelta(minutes=10)
"""How far the clock may lie before the newest event without being called wrong."""


def closed(app: App, now: Instant) -> str:
    """Say why nothing may be sent to anybody; "" if letters may go."""
    if facts.get(app.db, facts.PAUSED_ALL):
        return "everything is paused; go on with: followupd resume --all"
    wait = facts.get(app.db, facts.of(NOT_BEFORE, app.account))
    if wait is not None and from_text(wait[0]) > now:
        return f"the mail server asked to wait until {wait[0]}"
    newest = threads.newest_event(app.db)
    if newest is not None and newest > now + _TOLERANCE:
        return f"the clock lies before the newest recorded event, of {to_text(newest)}; set it right"
    return ""


def tell(app: App, reason: str, now: Instant) -> None:
    """Keep the reason why nothing is sent, for `status`, as long as it stands."""
    known = facts.get(app.db, facts.of(NOT_SENDING, app.account))
    if reason:
        log.log(app.told.level(logging.INFO, NOT_SENDING, reason, now), "nothing is sent: %s", reason)
    else:
        app.told.over(NOT_SENDING)
    if reason and (known is None or known[0] != reason):
        facts.put(app.db, facts.of(NOT_SENDING, app.account), reason, now)
    elif known is not None and not reason:
        facts.drop(app.db, facts.of(NOT_SENDING, app.account))
