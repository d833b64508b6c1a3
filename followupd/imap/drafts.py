"""The folder for drafts, the only one besides Sent that is written to: a letter is put there, and taken out again.

Only the one message is taken out that was put there: by its UID, under the UIDVALIDITY that it was put under. Where the
server has no UIDPLUS (RFC 4315), EXPUNGE would take out everything that is marked as deleted: there ours is marked,
too, and stays until the user's mail program takes it out.
"""

import re
from collections.abc import Collection, Sequence
from typing import Final

from followupd.core.instants import Instant
from followupd.core.model import Lying, Role, Shelf
from followupd.imap import search
from followupd.imap.folders import Place
from followupd.imap.messages import newest
from followupd.imap.writing import Writing

FLAGS: Final = "(\\Draft \\Seen)"
_APPENDUID: Final = re.compile(rb"APPENDUID (\d{1,10}) (\d{1,10})", re.IGNORECASE)


def place_of(found: Sequence[Place]) -> Place | None:
    """Give the folder for drafts: by its attribute (RFC 6154), else by its name."""
    return next((place for place in found if place.folder.role is Role.DRAFTS), None)


def shelf(session: Writing, place: Place, to: Collection[str], uids: Collection[int]) -> Shelf:
    """Give what lies among the drafts of these UIDs, what is to these people, and the newest besides, headers only."""
    standing = session.examine(place.wire)
    wanted = set(uids)
    for address in to:
        if search.ADDRESS.fullmatch(address):
            wanted.update(session.search(("TO", f'"{address}"'), strictly=True))
    found = {one.uid: one for one in search.headers(session, place, wanted)}
    found |= {one.uid: one for one in newest(session, place, search.NEWEST)}
    marked = set(session.search(("DELETED",), strictly=True))
    there = tuple(one for uid, one in sorted(found.items()) if uid not in marked)
    return Shelf(folder=place.folder.name, uidvalidity=standing.uidvalidity, messages=there)


def put(session: Writing, place: Place, raw: bytes, at: Instant) -> Lying | None:
    """Put a draft there; give where it lies, None if the server does not say (it has no UIDPLUS)."""
    said = _APPENDUID.search(session.append(place.wire, raw, at, FLAGS))
    return Lying(place.folder.name, int(said[1]), int(said[2])) if said else None


def take(session: Writing, place: Place, lying: Lying) -> bool:
    """Take a draft out; tell whether it is there no more. False where the UIDs mean other messages by now."""
    if session.examine(place.wire).uidvalidity != lying.uidvalidity:
        return False
    if lying.uid in session.fetch(str(lying.uid), "(UID)", strictly=True):
        session.remove(place.wire, (lying.uid,), lying.uidvalidity)
        session.examine(place.wire)
    there = lying.uid in session.fetch(str(lying.uid), "(UID)", strictly=True)
    return not there or lying.uid in session.search(("DELETED",), strictly=True)
