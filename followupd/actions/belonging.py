"""A person belongs to one account: every letter to them has the same sender."""

from dataclasses import replace

from followupd.app import App, Desk
from followupd.core.addresses import key, normalise
from followupd.core.errors import FollowupdError, no_account
from followupd.core.instants import Instant
from followupd.core.model import Case, Event
from followupd.store import accounts, contacts, threads


def refuse_unknown(desk: Desk, account: str) -> None:
    """Raise FollowupdError if the config has no account of this name."""
    names = desk.settings.names
    if account not in names:
        raise no_account(account, names)


def account_of(desk: Desk, email: str) -> str | None:
    """Give the account of whoever has this address; None if nobody has."""
    found = contacts.find(desk.db, normalise(email))
    return None if found is None else found.account


def moved_back(app: App, case: Case, now: Instant) -> Case:
    """Let somebody belong to this account again, which a letter to them left by: that was not known as they were moved.

    So it is after an old backup was restored. Whoever has the same sender by both accounts stays where they are.
    """
    there, here = app.policy_of(case.contact).me.email, app.settings.policy.me.email
    if case.contact.account == app.account or key(there) == key(here):
        return case
    text = f"belongs to the account {app.account} again: a letter left by it, and all letters have one sender"
    event = Event(at=now, kind="edited", text=text)
    contacts.update(app.db, replace(case.contact, account=app.account), case.thread.id, (event,))
    return threads.case(app.db, case.thread.id)


def moved(desk: Desk, case: Case, account: str | None) -> str:
    """Give the account that somebody is to belong to, None for the one they have, which is looked into from then on.

    Raises FollowupdError if they got a letter from another sender, or may have.
    """
    known = case.contact.account
    if account is None or account == known:
        return known
    refuse_unknown(desk, account)
    settings = desk.settings.of(account)
    assert settings is not None
    last = accounts.last_sender(desk.db, case.contact.id)
    if last is None or key(last) == key(settings.policy.me.email):
        # a database that was put back from a backup may not know of a letter that lies there
        accounts.note_place(desk.db, case.contact.id, known)
        return account
    raise FollowupdError(
        f"they know you by the account {known!r}: their letters have one sender, and {account!r} is another",
        where=case.contact.email,
        hint=f"leave them there; or end it: followupd stop {case.contact.email}",
    )
