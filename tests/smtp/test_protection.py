"""No password and no letter leaves before the server has shown who it is; each reason is told apart."""

import socket

import pytest

from followupd.core.connections import Security
from followupd.core.errors import FollowupdError
from followupd.core.model import Accepted, Deferred, Draft
from followupd.smtp.postman import SmtpEnvelope
from tests.servers.certificates import Certificates, Pair
from tests.smtp.conftest import SECRET, Serve, a_draft, postman, server_at
from tests.smtp.scripted import Script

WAYS = [Security.TLS, Security.STARTTLS]


def script(security: Security, pair: Pair) -> Script:
    return Script(tls=pair, implicit_tls=security is Security.TLS)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
@pytest.mark.parametrize("security", WAYS)
def test_a_protected_letter_goes_out(
    serve: Serve, draft: Draft, certificates: Certificates, security: Security, host: str
) -> None:
    server = serve(script(security, certificates.good))
    way = server_at(server.port, security, host=host, ca_file=str(certificates.ca_file))
    envelope = postman(way).address(draft)
    assert isinstance(envelope, SmtpEnvelope)
    assert isinstance(envelope.deliver(), Accepted)
    assert server.letters == [draft.raw]
    assert b"AUTH" not in server.in_the_clear
    assert server.heard.count(b"EHLO") == (2 if security is Security.STARTTLS else 1)


@pytest.mark.parametrize("security", WAYS)
@pytest.mark.parametrize(
    ("which", "words"),
    [
        ("expired", "certificate has expired"),
        ("other_name", "certificate is for another name than 127.0.0.1"),
        ("unknown", "signed by an authority that this machine does not know"),
    ],
)
def test_a_wrong_certificate_is_refused_and_named(
    serve: Serve, certificates: Certificates, security: Security, which: str, words: str
) -> None:
    draft = a_draft()
    server = serve(script(security, getattr(certificates, which, certificates.good)))
    way = server_at(server.port, security, ca_file="" if which == "unknown" else str(certificates.ca_file))
    outcome = postman(way).address(draft)
    assert isinstance(outcome, Deferred)
    assert outcome.account
    assert words in outcome.text
    with pytest.raises(FollowupdError) as raised:
        postman(way).test()
    assert words in raised.value.what
    assert raised.value.hint
    assert b"AUTH" not in server.heard


def test_where_starttls_is_not_offered_nothing_is_said(serve: Serve, draft: Draft, certificates: Certificates) -> None:
    server = serve(Script())
    outcome = postman(server_at(server.port, Security.STARTTLS, ca_file=str(certificates.ca_file))).address(draft)
    assert isinstance(outcome, Deferred)
    assert "STARTTLS" in outcome.text
    assert b"AUTH" not in server.heard
    assert b"MAIL" not in server.heard


def test_words_put_in_before_tls_are_refused(serve: Serve, draft: Draft, certificates: Certificates) -> None:
    injected = b"220 2.0.0 Ready\r\n250-mx\r\n250 AUTH PLAIN\r\n"
    server = serve(Script(tls=certificates.good, replies={"STARTTLS": injected}))
    outcome = postman(server_at(server.port, Security.STARTTLS, ca_file=str(certificates.ca_file))).address(draft)
    assert isinstance(outcome, Deferred)
    assert "somebody put words between" in outcome.text
    assert b"AUTH" not in server.heard


def test_extensions_named_before_tls_are_forgotten(serve: Serve, draft: Draft, certificates: Certificates) -> None:
    server = serve(Script(tls=certificates.good, extensions=()))
    outcome = postman(server_at(server.port, Security.STARTTLS, ca_file=str(certificates.ca_file))).address(draft)
    assert isinstance(outcome, Deferred)
    assert "offers no login" in outcome.text


def test_a_server_without_tls_on_a_port_for_it_is_named(serve: Serve, certificates: Certificates) -> None:
    server = serve(Script())
    with pytest.raises(FollowupdError) as raised:
        postman(server_at(server.port, Security.TLS, ca_file=str(certificates.ca_file))).test()
    assert "does not speak TLS on this port" in raised.value.what
    assert "starttls" in raised.value.hint


def test_plain_text_never_leaves_this_machine(monkeypatch: pytest.MonkeyPatch, serve: Serve, draft: Draft) -> None:
    server = serve(Script())
    monkeypatch.setattr(socket.socket, "getpeername", lambda self: ("192.0.2.1", 25))
    outcome = postman(server_at(server.port)).address(draft)
    assert isinstance(outcome, Deferred)
    assert "only made to this machine itself" in outcome.text
    assert SECRET.encode() not in server.heard
    assert server.heard == b""


def test_an_authority_that_cannot_be_read_is_named(serve: Serve, draft: Draft) -> None:
    server = serve(Script())
    with pytest.raises(FollowupdError) as raised:
        postman(server_at(server.port, Security.TLS, ca_file="/nowhere/ca.pem")).test()
    assert raised.value.where == "/nowhere/ca.pem"


def test_a_name_that_no_server_has_is_named(draft: Draft) -> None:
    way = server_at(25, Security.TLS, host="bad..name")
    outcome = postman(way).address(draft)
    assert isinstance(outcome, Deferred)
    assert outcome.account


def test_a_refusing_port_is_named() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
    with pytest.raises(FollowupdError, match=f"accepts no connection on port {port}"):
        postman(server_at(port)).test()
