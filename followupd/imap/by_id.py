"""A message is found in a folder by its Message-ID, or by the one that Exchange put another in the place of."""

import re
from collections.abc import Collection
from typing import Final

from followupd.core.model import RawMessage
from followupd.imap import messages, search
from followupd.imap.folders import Place
from followupd.imap.session import Session

_ID_FIELDS: Final = re.compile(
    rb"^(?:Message-ID|X-Microsoft-Original-Message-ID)[ \t]*:((?:[^\r\n]|\r?\n[ \t])*)", re.IGNORECASE | re.MULTILINE
)


def find(session: Session, place: Place, wanted: Collection[str]) -> RawMessage | None:
    """Give a message of one of these Message-IDs, headers only, the newest of that one; None if there is none.

    What the server's search finds is a hint to be checked; what it does not find may be there all the same (Gmail,
    Outlook and Yahoo each search differently), so the newest messages are looked through as well.
    """
    session.examine(place.wire)
    for one in filter(search.SEARCHABLE.fullmatch, wanted):
        hits = session.search(("HEADER", "Message-ID", f'"{one}"'))[-20:]
        for message in messages.some_headers(session, place, hits):
            if one in message_ids(message.raw):
                return message
    newest = messages.newest(session, place, search.NEWEST)
    return next((message for message in newest if not message_ids(message.raw).isdisjoint(wanted)), None)


def message_ids(header: bytes) -> frozenset[str]:
    """Give the Message-IDs that a header section gives its message, Exchange's original one included, unfolded."""
    return frozenset(re.sub(rb"\s+", b"", value).decode("utf-8", "replace") for value in _ID_FIELDS.findall(header))
