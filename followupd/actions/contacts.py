"""People are added and changed, and news is noted; what would reach a suppressed address is refused."""

import re
import secrets
from collections.abc import Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from followupd.actions import belonging, offered
from followupd.actions.referral import hand_on, referrer_of
from followupd.actions.release import released
from followupd.actions.room import make_room
from followupd.actions.word import find, refuse_control, whole
from followupd.app import Desk
from followupd.core import addresses, states, telling
from followupd.core.cadence import has_to_tell, home
from followupd.core.decide import NOTHING_NEW
from followupd.core.errors import FollowupdError
from followupd.core.instants import Instant, local_day
from followupd.core.model import FIELDS, Case, Change, Contact, Event, Note, State, Thread
from followupd.core.news import awaited, words
from followupd.core.outcome import settled
from followupd.store import contacts, messages, threads


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """What is to change, or None: fields by name, the address written to, more addresses, tags, cadence, account.

    `referred_by` is the address of who sent the user to them; "" takes it back.
    """

    fields: Mapping[str, str]
    email: str | None = None
    aliases: Collection[str] = ()
    tags: tuple[str, ...] | None = None
    cadence: str | None = None
    account: str | None = None
    referred_by: str | None = None


@whole
def add(desk: Desk, contact: Contact, cadence: str = "", first_on: date | None = None, key: str = "") -> Case:
    """Add a person and open a thread to them by their account; the opening letter gets its date.

    `key` is the thread's, where `tried` has given it: then its letters leave as they were shown. Raises FollowupdError
    where an address is wrong, somebody's already, the user's own, or suppressed; where the account, cadence, zone,
    country or referrer is not known; where a field has a line break or a control character.
    """
    policy, now = desk.settings.policy, desk.clock.now()
    checked, referrer = _checked(desk, contact), referrer_of(desk, contact)
    name = offered.cadence_named(desk, cadence or policy.default_cadence)
    thread = Thread(
        key=key or secrets.token_hex(16), contact_id=0, cadence=name, created_at=now, anchor=now, first_on=first_on
    )
    case = Case(thread=thread, contact=checked)
    event = Event(at=now, kind="added", text=f"{checked.email} was added, with the cadence {name}")
    change = settled(case, Change(thread=thread, events=(event,)), policy, now)
    added = contacts.add(desk.db, checked, change.thread, change.events)
    if referrer is not None:
        hand_on(desk, referrer, checked, now)
    return added


class _TakenBack(Exception):  # noqa: N818  # no error: it ends a transaction
    """A person was added to see whether they can be."""


def tried(desk: Desk, contact: Contact, cadence: str = "", first_on: date | None = None) -> Case:
    """Give the case that `add` would make, and keep nothing of it. Raises FollowupdError as `add` does."""
    case: Case | None = None
    with suppress(_TakenBack), desk.db.immediate():
        case = add(desk, contact, cadence, first_on)
        raise _TakenBack
    assert case is not None
    return case


@whole
def edit(desk: Desk, email: str, wanted: Edit) -> Case:
    """Change what is known of a person; the next letter's date follows. Raises FollowupdError as `add` does."""
    case, now = find(desk, email), desk.clock.now()
    known = case.contact
    named = list(known.addresses)
    named.extend(_address(alias) for alias in wanted.aliases)
    if wanted.email is not None:
        named = [_address(wanted.email), *named]
    tags = known.tags if wanted.tags is None else wanted.tags
    account = belonging.moved(desk, case, wanted.account)
    changed = replace(known, addresses=tuple(dict.fromkeys(named)), tags=tags, account=account)
    checked = _checked(desk, with_fields(changed, wanted.fields))
    referrer = referrer_of(desk, replace(checked, referred_by=wanted.referred_by or ""))
    thread = case.thread
    if wanted.cadence is not None:
        going_on = thread.continues is not None
        thread = replace(thread, cadence=offered.cadence_named(desk, wanted.cadence, going_on=going_on))
    what = sorted({*wanted.fields, *(("email",) if wanted.email else ()), *(("alias",) if wanted.aliases else ())})
    others = (
        ("tags", wanted.tags),
        ("cadence", wanted.cadence),
        ("account", wanted.account),
        ("referred by", wanted.referred_by),
    )
    what += [name for name, value in others if value is not None]
    event = Event(at=now, kind="edited", text=f"changed: {', '.join(what) or 'nothing'}")
    contacts.update(desk.db, checked, thread.id, ())
    if wanted.referred_by is not None:
        contacts.refer(desk.db, checked.id, wanted.referred_by)
    if referrer is not None and referrer.contact.email != known.referred_by:
        hand_on(desk, referrer, checked, now)
    change = Change(thread=thread, events=(event,))
    if wanted.email is not None:
        change = _found_again(desk, replace(case, thread=thread), change, now)
    threads.apply(desk.db, settled(replace(case, contact=checked, thread=thread), change, desk.settings.policy, now))
    make_room(desk, now)
    return threads.case(desk.db, thread.id)


def _found_again(desk: Desk, case: Case, change: Change, now: Instant) -> Change:
    """Let a letter go on that was held because they are elsewhere, now that there is an address, and for nothing else.

    The letter leaves by its date.
    """
    elsewhere = (telling.MOVED, telling.domain_gone(""))
    if case.thread.state is not State.HELD or not case.thread.reason.startswith(elsewhere):
        return change
    event = Event(at=now, kind="resumed", text="they have another address now")
    moved = states.move(case.thread, states.Happening.RESUME, event)
    moved = released(desk, case, replace(moved, events=(*change.events, *moved.events)), elsewhere)
    if moved.thread.state is not State.HELD:
        messages.settle_doubts(desk.db, case.thread.id, answered=False)
    return moved


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What there is to a note besides its words: where to read it, its last day as news, what was reached by it."""

    url: str = ""
    expires: date | None = None
    milestone: str = ""


@whole
def met(desk: Desk, email: str, text: str) -> Case:
    """Note a meeting or a call, from which the next wait counts."""
    case, now = find(desk, email), desk.clock.now()
    refuse_control("note", text)
    event = Event(at=now, kind="met", text=f"you met or spoke: {text.strip() or 'no details'}")
    thread = replace(case.thread, anchor=max(case.thread.anchor, now), due_at=None)
    threads.apply(desk.db, settled(case, Change(thread=thread, events=(event,)), desk.settings.policy, now))
    return threads.case(desk.db, thread.id)


@whole
def note(desk: Desk, email: str, text: str, about: About | None = None) -> Case:
    """Keep something new to tell. A letter that waited for it, or for this milestone, goes on.

    Raises FollowupdError for what no letter could tell, and for what was told or noted before.
    """
    case, now, news = find(desk, email), desk.clock.now(), about or About()
    policy, text = desk.settings.policy, text.strip()
    if not words(text):
        raise FollowupdError("the note is empty" if not text else "the note says nothing", where=email)
    refuse_control("note", text)
    _refuse_noted(case, text, news)
    _refuse_untellable(case, news, local_day(now, home(case.contact, policy)), awaited(case.thread, policy))
    said = f"{news.milestone} reached: {text}" if news.milestone else f"news: {text}"
    noted = Note(
        contact_id=case.contact.id,
        text=text,
        created_at=now,
        url=news.url,
        expires=news.expires,
        milestone=news.milestone,
    )
    contacts.add_note(desk.db, noted, case.thread.id, Event(at=now, kind="noted", text=said))
    return _released(desk, threads.case(desk.db, case.thread.id), now)


def _refuse_noted(case: Case, text: str, news: About) -> None:
    """Let the same words be noted again only where something about them is new, and no letter has told them."""
    for one in case.notes:
        if words(one.text) != words(text):
            continue
        if one.spent_by is not None:
            raise FollowupdError(
                "a letter has told them that already", where=case.contact.email, hint="say what is new in other words"
            )
        if About(url=one.url, expires=one.expires, milestone=one.milestone) == news:
            raise FollowupdError("that is noted already, and is told once", where=case.contact.email)


def _refuse_untellable(case: Case, news: About, today: date, waited_for: tuple[str, ...]) -> None:
    refuse_control("address", news.url)
    if news.url and not re.fullmatch(r"https?://[^\s/]+\.[^\s]+", news.url):
        raise FollowupdError("this is no address of the web", where=news.url[:80], hint="write it as https://...")
    if news.expires is not None and news.expires < today:
        raise FollowupdError("this day has passed: no letter could tell the note", where=news.expires.isoformat())
    if news.milestone and news.milestone not in waited_for:
        known = f"it waits for: {', '.join(waited_for)}" if waited_for else "no step of it waits for any"
        raise FollowupdError(
            f"the cadence {case.thread.cadence!r} does not wait for {news.milestone!r}",
            where=case.contact.email,
            hint=known,
        )


def with_fields(contact: Contact, fields: Mapping[str, str]) -> Contact:
    """Give the contact with some of its text fields changed; a name that is no field is left out."""
    values: dict[str, Any] = {field: fields[field] for field in FIELDS if field in fields}
    return replace(contact, **values)


def _released(desk: Desk, case: Case, now: Instant) -> Case:
    """Let a letter go on that waited for this news and nothing else; a date that follows from it is set."""
    policy = desk.settings.policy
    dated = settled(case, Change(thread=case.thread), policy, now)
    if dated.thread.next_at != case.thread.next_at:
        threads.apply(desk.db, dated)
        return threads.case(desk.db, case.thread.id)
    if (
        case.thread.state is State.HELD
        and case.thread.reason.startswith(NOTHING_NEW)
        and has_to_tell(case, policy, now)
    ):
        event = Event(at=now, kind="resumed", text="there is news now")
        change = released(desk, case, states.move(case.thread, states.Happening.RESUME, event), (NOTHING_NEW,))
        threads.apply(desk.db, settled(case, change, desk.settings.policy, now))
    return threads.case(desk.db, case.thread.id)


def _checked(desk: Desk, contact: Contact) -> Contact:
    """Give the contact with its addresses and tags normalised, or say what is wrong with it."""
    named = tuple(dict.fromkeys(_address(one) for one in contact.addresses))
    if not contact.id:
        belonging.refuse_unknown(desk, contact.account)
    me = desk.settings.policy.me
    if mine := {addresses.key(one) for one in named} & {addresses.key(one) for one in me.addresses}:
        raise FollowupdError("this is your own address", where=", ".join(sorted(mine)))
    _refuse_other_spellings(desk, contact, named)
    for field in FIELDS:
        refuse_control(field, getattr(contact, field))
    for tag in contact.tags:
        refuse_control("tag", tag)
    offered.check_place(desk, contact, named[0])
    offered.check_offer(desk, contact.offer_of, named[0])
    tags = tuple(dict.fromkeys(filter(None, (tag.strip() for tag in contact.tags))))
    return replace(contact, addresses=named, country=contact.country.upper(), tags=tags)


def _refuse_other_spellings(desk: Desk, contact: Contact, named: tuple[str, ...]) -> None:
    """Refuse an address that reaches somebody else's mailbox, or one that opted out, under another spelling."""
    mine = contacts.get(desk.db, contact.id).addresses if contact.id else ()
    fresh = [one for one in named if one not in mine]
    for spelt in fresh:
        gone = contacts.suppressed_as(desk.db, spelt)
        if gone is not None and gone != spelt:
            gone = gone or "somebody who was forgotten since"
            raise FollowupdError(f"{gone} asked not to be written to, and this is the same mailbox", where=spelt)
    for spelt, (known, owner) in contacts.mailboxes_known(desk.db, fresh).items():
        if known != spelt and owner != contact.id:
            raise FollowupdError(
                f"this is the mailbox of {known}, who is already known",
                where=spelt,
                hint=f"see it with: followupd show {known}",
            )


def _address(text: str) -> str:
    try:
        return addresses.parse(text)
    except ValueError as error:
        raise FollowupdError(f"this is no address: {error}", where=text[:200]) from None
