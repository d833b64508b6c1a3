"""One thread and the present: send, wait, hold, pass over or finish. The daemon and `plan` both ask here."""

from datetime import timedelta
from typing import Final

from followupd.core.cadence import (
    SENDABLE,
    has_to_tell,
    is_opening,
    next_opening,
    place_of,
    present_letter,
    spread_of,
    step_of,
    tellable,
)
from followupd.core.instants import Instant, at_local, local_day
from followupd.core.model import MAY_BE_OUT, Case, Decision, Finish, Hold, Send, Skip, State, Wait
from followupd.core.settings import NoNews, Policy
from followupd.core.window import opening

NOTHING_NEW: Final = "nothing new to tell"
"""How the reason begins when a letter waits for a note."""


def decide(case: Case, policy: Policy, now: Instant, sent_today: int) -> Decision:
    """Decide what to do about one thread.

    `sent_today` counts the letters that left, to anybody, since midnight where the user is. What a step says is
    rendered later; here only the dates and the rules speak.
    """
    thread = case.thread
    if thread.state not in SENDABLE:
        return Wait(None)
    if case.suppressed:
        return Finish(State.OPTED_OUT, "the address asked not to be written to")
    cadence = policy.cadences.get(thread.cadence)
    if cadence is None:
        return Hold(f"the config has no cadence {thread.cadence!r} any more")
    if thread.step >= len(cadence.steps):
        return Finish(State.SILENT, "every letter went out and nobody answered")
    letter = present_letter(case)
    if letter is not None and letter.state in MAY_BE_OUT:
        return Hold(f"nobody knows whether letter {letter.step + 1} went out; see: followupd outbox show {letter.id}")
    return _by_date(case, policy, now, sent_today)


def _by_date(case: Case, policy: Policy, now: Instant, sent_today: int) -> Decision:
    at = next_opening(case, policy, now).at
    if at > now:
        return Wait(at)
    if sent_today >= policy.daily_limit:
        return Wait(tomorrow(case, policy, now))
    return _with_or_without_news(case, policy, now)


def tomorrow(case: Case, policy: Policy, now: Instant) -> Instant:
    """Give the first allowed instant of the user's next day, when the daily limit counts anew."""
    midnight = at_local(local_day(now, policy.me.zone) + timedelta(days=1), 0, policy.me.zone)
    return opening(midnight, policy.window, place_of(case.contact, policy), spread_of(case.thread, policy)).at


def _not_reached(case: Case, milestone: str) -> str:
    """Say what a letter waits for that is to tell of a milestone; a note whose last day has passed tells nothing."""
    email = case.contact.email
    ends = [note.expires for note in case.notes if note.milestone == milestone and not note.spent_by and note.expires]
    said = (
        f"the note of {milestone!r} was news until {max(ends).isoformat()}" if ends else f"{milestone!r} is not reached"
    )
    return (
        f"{NOTHING_NEW}: {said}; {'to note it anew' if ends else 'once it is'}: followupd note {email} --milestone "
        f'{milestone} "...", or send without: followupd resume {email}'
    )


def _with_or_without_news(case: Case, policy: Policy, now: Instant) -> Decision:
    thread, step = case.thread, step_of(case.thread, policy)
    if is_opening(case, policy) or thread.due_at is not None or thread.kept_words:
        return Send(thread.step)
    if step is not None and step.milestone and not has_to_tell(case, policy, now):
        return Hold(_not_reached(case, step.milestone))
    what = policy.cadences[thread.cadence].no_news or policy.no_news
    if what is NoNews.SEND or tellable(case, policy, now):
        return Send(thread.step)
    if what is NoNews.HOLD:
        return Hold(
            f'{NOTHING_NEW}; give some with: followupd note {case.contact.email} "...", '
            f"or send without: followupd resume {case.contact.email}"
        )
    last = thread.step + 1 == len(policy.cadences[thread.cadence].steps)
    return Send(thread.step) if last else Skip(NOTHING_NEW)
