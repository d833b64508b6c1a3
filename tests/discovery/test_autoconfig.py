"""The autoconfig file is read by HTTPS alone, and hostile ones are harmless."""

import ssl
from urllib.request import OpenerDirector

import pytest

from followupd.core.connections import Security
from followupd.discovery.autoconfig import LARGEST, ask, places, read
from followupd.discovery.candidates import Candidate, Origin
from followupd.https import https_only
from tests.servers.certificates import Certificates
from tests.servers.web import Serve

ADA = "ada.l@example.org"
SERVER = """<{tag} type="{kind}"><hostname>{host}</hostname><port>{port}</port><socketType>{security}</socketType>
<username>{user}</username><authentication>password-cleartext</authentication></{tag}>"""


def server(kind: str = "imap", **fields: object) -> str:
    tag = "outgoingServer" if kind == "smtp" else "incomingServer"
    given = {"host": f"{kind}.example.org", "port": 993, "security": "SSL", "user": "%EMAILADDRESS%", **fields}
    return SERVER.format(tag=tag, kind=kind, **given)


def document(*servers: str, before: str = "") -> bytes:
    inner = f'<emailProvider id="x">{"".join(servers)}</emailProvider>'
    return f'<?xml version="1.0"?>{before}<clientConfig>{inner}</clientConfig>'.encode()


GOOD = document(
    server("pop3", port=995),
    server(user="%EMAILLOCALPART%"),
    server(host="%EMAILDOMAIN%", port=143, security="STARTTLS"),
    server("smtp", port=465),
)


@pytest.fixture
def opener(certificates: Certificates) -> OpenerDirector:
    return https_only(ssl.create_default_context(cafile=str(certificates.ca_file)), follow=True)


def test_servers_are_read_with_placeholders_filled_in() -> None:
    found = read(GOOD, ADA)
    assert found is not None
    assert found.origin is Origin.AUTOCONFIG
    assert found.imap == (
        Candidate(host="imap.example.org", port=993, security=Security.TLS, username="ada.l"),
        Candidate(host="example.org", port=143, security=Security.STARTTLS, username=ADA),
    )
    assert found.smtp == (Candidate(host="smtp.example.org", port=465, security=Security.TLS, username=ADA),)
    assert found.strange == ()


BOMB = (
    '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">'
    + "".join(
        f'<!ENTITY {b} "&{a};&{a};&{a};&{a};&{a};&{a};&{a};&{a};">' for a, b in zip("abcdefgh", "bcdefghi", strict=True)
    )
    + "]>"
)


@pytest.mark.parametrize(
    "hostile",
    [
        document(server(host="&i;"), server("smtp"), before=BOMB),
        document(server(host="&x;"), server("smtp"), before='<!DOCTYPE x [<!ENTITY x SYSTEM "file:///etc/passwd">]>'),
        document(server(host="&x;"), server("smtp")),
        document("<a>" * 50 + "</a>" * 50, server(), server("smtp")),
        b"<clientConfig>",
        b"",
        b"\x00\xff\xfe",
        b"not found",
    ],
)
def test_what_could_harm_is_refused_unread(hostile: bytes) -> None:
    with pytest.raises(Exception) as caught:  # noqa: PT011  # which of two kinds depends on what the parser sees first
        read(hostile, ADA)
    assert type(caught.value).__name__ in {"ValueError", "ExpatError"}


@pytest.mark.parametrize(
    "fields",
    [
        {"security": "plain"},
        {"security": ""},
        {"host": "imap.example.org\r\nx"},
        {"host": "a b.example.org"},
        {"host": "localhost"},
        {"host": "10.0.0.1/x"},
        {"port": "0"},
        {"port": "99999"},
        {"port": "x"},
        {"port": "²"},
        {"user": "a\nb"},
        {"user": 'a"b'},
    ],
)
def test_a_server_that_cannot_be_used_is_left_out(fields: dict[str, str]) -> None:
    assert read(document(server(**fields), server("smtp")), ADA) is None
    found = read(document(server(**fields), server(), server("smtp")), ADA)
    assert found is not None
    assert len(found.imap) == 1


def test_it_is_asked_for_at_a_host_of_its_own_and_then_at_the_domain() -> None:
    assert places("a+b@example.org") == (
        "https://autoconfig.example.org/mail/config-v1.1.xml?emailaddress=a%2Bb%40example.org",
        "https://example.org/.well-known/autoconfig/mail/config-v1.1.xml",
    )


def test_the_first_place_that_has_one_is_taken(web: Serve, opener: OpenerDirector) -> None:
    at = web({"/a": b"<html>", "/b": GOOD, "/c": document(server(), server("smtp"))})
    found = ask(ADA, urls=tuple(f"{at}/{page}" for page in ("none", "a", "b", "c")), opener=opener)
    assert found is not None
    assert len(found.imap) == 2


def test_a_redirection_is_followed_within_https_only(web: Serve, opener: OpenerDirector) -> None:
    pages: dict[str, object] = {"/good": GOOD, "/out": (302, {"Location": "http://127.0.0.1:9/"}, b"")}
    at = web(pages)
    pages["/in"] = (302, {"Location": f"{at}/good"}, b"")
    pages["/file"] = (302, {"Location": "file:///etc/hostname"}, b"")
    assert ask(ADA, urls=(f"{at}/in",), opener=opener) is not None
    assert ask(ADA, urls=(f"{at}/out", f"{at}/file", "http://127.0.0.1:9/"), opener=opener) is None


def test_a_file_that_is_too_large_is_not_read_to_its_end(web: Serve, opener: OpenerDirector) -> None:
    padded = GOOD + b" " * LARGEST
    assert read(padded, ADA) is not None
    assert ask(ADA, urls=(web({"/large": padded}) + "/large",), opener=opener) is None


def test_a_certificate_that_is_not_good_is_no_answer(web: Serve) -> None:
    assert ask(ADA, urls=(web({"/good": GOOD}) + "/good",)) is None
