"""pymap and aiosmtpd on one event loop in a thread: mail servers for everywhere, without TLS, Sieve and queues."""

import argparse
import asyncio
import threading
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Self

from tests.servers.mailbox import PASSWORD, Endpoint, Mailboxes, submit
from tests.servers.private import USERS

if TYPE_CHECKING:
    from collections.abc import Callable

_FOLDERS = ("Sent", "Drafts", "Junk", "Archive")


class EmbeddedServers(Mailboxes):
    """Every accepted letter is in `taken`, as (sender, recipient, bytes), in the order of arrival.

    `now` is the servers' clock, by which what arrives is dated.
    """

    def __init__(self) -> None:
        self.now: Callable[[], datetime] = lambda: datetime.now(UTC)
        self.taken: list[tuple[str, str, bytes]] = []
        self._passwords: dict[str, str] = {}
        self._ready = threading.Event()
        self._trouble: BaseException | None = None
        self._thread = threading.Thread(target=self._run, name="embedded servers", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        assert self._ready.wait(20)
        if self._trouble:
            raise self._trouble
        self.imap = Endpoint(port=self.imap_port, security="none")
        self.smtp = Endpoint(port=self.smtp_port, security="none")
        for user in USERS:
            self.add_user(user)
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(10)

    def add_user(self, address: str, password: str = PASSWORD) -> str:
        """Make a mailbox with the usual folders."""
        asyncio.run_coroutine_threadsafe(self._add_user(address, password), self._loop).result(10)
        return address

    def deliver(self, address: str, raw: bytes, *, mail_from: str = "") -> None:
        """Put a message into INBOX."""
        asyncio.run_coroutine_threadsafe(self._append(address, raw), self._loop).result(10)

    def send(self, mail_from: str, rcpt_to: str, raw: bytes) -> None:
        """Let a user submit a message."""
        submit(self.smtp, mail_from, rcpt_to, raw)

    def _run(self) -> None:
        try:
            asyncio.run(self._serve())
        except BaseException as error:  # noqa: BLE001  it is raised again in the thread that waits
            self._trouble = error
        finally:
            self._ready.set()

    async def _serve(self) -> None:
        from aiosmtpd.smtp import SMTP
        from proxyprotocol.reader import ProxyProtocolReader
        from pymap.backend.dict import Config, DictBackend, Login
        from pymap.imap import IMAPServer
        from pysasl.hashing import BuiltinHash

        arguments = argparse.Namespace(
            demo_data=False, demo_user="nobody", demo_password="x", host="127.0.0.1", port=0, debug=False,
            cert=None, key=None, passlib_cfg=None, tls=False, proxy_protocol=None, inherited_sockets=None,
        )  # fmt: skip
        quick = BuiltinHash(rounds=1)  # half a million rounds for each login would be most of a test's time
        self._config = Config.from_args(arguments, invalid_user_sleep=0, hash_context=quick)
        self._config.apply_context()
        self._login = Login(self._config)
        self._loop, self._stop = asyncio.get_running_loop(), asyncio.Event()
        async with AsyncExitStack() as stack:
            await DictBackend(self._login, self._config).start(stack)
            reader = ProxyProtocolReader(self._config.proxy_protocol)
            imap = await asyncio.start_server(
                _held(reader.get_callback(IMAPServer(self._login, self._config))), "127.0.0.1", 0
            )
            smtp = await self._loop.create_server(
                lambda: SMTP(
                    self,
                    enable_SMTPUTF8=True,
                    auth_require_tls=False,
                    authenticator=self._authenticate,
                    hostname="mx.followupd.test",
                ),
                "127.0.0.1",
                0,
            )
            self.imap_port = imap.sockets[0].getsockname()[1]
            self.smtp_port = smtp.sockets[0].getsockname()[1]
            self._ready.set()
            await self._stop.wait()
            smtp.close()
            imap.close()
            for task in asyncio.all_tasks() - {asyncio.current_task()}:
                task.cancel()

    async def _add_user(self, address: str, password: str) -> None:
        from pymap.backend.dict.filter import FilterSet
        from pymap.backend.dict.mailbox import MailboxSet
        from pymap.user import Passwords, UserMetadata

        identity = await self._login.authorize(self._login.demo_user_identity, "nobody")
        identity._name = address
        hashed = await Passwords(self._config).hash_password(password)
        await identity.set(UserMetadata(self._config, address, password=hashed))
        mailboxes = MailboxSet()
        for folder in _FOLDERS:
            await mailboxes.add_mailbox(folder)
        self._config.set_cache[address] = (mailboxes, FilterSet())
        self._passwords[address] = password

    async def _append(self, address: str, raw: bytes) -> None:
        from pymap.parsing.message import AppendMessage

        inbox = await self._config.set_cache[address][0].get_mailbox("INBOX")
        await inbox.append(AppendMessage(raw, self.now(), frozenset()), recent=True)

    def _authenticate(self, server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> Any:
        from aiosmtpd.smtp import AuthResult

        known = self._passwords.get(getattr(data, "login", b"").decode())
        return AuthResult(success=known == getattr(data, "password", b"").decode(), handled=False)

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:  # noqa: N802  aiosmtpd's name
        if self._mailbox_of(address) not in self._passwords:
            return f"550 5.1.1 <{address}>: Recipient address rejected: User unknown"
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802  aiosmtpd's name
        raw = envelope.original_content
        for recipient in envelope.rcpt_tos:
            self.taken.append((envelope.mail_from, recipient, raw))
            await self._append(self._mailbox_of(recipient), raw)
        return "250 2.0.0 OK"

    @staticmethod
    def _mailbox_of(address: str) -> str:
        local, _, domain = address.lower().rpartition("@")
        return f"{local.partition('+')[0]}@{domain}"


def _held(callback: Any) -> Any:
    """Keep a connection's task alive: Python 3.13 collects one that nobody holds while it waits in IDLE."""
    alive: set[Any] = set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        alive.add(task)
        try:
            await callback(reader, writer)
        except (ConnectionError, EOFError):
            pass  # the client went away
        finally:
            alive.discard(task)

    return serve
