"""What went wrong on the way to an SMTP server, as a plain sentence; each kind of failure is told apart."""

import smtplib
from typing import Final

from followupd.core.connections import Server
from followupd.core.errors import UnreachableError
from followupd.core.replies import plain
from followupd.trouble import connecting, other_protocol

TROUBLE: Final = (OSError, smtplib.SMTPException, ValueError)
"""All that talking to a server can raise (ssl.SSLError is an OSError; a name that IDNA refuses is a ValueError)."""


class GarbageError(smtplib.SMTPException):
    """The server said what is no SMTP reply (RFC 5321, section 4.2)."""


def where(server: Server) -> str:
    """Name a server as the config does."""
    return f"{server.host}:{server.port}"


def explain(error: BaseException, server: Server, doing: str) -> UnreachableError:
    """Put trouble into words; `doing` completes "while ..."."""
    what, hint = _words(error, server)
    return UnreachableError(f"{what}, while {doing}", where=where(server), hint=hint)


def _words(error: BaseException, server: Server) -> tuple[str, str]:
    if isinstance(error, OSError) and not isinstance(error, smtplib.SMTPException):
        return connecting(error, server, 587)
    if isinstance(error, GarbageError) and (other := other_protocol(str(error).partition(": ")[2], "SMTP")):
        return other
    return plain(str(error)), ""
