"""What went wrong on the way to a server, in plain words: certificate, TLS and network, whatever is spoken then."""

import re
import socket
import ssl
from typing import Final

from followupd.core.connections import Security, Server
from followupd.core.replies import plain

_UNKNOWN_AUTHORITY: Final = {18, 19, 20, 21}
_NOT_YET: Final = 9
_EXPIRED: Final = 10
_OTHER_NAME: Final = {62, 64}
"""OpenSSL's X509_V_ERR codes: self-signed or unknown issuer; not yet valid; expired; host name, IP address mismatch."""
_GREETINGS: Final = {
    "IMAP": re.compile(r"^\W*\* (?:OK|PREAUTH|BYE)\b"),
    "SMTP": re.compile(r"^\W*220[ -]"),
    "POP3": re.compile(r"^\W*\+OK\b"),
    "HTTP": re.compile(r"^\W*HTTP/"),
}
"""How the first words of each kind of server begin, perhaps after a quotation mark."""


def connecting(error: OSError | UnicodeError, server: Server, starttls_port: int) -> tuple[str, str]:
    """Say what went wrong, and what to do about it, "" where that is not known.

    `starttls_port` is the usual one for a server that begins TLS later.
    """
    if isinstance(error, ssl.SSLCertVerificationError):
        return _certificate(error, server)
    if isinstance(error, ssl.SSLError):
        return _tls(error, starttls_port)
    return _network(error, server)


def other_protocol(said: str, wanted: str) -> tuple[str, str] | None:
    """Say that a server speaks another protocol than the `wanted` one, where its first words show that; None if not."""
    spoken = next((name for name, words in _GREETINGS.items() if words.search(said)), wanted)
    if spoken == wanted:
        return None
    return f"the server speaks {spoken}, not {wanted}", "check `host` and `port`: they are those of another server"


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


def _tls(error: ssl.SSLError, starttls_port: int) -> tuple[str, str]:
    if isinstance(error, ssl.SSLEOFError | ssl.SSLZeroReturnError):
        return "the server closed the connection", ""
    if error.reason in {"WRONG_VERSION_NUMBER", "HTTP_REQUEST", "UNKNOWN_PROTOCOL", "PACKET_LENGTH_TOO_LONG"}:
        return (
            "the server does not speak TLS on this port",
            f'check `port`; port {starttls_port} wants security = "starttls"',
        )
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
