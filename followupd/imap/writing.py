"""What is changed in a mailbox: the copy of a letter is filed, and the folder for it made where there is none."""

from followupd.core.instants import Instant
from followupd.imap import responses
from followupd.imap.extensions import Extension, append_utf8
from followupd.imap.session import Session
from followupd.imap.trouble import plain


class Writing(Session):
    """A session that may change what is in the mailbox."""

    def make_sent(self) -> None:
        """Make the folder "Sent" where the user's folders are (RFC 2342), marked (RFC 6154) and subscribed to."""
        prefix = b""
        if "NAMESPACE" in self.capabilities:
            with self._talk("asking where folders are") as wire:
                typ, data = wire.ask("NAMESPACE", response="NAMESPACE")
            prefix = responses.personal_prefix(data) if typ == "OK" else b""
        folder = self._name(prefix + b"Sent")
        use = ("(USE (\\Sent))",) if "CREATE-SPECIAL-USE" in self.capabilities else ()
        with self._talk("making a folder for sent mail") as wire:
            typ, data = wire.ask("CREATE", folder, *use)
            if typ == "OK":
                wire.ask("SUBSCRIBE", folder)
        if typ != "OK":
            raise self._say_no("to make a folder for sent mail", data)

    def append(self, folder: bytes, raw: bytes, at: Instant) -> None:
        """Put a message into a folder, marked as read, with `at` as its INTERNALDATE.

        Courier files nothing in the folder that is open for reading only: another one is opened, and not relied on.
        """
        if self.selected == folder:
            self.examine(b"INBOX")
            self.selected = None
        date, flags = responses.to_internal_date(at), r"(\Seen)"
        if Extension.UTF8 in self._in_use and not raw.partition(b"\r\n\r\n")[0].isascii():
            with self._talk("filing a letter", self._patience.long) as wire:
                if append_utf8(wire, self._name(folder), flags, date, raw):
                    return
        with self._talk("filing a letter", self._patience.long) as wire:
            typ, data = wire.append(self._name(folder), flags, date, raw)  # type: ignore[arg-type]
        if typ != "OK":
            raise self._say_no(f"to file a letter in the folder {plain(folder)}", data)
