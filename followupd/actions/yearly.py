"""The user is asked once a year about each silent thread; it is written into its history, and never sends anything."""

from followupd.app import Desk
from followupd.core.instants import local_day
from followupd.core.model import Event
from followupd.core.yearly import A_YEAR, KIND, Silent, due, question, shown
from followupd.store import facts, threads
from followupd.store.yearly import silent

_LOOKED = "silence_looked_at"
"""The fact that tells the day of the last look: one a day is enough."""


def ask_yearly(desk: Desk) -> None:
    """Ask about every silent thread of which a year is full, on the first round of a day."""
    policy, now = desk.settings.policy, desk.clock.now()
    zone = policy.me.zone
    today = local_day(now, zone).isoformat()
    known = facts.get(desk.db, _LOOKED)
    if not policy.yearly_question or (known is not None and known[0] == today):
        return
    with desk.db.immediate():
        for one in silent(desk.db, now - A_YEAR):
            if due(one, zone, now):
                threads.add_events(desk.db, one.thread_id, [Event(at=now, kind=KIND, text=question(one, zone, now))])
        facts.put(desk.db, _LOOKED, today, now)


def questions(desk: Desk) -> tuple[tuple[Silent, str], ...]:
    """Give the questions that stand, each with its words."""
    policy, now = desk.settings.policy, desk.clock.now()
    if not policy.yearly_question:
        return ()
    zone = policy.me.zone
    found = silent(desk.db, now - A_YEAR)
    return tuple((one, question(one, zone, now)) for one in found if shown(one, now))
