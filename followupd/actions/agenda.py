"""The calendar of the letters to come: what stands in it is reckoned from the plan and from what stood there before."""

from followupd.actions.overview import coming
from followupd.app import Desk
from followupd.core.agenda import Noted, shown
from followupd.core.agenda import agenda as reckoned
from followupd.core.instants import Instant
from followupd.core.overview import horizon
from followupd.store import agenda as store
from followupd.store import threads


def agenda(desk: Desk, until: Instant | None = None) -> tuple[Noted, ...]:
    """Give what stands in the calendar now, up to a day or for a year, and remember it."""
    now, policy = desk.clock.now(), desk.settings.policy
    end = max(horizon(policy, now), until or now)
    planned = coming(desk, threads.open_cases(desk.db), end).letters
    with desk.db.immediate():
        known = store.known(desk.db)
        entries = reckoned(known, planned, store.sent(desk.db), now, end)
        faces = store.faces(desk.db, {one.thread_id for one in entries})
        # a thread that was added or forgotten in this moment has no place yet, or none any more
        entries = tuple(one for one in entries if one.thread_id in faces)
        store.keep(desk.db, set(entries) - set(known))
    return tuple(Noted(entry=one, face=faces[one.thread_id]) for one in shown(entries, now, until or end))
