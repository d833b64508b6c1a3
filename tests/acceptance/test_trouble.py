"""Servers that are away, say no, or fall silent at the worst moment: nothing goes twice, nothing before reading."""

from collections.abc import Iterator
from contextlib import ExitStack
from datetime import timedelta
from typing import Any

import pytest

from tests.acceptance.installation import Installation
from tests.servers.embedded import EmbeddedServers
from tests.servers.mailbox import Endpoint
from tests.servers.processes import free_ports
from tests.servers.proxy import LosingProxy
from tests.smtp.scripted import CLOSE, RST, Fault, Script, ScriptedServer

DAY = timedelta(days=1)
LATER = timedelta(days=400)


@pytest.fixture
def ada(embedded_servers: EmbeddedServers) -> str:
    return embedded_servers.new_user("ada")


@pytest.fixture
def scripted(at_embedded: Installation) -> Iterator[ScriptedServer]:
    """A scripted way out for an installation that reads from the embedded servers."""
    with ExitStack() as stack:
        server = stack.enter_context(ScriptedServer(Script()))
        at_embedded.smtp = Endpoint(port=server.port, security="none")
        yield server


def letters(followupd: Installation, email: str, at: timedelta = timedelta()) -> list[dict[str, Any]]:
    found = followupd.show(email, at=at)["letters"]
    assert isinstance(found, list)
    return found


def test_while_the_mailbox_cannot_be_read_nothing_is_sent(at_embedded: Installation, ada: str) -> None:
    reachable = at_embedded.imap
    at_embedded.imap = Endpoint(port=free_ports(1)[0], security="none")
    at_embedded.add(ada)
    done = at_embedded.round(status=69)
    assert str(at_embedded.imap.port) in done.err
    at_embedded.round(at=LATER, status=69)
    assert at_embedded.servers.read(ada) == []
    assert at_embedded.state(ada) == "scheduled"
    at_embedded.imap = reachable
    at_embedded.round()
    assert len(at_embedded.servers.wait_for(ada)) == 1


def test_while_letters_cannot_leave_they_wait(at_embedded: Installation, ada: str) -> None:
    reachable = at_embedded.smtp
    at_embedded.smtp = Endpoint(port=free_ports(1)[0], security="none")
    at_embedded.add(ada)
    at_embedded.round(status=None)
    assert at_embedded.state(ada) == "scheduled"
    at_embedded.smtp = reachable
    at_embedded.round(at=2 * DAY)
    assert len(at_embedded.servers.wait_for(ada)) == 1
    assert at_embedded.state(ada, at=2 * DAY) == "waiting"


TEMPORARY, PERMANENT, CLOSING = b"451 4.3.0 not now\r\n", b"550 5.7.1 policy\r\n", b"421 4.3.2 closing\r\n"


@pytest.mark.parametrize(
    ("stage", "what"),
    [
        ("greeting", CLOSING),
        ("EHLO", CLOSE),
        ("MAIL", TEMPORARY),
        ("RCPT", TEMPORARY),
        ("RCPT", RST),
        ("DATA", CLOSE),
    ],
)
def test_trouble_before_the_letter_is_only_a_delay(
    scripted: ScriptedServer, at_embedded: Installation, ada: str, stage: str, what: str | bytes
) -> None:
    scripted.script.fault = Fault(stage, what)
    at_embedded.add(ada)
    at_embedded.round(status=None)
    assert scripted.accepted == []
    assert at_embedded.state(ada) == "scheduled"
    scripted.script.fault = None
    at_embedded.round(at=2 * DAY)
    assert len(scripted.accepted) == 1
    assert at_embedded.state(ada, at=2 * DAY) == "waiting"
    at_embedded.round(at=2 * DAY)
    assert len(scripted.accepted) == 1


@pytest.mark.parametrize("stage", ["RCPT", "DATA", "dot"])
def test_a_letter_refused_for_a_policy_is_held_for_the_user(
    scripted: ScriptedServer, at_embedded: Installation, ada: str, stage: str
) -> None:
    scripted.script.fault = Fault(stage, PERMANENT)
    at_embedded.add(ada)
    at_embedded.round(status=None)
    scripted.script.fault = None
    at_embedded.round(at=LATER, status=None)
    assert scripted.accepted == []
    shown = at_embedded.show(ada)
    assert shown["state"] == "held"
    assert "5.7.1" in shown["reason"] + str(shown["events"])


@pytest.mark.parametrize("what", [TEMPORARY, CLOSING])
def test_a_letter_deferred_after_its_data_goes_out_later_and_once(
    scripted: ScriptedServer, at_embedded: Installation, ada: str, what: bytes
) -> None:
    scripted.script.fault = Fault("dot", what)
    at_embedded.add(ada)
    at_embedded.round(status=None)
    assert scripted.accepted == []
    scripted.script.fault = None
    at_embedded.round(at=2 * DAY)
    at_embedded.round(at=2 * DAY)
    assert len(scripted.accepted) == 1
    assert len(set(scripted.letters)) <= 2


@pytest.mark.parametrize("what", [CLOSE, RST, b"\xff garbage\r\n"])
def test_a_letter_whose_answer_is_lost_is_never_sent_again_by_itself(
    scripted: ScriptedServer, at_embedded: Installation, ada: str, what: str | bytes
) -> None:
    scripted.script.fault = Fault("dot", what)
    at_embedded.add(ada)
    at_embedded.round(status=None)
    assert len(scripted.letters) == 1
    scripted.script.fault = None
    for at in (timedelta(), DAY, LATER):
        at_embedded.round(at=at)
    assert len(scripted.letters) == 1
    shown = at_embedded.show(ada)
    assert shown["state"] == "held"
    assert [letter["state"] for letter in shown["letters"]] == ["uncertain"]
    status = at_embedded.json("status")
    assert status["uncertain"] == 1


def test_trouble_at_quit_is_none(scripted: ScriptedServer, at_embedded: Installation, ada: str) -> None:
    scripted.script.fault = Fault("QUIT", CLOSING)
    at_embedded.add(ada)
    at_embedded.round()
    at_embedded.round()
    assert len(scripted.accepted) == 1
    assert at_embedded.state(ada) == "waiting"


@pytest.fixture
def lost(at_embedded: Installation, embedded_servers: EmbeddedServers, ada: str) -> Iterator[str]:
    """A letter that was delivered, with the answer to it lost on the way; gives the letter's id."""
    way = at_embedded.smtp
    with LosingProxy(embedded_servers.smtp_port, lose=b"\r\n.\r\n") as proxy:
        at_embedded.smtp = Endpoint(port=proxy.port, security="none")
        at_embedded.add(ada)
        at_embedded.round(status=None)
        assert len(embedded_servers.wait_for(ada)) == 1
        [letter] = letters(at_embedded, ada)
        assert letter["state"] in {"uncertain", "sending"}
        at_embedded.smtp = way
        yield str(letter["id"])


def test_doubt_is_settled_by_the_copy_in_sent(lost: str, at_embedded: Installation, ada: str) -> None:
    [arrived] = at_embedded.servers.read(ada)
    at_embedded.servers.append(at_embedded.me, arrived.raw, folder="Sent", flags=r"\Seen")
    at_embedded.round()
    assert at_embedded.state(ada) == "waiting"
    [letter] = letters(at_embedded, ada)
    assert letter["state"] == "sent"
    at_embedded.round(at=timedelta(days=15))
    _, second = at_embedded.servers.wait_for(ada, 2)
    assert second.header("In-Reply-To") == arrived.header("Message-ID")


def test_doubt_is_settled_by_an_answer(lost: str, at_embedded: Installation, ada: str) -> None:
    from tests.acceptance.letters import answer

    [arrived] = at_embedded.servers.read(ada)
    at_embedded.servers.deliver(at_embedded.me, answer(arrived, ada))
    at_embedded.round()
    assert at_embedded.state(ada) == "answered"
    at_embedded.round(at=LATER)
    assert len(at_embedded.servers.read(ada)) == 1


def test_doubt_is_settled_by_the_users_word_that_it_went_out(lost: str, at_embedded: Installation, ada: str) -> None:
    at_embedded.round()
    assert at_embedded.state(ada) == "held"
    at_embedded.run("outbox", "sent", lost)
    assert at_embedded.state(ada) == "waiting"
    at_embedded.round()
    assert len(at_embedded.servers.read(ada)) == 1
    at_embedded.round(at=timedelta(days=15))
    assert len(at_embedded.servers.wait_for(ada, 2)) == 2


def test_doubt_is_settled_by_the_users_word_to_send_it_again(lost: str, at_embedded: Installation, ada: str) -> None:
    at_embedded.round()
    at_embedded.run("outbox", "retry", lost)
    at_embedded.round()
    first, second = at_embedded.servers.wait_for(ada, 2)
    assert first.header("Subject") == second.header("Subject")
    at_embedded.round()
    assert len(at_embedded.servers.read(ada)) == 2
