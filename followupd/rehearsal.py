"""What stands in for mailbox and postman in a dry run: all is read and decided as ever, and nothing is changed."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from followupd.core.instants import Instant
    from followupd.core.model import Cursor, Draft, Folder, Lying, RawMessage, Receipt, Shelf, Sought
    from followupd.imap.mailbox import ImapMailbox
    from followupd.ports import Page


class ReadingMailbox:
    """A mailbox that nothing is written to."""

    def __init__(self, mailbox: "ImapMailbox") -> None:
        self._mailbox = mailbox

    def folders(self) -> "tuple[Folder, ...]":
        """List the folders to read."""
        return self._mailbox.folders()

    def unwatched(self) -> "tuple[Folder, ...]":
        """List folders of the user's own that are not read."""
        return self._mailbox.unwatched()

    def newer_than(self, folder: "Folder", cursor: "Cursor | None") -> "Iterator[Page]":
        """Read what came after `cursor`."""
        return self._mailbox.newer_than(folder, cursor)

    def whole(self, folder: "Folder", uids: "Collection[int]") -> "Iterator[RawMessage]":
        """Fetch messages with their bodies."""
        return self._mailbox.whole(folder, uids)

    def find_sent(self, *message_ids: str) -> "RawMessage | None":
        """Look for a message in Sent."""
        return self._mailbox.find_sent(*message_ids)

    def search(self, folder: "Folder", sought: "Sought") -> "Iterator[RawMessage]":
        """Look for messages."""
        return self._mailbox.search(folder, sought)

    def file_sent(self, raw: bytes, at: "Instant") -> None:
        """Leave Sent as it is."""

    def trays(self, wanted: "Collection[tuple[str, ...]]") -> "tuple[tuple[tuple[str, ...], Folder], ...]":  # noqa: ARG002
        """Give the folders that are there, and make none."""
        return self._mailbox.trays(())

    def lying_in(self, tray: "Folder", besides: "Collection[int]" = ()) -> "Iterator[RawMessage]":
        """Read what lies in a folder."""
        return self._mailbox.lying_in(tray, besides)

    def put_back(self, tray: "Folder", uid: int) -> None:
        """Leave Sent as it is."""

    def remove(self, tray: "Folder", uids: "Collection[int]") -> None:
        """Leave the folder as it is."""

    def drafts(self, to: "Collection[str]", uids: "Collection[int]") -> "Shelf | None":
        """Look into the folder for drafts."""
        return self._mailbox.drafts(to, uids)

    def put_draft(self, raw: bytes, at: "Instant") -> "Lying | None":
        """Put none there."""

    def take_draft(self, lying: "Lying") -> bool:
        """Take none out, as if it were done."""
        return bool(lying)

    def news(self) -> bool:
        """Tell whether something may have arrived."""
        return self._mailbox.news()

    @property
    def ear(self) -> int | None:
        """The file descriptor to watch."""
        return self._mailbox.ear

    def wait(self, seconds: float, wake: int) -> None:
        """Wait until something may have arrived."""
        self._mailbox.wait(seconds, wake)

    def close(self) -> None:
        """Log out."""
        self._mailbox.close()


class NotingPostman:
    """A postman that takes every letter, notes it and sends none."""

    def __init__(self) -> None:
        self.noted: list[Draft] = []

    def address(self, draft: "Draft") -> "NotedEnvelope":
        """Take a letter."""
        return NotedEnvelope(draft, self.noted)


class NotedEnvelope:
    """A letter that will be noted instead of being sent."""

    def __init__(self, draft: "Draft", noted: "list[Draft]") -> None:
        self._draft = draft
        self._noted = noted

    def deliver(self) -> "Receipt":
        """Note the letter."""
        from followupd.core.model import Accepted

        self._noted.append(self._draft)
        return Accepted(text="noted, not sent: a dry run")

    def withdraw(self) -> None:
        """Forget the letter."""
