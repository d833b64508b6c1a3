"""Which step is next, and when: calendar durations counted where the contact lives, never shorter than the floor.

The date is a chain: the wait since the last letter (or the user's own mail), the floor, an absence or snooze, a retry,
then the window. Every link can be shown (`plan --why`). While nothing happens the date stands still: it depends on the
present only once it is late.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from followupd.core import announced
from followupd.core.instants import Instant, Span, WorkingDays, add, at_local, local_day, zone_named
from followupd.core.model import Case, Contact, Letter, LetterState, Note, State, Thread
from followupd.core.news import fresh, reached
from followupd.core.periods import periods
from followupd.core.settings import Policy, Step
from followupd.core.window import Opening, Place, opening, own_minute, working_days_later

AS_YOU_ASKED: Final = "as-you-asked"
"""The template of a letter that goes out because they said when they would like to be asked."""

SENDABLE = frozenset({State.SCHEDULED, State.WAITING})
"""The states in which a letter can go out by itself."""


def step_of(thread: Thread, policy: Policy) -> Step | None:
    """Give the step that comes next; None if the cadence is gone or has no more."""
    cadence = policy.cadences.get(thread.cadence)
    return cadence.steps[thread.step] if cadence and thread.step < len(cadence.steps) else None


def place_of(contact: Contact, policy: Policy) -> Place:
    """Give the clock, holidays and blackout that count for a contact: their clock where known, else the user's."""
    try:
        blackout = periods(contact.blackout)
    except ValueError:  # written by another program: what can't be read bars nothing, and `add` refuses it
        blackout = ()
    return Place(zone=policy.window.zone or home(contact, policy), country=contact.country, blackout=blackout)


def home(contact: Contact, policy: Policy) -> ZoneInfo:
    """Give the zone a contact lives in; the user's own where it is not known."""
    try:
        return zone_named(contact.timezone) if contact.timezone else policy.me.zone
    except ValueError:
        return policy.me.zone


def leaves_on(contact: Contact, policy: Policy) -> Callable[[date], date]:
    """Give what tells the first day, from a day on, on which a letter may go to somebody."""
    place = place_of(contact, policy)

    def first(day: date) -> date:
        return local_day(opening(at_local(day, 0, place.zone), policy.window, place, timedelta()).at, place.zone)

    return first


def reckon(case: Case, policy: Policy, now: Instant) -> Thread:
    """Give the thread with its `next_at` set; None where its state cannot send by itself."""
    if case.thread.state not in SENDABLE:
        return replace(case.thread, next_at=None)
    return replace(case.thread, next_at=leaves(case, policy, now).at)


def leaves(case: Case, policy: Policy, now: Instant) -> Opening:
    """Give the instant at which the next letter leaves, announced before where the user wants that."""
    planned = next_opening(case, policy, now)
    free = announced.free_from(present_letter(case), policy, now)
    if free is None or free <= planned.at:
        return planned
    later = opening(free, policy.window, place_of(case.contact, policy), spread_of(case.thread, policy))
    told = f"{free.isoformat()}: not before {policy.heads_up} after it is announced to you"
    return Opening(at=later.at, why=(*planned.why, told, *later.why))


def next_opening(case: Case, policy: Policy, now: Instant) -> Opening:
    """Give the instant at which the next letter may leave, with the chain behind it; a late one leaves from `now` on.

    A letter late by days leaves at its own minute like any other, so that the night before and the morning itself name
    the same one; a letter late by minutes leaves at once.
    """
    due = _due(case, policy)
    place, spread = place_of(case.contact, policy), spread_of(case.thread, policy)
    planned = opening(due.at, policy.window, place, spread)
    if planned.at >= now:
        return Opening(at=planned.at, why=due.why + planned.why)
    late = opening(now, policy.window, place, spread)
    at = late.at
    if at == now and local_day(planned.at, place.zone) < local_day(now, place.zone):
        at = own_minute(now, policy.window, place, spread)
    return Opening(at=at, why=(*due.why, *planned.why, f"{planned.at.isoformat()}: has passed", *late.why))


def _due(case: Case, policy: Policy) -> Opening:
    """Give the instant before the window has its say."""
    thread = case.thread
    zone = home(case.contact, policy)
    at, why = _wanted(case, policy, zone)
    later = [
        (floor_over(case, policy), f"not before the floor of {policy.floor} after the last letter"),
        (thread.not_before, "not before the date set by an absence or by you"),
        (_retry(case), "the server asked to try again later"),
    ]
    for bound, reason in later:
        if bound is not None and bound > at:
            at, why = bound, (*why, f"{bound.isoformat()}: {reason}")
    return Opening(at=at, why=why)


def _wanted(case: Case, policy: Policy, zone: ZoneInfo) -> tuple[Instant, tuple[str, ...]]:
    thread = case.thread
    step = step_of(thread, policy)
    if thread.due_at is not None:
        return thread.due_at, (f"{thread.due_at.isoformat()}: set by you",)
    if step is not None and step.milestone and thread.step:
        return _milestone(case, step, zone)
    if thread.first_on is not None and not thread.step:
        at = at_local(thread.first_on, 0, zone)
        return at, (f"{at.isoformat()}: first letter on {thread.first_on.isoformat()}, set by you",)
    if step is not None and step.after is not None and (thread.step or thread.continues is not None):
        at = _over(thread.anchor, step.after, case.contact, zone)
        return at, (f"{at.isoformat()}: {step.after} after {thread.anchor.isoformat()}",)
    return thread.anchor, (f"{thread.anchor.isoformat()}: as soon as the window allows",)


def _over(anchor: Instant, wait: Span | WorkingDays, contact: Contact, zone: ZoneInfo) -> Instant:
    """Give the instant at which a wait is over; working days are those of the contact's country."""
    if isinstance(wait, WorkingDays):
        return working_days_later(anchor, wait, zone, contact.country)
    return add(anchor, wait, zone)


def _milestone(case: Case, step: Step, zone: ZoneInfo) -> tuple[Instant, tuple[str, ...]]:
    """Give the instant from which on a letter may go that waits for something to be reached; the latest day if not."""
    anchor = case.thread.anchor
    least = _over(anchor, step.after, case.contact, zone) if step.after is not None else anchor
    note = reached(case, step.milestone, local_day(least, zone))
    if note is not None:
        at = max(least, note.created_at)
        return at, (f"{at.isoformat()}: {step.milestone!r} is reached, as noted on {note.created_at.isoformat()}",)
    at = add(anchor, step.latest, zone) if step.latest is not None else least
    return at, (
        f"{at.isoformat()}: waits for {step.milestone!r}, at the latest {step.latest} after {anchor.isoformat()}",
    )


def tellable(case: Case, policy: Policy, at: Instant) -> tuple[Note, ...]:
    """Give the notes that the next letter may tell if it leaves at an instant, the best first."""
    return fresh(case, policy, local_day(at, home(case.contact, policy)))


def has_to_tell(case: Case, policy: Policy, at: Instant) -> bool:
    """Tell whether the next letter has something new to tell: where it waits for a milestone, that this is reached."""
    step = step_of(case.thread, policy)
    if step is not None and step.milestone:
        return reached(case, step.milestone, local_day(at, home(case.contact, policy))) is not None
    return bool(tellable(case, policy, at))


def is_opening(case: Case, policy: Policy) -> bool:
    """Tell whether the next letter opens a conversation: then it has no news to tell, and needs none."""
    cadence = policy.cadences.get(case.thread.cadence)
    return case.thread.step == 0 and not (cadence is not None and cadence.after_answer)


def template_of(thread: Thread, step: Step) -> str:
    """Give the template of the next letter: what was asked for later is taken up in their own words."""
    follows = thread.step or thread.continues is not None
    return AS_YOU_ASKED if thread.kept_words and follows else step.template


def floor_over(case: Case, policy: Policy) -> Instant | None:
    """Give the instant before which no other letter may go to this person; None if none went out yet."""
    sent = [letter.sent_at for letter in case.letters if letter.sent_at is not None]
    return add(max(sent), policy.floor, home(case.contact, policy)) if sent else None


def present_letter(case: Case) -> Letter | None:
    """Give the newest letter of the step that comes next; None if there is none yet."""
    mine = [letter for letter in case.letters if letter.step == case.thread.step]
    return max(mine, key=lambda letter: letter.attempt) if mine else None


def _retry(case: Case) -> Instant | None:
    letter = present_letter(case)
    return letter.retry_at if letter is not None and letter.state is LetterState.DEFERRED else None


def fingerprint(policy: Policy) -> str:
    """Give a mark of all in the config that dates follow from: as long as it is the same, a date stands still."""
    from hashlib import sha256

    cadences = tuple((name, policy.cadences[name].steps) for name in sorted(policy.cadences))
    window = replace(policy.window, days=frozenset())
    known = (policy.heads_up, policy.announce_at) if announced.wanted(policy) else ()
    said = repr((cadences, *known, policy.floor, sorted(policy.window.days), window, policy.me.zone.key))
    return sha256(said.encode()).hexdigest()[:32]


def spread_of(thread: Thread, policy: Policy) -> timedelta:
    """Share the spread out: the same letter always gets the same minute, different letters different ones."""
    return spread_for(thread.key, thread.step, policy)


def spread_for(key: str, step: int, policy: Policy) -> timedelta:
    """Give the share of the letter of a step in the thread of a key."""
    minutes = int(policy.window.spread.total_seconds()) // 60
    if not minutes:
        return timedelta()
    from hashlib import sha256

    seed = sha256(f"{key}/{step}".encode()).digest()
    return timedelta(minutes=int.from_bytes(seed[:4]) % (minutes + 1))
