"""A pretended world behind the three ports: a mail server that remembers, a clock that is set, and a fuse that kills.

The fuse burns down by one at every effect: each word to the mail server, each statement that writes, before and after.
When it is out the process is dead: a BaseException that nobody may catch for good. The server and the database file
live on, and a new process is put in front of them.
"""

import sqlite3
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path

from followupd.actions import contacts
from followupd.app import App
from followupd.config.file import read
from followupd.core.errors import UnreachableError
from followupd.core.instants import Instant
from followupd.core.model import (
    Accepted,
    Contact,
    Cursor,
    Deferred,
    Draft,
    Folder,
    Lying,
    RawMessage,
    Receipt,
    Refused,
    Role,
    Shelf,
    Sought,
    Unknown,
)
from followupd.letters.templates import Templates
from followupd.ports import Waited
from followupd.store.db import Db, Params, open_database

BEGINS = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
ADA, BO = "ada@example.net", "bo@example.com"
CONFIG = """
[me]
name = "Max Lehmann"
email = "max@example.org"
timezone = "UTC"
[imap]
host = "127.0.0.1"
security = "none"
[smtp]
host = "127.0.0.1"
security = "none"
save_to_sent = "{save}"
[patience]
default_cadence = "short"
[cadences.short]
steps = [
  {{ template = "opening" }},
  {{ after = "2 weeks", template = "reminder" }},
  {{ after = "6 weeks", template = "last-word" }},
]
[window]
days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
from = "00:00"
to = "23:59"
spread = "0 minutes"
[digest]
every = "off"
[sending]
daily_limit = 9
{more}
"""


class Killed(BaseException):
    """The process was killed here."""


@dataclass
class Fuse:
    """Kills at the n-th effect; 0 never does. `burnt` counts the effects."""

    at: int = 0
    burnt: int = 0

    def burn(self) -> None:
        """Come one effect nearer to the end."""
        self.burnt += 1
        if self.burnt == self.at:
            raise Killed


@dataclass
class Server:
    """What lies at the provider: folders, and the letters it took. `files` tells whether it files Sent by itself."""

    files: bool
    now: Instant = BEGINS
    folders: dict[str, list[tuple[Instant, bytes]]] = field(default_factory=lambda: {"INBOX": [], "Sent": []})
    taken: list[tuple[Instant, Draft]] = field(default_factory=list)
    down: bool = False
    validity: int = 1
    trays: dict[tuple[str, ...], dict[int, bytes]] = field(default_factory=dict)
    drafts: dict[int, bytes] | None = None
    drafts_validity: int = 7
    next_draft: int = 1
    uidplus: bool = True

    def take(self, draft: Draft) -> None:
        """Accept a letter for delivery."""
        self.taken.append((self.now, draft))
        if self.files:
            self.folders["Sent"].append((self.now, draft.raw))

    def receive(self, raw: bytes, folder: str = "INBOX") -> None:
        """Put a message into the user's mailbox."""
        self.folders[folder].append((self.now, raw))

    def put(self, tray: str, raw: bytes) -> None:
        """Copy a message into one of followupd's folders."""
        copies = self.trays.setdefault(tuple(tray.split("/")), {})
        copies[max(copies, default=0) + 1] = raw

    def put_draft(self, raw: bytes) -> int:
        """Put a draft into its folder, as any program does; give its UID."""
        assert self.drafts is not None
        uid, self.next_draft = self.next_draft, self.next_draft + 1
        self.drafts[uid] = raw
        return uid

    def to(self, address: str) -> list[Draft]:
        """Give the letters to somebody, in order."""
        return [draft for _, draft in self.taken if draft.rcpt_to == address]


@dataclass(frozen=True)
class PretendedPage:
    """A page of headers."""

    messages: tuple[RawMessage, ...]
    cursor: Cursor


@dataclass
class PretendedMailbox:
    """The user's folders."""

    server: Server
    fuse: Fuse

    def folders(self) -> tuple[Folder, ...]:
        self._reach()
        trash = (Folder(name="Trash", role=Role.TRASH),) if "Trash" in self.server.folders else ()
        return (Folder(name="INBOX", role=Role.INBOX), Folder(name="Sent", role=Role.SENT), *trash)

    def newer_than(self, folder: Folder, cursor: Cursor | None) -> Iterator[PretendedPage]:
        self._reach()
        known = cursor.last_uid if cursor is not None and cursor.uidvalidity == self.server.validity else 0
        new, last = tuple(self._messages(folder.name, known)), len(self.server.folders[folder.name])
        yield PretendedPage(new, Cursor(folder=folder.name, uidvalidity=self.server.validity, last_uid=last))

    def whole(self, folder: Folder, uids: Collection[int]) -> Iterator[RawMessage]:
        self._reach()
        yield from (raw for raw in self._messages(folder.name) if raw.uid in uids)

    def find_sent(self, *message_ids: str) -> RawMessage | None:
        self._reach()
        wanted = [f"Message-ID: {one}\r\n".encode() for one in message_ids]
        return next((raw for raw in self._messages("Sent") if any(one in raw.raw for one in wanted)), None)

    def search(self, folder: Folder, sought: Sought) -> Iterator[RawMessage]:
        """Find by the day of arrival; for the rest give everything, as the port allows."""
        self._reach()
        since = sought.since
        yield from (
            raw
            for raw in self._messages(folder.name)
            if since is None or (raw.internal_date is not None and raw.internal_date.date() >= since)
        )

    def file_sent(self, raw: bytes, at: Instant) -> None:
        self._reach()
        self.server.folders["Sent"].append((at, raw))
        self.fuse.burn()

    def drafts(self, to: Collection[str], uids: Collection[int]) -> Shelf | None:
        self._reach()
        if self.server.drafts is None:
            return None
        there = tuple(
            RawMessage(folder="Drafts", uid=uid, internal_date=self.server.now, raw=raw, size=len(raw), whole=True)
            for uid, raw in self.server.drafts.items()
        )
        return Shelf(folder="Drafts", uidvalidity=self.server.drafts_validity, messages=there)

    def put_draft(self, raw: bytes, at: Instant) -> Lying | None:
        self._reach()
        uid = self.server.put_draft(raw)
        self.fuse.burn()
        return Lying("Drafts", self.server.drafts_validity, uid) if self.server.uidplus else None

    def take_draft(self, lying: Lying) -> bool:
        self._reach()
        if self.server.drafts is None or lying.uidvalidity != self.server.drafts_validity:
            return False
        self.server.drafts.pop(lying.uid, None)
        self.fuse.burn()
        return True

    @property
    def ear(self) -> int | None:
        return None

    def trays(self, wanted: Collection[tuple[str, ...]]) -> tuple[tuple[tuple[str, ...], Folder], ...]:
        self._reach()
        for path in wanted:
            self.server.trays.setdefault(path, {})
        return tuple((path, _tray(path)) for path in sorted(self.server.trays))

    def lying_in(self, tray: Folder, besides: Collection[int] = ()) -> Iterator[RawMessage]:
        self._reach()
        for uid, raw in list(self._copies(tray).items()):
            yield RawMessage(
                folder=tray.name, uid=uid, internal_date=self.server.now, raw=raw, size=len(raw), whole=True
            )

    def put_back(self, tray: Folder, uid: int) -> None:
        self._reach()
        self.server.folders["Sent"].append((self.server.now, self._copies(tray)[uid]))
        self.fuse.burn()

    def remove(self, tray: Folder, uids: Collection[int]) -> None:
        self._reach()
        for uid in uids:
            self._copies(tray).pop(uid, None)
        self.fuse.burn()

    def _copies(self, tray: Folder) -> dict[int, bytes]:
        return next(copies for path, copies in self.server.trays.items() if _tray(path) == tray)

    def news(self) -> bool:
        self._reach()
        return False

    def wait(self, seconds: float, wake: int) -> None:
        self._reach()

    def close(self) -> None:
        """Nothing to close."""

    def _reach(self) -> None:
        self.fuse.burn()
        if self.server.down:
            raise UnreachableError("the server cannot be reached", where="127.0.0.1")

    def _messages(self, folder: str, known: int = 0) -> list[RawMessage]:
        return [
            RawMessage(folder=folder, uid=number, internal_date=at, raw=raw, size=len(raw), whole=True)
            for number, (at, raw) in enumerate(self.server.folders[folder][known:], known + 1)
        ]


def _tray(path: tuple[str, ...]) -> Folder:
    return Folder(name="/".join(("followupd", *path)), role=Role.OTHER)


@dataclass
class PretendedPostman:
    """The way out. `answers` come instead of taking a letter; `meanwhile` arrives between RCPT and DATA."""

    server: Server
    fuse: Fuse
    answers: list[Receipt] = field(default_factory=list)
    loses_answer: bool = False
    withdrawn: int = 0
    meanwhile: list[bytes] = field(default_factory=list)

    def address(self, draft: Draft) -> "PretendedEnvelope | Deferred | Refused":
        self.fuse.burn()
        if self.answers:
            answer = self.answers.pop(0)
            assert isinstance(answer, Deferred | Refused)
            return answer
        while self.meanwhile:
            self.server.receive(self.meanwhile.pop())
        return PretendedEnvelope(self, draft)


@dataclass
class PretendedEnvelope:
    """A letter between RCPT and DATA."""

    postman: PretendedPostman
    draft: Draft

    def deliver(self) -> Receipt:
        self.postman.fuse.burn()
        self.postman.server.take(self.draft)
        self.postman.fuse.burn()
        return Unknown(text="closed after the data") if self.postman.loses_answer else Accepted(text="250 2.0.0 taken")

    def withdraw(self) -> None:
        self.postman.withdrawn += 1


@dataclass
class SetClock:
    """A clock that shows what the server shows."""

    server: Server

    def now(self) -> Instant:
        return self.server.now

    def sleep(self, seconds: float, mailbox: Waited | None = None) -> None:
        """Nobody waits in a pretended world."""

    def stopping(self) -> bool:
        return False


@dataclass
class PretendedDns:
    """Who knows which domains take mail: all but those in `gone`, and nothing of those in `unknown`."""

    gone: set[str] = field(default_factory=set)
    unknown: set[str] = field(default_factory=set)

    def takes_mail(self, domain: str) -> bool | None:
        return None if domain in self.unknown else domain not in self.gone


class MortalDb(Db):
    """A database whose every writing statement burns the fuse, before and after."""

    fuse = Fuse()

    def run(self, sql: str, params: Params = ()) -> sqlite3.Cursor:
        writes = sql.lstrip()[:6].upper() in {"COMMIT", "INSERT", "UPDATE", "DELETE"}
        if writes:
            self.fuse.burn()
        done = super().run(sql, params)
        if writes:
            self.fuse.burn()
        return done


def process(folder: Path, server: Server, fuse: Fuse, *, save: str = "auto", more: str = "") -> App:
    """Start a process: a new app on the same files and the same server."""
    config = folder / "config.toml"
    config.write_text(CONFIG.format(save=save, more=more), encoding="utf-8")
    settings = read(config)
    opened = open_database(folder / "followupd.db", now=server.now)
    db = MortalDb(opened.connection, opened.path)
    db.fuse = fuse
    return App(
        settings=settings,
        db=db,
        templates=Templates(folder / "templates"),
        clock=SetClock(server),
        mailbox=PretendedMailbox(server, fuse),
        postman=PretendedPostman(server, fuse),
        resolver=PretendedDns(),
    )


def somebody(app: App, address: str) -> None:
    """Add a person whose opening letter is due at once."""
    contacts.add(
        app,
        Contact(
            addresses=(address,),
            name=address.partition("@")[0].title(),
            admire="Your notes on the engine are the clearest I know.",
            ask="How did you decide what to leave out?",
            offer="I would typeset the next edition.",
        ),
    )


def reply(letter: Draft, at: Instant, text: str = "Gladly. Call me on Tuesday.", **headers: str) -> bytes:
    """Write an answer to a letter as a mail program does."""
    sent = message_from_bytes(letter.raw)
    answer = EmailMessage()
    answer["From"], answer["To"] = letter.rcpt_to, letter.mail_from
    answer["Subject"] = f"Re: {sent['Subject']}"
    answer["Date"] = format_datetime(at)
    answer["Message-ID"] = f"<{at:%Y%m%d%H%M%S}.{len(text)}@example.net>"
    answer["In-Reply-To"] = letter.message_id
    for name, value in headers.items():
        answer[name.replace("_", "-")] = value
    answer.set_content(text)
    return answer.as_bytes(policy=answer.policy.clone(linesep="\r\n"))


def days(number: float) -> Instant:
    """Give the instant so many days after the beginning."""
    return BEGINS + timedelta(days=number)
