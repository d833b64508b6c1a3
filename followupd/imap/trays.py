"""The folders below followupd's own: found in whatever way the server parts names, made, and read."""

from collections.abc import Collection, Iterator, Sequence
from typing import Final

from followupd.core.model import RawMessage
from followupd.core.trays import ROOT
from followupd.imap import messages
from followupd.imap.folders import Place
from followupd.imap.spelling import encode_name
from followupd.imap.sync import Reader
from followupd.imap.writing import Writing

AT_ONCE: Final = 50
"""So many messages of a folder are read in one round, the newest: what cannot be done and stays must not block it."""
MOST: Final = 100
"""So many folders."""


def found(places: Sequence[Place]) -> tuple[tuple[tuple[str, ...], Place], ...]:
    """Give the folders that are there, by the names that lead to each; the one above them by none."""
    named = [(path, place) for place in places if (path := _path(place)) is not None]
    return tuple(named[:MOST])


def make(session: Writing, places: Sequence[Place], wanted: Collection[tuple[str, ...]]) -> bool:
    """Make what is wanted and not there; False if nothing was made. A name that has the separator in it is left out."""
    there = {path for path, _ in found(places)}
    delimiter = next((place.delimiter for place in places if place.delimiter), "")
    missing = [path for path in wanted if path not in there and not any(delimiter in name for name in path)]
    if not missing or not delimiter:
        return False
    above = session.prefix()
    made = [session.make(above + encode_name(delimiter.join((ROOT, *path)))) for path in sorted(missing)]
    return any(made)


def lying(session: Writing, place: Place, reader: Reader, besides: Collection[int] = ()) -> Iterator[RawMessage]:
    """Read what lies in a folder; what is marked as deleted does not any more, but for `besides`."""
    standing = session.examine(place.wire)
    reader.note(place, standing)
    uids = session.search(("UNDELETED",), strictly=True) if standing.messages else ()
    return messages.whole(session, place, {*uids[-AT_ONCE:], *besides}, standing.uidvalidity)


def _path(place: Place) -> tuple[str, ...] | None:
    """Give the names below the root; None for a folder that is elsewhere. The root may itself lie below INBOX."""
    names = place.folder.name.split(place.delimiter) if place.delimiter else [place.folder.name]
    if names[0].upper() == "INBOX":
        names = names[1:]
    return tuple(names[1:]) if names and names[0] == ROOT else None
