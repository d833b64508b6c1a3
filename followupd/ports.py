"""What the daemon needs of the world: a clock, a mailbox, a postman, a resolver: the only abstractions.

A call that needs a server raises UnreachableError (LoginRefusedError where the login was refused) and nothing else.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from followupd.core.instants import Instant
    from followupd.core.model import (
        Cursor,
        Deferred,
        Draft,
        Folder,
        Lying,
        RawMessage,
        Receipt,
        Refused,
        Shelf,
        Sought,
    )


class Page(Protocol):
    """Some messages of a folder in UID order, headers only, and the place in the folder after them."""

    @property
    def messages(self) -> tuple[RawMessage, ...]: ...

    @property
    def cursor(self) -> Cursor: ...


class Waited(Protocol):
    """What can be waited for."""

    def wait(self, seconds: float, wake: int) -> None:
        """Wait until something may have arrived, `seconds` have passed or file descriptor `wake` is readable."""


class Mailbox(Waited, Protocol):
    """The user's mailbox. It connects when first used and again after trouble."""

    def folders(self) -> tuple[Folder, ...]:
        """List the folders to read, Sent included; raise FollowupdError if one that the config names is missing."""

    def newer_than(self, folder: Folder, cursor: Cursor | None) -> Iterator[Page]:
        """Read what came after `cursor`, to the end of the folder as it stands when the last page is given.

        A cursor of another UIDVALIDITY, or None, starts at the first message. A page's cursor never passes a message
        that the server has and did not give. The last page may be empty; there is always at least one.
        """

    def whole(self, folder: Folder, uids: Collection[int]) -> Iterator[RawMessage]:
        """Fetch messages with their bodies, each cut at a bound; one that is gone is left out."""

    def find_sent(self, *message_ids: str) -> RawMessage | None:
        """Look for a message of one of these Message-IDs in the Sent folder; None if none is there."""

    def search(self, folder: Folder, sought: Sought) -> Iterator[RawMessage]:
        """Read the headers of what may be sought, wherever it lies in a folder; others may be among them.

        By `since` nothing is left out that arrived on that day or later. By anything else the server's search is
        believed, and the newest messages are given besides.
        """

    def file_sent(self, raw: bytes, at: Instant) -> None:
        """Put a copy in the Sent folder with `at` as its INTERNALDATE, marked as read."""

    def trays(self, wanted: Collection[tuple[str, ...]]) -> tuple[tuple[tuple[str, ...], Folder], ...]:
        """Give the folders below the one that is followupd's own, each with the names that lead to it from there.

        Those of `wanted` that are missing are made; one that the server does not make is left out.
        """

    def lying_in(self, tray: Folder, besides: Collection[int] = ()) -> Iterator[RawMessage]:
        """Read the messages in a folder, some at a time, whole but cut at a bound.

        Those marked as deleted are left out, but for `besides`.
        """

    def put_back(self, tray: Folder, uid: int) -> None:
        """Copy a message into the Sent folder as it is; raise FollowupdError if there is none."""

    def remove(self, tray: Folder, uids: Collection[int]) -> None:
        """Remove these messages from a folder and no others; where the server cannot, mark them as deleted."""

    def drafts(self, to: Collection[str], uids: Collection[int]) -> Shelf | None:
        """Look into the folder for drafts: what lies there of these UIDs, or may be to these people, headers only.

        None where there is no such folder. What is marked as deleted lies there no more.
        """

    def put_draft(self, raw: bytes, at: Instant) -> Lying | None:
        """Put a draft into its folder, flagged as one; give where it lies, None where the server does not say."""

    def take_draft(self, lying: Lying) -> bool:
        """Take out this one draft, and nothing else; tell whether it lies there no more."""

    def news(self) -> bool:
        """Tell, without waiting, whether something may have arrived since the folders were read, or this was told."""

    @property
    def ear(self) -> int | None:
        """The file descriptor that is readable once `news` is worth asking for; None where only time tells."""

    def close(self) -> None:
        """Log out, whatever state the connection is in; never raises."""


class Envelope(Protocol):
    """A letter whose recipient the server has accepted and whose data it has not seen."""

    def deliver(self) -> Receipt:
        """Send the data and give what became of it; never raises."""

    def withdraw(self) -> None:
        """Take the letter back (RSET, RFC 5321, section 4.1.1.5); never raises."""


class Postman(Protocol):
    """The way out for letters."""

    def address(self, draft: Draft) -> Envelope | Deferred | Refused:
        """Connect, log in, name sender and recipient. Whatever goes wrong here, the letter is certainly not sent.

        Raises LoginRefusedError; all other trouble is a value.
        """


class Resolver(Protocol):
    """Who knows of a domain whether it takes mail."""

    def takes_mail(self, domain: str) -> bool | None:
        """Tell whether mail can get to a domain; None where nobody can tell. Never raises."""


class Clock(Protocol):
    """The one source of time."""

    def now(self) -> Instant:
        """Tell the time, in whole seconds."""

    def sleep(self, seconds: float, mailbox: Waited | None = None) -> None:
        """Let time pass; return early when woken by a signal, or when mail may have arrived in `mailbox`."""

    def stopping(self) -> bool:
        """Tell whether the process was asked to end."""
