"""A wire on which the server tells of new mail in folders that are not open (NOTIFY, RFC 5465), by STATUS responses.

Such a response may come with the answer to any command, and in IDLE. What it says is worth a look and no more: nothing
is taken to be read, or not there, because of it.
"""

import imaplib

from followupd.imap import responses
from followupd.imap.packed import PackedWire
from followupd.imap.wire import Woken

# imaplib refuses commands that it does not know
imaplib.Commands.setdefault("NOTIFY", ("AUTH", "SELECTED"))


class NotifiedWire(PackedWire):
    """`heeded` are folders, and the UIDNEXT that each was last seen with; `elsewhere` is set when one has risen."""

    heeded: dict[bytes, int] | None = None
    elsewhere = False

    def _append_untagged(self, typ: str, dat: object) -> None:
        if typ == "STATUS" and self.heeded is not None:
            self._note(self.heeded, dat)
            if self._idle is not None:  # nobody asked, and IDLE may last for long
                return
        super()._append_untagged(typ, dat)

    def _note(self, heeded: dict[bytes, int], dat: object) -> None:
        for name, numbers in responses.statuses([dat]):
            uidnext = numbers.get(b"UIDNEXT", 0)
            if uidnext > heeded.get(name, uidnext):
                heeded[name] = uidnext
                self.elsewhere = True

    def _told(self) -> Woken | None:
        told = super()._told()
        return Woken.NEWS if told is None and self.elsewhere else told
