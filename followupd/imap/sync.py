"""What is new in a folder, page by page: a cursor never passes a message that the server has and did not give.

A UID is passed when its headers were given, or when two answers agree that it does not exist. A cursor stays at the
highest UID that was seen, not at UIDNEXT, because some servers announce a UIDNEXT far ahead of what they then assign.
"""

from array import array
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from followupd.core.errors import UnreachableError
from followupd.core.model import Cursor, RawMessage
from followupd.imap.folders import Place
from followupd.imap.messages import ANY_HEADERS, HEADERS, alone, message, stay, withholds
from followupd.imap.responses import Fetched
from followupd.imap.session import Session, Standing

PAGE: Final = 500
LISTING: Final = 5_000
"""The most messages whose headers, or UIDs alone, are asked for at once."""
MANY: Final = 20
"""So many messages missing from an answer are not asked for one by one: the server is in no state to give them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Some messages in UID order, headers only, and the place after them."""

    messages: tuple[RawMessage, ...]
    cursor: Cursor


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """A folder as it stood before it was last read to its end, and the UID that the reading ended with."""

    standing: Standing
    last_uid: int


@dataclass(frozen=True, slots=True)
class _Stretch:
    """UIDs from `first` to `last`, asked for at once; `known` are those known to exist (None: nobody has asked)."""

    first: int
    last: int
    known: frozenset[int] | None = None

    @property
    def numbers(self) -> str:
        """The stretch as a sequence set (RFC 9051, section 9)."""
        return f"{self.first}:{self.last}"


class Reader:
    """How far each folder of a mailbox was read; outlives connections, forgets with the process."""

    def __init__(self) -> None:
        self._read: dict[bytes, Read] = {}
        self._uidvalidity: dict[bytes, int] = {}
        self._uidnext: dict[bytes, int] = {}

    def last_read(self, place: Place) -> Read | None:
        """Tell how the folder stood before it was last read to its end."""
        return self._read.get(place.wire)

    def uidvalidity(self, place: Place) -> int | None:
        """Give the UIDVALIDITY that the UIDs last given belong to."""
        return self._uidvalidity.get(place.wire)

    def note(self, place: Place, standing: Standing) -> None:
        """Take note of how a folder stands that is read another way, to its end."""
        self._uidvalidity[place.wire] = standing.uidvalidity
        if standing.uidnext is not None:
            self._uidnext[place.wire] = standing.uidnext

    def uidnexts(self, among: Iterable[Place]) -> dict[bytes, int]:
        """Give the UIDNEXT up to which each folder was read, of those that were."""
        return {place.wire: self._uidnext[place.wire] for place in among if place.wire in self._uidnext}

    def newer_than(self, session: Session, place: Place, cursor: Cursor | None) -> Iterator[Page]:
        """Read what came after `cursor`; see the port. Where nothing is new, a folder that is not open stays closed."""
        standing = session.examine(place.wire) if cursor is None else self._news(session, place, cursor)
        if standing is None:
            if cursor is not None:
                self._uidvalidity[place.wire] = cursor.uidvalidity
                self._uidnext.setdefault(place.wire, cursor.last_uid + 1)
                yield Page(messages=(), cursor=cursor)
            return
        if session.selected != place.wire:
            standing = session.examine(place.wire)
        self._uidvalidity[place.wire] = standing.uidvalidity
        after = _start(cursor, standing)
        last, withheld, given = after, set[int](), False
        for stretch, following in _with_next(_stretches(session, standing, after)):
            stay(session, place, standing.uidvalidity)
            found, held_back = _read_stretch(session, place, stretch)
            _look_ahead(session, following)
            withheld |= held_back
            last = max([last, *found])
            if found:
                given = True
                yield _page(place, standing, found, _no_further(last, withheld))
        if not given:
            yield _page(place, standing, {}, _no_further(after, withheld))
        if withheld:
            raise withholds(place, withheld)
        self._read[place.wire] = Read(standing=standing, last_uid=last)
        self._uidnext[place.wire] = max(standing.uidnext or 0, last + 1)

    def _news(self, session: Session, place: Place, cursor: Cursor) -> Standing | None:
        """Tell how the folder stands if it must be looked into; None: nothing is new."""
        read = self._read.get(place.wire)
        if read is not None and (read.last_uid, read.standing.uidvalidity) != (cursor.last_uid, cursor.uidvalidity):
            read = None
        if session.selected == place.wire:
            return _news_of_open(session, place, cursor, read)
        standing = session.status(place.wire)
        if standing is None:
            return session.examine(place.wire)
        if standing.uidvalidity == cursor.uidvalidity and (
            (read is not None and read.standing == standing) or standing.uidnext == cursor.last_uid + 1
        ):
            return None
        return standing


def _news_of_open(session: Session, place: Place, cursor: Cursor, read: Read | None) -> Standing | None:
    """Look for news of the open folder: its UIDVALIDITY cannot have changed, its UIDNEXT is not told again."""
    if session.uidvalidity != cursor.uidvalidity or read is None:
        return session.examine(place.wire)
    messages = session.noop()
    session.take_news()
    first = cursor.last_uid + 1
    # "n:*" gives the last message where there is none from n on (RFC 9051, section 9, seq-range)
    uids = [uid for uid in session.fetch(f"{first}:*", "(UID)", strictly=True) if uid >= first] if messages else []
    if uids:
        return Standing(uidvalidity=cursor.uidvalidity, uidnext=max(uids) + 1, messages=messages)
    return None if messages == read.standing.messages else session.examine(place.wire)


def _start(cursor: Cursor | None, standing: Standing) -> int:
    """Give the UID after which to read: 0 where UIDs mean other messages now, or the server has gone back on them."""
    if cursor is None or cursor.uidvalidity != standing.uidvalidity:
        return 0
    if standing.uidnext is not None and standing.uidnext <= cursor.last_uid:
        return 0
    return cursor.last_uid


def _stretches(session: Session, standing: Standing, after: int) -> Iterator[_Stretch]:
    """Cut what is to be read into stretches of at most PAGE messages."""
    if not standing.messages:
        return
    end = standing.uidnext - 1 if standing.uidnext is not None else None
    if end is not None and end < standing.messages:  # no UIDNEXT can be that low: the server does not know it
        end = None
    if end is not None and end - after <= PAGE:
        if end > after:
            yield _Stretch(after + 1, end)
        return
    uids = _list_uids(session, standing.messages, after, end)
    first = after + 1
    for at in range(0, len(uids), PAGE):
        known = uids[at : at + PAGE]
        last = max(known[-1], end or 0) if at + PAGE >= len(uids) else known[-1]
        yield _Stretch(first, last, frozenset(known))
        first = last + 1
    if not uids and end is not None:
        yield _Stretch(after + 1, end)


def _with_next(stretches: Iterator[_Stretch]) -> Iterator[tuple[_Stretch, _Stretch | None]]:
    """Give each stretch with the one after it; None after the last."""
    one = next(stretches, None)
    while one is not None:
        following = next(stretches, None)
        yield one, following
        one = following


def _list_uids(session: Session, messages: int, after: int, end: int | None) -> Sequence[int]:
    """List the UIDs of the messages to be read: by UID where they cannot be many, else by message number.

    UIDs may be few and far apart (some servers begin at a thousand millions), so that a range of UIDs says nothing of
    how many messages it holds.
    """
    # eight octets each: of a million messages a set would take a hundred megabytes
    uids = array("Q")
    if messages <= LISTING or (end is not None and end - after <= LISTING):
        uids.extend(session.fetch(f"{after + 1}:{end or '*'}", "(UID)", strictly=True))
    else:
        for first in range(1, messages + 1, LISTING):
            last = min(first + LISTING - 1, messages)
            # No EXPUNGE can come in answer to FETCH (RFC 9051, section 7.5.1): the numbers hold from one to the next.
            listed = session.fetch(f"{first}:{last}", "(UID)", by_uid=False, strictly=True)
            if len(listed) < last - first + 1:
                raise UnreachableError("the server lists fewer messages than it says it has")
            uids.extend(uid for uid in listed if uid > after)
    return _in_order(array("Q", (uid for uid in uids if uid > after and (end is None or uid <= end))))


def _in_order(uids: "array[int]") -> Sequence[int]:
    """Give UIDs in rising order, each once, as nearly every server gives them (RFC 9051, section 2.3.1.1)."""
    if all(one < next_ for one, next_ in pairwise(uids)):
        return uids
    return array("Q", sorted(set(uids)))


def _read_stretch(session: Session, place: Place, stretch: _Stretch) -> tuple[dict[int, Fetched], set[int]]:
    """Fetch the headers of a stretch; give them, and the UIDs of messages that exist and that the server withholds."""
    found = {
        uid: one
        for uid, one in session.fetch(stretch.numbers, HEADERS).items()
        if one.body is not None and stretch.first <= uid <= stretch.last
    }
    if stretch.last - stretch.first < len(found) or (stretch.known and stretch.known <= found.keys()):
        return found, set()
    listed = {
        uid for uid in session.fetch(stretch.numbers, "(UID)", strictly=True) if stretch.first <= uid <= stretch.last
    }
    missing = listed - found.keys()
    if len(missing) > MANY:
        raise withholds(place, missing)
    withheld = set()
    for uid in sorted(missing):
        one = alone(session, uid, HEADERS, ANY_HEADERS)
        if one is not None and one.body is not None:
            found[uid] = one
        elif one is not None:
            withheld.add(uid)
    return found, withheld


def _look_ahead(session: Session, following: _Stretch | None) -> None:
    """Let the server begin with the next page while this one is judged."""
    if following is not None:
        session.fetch_ahead(following.numbers, HEADERS)


def _no_further(last: int, withheld: set[int]) -> int:
    return min([last, *(uid - 1 for uid in withheld)])


def _page(place: Place, standing: Standing, found: dict[int, Fetched], last: int) -> Page:
    return Page(
        messages=tuple(message(place, found[uid]) for uid in sorted(found)),
        cursor=Cursor(folder=place.folder.name, uidvalidity=standing.uidvalidity, last_uid=last),
    )
