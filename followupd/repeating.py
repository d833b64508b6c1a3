"""What is found again and again, in every round perhaps, goes into the log once a day, or as soon as it is another."""

import logging
from datetime import timedelta
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from followupd.core.instants import Instant

_DAILY: Final = timedelta(days=1)


class Repeating:
    """Remembers what was told of each topic, as long as the process runs."""

    def __init__(self) -> None:
        self._said: dict[str, tuple[str, Instant]] = {}

    def level(self, level: int, topic: str, text: str, now: "Instant") -> int:
        """Give the level at which something is to be told: `level`, or that for debugging if it was told today."""
        before, at = self._said.get(topic, ("", now))
        if text == before and timedelta() <= now - at < _DAILY:
            return logging.DEBUG
        self._said[topic] = (text, now)
        return level

    def over(self, topic: str) -> None:
        """Forget a topic: the next time it is news again."""
        self._said.pop(topic, None)
