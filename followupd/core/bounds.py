"""Patience measured from the other side: letters to one person in a year, people of one house, asks open at once.

The daemon and `plan` both ask here, after `decide`. The user's word on a letter (`resume`) outweighs the account of it.

Where all places for open asks are taken, opening letters queue: in the order of the days they were meant for, then as
they were added. One that may leave within a week keeps its place before those behind it.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from followupd.core.cadence import home, place_of, spread_of
from followupd.core.instants import Instant, Span, add
from followupd.core.match import organisation
from followupd.core.model import MAY_BE_OUT, OPEN_STATES, Case, Contact, Hold, Letter, State, Thread, Wait
from followupd.core.settings import Policy
from followupd.core.window import opening

A_YEAR: Final = timedelta(days=365)
NO_ROOM: Final = "no room for another offer of"
"""How the reason begins when an opening letter waits until a promise is kept."""
_NAMED: Final = 3
SOON: Final = timedelta(days=7)
"""How near a letter's date must be for it to keep its place before those that queue behind it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """What stands around a letter that is due.

    `letters` are those to the same person, in whatever thread: when they left, and how many words they had. `last` is
    when the newest of them did, however long ago, `kin` when somebody else of their organisation or tags was written
    to. `open_asks` counts the others who were asked and have not answered, `ahead` those whose opening letters come
    before this one in the queue. `promised` are the others to whom an offer of the same kind was made: it is open, or
    owed.
    """

    letters: tuple[tuple[Instant, int], ...] = ()
    last: Instant | None = None
    kin: Instant | None = None
    open_asks: int = 0
    ahead: int = 0
    promised: frozenset[str] = frozenset()


def bounded(case: Case, policy: Policy, around: Around, now: Instant) -> Hold | Wait | None:
    """Give why a letter that is due does not go: it waits, or is held; None where nothing speaks against it."""
    if policy.max_open and _asks_anew(case.thread) and around.open_asks + around.ahead >= policy.max_open:
        return Wait(case.thread.next_at, _full(policy, around))
    if (free := _opening_after(around.last, policy.floor, case, policy)) is not None and free > now:
        return Wait(free, f"not before the floor of {policy.floor} after the last letter to them, in another thread")
    if (free := _opening_after(around.kin, policy.organisation_gap, case, policy)) is not None and free > now:
        return Wait(free, "somebody else of their organisation or tags is written to before")
    if _asks_anew(case.thread) and not room(case.contact, policy, around.promised):
        return Hold(no_room(case.contact, policy, around.promised))
    return None if case.thread.due_at is not None else _burden(case, policy, around, now)


def kin(one: Contact, other: Contact) -> bool:
    """Tell whether two people belong together: to one circle, or to the domain that one organisation registered."""
    houses = [{organisation(address) for address in each.addresses} - {""} for each in (one, other)]
    return circle(one, other) or (one.id != other.id and bool(houses[0] & houses[1]))


def circle(one: Contact, other: Contact) -> bool:
    """Tell whether two people may show each other their letters: the same organisation by name, or a tag in common.

    A domain alone makes no circle: thousands who never met may share one.
    """
    named = bool(house(one.org)) and house(one.org) == house(other.org)
    return one.id != other.id and (named or not set(one.tags).isdisjoint(other.tags))


def house(org: str) -> str:
    """Give the name of an organisation as it is compared with another's: blanks and capitals don't tell two apart."""
    return " ".join(org.split()).casefold()


def room(contact: Contact, policy: Policy, promised: Collection[str]) -> bool:
    """Tell whether an offer of somebody's kind can be made beside those that are open or owed to others."""
    capacity = policy.offers.get(contact.offer_of)
    return capacity is None or len(promised) < capacity


def no_room(contact: Contact, policy: Policy, promised: Collection[str]) -> str:
    """Say why no offer of this kind can be made now, and what makes room, or does without."""
    known = ", ".join(sorted(promised)[:_NAMED]) + (", ..." if len(promised) > _NAMED else "")
    made = f"{policy.offers[contact.offer_of]} can be kept, and {len(promised)} are open or owed ({known})"
    return (
        f"{NO_ROOM} {contact.offer_of!r}: {made}; it goes by itself once one is done with, as by: followupd delivered "
        f'EMAIL; to send it uncounted: followupd edit {contact.email} --offer-of ""'
    )


def seen(case: Case, everybody: Iterable[Case], now: Instant, owed: Collection[Contact] = ()) -> Around:
    """Give what stands around a case among others, itself left out; `owed` are those who are owed an offer."""
    others = [one for one in everybody if one.contact.id != case.contact.id]
    related = [at for one in others if kin(case.contact, one.contact) for at, _ in told(one.letters)]
    ahead = [one for one in others if queues(one.thread, now) and turn(one.thread) < turn(case.thread)]
    written = told(case.letters)
    return Around(
        letters=written,
        last=max((at for at, _ in written), default=None),
        kin=max(related, default=None),
        open_asks=sum(1 for one in others if asked(one)),
        ahead=len(ahead),
        promised=_promised(case.contact, others, owed),
    )


def _promised(contact: Contact, others: Iterable[Case], owed: Iterable[Contact]) -> frozenset[str]:
    if not contact.offer_of:
        return frozenset()
    people = (*(one.contact for one in others if asked(one)), *(one for one in owed if one.id != contact.id))
    return frozenset(one.email for one in people if one.offer_of == contact.offer_of)


def asked(case: Case) -> bool:
    """Tell whether somebody was asked, and may still answer before all letters have gone.

    Who is written to in a conversation that goes on is not asked anew.
    """
    if case.thread.continues is not None:
        return False
    out = case.thread.step > 0 or any(one.state in MAY_BE_OUT for one in case.letters)
    return out and case.thread.state in OPEN_STATES


def queues(thread: Thread, now: Instant) -> bool:
    """Tell whether an opening letter keeps its place in the queue: its date has come, or comes soon."""
    if thread.state is not State.SCHEDULED or not _asks_anew(thread):
        return False
    return thread.next_at is not None and thread.next_at <= now + SOON


def _asks_anew(thread: Thread) -> bool:
    return thread.step == 0 and thread.continues is None


def turn(thread: Thread) -> tuple[date, int]:
    """Give what orders the queue: the day that an opening letter was meant for, then the number of its thread."""
    return thread.first_on or thread.created_at.date(), thread.id


def _full(policy: Policy, around: Around) -> str:
    people = f"{around.open_asks} of at most {policy.max_open} people are asked and have not answered"
    return f"{people}; before this one in the queue: {around.ahead}" if around.ahead else people


@dataclass(frozen=True, slots=True, kw_only=True)
class InLine:
    """A person in the queue, their place in it from 1, and whether their letter is due and waits for somebody's end."""

    place: int
    case: Case
    waits: bool


def line(cases: Iterable[Case], policy: Policy, now: Instant) -> tuple[InLine, ...]:
    """Give everybody whose opening letter has not gone yet, whose turn it is first."""
    cases = tuple(cases)
    free = policy.max_open - sum(1 for one in cases if asked(one))
    opening = [one for one in cases if one.thread.state is State.SCHEDULED and _asks_anew(one.thread)]
    found: list[InLine] = []
    for case in sorted(opening, key=lambda one: (not queues(one.thread, now), turn(one.thread))):
        due = case.thread.next_at is not None and case.thread.next_at <= now
        waits = bool(policy.max_open) and due and len(found) >= free
        found.append(InLine(place=len(found) + 1, case=case, waits=waits))
    return tuple(found)


def told(letters: Iterable[Letter]) -> tuple[tuple[Instant, int], ...]:
    """Give when each letter left that is out, or may be, and its number of words."""
    return tuple((one.sent_at or one.created_at, words(one.body)) for one in letters if one.state in MAY_BE_OUT)


def words(body: str) -> int:
    """Count the words of a letter."""
    return len(body.split())


def _opening_after(before: Instant | None, gap: Span, case: Case, policy: Policy) -> Instant | None:
    """Give the first allowed instant so long after something; None where nothing was, or no time is asked for."""
    if before is None or not gap.least_days():
        return None
    free = add(before, gap, home(case.contact, policy))
    return opening(free, policy.window, place_of(case.contact, policy), spread_of(case.thread, policy)).at


def _burden(case: Case, policy: Policy, around: Around, now: Instant) -> Hold | None:
    recent = [count for at, count in around.letters if at > now - A_YEAR]
    email = case.contact.email
    way = f"send it all the same with: followupd resume {email}"
    if policy.most_letters and len(recent) >= policy.most_letters:
        letters = f"{len(recent)} letter{'s' if len(recent) > 1 else ''}"
        return Hold(f"they got {letters} in 365 days, and {policy.most_letters} are the most; {way}")
    if policy.most_words and sum(recent) >= policy.most_words:
        return Hold(f"they got {sum(recent)} words in 365 days, and {policy.most_words} are the most; {way}")
    return None
