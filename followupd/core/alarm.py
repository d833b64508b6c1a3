"""When a mailbox is no longer watched, and the user must hear of it by another road than mail.

A dead account is to be found months before the letter that needs it.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from followupd.core.instants import Instant, to_text

UNREAD: Final = timedelta(hours=48)
"""How long a mailbox may go unread before it is said."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """How an account is watched: when its folders were read to their end, else since when that is tried; a refusal."""

    account: str
    since: Instant | None = None
    refused: str = ""
    refused_at: Instant | None = None

    @property
    def cause(self) -> str:
        """What an alarm and its end are known by: the same for the same trouble, however often it is told."""
        at = self.refused_at or self.since
        return f"{self.account}/{to_text(at)}" if at else self.account


def alarm(found: Watched, now: Instant) -> str:
    """Say why the mailbox of an account is not watched; "" where it is, or where nobody has begun to."""
    if found.refused:
        return found.refused
    if found.since is not None and now - found.since >= UNREAD:
        return f"no folder was read to its end since {to_text(found.since)}; to see why: followupd check"
    return ""
