"""A connection that listens for news of its folder while others are waited for, too."""

from followupd.imap.trouble import TROUBLE, explain
from followupd.imap.wire import Woken
from followupd.imap.writing import Writing


class Listening(Writing):
    """A session whose IDLE is left open, and ends with the next command."""

    @property
    def ear(self) -> int | None:
        """The file descriptor to watch while the session listens; None while it does not."""
        return self._wire.ear if self._wire is not None and self.usable else None

    def listen(self) -> bool:
        """Begin IDLE in the open folder and come back; False if the server will not let us (it is not asked again)."""
        with self._talk("waiting for mail") as wire:
            self.idles = wire.listen()
        return self.idles

    def heard(self) -> bool:
        """Tell, without waiting, whether a session that listens has heard of news."""
        try:
            woken = self._open().heard()
        except TROUBLE as error:
            self._broke("waiting for mail", error)
            raise explain(error, self._server, "waiting for mail") from error
        self.idles = woken is not Woken.REFUSED
        return woken is Woken.NEWS
