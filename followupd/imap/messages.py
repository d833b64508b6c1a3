"""Messages of a folder, by UID: asked for again, alone and in other ways, before one is given up.

The list of header fields is fixed for ever: a server caches the fields it was asked for once, and a changed list costs
a pass over the whole mailbox.
"""

from collections.abc import Collection, Iterator
from typing import Final

from followupd.core.errors import UnreachableError
from followupd.core.model import RawMessage
from followupd.imap.folders import Place
from followupd.imap.responses import Fetched
from followupd.imap.session import Session

FIELDS: Final = (
    "Message-ID In-Reply-To References From Sender Reply-To To Cc Subject Date Auto-Submitted Content-Type Thread-Index"
    " List-Id Precedence Return-Path X-Autoreply X-Failed-Recipients X-Microsoft-Original-Message-ID"
)
HEADERS: Final = f"(UID INTERNALDATE RFC822.SIZE BODY.PEEK[HEADER.FIELDS ({FIELDS})])"
ANY_HEADERS: Final = "(UID INTERNALDATE RFC822.SIZE BODY.PEEK[HEADER])"
WHOLE: Final = "(UID INTERNALDATE RFC822.SIZE BODY.PEEK[]<0.262144>)"
WHOLE_AT_ONCE: Final = 16


def whole(session: Session, place: Place, uids: Collection[int], uidvalidity: int | None) -> Iterator[RawMessage]:
    """Fetch messages with their bodies, each cut at 256 KiB; one that is gone is left out.

    `uidvalidity` is what the UIDs were read under, where that is known.
    """
    wanted = sorted(set(uids))
    for at in range(0, len(wanted), WHOLE_AT_ONCE):
        some = wanted[at : at + WHOLE_AT_ONCE]
        stay(session, place, uidvalidity)
        found = session.fetch(",".join(map(str, some)), WHOLE)
        for uid in some:
            one = found.get(uid)
            if one is None or one.body is None:
                one = alone(session, uid, WHOLE)
            if one is not None and one.body is None:
                raise withholds(place, {uid})
            if one is not None:
                yield message(place, one, whole=True)


def newest(session: Session, place: Place, count: int) -> Iterator[RawMessage]:
    """Read the headers of the last `count` messages of the open folder, the newest first."""
    messages = session.messages
    if messages:
        found = session.fetch(f"{max(1, messages - count + 1)}:{messages}", HEADERS, by_uid=False, strictly=True)
        yield from (message(place, found[uid]) for uid in sorted(found, reverse=True))


def some_headers(session: Session, place: Place, uids: Collection[int]) -> Iterator[RawMessage]:
    """Read the headers of some messages of the open folder, the newest first."""
    if uids:
        found = session.fetch(",".join(map(str, sorted(uids))), HEADERS, strictly=True)
        yield from (message(place, found[uid]) for uid in sorted(found, reverse=True))


def alone(session: Session, uid: int, *ways: str) -> Fetched | None:
    """Ask for one message by itself, in several ways; without a body if it is withheld, None if it is gone."""
    for items in ways:
        one = session.fetch(str(uid), items).get(uid)
        if one is not None and one.body is not None:
            return one
    return session.fetch(str(uid), "(UID)", strictly=True).get(uid)


def stay(session: Session, place: Place, uidvalidity: int | None) -> None:
    """Open the folder if it is not open; raise UnreachableError if its UIDs mean other messages by now."""
    if session.selected != place.wire:
        session.examine(place.wire)
    if uidvalidity is not None and session.uidvalidity != uidvalidity:
        raise UnreachableError(
            "the folder was made anew while it was being read; the next round reads it from the start",
            where=place.folder.name,
        )


def message(place: Place, one: Fetched, *, whole: bool = False) -> RawMessage:
    """Make the value that the rest of the program knows."""
    return RawMessage(
        folder=place.folder.name,
        uid=one.uid,
        internal_date=one.internal_date,
        raw=one.body or b"",
        size=one.size,
        whole=whole,
        gmail_thread=one.gmail_thread,
    )


def withholds(place: Place, uids: Collection[int]) -> UnreachableError:
    """Say which messages the server has and does not give; nothing may be sent past them."""
    some = ", ".join(map(str, sorted(uids)[:5])) + (", ..." if len(uids) > 5 else "")
    return UnreachableError(
        f"the server has a message (UID {some}) that it does not give, and it could be an answer",
        where=place.folder.name,
        hint="look for it with a mail program, and delete or move it: until then nothing is sent",
    )
