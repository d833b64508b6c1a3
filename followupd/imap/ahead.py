"""A command whose answer is wanted next may be sent early: the server works at it while what came before is digested.

There are never two commands in flight: whatever is asked next, the early answer is read to its end first, and kept for
whoever asks for it. Only an OK counts; after any other answer the command is sent once more when its turn comes.
"""

# A deadline of a socket has nothing to do with the time that followupd reasons about, so it needs no Clock.
from time import monotonic  # noqa: TID251
from typing import TYPE_CHECKING, Any

from followupd.imap.notified import NotifiedWire


class AheadWire(NotifiedWire):
    """A wire on which one FETCH may have been sent before its turn; nothing of it shows but the time that it saves."""

    _sent: tuple[bytes, tuple[str, ...]] | None = None
    _early: tuple[tuple[str | bytes, ...], list[Any], list[Any]] | None = None

    if TYPE_CHECKING:

        def _get_tagged_response(self, tag: bytes) -> tuple[str, list[Any]]: ...

    def ask_ahead(self, *command: str) -> None:
        """Send a FETCH that `ask` will be asked for later."""
        self._early = None
        self._sent = (self._command(*command), command)

    def select(self, mailbox: str = "INBOX", readonly: bool = False) -> tuple[str, list[bytes | None]]:
        """Open a folder; an early answer from the one before is forgotten."""
        self._early = None
        return super().select(mailbox, readonly)

    def begin(self, seconds: float) -> None:
        """Start a command, as every wire does; an early answer is read within the same time before."""
        if self._sent is not None:
            self._deadline = monotonic() + seconds
            (tag, command), self._sent = self._sent, None
            typ, data = self._get_tagged_response(tag)
            if typ == "OK":
                self._early = (command, data, self.untagged_responses.get("FETCH", []))
        super().begin(seconds)

    def ask(self, name: str, *args: str | bytes, response: str = "") -> tuple[str, list[Any]]:
        """Send a command, as every wire does, unless its answer came early."""
        if self._early is None or self._early[0] != (name, *args):
            return super().ask(name, *args, response=response)
        (_, data, fetched), self._early = self._early, None
        self.untagged_responses["FETCH"] = fetched
        return "OK", data

    def stale(self) -> bool:
        """Tell whether the server has ended the connection; what it says while it answers is for `begin` to read."""
        return self._sent is None and super().stale()
