"""What the report and the calendar are made from: everything that is remembered, and the letters to come."""

from followupd.actions import promises, trays
from followupd.app import Desk
from followupd.core.instants import Instant, at_local, local_day
from followupd.core.model import Case
from followupd.core.needs import Known, Need, Waiting, needs, service
from followupd.core.overview import Overview, horizon
from followupd.core.overview import overview as put_together
from followupd.core.plan import Outlook, Today, outlook
from followupd.core.settings import MAIN
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
        service=service(_known(desk, MAIN), {one: _known(desk, one) for one in desk.settings.names if one != MAIN}),
        outreaches=stories.waiting(desk.db),
        owed=promises.owed(desk),
        trays=trays.left(desk),
    )
    return needs(waiting, desk.settings.policy, desk.clock.now())


def _known(desk: Desk, account: str) -> Known:
    return {name: facts.get(desk.db, facts.of(name, account)) for name in _SERVICE}


def coming(desk: Desk, cases: tuple[Case, ...], until: Instant) -> Outlook:
    """Give the letters that would go out until an instant, if nothing happened, and those that cannot."""
    now, policy = desk.clock.now(), desk.settings.policy
    zone = policy.me.zone
    midnight = at_local(local_day(now, zone), 0, zone)
    sent = {account: letters.sent_since(desk.db, midnight, account) for account in desk.settings.names}
    today = Today(sent=sent, owed=owed_offers(desk.db))
    return outlook(cases, policy, now, until, today)
