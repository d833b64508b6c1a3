"""A connection on which a letter may go, its TLS checked and logged in, or a plain sentence that says why not.

No password leaves before the connection is protected, except to this machine itself (RFC 8314, section 4.3; RFC 3207).
"""

import base64
import ipaddress
import socket
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from followupd.core import sasl
from followupd.core.connections import SecretKind, Security, Server
from followupd.core.errors import FollowupdError, LoginRefusedError, UnreachableError
from followupd.core.replies import plain, said
from followupd.smtp.trouble import TROUBLE, explain, where
from followupd.smtp.wire import Wire


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """Seconds to wait: for a connection, for a reply, for the reply to a whole letter, for the answer to QUIT.

    RFC 5321, section 4.5.3.2.6, asks for ten minutes after the dot: to give up sooner leaves letters in doubt.
    """

    connect: float = 30.0
    reply: float = 60.0
    letter: float = 600.0
    quit: float = 1.0


HURRIED: Final = Patience(connect=5.0, reply=15.0)
"""For somebody who waits at a terminal."""


def open_session(server: Server, password: Callable[[], str], patience: Patience) -> Wire:
    """Connect, protect, log in.

    Raises UnreachableError with the server's words where it said no, LoginRefusedError where it refused the login, and
    what `password` raises. No connection stays open then.
    """
    secret = password() if _has_login(server) else ""
    try:
        context = None if server.security is Security.NONE else _trust(server)
        sock = _connect(server, patience)
        try:
            if context and server.security is Security.TLS:
                sock = context.wrap_socket(sock, server_hostname=server.host)
            wire = Wire(sock, patience.reply)
        except BaseException:
            sock.close()
            raise
    except TROUBLE as error:
        raise explain(error, server, "connecting") from error
    try:
        _greet(wire, server, context)
        if _has_login(server):
            _log_in(wire, server, secret)
    except TROUBLE as error:
        wire.drop()
        raise explain(error, server, "greeting and logging in") from error
    except FollowupdError:
        wire.leave(patience.quit)
        raise
    except BaseException:
        wire.drop()
        raise
    return wire


def _has_login(server: Server) -> bool:
    return bool(server.username) and server.password.kind is not SecretKind.ABSENT


def _connect(server: Server, patience: Patience) -> socket.socket:
    sock = socket.create_connection((server.host, server.port), timeout=patience.connect)
    loopback = ipaddress.ip_address(str(sock.getpeername()[0]).partition("%")[0]).is_loopback
    if server.security is Security.NONE and not loopback:
        sock.close()
        raise UnreachableError(
            "a connection without TLS is only made to this machine itself, so nothing was sent",
            where=where(server),
            hint='set security = "tls" or "starttls"',
        )
    return sock


def _trust(server: Server) -> ssl.SSLContext:
    try:
        return ssl.create_default_context(cafile=server.ca_file or None)
    except (OSError, ValueError) as error:
        raise UnreachableError(
            "the file of the certificate authority cannot be read, so the server cannot be trusted",
            where=server.ca_file,
            hint="ca_file must name a readable file of PEM certificates",
        ) from error


def _greet(wire: Wire, server: Server, context: ssl.SSLContext | None) -> None:
    code, text = wire.greeting()
    if code != 220:
        raise _no(server, "the server does not take mail now", code, text)
    _hello(wire, server)
    if context and server.security is Security.STARTTLS:
        _start_tls(wire, server, context)
        _hello(wire, server)


def _hello(wire: Wire, server: Server) -> None:
    code, text = wire.ehlo()
    if code != 250:
        raise _no(server, "the server does not accept our greeting", code, text.decode("utf-8", "replace"))


def _start_tls(wire: Wire, server: Server, context: ssl.SSLContext) -> None:
    if not wire.has_extn("starttls"):
        raise UnreachableError(
            "the server offers no STARTTLS, so no password and no letter was sent",
            where=where(server),
            hint='check `port`; port 465 wants security = "tls". If it is right, somebody may be in between',
        )
    code, text = wire.text("STARTTLS")
    if code != 220:
        raise _no(server, "the server does not begin TLS", code, text)
    if wire.unread() or wire.sock is None:  # said in the clear, to pass for a part of the protected talk
        raise UnreachableError(
            "somebody put words between the server's STARTTLS and TLS, so nothing was sent", where=where(server)
        )
    wire.sock.settimeout(wire.patience)
    wire.secure(context.wrap_socket(wire.sock, server_hostname=server.host))


def _log_in(wire: Wire, server: Server, secret: str) -> None:
    """Log in by PLAIN (RFC 4616), LOGIN or a token; once, since a refused password tried again may lock the account."""
    offered = str(wire.esmtp_features.get("auth", "")).upper().split()
    by = _by_token if server.password.is_token else _by_password
    code, text = by(wire, server, secret, offered)
    if code == 235:
        wire.logged_in = True
        return
    if 400 <= code < 500:
        raise _no(server, "the server cannot check the login now", code, text)
    raise LoginRefusedError(
        f"the server refused the login of {server.username}: {said(code, text)}",
        where=where(server),
        hint=_HINTS[server.password.is_token],
    )


_HINTS: Final = {
    True: "the permission that you gave may have ended; to give it anew: followupd login (--account NAME)",
    False: "check `username` and `password`; some providers want a password made for this program alone",
}
"""What to do about a refusal: of a token of OAuth 2.0, of a password."""


def _by_password(wire: Wire, server: Server, secret: str, offered: list[str]) -> tuple[int, str]:
    if "\0" in server.username + secret:
        raise LoginRefusedError(
            "the username or the password has a NUL in it, so neither was sent", where=where(server)
        )
    if "PLAIN" in offered:
        both = f"\0{server.username}\0{secret}"
        return wire.text("AUTH", f"PLAIN {_base64(both)}")
    if "LOGIN" in offered:
        code, text = wire.text("AUTH", "LOGIN")
        for answer in (server.username, secret):
            if code == 334:
                code, text = wire.text(_base64(answer))
        return code, text
    raise UnreachableError(
        f"the server offers no login with a password, only {plain(' '.join(offered)) or 'none'}",
        where=where(server),
        hint="if it needs no login, leave `password` out",
    )


def _by_token(wire: Wire, server: Server, token: str, offered: list[str]) -> tuple[int, str]:
    """Say a token after AUTH, not with it: it is longer than a command may be (RFC 4954, section 4)."""
    how = sasl.mechanism(offered)
    if how is None:
        raise UnreachableError(
            f"the server takes no tokens of OAuth 2.0, only {plain(' '.join(offered)) or 'no login'}",
            where=where(server),
        )
    try:
        said_first = sasl.first(how, server.username, token, (server.host, server.port))
    except ValueError as error:
        raise LoginRefusedError(f"{error}, so it was not sent", where=where(server)) from None
    code, text = wire.text("AUTH", how.value)
    if code == 334:
        code, text = wire.text(_base64(said_first.decode()))
    if code == 334:  # the details of a refusal
        code, text = wire.text(_base64(sasl.last(how).decode()))
    return code, text


def _base64(text: str) -> str:
    return base64.b64encode(text.encode()).decode("ascii")


def _no(server: Server, what: str, code: int, text: str) -> UnreachableError:
    return UnreachableError(f"{what}: {said(code, text)}", where=where(server))
