"""Every place of the dialogue, every way to fail there: sent only if a yes was read, refused only if a no was.

Taken away, each of these protections makes a test here fail (tried): a reader that takes 500 for a line too long, a
time-out that begins anew with every byte, a QUIT whose answer matters, a closed connection after the dot that counts
as deferred, a reply from before the letter that passes for the answer to it.
"""

import pytest

from followupd.core.connections import Security
from followupd.core.errors import LoginRefusedError
from followupd.core.model import Accepted, Deferred, Draft, Receipt, Refused, Unknown
from followupd.smtp.postman import SmtpPostman
from tests.servers.certificates import Certificates
from tests.smtp.conftest import Serve, postman, server_at
from tests.smtp.scripted import CLOSE, RST, SILENCE, STAGES, Fault, Script, ScriptedServer

TEMPORARY, PERMANENT, CLOSING = b"451 4.3.0 not now\r\n", b"554 5.6.0 no\r\n", b"421 4.3.2 closing\r\n"
GARBAGE = b"\x00\xff HTTP/1.1 400 Bad Request\r\n\r\n"
FAULTS: dict[str, str | bytes] = {
    "4xx": TEMPORARY,
    "5xx": PERMANENT,
    "421": CLOSING,
    "silence": SILENCE,
    "close": CLOSE,
    "RST": RST,
    "garbage": GARBAGE,
    "a line without an end": b"2" * 70_000,
    "half a line": b"250 2.0.0 O",
    "an unknown code": b"999 what\r\n",
    "two codes": b"250-yes\r\n550 no\r\n",
}
LOST = ("silence", "close", "RST", "garbage", "a line without an end", "half a line", "an unknown code", "two codes")

SENT, ACCOUNT, LATER, REFUSED, LOGIN, DOUBT = "sent", "account", "later", "refused", "login refused", "doubt"


def expected(stage: str, fault: str) -> str:
    if stage == "QUIT":
        return SENT
    if stage == "dot" and fault in LOST:
        return DOUBT
    if stage == "AUTH" and fault == "5xx":
        return LOGIN
    if stage in {"greeting", "EHLO", "STARTTLS", "AUTH"} or fault == "421":
        return ACCOUNT
    if fault == "5xx":
        return REFUSED
    return ACCOUNT if stage == "MAIL" and fault == "4xx" else LATER


def attempt(postman: SmtpPostman, draft: Draft) -> str:
    try:
        envelope = postman.address(draft)
    except LoginRefusedError:
        return LOGIN
    if isinstance(envelope, Deferred | Refused):
        return kind(envelope)
    return kind(envelope.deliver())


def kind(outcome: Receipt) -> str:
    match outcome:
        case Accepted():
            return SENT
        case Deferred(account=account):
            return ACCOUNT if account else LATER
        case Refused():
            return REFUSED
        case Unknown():
            return DOUBT


def holds(outcome: str, server: ScriptedServer) -> bool:
    """Tell whether what we believe is no more than what the server could have meant."""
    if outcome == SENT:
        return len(server.accepted) == 1
    return not server.accepted or outcome == DOUBT


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("stage", STAGES)
def test_a_fault_anywhere_is_told_for_what_it_is(
    stage: str, fault: str, serve: Serve, draft: Draft, certificates: Certificates
) -> None:
    script = Script(fault=Fault(stage, FAULTS[fault]), tls=certificates.good if stage == "STARTTLS" else None)
    server = serve(script)
    way = server_at(server.port, Security.STARTTLS if script.tls else Security.NONE, ca_file=str(certificates.ca_file))
    outcome = attempt(postman(way), draft)
    assert outcome == expected(stage, fault)
    assert holds(outcome, server)
    if stage not in {"dot", "QUIT"}:
        assert b"leading dot" not in server.heard


@pytest.mark.parametrize("stage", [stage for stage in STAGES if stage not in {"STARTTLS", "QUIT"}])
def test_a_server_that_trickles_is_not_waited_for_for_ever(stage: str, serve: Serve, draft: Draft) -> None:
    server = serve(Script(fault=Fault(stage, b"250 " + b"x" * 200 + b"\r\n", trickle=True)))
    outcome = attempt(postman(server_at(server.port)), draft)
    assert outcome == expected(stage, "silence")


def test_nobody_listening_is_deferred(draft: Draft) -> None:
    with ScriptedServer(Script()) as server:
        port = server.port
    assert attempt(postman(server_at(port)), draft) == ACCOUNT


@pytest.mark.parametrize("dot", [b"250 2.0.0 Ok\r\n", b"250-2.0.0 Ok\r\n250 2.0.0 queued\r\n", b"550 5.6.0 no\r\n"])
def test_a_connection_cut_after_any_octet_the_server_says_never_gives_a_false_yes_or_no(
    serve: Serve, draft: Draft, dot: bytes
) -> None:
    whole = serve(Script(replies={"dot": dot}))
    final = attempt(postman(server_at(whole.port)), draft)
    assert final == (SENT if dot.startswith(b"2") else REFUSED)
    said = whole._said
    whole_until_354 = said - len(dot) - len(b"221 2.0.0 Bye\r\n")
    outcomes = []
    for cut in range(said + 1):
        with ScriptedServer(Script(cut_after=cut, replies={"dot": dot})) as server:
            outcome = attempt(postman(server_at(server.port)), draft)
            outcomes.append(outcome)
            if server.letters and outcome != DOUBT:
                assert outcome == final
                assert cut >= said - len(b"221 2.0.0 Bye\r\n")
            if not server.letters and outcome == DOUBT:
                assert cut >= whole_until_354
            assert server.letters or outcome in {LATER, ACCOUNT, DOUBT}
    assert DOUBT in outcomes
    assert outcomes[-1] == final


def test_a_server_that_goes_deaf_after_any_octet_never_seems_to_have_agreed(serve: Serve, draft: Draft) -> None:
    whole = serve(Script())
    assert attempt(postman(server_at(whole.port)), draft) == SENT
    until_dot = whole.heard.index(b"\r\n.\r\n") + 5
    for deaf in range(1, until_dot + 1):
        with ScriptedServer(Script(deaf_after=deaf)) as server:
            outcome = attempt(postman(server_at(server.port)), draft)
            assert outcome == (DOUBT if deaf > whole.heard.index(b"DATA\r\n") + 6 else outcome)
            assert outcome in {LATER, ACCOUNT, DOUBT}
            assert not server.accepted


def test_a_yes_said_before_the_letter_is_no_answer_to_it(serve: Serve, draft: Draft) -> None:
    server = serve(Script(replies={"DATA": b"354 go on\r\n250 2.0.0 Ok: queued\r\n"}))
    assert attempt(postman(server_at(server.port)), draft) == LATER
    assert b"leading dot" not in server.heard


def test_a_yes_to_data_without_the_letter_is_none(serve: Serve, draft: Draft) -> None:
    server = serve(Script(replies={"DATA": b"250 2.0.0 Ok: queued\r\n"}))
    assert attempt(postman(server_at(server.port)), draft) == LATER
    assert server.letters == []


def test_a_letter_in_doubt_is_not_followed_by_another_word(serve: Serve, draft: Draft) -> None:
    server = serve(Script(fault=Fault("dot", SILENCE)))
    assert attempt(postman(server_at(server.port)), draft) == DOUBT
    assert server.whole().endswith(b"\r\n.\r\n")
