"""What follows from what the user did with a draft: they sent it, edited it after they approved, or lost it."""

import logging
from collections.abc import Collection
from dataclasses import replace
from datetime import timedelta
from typing import Final

from followupd.actions import doubt, unreadable
from followupd.actions.release import holds_alone
from followupd.app import App
from followupd.core import outcome, states
from followupd.core.draft_states import DraftHappening
from followupd.core.instants import Instant
from followupd.core.letter_states import LetterHappening, after
from followupd.core.model import Case, Change, Event, Folder, Letter, LetterState, Message, RawMessage, Role, State
from followupd.core.quotation import unquoted
from followupd.store import drafts, letters, messages, threads
from followupd.store.drafts import Kept

log = logging.getLogger(__name__)

_LATELY: Final = timedelta(days=1)
"""How long after a draft was taken out a copy of it may come to light."""
KIND = "draft"
"""How history calls what became of a draft."""


def by_hand(
    app: App, case: Case, since: Instant, places: Collection[Folder], until: Instant | None = None
) -> Message | None:
    """Give the newest mail in these folders for sent mail that the user wrote to somebody by hand in this time."""
    sent = {folder.name for folder in places}
    mine = [one for one in messages.of_thread(app.db, case.thread.id) if one.rule == "own.by-hand"]
    later = [one for one in mine if one.folder in sent and one.account == app.account and one.received_at >= since]
    later = [one for one in later if until is None or one.received_at <= until]
    return max(later, key=lambda one: one.received_at, default=None)


def sent(app: App, letter: Letter, written: Message | None, now: Instant) -> None:
    """Count a letter as sent by the user's own hand, with the words that went; the next wait counts from there."""
    copy = _copy(app, letter, written)
    with app.db.immediate():
        letter = letters.get(app.db, letter.id)
        if copy is not None:
            msg = unreadable.parse(app, copy, now)
            at = copy.internal_date or min(msg.date or now, now)
            body = unquoted(msg.text).rstrip("\n") + "\n"
            edited = body.split() != letter.body.split() or msg.subject != letter.subject
            if edited:
                letter = replace(letter, subject=msg.subject, body=body, raw=copy.raw)
            letter = letters.prepare(
                app.db, replace(letter, created_at=at, rcpt_to=doubt.reader(msg) or letter.rcpt_to)
            )
            letters.add_ids(app.db, letter.id, [msg.message_id])
        doubt.confirm(app, letter, "you sent its draft yourself", now, ("you wrote to them yourself",))


def _copy(app: App, letter: Letter, written: Message | None) -> RawMessage | None:
    """Fetch the copy in Sent of what the user sent, whole."""
    found = app.mailbox.find_sent(letter.message_id)
    place = (found.folder, found.uid) if found else (written.folder, written.uid) if written else None
    if place is None:
        return None
    return next(iter(app.mailbox.whole(Folder(name=place[0], role=Role.SENT), [place[1]])), None)


def void(app: App, case: Case, letter: Letter, now: Instant) -> None:
    """Take back an approval: what lies among the drafts is another text by now than the one that was approved."""
    letter = _asked_again(app, letter)
    text = (
        f"letter {letter.step + 1} was approved, and you edited its draft: send it from your Drafts folder, or delete "
        f"it there and say again: followupd outbox approve {letter.id}"
    )
    _hold(app, case, letter, text, now)


def asked_whether_sent(app: App, gone: Kept, letter: Letter, case: Case, now: Instant) -> bool:
    """Hold a letter whose draft is gone, if the user wrote by hand at that time: it may have been this one."""
    sent = [folder for folder in app.mailbox.folders() if folder.role is Role.SENT]
    if by_hand(app, case, gone.put_at, sent, until=gone.changed_at + _LATELY) is None:
        return False
    text = (
        f"letter {letter.step + 1} is to go, and you wrote to them yourself while its draft lay there; if that was "
        f"this letter: followupd outbox discard {letter.id}; if not: followupd outbox approve {letter.id}"
    )
    with app.db.immediate():
        if letter.state is not LetterState.HELD:
            letter = _asked_again(app, letter)
        _hold(app, case, letter, text, now)
        drafts.asked(app.db, gone, now)
    return True


def ask(app: App, case: Case, letter: Letter, now: Instant) -> None:
    """Hold a thread whose draft lies where nobody can tell what the user meant by it."""
    if letter.approved:
        letter = _asked_again(app, letter)
    text = (
        f"letter {letter.step + 1} does not lie in your Drafts folder any more, and was not sent, nor clearly deleted: "
        f"to drop it: followupd outbox discard {letter.id}; to let it go: followupd outbox approve {letter.id}"
    )
    _hold(app, case, letter, text, now)


def _asked_again(app: App, letter: Letter) -> Letter:
    """Take an approval back."""
    state = after(letter.state, LetterHappening.ASKED)
    return letters.prepare(app.db, replace(letter, state=state, approved="", said=""))


def give_up_the_lost(app: App, now: Instant) -> None:
    """Let letters of an account do without the drafts that lie in an account which is in the config no more."""
    for one in drafts.lost(app.db, app.account, app.settings.names):
        letter = letters.get(app.db, one.letter_id)
        drafts.move(app.db, one, DraftHappening.ENDED, now)
        text = f"the draft of letter {letter.step + 1} is left in {one.account}, which is in the config no more"
        tell(app, threads.case(app.db, letter.thread_id), text, now)


def tell(app: App, case: Case, text: str, now: Instant) -> None:
    """Write a line of history, and of the log."""
    with app.db.immediate():
        threads.add_events(app.db, case.thread.id, (Event(at=now, kind=KIND, text=text),))
    log.info("%s: %s", case.contact.email, text)


def _hold(app: App, case: Case, letter: Letter, text: str, now: Instant) -> None:
    event = Event(at=now, kind="held", text=text)
    if case.thread.state is State.HELD:
        alone = holds_alone(app, case, letter)
        change = Change(thread=replace(case.thread, reason=text) if alone else case.thread, events=(event,))
    else:
        change = outcome.settled(case, states.move(case.thread, states.Happening.HOLD, event), app.settings.policy, now)
    threads.apply(app.db, change)
    log.warning("%s: held: %s", case.contact.email, text)
