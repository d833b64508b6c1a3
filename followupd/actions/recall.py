"""What the witness saw and the database does not know is taken up before anything is sent: an old backup was put back,
or a crash came between a line of the witness and its commit.

A letter that it saw sent counts as sent, one whose end it did not see is in doubt. What kept letters back
(`actions/barring.py`) is taken up before, and once more behind the letters. Nothing is ever let go on by this.
"""

import logging
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from itertools import groupby
from typing import Final

from followupd.actions import barring, doubt, forgetting
from followupd.app import App
from followupd.core import message, outcome
from followupd.core.cadence import step_of
from followupd.core.errors import FollowupdError
from followupd.core.instants import Instant
from followupd.core.letter_states import REPLACEABLE, LetterHappening, after
from followupd.core.model import IN_DOUBT, Case, Change, Event, Letter, LetterState, RawMessage
from followupd.core.reached import TEXT_LOST
from followupd.letters.render import render
from followupd.store import facts, letters, threads, witness
from followupd.store.sightings import ForgotSeen, LetterSeen, Seen

log = logging.getLogger(__name__)

_TAKEN_UP: Final = "witness_taken_up"
"""The fact that tells which accounts have taken up what, as long as not all have."""


def recall(app: App, now: Instant) -> None:
    """Take up what the witness knows and the database does not; all of it can be done again after a crash.

    Each account takes up its own threads; what all of them have taken up is known, and not taken up again.

    Raises FollowupdError if the witness cannot be read or is another database's, UnreachableError if Sent, which is
    asked first for a letter, cannot be looked into.
    """
    barring.take_up(app, now)
    found = witness.news(app.db)
    if found is None or app.account in (done := _taken_up(app, found)):
        return
    # a crash in the middle leaves the witness as it was, to be asked anew
    with witness.repeating(app.db):
        _take_up(app, found, now)
    _learn(app, found, done | {app.account}, now)


def _take_up(app: App, found: witness.News, now: Instant) -> None:
    _forget(app, found.seen, now)
    stood, letters_of = barring.stood(found.seen), defaultdict[str, list[LetterSeen]](list)
    for one in found.seen:
        if isinstance(one, LetterSeen):
            letters_of[one.key].append(one)
    keys = stood.keys() | letters_of.keys()
    known = threads.ids_of(app.db, keys)
    forgotten = {one.key for one in found.seen if isinstance(one, ForgotSeen)}
    strange = keys - known.keys() - forgotten
    if strange:
        log.warning("the witness knows %d threads that are not in this database: an old backup?", len(strange))
    for key, thread_id in known.items():
        if not app.serves(threads.case(app.db, thread_id).contact):
            continue
        _letters(app, thread_id, letters_of.get(key, ()), now)
        if key in stood:
            barring.bar(app, threads.case(app.db, thread_id), stood[key], now)


def _taken_up(app: App, found: witness.News) -> frozenset[str]:
    """Give the accounts that have taken up exactly this."""
    fact = facts.get(app.db, _TAKEN_UP)
    known, _, names = fact[0].partition(": ") if fact is not None else ("", "", "")
    return frozenset(names.split()) if known == found.known else frozenset()


def _learn(app: App, found: witness.News, done: frozenset[str], now: Instant) -> None:
    if not done.issuperset(app.settings.names):
        facts.put(app.db, _TAKEN_UP, f"{found.known}: {' '.join(sorted(done))}", now)
        return
    witness.learn(app.db, found)
    facts.drop(app.db, _TAKEN_UP)


# -- letters -----------------------------------------------------------------------------------------------------------


def _letters(app: App, thread_id: int, seen: Iterable[LetterSeen], now: Instant) -> None:
    """Take up the letters of a thread, in their order; each by the best that was ever seen of it."""

    def number(one: LetterSeen) -> tuple[int, int]:
        return one.step, one.attempt

    for _, group in groupby(sorted(seen, key=number), number):
        lines = list(group)
        # what was sent stays sent, and what may have left may have left, whatever the user thought of it later
        left = [one for one in lines if one.state is not LetterState.DISCARDED] or lines
        best = next((one for one in left if one.state is LetterState.SENT), left[-1])
        if best.state is LetterState.SENT:
            _sent(app, thread_id, best, now)
        elif best.state in IN_DOUBT:
            _doubtful(app, thread_id, best, now)


def _standing(app: App, thread_id: int, seen: LetterSeen) -> tuple[Case, Letter | None, bool]:
    """Give a thread as it stands, its row of a letter if it has one, and whether one of that step is known as sent."""
    case = threads.case(app.db, thread_id)
    mine = [one for one in case.letters if one.step == seen.step]
    known = next((one for one in mine if one.attempt == seen.attempt), None)
    return case, known, any(one.state is LetterState.SENT for one in mine)


def _sent(app: App, thread_id: int, seen: LetterSeen, now: Instant, found: RawMessage | None = None) -> None:
    """Write down that a letter went out, by its copy in Sent where there is one; `found` is that, once it was found."""
    case, known, gone = _standing(app, thread_id, seen)
    if gone:
        return
    case = _caught_up(app, case, seen.step, now)
    raw = found or app.mailbox.find_sent(seen.message_id)
    proof, to = "the witness file saw it sent", ""
    if raw is not None:
        copy = message.parse(raw)
        if known is None and doubt.adopt(app, case, copy, now):
            return
        proof, to = "a copy lies in Sent", doubt.reader(copy)
    # the user may dispose of it at any moment but in here
    with app.db.immediate():
        case, known, gone = _standing(app, thread_id, seen)
        if gone:
            return
        before = known.rcpt_to if known is not None else ""
        if known is not None and known.state is LetterState.DISCARDED:
            _sent_all_the_same(app, case, replace(known, sent_at=seen.at), proof, now)
        else:
            if known is None or known.state in REPLACEABLE:
                known = _written(app, case, known, seen, to)
            doubt.drop_others(app, case, known, now)
            doubt.confirm(app, replace(known, created_at=seen.at), proof, now)
        sent = replace(known, rcpt_to=to or known.rcpt_to)
        doubt.ask_where(app, threads.case(app.db, thread_id), sent, now, before)


def _sent_all_the_same(app: App, case: Case, known: Letter, proof: str, now: Instant) -> None:
    """Write down that a letter had gone out which the user discarded since; its step is passed over already."""
    state = after(known.state, LetterHappening.REMEMBERED)
    sent = replace(known, state=state, said=f"{outcome.PROVED}: {proof}", retry_at=None)
    told = f"letter {known.step + 1} had gone to {case.contact.email} before it was discarded ({proof})"
    change = Change(thread=case.thread, events=(Event(at=now, kind="sent", text=told),))
    letters.settle(app.db, sent, change, spend_notes=known.note_ids)


def _doubtful(app: App, thread_id: int, seen: LetterSeen, now: Instant) -> None:
    """Put a letter in doubt that was about to go out; the rest of the round looks for proof."""
    why = "the witness file saw it go on the wire, and not what came of it"
    case, known, gone = _standing(app, thread_id, seen)
    if gone or (known is not None and known.state not in REPLACEABLE):
        return
    seen = replace(seen, message_id=seen.message_id or doubt.name_of(app, case, seen.step, seen.attempt))
    found = app.mailbox.find_sent(seen.message_id)
    if found is not None:
        _sent(app, thread_id, seen, now, found)
        return
    with app.db.immediate():
        case, known, gone = _standing(app, thread_id, seen)
        if gone or (known is not None and known.state not in REPLACEABLE):
            return
        case = _caught_up(app, case, seen.step, now)
        letter = _written(app, case, known, seen)
        letters.remember(app.db, letter.id, seen.at)
        doubt.drop_others(app, case, letter, now)
        held = outcome.in_doubt(threads.case(app.db, thread_id), letter, why, app.settings.policy, now)
        letters.settle(app.db, replace(letter, state=LetterState.UNCERTAIN, said=why), held)
    log.warning("%s: in doubt whether letter %d went out: %s", case.contact.email, letter.step + 1, why)


def _written(app: App, case: Case, known: Letter | None, seen: LetterSeen, to: str = "") -> Letter:
    """Give the row of a letter that the witness knows: as it was prepared, else with what can still be told of it.

    `to` is the address that it went to, where a copy tells it.
    """
    if known is not None:
        as_sent = replace(known, state=LetterState.PREPARED, created_at=seen.at, rcpt_to=to or known.rcpt_to)
        return letters.prepare(app.db, as_sent)
    step = step_of(case.thread, app.settings.policy)
    return letters.prepare(
        app.db,
        Letter(
            thread_id=case.thread.id,
            step=seen.step,
            attempt=seen.attempt,
            template=step.template if step else "",
            state=LetterState.PREPARED,
            message_id=seen.message_id,
            subject=_subject(app, case, seen.at),
            body=TEXT_LOST,
            created_at=seen.at,
            # the witness names nobody: whoever was written to when the backup was taken
            mail_from=app.settings.policy.me.email,
            rcpt_to=to or case.contact.email,
        ),
    )


def _subject(app: App, case: Case, at: Instant) -> str:
    """Give the subject as the template makes it: later letters take theirs from the first."""
    step = step_of(case.thread, app.settings.policy)
    try:
        return render(app.templates, step.template, case, app.policy_of(case.contact), at).subject if step else ""
    except FollowupdError:
        return ""


def _caught_up(app: App, case: Case, step: int, now: Instant) -> Case:
    """Bring a thread to the step of a letter that went out: the ones between were passed over."""
    if step <= case.thread.step:
        return case
    event = Event(at=now, kind="skipped", text=f"on to letter {step + 1}, which the witness file knows")
    change = Change(thread=replace(case.thread, step=step), events=(event,))
    threads.apply(app.db, outcome.settled(case, change, app.settings.policy, now))
    return threads.case(app.db, case.thread.id)


# -- the forgotten -----------------------------------------------------------------------------------------------------


def _forget(app: App, seen: Iterable[Seen], now: Instant) -> None:
    """Forget again whom an old backup brought back."""
    keys = {one.key for one in seen if isinstance(one, ForgotSeen)}
    for thread_id in threads.ids_of(app.db, keys).values():
        forgetting.forget_again(app.db, threads.standing(app.db, thread_id).contact_id, now)
        log.warning("somebody who was forgotten was in this database again: an old backup? they are forgotten anew")
