"""Several mailboxes are waited for at once, as if they were one: one thread, one poll over all that listen."""

import select
from collections.abc import Mapping

# How long to wait has nothing to do with the time that followupd reasons about, so it needs no Clock.
from time import monotonic  # noqa: TID251
from typing import Final

from followupd.ports import Mailbox

TURN: Final = 60.0
"""Seconds after which every mailbox is asked although none has said anything: an IDLE must not get too old."""


class Ears:
    """Mailboxes by the names of their accounts; after a wait, `news` names those that have some.

    What went wrong with one is kept in `trouble` and disturbs no other.
    """

    def __init__(self, mailboxes: Mapping[str, Mailbox]) -> None:
        self._mailboxes = mailboxes
        self.news: set[str] = set()
        self.trouble: dict[str, Exception] = {}

    def wait(self, seconds: float, wake: int) -> None:
        """Wait until one of them may have news, or is in trouble, `seconds` have passed or `wake` is readable."""
        over = monotonic() + seconds
        asked = list(self._mailboxes)
        while True:
            for name in asked:
                self._ask(name)
            left = over - monotonic()
            if self.news or self.trouble or left <= 0:
                return
            listening = {box.ear: name for name, box in self._mailboxes.items() if box.ear is not None}
            poller = select.poll()
            for descriptor in (wake, *listening):
                poller.register(descriptor, select.POLLIN)
            found = [descriptor for descriptor, _ in poller.poll(min(left, TURN) * 1000)]
            if wake in found:
                return
            asked = [listening[descriptor] for descriptor in found] if found else list(self._mailboxes)

    def _ask(self, name: str) -> None:
        try:
            if self._mailboxes[name].news():
                self.news.add(name)
        except Exception as error:  # noqa: BLE001  # whoever runs it tells a bug from trouble
            self.trouble[name] = error
