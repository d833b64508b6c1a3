"""A letter that the user wrote by hand becomes the first of a thread, and only one that they wrote to this person.

The thread begins on the letter's own date. What is overdue by then does not leave at once: the user has some days to
look at what they set going.
"""

import re
import shlex
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final

from followupd.core.addresses import key
from followupd.core.headers import addresses as addresses_in
from followupd.core.instants import Instant
from followupd.core.match import is_own
from followupd.core.model import (
    Accepted,
    Address,
    Case,
    Change,
    Contact,
    Event,
    Glance,
    Incoming,
    Letter,
    LetterState,
    Message,
    State,
    Thread,
    Verdict,
)
from followupd.core.outcome import BY_HAND, after_sending, settled
from followupd.core.settings import Policy
from followupd.core.states import Happening, move

ADOPTED: Final = "adopted"
LOOKED: Final = "looked"
"""Kinds of events: a thread began with a letter by hand; the mailbox was looked through for what lay there before."""
GRACE: Final = timedelta(days=3)
"""The least time between an adoption and the next letter, where the wait was over already."""
LONG_AGO: Final = timedelta(days=730)
"""What the user wrote longer ago than this is mentioned, and holds nothing."""
REPORTS: Final = timedelta(days=10)
"""How long after a letter a machine may report on it: a server gives up after 5 days (RFC 5321, section 4.5.4.1)."""
WRITTEN: Final = "you wrote to them "
"""How the reason begins when an opening letter waits because the user has written by hand."""

_FIRST_YEAR: Final = 1982
"""RFC 822 is of this year."""
_MESSAGE_ID: Final = re.compile(r"<[^<>\s\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]{3,500}>")
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]+")
_BEFORE_THE_LETTER: Final = frozenset({"thread.not-begun", "thread.older"})
"""The rules by which mail was set aside because the thread had not begun."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """A message that the user wrote to somebody by hand."""

    at: Instant
    subject: str
    message_id: str


def as_message_id(text: str) -> str:
    """Give a Message-ID with its angle brackets, as a header has it; raise ValueError if it is none."""
    bare = text.strip().removeprefix("<").removesuffix(">")
    found = f"<{bare}>"
    if not _MESSAGE_ID.fullmatch(found) or "@" not in bare:
        raise ValueError(f"{text[:80]!r} is no Message-ID; it looks like <words@a.domain>")
    return found


def written(msg: Incoming, now: Instant) -> Written:
    """Give when and under what the user wrote a message: the date that their mail program shows, and no later."""
    return Written(
        at=min((*_dates(msg), now)), subject=_CONTROL.sub(" ", msg.subject).strip()[:500], message_id=msg.message_id
    )


def _reader(msg: Incoming, contact: Contact) -> str:
    """Give the address of a contact that a message went to."""
    theirs = {key(address) for address in contact.addresses}
    readers = (one.addr_spec for one in (*msg.to, *msg.cc, *_copied_in_secret(msg)))
    return next((one for one in readers if key(one) in theirs), contact.email)


def objection(msg: Incoming, contact: Contact, me: Collection[str]) -> tuple[str, str] | None:
    """Say why a message cannot be the first letter to a contact, and what to do; None if it can."""
    if not is_own(msg, me):
        senders = ", ".join(one.addr_spec for one in msg.from_) or "nobody"
        return (
            f"you did not write this message: it is from {senders}",
            "if you write from this address too, add it to aliases under [me] in the config",
        )
    theirs = {key(address) for address in contact.addresses}
    readers = [one.addr_spec for one in (*msg.to, *msg.cc, *_copied_in_secret(msg))]
    if not theirs & {key(one) for one in readers}:
        return (
            f"this message did not go to {contact.email}: it went to {', '.join(readers[:5]) or 'nobody'}",
            "if this is another address of theirs, name it with --alias",
        )
    return None


def newest_to(found: Iterable[Incoming], contact: Contact, me: Collection[str]) -> Incoming | None:
    """Give the newest of the messages that the user wrote to a contact; None if there is none."""
    theirs = [(_dates(one), one) for one in found if objection(one, contact, me) is None]
    dated = [(min(dates), number, one) for number, (dates, one) in enumerate(theirs) if dates]
    return max(dated)[2] if dated else None


def first_letter(case: Case, msg: Incoming, policy: Policy, now: Instant) -> tuple[Letter, Change]:
    """Give a message by hand as the sent letter of step 0, and its thread as it goes on from there."""
    by_hand = written(msg, now)
    earlier = [one.attempt for one in case.letters if one.step == 0]
    letter = Letter(
        thread_id=case.thread.id,
        step=0,
        attempt=max(earlier, default=0) + 1,
        template=BY_HAND,
        state=LetterState.PREPARED,
        message_id=by_hand.message_id,
        subject=by_hand.subject,
        body=msg.text,
        created_at=by_hand.at,
        mail_from=msg.from_[0].addr_spec if msg.from_ else "",
        rcpt_to=_reader(msg, case.contact),
    )
    begun = replace(case, thread=begun_at(case.thread, by_hand.at), letters=())
    sent, change = after_sending(begun, letter, Accepted(text="written by hand"), policy, by_hand.at)
    told = Event(at=now, kind=ADOPTED, text=_story(case, by_hand, policy))
    return sent, _with_grace(replace(begun, letters=(sent,)), replace(change, events=(told,)), policy, now)


def begun_at(thread: Thread, at: Instant) -> Thread:
    """Give a thread that has not begun as one that began then; what an absence or a snooze asks for stays."""
    return replace(thread, created_at=at, anchor=at, first_on=None, due_at=None)


def answers(recorded: Sequence[Message], since: Instant) -> tuple[Message, ...]:
    """Give what was recorded as mail to a thread that had not begun, and answers the letter that it now begins with."""
    return tuple(
        one for one in recorded if one.rule in _BEFORE_THE_LETTER and one.received_at >= since and not one.not_answer
    )


def after_recorded(case: Case, change: Change, recorded: Sequence[Message], policy: Policy, now: Instant) -> Change:
    """Give the change of an adoption with what was recorded before: answers end it, letters by hand move its wait."""
    began = change.thread.created_at
    found = answers(recorded, began)
    if found:
        told = Event(
            at=now, kind="answered", text=f"{Verdict.REPLY} from {found[0].from_}, before the letter was adopted"
        )
        ended = move(change.thread, Happening.REPLY, told)
        return settled(case, replace(ended, events=(*change.events, *ended.events)), policy, now)
    by_hand = [min(one.received_at, now) for one in recorded if one.rule == "own.by-hand" and one.received_at >= began]
    moved = replace(change.thread, anchor=max((change.thread.anchor, *by_hand)))
    return settled(case, replace(change, thread=moved), policy, now)


def unlooked(case: Case, history: Sequence[Event], *, written_before: bool) -> bool:
    """Tell whether the mailbox has to be looked through before the next letter of a thread.

    An adopted thread's history has to be read, once. Before an opening letter Sent is looked through, again where the
    contact has another address since; not for somebody whom followupd itself has written to before, or whose answer
    the thread goes on from.
    """
    opening = case.thread.step == 0 and not written_before and case.thread.continues is None
    for event in reversed(history):
        if event.kind in {LOOKED, ADOPTED}:
            return event.kind == ADOPTED
        if opening and event.kind == "edited" and ("email" in event.text or "alias" in event.text):
            return True
    return opening


def after_look(case: Case, found: Written | None, policy: Policy, now: Instant) -> Change:
    """Give what a look through Sent does to a thread that has not begun: it waits if the user has written by hand."""
    if found is None:
        told = Event(at=now, kind=LOOKED, text="looked through Sent: you have not written to them yet")
        return Change(thread=case.thread, events=(told,))
    told = Event(at=now, kind=LOOKED, text=f"looked through Sent: {WRITTEN}{_on(found, policy)}")
    recent = now - found.at <= LONG_AGO
    if not recent or case.thread.state not in {State.SCHEDULED, State.HELD, State.PAUSED}:
        return Change(thread=case.thread, events=(told,))
    text = f"{WRITTEN}{_on(found, policy)}; {choices(case.contact, found)}"
    held = move(case.thread, Happening.HOLD, Event(at=now, kind="held", text=text))
    return settled(case, replace(held, events=(told, *held.events)), policy, now)


def choices(contact: Contact, found: Written) -> str:
    """Give the commands by which the user says what becomes of an opening letter to somebody they write with."""
    go_on = f"go on from there: {command(contact, found)}, or " if adoptable(found) else ""
    return f"{go_on}send the opening letter all the same: followupd resume {contact.email}"


def command(contact: Contact, found: Written) -> str:
    """Give the command that adopts a letter, as a shell takes it."""
    return f"followupd add {shlex.quote(contact.email)} --sent-already {shlex.quote(found.message_id[1:-1])}"


def adoptable(found: Written) -> bool:
    """Tell whether the Message-ID of a message by hand can stand in a later letter's headers."""
    return _MESSAGE_ID.fullmatch(found.message_id) is not None


def settled_by(recorded: Sequence[Message]) -> tuple[str, ...]:
    """Give how the reasons begin that held an opening letter and are done with once another letter takes its place."""
    early = (f"a possible answer from {one.from_} (thread." for one in recorded if one.rule in _BEFORE_THE_LETTER)
    return (WRITTEN, "letter 1 ", *early)


def concerns(seen: Glance, contact: Contact, letters: Sequence[Written]) -> bool:
    """Tell by its headers whether a message belongs to a thread that began by hand, or may answer its `letters`."""
    theirs = {key(address) for address in contact.addresses}
    ids = {one.message_id for one in letters}
    return bool(ids.intersection((*seen.in_reply_to, *seen.references))) or any(
        key(one) in theirs for one in seen.from_ + seen.to
    )


def may_report(msg: Incoming, letters: Sequence[Written]) -> bool:
    """Tell whether a machine's message came so soon after one of the user's `letters` that it may be about it."""
    dates = _dates(msg)
    slack = timedelta(days=1)
    return not dates or any(one.at - slack <= at <= one.at + REPORTS for at in dates for one in letters)


def _dates(msg: Incoming) -> tuple[Instant, ...]:
    """Give the dates that a message has, without those from before there was such mail (a clock that was never set)."""
    return tuple(at for at in (msg.date, msg.internal_date) if at is not None and at.year >= _FIRST_YEAR)


def _copied_in_secret(msg: Incoming) -> tuple[Address, ...]:
    """Read the Bcc field, which the sender's own copy keeps (RFC 5322, section 3.6.3)."""
    return tuple(one for value in msg.headers.get("bcc", ()) for one in addresses_in(value.encode()))


def _with_grace(case: Case, change: Change, policy: Policy, now: Instant) -> Change:
    due = settled(case, change, policy, now)
    first = now + GRACE
    if due.thread.next_at is None or due.thread.next_at >= first:
        return due
    waits = replace(due.thread, not_before=max(first, due.thread.not_before or first))
    return settled(case, replace(due, thread=waits), policy, now)


def _story(case: Case, by_hand: Written, policy: Policy) -> str:
    return f"adopted: {WRITTEN.replace('them', case.contact.email)}{_on(by_hand, policy)}; the wait counts from there"


def _on(found: Written, policy: Policy) -> str:
    day = found.at.astimezone(policy.me.zone).date().isoformat()
    return f'on {day}: "{found.subject or "without a subject"}"'
