"""The world that outlives every process: a clock, what was taken for delivery, and a mail provider for each account."""

import sqlite3
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Final, TypeAlias

from followupd.core.errors import LoginRefusedError, UnreachableError
from followupd.core.instants import Instant
from followupd.core.model import (
    Cursor,
    Deferred,
    Draft,
    Folder,
    Lying,
    RawMessage,
    Refused,
    Role,
    Shelf,
    Sought,
)
from followupd.ports import Waited
from tests.actions.pretend import BEGINS, PretendedPage
from tests.schedules.effects import Effects

FOLDERS: Final = (
    Folder(name="INBOX", role=Role.INBOX),
    Folder(name="Archive", role=Role.OTHER),
    Folder(name="Sent", role=Role.SENT),
)

UNWATCHED: Final = (Folder(name="Mentors", role=Role.OTHER),)
"""What no round reads: a folder of the user's own, into which a filter of theirs files mail."""

GONE: Final = b""
"""What lies where a message lay that was moved to another folder, or deleted."""

Place: TypeAlias = tuple[str, str]
"""A folder of an account."""


@dataclass
class World:
    """What is the same for all accounts; `judge` is asked when the data of a letter begins, by which account it leaves.

    `read` is told when a folder of an account was read to its end, `told` when a digest has come to the user.
    """

    effects: Effects
    connection: sqlite3.Connection
    judge: Callable[[Draft, str], None]
    took: Callable[[], None] = lambda: None
    read: Callable[[str, str], None] = lambda *_: None
    told: Callable[[Draft], None] = lambda _: None
    now: Instant = BEGINS
    skew: timedelta = timedelta()
    taken: list[tuple[Instant, timedelta, Draft]] = field(default_factory=list)
    looked: dict[Place, int] = field(default_factory=dict)
    whole: set[str] = field(default_factory=set)
    providers: dict[str, "Provider"] = field(default_factory=dict)

    def begin_round(self) -> None:
        """Forget what was read in the round before."""
        self.looked.clear()
        self.whole.clear()

    def was_looked_into(self, account: str, folder: str, last: int) -> None:
        """Take note that a folder was read up to a place."""
        self.looked[account, folder] = last
        if self.looked_again(account):
            self.whole.add(account)
        self.read(account, folder)

    def was_searched(self, account: str, folder: str) -> None:
        """Take note that somebody's mail was sought in a folder that no round reads, whatever came of it."""
        self.looked[account, folder] = len(self.providers[account].folders[folder])

    def looked_again(self, account: str) -> bool:
        """Tell whether every folder of an account was read since a recipient was named last."""
        return all((account, folder.name) in self.looked for folder in FOLDERS)


@dataclass
class Provider:
    """What lies at the provider of an account, and in what trouble it is. `files` tells whether it files Sent."""

    world: World
    account: str
    files: bool
    folders: dict[str, list[tuple[Instant, bytes]]] = field(
        default_factory=lambda: {one.name: [] for one in (*FOLDERS, *UNWATCHED)}
    )
    at_rcpt: list[Deferred | Refused] = field(default_factory=list)
    after_data: list[Deferred | Refused | str] = field(default_factory=list)
    down: bool = False
    locked: str = ""
    refuses: str = ""
    """The word that its IMAP server refuses, where it is well otherwise."""
    validity: int = 1
    shelf: dict[int, bytes] = field(default_factory=dict)
    """The drafts that lie there, by their UIDs."""
    drafts: int = 0
    trays: dict[tuple[str, ...], dict[int, bytes]] = field(default_factory=dict)
    """What lies in the folders below followupd's own, by their UIDs."""
    copies: int = 0

    def put(self, raw: bytes) -> int:
        """Put a draft into its folder; give its UID."""
        self.drafts += 1
        self.shelf[self.drafts] = raw
        return self.drafts

    def put_copy(self, path: tuple[str, ...], raw: bytes) -> int:
        """Put a message into a folder below followupd's own; give its UID."""
        self.copies += 1
        self.trays.setdefault(path, {})[self.copies] = raw
        return self.copies

    def move(self, folder: str, place: int, to: str) -> int:
        """Move a message as MOVE does (RFC 6851); give its new place."""
        self.folders[to].append(self.folders[folder][place - 1])
        self.folders[folder][place - 1] = (self.world.now, GONE)
        return len(self.folders[to])

    def delete(self, folder: str, place: int) -> None:
        """Let a message be gone (EXPUNGE)."""
        self.folders[folder][place - 1] = (self.world.now, GONE)

    def reach(self, word: str) -> None:
        """Say a word to the IMAP server."""
        self.world.effects.burn(may_turn=not self.world.connection.in_transaction, word=word)
        if self.down or self.world.effects.broken(self.account):
            raise UnreachableError("the server cannot be reached", where="127.0.0.1")
        if word == self.refuses:
            raise UnreachableError("the server refused to open the folder", where="127.0.0.1")
        self.knock("imap")

    def knock(self, server: str) -> None:
        """Log in to one of the two servers."""
        if self.locked == server:
            raise LoginRefusedError("the server refused the login: 535 5.7.8 no", where="127.0.0.1")

    def take(self, draft: Draft) -> None:
        """Accept a letter for delivery, or a digest."""
        if is_digest(draft):
            for folder in ("INBOX", "Sent"):
                self.folders[folder].append((self.world.now, draft.raw))
            self.world.told(draft)
            return
        self.world.taken.append((self.world.now, self.world.skew, draft))
        if self.files:
            self.folders["Sent"].append((self.world.now, draft.raw))
        self.world.took()


def is_digest(draft: Draft) -> bool:
    """Tell whether mail goes to the user themselves."""
    return draft.rcpt_to == draft.mail_from


@dataclass
class Box:
    """The user's folders."""

    provider: Provider

    def folders(self) -> tuple[Folder, ...]:
        self.provider.reach("folders")
        return FOLDERS

    def newer_than(self, folder: Folder, cursor: Cursor | None) -> Iterator[PretendedPage]:
        self.provider.reach("newer_than")
        validity = self.provider.validity
        known = cursor.last_uid if cursor is not None and cursor.uidvalidity == validity else 0
        new = self._messages(folder.name, known)
        last = len(self.provider.folders[folder.name])
        yield PretendedPage(tuple(map(_header, new)), Cursor(folder=folder.name, uidvalidity=validity, last_uid=last))
        self.provider.world.was_looked_into(self.provider.account, folder.name, last)

    def whole(self, folder: Folder, uids: Collection[int]) -> Iterator[RawMessage]:
        self.provider.reach("whole")
        yield from (raw for raw in self._messages(folder.name) if raw.uid in uids)

    def find_sent(self, *message_ids: str) -> RawMessage | None:
        self.provider.reach("find_sent")
        wanted = [f"Message-ID: {one}\r\n".encode() for one in message_ids]
        return next((raw for raw in self._messages("Sent") if any(one in raw.raw for one in wanted)), None)

    def search(self, folder: Folder, sought: Sought) -> Iterator[RawMessage]:
        """Find by the day of arrival; for the rest give everything, as the port allows."""
        self.provider.reach("search")
        if sought.from_ and folder in UNWATCHED:
            self.provider.world.was_searched(self.provider.account, folder.name)
        for raw in self._messages(folder.name):
            if sought.since is None or (raw.internal_date is not None and raw.internal_date.date() >= sought.since):
                yield raw

    def file_sent(self, raw: bytes, at: Instant) -> None:
        self.provider.reach("file_sent")
        self.provider.folders["Sent"].append((at, raw))
        self.provider.world.effects.burn(may_turn=True)

    def trays(self, wanted: Collection[tuple[str, ...]]) -> tuple[tuple[tuple[str, ...], Folder], ...]:
        raise NotImplementedError

    def lying_in(self, tray: Folder, besides: Collection[int] = ()) -> Iterator[RawMessage]:
        raise NotImplementedError

    def put_back(self, tray: Folder, uid: int) -> None:
        raise NotImplementedError

    def remove(self, tray: Folder, uids: Collection[int]) -> None:
        raise NotImplementedError

    def drafts(self, to: Collection[str], uids: Collection[int]) -> Shelf | None:
        """There is no folder for them."""
        return None

    def put_draft(self, raw: bytes, at: Instant) -> Lying | None:
        raise NotImplementedError

    def take_draft(self, lying: Lying) -> bool:
        raise NotImplementedError

    @property
    def ear(self) -> int | None:
        return None

    def news(self) -> bool:
        return False

    def wait(self, seconds: float, wake: int) -> None:
        """Nobody waits."""

    def close(self) -> None:
        """Nothing to close."""

    def _messages(self, folder: str, known: int = 0) -> list[RawMessage]:
        return [
            RawMessage(folder=folder, uid=number, internal_date=at, raw=raw, size=len(raw), whole=True)
            for number, (at, raw) in enumerate(self.provider.folders[folder][known:], known + 1)
            if raw != GONE
        ]


def _header(message: RawMessage) -> RawMessage:
    head = message.raw.partition(b"\r\n\r\n")[0] + b"\r\n\r\n"
    return replace(message, raw=head, whole=False)


@dataclass
class Watch:
    """The clock of the machine: the true time, and how far it is off."""

    world: World

    def now(self) -> Instant:
        return self.world.now + self.world.skew

    def sleep(self, seconds: float, mailbox: Waited | None = None) -> None:
        """Nobody waits."""

    def stopping(self) -> bool:
        return False
