"""A connection that listens for news of its folder while others are waited for, too."""

from collections.abc import Mapping
from typing import Final

from followupd.imap.extensions import Extension, agreed
from followupd.imap.trouble import TROUBLE, explain
from followupd.imap.wire import Woken
from followupd.imap.writing import Writing

_NEW: Final = b"(MessageNew MessageExpunge)"
"""Events of RFC 5465, section 5; the one is not to be had without the other."""


class Listening(Writing):
    """A session whose IDLE is left open, and ends with the next command."""

    _heeded: frozenset[bytes] = frozenset()

    @property
    def ear(self) -> int | None:
        """The file descriptor to watch while the session listens; None while it does not."""
        return self._wire.ear if self._wire is not None and self.usable else None

    def listen(self) -> bool:
        """Begin IDLE in the open folder and come back; False if the server will not let us (it is not asked again)."""
        with self._talk("waiting for mail") as wire:
            self.idles = wire.listen()
        return self.idles

    def heed(self, folders: Mapping[bytes, int]) -> None:
        """Let the server tell of new mail in these folders, from the UIDNEXT on that each was read up to (RFC 5465).

        Where it will not, only time brings them to be looked into; it is not asked again.
        """
        if Extension.NOTIFY not in self._usable or folders.keys() <= self._heeded:
            return
        names = b" ".join(self._name(folder) for folder in folders)
        events = b"(selected-delayed %s) (mailboxes (%s) %s)" % (_NEW, names, _NEW)
        with self._talk("asking to be told of folders") as wire, self._extras.beginning(Extension.NOTIFY):
            wire.heeded = {self._spelling.write(folder): uidnext for folder, uidnext in folders.items()}
            told, _ = agreed(wire, "NOTIFY", b"SET STATUS " + events)
        if told:
            self._heeded = frozenset(folders)
            self._in_use |= {Extension.NOTIFY}
        else:
            wire.heeded = None
            self._usable -= {Extension.NOTIFY}
            self._extras.leave(Extension.NOTIFY)

    def take_news_elsewhere(self) -> bool:
        """Tell whether a folder that is heeded has grown since it was last asked this."""
        wire = self._open()
        grown, wire.elsewhere = wire.elsewhere, False
        return grown

    def heard(self) -> bool:
        """Tell, without waiting, whether a session that listens has heard of news."""
        try:
            woken = self._open().heard()
        except TROUBLE as error:
            self._broke("waiting for mail", error)
            raise explain(error, self._server, "waiting for mail") from error
        self.idles = woken is not Woken.REFUSED
        return woken is Woken.NEWS
