"""The user's word on a thread: it always wins, and each verb says plainly where it cannot; see `reopening` for one."""

from dataclasses import replace
from datetime import date
from typing import Final

from followupd.actions.barring import WITNESSED
from followupd.actions.naming import named
from followupd.actions.question import can_be_mended
from followupd.actions.release import released
from followupd.actions.reopening import ENDED, away
from followupd.actions.restored import since_reopened, without_the_answer
from followupd.actions.room import refuse_too_many
from followupd.actions.word import find, refuse_control, whole
from followupd.app import Desk
from followupd.core import telling
from followupd.core.bounds import NO_ROOM
from followupd.core.cadence import home
from followupd.core.errors import FollowupdError
from followupd.core.instants import Instant, at_local
from followupd.core.model import ANSWERS, OPEN_STATES, Case, Change, Event, LetterState, Message, State
from followupd.core.outcome import settled
from followupd.core.states import Happening, move, next_state
from followupd.store import facts, messages, threads
from followupd.store.sightings import all_line

SAID: Final = "answered, says you"
"""How history tells of an answer that the user reported."""

_DONE: Final = {
    Happening.PAUSE: "paused",
    Happening.RESUME: "resumed",
    Happening.STOP: "stopped",
    Happening.ANSWERED: "counted as answered",
}


@whole
def pause(desk: Desk, email: str, until: date | None) -> Case:
    """Stop the clock of a thread, until a day (where the contact lives) or until `resume`."""
    case, now = find(desk, email), desk.clock.now()
    end = at_local(until, 0, home(case.contact, desk.settings.policy)) if until else None
    if end is not None and end <= now:
        raise FollowupdError("this day has come already", where=str(until))
    if case.thread.state is State.PAUSED:
        changed = Change(thread=replace(case.thread, paused_until=end), events=(_said(now, "paused", until),))
        return _written(desk, case, changed, now)
    change = _moved(case, Happening.PAUSE, _said(now, "paused", until))
    return _written(desk, case, replace(change, thread=replace(change.thread, paused_until=end)), now)


def pause_all(desk: Desk) -> None:
    """Send nothing to anybody until `resume --all`; the mailbox is still watched."""
    with desk.db.immediate():
        facts.put(desk.db, facts.PAUSED_ALL, "yes", desk.clock.now())
        desk.db.tell(all_line(desk.clock.now(), paused=True))


def resume_all(desk: Desk) -> None:
    """Let letters go out again; threads that were paused one by one stay so."""
    with desk.db.immediate():
        facts.drop(desk.db, facts.PAUSED_ALL)
        desk.db.tell(all_line(desk.clock.now(), paused=False))


@whole
def resume(desk: Desk, email: str) -> Case:
    """Let a paused thread go on, or a held one whose letter itself is not what waits; held ones are due at once."""
    case, now = find(desk, email), desk.clock.now()
    waiting = [one for one in case.letters if one.state in {LetterState.HELD, LetterState.UNCERTAIN}]
    events = threads.events(desk.db, case.thread.id)
    if case.thread.state is State.HELD and waiting and not can_be_mended(case, waiting[-1], events):
        letter = waiting[-1]
        verbs = "sent, retry" if letter.state is LetterState.UNCERTAIN else "approve, discard"
        raise FollowupdError(
            f"letter {letter.id} waits for you",
            where=case.contact.email,
            hint=f"see: followupd outbox show {letter.id}; then one of: {verbs}",
        )
    was_held = case.thread.state is State.HELD
    if was_held and case.thread.reason.startswith(NO_ROOM):
        refuse_too_many(desk, case)
    change = _moved(case, Happening.RESUME, Event(at=now, kind="resumed", text=telling.RESUMED))
    if was_held:
        messages.settle_doubts(desk.db, case.thread.id, answered=False)
    if was_held and case.thread.next_at is None and change.thread.due_at is None and _overdue(desk, case, now):
        change = replace(change, thread=replace(change.thread, due_at=now))
    return _written(desk, case, change, now)


def _overdue(desk: Desk, case: Case, now: Instant) -> bool:
    """Tell whether the letter of a held thread should have left by now: then the user's word sends it."""
    ready = replace(case, thread=replace(case.thread, state=State.WAITING))
    due = settled(ready, Change(thread=ready.thread), desk.settings.policy, now).thread.next_at
    return due is not None and due <= now


@whole
def snooze(desk: Desk, email: str, until: date, words: str = "") -> Case:
    """Send nothing to somebody before a day; a later date of the cadence or of an absence stands.

    A new snooze replaces an older one. `words` are theirs, which the next letter takes up.
    """
    refuse_control("what they said", words)
    case, now = find(desk, email), desk.clock.now()
    _refuse_ended(case)
    at = at_local(until, 0, home(case.contact, desk.settings.policy))
    if at <= now:
        raise FollowupdError("this day has come already", where=str(until))
    not_before = max(at, away(desk, case) or at)
    snoozed = replace(case.thread, not_before=not_before, kept_words=words.strip() or case.thread.kept_words)
    change = Change(thread=snoozed, events=(_said(now, "snoozed", until, words),))
    return _written(desk, case, change, now)


@whole
def stop(desk: Desk, email: str) -> Case:
    """End a thread for good; only `reopen` starts it again."""
    case, now = find(desk, email), desk.clock.now()
    if case.thread.state is State.STOPPED:
        return case
    return _written(desk, case, _moved(case, Happening.STOP, Event(at=now, kind="stopped", text="stopped by you")), now)


@whole
def answered(desk: Desk, email: str, via: str) -> Case:
    """Count an answer that came another way ("phone", "in person")."""
    refuse_control("the way it came", via)
    case, now = find(desk, email), desk.clock.now()
    if case.thread.state is State.ANSWERED:
        return case
    event = Event(at=now, kind="answered", text=f"{SAID}{f' ({via})' if via else ''}")
    change = _moved(case, Happening.ANSWERED, event)
    messages.settle_doubts(desk.db, case.thread.id, answered=True)
    return _written(desk, case, change, now)


@whole
def not_an_answer(desk: Desk, email: str, message_id: str) -> Case:
    """Keep the user's word that a message was no answer, and let a thread that it ended or held go on.

    `message_id` is any name that `naming.named` takes. Said twice it changes nothing.
    """
    newest, now = find(desk, email), desk.clock.now()
    theirs = [one for one in messages.of_contact(desk.db, newest.contact.id) if one.thread_id is not None]
    message = named(theirs, message_id, email)
    assert message.thread_id is not None
    case = threads.case(desk.db, message.thread_id)
    if message.not_answer:
        return case
    event = Event(at=now, kind="not-an-answer", text=f"you say that {message.message_id} was no answer")
    change = _without(desk, case, message, event)
    if newest.thread.id != case.thread.id and change.thread.state in OPEN_STATES:
        # another thread was begun with them since: what the user said of that one is what holds now
        change = Change(thread=case.thread, events=(event,))
    messages.mark_not_answer(desk.db, message.message_id, settled(case, change, desk.settings.policy, now))
    return threads.case(desk.db, case.thread.id)


def _without(desk: Desk, case: Case, message: Message, event: Event) -> Change:
    """Give what becomes of a thread once a message is no answer: what else ended, held or paused it stands."""
    stays = Change(thread=case.thread, events=(event,))
    history = threads.events(desk.db, case.thread.id)
    standing = [
        one
        for one in messages.of_thread(desk.db, case.thread.id)
        if not one.not_answer and one.message_id != message.message_id
    ]
    if case.thread.state is State.HELD:
        held = _doubt(message)
        twins = [one for one in standing if (one.from_, one.rule) == (message.from_, message.rule)]
        if twins or not any(one.kind == "held" and one.text.startswith(held) for one in history):
            return stays
        return released(desk, case, move(case.thread, Happening.RESUME, event), (held,))
    others = [one for one in standing if one.verdict in ANSWERS]
    answered = [one.text for one in since_reopened(history) if one.kind == "answered"]
    said = any(text.startswith(SAID) for text in answered)
    if case.thread.state is not State.ANSWERED or message.verdict not in ANSWERS or others or said:
        return stays
    if any(text.endswith(WITNESSED) for text in answered):
        # it may have been the user's own word that the witness saw
        told = f"{event.text}; the thread was answered all the same, {WITNESSED}; {_begin_again(case)}"
        return replace(stays, events=(replace(event, text=told),))
    settled_before = [_doubt(one) for one in messages.of_thread(desk.db, case.thread.id) if one.not_answer]
    change = without_the_answer(case, history, event, desk.settings.policy, tuple(settled_before))
    # what they told while they counted as having answered moved no letter then
    ends = [end for end in (change.thread.not_before, away(desk, case)) if end is not None]
    return replace(change, thread=replace(change.thread, not_before=max(ends, default=None)))


def _doubt(message: Message) -> str:
    """Give how the reason begins for which a message held its thread."""
    return telling.doubt(message.verdict, message.from_ or "somebody", message.rule)


def _refuse_ended(case: Case) -> None:
    if case.thread.state in ENDED | {State.OPTED_OUT}:
        raise FollowupdError(f"the thread is {case.thread.state}", where=case.contact.email, hint=_begin_again(case))


def _begin_again(case: Case) -> str:
    """Name the command that starts an ended thread again; "" where it has not ended, or they want no letter."""
    return f"to start it again: followupd reopen {case.contact.email} --on DATE" if case.thread.state in ENDED else ""


def _said(now: Instant, kind: str, until: date | None, words: str = "") -> Event:
    day = f" until {until.isoformat()}" if until else ""
    return Event(at=now, kind=kind, text=f"{kind} by you{day}{f': {words.strip()}' if words.strip() else ''}")


def _moved(case: Case, happening: Happening, event: Event) -> Change:
    if next_state(case.thread, happening) is None:
        raise FollowupdError(
            f"the thread is {case.thread.state} and cannot be {_DONE[happening]}",
            where=case.contact.email,
            hint=_begin_again(case),
        )
    return move(case.thread, happening, event)


def _written(desk: Desk, case: Case, change: Change, now: Instant) -> Case:
    thread = threads.apply(desk.db, settled(case, change, desk.settings.policy, now))
    return threads.case(desk.db, thread.id)
