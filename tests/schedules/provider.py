"""A mail provider, a clock and a database that outlive every process; each word to them may be the last effect.

The database lives in memory and its connection outlives a kill: what was not committed is rolled back, as SQLite does
when a process dies. What "meanwhile" happens is done between two effects at which no transaction is open, which is
where another process could have had its turn.
"""

import sqlite3
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import cache

from followupd.core.errors import UnreachableError
from followupd.core.instants import Instant
from followupd.core.model import (
    Accepted,
    Cursor,
    Deferred,
    Draft,
    Folder,
    RawMessage,
    Receipt,
    Refused,
    Role,
    Sought,
    Unknown,
)
from followupd.ports import Waited
from followupd.store.db import Db, Params
from tests.actions.pretend import BEGINS, Killed, PretendedPage

FOLDERS = (
    Folder(name="INBOX", role=Role.INBOX),
    Folder(name="Archive", role=Role.OTHER),
    Folder(name="Sent", role=Role.SENT),
)


GONE = b""
"""What lies where a message lay that was moved to another folder."""


class Effects:
    """Counts effects; kills at one of them, by raising `end`, lets something else happen at another."""

    def __init__(self) -> None:
        self.end: type[BaseException] = Killed
        self.ended = False
        self.burnt = self.kill_at = self.turn_at = self.break_at = 0
        self.meanwhile: Callable[[], None] | None = None
        self._word = ""
        self._paused = False

    def arm(
        self,
        *,
        kill: int = 0,
        turn: int = 0,
        breaks: int = 0,
        meanwhile: Callable[[], None] | None = None,
        before: str = "",
    ) -> None:
        """Begin to count anew; of the turn only the words to the server of a kind are counted, where one is named."""
        self.burnt, self.kill_at, self.turn_at, self.break_at, self.meanwhile = 0, kill, turn, breaks, meanwhile
        self._word = before

    def burn(self, *, may_turn: bool, word: str = "") -> None:
        """Come one effect nearer to the end."""
        if self._paused:
            return
        self.burnt += 1
        if self.burnt == self.kill_at:
            self.ended = True
            raise self.end
        if self._word:
            self.turn_at -= word == self._word
            may_turn = may_turn and self.turn_at <= 0
        elif self.burnt < self.turn_at:
            may_turn = False
        if self.meanwhile is not None and may_turn:
            happens, self.meanwhile = self.meanwhile, None
            self._paused = True
            try:
                happens()
            finally:
                self._paused = False


@cache
def _writes(sql: str) -> bool:
    return sql.lstrip()[:6].upper() in {"COMMIT", "INSERT", "UPDATE", "DELETE"}


class LiveDb(Db):
    """A database of which every statement outside a transaction, and every writing one, is an effect."""

    effects: Effects

    def run(self, sql: str, params: Params = ()) -> sqlite3.Cursor:
        writes = _writes(sql)
        free = not self.connection.in_transaction
        if writes or free:
            self.effects.burn(may_turn=free)
        done = super().run(sql, params)
        if writes:
            self.effects.burn(may_turn=not self.connection.in_transaction)
        return done


@dataclass
class Provider:
    """What lies at the provider, and what happens on the wire; `judge` is asked when the data of a letter begins."""

    effects: Effects
    connection: sqlite3.Connection
    judge: Callable[[Draft], None]
    took: Callable[[], None] = lambda: None
    files: bool = True
    now: Instant = BEGINS
    skew: timedelta = timedelta()
    folders: dict[str, list[tuple[Instant, bytes]]] = field(default_factory=lambda: {one.name: [] for one in FOLDERS})
    taken: list[tuple[Instant, timedelta, Draft]] = field(default_factory=list)
    read_before: bool = False
    looked: dict[str, int] = field(default_factory=dict)
    at_rcpt: list[Deferred | Refused] = field(default_factory=list)
    after_data: list[Deferred | Refused | str] = field(default_factory=list)
    down: bool = False
    validity: int = 1

    def move(self, folder: str, place: int, to: str) -> int:
        """Move a message as MOVE does (RFC 6851); give its new place."""
        self.folders[to].append(self.folders[folder][place - 1])
        self.folders[folder][place - 1] = (self.now, GONE)
        return len(self.folders[to])

    def reach(self, word: str) -> None:
        """Say a word to the IMAP server."""
        self.effects.burn(may_turn=not self.connection.in_transaction, word=word)
        if self.down or (self.effects.break_at and self.effects.burnt >= self.effects.break_at):
            raise UnreachableError("the server cannot be reached", where="127.0.0.1")

    def take(self, draft: Draft) -> None:
        """Accept a letter for delivery."""
        self.taken.append((self.now, self.skew, draft))
        if self.files:
            self.folders["Sent"].append((self.now, draft.raw))
        self.took()


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
        self.provider.looked[folder.name] = last

    def whole(self, folder: Folder, uids: Collection[int]) -> Iterator[RawMessage]:
        self.provider.reach("whole")
        yield from (raw for raw in self._messages(folder.name) if raw.uid in uids)

    def find_sent(self, message_id: str) -> RawMessage | None:
        self.provider.reach("find_sent")
        wanted = f"Message-ID: {message_id}\r\n".encode()
        return next((raw for raw in self._messages("Sent") if wanted in raw.raw), None)

    def search(self, folder: Folder, sought: Sought) -> Iterator[RawMessage]:
        """Find by the day of arrival; for the rest give everything, as the port allows."""
        self.provider.reach("search")
        for raw in self._messages(folder.name):
            if sought.since is None or (raw.internal_date is not None and raw.internal_date.date() >= sought.since):
                yield raw

    def file_sent(self, raw: bytes, at: Instant) -> None:
        self.provider.reach("file_sent")
        self.provider.folders["Sent"].append((at, raw))
        self.provider.effects.burn(may_turn=True)

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
class Post:
    """The way out."""

    provider: Provider

    def address(self, draft: Draft) -> "Opened | Deferred | Refused":
        self.provider.effects.burn(may_turn=True)
        if self.provider.at_rcpt:
            return self.provider.at_rcpt.pop(0)
        self.provider.read_before = len(self.provider.looked) == len(FOLDERS)
        self.provider.looked.clear()
        return Opened(self.provider, draft)


@dataclass
class Opened:
    """A letter between RCPT and DATA."""

    provider: Provider
    draft: Draft

    def deliver(self) -> Receipt:
        provider = self.provider
        provider.judge(self.draft)
        provider.effects.burn(may_turn=True)
        said = provider.after_data.pop(0) if provider.after_data else ""
        if isinstance(said, Deferred | Refused):
            return said
        if said != "lost before":
            provider.take(self.draft)
        provider.effects.burn(may_turn=True)
        return Unknown(text="closed after the data") if said else Accepted(text="250 2.0.0 taken")

    def withdraw(self) -> None:
        """Take it back."""


@dataclass
class Watch:
    """The clock of the machine: the true time, and how far it is off."""

    provider: Provider

    def now(self) -> Instant:
        return self.provider.now + self.provider.skew

    def sleep(self, seconds: float, mailbox: Waited | None = None) -> None:
        """Nobody waits."""

    def stopping(self) -> bool:
        return False
