"""Somebody sent the user on to somebody else: the referrer gets no further letter, and is owed a word on it."""

from followupd.actions.word import find
from followupd.app import Desk
from followupd.core.errors import FollowupdError
from followupd.core.instants import Instant
from followupd.core.model import OPEN_STATES, Case, Change, Contact, Event
from followupd.core.outcome import settled
from followupd.core.states import Happening, move
from followupd.store import threads


def referrer_of(desk: Desk, contact: Contact) -> Case | None:
    """Give the thread of whoever a new contact is said to be referred by; None where nobody is named.

    Raises FollowupdError where the address is nobody's, or the contact's own.
    """
    if not contact.referred_by:
        return None
    case = find(desk, contact.referred_by)
    if not {one.lower() for one in case.contact.addresses}.isdisjoint(one.lower() for one in contact.addresses):
        raise FollowupdError("nobody refers to themselves", where=contact.referred_by)
    return case


def hand_on(desk: Desk, referrer: Case, to: Contact, now: Instant) -> None:
    """Write in the referrer's history whom they sent the user to, and end their thread if it is open."""
    event = Event(at=now, kind="handed-on", text=f"they sent you on to {to.email}")
    change = Change(thread=referrer.thread, events=(event,))
    if referrer.thread.state in OPEN_STATES:
        again = f"write to both with: followupd reopen {referrer.contact.email}"
        stopped = Event(at=now, kind="stopped", text=f"{event.text}; {again}")
        moved = move(referrer.thread, Happening.STOP, stopped)
        change = Change(thread=moved.thread, events=(event, *moved.events))
    threads.apply(desk.db, settled(referrer, change, desk.settings.policy, now))
