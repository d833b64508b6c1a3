"""What others propose for a note: a person's feed, when the user looks; an assistant. Only `take` makes a note of it.

M28 of the ideas: "say what you respect about them" is easier with what they have just published.
"""

from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from http.client import HTTPException
from urllib.parse import urlsplit

from followupd.actions.contacts import About, note
from followupd.actions.word import find, refuse_control, whole
from followupd.app import Desk
from followupd.core.errors import FollowupdError, UnreachableError
from followupd.core.model import Case, Contact, Proposal, Source
from followupd.feeds.reading import LARGEST, entries
from followupd.https import fetch
from followupd.store import contacts, proposals

SECONDS = 15.0
Fetch = Callable[[str], bytes]


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """What is proposed about somebody; `trouble` tells why their feed could not be read, "" if it could."""

    contact: Contact
    feed: str
    proposed: tuple[Proposal, ...]
    trouble: str = ""


@whole
def follow(desk: Desk, email: str, url: str) -> Contact:
    """Remember where a person's feed is; "" forgets it. Raises FollowupdError for what is no address of the web."""
    contact = find(desk, email).contact
    refuse_control("address", url)
    if url and not (url.startswith("https://") and urlsplit(url).hostname):
        raise FollowupdError("a feed is read over HTTPS alone", where=url[:80], hint="write it as https://...")
    proposals.set_feed(desk.db, contact.id, url)
    return contact


def news(desk: Desk, email: str | None, get: Fetch | None = None) -> tuple[News, ...]:
    """Read the feed of a person, or of everybody who has one, and give what waits for the user's word.

    What was published before our last letter to them is old: it is passed over. A feed that cannot be read is told, and
    the others are read all the same.
    """
    if email is not None:
        return (_news(desk, find(desk, email), get or _fetch),)
    people = [find(desk, one) for one in proposals.with_feeds(desk.db)]
    found = [_news(desk, case, get or _fetch) for case in people]
    others = {one.contact_id for one in proposals.undecided(desk.db)} - {case.contact.id for case in people}
    found += [_told(desk, contacts.get(desk.db, number)) for number in sorted(others)]
    return tuple(found)


@whole
def take(desk: Desk, proposal_id: int, text: str = "") -> Case:
    """Make a note of a proposal, in the user's own words or its own; the next letter may tell it."""
    one = proposals.get(desk.db, proposal_id)
    contact = contacts.get(desk.db, one.contact_id)
    case = note(desk, contact.email, text.strip() or one.text, About(url=one.url))
    proposals.decide(desk.db, proposal_id, desk.clock.now())
    return case


@whole
def drop(desk: Desk, proposal_id: int) -> Contact:
    """Say that nothing is to be made of a proposal; it does not come again."""
    one = proposals.get(desk.db, proposal_id)
    proposals.decide(desk.db, proposal_id, desk.clock.now())
    return contacts.get(desk.db, one.contact_id)


@whole
def propose(desk: Desk, email: str, text: str, url: str = "") -> Contact:
    """Let an assistant propose a note; raise FollowupdError for what no note could be."""
    contact = find(desk, email).contact
    text = text.strip()
    if not text:
        raise FollowupdError("the proposal is empty", where=email)
    refuse_control("proposal", text)
    refuse_control("address", url)
    one = Proposal(
        contact_id=contact.id,
        source=Source.ASSISTANT,
        key=sha256(f"{text}\0{url}".encode()).hexdigest(),
        text=text,
        url=url,
        proposed_at=desk.clock.now(),
    )
    proposals.propose(desk.db, [one])
    return contact


def _news(desk: Desk, case: Case, get: Fetch) -> News:
    url, trouble = proposals.feed(desk.db, case.contact.id), ""
    if url:
        try:
            proposals.propose(desk.db, _new(case, get(url), desk))
        except FollowupdError as error:
            trouble = str(error)
    return _told(desk, case.contact, trouble)


def _told(desk: Desk, contact: Contact, trouble: str = "") -> News:
    waiting = proposals.undecided(desk.db, contact.id)
    return News(contact=contact, feed=proposals.feed(desk.db, contact.id), proposed=waiting, trouble=trouble)


def _new(case: Case, raw: bytes, desk: Desk) -> list[Proposal]:
    sent = [one.sent_at for one in case.letters if one.sent_at is not None]
    since, now = max(sent, default=None), desk.clock.now()
    try:
        found = entries(raw)
    except ValueError as error:
        raise FollowupdError(str(error), where=proposals.feed(desk.db, case.contact.id)) from None
    return [
        Proposal(
            contact_id=case.contact.id,
            source=Source.FEED,
            key=one.key,
            text=one.title,
            url=one.url,
            published=one.published,
            proposed_at=now,
        )
        for one in found
        if since is None or one.published is None or one.published > since
    ]


def _fetch(url: str) -> bytes:
    try:
        return fetch(url, seconds=SECONDS, largest=LARGEST)
    except (OSError, HTTPException, ValueError) as error:
        raise UnreachableError(f"the feed cannot be read: {error}", where=url) from None
