"""A domain is called gone only where name servers that know the user's own say that it takes no mail."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from followupd.discovery.recipients import Domains
from tests.discovery.conftest import NameServer

OWN = {("own.test", "MX"): ["10 mx.own.test."]}
Ask = Callable[..., tuple[Domains, NameServer]]


@pytest.fixture
def ask() -> Iterator[Ask]:
    """Serve some records, beside the user's own domain."""
    with ExitStack() as stack:

        def serve(records: dict[tuple[str, str], list[str]], *, own: bool = True) -> tuple[Domains, NameServer]:
            server = stack.enter_context(NameServer({**records, **(OWN if own else {})}))
            return Domains("own.test", [server.place], seconds=1), server

        yield serve


@pytest.mark.parametrize(
    ("records", "takes"),
    [
        ({("x.test", "MX"): ["10 mx.x.test."]}, True),
        ({("x.test", "MX"): ["0 .", "10 mx.x.test."]}, True),
        ({("x.test", "MX"): ["0 ."]}, False),
        ({("x.test", "A"): ["192.0.2.1"]}, True),
        ({("x.test", "AAAA"): ["2001:db8::1"]}, True),
        ({("x.test", "TXT"): ["there, but without mail"]}, False),
        ({}, False),
    ],
)
def test_a_domain_takes_mail_by_its_exchangers_or_at_its_own_address(
    ask: Ask, records: dict[tuple[str, str], list[str]], takes: bool
) -> None:
    domains, _ = ask(records)
    assert domains.takes_mail("x.test") is takes


def test_a_name_server_that_does_not_know_the_users_own_domain_is_not_believed(ask: Ask) -> None:
    domains, _ = ask({}, own=False)
    assert domains.takes_mail("x.test") is None


def test_a_name_server_that_fails_or_is_silent_says_nothing(ask: Ask) -> None:
    domains, server = ask({})
    server.fails.update({"broken.test", "silent.test"})
    assert domains.takes_mail("broken.test") is None
    server.silent = True
    assert domains.takes_mail("silent.test") is None
    assert Domains("own.test", [("127.0.0.1", 9)], seconds=1).takes_mail("x.test") is None


@pytest.mark.parametrize("name", ["ada.test", "A.EXAMPLE", "example.net", "mail.example.com", "localhost", "x.local"])
def test_the_systems_name_servers_are_not_asked_for_names_that_are_nobodys(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    domains = Domains("followupd.test")
    monkeypatch.setattr(domains, "_resolver", lambda: pytest.fail("somebody was asked"))
    assert domains.takes_mail(name) is None


@pytest.mark.parametrize("name", ["a..b", "x" * 300 + ".test", "\u2603.test", " ", "", "-.test", "a b.test"])
def test_a_name_that_can_be_no_domains_says_nothing_or_gone_and_raises_nothing(ask: Ask, name: str) -> None:
    domains, _ = ask({})
    assert domains.takes_mail(name) in {None, False}
