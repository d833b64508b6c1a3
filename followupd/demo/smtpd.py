"""An SMTP server that takes every letter of one user, and has handed it on before it says so.

aiosmtpd does the work; it is reached only from here.
"""

import asyncio
import logging
from collections.abc import Callable
from contextlib import AsyncExitStack
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session

HOST: Final = "127.0.0.1"
Take = Callable[[str, bytes], None]
"""What is done with an accepted letter: its recipient (RFC 5321, section 4.1.1.3) and the bytes after DATA."""


async def serve(stack: AsyncExitStack, user: str, password: str, take: Take) -> int:
    """Start a server on a free port of the loopback and give the port; it ends with `stack`."""
    from aiosmtpd.smtp import SMTP

    _quieten(stack)
    handler = _Handler(user, password, take)
    server = await asyncio.get_running_loop().create_server(
        lambda: SMTP(
            handler,
            hostname="mail.demo.example",
            ident="the demo's mail server",
            enable_SMTPUTF8=True,
            auth_require_tls=False,
            authenticator=handler.authenticate,
        ),
        HOST,
        0,
    )
    stack.callback(server.close)
    port: int = server.sockets[0].getsockname()[1]
    return port


def _quieten(stack: AsyncExitStack) -> None:
    """Keep aiosmtpd from logging a warning about its own code at each login."""
    log = logging.getLogger("mail.log")
    stack.callback(log.setLevel, log.level)
    log.setLevel(logging.ERROR)


class _Handler:
    """Answers for the server at the points where aiosmtpd asks."""

    def __init__(self, user: str, password: str, take: Take) -> None:
        self._login = (user.encode(), password.encode())
        self._take = take

    def authenticate(
        self,
        server: "SMTP",  # noqa: ARG002  # the shape is aiosmtpd's
        session: "Session",  # noqa: ARG002
        envelope: "Envelope",  # noqa: ARG002
        mechanism: str,  # noqa: ARG002
        data: object,
    ) -> "AuthResult":
        """Let the one user in."""
        from aiosmtpd.smtp import AuthResult, LoginPassword

        return AuthResult(success=isinstance(data, LoginPassword) and tuple(data) == self._login, handled=False)

    async def handle_DATA(self, server: "SMTP", session: "Session", envelope: "Envelope") -> str:  # noqa: ARG002, N802
        """Hand the letter on, once for each recipient."""
        raw = envelope.original_content
        assert raw is not None
        for recipient in envelope.rcpt_tos:
            self._take(recipient, raw)
        return "250 2.0.0 OK"
