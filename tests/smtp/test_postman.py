"""What goes over the wire, octet for octet, and what comes of the answers."""

import base64
import signal
from dataclasses import replace
from types import FrameType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from followupd.core.connections import SecretSource, Security
from followupd.core.errors import ConfigError, FollowupdError, LoginRefusedError, Problem
from followupd.core.model import Accepted, Deferred, Draft, Refused, Unknown
from followupd.smtp.postman import SmtpEnvelope, SmtpPostman, stuffed
from followupd.smtp.trouble import GarbageError, explain
from tests.smtp.conftest import PATIENCE, SECRET, Serve, a_draft, postman, server_at
from tests.smtp.scripted import SILENCE, Fault, Script

OUTLOOK = b"250 2.0.0 OK <CH0PR11@CH0PR11.prod.outlook.com> [Hostname=CH0PR11.prod.outlook.com]\r\n"


def addressed(postman: SmtpPostman, draft: Draft) -> SmtpEnvelope:
    envelope = postman.address(draft)
    assert isinstance(envelope, SmtpEnvelope), envelope
    return envelope


def test_a_letter_goes_out_octet_for_octet(serve: Serve, draft: Draft) -> None:
    server = serve(Script())
    receipt = addressed(postman(server_at(server.port)), draft).deliver()
    assert receipt == Accepted(text="250 2.0.0 Ok: queued as 4Xyz")
    login = base64.b64encode(f"\0me@followupd.test\0{SECRET}".encode())
    assert server.whole() == (
        b"EHLO [127.0.0.1]\r\n"
        b"AUTH PLAIN " + login + b"\r\n"
        b"MAIL FROM:<me@followupd.test> SIZE=37\r\n"
        b"RCPT TO:<ada@mentors.test>\r\n"
        b"DATA\r\n"
        b"Subject: Hello\r\n\r\n..leading dot\r\nbye\r\n.\r\n"
        b"QUIT\r\n"
    )
    assert server.letters == [draft.raw]


@given(st.binary(max_size=200) | st.from_regex(rb"[.\r\na]{0,40}", fullmatch=True))
def test_no_letter_can_end_itself_early_or_smuggle_a_second_one(raw: bytes) -> None:
    wire = stuffed(raw)
    assert wire.endswith(b".\r\n")
    lines = wire.split(b"\r\n")
    assert lines[-1] == b""
    assert lines.index(b".") == len(lines) - 2
    assert all(b"\r" not in line and b"\n" not in line for line in lines)


def test_a_letter_with_other_line_ends_goes_out_with_crlf() -> None:
    assert stuffed(b"a\nb\rc\r\n\n.") == b"a\r\nb\r\nc\r\n\r\n..\r\n.\r\n"
    assert stuffed(b"") == b".\r\n"


def test_what_the_server_says_of_other_ids_is_kept_and_its_naming_of_addresses_is_not(
    serve: Serve, draft: Draft
) -> None:
    server = serve(Script(replies={"dot": OUTLOOK}))
    receipt = addressed(postman(server_at(server.port)), draft).deliver()
    assert isinstance(receipt, Accepted)
    assert receipt.other_ids == ("<CH0PR11@CH0PR11.prod.outlook.com>",)
    dovecot = serve(Script(replies={"dot": b"250 2.0.0 <ada@mentors.test> W30p Saved <1@followupd.test>\r\n"}))
    receipt = addressed(postman(server_at(dovecot.port)), draft).deliver()
    assert isinstance(receipt, Accepted)
    assert receipt.other_ids == ()


def test_without_a_password_there_is_no_login(serve: Serve, draft: Draft) -> None:
    def must_not_be_asked() -> str:
        raise AssertionError

    server = serve(Script())
    way = server_at(server.port, password=SecretSource())
    assert isinstance(addressed(SmtpPostman(way, must_not_be_asked, PATIENCE), draft).deliver(), Accepted)
    assert b"AUTH" not in server.heard


def test_where_only_login_is_offered_it_is_used(serve: Serve, draft: Draft) -> None:
    server = serve(Script(extensions=("AUTH LOGIN",)))
    addressed(postman(server_at(server.port)), draft).withdraw()
    assert b"AUTH LOGIN\r\n" + base64.b64encode(b"me@followupd.test") + b"\r\n" in server.heard
    assert base64.b64encode(SECRET.encode()) + b"\r\n" in server.heard


def test_where_no_usable_login_is_offered_the_letter_waits(serve: Serve, draft: Draft) -> None:
    server = serve(Script(extensions=("AUTH XOAUTH2",)))
    outcome = postman(server_at(server.port)).address(draft)
    assert isinstance(outcome, Deferred)
    assert outcome.account
    assert "XOAUTH2" in outcome.text


def test_a_refused_login_is_tried_once_and_never_shows_the_password(serve: Serve, draft: Draft) -> None:
    server = serve(Script(fault=Fault("AUTH", b"535 5.7.8 Error: authentication failed\r\n")))
    with pytest.raises(LoginRefusedError) as refused:
        postman(server_at(server.port)).address(draft)
    assert server.heard.count(b"AUTH") == 1
    assert b"MAIL" not in server.heard
    assert "535 5.7.8" in str(refused.value)
    assert SECRET not in str(refused.value) + refused.value.hint


def test_a_login_that_cannot_be_checked_now_is_no_refused_login(serve: Serve, draft: Draft) -> None:
    server = serve(Script(fault=Fault("AUTH", b"454 4.7.0 Temporary authentication failure\r\n")))
    outcome = postman(server_at(server.port)).address(draft)
    assert isinstance(outcome, Deferred)
    assert outcome.account


def test_a_password_that_cannot_be_found_is_said_before_anything_is_sent(serve: Serve, draft: Draft) -> None:
    def missing() -> str:
        raise ConfigError([Problem("smtp.password", "FOLLOWUPD_PASSWORD is not set")], where="config.toml")

    server = serve(Script())
    with pytest.raises(ConfigError):
        SmtpPostman(server_at(server.port), missing, PATIENCE).address(draft)
    assert server.heard == b""


def test_a_letter_can_be_taken_back_before_its_data(serve: Serve, draft: Draft) -> None:
    server = serve(Script())
    addressed(postman(server_at(server.port)), draft).withdraw()
    assert server.whole().endswith(b"RCPT TO:<ada@mentors.test>\r\nRSET\r\nQUIT\r\n")
    assert server.letters == []


def test_taking_back_never_raises_whatever_the_server_does(serve: Serve, draft: Draft) -> None:
    server = serve(Script(fault=Fault("RSET", SILENCE)))
    addressed(postman(server_at(server.port)), draft).withdraw()
    gone = serve(Script())
    envelope = addressed(postman(server_at(gone.port)), draft)
    gone.__exit__()
    envelope.withdraw()


@pytest.mark.parametrize(
    "outcome",
    [
        Refused(text="550 5.1.1 <ada@mentors.test>: User unknown", dead_address=True),
        Refused(text="552 5.2.2 Mailbox full"),
        Deferred(text="451 4.7.1 Greylisted, try again later"),
        Deferred(text="550 5.4.5 Daily user sending limit exceeded", account=True),
    ],
)
def test_a_recipient_refused_is_told_with_the_servers_words(
    serve: Serve, draft: Draft, outcome: Deferred | Refused
) -> None:
    server = serve(Script(replies={"RCPT": outcome.text.encode() + b"\r\n"}))
    assert postman(server_at(server.port)).address(draft) == outcome
    assert server.whole().endswith(b"QUIT\r\n")


def test_a_forwarding_server_has_accepted_the_recipient(serve: Serve, draft: Draft) -> None:
    server = serve(Script(replies={"RCPT": b"251 2.1.5 User not local; will forward\r\n"}))
    assert isinstance(addressed(postman(server_at(server.port)), draft).deliver(), Accepted)


def test_an_address_beyond_ascii_needs_smtputf8(serve: Serve) -> None:
    letter = a_draft(rcpt_to="jürgen@mentors.test")
    server = serve(Script())
    outcome = postman(server_at(server.port)).address(letter)
    assert isinstance(outcome, Refused)
    assert not outcome.dead_address
    assert "SMTPUTF8" in outcome.text
    assert b"MAIL" not in server.heard
    able = serve(Script(extensions=("SMTPUTF8", "8BITMIME", "AUTH PLAIN")))
    addressed(postman(server_at(able.port)), letter).deliver()
    assert "MAIL FROM:<me@followupd.test> SMTPUTF8\r\nRCPT TO:<jürgen@mentors.test>\r\n".encode() in able.heard


def test_octets_beyond_ascii_need_8bitmime(serve: Serve) -> None:
    letter = a_draft(raw="Subject: x\r\n\r\nGrüße\r\n".encode())
    server = serve(Script(extensions=("AUTH PLAIN",)))
    assert isinstance(postman(server_at(server.port)).address(letter), Refused)
    able = serve(Script(extensions=("8BITMIME", "AUTH PLAIN")))
    addressed(postman(server_at(able.port)), letter).deliver()
    assert b"MAIL FROM:<me@followupd.test> BODY=8BITMIME\r\n" in able.heard
    assert able.letters == [letter.raw]


def test_a_letter_larger_than_the_server_takes_is_not_offered(serve: Serve, draft: Draft) -> None:
    server = serve(Script(extensions=("SIZE 20", "AUTH PLAIN")))
    outcome = postman(server_at(server.port)).address(draft)
    assert isinstance(outcome, Refused)
    assert "20 at most" in outcome.text


@pytest.mark.parametrize("address", ["a@b\r\nRCPT TO:<x@y>", "a@b> x", "a b@c", "nobody", "", "a@b\x00"])
def test_what_is_no_address_never_reaches_a_server(serve: Serve, draft: Draft, address: str) -> None:
    server = serve(Script())
    assert isinstance(postman(server_at(server.port)).address(replace(draft, rcpt_to=address)), Refused)
    assert server.heard == b""


class Terminated(BaseException):
    """What a signal handler may raise."""


def test_a_signal_in_the_middle_of_a_delivery_ends_it_at_once(serve: Serve, draft: Draft) -> None:
    server = serve(Script(fault=Fault("dot", SILENCE)))
    envelope = addressed(postman(server_at(server.port), replace(PATIENCE, letter=30.0)), draft)

    def end(number: int, frame: FrameType | None) -> None:
        raise Terminated

    before = signal.signal(signal.SIGALRM, end)
    try:
        signal.setitimer(signal.ITIMER_REAL, 0.2)
        with pytest.raises(Terminated):
            envelope.deliver()
    finally:
        signal.signal(signal.SIGALRM, before)
    assert len(server.letters) == 1


def test_the_answer_to_a_letter_is_waited_for_longer_than_others(serve: Serve, draft: Draft) -> None:
    slow = Fault("dot", b"250 2.0.0 Ok\r\n", trickle=True)  # 14 octets, one in a tenth of a second
    server = serve(Script(fault=slow))
    patient = replace(PATIENCE, reply=0.5, letter=10.0)
    assert isinstance(addressed(postman(server_at(server.port), patient), draft).deliver(), Accepted)
    server = serve(Script(fault=slow))
    hasty = replace(PATIENCE, letter=0.5)
    assert isinstance(addressed(postman(server_at(server.port), hasty), draft).deliver(), Unknown)


def test_the_test_of_a_server_says_what_it_found(serve: Serve) -> None:
    server = serve(Script())
    assert postman(server_at(server.port)).test() == f"127.0.0.1:{server.port} (none), logged in as me@followupd.test"
    assert server.whole().endswith(b"NOOP\r\nQUIT\r\n")
    assert b"MAIL" not in server.heard


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        (Fault("greeting", b"554 no service\r\n"), "the server does not take mail now: 554 no service"),
        (Fault("greeting", b"SSH-2.0-OpenSSH_9.2\r\n"), "is no reply of SMTP: 'SSH-2.0-OpenSSH_9.2"),
        (Fault("greeting", SILENCE), "the server did not answer in time"),
        (Fault("AUTH", b"535 5.7.8 no\r\n"), "the server refused the login of me@followupd.test: 535 5.7.8 no"),
        (Fault("NOOP", b"421 bye\r\n"), "the server takes no commands: 421 bye"),
    ],
)
def test_the_test_of_a_server_says_what_is_wrong(serve: Serve, fault: Fault, words: str) -> None:
    server = serve(Script(fault=fault))
    with pytest.raises(FollowupdError) as raised:
        postman(server_at(server.port)).test()
    assert words in raised.value.what
    assert raised.value.status == 69
    assert raised.value.where == f"127.0.0.1:{server.port}"


@pytest.mark.parametrize(
    ("first", "spoken"),
    [("* OK [CAPABILITY IMAP4rev1] ready", "IMAP"), ("+OK ready", "POP3"), ("HTTP/1.1 400 Bad", "HTTP")],
)
def test_a_server_of_another_kind_is_told(first: str, spoken: str) -> None:
    error = GarbageError(f"the server's answer is no reply of SMTP: {first!r}")
    told = explain(error, server_at(465, Security.TLS), "connecting")
    assert f"the server speaks {spoken}, not SMTP" in told.what
    assert "of another server" in told.hint
