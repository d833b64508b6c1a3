"""What the report and the calendar are made from: everything that is remembered, and the letters to come."""

from followupd.actions.needed import needed
from followupd.app import Desk
from followupd.core.instants import Instant, at_local, local_day
from followupd.core.model import Case
from followupd.core.overview import Overview, horizon
from followupd.core.overview import overview as put_together
from followupd.core.plan import Outlook, Today, outlook
from followupd.store import letters, stories, threads
from followupd.store.promises import owed_offers


def overview(desk: Desk) -> Overview:
    """Give all that the report says, as it stands now."""
    now, policy = desk.clock.now(), desk.settings.policy
    with desk.db.snapshot():
        found = stories.everybody(desk.db)
        planned = coming(desk, threads.open_cases(desk.db), horizon(policy, now)).letters
        return put_together(found, planned, needed(desk), policy, now)


def coming(desk: Desk, cases: tuple[Case, ...], until: Instant) -> Outlook:
    """Give the letters that would go out until an instant, if nothing happened, and those that cannot."""
    now, policy = desk.clock.now(), desk.settings.policy
    zone = policy.me.zone
    midnight = at_local(local_day(now, zone), 0, zone)
    sent = {account: letters.sent_since(desk.db, midnight, account) for account in desk.settings.names}
    today = Today(sent=sent, owed=owed_offers(desk.db))
    return outlook(cases, policy, now, until, today)
