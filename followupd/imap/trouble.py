"""What went wrong with a server, in plain words: each kind of failure told apart, nothing of the server's raw."""

import imaplib
import re
import socket
import ssl
import unicodedata
from typing import Final

from followupd.core.errors import UnreachableError
from followupd.core.settings import Security, Server
from followupd.imap.wire import WireError

TROUBLE: Final = (OSError, WireError, imaplib.IMAP4.error, ValueError, LookupError, TypeError, AttributeError)
"""All that talking to a server can raise; the last four come of answers that imaplib does not expect."""

_UNKNOWN_AUTHORITY: Final = {18, 19, 20, 21}
_NOT_YET: Final = 9
_EXPIRED: Final = 10
_OTHER_NAME: Final = {62, 64}
"""OpenSSL's X509_V_ERR codes: self-signed or unknown issuer; not yet valid; expired; host name, IP address mismatch."""
_COMMAND: Final = re.compile(r"^(?:command: \w+ => |socket error: |\w+ command error: )+")


def plain(text: str | bytes, limit: int = 200) -> str:
    """Make a server's words fit to be shown: one line, no control or direction characters, clipped to `limit`."""
    if isinstance(text, bytes):
        text = text.decode("utf-8", "replace")
    shown = "".join(
        character if unicodedata.category(character)[0] != "C" and character not in "\u2028\u2029" else "\ufffd"
        for character in text[:limit].strip()
    )
    return shown + "…" if len(text) > limit else shown


def explain(error: BaseException, server: Server, doing: str) -> UnreachableError:
    """Put trouble into words; `doing` completes "while ..."."""
    what, hint = _words(error, server)
    return UnreachableError(f"{what}, while {doing}", where=f"{server.host}:{server.port}", hint=hint)


def _words(error: BaseException, server: Server) -> tuple[str, str]:
    if isinstance(error, ssl.SSLCertVerificationError):
        return _certificate(error, server)
    if isinstance(error, ssl.SSLError):
        return _tls(error)
    if isinstance(error, WireError):
        return plain(str(error)), ""
    if isinstance(error, OSError | UnicodeError):
        return _network(error, server)
    if isinstance(error, imaplib.IMAP4.error):
        said = plain(_COMMAND.sub("", _text(error)))
        meant = "takes no connection now" if said.startswith("* BYE") else "said what is not understood"
        return f"the server {meant}: {said.removeprefix('* BYE ')}", ""
    return f"the server's answer cannot be understood ({type(error).__name__})", ""


def _text(error: BaseException) -> str:
    said = error.args[0] if error.args else ""
    return said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)


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
        return "the server does not speak TLS on this port", 'check `port`; port 143 wants security = "starttls"'
    return f"TLS failed ({plain(error.reason or str(error))})", ""


def _network(error: OSError | UnicodeError, server: Server) -> tuple[str, str]:
    if isinstance(error, socket.gaierror | UnicodeError):  # UnicodeError: a host that is no name (RFC 5890)
        return f"there is no server of the name {plain(server.host)}", "check `host`, and that the network is up"
    if isinstance(error, ConnectionRefusedError):
        return f"the server accepts no connection on port {server.port}", "check `host` and `port`"
    if isinstance(error, TimeoutError):
        hint = "check `port` and `security`" if server.security is Security.TLS else ""
        return "the server did not answer in time", hint
    if isinstance(error, ConnectionError):
        return "the server broke the connection off", ""
    return f"the network says: {plain(error.strerror or str(error))}", "check that the network is up"
