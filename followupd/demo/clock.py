"""A clock for a story: sleeping moves the time, and lets what comes meanwhile come as it does in life.

A sleep ends early at the instant at which mail arrives or the user does something. For mail the mailbox is waited on
for real then, so that the daemon's own IDLE (RFC 2177) is what notices; only the time that passes is told.
"""

import math
import os
from contextlib import suppress
from datetime import timedelta
from typing import TYPE_CHECKING, Final, Protocol

from followupd.core.instants import Instant
from followupd.ports import Waited

if TYPE_CHECKING:
    from followupd.demo.world import World

NOTICE: Final = 2.0
"""Real seconds in which a mailbox may notice that mail has arrived; it takes milliseconds."""
LONGEST: Final = 20.0
"""Real seconds that the world may take to deliver; as many as a very busy machine needs."""


class Audience(Protocol):
    """Who watches the story from beside the daemon, and may act in it."""

    def next_at(self) -> Instant | None:
        """Tell when they will act next; None if never."""

    def look(self, now: Instant) -> None:
        """See what the last round did, and act if it is time to; called before each sleep, and when it is time."""


class SimClock:
    """Tells the time of a story that goes from `begins` to `ends`, in `world`, before its `audience` where it has one.

    `stop` may be called from a signal handler; everything else belongs to one thread.
    """

    def __init__(self, world: "World", *, begins: Instant, ends: Instant) -> None:
        self.audience: Audience | None = None
        self._world = world
        self._now, self._ends = begins, ends
        self._stopped = False
        self._reader, self._writer = os.pipe()

    def now(self) -> Instant:
        """Tell the time of the story, in whole seconds."""
        return self._now

    def sleep(self, seconds: float, mailbox: Waited | None = None) -> None:
        """Move the time on by `seconds`, rounded up and at least one, or to whatever happens sooner."""
        self._look()
        if self.stopping():
            return
        coming = self._world.next_at()
        acting = self.audience.next_at() if self.audience is not None else None
        longest = self._now + timedelta(seconds=max(1, math.ceil(seconds)))
        self._now = max(self._now, min(at for at in (longest, self._ends, coming, acting) if at is not None))
        arriving = self._world.advance(self._now)
        if mailbox is not None and coming is not None and coming <= self._now:
            mailbox.wait(NOTICE, self._reader)
        arriving.result(LONGEST)
        if self.stopping() or (acting is not None and acting <= self._now):
            self._look()

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

    def _look(self) -> None:
        if self.audience is not None:
            self.audience.look(self._now)
