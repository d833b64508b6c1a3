"""What is to be done about a draft in the user's Drafts folder, from what was seen there: a pure function.

The two failures it guards against: a letter that its user sent is sent again, and one that nobody wants any more lies
there to be sent. So an unchanged draft is taken out before anything else is done with its letter, one that the user
edited is theirs and stays, and what cannot be explained is shown to them.
"""

from dataclasses import dataclass
from datetime import timedelta
from enum import Enum, auto
from typing import Final

from followupd.core.cadence import SENDABLE
from followupd.core.draft_states import MISSED, DraftState
from followupd.core.instants import Instant
from followupd.core.match import bare_subject
from followupd.core.model import OPEN_STATES, Case, Glance, Letter, LetterState
from followupd.core.settings import Policy

UNSENT: Final = frozenset({LetterState.PREPARED, LetterState.DEFERRED, LetterState.HELD})
_HOUR: Final = timedelta(hours=1)
"""So long a mail program may take to remove the draft of what it sent."""


class Seen(Enum):
    """What was found of a draft: as it was put there, another in its place, nothing, or what has no clear meaning."""

    SAME = auto()
    OTHER = auto()
    NOWHERE = auto()
    UNCLEAR = auto()


class Act(Enum):
    """What is to be done."""

    NOTHING = auto()
    PUT = auto()
    FOUND = auto()
    CHANGED = auto()
    MISSED = auto()
    TAKE = auto()
    LEAVE = auto()
    VOID = auto()
    ASK = auto()
    DISCARD = auto()


_NOWHERE: Final = {
    DraftState.WANTED: Act.PUT,
    DraftState.LIES: Act.MISSED,
    DraftState.EDITED: Act.MISSED,
    DraftState.MISSING: Act.DISCARD,
}
"""What is done about a draft that is not found, by its state before."""


def resembles(found: Glance, letter: Glance, case: Case) -> bool:
    """Tell whether a message may be what became of a draft: to the same person, with its id, its thread or its subject.

    Mail programs put another message in the place of a draft that is edited, many under another Message-ID.
    """
    if found.message_id and found.message_id == letter.message_id:
        return True
    addresses = {one.lower() for one in case.contact.addresses}
    to_them = not addresses.isdisjoint(one.lower() for one in found.to)
    thread = bool(letter.in_reply_to) and not set(letter.in_reply_to).isdisjoint(found.in_reply_to)
    return to_them and (thread or bare_subject(found.subject) == bare_subject(letter.subject))


@dataclass(frozen=True, slots=True)
class Looked:
    """A draft as it was known, since when, and as it was found now."""

    state: DraftState
    since: Instant
    seen: Seen


def act(looked: Looked, letter: Letter, now: Instant, *, wanted: bool) -> Act:
    """Give what is to be done about a draft of which Sent has no copy; `wanted`: its letter is still to be sent."""
    seen, state = looked.seen, looked.state
    approved = letter.state is not LetterState.HELD
    if wanted and not approved:
        return _waiting(looked, now)
    if seen is Seen.OTHER:
        return (Act.VOID if approved else Act.LEAVE) if wanted else Act.LEAVE
    if wanted and seen is Seen.UNCLEAR and state not in {DraftState.DOUBT, DraftState.LEAVING}:
        return Act.ASK
    return Act.TAKE


def _waiting(looked: Looked, now: Instant) -> Act:
    """Decide on the draft of a letter that waits for approval."""
    state = looked.state
    match looked.seen, state:
        case Seen.OTHER, _:
            return Act.CHANGED
        case _, DraftState.LEAVING:
            return Act.TAKE
        case Seen.SAME, _:
            return Act.FOUND
        case Seen.UNCLEAR, _:
            return Act.NOTHING if state is DraftState.DOUBT else Act.ASK
        case _:
            early = state is DraftState.MISSING and now - looked.since < MISSED
            return Act.NOTHING if early else _NOWHERE.get(state, Act.NOTHING)


def is_next(case: Case, letter: Letter) -> bool:
    """Tell whether a letter is still the next one of an open thread, to whichever address of theirs."""
    thread = case.thread
    open_ = thread.state in OPEN_STATES and letter.step == thread.step and not case.suppressed
    return letter.state in UNSENT and open_


def is_wanted(case: Case, letter: Letter) -> bool:
    """Tell whether a letter is still the next one, to be sent to the address it is written to."""
    return is_next(case, letter) and (not letter.rcpt_to or letter.rcpt_to == case.contact.email)


def is_early(case: Case, until: Instant, now: Instant, written: Instant | None) -> bool:
    """Tell whether a letter that waits for approval is planned for after `until` by now, so that no draft is to lie.

    What the user wrote by hand less than an hour ago (`written`) may be this very draft, which their program is about
    to remove.
    """
    later = case.thread.state in SENDABLE and case.thread.next_at is not None and case.thread.next_at > until
    return later and (written is None or now - written >= _HOUR)


def drafts_on(policy: Policy) -> bool:
    """Tell whether letters lie as drafts."""
    return policy.approve and policy.drafts.least_days() > 0
