"""Letters that were turned down for a policy: that is about the user's own mail, and no address is to blame for it."""

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from followupd.core.errors import FollowupdError
from followupd.core.instants import Instant, local_day
from followupd.core.match import organisation
from followupd.core.replies import about_sender
from followupd.core.settings import Settings
from followupd.store import threads
from followupd.store.db import open_database

_LATELY: Final = timedelta(days=30)
_REMEDY: Final = (
    "ask whoever runs your mail whether SPF, DKIM and DMARC are right for your domain, and whether your server is on "
    "a list of senders of spam; then: followupd resume EMAIL"
)


def lately(settings: Settings, now: Instant) -> Mapping[str, Instant]:
    """Give whose servers turned letters down for a policy (RFC 3463, section 3.8) in the last month, and when."""
    path = Path(settings.database)
    if not path.exists():
        return {}
    db = open_database(path, now=now)
    try:
        held = threads.held_since(db, now - _LATELY)
    finally:
        db.close()
    return {email: event.at for email, event in reversed(held) if about_sender(event.text)}


def said(found: Mapping[str, Instant], zone: ZoneInfo) -> str:
    """Tell of what was found; raise FollowupdError where it is more than one organisation: then it is the user's mail.

    A single one may have a rule of its own.
    """
    who = ", ".join(f"{email} on {local_day(at, zone).isoformat()}" for email, at in found.items())
    text = f"turned down for a policy, which is about your own mail and not about an address: {who}"
    if len({organisation(email) or email.rpartition("@")[2] for email in found}) > 1:
        raise FollowupdError(text, hint=_REMEDY)
    return f"{text}; it may be a rule of theirs; if others turn letters down, too, it is your mail"
