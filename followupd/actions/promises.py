"""What is owed to those who answered is shown, and marked as done by the user's word alone."""

from followupd.actions.word import find, whole
from followupd.app import Desk
from followupd.core.errors import FollowupdError
from followupd.core.model import Event
from followupd.core.owed import Kind, Owed
from followupd.core.owed import owed as reckoned
from followupd.store import promises, threads


def owed(desk: Desk) -> tuple[Owed, ...]:
    """Give what is owed to everybody, the earliest first."""
    return reckoned(promises.answered(desk.db), desk.settings.policy, promises.referred(desk.db))


@whole
def done(desk: Desk, email: str, kind: Kind | None) -> Owed:
    """Mark one thing as done: of this kind, or without one what is owed first. Raises FollowupdError where none is."""
    from followupd.actions.room import make_room

    case, now = find(desk, email), desk.clock.now()
    theirs = [one for one in owed(desk) if one.email == case.contact.email and kind in {None, one.kind}]
    if not theirs:
        what = "nothing" if kind is None else f"no {kind.value}"
        raise FollowupdError(f"{what} is owed to them", where=case.contact.email, hint="see: followupd owed")
    first = theirs[0]
    promises.keep(desk.db, first.thread_id, first.kind, now)
    threads.add_events(desk.db, first.thread_id, [Event(at=now, kind="kept", text=f"done: {first.text}")])
    make_room(desk, now)
    return first
