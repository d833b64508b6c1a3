"""A file of people is taken in whole or not at all: everything that is wrong with it is told at once, with its line.

Whoever is known already and whom the file says nothing new of stays as they are, so that reading a file again changes
nothing. Nobody gets an opening letter before the daemon has looked whether the user writes with them (`adoption.look`).
"""

import secrets
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from followupd.actions.arriving import Judge, Judged, Person, Wanted
from followupd.actions.contacts import with_fields
from followupd.actions.referral import hand_on
from followupd.actions.word import find
from followupd.app import Desk
from followupd.core.addresses import key
from followupd.core.cadence import reckon, spread_for
from followupd.core.instants import Instant
from followupd.core.model import Case, Contact, State, Thread
from followupd.exchange.rows import Fault, Sheet
from followupd.store import arrivals, contacts, suppressions
from followupd.store.arrivals import Arrival, Known
from followupd.store.suppressions import Suppressed

_EVERY: Final = 1000

Progress = Callable[[str, int, int], None]
"""Is told what is done, how much of it, and of how much."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """What became of a file: how many were added, how many were known; `faults`, and nobody was added.

    `askless` counts those added of whom no question is known: their letters wait for one.
    """

    kind: str
    added: int = 0
    known: int = 0
    askless: int = 0
    faults: tuple[Fault, ...] = ()
    left_out: tuple[Fault, ...] = ()
    unread: tuple[str, ...] = ()


def import_people(desk: Desk, sheet: Sheet, wanted: Wanted, progress: Progress | None = None) -> Imported:
    """Take in the people of a file, all or none; with `dry_run` only tell what would be done.

    Raises FollowupdError where what is wanted for all of them is wrong; what is wrong in the file is in the answer.
    """
    tell = progress or (lambda _what, _done, _all: None)
    now = desk.clock.now()
    judge = Judge(desk, sheet.kind, wanted)
    found = Judged(faults=list(sheet.faults), left_out=list(sheet.left_out))
    for number, row in enumerate(sheet.rows):
        if not number % _EVERY:
            tell("checked", number, len(sheet.rows))
        judge.row(row, found)
    with desk.db.snapshot() if wanted.dry_run else desk.db.immediate():
        fresh, known = _sifted(desk, found, wanted)
        answer = Imported(
            kind=sheet.kind,
            added=len(fresh),
            known=known,
            askless=sum(not one.fields.get("ask") for one in fresh),
            faults=tuple(sorted(found.faults)),
            left_out=tuple(sorted(found.left_out)),
            unread=sheet.unread,
        )
        if answer.faults:
            return replace(answer, added=0, askless=0)
        if not wanted.dry_run:
            _write(desk, fresh, now, tell)
    return answer


# -- rows beside what is known -----------------------------------------------------------------------------------------


def _sifted(desk: Desk, found: Judged, wanted: Wanted) -> tuple[list[Person], int]:
    """Give those who are new, and how many are known already; add to the faults who must not be taken in."""
    mailboxes = {mailbox for one in found.people for mailbox in one.mailboxes}
    never = suppressions.reasons(desk.db, mailboxes)
    owners = arrivals.known(desk.db, mailboxes)
    people = arrivals.people(desk.db, {owner.contact_id for some in owners.values() for owner in some})
    fresh: list[Person] = []
    known = 0
    for person in found.people:
        if said := _unwanted(person, never):
            found.faults.append(said)
        elif owners and (same := [owners[one] for one in person.mailboxes if one in owners]):
            objection = _objection(person, [one for some in same for one in some], people, skip=wanted.skip_known)
            known += objection is None
            found.faults.extend([objection] if objection else [])
        elif person.row.state and person.row.state != State.SCHEDULED:
            found.faults.append(_begun(person))
        else:
            fresh.append(person)
    found.faults.extend(_unreferred(desk, fresh))
    return fresh, known


def _unreferred(desk: Desk, fresh: Sequence[Person]) -> Iterator[Fault]:
    """Find those who are said to be referred by somebody whom nobody knows, or by themselves."""
    asked = {person.row.line: (person, key(person.row.referred_by)) for person in fresh if person.row.referred_by}
    there = {mailbox for person in fresh for mailbox in person.mailboxes} if asked else set()
    there |= arrivals.known(desk.db, {mailbox for _, mailbox in asked.values()}).keys() if asked else set()
    for line, (person, referrer) in asked.items():
        if referrer in person.mailboxes:
            yield Fault(line, "nobody refers to themselves")
        elif referrer not in there:
            yield Fault(
                line, f"nobody has the address {person.row.referred_by!r}, by whom they are said to be referred"
            )


def _unwanted(person: Person, never: Mapping[str, Suppressed]) -> Fault | None:
    for mailbox in person.mailboxes if never else ():
        if mailbox in never:
            address, reason, _ = never[mailbox]
            address = address or person.addresses[person.mailboxes.index(mailbox)]
            same = "" if address in person.addresses else f" ({person.addresses[0]} is the same mailbox)"
            return Fault(
                person.row.line, f"{address} is never to be written to again: {reason}{same}", "take the line out"
            )
    if person.row.state == State.OPTED_OUT:
        return Fault(
            person.row.line, f"{person.addresses[0]} asked not to be written to, says the file", "take the line out"
        )
    return None


def _objection(person: Person, owners: Collection[Known], people: Mapping[int, Contact], *, skip: bool) -> Fault | None:
    """Say why somebody known cannot stay as they are beside what the file says of them; None if they can."""
    line, owner = person.row.line, people[min(owners).contact_id]
    if len({one.contact_id for one in owners}) > 1:
        several = ", ".join(sorted(people[one].email for one in {one.contact_id for one in owners}))
        return Fault(line, f"its addresses are those of several people who are known: {several}")
    hint = f"change it with: followupd edit {owner.email}; or leave those who are known as they are: --skip-known"
    strange = [one for one in person.addresses if one not in owner.addresses]
    if strange and {one.address for one in owners}.isdisjoint(person.addresses):
        other = min(owners).address
        return None if skip else Fault(line, f"{strange[0]} is the mailbox of {other}, who is already known", hint)
    differing = ["alias"] * bool(strange)
    differing += [name for name, value in person.fields.items() if value and value != getattr(owner, name)]
    differing += ["tags"] * bool(set(person.row.tags) - set(owner.tags))
    if not differing or skip:
        return None
    return Fault(line, f"{person.addresses[0]} is already known, with another {', '.join(differing)}", hint)


def _begun(person: Person) -> Fault:
    return Fault(
        person.row.line,
        f"the thread with {person.addresses[0]} had begun ({person.row.state}) when the file was written",
        "to move everything, use backup and restore; or take the line out",
    )


# -- writing -----------------------------------------------------------------------------------------------------------


def _write(desk: Desk, fresh: Sequence[Person], now: Instant, tell: Progress) -> None:
    policy = desk.settings.policy
    blank = Thread(key="", contact_id=0, cadence="", created_at=now, anchor=now)
    dates: dict[tuple[object, ...], Instant | None] = {}

    def dated(person: Person, token: str) -> Instant | None:
        """Give when the opening letter goes: the same for all of one place and one minute."""
        given = person.fields.get
        place = {name: given(name, "") for name in ("timezone", "country", "blackout")}
        known = (*place.values(), person.cadence, person.first_on, spread_for(token, 0, policy))
        if known not in dates:
            thread = replace(blank, key=token, cadence=person.cadence, first_on=person.first_on)
            case = Case(thread=thread, contact=with_fields(Contact(addresses=person.addresses), place))
            dates[known] = reckon(case, policy, now).next_at
        return dates[known]

    def written(done: int) -> None:
        tell("written", done, len(fresh))

    arrivals.add(desk.db, [_arrival(one, token, dated(one, token)) for one, token in _keyed(fresh)], blank, written)
    for person in fresh:
        if person.row.referred_by:
            contact = find(desk, person.addresses[0]).contact
            contacts.refer(desk.db, contact.id, person.row.referred_by)
            hand_on(desk, find(desk, person.row.referred_by), contact, now)


def _keyed(fresh: Sequence[Person]) -> Iterable[tuple[Person, str]]:
    bits = secrets.token_bytes(16 * len(fresh)).hex()
    return ((person, bits[32 * at : 32 * at + 32]) for at, person in enumerate(fresh))


def _arrival(person: Person, key: str, next_at: Instant | None) -> Arrival:
    return Arrival(
        person.addresses,
        person.mailboxes,
        person.fields,
        person.tags,
        person.account,
        key,
        person.cadence,
        person.first_on.isoformat() if person.first_on else None,
        next_at,
        f"{person.addresses[0]} was read in from a file, with the cadence {person.cadence}",
    )
