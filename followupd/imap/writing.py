"""What is changed in a mailbox: the copy of a letter is filed, folders of our own are made, and emptied.

No other folder loses anything.
"""

from collections.abc import Collection

from followupd.core.errors import UnreachableError
from followupd.core.instants import Instant
from followupd.imap import responses
from followupd.imap.extensions import Extension, agreed, append_utf8
from followupd.imap.session import Session
from followupd.imap.trouble import plain


class Writing(Session):
    """A session that may change what is in the mailbox."""

    def prefix(self) -> bytes:
        """Give what the names of the user's own folders begin with (RFC 2342)."""
        if "NAMESPACE" not in self.capabilities:
            return b""
        with self._talk("asking where folders are") as wire:
            typ, data = wire.ask("NAMESPACE", response="NAMESPACE")
        return responses.personal_prefix(data) if typ == "OK" else b""

    def make(self, folder: bytes) -> bool:
        """Make a folder, subscribed to; False if the server refuses."""
        with self._talk("making a folder") as wire:
            made, _ = agreed(wire, "CREATE", self._name(folder))
            if made:
                agreed(wire, "SUBSCRIBE", self._name(folder))
        return made

    def copy(self, uid: int, folder: bytes) -> None:
        """Copy a message of the open folder."""
        with self._talk("copying a letter", self._patience.long) as wire:
            typ, data = wire.ask("UID", "COPY", str(uid), self._name(folder))
        if typ != "OK":
            raise self._say_no(f"to copy a letter into the folder {plain(folder)}", data)

    def remove(self, folder: bytes, uids: Collection[int], uidvalidity: int) -> None:
        """Remove messages from a folder, and no others (UID EXPUNGE, RFC 4315, section 2.1).

        A server without UIDPLUS would remove, too, what others have marked as deleted: there a mark is all.
        """
        standing = self.examine(folder, reading=False)
        self.selected = None  # what is read is opened for reading only
        if standing.uidvalidity != uidvalidity:
            raise UnreachableError("the folder was made anew while it was being read", where=plain(folder))
        numbers = ",".join(map(str, sorted(uids)))
        with self._talk("removing letters", self._patience.long) as wire:
            typ, data = wire.ask("UID", "STORE", numbers, "+FLAGS.SILENT", r"(\Deleted)")
            if typ == "OK" and "UIDPLUS" in self.capabilities:
                typ, data = wire.ask("UID", "EXPUNGE", numbers)
        if typ != "OK":
            raise self._say_no(f"to remove letters from the folder {plain(folder)}", data)

    def make_sent(self) -> None:
        """Make the folder "Sent" where the user's folders are, marked (RFC 6154) and subscribed to."""
        folder = self._name(self.prefix() + b"Sent")
        use = ("(USE (\\Sent))",) if "CREATE-SPECIAL-USE" in self.capabilities else ()
        with self._talk("making a folder for sent mail") as wire:
            typ, data = wire.ask("CREATE", folder, *use)
            if typ == "OK":
                wire.ask("SUBSCRIBE", folder)
        if typ != "OK":
            raise self._say_no("to make a folder for sent mail", data)

    def append(self, folder: bytes, raw: bytes, at: Instant, flags: str = r"(\Seen)") -> bytes:
        """Put a message into a folder, with `at` as its INTERNALDATE; give what the server says of where it lies.

        Courier files nothing in the folder that is open for reading only: another one is opened, and not relied on.
        """
        if self.selected == folder:
            self.examine(b"INBOX")
            self.selected = None
        date = responses.to_internal_date(at)
        if Extension.UTF8 in self._in_use and not raw.partition(b"\r\n\r\n")[0].isascii():
            with self._talk("filing a letter", self._patience.long) as wire:
                if append_utf8(wire, self._name(folder), flags, date, raw):
                    return b""
        with self._talk("filing a letter", self._patience.long) as wire:
            typ, data = wire.append(self._name(folder), flags, date, raw)  # type: ignore[arg-type]
        if typ != "OK":
            raise self._say_no(f"to file a letter in the folder {plain(folder)}", data)
        return b" ".join(data)
