"""A second look tells which port answers, whose certificate it is and what the clock has to do with it."""

import contextlib
import socket
import ssl
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from followupd.core.connections import SecretSource, Security, Server
from followupd.core.errors import UnreachableError
from followupd.discovery.diagnosis import diagnosed
from followupd.imap.patience import HURRIED, Patience
from followupd.imap.session import Session
from tests.servers.certificates import Certificates, Pair
from tests.servers.processes import free_ports

NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
ELSEWHERE = ((1, Security.TLS),)


@contextlib.contextmanager
def listening(pair: Pair | None = None) -> Iterator[int]:
    """Accept connections on loopback, with TLS if there is a certificate, and say nothing."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            with contextlib.suppress(OSError):
                while True:
                    sock, _ = listener.accept()
                    with sock, contextlib.suppress(OSError):
                        if pair is not None:
                            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
                            context.load_cert_chain(pair.certificate, pair.key)
                            context.wrap_socket(sock, server_side=True).close()

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield listener.getsockname()[1]
        listener.shutdown(socket.SHUT_RDWR)
        thread.join(5)


def at(port: int, ca_file: str | Path = "", security: Security = Security.TLS) -> Server:
    return Server(
        host="127.0.0.1", port=port, security=security, username="ada", password=SecretSource(), ca_file=str(ca_file)
    )


def trouble(server: Server, patience: Patience = HURRIED) -> UnreachableError:
    with pytest.raises(UnreachableError) as caught:
        Session(server, lambda: "secret", patience)
    return caught.value


def test_the_names_of_a_certificate_for_another_name_are_told(certificates: Certificates) -> None:
    with listening(certificates.other_name) as port:
        server = at(port, certificates.ca_file)
        found = diagnosed(trouble(server), server, NOW, ELSEWHERE)
    assert found.what.startswith("the server's certificate is for another name")
    assert "it is for mail.elsewhere.test: if that is your provider" in found.hint


def test_an_expired_certificate_is_told_with_its_times_and_what_the_clock_shows(certificates: Certificates) -> None:
    with listening(certificates.expired) as port:
        server = at(port, certificates.ca_file)
        found = diagnosed(trouble(server), server, NOW, ELSEWHERE)
    assert "good from 2020-01-01T00:00:00Z to 2021-01-01T00:00:00Z" in found.hint
    assert "this machine's clock shows 2026-11-24T08:00:00Z" in found.hint


def test_a_certificate_of_an_unknown_authority_shows_nothing_of_itself(certificates: Certificates) -> None:
    with listening(certificates.other_name) as port:
        server = at(port)
        found = diagnosed(trouble(server), server, NOW, ELSEWHERE)
    assert "elsewhere.test" not in found.hint


@pytest.mark.parametrize("security", [Security.STARTTLS, Security.NONE])
def test_a_port_that_waits_for_tls_is_told_from_one_that_is_silent(
    certificates: Certificates, security: Security
) -> None:
    short = Patience(connect=2, silence=0.3, short=0.3)
    with listening(certificates.good) as port:
        server = at(port, security=security)
        found = diagnosed(trouble(server, short), server, NOW, ELSEWHERE)
    assert f'port {port} speaks TLS from the first byte: write security = "tls"' in found.hint


def test_a_port_that_answers_instead_is_named() -> None:
    [closed] = free_ports(1)
    with listening() as port:
        server = at(closed)
        found = diagnosed(trouble(server), server, NOW, ((closed, Security.TLS), (port, Security.STARTTLS)))
    assert f'port {port} answers: write port = {port} and security = "starttls"' in found.hint


def test_where_no_port_answers_a_firewall_is_thought_of() -> None:
    closed, other = free_ports(2)
    server = at(closed)
    found = diagnosed(trouble(server), server, NOW, ((other, Security.STARTTLS),))
    assert "firewall" in found.hint


def test_what_is_no_trouble_of_the_network_stays_as_it_was() -> None:
    error = UnreachableError("the server takes no login now", where="x", hint="wait")
    assert diagnosed(error, at(1), NOW, ELSEWHERE) is error
