"""What went wrong on the way to an SMTP server, as a plain sentence; each kind of failure is told apart."""

import smtplib
import socket
import ssl
from typing import Final

from followupd.core.errors import UnreachableError
from followupd.core.replies import plain
from followupd.core.settings import Security, Server

TROUBLE: Final = (OSError, smtplib.SMTPException, ValueError)
"""All that talking to a server can raise (ssl.SSLError is an OSError; a name that IDNA refuses is a ValueError)."""

_UNKNOWN_AUTHORITY: Final = {18, 19, 20, 21}
_NOT_YET: Final = 9
_EXPIRED: Final = 10
_OTHER_NAME: Final = {62, 64}
"""OpenSSL's X509_V_ERR codes: self-signed or unknown issuer; not yet valid; expired; host name, IP address mismatch."""


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
    if isinstance(error, ssl.SSLCertVerificationError):
        return _certificate(error, server)
    if isinstance(error, ssl.SSLError):
        return _tls(error)
    if isinstance(error, OSError) and not isinstance(error, smtplib.SMTPException):
        return _network(error, server)
    return plain(str(error)), ""


def _certificate(error: ssl.SSLCertVerificationError, server: Server) -> tuple[str, str]:
    if error.verify_code in _OTHER_NAME:
        return (
            f"the server's certificate is for another name than {server.host}",
            "check `host`; if the name is right, somebody may be between you and the server",
        )
    if error.verify_code == _EXPIRED:
        return "the server's certificate has expired", "check this machine's clock, or tell whoever runs the server"
    if error.verify_code == _NOT_YET:
        return "the server's certificate is not valid yet", "this machine's clock seems to be slow: set it, by NTP"
    if error.verify_code in _UNKNOWN_AUTHORITY:
        return (
            "the server's certificate is signed by an authority that this machine does not know",
            "for a server of your own, name its certificate authority with `ca_file`",
        )
    return f"the server's certificate is not valid ({plain(error.verify_message or '')})", ""


def _tls(error: ssl.SSLError) -> tuple[str, str]:
    if isinstance(error, ssl.SSLEOFError | ssl.SSLZeroReturnError):
        return "the server closed the connection", ""
    if error.reason in {"WRONG_VERSION_NUMBER", "HTTP_REQUEST", "UNKNOWN_PROTOCOL", "PACKET_LENGTH_TOO_LONG"}:
        return "the server does not speak TLS on this port", 'check `port`; port 587 wants security = "starttls"'
    return f"TLS failed ({plain(error.reason or str(error))})", ""


def _network(error: OSError, server: Server) -> tuple[str, str]:
    if isinstance(error, socket.gaierror):
        return f"there is no server of the name {plain(server.host)}", "check `host`, and that the network is up"
    if isinstance(error, ConnectionRefusedError):
        return f"the server accepts no connection on port {server.port}", "check `host` and `port`"
    if isinstance(error, TimeoutError):
        hint = "check `port` and `security`" if server.security is Security.TLS else ""
        return "the server did not answer in time", hint
    if isinstance(error, ConnectionError):
        return "the server broke the connection off", ""
    return f"the network says: {plain(error.strerror or str(error))}", "check that the network is up"
