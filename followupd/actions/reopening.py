"""A thread that ended is started again, or goes on in another one, in the same conversation or a new one."""

import secrets
from dataclasses import replace
from datetime import date
from itertools import takewhile
from typing import Final

from followupd.actions.kept import asked_in_words
from followupd.actions.room import refuse_too_many
from followupd.actions.word import find, refuse_control, whole
from followupd.app import Desk
from followupd.core.cadence import home, step_of
from followupd.core.errors import FollowupdError
from followupd.core.instants import Instant, add, at_local, local_day
from followupd.core.model import Case, Change, Event, LetterState, State, Thread, Verdict
from followupd.core.outcome import absent_until, settled
from followupd.core.states import Happening, move
from followupd.store import contacts, messages, threads

ENDED: Final = frozenset({State.ANSWERED, State.SILENT, State.STOPPED, State.UNDELIVERABLE})


@whole
def reopen(  # noqa: PLR0913  # what the user says of it, each word by itself
    desk: Desk, email: str, on: date | None, cadence: str, words: str | None = None, *, again: bool = False
) -> Case:
    """Start an ended thread again: with its next letter, or with another cadence where every letter has gone out.

    The next letter takes up their words: those given, else those by which they asked to be written to later. Another
    cadence goes on in the same conversation where it takes up their words, or is for people who have answered; else it
    opens a new one. `again`: an address that bounced takes mail again, says the user. Raises FollowupdError where the
    thread has not ended, the person opted out, the address that bounced is still the one written to, the day is over,
    or where words that are given would be lost.
    """
    case, now = find(desk, email), desk.clock.now()
    thread, policy = case.thread, desk.settings.policy
    _refuse_over(on, local_day(now, home(case.contact, policy)))
    if thread.state not in ENDED:
        raise FollowupdError(f"the thread is {thread.state} and cannot be reopened", where=case.contact.email)
    if any(contacts.suppressed(desk.db, one) for one in case.contact.addresses):
        raise FollowupdError("they asked not to be written to", where=case.contact.email)
    dead = thread.state is State.UNDELIVERABLE and _dead(desk, case)
    if dead and not again:
        raise FollowupdError(
            "their address is still the one that bounced",
            where=case.contact.email,
            hint=f"give another one first: followupd edit {case.contact.email} --email NEW; "
            f"if it takes mail again: followupd reopen {case.contact.email} --again",
        )
    if cadence and cadence not in policy.cadences:
        known = ", ".join(sorted(policy.cadences))
        raise FollowupdError(f"the config has no cadence {cadence!r}", hint=f"there are: {known}")
    refuse_control("what they said", words or "")
    works = ": the address that bounced takes mail again" if dead else ""
    event = Event(at=now, kind="reopened", text=f"reopened by you{f', for {on.isoformat()}' if on else ''}{works}")
    finished = step_of(thread, policy) is None
    if cadence and (cadence != thread.cadence or (finished and policy.cadences[cadence].after_answer)):
        said = replace(event, text=f"{event.text}, with the cadence {cadence}")
        return _begun(desk, case, _another(desk, case, cadence, on, words), said)
    if finished:
        raise FollowupdError(
            f"every letter of the cadence {thread.cadence!r} has gone out",
            where=case.contact.email,
            hint=f"name another: followupd reopen {case.contact.email}{f' --on {on}' if on else ''} --cadence NAME",
        )
    if thread.step:
        refuse_too_many(desk, case)
    moved = move(thread, Happening.REOPEN, event)
    fresh = replace(
        moved.thread,
        due_at=at_local(on, 0, home(case.contact, policy)) if on else None,
        anchor=max(thread.anchor, now),
        not_before=away(desk, case),
        kept_words=_words(desk, case, words),
    )
    threads.apply(desk.db, settled(case, replace(moved, thread=fresh), policy, now))
    return threads.case(desk.db, thread.id)


def _words(desk: Desk, case: Case, given: str | None) -> str:
    """Give the words that the next letter takes up: the user's own, or what they said when they asked for later."""
    return asked_in_words(desk, case) if given is None else given.strip()


def _another(desk: Desk, case: Case, cadence: str, on: date | None, given: str | None) -> Thread:
    """Give a new thread with another cadence, no earlier than the floor after the old one.

    Where letters went out, it takes up their words in the same conversation. With a cadence for people who have
    answered it goes on from their answer: its first letter waits, and for news, like any other.
    """
    policy, now, old = desk.settings.policy, desk.clock.now(), case.thread
    begin = max(now, add(max(old.anchor, old.created_at), policy.floor, home(case.contact, policy)))
    fresh = Thread(
        key=secrets.token_hex(16),
        contact_id=case.contact.id,
        cadence=cadence,
        created_at=now,
        anchor=begin,
        not_before=away(desk, case),
    )
    if policy.cadences[cadence].after_answer:
        _refuse_unanswered(case, cadence)
        if given:
            raise _lost(case, f"the letters of the cadence {cadence!r} tell news, and have no place for their words")
        held_back = max(begin, fresh.not_before or begin)
        return replace(fresh, continues=old.id, anchor=now, first_on=on, not_before=held_back)
    due = max(at_local(on, 0, home(case.contact, policy)), begin) if on else None
    went = case.before or any(one.state is LetterState.SENT for one in case.letters)
    if given and not went:
        raise _lost(case, "no letter went to them yet that their words could be about")
    kept = _words(desk, case, given) if went else ""
    return replace(fresh, due_at=due, kept_words=kept, continues=old.id if kept else None)


def _refuse_over(on: date | None, today: date) -> None:
    """Refuse a day that is over: a slip in the year would send a letter at once."""
    if on is not None and on < today:
        raise FollowupdError("this day has passed", where=on.isoformat())


def _refuse_unanswered(case: Case, cadence: str) -> None:
    """Refuse a cadence for people who have answered where nobody has, or only somebody else's thread goes on."""
    thread = case.thread
    if thread.state is State.ANSWERED or (thread.continues is not None and thread.state is not State.UNDELIVERABLE):
        return
    raise FollowupdError(
        f"the cadence {cadence!r} is for people who have answered, and the thread is {thread.state}",
        where=case.contact.email,
        hint=f"if they did another way: followupd answered {case.contact.email} --via phone",
    )


def _lost(case: Case, why: str) -> FollowupdError:
    return FollowupdError(why, where=case.contact.email, hint="leave out --reason; keep what they said in a note")


def _begun(desk: Desk, case: Case, fresh: Thread, event: Event) -> Case:
    began = settled(replace(case, thread=fresh, letters=()), Change(thread=fresh), desk.settings.policy, event.at)
    return threads.case(desk.db, threads.open_new(desk.db, began.thread, (event,)).id)


def away(desk: Desk, case: Case) -> Instant | None:
    """Give the instant before which an absence that they told, in whichever thread, lets no letter go; None if none."""
    policy, now = desk.settings.policy, desk.clock.now()
    # a clock that lies before what was recorded is wrong, and cannot tell that a message came in the future
    latest = max(now, threads.newest_event(desk.db) or now)
    told = [one for one in messages.of_contact(desk.db, case.contact.id) if one.verdict is Verdict.AUTO_REPLY]
    ends = (absent_until(case.contact, one.return_date, policy, min(one.received_at, latest)) for one in told)
    return max(ends, default=None)


def _dead(desk: Desk, case: Case) -> bool:
    """Tell whether the last letter, which came back, went to the address that is still written to."""
    gone = [one for one in case.letters if one.state in {LetterState.SENT, LetterState.REFUSED}]
    if gone:
        return gone[-1].rcpt_to == case.contact.email
    since = takewhile(lambda event: event.kind != "undeliverable", reversed(threads.events(desk.db, case.thread.id)))
    return not any(event.kind == "edited" and "email" in event.text for event in since)
