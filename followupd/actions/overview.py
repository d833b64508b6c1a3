"""What the report and the calendar are made from: everything that is remembered, and the letters to come."""

from followupd.actions import promises
from followupd.app import Desk
from followupd.core.instants import Instant, at_local, local_day
from followupd.core.model import Case
from followupd.core.needs import Need, Waiting, needs, service
from followupd.core.overview import Overview, horizon
from followupd.core.overview import overview as put_together
from followupd.core.plan import Outlook, Today, outlook
from followupd.store import facts, letters, stories, threads
from followupd.store.promises import owed_offers

_SERVICE = ("last_round_at", "trouble", "login_refused", "not_sending", "paused_all")


def overview(desk: Desk) -> Overview:
    """Give all that the report says, as it stands now."""
    now, policy = desk.clock.now(), desk.settings.policy
    with desk.db.snapshot():
        found = stories.everybody(desk.db)
        planned = coming(desk, threads.open_cases(desk.db), horizon(policy, now)).letters
        return put_together(found, planned, needed(desk), policy, now)


def needed(desk: Desk) -> tuple[Need, ...]:
    """Give what needs the user at this hour."""
    waiting = Waiting(
        service=service({name: _fact(desk, name) for name in _SERVICE}),
        outreaches=stories.waiting(desk.db),
        owed=promises.owed(desk),
    )
    return needs(waiting, desk.settings.policy, desk.clock.now())


def _fact(desk: Desk, name: str) -> tuple[str, Instant] | None:
    """Give what is remembered under a name of the first account, or of another one."""
    found = (facts.get(desk.db, facts.of(name, account)) for account in desk.settings.names)
    return next((one for one in found if one is not None), None)


def coming(desk: Desk, cases: tuple[Case, ...], until: Instant) -> Outlook:
    """Give the letters that would go out until an instant, if nothing happened, and those that cannot."""
    now, policy = desk.clock.now(), desk.settings.policy
    zone = policy.me.zone
    midnight = at_local(local_day(now, zone), 0, zone)
    sent = {account: letters.sent_since(desk.db, midnight, account) for account in desk.settings.names}
    today = Today(sent=sent, owed=owed_offers(desk.db))
    return outlook(cases, policy, now, until, today)
