"""Why a server can't be reached, as far as a second look tells: another port, the certificate's names, a wrong clock.

A second look sends nothing but the beginning of TLS: no password, no command.
"""

import socket
import ssl
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Final

from followupd.core.connections import Security, Server
from followupd.core.errors import UnreachableError
from followupd.core.instants import Instant, to_text

SECONDS: Final = 4.0
_OTHER_NAME: Final = {62, 64}
_TIMES: Final = {9, 10}
"""OpenSSL's X509_V_ERR codes: host name, IP address mismatch; not yet valid, expired."""
_ANY_TIME: Final = 0x200000
"""OpenSSL's X509_V_FLAG_NO_CHECK_TIME (X509_VERIFY_PARAM_set_flags(3))."""
_MOST_NAMES: Final = 4

Ports = Sequence[tuple[int, Security]]


def diagnosed(error: UnreachableError, server: Server, now: Instant, others: Ports) -> UnreachableError:
    """Give the trouble again with what a second look shows; `others` are the usual ports of such a server."""
    cause = error.__cause__
    if isinstance(cause, ssl.SSLCertVerificationError):
        found = _certificate(cause, server, now)
    elif isinstance(cause, TimeoutError) and server.security is not Security.TLS and _speaks_tls(server):
        found = f'port {server.port} speaks TLS from the first byte: write security = "tls"'
    elif isinstance(cause, OSError) and _is_on_the_way(cause):
        found = _ports(server, others)
    else:
        found = ""
    if not found:
        return error
    return UnreachableError(error.what, where=error.where, hint="; ".join(filter(None, (error.hint, found))))


def _is_on_the_way(cause: OSError) -> bool:
    """Tell whether another port may mend it: no server was reached, and the host has an address."""
    if isinstance(cause, ssl.SSLError | socket.gaierror):
        return False
    return cause.errno is not None or isinstance(cause, ConnectionError | TimeoutError)


def _certificate(cause: ssl.SSLCertVerificationError, server: Server, now: Instant) -> str:
    certificate = _seen(server)
    if cause.verify_code in _TIMES:
        shown = f"this machine's clock shows {to_text(now)}"
        if times := _times(certificate):
            return f"it is good from {to_text(times[0])} to {to_text(times[1])}, and {shown}"
        return shown
    if cause.verify_code in _OTHER_NAME and (names := _names(certificate)):
        return f"it is for {', '.join(names)}: if that is your provider, write that name as `host`"
    return ""


def _seen(server: Server) -> dict[str, object]:
    """Look at a certificate that a known authority signed, whatever its name and times; {} where it can't be seen."""
    if server.security is not Security.TLS:
        return {}
    try:
        context = ssl.create_default_context(cafile=server.ca_file or None)
        context.check_hostname = False
        context.verify_flags |= _ANY_TIME
        with (
            socket.create_connection((server.host, server.port), timeout=SECONDS) as sock,
            context.wrap_socket(sock, server_hostname=server.host) as tls,
        ):
            return dict(tls.getpeercert() or {})
    except (OSError, ValueError):
        return {}


def _speaks_tls(server: Server) -> bool:
    """Begin TLS with a server that waits in silence, and see whether it answers; nothing rests on its certificate."""
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    try:
        with socket.create_connection((server.host, server.port), timeout=SECONDS) as sock:
            context.wrap_socket(sock, server_hostname=server.host).close()
    except (OSError, ValueError):
        return False
    return True


def _names(certificate: dict[str, object]) -> list[str]:
    found = certificate.get("subjectAltName")
    if not isinstance(found, tuple):
        return []
    # what an authority signed is still a stranger's text
    names = [str(value) for kind, value in found if kind in {"DNS", "IP Address"} and str(value).isascii()]
    return [name for name in names if name.isprintable() and " " not in name][:_MOST_NAMES]


def _times(certificate: dict[str, object]) -> tuple[Instant, Instant] | None:
    first, last = certificate.get("notBefore"), certificate.get("notAfter")
    if not isinstance(first, str) or not isinstance(last, str):
        return None
    try:
        seconds = ssl.cert_time_to_seconds(first), ssl.cert_time_to_seconds(last)
        return datetime.fromtimestamp(seconds[0], UTC), datetime.fromtimestamp(seconds[1], UTC)
    except (ValueError, OverflowError, OSError):
        return None


def _ports(server: Server, others: Ports) -> str:
    """Try the other usual ports; "" where the host has no address."""
    tried = [(port, security) for port, security in others if port != server.port]
    for port, security in tried:
        try:
            socket.create_connection((server.host, port), timeout=SECONDS).close()
        except socket.gaierror:
            return ""
        except OSError:
            continue
        return f'port {port} answers: write port = {port} and security = "{security}"'
    if not tried:
        return ""
    ports = [str(port) for port, _ in tried]
    silent = f"port {ports[0]} does" if len(ports) == 1 else f"ports {' and '.join(ports)} do"
    return f"{silent} not answer either: `host` is wrong, the server is down, or a firewall blocks mail here"
