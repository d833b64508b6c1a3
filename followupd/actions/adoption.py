"""Nobody whom the user already writes with gets a stranger's opening letter: a thread begun by hand is adopted.

`adopt` makes the user's own letter the first of a thread. `look` reads what lay in the mailbox before: Sent before an
opening letter, the history of an adopted thread before its next one. A look that could not be made when a person was
added is made by the daemon before the letter goes; the thread's history tells that it was made (`looked`).
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final

from followupd.actions import contacts as people
from followupd.actions.receive import read_behind
from followupd.actions.release import released
from followupd.app import App
from followupd.core import adoption, match, message
from followupd.core.addresses import key, normalise
from followupd.core.adoption import Written
from followupd.core.errors import FollowupdError
from followupd.core.instants import Instant
from followupd.core.model import Case, Change, Contact, Event, Folder, Incoming, RawMessage, Role, Sought, State
from followupd.store import adoption as beginnings
from followupd.store import contacts, messages, threads

log = logging.getLogger(__name__)

_ORDER: Final = (Role.SENT, Role.ALL, Role.ARCHIVE)
"""Where a letter of the user's lies, the likeliest first; the other folders are looked into last."""
_LATELY: Final = timedelta(days=366)
"""How long ago mail from somebody who is added may have come to say that they are away, or want none."""
_NEWEST: Final = 20
"""How much of it is read in each folder."""
_AT_ONCE: Final = 200
_NOT_BEGUN: Final = frozenset({State.SCHEDULED, State.HELD, State.PAUSED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """What a look left behind: the case as it is now, and the newest message that the user wrote by hand, if any.

    `trouble` says why the look could not be made to its end; then the daemon makes it before the next letter.
    """

    case: Case
    found: Written | None = None
    trouble: str = ""


def adopt(app: App, contact: Contact, cadence: str, message_id: str) -> Case:
    """Let the thread to a person begin with a letter that the user wrote to them; add the person if need be.

    Somebody who is known must have a thread that has not begun. Raises UnreachableError if the mailbox cannot be read,
    FollowupdError if the letter is not there, is not the user's or did not go to this person; then nothing is written.
    What came since is read by `look`.
    """
    try:
        wanted = adoption.as_message_id(message_id)
    except ValueError as error:
        raise FollowupdError(
            str(error), hint="copy it from the field Message-ID, which your mail program shows in a message's source"
        ) from None
    known = contacts.find(app.db, normalise(contact.email))
    if known is not None and (cadence or contact != Contact(addresses=contact.addresses[:1])):
        raise FollowupdError(
            f"{known.email} is already known",
            where=known.name or known.email,
            hint=f"change what is known of them with: followupd edit {known.email}",
        )
    letter = _find(app, wanted)
    if (said := adoption.objection(letter, known or contact, app.settings.policy.me.addresses)) is not None:
        raise FollowupdError(said[0], where=wanted, hint=said[1])
    with app.db.immediate():
        return _begin(app, _standing(app, known) if known else people.add(app, contact, cadence), letter)


def look(app: App, case: Case) -> Looked:
    """Read what lies in the mailbox about a thread, wherever a folder was read up to, and write down that it was done.

    Raises UnreachableError if that cannot be done to its end; then it is to be done again.
    """
    now = app.clock.now()
    folders = _folders(app)
    if case.thread.step:
        _read_history(app, case, folders, now)
        return Looked(case=_told(app, case, "read what came since the letter that you wrote", now))
    found = _written(app, case.contact, folders, now)
    _read_theirs(app, case.contact, folders, now)
    with app.db.immediate():
        after = threads.case(app.db, case.thread.id)
        change = adoption.after_look(after, found, app.settings.policy, now)
        _write(app, after, change)
        return Looked(case=threads.case(app.db, case.thread.id), found=found)


def try_to_look(app: App, case: Case) -> Looked:
    """Look, if that can be done now; what goes wrong with the mailbox is told and not raised."""
    try:
        return look(app, case)
    except FollowupdError as error:
        return Looked(case=threads.case(app.db, case.thread.id), trouble=str(error))


def must_wait(app: App, case: Case) -> bool:
    """Make the look that is still to be made before a thread's next letter; tell whether the letter waits by it."""
    history = threads.events(app.db, case.thread.id)
    before = beginnings.written_before(app.db, case.contact.id)
    if not adoption.unlooked(case, history, written_before=before):
        return False
    after = look(app, case).case
    if after.thread.revision == case.thread.revision:
        return False
    log.warning("%s: %s", after.contact.email, after.thread.reason or "the mailbox held news of them")
    return True


# -- the letter --------------------------------------------------------------------------------------------------------


def _find(app: App, message_id: str) -> Incoming:
    """Find a message by its Message-ID, in Sent or else in any watched folder."""
    folders = _folders(app)
    for folder in folders:
        for raw in app.mailbox.search(folder, Sought(message_id=message_id)):
            if message_id in match.names_of(message.parse(raw)):
                return message.parse(next(app.mailbox.whole(folder, [raw.uid]), raw))
    names = ", ".join(folder.name for folder in folders)
    sent = "" if any(one.role is Role.SENT for one in folders) else "; the mailbox has no folder for sent mail"
    raise FollowupdError(
        f"no message with this Message-ID was found; looked into: {names}{sent}",
        where=message_id,
        hint="copy it from the message in your folder for sent mail: the field Message-ID in its source",
    )


def _begin(app: App, case: Case, letter: Incoming) -> Case:
    policy, now = app.settings.policy, app.clock.now()
    if case.suppressed or case.thread.state not in _NOT_BEGUN or case.thread.step:
        raise FollowupdError(
            f"the thread has begun already, and is {case.thread.state}",
            where=case.contact.email,
            hint=f"see: followupd show {case.contact.email}",
        )
    sent, change = adoption.first_letter(case, letter, policy, now)
    recorded = messages.of_thread(app.db, case.thread.id)
    change = released(app, case, change, adoption.settled_by(recorded))
    change = adoption.after_recorded(replace(case, letters=(sent,)), change, recorded, policy, now)
    answers = adoption.answers(recorded, change.thread.created_at)
    beginnings.begin(app.db, sent, match.names_of(letter) - {letter.message_id}, change, answers)
    return threads.case(app.db, case.thread.id)


def _standing(app: App, contact: Contact) -> Case:
    case = threads.case_of(app.db, contact.email)
    if case is None:
        raise FollowupdError("this contact has no thread", where=contact.email)
    return case


# -- what lies there ---------------------------------------------------------------------------------------------------


def _written(app: App, contact: Contact, folders: Sequence[Folder], now: Instant) -> Written | None:
    """Find the newest message that the user wrote to somebody by hand."""
    places = [one for one in folders if one.role is Role.SENT] or [one for one in folders if one.role is Role.ALL]
    found = [
        message.parse(raw)
        for folder in places
        for raw in app.mailbox.search(folder, Sought(to=contact.addresses))
        if _is_to(raw, contact)
    ]
    ours = messages.ids_known(app.db, {one.message_id for one in found})
    newest = adoption.newest_to(
        (one for one in found if one.message_id not in ours), contact, app.settings.policy.me.addresses
    )
    return adoption.written(newest, now) if newest else None


def _read_theirs(app: App, contact: Contact, folders: Sequence[Folder], now: Instant) -> None:
    """Read what somebody sent of late: whether they are away, or asked not to be written to."""
    for folder in folders:
        if folder.role is Role.SENT:
            continue
        raws = [
            raw
            for raw in app.mailbox.search(folder, Sought(from_=contact.addresses))
            if _is_from(raw, contact) and (raw.internal_date or now) > now - _LATELY
        ]
        read_behind(app, folder, sorted(raws, key=lambda raw: raw.uid)[-_NEWEST:], now)


def _read_history(app: App, case: Case, folders: Sequence[Folder], now: Instant) -> None:
    """Read everything since the first letter that may belong to the thread; the user's own letters come first."""
    begun = case.thread.created_at
    for folder in folders:
        letters = _letters(app, case)
        found = [
            raw
            for raw in app.mailbox.search(folder, Sought(since=begun.date()))
            if _concerns(raw, case.contact, letters)
        ]
        for at in range(0, len(found), _AT_ONCE):
            read_behind(app, folder, found[at : at + _AT_ONCE], now)


def _letters(app: App, case: Case) -> list[Written]:
    """Give what the user has written in a thread, as far as it is known."""
    first = [
        Written(at=one.sent_at, subject=one.subject, message_id=one.message_id) for one in case.letters if one.sent_at
    ]
    later = [
        Written(at=one.received_at, subject=one.subject, message_id=one.message_id)
        for one in messages.of_thread(app.db, case.thread.id)
        if one.rule == "own.by-hand"
    ]
    return first + later


def _concerns(raw: RawMessage, contact: Contact, letters: Sequence[Written]) -> bool:
    seen = message.glance(raw)
    if adoption.concerns(seen, contact, letters):
        return True
    return seen.machine and adoption.may_report(message.parse(raw), letters)


def _is_to(raw: RawMessage, contact: Contact) -> bool:
    return not {key(one) for one in message.glance(raw).to}.isdisjoint(key(one) for one in contact.addresses)


def _is_from(raw: RawMessage, contact: Contact) -> bool:
    return not {key(one) for one in message.glance(raw).from_}.isdisjoint(key(one) for one in contact.addresses)


# -- both --------------------------------------------------------------------------------------------------------------


def _folders(app: App) -> list[Folder]:
    """Give the watched folders, those first in which the user's own letters lie; never drafts."""
    rank = {role: number for number, role in enumerate(_ORDER)}
    watched = [one for one in app.mailbox.folders() if one.role is not Role.DRAFTS]
    return sorted(watched, key=lambda one: rank.get(one.role, len(rank)))


def _told(app: App, case: Case, text: str, now: Instant) -> Case:
    event = Event(at=now, kind=adoption.LOOKED, text=text)
    with app.db.immediate():
        threads.add_events(app.db, case.thread.id, (event,))
        return threads.case(app.db, case.thread.id)


def _write(app: App, case: Case, change: Change) -> None:
    """Write down a change; one that only tells leaves the thread as it is, for whoever has read it."""
    if change.thread == case.thread:
        threads.add_events(app.db, case.thread.id, change.events)
    else:
        threads.apply(app.db, change)
