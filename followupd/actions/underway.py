"""Who reads a large mailbox for the first time hears now and then how far it is; a short look says nothing."""

import logging
from datetime import timedelta
from typing import Final

from followupd.ports import Clock

log = logging.getLogger(__name__)

EVERY: Final = timedelta(seconds=5)
"""How much time passes before it is told, and told again."""


class Reading:
    """One look through all folders; counts the messages that were read."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._told = clock.now()
        self._read = 0
        self._said = False

    def page(self, folder: str, messages: int) -> None:
        """Count the messages of a page."""
        self._read += messages
        now = self._clock.now()
        if messages and now - self._told >= EVERY:
            self._told, self._said = now, True
            log.info("reading the mailbox: %d messages so far, now in %s", self._read, folder)

    def ended(self) -> None:
        """Tell that the end was reached, if it was told that it takes long."""
        if self._said:
            log.info("the mailbox is read: %d messages", self._read)
