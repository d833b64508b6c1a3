"""What is known about somebody is gathered for whoever is about to write to them; nothing is changed."""

from followupd.actions import promises
from followupd.actions.word import find
from followupd.app import Desk
from followupd.core.brief import Brief, Known, brief
from followupd.store import messages, proposals, threads


def gather(desk: Desk, email: str) -> Brief:
    """Give the brief on whoever has this address; raise FollowupdError if nobody has."""
    case = find(desk, email)
    known = Known(
        messages=messages.of_contact(desk.db, case.contact.id),
        events=threads.events(desk.db, case.thread.id),
        proposals=proposals.undecided(desk.db, case.contact.id),
        owed=tuple(one for one in promises.owed(desk) if one.email == case.contact.email),
    )
    return brief(case, known, desk.policy_of(case.contact), desk.clock.now())
