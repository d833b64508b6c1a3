"""The postman against servers that we did not write."""

import pytest

from followupd.core.connections import Security, Server
from followupd.core.errors import LoginRefusedError
from followupd.core.model import Accepted, Draft, Refused
from followupd.smtp.postman import SmtpEnvelope, SmtpPostman
from tests.servers.mailbox import PASSWORD, Mailboxes
from tests.servers.world import MailServers
from tests.smtp.conftest import a_draft, server_at


def the_postman(way: Server) -> SmtpPostman:
    return SmtpPostman(way, lambda: PASSWORD)


def the_way(servers: Mailboxes) -> Server:
    return server_at(servers.smtp.port, Security(servers.smtp.security), ca_file=servers.smtp.ca_file)


def deliver(postman: SmtpPostman, draft: Draft) -> None:
    envelope = postman.address(draft)
    assert isinstance(envelope, SmtpEnvelope), envelope
    receipt = envelope.deliver()
    assert isinstance(receipt, Accepted), receipt
    assert receipt.text.startswith("250 ")
    assert receipt.other_ids == ()


def test_a_letter_arrives(servers: Mailboxes) -> None:
    ada = servers.new_user("ada")
    draft = a_draft(rcpt_to=ada)
    deliver(the_postman(the_way(servers)), draft)
    [arrived] = servers.wait_for(ada)
    assert arrived.raw.endswith(b"\r\n\r\n.leading dot\r\nbye\r\n")


def test_an_unknown_recipient_is_a_dead_address(servers: Mailboxes) -> None:
    outcome = the_postman(the_way(servers)).address(a_draft(rcpt_to="nobody@mentors.test"))
    assert isinstance(outcome, Refused)
    assert outcome.dead_address
    assert outcome.text.startswith("550 5.1.1")


def test_a_wrong_password_is_a_refused_login(servers: Mailboxes) -> None:
    with pytest.raises(LoginRefusedError):
        SmtpPostman(the_way(servers), lambda: "wrong").address(a_draft())


def test_the_test_finds_the_server_well(servers: Mailboxes) -> None:
    assert "logged in as me@followupd.test" in the_postman(the_way(servers)).test()


@pytest.mark.real
def test_a_letter_arrives_by_starttls(mail_servers: MailServers) -> None:
    ada = mail_servers.new_user("ada")
    way = server_at(mail_servers.submission_port or 0, Security.STARTTLS, ca_file=mail_servers.ca_file)
    deliver(the_postman(way), a_draft(rcpt_to=ada))
    assert len(mail_servers.wait_for(ada)) == 1


@pytest.mark.real
def test_a_domain_without_a_route_is_refused_and_its_address_not_called_dead(mail_servers: MailServers) -> None:
    outcome = the_postman(the_way(mail_servers)).address(a_draft(rcpt_to="x@outside.test"))
    assert isinstance(outcome, Refused)
    assert not outcome.dead_address
