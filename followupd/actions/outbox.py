"""Letters that wait for the user: read, approved as they stand, discarded, or settled where their fate is in doubt."""

from dataclasses import dataclass, replace

from followupd.app import Desk
from followupd.core.cadence import step_of
from followupd.core.compose import text_digest
from followupd.core.errors import FollowupdError
from followupd.core.model import Accepted, Case, Change, Event, Letter, LetterState, State
from followupd.core.outcome import after_sending, passed, settled
from followupd.core.states import Happening, move, next_state
from followupd.store import letters, reading, threads


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A letter with the thread it belongs to. Its `said` has the difference to a text that was approved before."""

    letter: Letter
    case: Case


def listing(desk: Desk) -> tuple[reading.OutboxLine, ...]:
    """Give the letters that are not out yet, or may be."""
    return reading.outbox(desk.db)


def show(desk: Desk, letter_id: int) -> Shown:
    """Give a letter; raise FollowupdError if there is none of this number."""
    letter = letters.get(desk.db, letter_id)
    return Shown(letter=letter, case=threads.case(desk.db, letter.thread_id))


def approve(desk: Desk, letter_id: int) -> Letter:
    """Agree to the exact text of a held letter: it leaves in the next window, and not if a word of it changes."""
    letter, now = letters.get(desk.db, letter_id), desk.clock.now()
    if letter.state is not LetterState.HELD:
        raise FollowupdError(f"the letter is {letter.state} and waits for no approval", where=f"letter {letter_id}")
    approved = replace(letter, state=LetterState.PREPARED, approved=text_digest(letter.subject, letter.body))
    event = Event(at=now, kind="approved", text=f"letter {letter.step + 1} approved by you")
    with desk.db.immediate():
        case = threads.case(desk.db, letter.thread_id)
        letters.settle(desk.db, approved, _go_on(desk, case, event))
    return approved


def discard(desk: Desk, letter_id: int) -> Letter:
    """Drop a held letter: its step is passed over, and the wait of the next one counts from now."""
    letter, now = letters.get(desk.db, letter_id), desk.clock.now()
    if letter.state is LetterState.UNCERTAIN:
        raise FollowupdError(
            "this letter may have gone out and cannot be discarded",
            where=f"letter {letter_id}",
            hint=f"say which: followupd outbox sent {letter_id}, or: followupd outbox retry {letter_id}",
        )
    if letter.state not in {LetterState.HELD, LetterState.PREPARED, LetterState.DEFERRED}:
        raise FollowupdError(f"the letter is {letter.state}", where=f"letter {letter_id}")
    dropped = replace(letter, state=LetterState.DISCARDED, said="discarded by you", retry_at=None)
    event = Event(at=now, kind="discarded", text=f"letter {letter.step + 1} discarded by you")
    with desk.db.immediate():
        case = threads.case(desk.db, letter.thread_id)
        further = replace(case, thread=passed(case.thread, now))
        change = _go_on(desk, further, event, at_once=False)
        if step_of(change.thread, desk.settings.policy) is None:
            ended = replace(change.thread, state=State.SILENT, reason="no letter is left", next_at=None)
            change = replace(change, thread=ended)
        letters.settle(desk.db, dropped, change)
    return dropped


def sent(desk: Desk, letter_id: int) -> Letter:
    """Say that a letter in doubt did go out: the wait counts from the moment it was written."""
    letter = _in_doubt(desk, letter_id)
    now = desk.clock.now()
    with desk.db.immediate():
        case = threads.case(desk.db, letter.thread_id)
        receipt = Accepted(text="known to be sent: you said so")
        settled_letter, change = after_sending(case, letter, receipt, desk.settings.policy, now)
        gone = replace(settled_letter, sent_at=letter.created_at)
        letters.settle(desk.db, gone, change, spend_notes=letter.note_ids)
    return gone


def retry(desk: Desk, letter_id: int) -> Letter:
    """Say that a letter in doubt did not go out: it is written and sent anew."""
    letter = _in_doubt(desk, letter_id)
    dropped = replace(letter, state=LetterState.DISCARDED, said="you said that it did not go out")
    event = Event(at=desk.clock.now(), kind="retried", text=f"letter {letter.step + 1} is to be sent again, says you")
    with desk.db.immediate():
        case = threads.case(desk.db, letter.thread_id)
        letters.settle(desk.db, dropped, _go_on(desk, case, event))
    return dropped


def _in_doubt(desk: Desk, letter_id: int) -> Letter:
    letter = letters.get(desk.db, letter_id)
    if letter.state is not LetterState.UNCERTAIN:
        raise FollowupdError(f"the letter is {letter.state}, there is no doubt about it", where=f"letter {letter_id}")
    return letter


def _go_on(desk: Desk, case: Case, event: Event, *, at_once: bool = True) -> Change:
    """Release a held thread, due at once or by its cadence; a thread in another state keeps it."""
    held = case.thread.state is State.HELD and next_state(case.thread, Happening.RESUME) is not None
    change = move(case.thread, Happening.RESUME, event) if held else Change(thread=case.thread, events=(event,))
    if at_once:
        change = replace(change, thread=replace(change.thread, due_at=event.at))
    return settled(case, change, desk.settings.policy, event.at)
