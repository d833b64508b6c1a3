"""Where servers are looked for, in which order, and what unsigned DNS may not do."""

import pytest

from followupd.core.connections import Security
from followupd.discovery.candidates import Candidate, Origin, Suggestion, guesses
from followupd.discovery.records import Records
from followupd.discovery.search import suggestions
from tests.discovery.conftest import HOST, Zone

ADA = "ada@example.org"


def nothing(_address: str) -> Suggestion | None:
    return None


def test_nobody_is_asked_for_an_address_of_a_known_provider() -> None:
    def never(address: str) -> Suggestion | None:
        raise AssertionError(address)

    (found,) = suggestions("ada@gmail.com", records=Records((HOST, 9)), ask=never)
    assert found.origin is Origin.PROVIDER
    assert found.imap == (Candidate(host="imap.gmail.com", port=993, security=Security.TLS, username="ada@gmail.com"),)
    assert found.provider is not None


def test_whoever_logs_in_by_the_local_part_is_suggested_so() -> None:
    (found,) = suggestions("ada@icloud.com", records=Records((HOST, 9)), ask=nothing)
    assert (found.imap[0].username, found.smtp[0].username) == ("ada", "ada@icloud.com")


def test_srv_records_are_taken_by_priority_and_tls_from_the_start_first(zone: Zone) -> None:
    records, _ = zone(
        {
            ("_imaps._tcp.example.org", "SRV"): ["20 0 993 second.example.org.", "10 0 1993 first.example.org."],
            ("_imap._tcp.example.org", "SRV"): ["0 0 143 first.example.org."],
            ("_submission._tcp.example.org", "SRV"): ["0 0 587 out.example.org."],
            ("_submissions._tcp.example.org", "SRV"): ["0 0 0 ."],
        }
    )
    found = records.servers(ADA)
    assert found is not None
    assert [(one.host, one.port, one.security) for one in found.imap] == [
        ("first.example.org", 1993, Security.TLS),
        ("second.example.org", 993, Security.TLS),
        ("first.example.org", 143, Security.STARTTLS),
    ]
    assert [(one.host, one.port, one.security) for one in found.smtp] == [("out.example.org", 587, Security.STARTTLS)]
    assert found.strange == ()


def test_a_host_elsewhere_that_only_dns_names_is_strange(zone: Zone) -> None:
    records, _ = zone(
        {
            ("_imaps._tcp.example.org", "SRV"): ["0 0 993 imap.elsewhere.test."],
            ("_submissions._tcp.example.org", "SRV"): ["0 0 465 smtp.notexample.org."],
        }
    )
    found = records.servers(ADA)
    assert found is not None
    assert found.strange == ("imap.elsewhere.test", "smtp.notexample.org")


@pytest.mark.parametrize(
    "target", ["0 0 993 .", "0 0 993 a\\032b.example.org.", "0 0 993 a\\;rm.example.org.", "0 0 993 local."]
)
def test_a_name_that_could_be_no_servers_is_left_out(zone: Zone, target: str) -> None:
    records, _ = zone({("_imaps._tcp.example.org", "SRV"): [target]})
    assert records.servers(ADA) is None


def test_a_domain_of_ones_own_at_a_large_provider_is_found_by_its_mail_exchanger(zone: Zone) -> None:
    records, _ = zone({("example.org", "MX"): ["20 backup.example.org.", "10 aspmx.l.google.com."]})
    found = list(suggestions(ADA, records=records, ask=nothing))
    assert [one.origin for one in found] == [Origin.EXCHANGER, Origin.GUESS]
    assert found[0].imap[0] == Candidate(host="imap.gmail.com", port=993, security=Security.TLS, username=ADA)


def test_each_source_is_asked_only_when_it_is_come_to(zone: Zone) -> None:
    records, server = zone({("_imaps._tcp.example.org", "SRV"): ["0 0 993 imap.example.org."]})
    asked: list[str] = []

    def ask(address: str) -> Suggestion | None:
        asked.append(address)
        return None

    found = suggestions(ADA, records=records, ask=ask)
    assert next(found).origin is Origin.SRV
    assert not asked
    assert ("example.org", "MX") in server.asked
    assert next(found).origin is Origin.GUESS
    assert asked == [ADA]


def test_a_name_server_that_says_nothing_leaves_the_usual_names() -> None:
    records = Records((HOST, 9), seconds=0.2)
    assert [one.origin for one in suggestions(ADA, records=records, ask=nothing)] == [Origin.GUESS]


def test_guesses_try_tls_from_the_start_first_and_never_go_without() -> None:
    found = guesses(ADA)
    assert [one.host for one in found.imap[:3]] == ["imap.example.org", "mail.example.org", "example.org"]
    assert {one.security for one in (*found.imap[:3], *found.smtp[:3])} == {Security.TLS}
    assert {one.security for one in (*found.imap[3:], *found.smtp[3:])} == {Security.STARTTLS}
