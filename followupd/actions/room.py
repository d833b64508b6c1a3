"""Offers of a kind that can be kept only so often: letters that waited for room go on, and none makes one too many."""

from followupd.actions.release import released
from followupd.app import Desk
from followupd.core import bounds
from followupd.core.errors import FollowupdError
from followupd.core.instants import Instant
from followupd.core.model import Case, Event
from followupd.core.outcome import settled
from followupd.core.states import Happening, move
from followupd.store import threads
from followupd.store.bounds import promised


def make_room(desk: Desk, now: Instant) -> None:
    """Let opening letters go on that were held for want of room, as many as there is room for, the oldest first.

    Others that go soon have their room already.
    """
    policy = desk.settings.policy
    if not threads.held_for(desk.db, bounds.NO_ROOM):
        return
    with desk.db.immediate():
        going = [one for one in threads.open_cases(desk.db) if bounds.queues(one.thread, now)]
        for case in threads.held_for(desk.db, bounds.NO_ROOM):
            taken = promised(desk.db, case.contact) | {one.contact.email for one in going if _alike(one, case)}
            if bounds.room(case.contact, policy, taken):
                event = Event(at=now, kind="resumed", text="there is room for the offer")
                change = released(desk, case, move(case.thread, Happening.RESUME, event), (bounds.NO_ROOM,))
                threads.apply(desk.db, settled(case, change, policy, now))
                going.append(case)


def refuse_too_many(desk: Desk, case: Case) -> None:
    """Raise FollowupdError where a letter to somebody would make an offer too many."""
    policy, taken = desk.settings.policy, promised(desk.db, case.contact)
    if not bounds.room(case.contact, policy, taken):
        raise FollowupdError(bounds.no_room(case.contact, policy, taken), where=case.contact.email)


def _alike(one: Case, other: Case) -> bool:
    return one.contact.offer_of == other.contact.offer_of != ""
