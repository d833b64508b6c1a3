"""Letters that go soon are put into the digest whole; that they were is written down once it has left.

What cannot be written, or breaks a rule, is held then, days before it would have been found on its day.
"""

import logging
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Final

from followupd.actions import lockout
from followupd.actions.decided import dated, hold
from followupd.actions.overview import coming
from followupd.actions.writing import Ready, announce, composed
from followupd.app import App, Desk
from followupd.core import announced
from followupd.core.cadence import place_of, present_letter, spread_of
from followupd.core.compose import quoted_below
from followupd.core.digest import Announced
from followupd.core.errors import FollowupdError, StorageError, TryLaterError
from followupd.core.instants import Instant, add, to_text
from followupd.core.model import Case, Change, Event, Hold
from followupd.core.settings import NONE
from followupd.core.window import opening
from followupd.store import announcements, facts, threads

log = logging.getLogger(__name__)

TRIED: Final = "digest_tried"
"""The fact that tells until when no digest is tried, since one could not be sent, and why not."""
_MOMENT: Final = timedelta(seconds=1)


def is_due(desk: Desk, last: Instant, now: Instant) -> bool:
    """Tell whether a digest must go today, the last one having gone at `last`: else a letter would be late."""
    policy = desk.settings.policy
    today = announced.slot_of(policy, now)
    if not announced.wanted(policy) or not last < today <= now:
        return False
    tomorrow = announced.next_slot(policy, today + _MOMENT)
    return any(True for _ in _changed(desk, add(tomorrow, policy.heads_up, policy.me.zone), now))


def trouble(desk: Desk, now: Instant) -> str:
    """Say why no letter is announced, and so none goes that was not; "" where nothing is wrong with the digest."""
    tried = facts.get(desk.db, TRIED) if announced.wanted(desk.settings.policy) else None
    if tried is None or not now < tried[1] <= now + lockout.WAIT:
        return ""
    why = f"the digest could not be sent: {tried[0]}"
    return f"letters that are to be announced wait: {why}; to try at once: followupd digest --send"


def soon(desk: Desk, until: Instant, now: Instant) -> tuple[Announced, ...]:
    """Give the letters that a digest would announce which tells of the time until an instant; nothing is written."""
    policy = desk.settings.policy
    end = add(until, policy.heads_up, policy.me.zone)
    return tuple(_told(case, ready, day) for case, ready, day in _changed(desk, end, now) if ready is not None)


def write_down(app: App, until: Instant, now: Instant) -> tuple[Announced, ...]:
    """Write down the letters that a digest is about to announce; hold those that cannot go as they are."""
    policy = app.settings.policy
    found = []
    for case, _, day in tuple(_changed(app, add(until, policy.heads_up, policy.me.zone), now)):
        try:
            ready = announce(_desk_of(app, case), case, day, now)
        except (TryLaterError, StorageError):
            raise
        except FollowupdError as error:
            ready = Hold(f"{error}; {error.hint or f'mend it, then: followupd resume {case.contact.email}'}")
        if isinstance(ready, Hold):
            hold(app, case, ready.reason, now)
        else:
            found.append(_told(case, ready, day))
    return tuple(found)


def keep(app: App, told: Sequence[Announced], now: Instant) -> None:
    """Write down that a digest with these letters has left, and give each the date that follows from it."""
    announcements.keep(
        app.db, [announcements.Told(letter_id=one.letter_id, mark=one.mark, day=one.at) for one in told], now
    )
    for one in told:
        case = threads.case(app.db, one.thread_id)
        text = f"letter {one.number} was announced to you; it goes on {to_text(one.at)} at the earliest"
        change = Change(thread=case.thread, events=(Event(at=now, kind="announced", text=text),))
        dated(app, case, change, now)


def _changed(desk: Desk, until: Instant, now: Instant) -> Iterator[tuple[Case, Ready | None, Instant]]:
    """Give the next letters that would go before an instant and are not announced as they are: composed for their day.

    There is no letter where it cannot be written.
    """
    policy = desk.settings.policy
    if not announced.wanted(policy):
        return
    # as they would go if nobody had to be told
    plain = replace(desk, settings=replace(desk.settings, policy=replace(policy, heads_up=NONE)))
    cases = threads.open_cases(desk.db)
    by_id = {case.thread.id: case for case in cases}
    for one in coming(plain, cases, until).letters:
        case = by_id.pop(one.thread_id, None)
        free = announced.free_from(present_letter(case), policy, now) if case is not None else None
        if case is None or free is None or _stands(desk, case, max(one.at, free)):
            continue
        day = _day(desk, case, max(one.at, add(now, policy.heads_up, policy.me.zone)))
        try:
            yield case, composed(_desk_of(desk, case), case, day, day), day
        except FollowupdError:
            yield case, None, day


def _stands(desk: Desk, case: Case, at: Instant) -> bool:
    """Tell whether a letter that may go from an instant on was announced as it is now."""
    letter, day = present_letter(case), _day(desk, case, at)
    if letter is None or not letter.announced:
        return False
    try:
        present = composed(_desk_of(desk, case), case, day)
    except FollowupdError:
        return False
    return announced.stands(letter, present.mark, desk.settings.policy, day)


def _day(desk: Desk, case: Case, at: Instant) -> Instant:
    policy = desk.settings.policy
    return opening(at, policy.window, place_of(case.contact, policy), spread_of(case.thread, policy)).at


def _desk_of(desk: Desk, case: Case) -> Desk:
    """Give the desk of the account that writes to somebody."""
    return replace(desk, settings=desk.settings.of(case.contact.account) or desk.settings)


def _told(case: Case, ready: Ready, day: Instant) -> Announced:
    letter = ready.letter
    return Announced(
        email=case.contact.email,
        name=case.contact.name,
        thread_id=case.thread.id,
        letter_id=letter.id,
        number=letter.step + 1,
        at=day,
        subject=letter.subject,
        text=letter.body,
        quoted=quoted_below(ready.draft.raw),
        mark=ready.mark,
        change=letter.said,
    )
