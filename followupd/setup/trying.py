"""Servers are tried until one answers, and a password that was refused is never offered again."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from followupd.core.connections import Server
from followupd.core.errors import LoginRefusedError, UnreachableError

Try = Callable[[Server, Callable[[], str]], str]
"""Logs in to a server with a password that is asked for when it is needed, and tells in a line what was found."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A server that took the login, and what it said; or none, and why not."""

    server: Server | None = None
    said: str = ""
    trouble: tuple[UnreachableError, ...] = ()


def mailbox(server: Server, password: Callable[[], str]) -> str:
    """Log in to a mailbox; raise UnreachableError (LoginRefusedError)."""
    from followupd.imap.mailbox import ImapMailbox
    from followupd.imap.patience import HURRIED

    box = ImapMailbox(server, password, None, HURRIED)
    try:
        return box.test()
    finally:
        box.close()


def postman(server: Server, password: Callable[[], str]) -> str:
    """Log in where letters leave; raise UnreachableError (LoginRefusedError)."""
    from followupd.smtp.postman import SmtpPostman
    from followupd.smtp.session import HURRIED

    return SmtpPostman(server, password, HURRIED).test()


@dataclass(slots=True)
class Trier:
    """Remembers what was refused, as digests that live as long as this process."""

    _refused: set[bytes] = field(default_factory=set)

    def first(self, servers: Sequence[Server], secret: str, attempt: Try) -> Found:
        """Try servers in order up to the first that comes to the login: if that one refuses it, no other is asked.

        Raises LoginRefusedError if the login was refused, now or before.
        """
        trouble = []
        for server in servers:
            came_to_login = False

            def password(server: Server = server) -> str:
                nonlocal came_to_login
                came_to_login = True
                self._beware(server, secret)
                return secret

            try:
                return Found(server=server, said=attempt(server, password))
            except LoginRefusedError:
                self._refused.add(_digest(server, secret))
                raise
            except UnreachableError as error:
                trouble.append(error)
                if came_to_login:
                    break
        return Found(trouble=tuple(trouble))

    def _beware(self, server: Server, secret: str) -> None:
        if _digest(server, secret) in self._refused:
            raise LoginRefusedError(
                "that is the password that was refused a moment ago, so it was not tried again",
                where=f"{server.host}:{server.port}",
                hint="give another one: many refusals in a row lock an account",
            )


def _digest(server: Server, secret: str) -> bytes:
    return hashlib.blake2b(f"{server.username}\0{secret}".encode()).digest()
