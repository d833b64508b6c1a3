"""What needs the user is put together from what is remembered of the service, threads, promises and trays."""

from followupd.actions import promises
from followupd.app import Desk
from followupd.core.connections import MAIN
from followupd.core.needs import Known, Need, Waiting, needs, service
from followupd.store import facts, stories
from followupd.store import trays as store

_SERVICE = ("last_round_at", "trouble", "login_refused", "not_sending", "paused_all")


def needed(desk: Desk) -> tuple[Need, ...]:
    """Give what needs the user at this hour."""
    waiting = Waiting(
        service=service(_known(desk, MAIN), {one: _known(desk, one) for one in desk.settings.names if one != MAIN}),
        outreaches=stories.waiting(desk.db),
        owed=promises.owed(desk),
        trays=left_in_trays(desk),
    )
    return needs(waiting, desk.settings.policy, desk.clock.now())


def left_in_trays(desk: Desk) -> tuple[tuple[str, str], ...]:
    """Give what lies in the trays of all accounts and could not be done: about whom, and in words."""
    found = []
    for account in desk.settings.names:
        for (folder, _, _), one in store.noted(desk.db, account).items():
            if one.why:
                whose = f" to {one.email}" if one.email else ""
                found.append((one.email, f"in the folder {folder} lies a letter{whose}: {one.why}"))
    return tuple(found)


def _known(desk: Desk, account: str) -> Known:
    return {name: facts.get(desk.db, facts.of(name, account)) for name in _SERVICE}
