"""What the witness saw keep letters back keeps them back again: the user's stop, pause, snooze, an answer, an opt-out.

It needs no mailbox, so it comes before anything else that is done with a database that was put back from a backup:
the user speaks of people as they stand, and the witness's last word of a thread knows of all the ones before it.
"""

import logging
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Final

from followupd.app import Desk
from followupd.core.instants import Instant, to_text
from followupd.core.model import OPEN_STATES, Case, Change, Event, State, Thread
from followupd.core.outcome import settled
from followupd.core.states import Happening, move, next_state
from followupd.store import contacts, facts, suppressions, threads, witness
from followupd.store.heard import HEARD, has_heard
from followupd.store.sightings import (
    AllSeen,
    NeverSeen,
    Seen,
    ThreadSeen,
    all_line,
    is_held_behind,
    parsed,
    thread_line,
    token,
)

log = logging.getLogger(__name__)

WITNESSED: Final = "says the witness file"
"""How the line of a thread's history ends, but for the reason, that the witness alone kept it back."""

_BARRED: Final[Mapping[State, Happening]] = {
    State.STOPPED: Happening.STOP,
    State.ANSWERED: Happening.ANSWERED,
    State.OPTED_OUT: Happening.OPT_OUT,
    State.UNDELIVERABLE: Happening.ADDRESS_DEAD,
    State.PAUSED: Happening.PAUSE,
}
_KINDS: Final[Mapping[State, str]] = {State.OPTED_OUT: "opted-out"}


def take_up(desk: Desk, now: Instant) -> None:
    """Keep back again whom the witness saw kept back, all at once or not at all; nothing is ever let go on by this.

    Whoever opens the database does it first. A witness that says nothing, or nothing of this database, changes nothing.
    """
    if has_heard(desk.db):
        return
    with desk.db.immediate():
        found = witness.news(desk.db, HEARD)
        if found is None:
            return
        last = stood(found.seen)
        known = threads.ids_of(desk.db, last)
        with witness.repeating(desk.db):
            for key, thread_id in known.items():
                bar(desk, threads.case(desk.db, thread_id), last[key], now)
            _suppress(desk, found, now)
            _pause(desk, found.seen, now)
        for key, thread_id in known.items():
            _tell_more(desk, threads.standing(desk.db, thread_id), last[key], now)
        if _said_of_all(found.seen) is False and facts.get(desk.db, facts.PAUSED_ALL) is not None:
            desk.db.tell(all_line(now, paused=True))
        witness.learn(desk.db, found, HEARD)


def _tell_more(desk: Desk, thread: Thread, seen: ThreadSeen, now: Instant) -> None:
    """Tell the witness that a thread is kept back though its last word lets it go: of that word no commit came."""
    kept_back = thread.state in _BARRED or thread.state is State.HELD or thread.not_before
    if kept_back and parsed(thread_line(thread, seen.at)) != seen:
        desk.db.tell(thread_line(thread, now))


def stood(seen: Iterable[Seen]) -> Mapping[str, ThreadSeen]:
    """Give how each thread stood when it was seen last, by its key."""
    return {one.key: one for one in seen if isinstance(one, ThreadSeen)}


def _said_of_all(seen: Iterable[Seen]) -> bool | None:
    """Give whether everything was paused when the witness last heard of that; None if it did not."""
    return next((one.paused for one in reversed(list(seen)) if isinstance(one, AllSeen)), None)


def bar(desk: Desk, case: Case, seen: ThreadSeen, now: Instant) -> None:
    """Keep a thread back as it was when the witness last saw it; never let one go on."""
    thread, change = case.thread, _as_seen(case, seen, now)
    if change.thread.state in OPEN_STATES and seen.not_before and seen.not_before > now:
        later = max(seen.not_before, change.thread.not_before or seen.not_before)
        change = replace(change, thread=replace(change.thread, not_before=later))
    if change.thread == thread:
        return
    if not change.events and thread.state is State.PAUSED:
        change = replace(change, events=(_told(now, "paused", f"paused on {to_text(seen.at)}"),))
    elif not change.events and seen.not_before:
        change = replace(change, events=(_told(now, "snoozed", f"no letter before {to_text(seen.not_before)}"),))
    threads.apply(desk.db, settled(case, change, desk.policy_of(case.contact), now))
    log.warning("%s: %s", case.contact.email, change.events[0].text)


def _as_seen(case: Case, seen: ThreadSeen, now: Instant) -> Change:
    """Bring a thread to the state in which it was seen, if that keeps letters back and it can get there."""
    change = _in_state(case.thread, seen, now)
    if seen.state is State.OPTED_OUT and change.events:
        return replace(change, suppress=case.contact.addresses)
    held = change.thread.state is State.HELD or is_held_behind(change.thread)
    if (seen.state is State.HELD or seen.held) and not held and next_state(change.thread, Happening.HOLD) is not None:
        # it may have been for an answer that lies in no folder any more
        look = f"and not why; look whether they have written, then say: followupd resume {case.contact.email}"
        event = Event(at=now, kind="held", text=f"held on {to_text(seen.at)}, {WITNESSED}, {look}")
        return replace(move(change.thread, Happening.HOLD, event), events=(*change.events, event))
    return change


def _in_state(thread: Thread, seen: ThreadSeen, now: Instant) -> Change:
    happening = _BARRED.get(seen.state)
    if happening is None or thread.state is seen.state or next_state(thread, happening) is None:
        return Change(thread=_paused_longer(thread, seen))
    text = f"{seen.state.value.replace('_', ' ')} on {to_text(seen.at)}"
    change = move(thread, happening, _told(now, _KINDS.get(seen.state, seen.state.value), text))
    if seen.state is State.PAUSED:
        return replace(change, thread=replace(change.thread, paused_until=seen.paused_until))
    return change


def _told(now: Instant, kind: str, text: str) -> Event:
    return Event(at=now, kind=kind, text=f"{text}, {WITNESSED}")


def _paused_longer(thread: Thread, seen: ThreadSeen) -> Thread:
    """Give a paused thread the end of its pause that comes later, or none."""
    if not thread.state is seen.state is State.PAUSED:
        return thread
    ends = [one.paused_until for one in (thread, seen) if one.paused_until is not None]
    return replace(thread, paused_until=max(ends) if len(ends) == 2 else None)


def _suppress(desk: Desk, found: witness.News, now: Instant) -> None:
    never = [one for one in found.seen if isinstance(one, NeverSeen)]
    suppressions.keep(desk.db, {one.mailbox for one in never if one.mailbox}, now)
    tokens = {one.token for one in never if one.token}
    if not tokens:
        return
    again = [address for address in contacts.not_suppressed(desk.db) if token(address, found.salt) in tokens]
    if again:
        contacts.suppress(desk.db, again, f"never to be written to, {WITNESSED}", now)


def _pause(desk: Desk, seen: Iterable[Seen], now: Instant) -> None:
    if _said_of_all(seen) and facts.get(desk.db, facts.PAUSED_ALL) is None:
        facts.put(desk.db, facts.PAUSED_ALL, "yes", now)
        log.warning("everything is paused, %s", WITNESSED)
