"""Letters that wait for the user: read, approved as they stand, discarded, or settled where their fate is in doubt."""

from dataclasses import dataclass, replace

from followupd.actions.question import since_read
from followupd.actions.release import about, released
from followupd.actions.word import whole
from followupd.actions.writing import composed
from followupd.app import Desk
from followupd.core.cadence import SENDABLE, present_letter, step_of
from followupd.core.compose import quoted_below, text_digest
from followupd.core.draft_states import DraftState
from followupd.core.errors import FollowupdError
from followupd.core.letter_states import REPLACEABLE, LetterHappening, after
from followupd.core.model import OPEN_STATES, Accepted, Case, Change, Event, Letter, LetterState, State
from followupd.core.outcome import PROVED, WROTE, after_sending, passed, settled
from followupd.core.states import Happening, move, next_state
from followupd.store import drafts, letters, reading, threads


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A letter with the thread it belongs to. `letter.said` has the difference to a text that was approved before.

    `below` is what stands quoted under its text. `change` is what would be another text than this one, which the user
    approved or was told of, if the letter were written now: line by line, "" for nothing.
    """

    letter: Letter
    case: Case
    below: str = ""
    change: str = ""

    @property
    def said(self) -> str:
        """What became of it, or why it waits."""
        held = self.letter.state is LetterState.HELD and self.case.thread.state is State.HELD
        return self.letter.said or (self.case.thread.reason if held else "")


def listing(desk: Desk) -> tuple[reading.OutboxLine, ...]:
    """Give the letters that are not out yet, or may be."""
    return reading.outbox(desk.db)


def show(desk: Desk, letter_id: int) -> Shown:
    """Give a letter; raise FollowupdError if there is none of this number."""
    letter = letters.get(desk.db, letter_id)
    case = threads.case(desk.db, letter.thread_id)
    return Shown(letter=letter, case=case, below=quoted_below(letter.raw), change=_change(desk, case, letter))


def _change(desk: Desk, case: Case, letter: Letter) -> str:
    present = present_letter(case)
    known = letter.approved or letter.announced
    if not known or letter.state not in REPLACEABLE or present is None or present.id != letter.id:
        return ""
    mine = replace(desk, settings=desk.settings.of(case.contact.account) or desk.settings)
    try:
        return since_read(letter, composed(mine, case, desk.clock.now()).letter)
    except FollowupdError as error:
        return f"it can be written no more: {error}"


@whole
def approve(desk: Desk, letter_id: int) -> Letter:
    """Agree to the exact text of a held letter: it leaves in the next window, and not if a word of it changes.

    One that was announced leaves on its day, without the time to read it.
    """
    letter, now = letters.get(desk.db, letter_id), desk.clock.now()
    told = letter.state is LetterState.PREPARED and bool(letter.announced) and not letter.approved
    if letter.state is not LetterState.HELD and not told:
        raise FollowupdError(f"the letter is {letter.state} and waits for no approval", where=f"letter {letter_id}")
    case = threads.case(desk.db, letter.thread_id)
    if case.thread.state not in OPEN_STATES:
        raise FollowupdError(
            f"the thread is {case.thread.state}: this letter will not leave",
            where=f"letter {letter_id}",
            hint=f"drop it: followupd outbox discard {letter_id}",
        )
    if letter.step != case.thread.step:
        raise FollowupdError("the thread has gone on without this letter", where=f"letter {letter_id}")
    draft = drafts.get(desk.db, letter_id)
    if draft is not None and draft.state is DraftState.EDITED:
        raise FollowupdError(
            "you edited its draft: what lies there is another text than you would approve",
            where=f"letter {letter_id}",
            hint="send it from your Drafts folder, or delete it there first",
        )
    approved = replace(
        letter,
        state=after(letter.state, LetterHappening.APPROVED) if not told else letter.state,
        approved=text_digest(letter.subject, letter.body),
        overrules=letter.vetoed_at is not None,
    )
    event = Event(at=now, kind="approved", text=f"letter {letter.step + 1} approved by you")
    approved_case = replace(case, letters=(*(one for one in case.letters if one.id != letter.id), approved))
    letters.settle(desk.db, approved, _go_on(desk, approved_case, letter, event, at_once=not told))
    return approved


@whole
def discard(desk: Desk, letter_id: int, why: str = "") -> Letter:
    """Drop a held letter: its step is passed over, and the wait of the next one counts from now. `why` is told.

    An open thread without another letter ends as silent.
    """
    letter, now = letters.get(desk.db, letter_id), desk.clock.now()
    if letter.state is LetterState.UNCERTAIN:
        raise FollowupdError(
            "this letter may have gone out and cannot be discarded",
            where=f"letter {letter_id}",
            hint=f"say which: followupd outbox sent {letter_id}, or: followupd outbox retry {letter_id}",
        )
    if letter.state not in {LetterState.HELD, LetterState.PREPARED, LetterState.DEFERRED}:
        raise FollowupdError(f"the letter is {letter.state}", where=f"letter {letter_id}")
    state = after(letter.state, LetterHappening.DISCARDED)
    dropped = replace(letter, state=state, said="discarded by you", retry_at=None)
    event = Event(
        at=now, kind="discarded", text=f"letter {letter.step + 1} discarded by you{f': {why}' if why else ''}"
    )
    case = threads.case(desk.db, letter.thread_id)
    its_turn = letter.step == case.thread.step
    further = replace(case, thread=passed(case.thread, now)) if its_turn else case
    if case.thread.state in OPEN_STATES and step_of(further.thread, desk.settings.policy) is None:
        ended = replace(further.thread, state=State.SILENT, reason="no letter is left", next_at=None)
        change = Change(thread=ended, events=(event,))
    else:
        change = _go_on(desk, further, letter, event, at_once=False)
    letters.settle(desk.db, dropped, change)
    return dropped


@whole
def sent(desk: Desk, letter_id: int) -> Letter:
    """Say that a letter in doubt did go out: the wait counts from the moment it was written."""
    letter, now = _in_doubt(desk, letter_id), desk.clock.now()
    policy = desk.settings.policy
    case = threads.case(desk.db, letter.thread_id)
    receipt = Accepted(text=f"{PROVED}: you said so")
    gone, change = after_sending(case, letter, receipt, policy, letter.created_at)
    told = tuple(replace(event, at=now, text=f"{event.text} (you said so)") for event in change.events)
    change = released(desk, case, replace(change, events=told), about(letter))
    others = tuple(one for one in case.letters if one.id != gone.id)
    change = settled(replace(case, letters=(*others, gone)), change, policy, now)
    letters.settle(desk.db, gone, change, spend_notes=letter.note_ids)
    return gone


@whole
def retry(desk: Desk, letter_id: int) -> Letter:
    """Say that a letter in doubt did not go out: it is written and sent anew."""
    letter = _in_doubt(desk, letter_id)
    state = after(letter.state, LetterHappening.SAID_NOT_SENT)
    dropped = replace(letter, state=state, said="you said that it did not go out")
    event = Event(at=desk.clock.now(), kind="retried", text=f"letter {letter.step + 1} is to be sent again, says you")
    case = threads.case(desk.db, letter.thread_id)
    letters.settle(desk.db, dropped, _go_on(desk, case, letter, event))
    return dropped


def _in_doubt(desk: Desk, letter_id: int) -> Letter:
    letter = letters.get(desk.db, letter_id)
    if letter.state is not LetterState.UNCERTAIN:
        raise FollowupdError(f"the letter is {letter.state}, there is no doubt about it", where=f"letter {letter_id}")
    return letter


def _go_on(desk: Desk, case: Case, letter: Letter, event: Event, *, at_once: bool = True) -> Change:
    """Release a thread that a letter held, due at once or by its cadence; a thread in another state keeps it."""
    held = case.thread.state is State.HELD and next_state(case.thread, Happening.RESUME) is not None
    change = move(case.thread, Happening.RESUME, event) if held else Change(thread=case.thread, events=(event,))
    # a letter that lay among the drafts before its day keeps its day
    if at_once and case.thread.state in OPEN_STATES - SENDABLE:
        change = replace(change, thread=replace(change.thread, due_at=event.at))
    # who says what becomes of this letter knows what they wrote themselves
    return settled(case, released(desk, case, change, (*about(letter), WROTE)), desk.settings.policy, event.at)
