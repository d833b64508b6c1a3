"""The Mailbox port over IMAP: one connection that is made when first used, and made anew after any trouble."""

from collections.abc import Callable, Collection, Iterator
from typing import Final, TypeVar

from followupd.core.connections import Security, Server
from followupd.core.errors import FollowupdError, UnreachableError
from followupd.core.instants import Instant
from followupd.core.model import Cursor, Folder, Lying, RawMessage, Role, Shelf, Sought
from followupd.imap import by_id, drafts, messages, search, trays
from followupd.imap.extensions import Extras
from followupd.imap.folders import Place, choose, places, sent, unwatched
from followupd.imap.listening import Listening
from followupd.imap.patience import PATIENCE, Patience
from followupd.imap.session import Session, Standing
from followupd.imap.spelling import encode_name
from followupd.imap.sync import Page, Reader
from followupd.imap.wire import doze

T = TypeVar("T")

_INBOX: Final = Place(folder=Folder(name="INBOX", role=Role.INBOX), wire=b"INBOX")


class ImapMailbox:
    """The user's mailbox. Every method raises UnreachableError where the server cannot be reached or breaks off.

    Nothing is trusted after an interruption: a call that did not come to its end leaves a connection that is thrown
    away, and what was learnt from a folder is only remembered once the folder was read to its end.
    """

    def __init__(
        self,
        server: Server,
        password: Callable[[], str],
        folders: tuple[str, ...] | None,
        patience: Patience = PATIENCE,
        *,
        trays: bool = False,
    ) -> None:
        """Note where the mailbox is; nothing is connected yet. `password` is asked at each login and not kept.

        With `trays`, what lies below followupd's own folder is the user's word, and no mail that is read.
        """
        self._trays = trays
        self._server = server
        self._password = password
        self._wanted = folders
        self._patience = patience
        self._session: Listening | None = None
        # without TLS a connection is made to this machine only
        self._extras = Extras(at_home=server.security is Security.NONE)
        self._places: tuple[Place, ...] = ()
        self._elsewhere: tuple[Place, ...] = ()
        self._unmade: set[tuple[str, ...]] = set()
        self._reader = Reader()
        self._noticed: Standing | None = None

    def folders(self) -> tuple[Folder, ...]:
        """List the folders to read, Sent included; raise FollowupdError if one that the config names is missing."""
        self._freshen()
        chosen = choose(self._again(self._list), self._wanted)
        apart = {place.wire for _, place in trays.found(self._places)} if self._trays else set()
        chosen = tuple(place for place in chosen if place.wire not in apart)
        # Sent grows by our own letters
        self._elsewhere = tuple(one for one in chosen if one.folder.role not in {Role.INBOX, Role.SENT})
        return tuple(place.folder for place in chosen)

    def unwatched(self) -> tuple[Folder, ...]:
        """List folders of the user's own that are not read, as they were when `folders` was asked."""
        apart = {place.wire for _, place in trays.found(self._places)}
        return tuple(one.folder for one in unwatched(self._places, self._wanted) if one.wire not in apart)

    def newer_than(self, folder: Folder, cursor: Cursor | None) -> Iterator[Page]:
        """Read what came after `cursor` in pages of at most 500 messages; see the port."""
        at = cursor

        def read() -> Iterator[Page]:
            nonlocal at
            for page in self._reader.newer_than(self._connected(), self._place(folder), at):
                at = page.cursor
                yield page

        return self._steadily(read)

    def whole(self, folder: Folder, uids: Collection[int]) -> Iterator[RawMessage]:
        """Fetch messages with their bodies, each cut at 256 KiB; one that is gone is left out."""
        place, wanted = self._place(folder), set(uids)

        def read() -> Iterator[RawMessage]:
            for one in messages.whole(self._connected(), place, wanted, self._reader.uidvalidity(place)):
                wanted.discard(one.uid)
                yield one

        return self._steadily(read)

    def find_sent(self, *message_ids: str) -> RawMessage | None:
        """Look for a message of one of these Message-IDs in Sent; see the port."""
        place = sent(self._places or self._list())
        if place is None:
            return None
        return by_id.find(self._connected(), place, [one.strip() for one in message_ids])

    def search(self, folder: Folder, sought: Sought) -> Iterator[RawMessage]:
        """Look for messages wherever they lie in a folder; see the port."""
        return search.search(self._connected(), self._place(folder), sought)

    def file_sent(self, raw: bytes, at: Instant) -> None:
        """Put a copy in Sent, marked as read; make the folder where there is none, as mail programs do.

        Raises FollowupdError if it cannot be made.
        """
        place = sent(self._places or self._list())
        if place is None:
            self._connected().make_sent()
            place = sent(self._list())
        if place is None:
            raise FollowupdError(
                "the mailbox has no folder for sent mail, so no copy was filed",
                where=f"{self._server.host}:{self._server.port}",
                hint='make a folder "Sent", or set save_to_sent = "never"',
            )
        self._connected().append(place.wire, raw, at)

    def trays(self, wanted: Collection[tuple[str, ...]]) -> tuple[tuple[tuple[str, ...], Folder], ...]:
        """Give the folders below followupd's own, those that are wanted made; see the port."""
        if trays.make(self._connected(), self._places or self._list(), set(wanted) - self._unmade):
            self._list()
        there = trays.found(self._places)
        self._elsewhere += tuple(place for _, place in there if place not in self._elsewhere)
        self._unmade |= set(wanted) - {path for path, _ in there}
        return tuple((path, place.folder) for path, place in there)

    def lying_in(self, tray: Folder, besides: Collection[int] = ()) -> Iterator[RawMessage]:
        """Read what lies in a folder; see the port."""
        return trays.lying(self._connected(), self._place(tray), self._reader, besides)

    def put_back(self, tray: Folder, uid: int) -> None:
        """Copy a message into Sent; see the port."""
        session, place, to = self._connected(), self._place(tray), sent(self._places)
        if to is None:
            raise FollowupdError("the mailbox has no folder for sent mail to put it back into")
        messages.stay(session, place, self._reader.uidvalidity(place))
        session.copy(uid, to.wire)

    def remove(self, tray: Folder, uids: Collection[int]) -> None:
        """Remove messages and no others; see the port."""
        place = self._place(tray)
        self._connected().remove(place.wire, uids, self._reader.uidvalidity(place) or 0)

    def drafts(self, to: Collection[str], uids: Collection[int]) -> Shelf | None:
        """Give what may be ours in the folder for drafts; see the port."""
        place = drafts.place_of(self._list())
        return drafts.shelf(self._connected(), place, to, uids) if place is not None else None

    def put_draft(self, raw: bytes, at: Instant) -> Lying | None:
        """Put a draft into its folder; see the port."""
        place = drafts.place_of(self._places or self._list())
        if place is None:
            raise FollowupdError("the mailbox has no folder for drafts", where=self._server.host)
        return drafts.put(self._connected(), place, raw, at)

    def take_draft(self, lying: Lying) -> bool:
        """Take out a draft that was put there; see the port."""
        place = drafts.place_of(self._list())
        if place is None or place.folder.name != lying.folder:
            return False
        return drafts.take(self._connected(), place, lying)

    def wait(self, seconds: float, wake: int) -> None:
        """Wait until something may have arrived in the inbox, `seconds` have passed, or `wake` is readable.

        Uses IDLE (RFC 2177) where the server has it. What arrived since the inbox was last read ends the wait at once.
        """
        session = self._heeding()
        if session.idles and (self._has_news(session) or session.idle(seconds, wake)):
            _take_news(session)
        else:
            doze(seconds, wake)

    def news(self) -> bool:
        """Tell, without waiting for any, whether something may have arrived in the inbox; see the port.

        From then on the mailbox listens, if the server has IDLE, until something else is asked of it.
        """
        session = self._connected()
        heard = session.ear is not None and session.heard()
        if session.ear is None and session.idles and not heard:
            session = self._heeding()
            heard = self._has_news(session) or (session.listen() and _take_news(session))
        if heard:
            _take_news(session)
        return heard

    @property
    def ear(self) -> int | None:
        """The file descriptor to watch while the mailbox listens."""
        return self._session.ear if self._session is not None else None

    def close(self) -> None:
        """Log out, whatever state the connection is in, within a second; never raises."""
        session, self._session = self._session, None
        if session is not None:
            session.close()

    def test(self) -> str:
        """Connect and log in anew, and tell in one line what `check` shows: who answers, what it can, what is there."""
        self.close()
        found = self._list()
        session = self._connected()
        tls = {Security.TLS: "TLS", Security.STARTTLS: "STARTTLS", Security.NONE: "no TLS"}[self._server.security]
        idle = "IDLE" if session.idles else "no IDLE (asked every `poll` instead)"
        filed = "" if sent(found) else ", none for sent mail"
        return f"{session.greeting}; {tls}; logged in; {idle}; {len(found)} folders{filed}"

    # -- within --------------------------------------------------------------------------------------------------------

    def _connected(self) -> Listening:
        if self._session is not None and self._session.stale():
            self.close()
        while self._session is None:
            try:
                self._session = Listening(self._server, self._password, self._patience, self._extras)
            except UnreachableError as error:
                if not self._extras.blamed(error):
                    raise
        return self._session

    def _again(self, act: Callable[[], T]) -> T:
        """Do something; once more where an extension may be what went wrong, which the next connection is without."""
        try:
            return act()
        except UnreachableError as error:
            if not self._extras.blamed(error):
                raise
        return act()

    def _steadily(self, read: Callable[[], Iterator[T]]) -> Iterator[T]:
        """Give what `read` gives; where an extension may be what went wrong, let it go on where it was."""
        while True:
            try:
                yield from read()
            except UnreachableError as error:
                if not self._extras.blamed(error):
                    raise
            else:
                return

    def _freshen(self) -> None:
        """Try the connection that the last round left; one that a network dropped in silence is replaced unasked."""
        session = self._connected()
        try:
            session.noop(self._patience.freshening)
        except UnreachableError:
            self.close()
            self._connected()

    def _list(self) -> tuple[Place, ...]:
        self._places = places(self._connected().list_folders())
        return self._places

    def _place(self, folder: Folder) -> Place:
        for place in self._places:
            if place.folder.name == folder.name:
                return place
        return Place(folder=folder, wire=encode_name(folder.name))

    def _heeding(self) -> Listening:
        """Have the server tell of the folders that are read and not listened to, if it can."""

        def heed() -> None:
            session = self._connected()
            if session.idles:
                session.heed(self._reader.uidnexts(self._elsewhere))

        self._again(heed)
        return self._connected()

    def _has_news(self, session: Listening) -> bool:
        return self._inbox_has_news(session) or session.take_news_elsewhere()

    def _inbox_has_news(self, session: Session) -> bool:
        """Open the inbox if need be, and tell whether it has changed since it was read, or since this was last told.

        Mail that came in between is not announced in IDLE by every server (Dovecot: half a minute later).
        """
        if session.selected == _INBOX.wire:
            session.noop()
            return session.take_news()
        standing = session.examine(_INBOX.wire)
        read = self._reader.last_read(_INBOX)
        known = [known for known in (read.standing if read else None, self._noticed) if known is not None]
        self._noticed = standing
        return bool(known) and standing not in known


def _take_news(session: Listening) -> bool:
    inbox, elsewhere = session.take_news(), session.take_news_elsewhere()
    return inbox or elsewhere
