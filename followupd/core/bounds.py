"""Patience measured from the other side: letters to one person in a year, people of one house, asks open at once.

The daemon and `plan` both ask here, after `decide`. The user's word on a letter (`resume`) outweighs the account of it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from followupd.core.cadence import home, place_of, spread_of
from followupd.core.instants import Instant, add
from followupd.core.match import organisation
from followupd.core.model import MAY_BE_OUT, OPEN_STATES, Case, Contact, Hold, Letter, State, Wait
from followupd.core.settings import Policy
from followupd.core.window import opening

A_YEAR: Final = timedelta(days=365)


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """What stands around a letter that is due.

    `letters` are those to the same person, in whatever thread: when they left, and how many words they had. `kin` is
    when somebody else of their organisation was last written to. `open_asks` counts the others who were asked and have
    not answered.
    """

    letters: tuple[tuple[Instant, int], ...] = ()
    kin: Instant | None = None
    open_asks: int = 0


def bounded(case: Case, policy: Policy, around: Around, now: Instant) -> Hold | Wait | None:
    """Give why a letter that is due does not go: it waits, or is held; None where nothing speaks against it."""
    if policy.max_open and case.thread.step == 0 and around.open_asks >= policy.max_open:
        return Wait(case.thread.next_at)
    if (free := _after_kin(case, policy, around)) is not None and free > now:
        return Wait(free)
    return None if case.thread.due_at is not None else _burden(case, policy, around, now)


def kin(one: Contact, other: Contact) -> bool:
    """Tell whether two people belong to one organisation: by its name, or by the domain that it registered."""
    if one.id == other.id:
        return False
    names = {org.casefold() for org in (one.org, other.org)}
    if len(names) == 1 and "" not in names:
        return True
    houses = [{organisation(address) for address in each.addresses} - {""} for each in (one, other)]
    return bool(houses[0] & houses[1])


def seen(case: Case, everybody: Iterable[Case]) -> Around:
    """Give what stands around a case among others, itself left out."""
    others = [one for one in everybody if one.contact.id != case.contact.id]
    related = [at for one in others if kin(case.contact, one.contact) for at, _ in told(one.letters)]
    asked = [one for one in others if one.thread.step and one.thread.state in OPEN_STATES - {State.SCHEDULED}]
    return Around(letters=told(case.letters), kin=max(related, default=None), open_asks=len(asked))


def told(letters: Iterable[Letter]) -> tuple[tuple[Instant, int], ...]:
    """Give when each letter left that is out, or may be, and its number of words."""
    return tuple((one.sent_at or one.created_at, words(one.body)) for one in letters if one.state in MAY_BE_OUT)


def words(body: str) -> int:
    """Count the words of a letter."""
    return len(body.split())


def _after_kin(case: Case, policy: Policy, around: Around) -> Instant | None:
    if around.kin is None or not policy.organisation_gap.least_days():
        return None
    free = add(around.kin, policy.organisation_gap, home(case.contact, policy))
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
