"""Contacts: every address belongs to one person, and one that asked not to be written to is never taken in again."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace

from followupd.core.addresses import key
from followupd.core.errors import FollowupdError
from followupd.core.instants import to_text
from followupd.core.match import organisation
from followupd.core.model import Case, Contact, Event, Note, Thread
from followupd.store import cases, suppressions, threads, values
from followupd.store.db import Db, Value
from followupd.store.suppressions import not_suppressed, suppress

__all__ = ["not_suppressed", "suppress"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Newcomer:
    """A person to take in, the thread to open with them (its `contact_id` is set then) and its first events."""

    contact: Contact
    thread: Thread
    events: tuple[Event, ...] = ()


def add(db: Db, contact: Contact, thread: Thread, events: Sequence[Event]) -> Case:
    """Take in a person and open their first thread.

    Raises FollowupdError, naming the address and its thread, if an address is taken or suppressed.
    """
    with db.immediate():
        (thread_id,) = add_all(db, [Newcomer(contact=contact, thread=thread, events=tuple(events))])
        return threads.case(db, thread_id)


def add_all(db: Db, newcomers: Sequence[Newcomer]) -> range:
    """Take in many people in one transaction, all or none; give the ids of their threads, in the same order.

    Raises FollowupdError for the first address that is taken, given twice or suppressed.
    """
    with db.immediate():
        people = _numbered(db, [newcomer.contact for newcomer in newcomers])
        _refuse_taken(db, people)
        _refuse_suppressed(db, [address for contact in people for address in contact.addresses])
        db.run_many(
            "INSERT INTO contacts (id, name, org, role, ask, offer, admire, situation, goal, arrangement, timezone, "
            "country, language, blackout, offer_of, account) VALUES (:id, :name, :org, :role, :ask, :offer, :admire, "
            ":situation, :goal, :arrangement, :timezone, :country, :language, :blackout, :offer_of, :account)",
            (_fields(contact) for contact in people),
        )
        _write_addresses_and_tags(db, people)
        for one in people:
            if one.referred_by:
                refer(db, one.id, one.referred_by)
        return threads.open_all(
            db,
            [
                (replace(newcomer.thread, contact_id=contact.id), newcomer.events)
                for newcomer, contact in zip(newcomers, people, strict=True)
            ],
        )


def refer(db: Db, contact_id: int, referrer: str) -> None:
    """Keep who sent the user on to a contact, by any address of theirs; "" for nobody."""
    if not referrer:
        db.run("UPDATE contacts SET referred_by = NULL WHERE id = ?", (contact_id,))
        return
    db.run(
        f"UPDATE contacts SET referred_by = ({threads.OWNER}) WHERE id = :id",  # noqa: S608  # a constant of ours
        {"address": referrer, "mailbox": key(referrer), "id": contact_id},
    )


def find(db: Db, address: str) -> Contact | None:
    """Give the contact who has this address, or another spelling of the mailbox it reaches; None if nobody has."""
    with db.snapshot():
        row = db.row(threads.OWNER, {"address": address, "mailbox": key(address)})
        return None if row is None else get(db, row["contact_id"])


def get(db: Db, contact_id: int) -> Contact:
    """Give a contact; raise FollowupdError if there is none of this id."""
    found = cases.contacts(db, [contact_id])
    if contact_id not in found:
        raise FollowupdError("there is no such contact", where=f"contact {contact_id}")
    return found[contact_id]


def update(db: Db, contact: Contact, thread_id: int | None, events: Sequence[Event]) -> None:
    """Write a contact's fields, addresses and tags, and what is to be said of it in a thread's history.

    Without `thread_id` the events go to the contact's newest thread. Raises FollowupdError, naming the address and its
    thread, if an address is another's, or if one that is new here is suppressed.
    """
    with db.immediate():
        before = get(db, contact.id)
        _refuse_taken(db, [contact])
        had = {address.lower() for address in before.addresses}
        _refuse_suppressed(db, [address for address in contact.addresses if address.lower() not in had])
        db.run(
            "UPDATE contacts SET name = :name, org = :org, role = :role, ask = :ask, offer = :offer, admire = :admire, "
            "situation = :situation, goal = :goal, arrangement = :arrangement, timezone = :timezone, "
            "country = :country, language = :language, blackout = :blackout, offer_of = :offer_of, account = :account "
            "WHERE id = :id",
            _fields(contact),
        )
        db.run("DELETE FROM addresses WHERE contact_id = ?", (contact.id,))
        db.run("DELETE FROM tags WHERE contact_id = ?", (contact.id,))
        _write_addresses_and_tags(db, [contact])
        _tell(db, contact.id, thread_id, events)


def addresses_known(db: Db, addresses: Collection[str]) -> dict[str, int]:
    """Give the contact id for each of these addresses that somebody has, in whatever spelling, spelled as asked."""
    return {asked: owner for asked, (_, owner) in mailboxes_known(db, addresses).items()}


def mailboxes_known(db: Db, addresses: Collection[str]) -> dict[str, tuple[str, int]]:
    """Give, for each of these addresses whose mailbox somebody has, the spelling they have and the contact id."""
    asked = {address: values.mailbox(address) for address in addresses}
    rows = db.rows(
        "SELECT a.mailbox, a.address, a.contact_id FROM json_each(?) AS wanted "
        "CROSS JOIN addresses AS a ON a.mailbox = wanted.value",
        (values.listed(set(asked.values())),),
    )
    # rows that are older than this rule may share a mailbox: the very spelling comes first then
    by_mailbox = {row["mailbox"]: (row["address"], row["contact_id"]) for row in rows}
    by_address = {row["address"]: (row["address"], row["contact_id"]) for row in rows}
    return {
        address: by_address.get(address) or by_mailbox[mailbox]
        for address, mailbox in asked.items()
        if mailbox in by_mailbox
    }


def add_note(db: Db, note: Note, thread_id: int | None, event: Event | None) -> Note:
    """Keep something new to tell a contact; without `thread_id` the event goes to their newest thread."""
    with db.immediate():
        get(db, note.contact_id)
        note_id = db.run(
            "INSERT INTO notes (contact_id, text, created_at, url, expires, milestone) VALUES (?, ?, ?, ?, ?, ?)",
            (
                note.contact_id,
                note.text,
                to_text(note.created_at),
                note.url,
                note.expires.isoformat() if note.expires else None,
                note.milestone,
            ),
        ).lastrowid
        assert note_id is not None
        _tell(db, note.contact_id, thread_id, [] if event is None else [event])
        return replace(note, id=note_id, spent_by=None)


def notes(db: Db, contact_id: int) -> tuple[Note, ...]:
    """Give all notes about a contact, told or not, the oldest first."""
    rows = db.rows("SELECT * FROM notes WHERE contact_id = ? ORDER BY id", (contact_id,))
    return tuple(values.note(row) for row in rows)


def suppressed(db: Db, address: str) -> str | None:
    """Give the reason why this mailbox, in whatever spelling, is never to be written to; None if it may be."""
    return next((one.reason for one in suppressions.reasons(db, [values.mailbox(address)]).values()), None)


def suppressed_as(db: Db, address: str) -> str | None:
    """Give the spelling under which this mailbox was suppressed, "" where only a hash is kept; None if it was not."""
    return next((one.address for one in suppressions.reasons(db, [values.mailbox(address)]).values()), None)


def _fields(contact: Contact) -> dict[str, Value]:
    return {
        "id": contact.id,
        "name": contact.name,
        "org": contact.org,
        "role": contact.role,
        "ask": contact.ask,
        "offer": contact.offer,
        "admire": contact.admire,
        "situation": contact.situation,
        "goal": contact.goal,
        "arrangement": contact.arrangement,
        "timezone": contact.timezone,
        "country": contact.country,
        "language": contact.language,
        "blackout": contact.blackout,
        "offer_of": contact.offer_of,
        "account": contact.account,
    }


def _numbered(db: Db, contacts: Iterable[Contact]) -> list[Contact]:
    """Give contacts the ids that come next; the caller holds the write lock."""
    row = db.row("SELECT coalesce(max(id), 0) AS newest FROM contacts")
    newest = row["newest"] if row else 0
    return [replace(contact, id=newest + number) for number, contact in enumerate(contacts, 1)]


def _write_addresses_and_tags(db: Db, contacts: Sequence[Contact]) -> None:
    db.run_many(
        "INSERT INTO addresses (address, contact_id, position, mailbox, organisation) VALUES (?, ?, ?, ?, ?)",
        (
            (address, contact.id, place, values.mailbox(address), organisation(address))
            for contact in contacts
            for place, address in enumerate(contact.addresses)
        ),
    )
    db.run_many(
        "INSERT INTO tags (contact_id, position, tag) VALUES (?, ?, ?)",
        ((contact.id, place, tag) for contact in contacts for place, tag in enumerate(contact.tags)),
    )


def _refuse_taken(db: Db, contacts: Sequence[Contact]) -> None:
    """Raise if one address is given twice, or if somebody else has it."""
    owners: dict[str, int] = {}
    spelt: set[str] = set()
    for contact in contacts:
        for address in contact.addresses:
            if address.lower() in spelt or owners.setdefault(values.mailbox(address), contact.id) != contact.id:
                raise FollowupdError(f"{address} is given twice", where=contact.name or contact.email)
            spelt.add(address.lower())
    asked = [address for contact in contacts for address in contact.addresses]
    for address, owner in addresses_known(db, asked).items():
        if owner != owners[values.mailbox(address)]:
            raise _taken(db, address, owner)


def _taken(db: Db, address: str, owner: int) -> FollowupdError:
    """Say who has an address, and how their thread stands."""
    other = get(db, owner)
    newest = db.row("SELECT id, state FROM threads WHERE contact_id = ? ORDER BY id DESC LIMIT 1", (owner,))
    thread = f"thread {newest['id']}, {newest['state']}" if newest else "no thread"
    return FollowupdError(
        f"{address} is already known",
        where=f"{other.name or other.email}, {thread}",
        hint=f"see it with: followupd show {other.email}",
    )


def _refuse_suppressed(db: Db, addresses: Collection[str]) -> None:
    asked = {values.mailbox(address): address for address in addresses}
    for mailbox, found in suppressions.reasons(db, asked).items():
        raise FollowupdError(
            f"{found.address or asked[mailbox]} is never to be written to again: {found.reason}",
            where=f"since {found.at}",
            hint="somebody who asked not to be written to stays out; write by hand if they have changed their mind",
        )


def _tell(db: Db, contact_id: int, thread_id: int | None, events: Sequence[Event]) -> None:
    """Add events to a thread, or to the contact's newest."""
    if thread_id is None:
        row = db.row("SELECT max(id) AS id FROM threads WHERE contact_id = ?", (contact_id,))
        thread_id = None if row is None else row["id"]
    if thread_id is not None:
        threads.add_events(db, thread_id, events)
