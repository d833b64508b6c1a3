"""All letters to one person as they lie in that person's inbox: those of all threads that went, and those to come."""

from followupd.actions.preview import preview
from followupd.app import Desk
from followupd.core.bounds import words
from followupd.core.burden import Lying
from followupd.core.cadence import step_of
from followupd.core.compose import quoted_below
from followupd.core.model import OPEN_STATES, Case
from followupd.store.letters import out_to


def inbox(desk: Desk, case: Case) -> tuple[Lying, ...]:
    """Give the letters to somebody in the order of their dates, if nothing happens.

    Raises FollowupdError where a letter to come cannot be written.
    """
    out = out_to(desk.db, case.contact.id)
    gone = [
        Lying(
            at=one.sent_at or one.created_at,
            subject=one.subject,
            words=words(one.body),
            quoted=words(quoted_below(one.raw)),
            sent=True,
        )
        for one in out
    ]
    steps = {one.step for one in out if one.thread_id == case.thread.id}
    goes_on = case.thread.state in OPEN_STATES and step_of(case.thread, desk.settings.policy) is not None
    coming = [
        Lying(at=one.at, subject=one.draft.subject, words=words(one.text), quoted=words(one.below), sent=False)
        for one in (preview(desk, case, everything=True) if goes_on else ())
        if one.step not in steps
    ]
    return tuple(sorted((*gone, *coming), key=lambda one: one.at))
