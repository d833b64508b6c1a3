"""A message is brought to the thread it belongs to: identifiers before addresses, and rather none than a wrong one."""

import re
import unicodedata
from collections.abc import Collection, Iterable, Sequence
from typing import Final

from followupd.core.addresses import key, normalise
from followupd.core.model import Candidate, Incoming, Match, MatchedBy
from followupd.core.phrases import providers

_PREFIX: Final = re.compile(
    r"\s*(?:[\[(【][^\])】]{1,30}[\])】]|\*{1,3}[^*]{1,30}\*{1,3}|(?:re|fwd?|fw|aw|wg|sv|vs|tr|rv|antw|odp|rif|res|ynt|ilt|vl|"
    r"doorst|enc|i|pd|回复|回覆|答复|转发|轉寄|返信|転送|답장|전달|external|extern)(?:\[\d+\]|\(\d+\))?\s*[:\uff1a])\s*",
    re.IGNORECASE,
)
"""What programs and gateways put before a subject."""
SHORTEST_SUBJECT: Final = 6
"""Characters of a bare subject that must agree before it says anything ("Hello" does not)."""


def is_own(msg: Incoming, me: Collection[str]) -> bool:
    """Tell whether the user wrote it (a copy in Sent, a draft, a BCC): From is one of the user's own addresses."""
    mine = {normalise(address) for address in me}
    return bool(msg.from_) and all(sender.addr_spec in mine for sender in msg.from_)


def thread_of(msg: Incoming, candidates: Sequence[Candidate], me: Collection[str]) -> Match | None:
    """Find the thread of a message among `candidates`; `me` are the user's own addresses.

    The ladder: an identifier in In-Reply-To, in References, of an embedded original; for a delivery report without
    identifiers the recipient it names; the sender's address, and then the contact's newest thread; somebody else of the
    contact's organisation who writes under our subject (`MatchedBy.SUBJECT`: a possible answer, for the user to judge).
    What comes over a mailing list (RFC 2919) belongs to no thread unless an identifier says so.
    """
    ladder = (
        (MatchedBy.IN_REPLY_TO, msg.in_reply_to),
        (MatchedBy.REFERENCES, tuple(reversed(msg.references))),
        (MatchedBy.ORIGINAL_MESSAGE_ID, msg.attached_ids),
    )
    for by, ids in ladder:
        if found := _by_id(candidates, ids, by):
            return found if msg.report is None or _about(msg, candidates, found, me) else None
    if msg.report is not None:
        return None if msg.attached_ids else _by_address(candidates, _reported(msg), MatchedBy.RECIPIENT)
    if "list-id" in msg.headers:
        return None
    mine = {key(address) for address in me}
    senders = [one.addr_spec for one in (*msg.from_, *((msg.sender,) if msg.sender else ()), *msg.reply_to)]
    theirs = [one for one in senders if key(one) not in mine]
    return _by_address(candidates, theirs, MatchedBy.ADDRESS) or _by_subject(msg, candidates, theirs)


def bare_subject(subject: str) -> str:
    """Give a subject without the prefixes and tags that programs and gateways add, for comparing."""
    text = unicodedata.normalize("NFKC", subject)[:500]
    while (found := _PREFIX.match(text)) and found.end() < len(text):
        text = text[found.end() :]
    return " ".join(text.split()).casefold()


def same_organisation(one: str, other: str) -> bool:
    """Tell whether two addresses are of one organisation: one registered domain, which is no public mail domain."""
    first, second = (_organisation(address.rpartition("@")[2]) for address in (one, other))
    return first == second and bool(first) and first not in providers.PUBLIC


def _organisation(domain: str) -> str:
    """Give the part of a domain that an organisation registers, as far as it can be told without the public list."""
    labels = domain.lower().split(".")
    if domain.lower() in providers.PUBLIC:
        return domain.lower()
    deep = len(labels) > 2 and len(labels[-1]) == 2 and labels[-2] in providers.SECOND_LEVEL
    return ".".join(labels[-3 if deep else -2 :]) if len(labels) > 1 else ""


def _by_id(candidates: Sequence[Candidate], ids: Iterable[str], by: MatchedBy) -> Match | None:
    for one in ids:
        for candidate in candidates:
            if one in candidate.message_ids:
                return Match(thread_id=candidate.thread.id, by=by, words=one)
    return None


def _by_address(candidates: Sequence[Candidate], addresses: Iterable[str], by: MatchedBy) -> Match | None:
    for address in addresses:
        wanted = key(address)
        for candidate in candidates:
            if candidate.newest and wanted and wanted in {key(one) for one in candidate.contact.addresses}:
                return Match(thread_id=candidate.thread.id, by=by, words=address)
    return None


def _by_subject(msg: Incoming, candidates: Sequence[Candidate], senders: Sequence[str]) -> Match | None:
    subject = bare_subject(msg.subject)
    if len(subject) < SHORTEST_SUBJECT:
        return None
    for candidate in candidates:
        if not candidate.newest or bare_subject(candidate.subject) != subject:
            continue
        for address in senders:
            if any(same_organisation(address, known) for known in candidate.contact.addresses):
                words = f"{address}: {msg.subject}"
                return Match(thread_id=candidate.thread.id, by=MatchedBy.SUBJECT, words=words)
    return None


def _about(msg: Incoming, candidates: Sequence[Candidate], found: Match, me: Collection[str]) -> bool:
    """Tell whether a report that names our letter is about its recipient.

    Some name nobody, or us (a fault of theirs), or the address behind a forwarding of the same organisation; one about
    somebody else altogether is not to be believed.
    """
    named = _reported(msg)
    ours = {key(address) for address in me}
    of_thread = [candidate.contact for candidate in candidates if candidate.thread.id == found.thread_id]
    theirs = [one for contact in of_thread for one in contact.addresses]
    if not named or any(key(one) in ours for one in named):
        return True
    wanted = {key(one) for one in theirs}
    return any(key(one) in wanted or same_organisation(one, known) for one in named for known in theirs)


def _reported(msg: Incoming) -> list[str]:
    assert msg.report is not None
    return [
        address for one in msg.report.recipients for address in (one.original_recipient, one.final_recipient) if address
    ]
