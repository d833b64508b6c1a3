"""A clock for a story: sleeping moves the time, and lets what comes meanwhile arrive as it does in life.

A sleep ends early when mail arrives, at the instant at which it does. The mailbox is waited on for real then, so that
the daemon's own IDLE (RFC 2177) is what notices; only the time that passes is told.
"""

import math
import os
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from followupd.core.instants import Instant
from followupd.ports import Mailbox

if TYPE_CHECKING:
    from followupd.demo.world import World

NOTICE: Final = 2.0
"""Real seconds in which a mailbox has to notice that mail has arrived; it takes milliseconds."""


class SimClock:
    """Tells the time of a story that goes from `begins` to `ends`; `before_sleep` sees each round's work, and when.

    `stop` may be called from a signal handler; everything else belongs to one thread.
    """

    def __init__(
        self, world: "World", *, begins: Instant, ends: Instant, before_sleep: Callable[[Instant], None]
    ) -> None:
        self._world = world
        self._now, self._ends = begins, ends
        self._before_sleep = before_sleep
        self._stopped = False
        self._reader, self._writer = os.pipe()

    def now(self) -> Instant:
        """Tell the time of the story, in whole seconds."""
        return self._now

    def sleep(self, seconds: float, mailbox: Mailbox | None = None) -> None:
        """Move the time on by `seconds`, rounded up and at least one, or to the next message if that comes sooner."""
        self._before_sleep(self._now)
        if self.stopping():
            return
        until = min(self._now + timedelta(seconds=max(1, math.ceil(seconds))), self._ends)
        coming = self._world.next_at()
        self._now = until if coming is None else max(self._now, min(until, coming))
        if coming is not None and coming <= self._now:
            arriving = self._world.advance(self._now)
            if mailbox is not None:
                mailbox.wait(NOTICE, self._reader)
            arriving.result(NOTICE)
        else:
            self._world.advance(self._now).result(NOTICE)

    def stopping(self) -> bool:
        """Tell whether the story is over, or somebody has had enough of it."""
        return self._stopped or self._now >= self._ends

    def stop(self) -> None:
        """End the story here."""
        self._stopped = True
        os.write(self._writer, b"\0")

    def close(self) -> None:
        """Give back what the clock took from the system."""
        for end in (self._reader, self._writer):
            with suppress(OSError):
                os.close(end)
