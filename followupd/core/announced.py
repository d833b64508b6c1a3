"""Letters are announced to the user before they go: when one may leave, and whether what was announced still stands.

A letter is announced for a day, as it is composed for that day. It goes with those very words, so that words which
change from day to day ("two weeks ago") change nothing; one that is late by more than a week is announced anew.
"""

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from followupd.core.instants import Instant, add, at_local, local_day
from followupd.core.model import Letter, LetterState
from followupd.core.settings import Policy

if TYPE_CHECKING:
    from followupd.core.model import Draft

LATE: Final = timedelta(days=7)
"""How far from the day that it was announced for a letter may go with the words of that day."""
_UNSENT: Final = frozenset({LetterState.PREPARED, LetterState.DEFERRED, LetterState.HELD})


def wanted(policy: Policy) -> bool:
    """Tell whether letters are announced; where the user approves each one, they have read it anyway."""
    return policy.heads_up.least_days() > 0 and not policy.approve


def mark(draft: "Draft", body: str, quoted: str) -> str:
    """Give what stands for all that a reader gets of a letter, and from whom; its Date and ids are no part of it."""
    from hashlib import sha256

    said = repr((draft.mail_from, draft.rcpt_to, draft.subject, body, quoted))
    return sha256(said.encode()).hexdigest()


def slot_of(policy: Policy, day_of: Instant) -> Instant:
    """Give the instant from which on a digest may announce letters on the user's day of an instant."""
    return at_local(local_day(day_of, policy.me.zone), policy.announce_at, policy.me.zone)


def next_slot(policy: Policy, now: Instant) -> Instant:
    """Give the first such instant at or after `now`."""
    today = slot_of(policy, now)
    if today >= now:
        return today
    return at_local(local_day(now, policy.me.zone) + timedelta(days=1), policy.announce_at, policy.me.zone)


def free_from(letter: Letter | None, policy: Policy, now: Instant) -> Instant | None:
    """Give the instant before which the next letter of a thread may not go; None where no announcement is needed.

    `letter` is what is written down of it, None for nothing. One that is not announced yet will be in the next digest.
    What the user approved they have read.
    """
    unsent = letter if letter is not None and letter.state in _UNSENT else None
    if not wanted(policy) or (unsent is not None and unsent.approved):
        return None
    since = unsent.announced_at if unsent is not None else None
    return add(since or next_slot(policy, now), policy.heads_up, policy.me.zone)


def day_of(letter: Letter | None, policy: Policy, now: Instant) -> Instant:
    """Give the instant that a letter is composed for: the one it was announced for, else `now`."""
    if letter is None or not wanted(policy) or letter.state not in _UNSENT or not letter.announced:
        return now
    day = letter.announced_for
    return day if day is not None and abs(now - day) < LATE else now


def stands(letter: Letter | None, present: str, policy: Policy, at: Instant) -> bool:
    """Tell whether a letter that goes at an instant was announced as it is now; `present` is its mark."""
    if letter is None or letter.announced_for is None or letter.state not in _UNSENT:
        return False
    return letter.announced == present and day_of(letter, policy, at) == letter.announced_for
