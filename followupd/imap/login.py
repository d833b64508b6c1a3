"""The login: a password goes out once, after the server has shown who it is, and is nowhere kept.

A refusal is told apart from a server that is busy: trying again after the one risks a lock-out.
"""

import imaplib
import re
from collections.abc import Callable, Sequence
from typing import Final

from followupd.core import sasl
from followupd.core.connections import Server
from followupd.core.errors import LoginRefusedError, UnreachableError
from followupd.imap.trouble import plain
from followupd.imap.wire import Wire

_BUSY: Final = re.compile(
    r"\[(UNAVAILABLE|INUSE|LIMIT|SERVERBUG|OVERQUOTA)\b|too many|try (again )?later|temporar", re.IGNORECASE
)
"""A refusal that is about the server's state, not about the password (RFC 5530, section 3, and providers' words)."""


_HINTS: Final = {
    True: "the permission that you gave may have ended; to give it anew: followupd login (--account NAME)",
    False: "check username and password; many providers want an app password made in their settings",
}
"""What to do about a refusal: of a token of OAuth 2.0, of a password."""


def log_in(wire: Wire, server: Server, password: Callable[[], str]) -> None:
    """Log in by LOGIN, or by AUTHENTICATE PLAIN where LOGIN cannot carry the words (RFC 4616); by a token of OAuth 2.0.

    Raises LoginRefusedError where trying again is of no use, UnreachableError where it may be.
    """
    if wire.state == "AUTH":  # PREAUTH: the server knows by other means who is calling
        return
    where = f"{server.host}:{server.port}"
    if server.password.is_token:
        _by_token(wire, server, password())
        return
    user, secret = server.username, password()
    if any(ord(character) < 32 or ord(character) == 127 for character in user + secret):
        raise LoginRefusedError(
            "the username or the password has a control character, so neither was sent", where=where
        )
    if (user + secret).isascii() and "LOGINDISABLED" not in wire.capabilities:
        refusal = _refusal(lambda: wire.ask("LOGIN", quoted(user.encode()), quoted(secret.encode())))
    elif "AUTH=PLAIN" in wire.capabilities:
        refusal = _refusal(lambda: wire.authenticate("PLAIN", lambda _: f"\0{user}\0{secret}".encode()))
    else:
        raise LoginRefusedError(
            "the server allows no login by such a password",
            where=where,
            hint="TLS, or a password of plain ASCII letters, may be what it wants",
        )
    _judge(wire, server, refusal)


def _by_token(wire: Wire, server: Server, token: str) -> None:
    """Log in by OAUTHBEARER or XOAUTH2; the details of a refusal come as one more challenge."""
    where = f"{server.host}:{server.port}"
    how = sasl.mechanism([name.removeprefix("AUTH=") for name in wire.capabilities if name.startswith("AUTH=")])
    if how is None:
        raise LoginRefusedError(
            "the server takes no tokens of OAuth 2.0", where=where, hint="use a password: see [imap] in the config"
        )
    try:
        said = sasl.first(how, server.username, token, (server.host, server.port))
    except ValueError as error:
        raise LoginRefusedError(f"{error}, so it was not sent", where=where) from None
    details: list[bytes] = []

    def answer(challenge: bytes) -> bytes:
        if not details:
            details.append(b"")
            return said
        details.append(challenge)
        return sasl.last(how)

    refusal = _refusal(lambda: wire.authenticate(how.value, answer))
    if refusal is not None and (status := sasl.status(details[-1])):
        refusal = plain(f"{refusal} (status {status})")
    _judge(wire, server, refusal)


def _judge(wire: Wire, server: Server, refusal: str | None) -> None:
    where = f"{server.host}:{server.port}"
    if refusal is None:
        wire.state = "AUTH"
    elif _BUSY.search(refusal):
        raise UnreachableError(f"the server takes no login now: {refusal}", where=where)
    else:
        raise LoginRefusedError(
            f"the server refused the login of {plain(server.username)}: {refusal}",
            where=where,
            hint=_HINTS[server.password.is_token],
        )


def capabilities(wire: Wire) -> frozenset[str]:
    """Ask what the server can do, again after the login: some say it only then."""
    _, data = wire.ask("CAPABILITY", response="CAPABILITY")
    return frozenset(data[-1].decode("ascii", "replace").upper().split()) if data[-1] else frozenset()


def quoted(text: bytes) -> bytes:
    """Write a quoted string (RFC 9051, section 9); `text` has no control characters."""
    return b'"' + text.replace(b"\\", b"\\\\").replace(b'"', b'\\"') + b'"'


def _refusal(login: Callable[[], tuple[str, Sequence[object]]]) -> str | None:
    """Log in; give the server's words if it refuses. A value, so that no exception carries the command along."""
    try:
        typ, said = login()
    except imaplib.IMAP4.abort:
        raise
    except imaplib.IMAP4.error as error:
        return plain(str(error.args[0] if error.args else ""))
    last = said[-1] if said else b""
    return None if typ == "OK" else plain(last if isinstance(last, bytes | str) else "")
