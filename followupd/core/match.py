"""A message is brought to the thread it belongs to: identifiers before addresses, and rather none than a wrong one."""

from collections.abc import Collection, Iterable, Sequence

from followupd.core.addresses import key, normalise
from followupd.core.model import Candidate, Incoming, Match, MatchedBy


def is_own(msg: Incoming, me: Collection[str]) -> bool:
    """Tell whether the user wrote it (a copy in Sent, a draft, a BCC): From is one of the user's own addresses."""
    mine = {normalise(address) for address in me}
    return bool(msg.from_) and all(sender.addr_spec in mine for sender in msg.from_)


def thread_of(msg: Incoming, candidates: Sequence[Candidate], me: Collection[str]) -> Match | None:
    """Find the thread of a message among `candidates`; `me` are the user's own addresses.

    The ladder: an identifier in In-Reply-To, in References, of an embedded original; for a delivery report without
    identifiers the recipient it names; the sender's address, and then the contact's newest thread. What comes over a
    mailing list (RFC 2919) belongs to no thread unless an identifier says so.
    """
    ladder = (
        (MatchedBy.IN_REPLY_TO, msg.in_reply_to),
        (MatchedBy.REFERENCES, tuple(reversed(msg.references))),
        (MatchedBy.ORIGINAL_MESSAGE_ID, msg.attached_ids),
    )
    for by, ids in ladder:
        if found := _by_id(candidates, ids, by):
            return found
    if msg.report is not None:
        return None if msg.attached_ids else _by_address(candidates, _reported(msg), MatchedBy.RECIPIENT)
    if "list-id" in msg.headers:
        return None
    mine = {key(address) for address in me}
    senders = (*msg.from_, *msg.reply_to, *((msg.sender,) if msg.sender else ()))
    return _by_address(
        candidates, [one.addr_spec for one in senders if key(one.addr_spec) not in mine], MatchedBy.ADDRESS
    )


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


def _reported(msg: Incoming) -> list[str]:
    assert msg.report is not None
    return [
        address for one in msg.report.recipients for address in (one.original_recipient, one.final_recipient) if address
    ]
