"""What ships on providers is whole, and whatever is not as declared is refused with its place."""

import copy
import tomllib
from typing import Any

import pytest

from followupd.config.kinds import host
from followupd.config.paths import NOWHERE
from followupd.config.reading import Place
from followupd.core.connections import Security
from followupd.providers.book import SHIPPED, Login, Username, book, read

RAW: dict[str, Any] = tomllib.loads(SHIPPED.read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("address", "imap", "smtp"),
    [
        ("ada@gmail.com", ("imap.gmail.com", 993), ("smtp.gmail.com", 465)),
        ("ada@OUTLOOK.com", ("outlook.office365.com", 993), ("smtp-mail.outlook.com", 587)),
        ("ada@me.com", ("imap.mail.me.com", 993), ("smtp.mail.me.com", 587)),
        ("ada@gmx.de.", ("imap.gmx.net", 993), ("mail.gmx.net", 465)),
        ("ada@posteo.net", ("posteo.de", 993), ("posteo.de", 465)),
    ],
)
def test_an_address_leads_to_its_servers(address: str, imap: tuple[str, int], smtp: tuple[str, int]) -> None:
    found = book().of_address(address)
    assert found is not None
    assert found.imap is not None
    assert found.smtp is not None
    assert ((found.imap.host, found.imap.port), (found.smtp.host, found.smtp.port)) == (imap, smtp)


def test_an_address_of_nobody_we_know_leads_nowhere() -> None:
    assert book().of_address("ada@example.org") is None
    assert book().of_address("ada@notgmail.com") is None
    assert book().of_server("imap.example.org") is None


def test_a_domain_of_ones_own_is_known_by_its_mail_exchanger() -> None:
    at_google, at_microsoft = (
        book().of_exchanger("ASPMX.L.google.com."),
        book().of_exchanger("example-org.mail.protection.outlook.com"),
    )
    assert at_google is not None
    assert at_google.key == "gmail"
    assert at_microsoft is not None
    assert at_microsoft.key == "microsoft365"
    assert book().of_exchanger("mx.evilgoogle.com") is None


def test_a_server_leads_to_its_provider() -> None:
    found = book().of_server("SMTP.gmail.com")
    assert found is not None
    assert found.password is Login.APP
    assert found.password_link.startswith("https://")


def test_every_server_is_protected_and_has_a_name_that_a_config_takes() -> None:
    for one in book().providers:
        assert one.bridge or (one.imap and one.smtp), one.key
        for spot in (one.imap, one.smtp):
            if spot is not None:
                assert host(spot.host, Place(NOWHERE)) == spot.host
                assert spot.security is not Security.NONE
                assert 0 < spot.port < 65536


def test_who_wants_something_else_than_the_accounts_password_says_what() -> None:
    for one in book().providers:
        assert (one.password in {Login.APP, Login.OAUTH}) == bool(one.remedy), one.key
        assert (one.password is Login.OAUTH) <= (one.oauth is not None), one.key


def test_providers_that_log_in_by_the_local_part_are_known() -> None:
    icloud = book().of_address("ada@icloud.com")
    assert icloud is not None
    assert (icloud.imap_username, icloud.smtp_username) == (Username.LOCAL_PART, Username.ADDRESS)


def test_a_domain_is_written_as_domains_are_compared() -> None:
    for one in book().providers:
        for domain in (*one.domains, *one.mx):
            assert domain == domain.lower().strip(". ")
            assert "." in domain


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"imap": {"host": "imap.gmail.com", "port": "993", "security": "tls"}}, r"gmail\.imap\.port: expected int"),
        ({"imap": {"host": "imap.gmail.com", "port": 143, "security": "none"}}, "without TLS"),
        ({"imap": {"host": "imap.gmail.com", "port": 143, "security": "ssl"}}, "ssl"),
        ({"imap": {"host": "h", "port": 1, "security": "tls", "usrname": "x"}}, "no such key: usrname"),
        ({"files_sent": "yes"}, r"gmail\.files_sent: expected bool"),
        ({"connections": True}, r"gmail\.connections: expected int"),
        ({"password": "secret"}, "secret"),
        ({"password_link": "http://example.org"}, "expected https"),
        ({"domains": []}, "list of texts"),
        ({"domains": ["gmail.com", 1]}, "list of texts"),
        ({"domains": ["web.de"]}, "has the domain web.de, too"),
        ({"colour": "red"}, "no such key: colour"),
        ({"idle": True}, "sources: idle"),
        ({"sources": {"servers": "x"}}, "sources: "),
        ({"oauth": {"authorization": "https://a", "token": "https://t", "scopes": []}}, "list of texts"),
    ],
)
def test_what_is_not_as_declared_is_refused_with_its_place(change: dict[str, object], words: str) -> None:
    changed = copy.deepcopy(RAW)
    changed["gmail"] |= change
    with pytest.raises(ValueError, match=words):
        read(changed)
