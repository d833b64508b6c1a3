"""The world around the daemon: a mail server on the loopback, and mentors whose messages arrive when their time comes.

Nothing here knows the time of day. The world is told how late it is (`advance`), and mail that was due by then arrives.
Servers and mentors live on an event loop in a thread of their own; what is public may be called from any other thread.
"""

import asyncio
import heapq
import threading
from collections.abc import Callable, Coroutine, Mapping, Sequence
from concurrent.futures import Future
from contextlib import AsyncExitStack
from itertools import count
from typing import Final, Self, TypeVar

from followupd.core.instants import Instant
from followupd.demo import imapd, smtpd
from followupd.demo.answers import Coming, Delivered, read

PATIENCE: Final = 20.0
"""Seconds that anything on the loop may take."""
_T = TypeVar("_T")

Mentor = Callable[[Delivered], Sequence[Coming]]
"""What somebody makes of a letter: the messages to come, each with its instant."""


class World:
    """Servers for one user, `mentors` by address; a context manager. `now` is when the story begins."""

    def __init__(self, user: str, password: str, mentors: Mapping[str, Mentor], now: Instant) -> None:
        self._user, self._password = user, password
        self._mentors = mentors
        self._now = now
        self._coming: list[tuple[Instant, int, Coming]] = []
        self._numbers = count()
        self._letters: dict[str, list[Delivered]] = {address: [] for address in mentors}
        self._arrived: list[Coming] = []
        self._started: Future[None] = Future()
        self._thread = threading.Thread(target=self._run, name="demo world", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        self._started.result(PATIENCE)
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._ending.set)
        self._thread.join(PATIENCE)

    @property
    def letters(self) -> Mapping[str, Sequence[Delivered]]:
        """The letters that each mentor got, in order."""
        return self._letters

    @property
    def arrived(self) -> Sequence[Coming]:
        """The messages that the mailbox got, in order."""
        return self._arrived

    def next_at(self) -> Instant | None:
        """Tell when the next message is due; None if nobody is about to write."""
        return self._ask(self._next_at())

    def advance(self, now: Instant) -> Future[int]:
        """Let it be `now`, and let arrive what was due by then; the result is how many messages."""
        return asyncio.run_coroutine_threadsafe(self._advance(now), self._loop)

    def deliver(self, coming: Coming) -> None:
        """Put a message into the inbox at once, dated as it says."""
        self._ask(self._imapd.deliver(coming.raw, coming.at))

    # -- on the loop ---------------------------------------------------------------------------------------------------

    async def _next_at(self) -> Instant | None:
        return self._coming[0][0] if self._coming else None

    async def _advance(self, now: Instant) -> int:
        self._now = max(now, self._now)
        number = 0
        while self._coming and self._coming[0][0] <= now:
            _, _, coming = heapq.heappop(self._coming)
            await self._imapd.deliver(coming.raw, coming.at)
            self._arrived.append(coming)
            number += 1
        return number

    def _take(self, recipient: str, raw: bytes) -> None:
        """Bring a letter to its mentor; what is sent to nobody we know is lost, as it is in the world."""
        mentor = self._mentors.get(recipient.lower())
        if mentor is None:
            return
        letters = self._letters[recipient.lower()]
        letter = read(raw, at=self._now, number=len(letters) + 1)
        letters.append(letter)
        for coming in mentor(letter):
            heapq.heappush(self._coming, (coming.at, next(self._numbers), coming))

    # -- the thread ----------------------------------------------------------------------------------------------------

    def _ask(self, question: Coroutine[object, object, _T]) -> _T:
        return asyncio.run_coroutine_threadsafe(question, self._loop).result(PATIENCE)

    def _run(self) -> None:
        try:
            asyncio.run(self._serve())
        except Exception as error:  # noqa: BLE001  # raised again where somebody waits for the start
            if not self._started.done():
                self._started.set_exception(error)

    async def _serve(self) -> None:
        self._loop, self._ending = asyncio.get_running_loop(), asyncio.Event()
        async with AsyncExitStack() as stack:
            self._imapd = await imapd.serve(stack, self._user, self._password)
            self.imap_port = self._imapd.port
            self.smtp_port = await smtpd.serve(stack, self._user, self._password, self._take)
            self._started.set_result(None)
            await self._ending.wait()
