"""The one reader of the wall clock; a process that is asked to end does so within two seconds, whatever it waits for.

Ending hard is safe here: every step is written down before the next one is taken, so that being killed anywhere loses
nothing and repeats nothing. The first SIGTERM or SIGINT therefore only asks; 1.2 seconds later `Stopped` is raised
wherever the main thread stands. Handlers in Python run between two steps of Python. A signal that comes after the last
step before a wait runs none until the wait is over, and a main thread that waits in C (for the address of a host, say)
hears of none at all: a thread of its own ends the wait, and the process if that was not enough.
"""

import os
import select
import signal
from collections.abc import Callable
from datetime import UTC, datetime
from threading import Event, Thread
from types import FrameType
from typing import TYPE_CHECKING, Final

from followupd.core.instants import Instant

if TYPE_CHECKING:
    from followupd.ports import Waited

GRACE: Final = 1.2
"""Seconds from the first signal to `Stopped`."""
LAST: Final = 1.8
"""Seconds from the first signal to the end of the process."""
LONGEST: Final = 86_400.0
"""Seconds; whoever wants to wait longer asks again."""

_HANDLED: Final = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGALRM)
_Handler = Callable[[int, FrameType | None], object] | int | None


class Stopped(BaseException):
    """The process was asked to end and took too long; like KeyboardInterrupt, no `except Exception` catches it."""


class SystemClock:
    """The time of this machine. Its methods may be called from one thread, `wake` from any."""

    def __init__(self) -> None:
        self._stopping = False
        self._to_reread = False
        self._pipe: tuple[int, int] | None = None
        self._before: dict[signal.Signals, _Handler] = {}
        self._watch: tuple[int, int, Thread] | None = None
        self._released = Event()

    def now(self) -> Instant:
        """Tell the time, in whole seconds."""
        return datetime.now(UTC).replace(microsecond=0)

    def sleep(self, seconds: float, mailbox: "Waited | None" = None) -> None:
        """Wait at most `seconds` (a day at the longest); less when woken, or when mail may have arrived in `mailbox`.

        A wake-up that came before the call counts: it ends the wait at once. Raises what `mailbox.wait` raises.
        """
        reader, _ = self._wakers()
        seconds = min(max(seconds, 0.0), LONGEST)
        if not self._stopping:
            if mailbox is None:
                select.select([reader], [], [], seconds)
            else:
                mailbox.wait(seconds, reader)
        self._forget_wake_ups(reader)

    def stopping(self) -> bool:
        """Tell whether the process was asked to end."""
        return self._stopping

    def asked_to_reread(self) -> bool:
        """Tell, once, whether SIGHUP came: the config is to be read anew."""
        asked, self._to_reread = self._to_reread, False
        return asked

    def wake(self) -> None:
        """End the wait that is going on, or else the next one."""
        try:
            os.write(self._wakers()[1], b"\0")
        except BlockingIOError:
            return  # full of wake-ups that nobody has waited for yet

    def install_signals(self) -> None:
        """Let SIGTERM and SIGINT end the process, SIGHUP have the config read anew; only from the main thread."""
        self._wakers()
        reader, writer = os.pipe()
        os.set_blocking(writer, False)
        self._released = Event()
        thread = Thread(target=self._end_in_time, args=(reader, self._released), name="last resort", daemon=True)
        self._watch = (signal.set_wakeup_fd(writer, warn_on_full_buffer=False), writer, thread)
        thread.start()
        for number, handler in zip(_HANDLED, (self._stop, self._stop, self._reread, self._overdue), strict=True):
            self._before[number] = signal.signal(number, handler)

    def restore_signals(self) -> None:
        """Put back what was before `install_signals`; a stop that was on its way no longer ends the process.

        Nothing is left open: whoever runs the command line in a process of their own may do so a thousand times.
        """
        signal.setitimer(signal.ITIMER_REAL, 0)
        for number, handler in self._before.items():
            signal.signal(number, handler)
        self._before.clear()
        if self._watch is not None:
            before, writer, thread = self._watch
            self._watch = None
            signal.set_wakeup_fd(before)
            self._released.set()
            os.close(writer)
            thread.join()  # it writes to the pipe that is closed next
        if self._pipe is not None:
            for end in self._pipe:
                os.close(end)
            self._pipe = None

    def _stop(self, number: int, _frame: FrameType | None) -> None:
        again, self._stopping = self._stopping, True
        if not again:
            signal.setitimer(signal.ITIMER_REAL, GRACE)
        elif number == signal.SIGINT:
            raise Stopped

    def _reread(self, _number: int, _frame: FrameType | None) -> None:
        self._to_reread = True

    def _overdue(self, _number: int, _frame: FrameType | None) -> None:
        if self._stopping:
            raise Stopped

    def _end_in_time(self, reader: int, released: Event) -> None:
        """End the wait at every signal: Python's own handler in C writes its number until the pipe is closed.

        A signal that asks to end ends the process, unless it is `released` in time (signal.set_wakeup_fd).
        """
        try:
            while number := os.read(reader, 1):
                self.wake()
                if number[0] in {signal.SIGTERM, signal.SIGINT} and not released.wait(LAST):
                    os._exit(0)
        finally:
            os.close(reader)

    def _wakers(self) -> tuple[int, int]:
        """Give the two ends of a pipe: a wait watches the one, whoever wakes writes to the other."""
        if self._pipe is None:
            self._pipe = os.pipe()
            for end in self._pipe:
                os.set_blocking(end, False)
        return self._pipe

    def _forget_wake_ups(self, reader: int) -> None:
        try:
            while len(os.read(reader, 4096)) == 4096:
                pass
        except BlockingIOError:
            return
