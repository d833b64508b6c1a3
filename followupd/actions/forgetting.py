"""A person is forgotten wholly, and stays so: an opt-out is honoured by a hash, and no old backup brings them back."""

from dataclasses import dataclass
from pathlib import Path

from followupd.app import Desk
from followupd.core.addresses import normalise
from followupd.core.errors import FollowupdError, TryLaterError
from followupd.core.instants import Instant
from followupd.core.model import Contact
from followupd.store import contacts, forgetting
from followupd.store.db import Db


@dataclass(frozen=True, slots=True, kw_only=True)
class Forgotten:
    """What is left of a person: whether their opt-out is, and with whom it is that letters or fields name them.

    `copies` are the files beside the database that were removed since they held them too. `pending` says why traces in
    unused parts of the files are overwritten only later, "" if that is done.
    """

    opted_out: bool
    mentions: tuple[str, ...]
    copies: tuple[Path, ...] = ()
    pending: str = ""


def forget(desk: Desk, email: str) -> Forgotten:
    """Erase whoever has this address.

    Raises FollowupdError if nobody has, TryLaterError while a letter to them is on the wire.
    """
    db, now, address = desk.db, desk.clock.now(), normalise(email)
    person = contacts.find(db, address)
    named = person.addresses if person else (address,)
    opted_out = any(contacts.suppressed(db, one) for one in named)
    if person is not None:
        forgetting.forget(db, person.id, now)
    elif not forgetting.forget_address(db, address, now):
        raise FollowupdError("nobody has this address", where=email, hint="see: followupd list")
    copies = forgetting.remove_copies(db, person or Contact(addresses=named))
    pending = ""
    try:
        forgetting.overwrite(db)
    except TryLaterError as error:
        pending = str(error)
    return Forgotten(opted_out=opted_out, mentions=forgetting.mentions(db, named), copies=copies, pending=pending)


def forget_again(db: Db, contact_id: int, now: Instant) -> None:
    """Erase somebody whom an old backup brought back; nobody but the caller sends letters."""
    person = contacts.get(db, contact_id)
    forgetting.forget(db, contact_id, now, on_the_wire=True)
    forgetting.remove_copies(db, person)


def overwrite_traces(db: Db) -> None:
    """Overwrite what was erased while the database was in use; raises TryLaterError if it still is."""
    if forgetting.has_traces(db):
        forgetting.overwrite(db)
