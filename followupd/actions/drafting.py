"""Letters that wait for approval lie in the user's Drafts folder, to be changed and sent from any mail program.

followupd itself sends no letter whose draft is not gone (`keeps`). The order: the draft is written down before it is
put there, and looked for by its Message-ID before it is put there again; what is in Sent is asked before anything is
made of a draft that is missing; an approved letter's draft is taken out first, and the letter goes in a later round,
ten minutes on at the earliest, after Sent was read once more.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from followupd.actions import ahead, drafted, outbox, unreadable
from followupd.app import App
from followupd.core.cadence import SENDABLE, present_letter
from followupd.core.draft_states import SETTLES, DraftHappening, DraftState
from followupd.core.drafting import Act, Looked, Seen, act, drafts_on, is_early, is_next, is_wanted, resembles
from followupd.core.errors import FollowupdError, StorageError
from followupd.core.instants import Instant, add
from followupd.core.model import (
    Case,
    Folder,
    Hold,
    Letter,
    LetterState,
    Lying,
    Message,
    RawMessage,
    Role,
    Shelf,
    Sought,
    Wait,
)
from followupd.store import drafts, letters, threads
from followupd.store.drafts import Kept

log = logging.getLogger(__name__)


def keeps(app: App, case: Case, now: Instant) -> Hold | Wait | None:
    """Say why a due letter is not sent because of its draft; None where it has none, or that is gone long enough."""
    letter = present_letter(case)
    kept = drafts.get(app.db, letter.id) if letter is not None else None
    if letter is None or kept is None:
        return None
    if kept.state is DraftState.GONE:
        until = kept.changed_at + SETTLES
        if now < until:
            return Wait(until, "its draft was taken out a moment ago")
        asked = drafted.asked_whether_sent(app, kept, letter, case, now)
        return Wait(None, "you wrote to them yourself while its draft lay there") if asked else None
    if letter.state is LetterState.HELD:
        text = "waits for your approval: send it from your Drafts folder, or see"
        return Hold(f"letter {letter.step + 1} {text}: followupd outbox show {letter.id}")
    return Wait(None, "its draft is still to be taken out")


def look_after_drafts(app: App, now: Instant) -> None:
    """Look what became of the drafts of an account, and put there those that are due; after a reading to the end.

    Trouble with the folder keeps nothing from being read; letters whose drafts lie there do not go meanwhile.
    """
    try:
        _look_after(app, now)
    except StorageError:
        raise
    except FollowupdError as error:
        text = f"drafts were not looked after: {error}"
        log.log(app.told.level(logging.WARNING, f"drafts {app.account}", text, now), "%s", text)


def _look_after(app: App, now: Instant) -> None:
    drafted.give_up_the_lost(app, now)
    _ask_of_the_gone(app, now)
    kept = drafts.active(app.db, app.account)
    coming = ahead.coming(app, now, len(kept)) if drafts_on(app.settings.policy) else []
    if not (kept or coming) or app.clock.stopping():
        return
    found = {one.letter_id: letters.get(app.db, one.letter_id) for one in kept}
    people = [*coming, *(threads.case(app.db, letter.thread_id) for letter in found.values())]
    addresses = {address for case in people for address in case.contact.addresses}
    shelf = app.mailbox.drafts(addresses, [one.lying.uid for one in kept if one.lying])
    folders = app.mailbox.folders()
    if shelf is not None and any(folder.role is Role.SENT for folder in folders):
        for case in coming:
            letter = ahead.written(app, case, now)
            if letter is not None:
                found[letter.id] = letter
                kept += (drafts.plan(app.db, letter.id, app.account, now),)
    for one in kept:
        _Look(app, shelf, folders, now).settle(one, found[one.letter_id])


def _ask_of_the_gone(app: App, now: Instant) -> None:
    """Hold approved letters whose drafts are gone, where the user wrote by hand at that time.

    So it is where one lies there again: it was edited in the moment in which it was taken out.
    """
    gone = [(one, letters.get(app.db, one.letter_id)) for one in drafts.gone_before_sending(app.db, app.account)]
    cases = {letter.id: threads.case(app.db, letter.thread_id) for _, letter in gone}
    people = {address for case in cases.values() for address in case.contact.addresses}
    shelf = app.mailbox.drafts(people, ()) if gone else None
    for one, letter in gone:
        case = cases[letter.id]
        if not is_next(case, letter) or case.thread.state not in SENDABLE:
            continue
        if drafted.asked_whether_sent(app, one, letter, case, now):
            continue
        if shelf is not None and any(_resembles(raw, letter, case) for raw in shelf.messages):
            # the user's until it lies there no more: approved again meanwhile it would go beside it
            with app.db.immediate():
                drafted.void(app, case, letter, now)
                drafts.move(app.db, one, DraftHappening.CHANGED, now)


# -- what became of it -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Look:
    """One look into the folder for drafts, and what is made of each of them."""

    app: App
    shelf: Shelf | None
    folders: Sequence[Folder]
    now: Instant

    def settle(self, kept: Kept, letter: Letter) -> None:
        """Find out what became of a draft, and do what follows."""
        app, now, case = self.app, self.now, threads.case(self.app.db, letter.thread_id)
        seen, lying = self._seen(kept, letter, case)
        written = drafted.by_hand(app, case, kept.put_at, self._named(Role.SENT))
        if is_wanted(case, letter) and (kept.in_sent or (seen is Seen.NOWHERE and written is not None)):
            drafted.sent(app, letter, written, now)
            return
        wanted = is_wanted(case, letter) and not self._early(case, letter, seen, written)
        found = _Found(kept, letter, case, lying)
        _DO[act(Looked(kept.state, kept.changed_at, seen), letter, now, wanted=wanted)](app, found, now)

    def _early(self, case: Case, letter: Letter, seen: Seen, written: Message | None) -> bool:
        """Tell whether no draft of a letter that waits for approval is to lie there now, by its date or the config.

        Nor is one of somebody who was moved to another account, unless the user edited it: then it is this letter.
        """
        policy = self.app.settings.policy
        until = add(self.now, policy.drafts, policy.me.zone)
        early = is_early(case, until, self.now, written.received_at if written else None)
        elsewhere = case.contact.account != self.app.account
        off = seen is Seen.SAME and (elsewhere or not drafts_on(policy))
        return letter.state is LetterState.HELD and (early or off)

    def _seen(self, kept: Kept, letter: Letter, case: Case) -> tuple[Seen, Lying | None]:
        """Say what lies in the folder of a draft, and where it lies if it is as it was put there."""
        shelf = self.shelf
        if shelf is None:
            return (Seen.NOWHERE if kept.state is DraftState.WANTED else Seen.UNCLEAR), None
        if kept.lying is not None and (kept.lying.folder, kept.lying.uidvalidity) != (shelf.folder, shelf.uidvalidity):
            return Seen.UNCLEAR, _put_before(shelf, letter)
        lying = kept.lying or _put_before(shelf, letter)
        if lying is not None and any(one.uid == lying.uid for one in shelf.messages):
            return Seen.SAME, lying
        if any(_resembles(one, letter, case) for one in shelf.messages):
            return Seen.OTHER, None
        missed = kept.state in {DraftState.LIES, DraftState.EDITED, DraftState.MISSING}
        return (Seen.UNCLEAR if missed and self._in_trash(kept, letter, case) else Seen.NOWHERE), None

    def _in_trash(self, kept: Kept, letter: Letter, case: Case) -> bool:
        mine = set(self.app.settings.policy.me.addresses)
        return any(
            _resembles(raw, letter, case)
            and not mine.isdisjoint(unreadable.glance(raw).from_)
            and (raw.internal_date is None or raw.internal_date >= kept.put_at)
            for folder in self._named(Role.TRASH)
            for raw in self.app.mailbox.search(folder, Sought(to=case.contact.addresses))
        )

    def _named(self, role: Role) -> tuple[Folder, ...]:
        return tuple(folder for folder in self.folders if folder.role is role)


def _put_before(shelf: Shelf, letter: Letter) -> Lying | None:
    """Find a draft that was put there by its Message-ID, where its UID is not known: whole, and not edited since."""
    same = [one for one in shelf.messages if unreadable.glance(one).message_id == letter.message_id]
    found = next((one for one in same if one.size == len(letter.raw)), None)
    return Lying(shelf.folder, shelf.uidvalidity, found.uid) if found is not None else None


def _resembles(raw: RawMessage, letter: Letter, case: Case) -> bool:
    own = unreadable.glance(RawMessage(folder="", uid=0, internal_date=None, raw=letter.raw))
    return resembles(unreadable.glance(raw), own, case)


@dataclass(frozen=True, slots=True)
class _Found:
    """A draft with its letter; `lying` is where it lies as it was put there, None where it does not.

    In a folder that was made anew it is known by Message-ID and size, and taken out only by the user's word.
    """

    kept: Kept
    letter: Letter
    case: Case
    lying: Lying | None

    def move(self, app: App, happening: DraftHappening, now: Instant) -> None:
        """Write down what befell it."""
        drafts.move(app.db, self.kept, happening, now, self.lying)


def _nothing(_app: App, _found: _Found, _now: Instant) -> None:
    """Leave all as it is."""


def _put(app: App, found: _Found, now: Instant) -> None:
    lying = app.mailbox.put_draft(found.letter.raw, now)
    if lying is not None:
        replace(found, lying=lying).move(app, DraftHappening.FOUND, now)
    text = f"letter {found.letter.step + 1} lies in your Drafts folder, for you to change and send"
    drafted.tell(app, found.case, text, now)


def _there(app: App, found: _Found, now: Instant) -> None:
    found.move(app, DraftHappening.FOUND, now)


def _changed(app: App, found: _Found, now: Instant) -> None:
    if found.kept.state is not DraftState.EDITED:
        number = found.letter.step + 1
        drafted.tell(app, found.case, f"you edited the draft of letter {number}; it goes when you send it", now)
    found.move(app, DraftHappening.CHANGED, now)


def _missed(app: App, found: _Found, now: Instant) -> None:
    found.move(app, DraftHappening.MISSED, now)


def _take(app: App, found: _Found, now: Instant) -> None:
    """Take a draft out, having written down that it is to go; one that is not there is gone."""
    kept, lying = found.kept, found.lying
    if kept.state is not DraftState.LEAVING:
        kept = drafts.move(app.db, kept, DraftHappening.UNWANTED, now, lying)
    if lying is not None and not app.mailbox.take_draft(lying):
        log.warning("a draft could not be taken out of %s; it is tried again", lying.folder)
        return
    drafts.move(app.db, kept, DraftHappening.TAKEN, now)


def _leave(app: App, found: _Found, now: Instant) -> None:
    """Leave a draft to the user that they edited, although its letter is to be sent no more."""
    found.move(app, DraftHappening.ENDED, now)
    if found.letter.state is not LetterState.SENT:
        why = found.case.thread.reason or found.case.thread.state
        text = f"the draft of letter {found.letter.step + 1} stays in your Drafts folder, as you edited it: {why}"
        drafted.tell(app, found.case, text, now)


def _void(app: App, found: _Found, now: Instant) -> None:
    drafted.void(app, found.case, found.letter, now)
    found.move(app, DraftHappening.CHANGED, now)


def _ask(app: App, found: _Found, now: Instant) -> None:
    drafted.ask(app, found.case, found.letter, now)
    drafts.move(app.db, found.kept, DraftHappening.UNCLEAR, now)


def _discard(app: App, found: _Found, now: Instant) -> None:
    """Take a draft that was missed for hours for deleted, if Sent does not have it after all."""
    if app.mailbox.find_sent(found.letter.message_id) is not None:
        drafted.sent(app, found.letter, None, now)
        return
    with app.db.immediate():
        outbox.discard(app, found.letter.id, "you deleted its draft")
        found.move(app, DraftHappening.ENDED, now)
    log.warning("%s: letter %d is discarded: its draft was deleted", found.case.contact.email, found.letter.step + 1)


_DO: Final = {
    Act.NOTHING: _nothing,
    Act.PUT: _put,
    Act.FOUND: _there,
    Act.CHANGED: _changed,
    Act.MISSED: _missed,
    Act.TAKE: _take,
    Act.LEAVE: _leave,
    Act.VOID: _void,
    Act.ASK: _ask,
    Act.DISCARD: _discard,
}
