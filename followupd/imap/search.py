"""Messages are found behind the place up to which a folder was read; what a server's search finds is only a hint.

Gmail, Outlook and Yahoo each search in another way, so that the newest messages are looked through as well. A search by
date is the exception: every server keeps INTERNALDATE (RFC 9051, section 2.3.3), and a refusal of it is never taken for
"nothing there".
"""

import re
from collections.abc import Collection, Iterator
from datetime import date, timedelta
from typing import Final

from followupd.core.model import RawMessage, Sought
from followupd.imap.folders import Place
from followupd.imap.messages import ANY_HEADERS, HEADERS, alone, message, newest, withholds
from followupd.imap.responses import month_name
from followupd.imap.session import Session

SEARCHABLE: Final = re.compile(r"<[A-Za-z0-9!#$%&'*+/=?^_`{|}~.@:\[\]-]{1,500}>")
"""Message-IDs that may stand in a command: no quote, no backslash, no control character, no space."""
NEWEST: Final = 200
"""How many of the newest messages are looked through where the server's search may have missed some."""
ADDRESS: Final = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@[A-Za-z0-9.-]{1,255}")
"""Addresses that may stand in a command."""
_HITS: Final = 50
"""How many of the newest messages that a search finds are looked at."""
_PAGE: Final = 500
_FEW: Final = 20


def search(session: Session, place: Place, sought: Sought) -> Iterator[RawMessage]:
    """Give the headers of what may be sought, each message once; see the port."""
    session.examine(place.wire)
    if sought.since is not None:
        # a server compares the day in the zone of its own choice (RFC 9051, section 6.4.4)
        uids = session.search(("SINCE", day(sought.since - timedelta(days=1))), strictly=True)
        yield from headers(session, place, uids)
        return
    given = set[int]()
    for one in headers(session, place, _hits(session, sought)):
        given.add(one.uid)
        yield one
    yield from (one for one in newest(session, place, NEWEST) if one.uid not in given)


def headers(session: Session, place: Place, uids: Collection[int]) -> Iterator[RawMessage]:
    """Read the headers of some messages of the open folder, in order; one that is gone is left out.

    Raises UnreachableError if the server has one and does not give it.
    """
    wanted = sorted(set(uids))
    for at in range(0, len(wanted), _PAGE):
        some = wanted[at : at + _PAGE]
        found = session.fetch(",".join(map(str, some)), HEADERS)
        missing = [uid for uid in some if uid not in found or found[uid].body is None]
        if len(missing) > _FEW:
            listed = session.fetch(",".join(map(str, missing)), "(UID)", strictly=True)
            missing = [uid for uid in missing if uid in listed]
        if len(missing) > _FEW:
            raise withholds(place, missing)
        for uid in missing:
            one = alone(session, uid, HEADERS, ANY_HEADERS)
            if one is not None and one.body is None:
                raise withholds(place, {uid})
            if one is not None:
                found[uid] = one
        yield from (message(place, found[uid]) for uid in some if uid in found and found[uid].body is not None)


def day(on: date) -> str:
    """Write a date as SEARCH has it (RFC 9051, section 9), whatever the language of the system."""
    return f"{on.day}-{month_name(on.month)}-{on.year:04d}"


def _hits(session: Session, sought: Sought) -> set[int]:
    found = set[int]()
    if SEARCHABLE.fullmatch(sought.message_id):
        found.update(session.search(("HEADER", "Message-ID", f'"{sought.message_id}"')))
    keys = [(name, one) for one in sought.to for name in ("TO", "CC")] + [("FROM", one) for one in sought.from_]
    for name, address in keys:
        if ADDRESS.fullmatch(address):
            found.update(session.search((name, f'"{address}"')))
    return set(sorted(found)[-_HITS:])
