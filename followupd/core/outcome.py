"""What becomes of a thread after a message was judged, after a letter was sent, after the user wrote by hand.

Each function gives the Change to write down together with the fact it follows from. States move only by the table in
`states`; here are the dates: the anchor a wait counts from, the absence a letter must not precede.
"""

from dataclasses import replace
from datetime import date, timedelta
from typing import Final

from followupd.core import telling
from followupd.core.cadence import SENDABLE, home, leaves_on, reckon, step_of
from followupd.core.instants import Instant, add, at_local, local_day
from followupd.core.letter_states import LetterHappening, after
from followupd.core.model import (
    ANSWERS,
    MAY_BE_OUT,
    OPEN_STATES,
    Accepted,
    Case,
    Change,
    Contact,
    Deferred,
    Event,
    Incoming,
    Judgement,
    Letter,
    LetterState,
    Match,
    MatchedBy,
    Receipt,
    Refused,
    State,
    Thread,
    Unknown,
    Verdict,
)
from followupd.core.replies import ABOUT_SENDER, about_sender
from followupd.core.settings import Policy
from followupd.core.states import Happening, move, next_state

RETRIES: Final = tuple(timedelta(minutes=minutes) for minutes in (15, 60, 240, 720, 1440, 1440, 1440, 1440, 2880, 2880))
"""Waits before another try of a letter that a server deferred (RFC 5321, section 4.5.4.1 asks for growing ones)."""

_ACCEPTED: Final = {
    LetterState.SENDING: LetterHappening.ACCEPTED,
    LetterState.HELD: LetterHappening.BY_HAND,
    LetterState.DEFERRED: LetterHappening.BY_HAND,
}
"""What befalls a letter that turns out to be sent, by its state; any other is found."""
PROVED: Final = "known to be sent"
"""How it begins what is kept of a letter that the database did not itself see go."""
BY_HAND: Final = "by hand"
"""What stands for the template of a letter that the user wrote; no file of templates can have this name."""

WROTE: Final = "you wrote to them yourself"
"""How the reason begins by which a first letter is held that the user has forestalled by hand."""

_LONGEST_ABSENCE: Final = timedelta(days=3660)
"""A return date beyond ten years is a slip of the pen, and the calendar ends in 9999."""


def settled(case: Case, change: Change, policy: Policy, now: Instant) -> Change:
    """Set the `next_at` of a changed thread."""
    return replace(change, thread=reckon(replace(case, thread=change.thread), policy, now))


# -- messages ----------------------------------------------------------------------------------------------------------


def before_our_letter(case: Case, msg: Incoming, match: Match, judgement: Judgement, began: Instant) -> Judgement:
    """Correct the verdict on mail that only shares an address with a thread, by what had been said before it.

    `began` is when the first thread to the contact was begun. Mail that is older answers nothing; a day is allowed for
    clocks that disagree, minutes where the letter was written by hand, perhaps in answer to this very mail. Mail that
    came while the opening letter was still waiting is no answer either, but whoever has just been written to by them
    should look before that letter goes.
    """
    if match.by in {MatchedBy.SUBJECT, MatchedBy.FORWARDED}:
        return _before_any(case, msg, judgement)
    if match.by is not MatchedBy.ADDRESS or judgement.verdict not in ANSWERS:
        return judgement
    arrived = max((at for at in (msg.internal_date, msg.date) if at is not None), default=None)
    by_hand = bool(case.letters) and case.letters[0].template == BY_HAND
    slack = timedelta(minutes=10) if by_hand else timedelta(days=1)
    if arrived is not None and arrived < began - slack:
        return Judgement(verdict=Verdict.OTHER, rule="thread.older", words=f"came {arrived.date().isoformat()}")
    if case.thread.step == 0 and not any(letter.sent_at for letter in case.letters):
        if arrived is not None and arrived < began:
            return Judgement(verdict=Verdict.OTHER, rule="thread.older", words=f"came {arrived.date().isoformat()}")
        return Judgement(verdict=Verdict.OTHER, rule="thread.not-begun", words="they wrote to you first", hold=True)
    return judgement


def _before_any(case: Case, msg: Incoming, judgement: Judgement) -> Judgement:
    """Take back a possible answer that came before any letter of the thread was out: a subject proves nothing then."""
    out = [one for one in case.letters if one.state in MAY_BE_OUT]
    arrived = max((at for at in (msg.internal_date, msg.date) if at is not None), default=None)
    if out and (arrived is None or arrived >= out[0].created_at - timedelta(days=1)):
        return judgement
    return Judgement(verdict=Verdict.OTHER, rule="thread.older", words=judgement.words)


def after_message(case: Case, msg: Incoming, judgement: Judgement, policy: Policy, now: Instant) -> Change | None:
    """Give what a judged message does to its thread; None where it does nothing worth telling."""
    who = msg.from_[0].addr_spec if msg.from_ else "somebody"
    told = Event(at=now, kind="message", text=f"{judgement.verdict} from {who} ({telling.because(judgement)})")
    if judgement.hold:
        return settled(case, _doubted(case, who, judgement, now), policy, now)
    match judgement.verdict:
        case Verdict.REPLY | Verdict.CALENDAR:
            answered = replace(told, kind="answered", text=f"{told.text}{_hint(case, judgement, policy)}")
            change = move(case.thread, Happening.REPLY, answered)
        case Verdict.OPT_OUT:
            change = move(case.thread, Happening.OPT_OUT, replace(told, kind="opted-out"))
            change = replace(change, suppress=case.contact.addresses)
        case Verdict.BOUNCE:
            change = _after_bounce(case, judgement, told)
        case Verdict.AUTO_REPLY:
            # the server knows when the note came, whatever our clock says and however late it is read
            noticed = msg.internal_date or min(msg.date or now, now)
            change = _after_absence(case, judgement, told, policy, noticed)
        case Verdict.DELAY | Verdict.RECEIPT:
            change = Change(thread=case.thread, events=(told,))
        case Verdict.OTHER:
            return None
    return settled(case, change, policy, now)


def _doubted(case: Case, who: str, judgement: Judgement, now: Instant) -> Change:
    """Hold a thread for the user to judge a message; both answers are named."""
    state = next_state(case.thread, Happening.HOLD) or case.thread.state
    begins = telling.doubt(judgement.verdict, who, telling.because(judgement))
    offered = telling.offers(judgement, case.contact, telling.Standing(state=state, held=True))
    text = "; ".join((f"{begins})", *map(str, offered)))
    return move(case.thread, Happening.HOLD, Event(at=now, kind="held", text=text))


def _hint(case: Case, judgement: Judgement, policy: Policy) -> str:
    """Tell what an answer seems to say, and the commands that would follow from it."""
    state = next_state(case.thread, Happening.REPLY) or case.thread.state
    said = telling.seems(judgement)
    finished = step_of(case.thread, policy) is None
    standing = telling.Standing(state=state, finished=finished, leaves=leaves_on(case.contact, policy))
    offered = telling.offers(judgement, case.contact, standing)
    return "".join(f"; {one}" for one in (*([f"it seems to say: {said}"] if said else []), *offered))


def _after_bounce(case: Case, judgement: Judgement, told: Event) -> Change:
    if judgement.dead_address:
        return move(case.thread, Happening.ADDRESS_DEAD, replace(told, kind="undeliverable"))
    whose = f"; {ABOUT_SENDER}" if about_sender(judgement.words) else ""
    text = f"the letter came back ({judgement.evidence}){whose}; go on with: followupd resume {case.contact.email}"
    return move(case.thread, Happening.HOLD, Event(at=told.at, kind="held", text=text))


def _after_absence(case: Case, judgement: Judgement, told: Event, policy: Policy, noticed: Instant) -> Change:
    """Move the next letter past an absence: never to an earlier date, and a second note does not add up."""
    until = absent_until(case.contact, judgement.return_date, policy, noticed)
    thread = case.thread
    if thread.state in SENDABLE | {State.HELD, State.PAUSED}:
        thread = replace(thread, not_before=max(until, thread.not_before or until))
    return Change(thread=thread, events=(told,))


def absent_until(contact: Contact, return_date: date | None, policy: Policy, noticed: Instant) -> Instant:
    """Give the instant before which no letter goes to somebody who is away, as noticed at an instant."""
    zone = home(contact, policy)
    if return_date is None:
        return add(noticed, policy.away_unknown, zone)
    farthest = local_day(noticed, zone) + _LONGEST_ABSENCE
    return add(at_local(min(return_date, farthest), 0, zone), policy.away_grace, zone)


def _is_unbegun(case: Case) -> bool:
    """Tell whether no letter of a thread is out, or may be; one that is held may be let go by itself."""
    thread = case.thread
    may_be_out = any(letter.state in MAY_BE_OUT for letter in case.letters)
    return thread.state is State.SCHEDULED or (
        thread.state in {State.PAUSED, State.HELD} and thread.step == 0 and not may_be_out
    )


def after_own_mail(
    case: Case, written_at: Instant, policy: Policy, now: Instant, latest: Instant | None = None
) -> Change | None:
    """Give what mail by the user's own hand does: the wait starts anew; a first letter waits for the user's word.

    No wait counts from later than `latest`, or now: a Date may lie in the future.
    """
    thread = case.thread
    if written_at < thread.created_at:
        return None
    told = Event(at=now, kind="by-hand", text=f"you wrote to {case.contact.email} yourself; the wait counts from there")
    if _is_unbegun(case) and thread.continues is None:
        email = case.contact.email
        text = (
            f"{WROTE}; go on from there: followupd add {email} --sent-already MESSAGE-ID, "
            f"or send the opening letter all the same: followupd resume {email}"
        )
        return settled(case, move(thread, Happening.HOLD, Event(at=now, kind="held", text=text)), policy, now)
    if thread.state in OPEN_STATES:
        anchored = replace(thread, anchor=max(thread.anchor, min(written_at, latest or now)), due_at=None)
        return settled(case, Change(thread=anchored, events=(told,)), policy, now)
    return Change(thread=thread, events=(told,))


# -- letters -----------------------------------------------------------------------------------------------------------


def after_sending(case: Case, letter: Letter, receipt: Receipt, policy: Policy, now: Instant) -> tuple[Letter, Change]:
    """Give what became of a letter and of its thread, from what the server said."""
    number = letter.step + 1
    match receipt:
        case Accepted():
            state = after(letter.state, _ACCEPTED.get(letter.state, LetterHappening.FOUND))
            sent = replace(letter, state=state, sent_at=now, said=receipt.text, retry_at=None)
            to = letter.rcpt_to or case.contact.email
            told = Event(at=now, kind="sent", text=f"letter {number} went to {to}: {letter.subject}")
            return sent, _after_acceptance(case, sent, told, policy, now)
        case Deferred():
            return _after_deferral(case, letter, receipt, policy, now)
        case Refused():
            state = after(letter.state, LetterHappening.TURNED_DOWN)
            refused = replace(letter, state=state, said=receipt.text, retry_at=None)
            happening = Happening.ADDRESS_DEAD if receipt.dead_address else Happening.HOLD
            kind = "undeliverable" if receipt.dead_address else "held"
            whose = f"; {ABOUT_SENDER}" if about_sender(receipt.text) and not receipt.dead_address else ""
            told = Event(at=now, kind=kind, text=f"letter {number} was refused: {receipt.text}{whose}")
            return refused, settled(case, move(case.thread, happening, told), policy, now)
        case Unknown():
            doubtful = replace(letter, state=after(letter.state, LetterHappening.LOST), said=receipt.text)
            return doubtful, in_doubt(case, letter, receipt.text, policy, now)


def in_doubt(case: Case, letter: Letter, why: str, policy: Policy, now: Instant) -> Change:
    """Hold a thread because nobody knows whether its letter went out."""
    text = (
        f"nobody knows whether letter {letter.step + 1} went out ({why}); look, then say: "
        f"followupd outbox sent {letter.id}, or: followupd outbox retry {letter.id}"
    )
    return settled(case, move(case.thread, Happening.HOLD, Event(at=now, kind="held", text=text)), policy, now)


def passed(thread: Thread, anchor: Instant) -> Thread:
    """Give the thread one step further, its next wait counting from `anchor`."""
    return replace(thread, step=thread.step + 1, anchor=anchor, due_at=None, kept_words="")


def _after_acceptance(case: Case, sent: Letter, told: Event, policy: Policy, now: Instant) -> Change:
    assert sent.sent_at is not None
    thread = passed(case.thread, max(sent.sent_at, case.thread.anchor))
    last = step_of(thread, policy) is None
    change = move(thread, Happening.LAST_LETTER_SENT if last else Happening.LETTER_SENT, told)
    updated = replace(case, letters=(*(one for one in case.letters if one.id != sent.id), sent))
    return settled(updated, change, policy, now)


def _after_deferral(
    case: Case, letter: Letter, receipt: Deferred, policy: Policy, now: Instant
) -> tuple[Letter, Change]:
    """Try again later; after the last try the user is asked."""
    number = letter.step + 1
    if letter.tries >= len(RETRIES):
        state = after(letter.state, LetterHappening.GIVEN_UP)
        held = replace(letter, state=state, said=receipt.text, retry_at=None)
        text = f"letter {number} could not be sent in {letter.tries} tries: {receipt.text}"
        return held, settled(
            case, move(case.thread, Happening.HOLD, Event(at=now, kind="held", text=text)), policy, now
        )
    deferred = replace(
        letter,
        state=after(letter.state, LetterHappening.PUT_OFF),
        said=receipt.text,
        tries=letter.tries + 1,
        retry_at=now + RETRIES[letter.tries],
    )
    told = Event(at=now, kind="deferred", text=f"letter {number} has to wait: {receipt.text}")
    updated = replace(case, letters=(*(one for one in case.letters if one.id != letter.id), deferred))
    return deferred, settled(updated, Change(thread=case.thread, events=(told,)), policy, now)
