"""What others call our letters and their conversations is learned, from proof alone, and never forgotten.

Exchange and SES replace the Message-ID of what they are given; an answer then names one that we never wrote. The copy
in Sent tells it, or a letter that comes back.
"""

from collections.abc import Collection, Sequence
from typing import Final

from followupd.actions import doubt
from followupd.app import App
from followupd.core.instants import Instant
from followupd.core.match import bare_subject, names_of
from followupd.core.model import MAY_BE_OUT, Candidate, Case, Incoming, Letter, LetterState, Match, MatchedBy, Original
from followupd.store import conversations, drafts, letters, messages, threads

_SURE: Final = frozenset({
    MatchedBy.IN_REPLY_TO, MatchedBy.REFERENCES, MatchedBy.GMAIL_THREAD, MatchedBy.THREAD_INDEX,
})  # fmt: skip
"""How a message must have been found for its conversation to be the thread's."""


def own_letter(app: App, msg: Incoming, now: Instant, *, in_sent: bool) -> bool:
    """Tell whether a message of the user's is a letter of ours, by its Message-ID or the one it had; learn the new one.

    What the conversation is called is learned too, also from what the user writes in it by hand.
    """
    names = names_of(msg)
    ours = letters.sent_ids(app.db, names)
    if in_sent:
        drafts.seen_in_sent(app.db, ours.values())
        for letter_id in set(ours.values()):
            doubt.compare(app, letters.get(app.db, letter_id), msg, now)
    elif drafts.lie_to(app.db, [one.addr_spec for one in (*msg.to, *msg.cc)]):
        # a draft lies in "all mail", and in the trash once it is thrown away: only Sent tells that it was sent
        return True
    if len(names) > 1 and msg.message_id not in ours:
        for letter_id in set(ours.values()):
            letters.add_ids(app.db, letter_id, [msg.message_id])
    if msg.names:
        candidates = messages.candidates(app.db, {msg.message_id, *msg.in_reply_to, *msg.references}, ())
        if len(candidates) == 1:
            _learn_names(app, msg, candidates[0])
    return bool(ours)


def renamed(app: App, msg: Incoming, case: Case, now: Instant) -> bool:
    """Tell whether a message of the user's is a letter of this thread under another Message-ID; learn it.

    A letter keeps its Date, to the second, and its subject.
    """
    for letter in case.letters:
        if letter.state in MAY_BE_OUT and msg.date == letter.created_at and msg.subject == letter.subject:
            letters.add_ids(app.db, letter.id, [msg.message_id])
            if letter.state is not LetterState.SENT:
                doubt.confirm(app, letter, "a copy lies in Sent", now)
            conversations.add_names(app.db, case.thread.id, msg.names)
            return True
    return False


def returned(app: App, msg: Incoming, candidates: Sequence[Candidate]) -> bool:
    """Learn, from a delivery report, the Message-IDs that its letter got on the way; tell whether there were any.

    A letter that comes back under Message-IDs of which none is ours is ours if its Date and subject are those of a
    letter to a contact whom the report is about.
    """
    learned = False
    for original in msg.originals if msg.report else ():
        if not letters.sent_ids(app.db, original.message_ids):
            for letter_id in _same_letter(app, original, candidates):
                letters.add_ids(app.db, letter_id, original.message_ids)
                learned = True
    return learned


def _same_letter(app: App, original: Original, candidates: Sequence[Candidate]) -> Collection[int]:
    cases = [threads.case(app.db, one.thread.id) for one in candidates]
    return {letter.id for case in cases for letter in case.letters if _is(letter, original)}


def _is(letter: Letter, original: Original) -> bool:
    same = bare_subject(letter.subject) == bare_subject(original.subject)
    return letter.state in MAY_BE_OUT and original.date == letter.created_at and same


def conversation(app: App, msg: Incoming, belongs: Match, candidates: Sequence[Candidate]) -> None:
    """Learn what the conversation of a message is called that surely belongs to a thread, and the letter it returns."""
    for original in msg.originals if msg.report else ():
        for letter_id in set(letters.sent_ids(app.db, original.message_ids).values()):
            letters.add_ids(app.db, letter_id, original.message_ids)
    if belongs.by in _SURE:
        for candidate in candidates:
            if candidate.thread.id == belongs.thread_id:
                _learn_names(app, msg, candidate)


def _learn_names(app: App, msg: Incoming, candidate: Candidate) -> None:
    if not candidate.names.issuperset(msg.names):
        conversations.add_names(app.db, candidate.thread.id, msg.names)
