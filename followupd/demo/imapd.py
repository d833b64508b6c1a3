"""An IMAP server with one user's mailbox in memory: messages are kept byte for byte, with the date they arrived on.

pymap does the work; it is reached only from here. All of it belongs to the event loop that `serve` runs on.
"""

import asyncio
from argparse import Namespace
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from typing import Final

from followupd.core.instants import Instant

HOST: Final = "127.0.0.1"
FOLDERS: Final = ("Sent", "Junk", "Archive")
"""The folders there are besides INBOX; pymap has no SPECIAL-USE (RFC 6154), so that they are known by their names."""

_Callback = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]
_Append = Callable[[str, bytes, Instant], Awaitable[None]]


class Imapd:
    """A running server; made by `serve`."""

    def __init__(self, port: int, append: _Append) -> None:
        self.port = port
        self._append = append

    async def deliver(self, raw: bytes, at: Instant, folder: str = "INBOX") -> None:
        """Put a message into a folder, with `at` as its INTERNALDATE (RFC 9051, section 2.3.3)."""
        await self._append(folder, raw, at)


async def serve(stack: AsyncExitStack, user: str, password: str) -> Imapd:
    """Start a server on a free port of the loopback; it ends with `stack`."""
    from proxyprotocol.reader import ProxyProtocolReader
    from pymap.backend.dict import DictBackend
    from pymap.backend.dict.filter import FilterSet
    from pymap.backend.dict.mailbox import MailboxSet
    from pymap.imap import IMAPServer
    from pymap.parsing.message import AppendMessage

    arguments = Namespace(
        demo_data=False, demo_user=user, demo_password=password, host=HOST, port=0, debug=False, cert=None, key=None,
        passlib_cfg=None, tls=False, proxy_protocol=None, inherited_sockets=None,
    )  # fmt: skip
    backend, config = await DictBackend.init(arguments, invalid_user_sleep=0)
    config.apply_context()
    mailboxes = MailboxSet()
    for folder in FOLDERS:
        await mailboxes.add_mailbox(folder)
    config.set_cache[user] = (mailboxes, FilterSet())
    proxied = ProxyProtocolReader(config.proxy_protocol).get_callback(IMAPServer(backend.login, config))
    connections = _Connections(proxied)
    server = await asyncio.start_server(connections.serve, HOST, 0)
    stack.push_async_callback(connections.end)
    stack.callback(server.close)

    async def append(folder: str, raw: bytes, at: Instant) -> None:
        mailbox = await mailboxes.get_mailbox(folder)
        await mailbox.append(AppendMessage(raw, at), recent=True)

    return Imapd(server.sockets[0].getsockname()[1], append)


class _Connections:
    """Keeps the task of each connection: the loop of Python 3.13 drops one that nobody holds while it waits in IDLE."""

    def __init__(self, callback: _Callback) -> None:
        self._callback = callback
        self._alive: set[asyncio.Task[None]] = set()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Talk to one client until it goes away."""
        task = asyncio.current_task()
        assert task is not None
        self._alive.add(task)
        try:
            await self._callback(reader, writer)
        except (ConnectionError, EOFError):
            return
        finally:
            self._alive.discard(task)

    async def end(self) -> None:
        """Break off what is still being said."""
        tasks = list(self._alive)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
