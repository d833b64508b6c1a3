"""A letter that is turned down for a policy says nothing of its address: it is held, and `check` says what it is."""

from email.utils import format_datetime

import pytest

from followupd.core.model import Refused
from followupd.smtp.postman import SmtpEnvelope
from tests.cli.life import Life


def report(life: Life, email: str, status: str, action: str = "failed") -> None:
    """Let a report of somebody's newest letter arrive (RFC 3464)."""
    shown = life.json("show", email)["letters"][-1]["message_id"]
    raw = f"""From: MAILER-DAEMON@mx.example
To: {life.me}
Subject: Undelivered Mail Returned to Sender
Date: {format_datetime(life.now)}
Message-ID: <{status}.{life.now:%Y%m%d%H%M}.{email}>
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary=b

--b

It could not be delivered.
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example

Final-Recipient: rfc822; {email}
Action: {action}
Status: {status}
Diagnostic-Code: smtp; 550 {status} no

--b
Content-Type: text/rfc822-headers

Message-ID: {shown}

--b--
"""
    life.servers.deliver(life.me, raw.replace("\n", "\r\n").encode())
    life.round()


def two(life: Life) -> tuple[str, str]:
    """Let two people of two houses get a letter."""
    found = life.servers.new_user("ada", "one.test"), life.servers.new_user("bea", "two.test")
    for email in found:
        words = ("--name=Ada Quist", "--admire=Your notes.", "--ask=Which came first?", "--offer=I would typeset them.")
        life("add", email, *words, "--no-look")
    life.config(lint={"off": '["generic-praise", "vague-ask", "twin"]'})
    assert sorted(life.on("2027-01-05")) == sorted(found)
    return found


def probes(life: Life, status: int = 0) -> dict[str, tuple[bool, str]]:
    return {one["name"]: (one["ok"], one["detail"]) for one in life.document("check", status=status)}


def test_one_house_may_have_a_rule_of_its_own_two_are_about_the_sender(life: Life) -> None:
    ada, bea = two(life)
    assert "letters" not in probes(life)
    report(life, ada, "5.7.1")
    assert life.state(ada) == "held"
    assert "that is about your own mail, not about their address" in life.reason(ada)
    ok, detail = probes(life)["letters"]
    assert ok
    assert f"about your own mail and not about an address: {ada} on 2027-01-05" in detail
    report(life, bea, "5.7.26")
    ok, detail = probes(life, status=1)["letters"]
    assert not ok
    assert "SPF, DKIM and DMARC" in detail
    # after a month it is no news any more
    life.next_day(31)
    assert "letters" not in probes(life)


@pytest.mark.parametrize(("status", "action"), [("4.4.1", "delayed"), ("4.2.2", "failed"), ("5.1.1", "failed")])
def test_a_delay_a_full_mailbox_and_a_dead_address_are_not_about_the_sender(
    life: Life, status: str, action: str
) -> None:
    ada, bea = two(life)
    before = life.json("plan")
    for email in (ada, bea):
        report(life, email, status, action)
    assert "letters" not in probes(life)
    if status != "5.1.1":
        assert life.json("plan") == before
        assert [one["verdict"] for one in life.json("show", ada)["messages"]] == ["delay"]


def test_what_the_own_server_says_at_once_counts_as_well(life: Life, monkeypatch: pytest.MonkeyPatch) -> None:
    ada = life.person("ada")
    refused = Refused(text="550 5.7.1 message rejected for its content")
    monkeypatch.setattr(SmtpEnvelope, "deliver", lambda envelope: (envelope.withdraw(), refused)[1])
    assert life.on("2027-01-05") == []
    assert "that is about your own mail" in life.reason(ada)
    assert ada in probes(life)["letters"][1]
