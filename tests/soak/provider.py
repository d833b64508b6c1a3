"""The mail provider of the soak: embedded servers behind gates that are shut and cut, and that refuse letters."""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any, Final

from followupd.core.instants import Instant
from tests.servers.embedded import EmbeddedServers
from tests.servers.mailbox import HOST

_PATIENCE: Final = 30.0


class Gate:
    """A way to a port, on the event loop: open or shut; `cut_after` so many bytes from the server it breaks, once."""

    def __init__(self, target: int) -> None:
        self.shut = False
        self.cut_after: int | None = None
        self.port = 0
        self._target = target
        self._open: set[asyncio.StreamWriter] = set()

    async def begin(self) -> None:
        """Listen on a port of its own."""
        server = await asyncio.start_server(self._serve, HOST, 0)
        self.port = server.sockets[0].getsockname()[1]
        self._server = server

    async def end(self) -> None:
        """Listen no more."""
        self._server.close()
        self.break_off()

    def break_off(self) -> None:
        """Cut whatever is connected."""
        for writer in self._open:
            writer.transport.abort()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self.shut:
            writer.transport.abort()
            return
        back, there = await asyncio.open_connection(HOST, self._target)
        self._open |= {writer, there}
        try:
            await asyncio.gather(self._pass_on(reader, there, 0), self._pass_on(back, writer, 1))
        finally:
            self._open -= {writer, there}

    async def _pass_on(self, source: asyncio.StreamReader, target: asyncio.StreamWriter, counts: int) -> None:
        with suppress(ConnectionError):
            while data := await source.read(65536):
                if counts and self.cut_after is not None:
                    self.cut_after -= len(data)
                    if self.cut_after < 0:
                        target.write(data[: self.cut_after])
                        self.cut_after = None
                        await target.drain()
                        self.break_off()
                        return
                target.write(data)
                await target.drain()
        target.close()


class Provider(EmbeddedServers):
    """One user's provider; every letter is shown to `took` the moment the server has it, and lost where it likes to be.

    `at_rcpt` and `after_data` are what the server answers there instead of 250; `loses` so many answers after the data.
    """

    def __init__(self, me: str, now: Callable[[], Instant], took: Callable[[str, bytes], None]) -> None:
        super().__init__()
        self.me, self.now = me, now
        self.at_rcpt = self.after_data = ""
        self.loses = self.digests = 0
        self._took = took
        self._gates: tuple[Gate, ...] = ()

    def open(self) -> None:
        """Make the user's mailbox and the gates."""
        self.add_user(self.me)
        self.imap_gate, self.smtp_gate = self._gates = Gate(self.imap_port), Gate(self.smtp_port)
        for gate in self._gates:
            self._soon(gate.begin())

    def __exit__(self, *raised: object) -> None:
        for gate in self._gates:
            self._soon(gate.end())
        super().__exit__(*raised)

    def arrive(self, messages: Sequence[bytes]) -> None:
        """Put messages into the inbox, all before anybody hears of the first."""

        async def all_at_once() -> None:
            for raw in messages:
                await self._append(self.me, raw)

        self._soon(all_at_once())

    def tidy(self, keep: int, most: int) -> None:
        """Do what a user does now and then: of inbox and Sent move all but the newest `keep` to the archive.

        The oldest there are deleted, so that `most` stay: what this server does takes longer the more it has.
        """

        async def move() -> None:
            mailboxes = self._config.set_cache[self.me][0]
            archive = await mailboxes.get_mailbox("Archive")
            for name in ("INBOX", "Sent"):
                folder = await mailboxes.get_mailbox(name)
                for uid in list(folder._messages)[:-keep]:
                    await folder.move(uid, archive)
            await archive.delete(list(archive._messages)[:-most])

        self._soon(move())

    def break_off(self, gate: Gate) -> None:
        """Cut all connections through a gate."""
        self._loop.call_soon_threadsafe(gate.break_off)

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:  # noqa: N802  aiosmtpd's name
        if self.at_rcpt and address != self.me:
            return self.at_rcpt
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802  aiosmtpd's name
        [recipient] = envelope.rcpt_tos
        if recipient == self.me:
            self.digests += 1
            await self._append(self.me, envelope.original_content)
            return "250 2.0.0 OK"
        if self.after_data:
            return self.after_data
        self._took(recipient, envelope.original_content)
        if self.loses:
            self.loses -= 1
            server.transport.abort()
        return "250 2.0.0 OK"

    def _soon(self, job: Any) -> Any:
        return asyncio.run_coroutine_threadsafe(job, self._loop).result(_PATIENCE)
