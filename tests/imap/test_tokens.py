"""A token of OAuth 2.0 is said once, in the best way that the server knows, and a refusal is heard to its end."""

import base64
from dataclasses import replace

import pytest

from followupd.core.connections import SecretKind, SecretSource, Server
from followupd.core.errors import LoginRefusedError, UnreachableError
from followupd.imap.session import Session
from tests.imap.scripted import HASTY, ScriptedServer, Talk, server_at

TOKEN = "ya29." + "long" * 600
DETAILS = base64.b64encode(b'{"status":"invalid_token","schemes":"bearer","scope":"mail"}').decode()


def at(port: int) -> Server:
    return replace(server_at(port), password=SecretSource(kind=SecretKind.OAUTH))


def heard(server: Talk) -> bytes:
    return base64.b64decode(server.hear())


def refusal(server: ScriptedServer, token: str = TOKEN) -> UnreachableError:
    with pytest.raises(UnreachableError) as caught:
        Session(at(server.port), lambda: token, HASTY)
    return caught.value


@pytest.mark.parametrize(
    ("offered", "name", "said"),
    [
        ("AUTH=PLAIN AUTH=XOAUTH2", "XOAUTH2", f"user=me\1auth=Bearer {TOKEN}\1\1"),
        (
            "AUTH=PLAIN AUTH=XOAUTH2 AUTH=OAUTHBEARER",
            "OAUTHBEARER",
            "n,a=me,\1host=127.0.0.1\1port={port}\1auth=Bearer " + TOKEN + "\1\1",
        ),
    ],
)
def test_it_is_said_in_the_best_way_that_the_server_knows(offered: str, name: str, said: str) -> None:
    told: list[bytes] = []

    def talk(server: Talk) -> None:
        server.greet(f"IMAP4rev1 {offered}")
        server.expect(f"AUTHENTICATE {name}")
        server.say("+ ")
        told.append(heard(server))
        server.done()
        server.on("CAPABILITY", "* CAPABILITY IMAP4rev1 IDLE")
        server.finish()

    with ScriptedServer(talk) as server:
        session = Session(at(server.port), lambda: TOKEN, HASTY)
        assert session.idles
        session.close()
        assert told == [said.format(port=server.port).encode()]


@pytest.mark.parametrize(("offered", "end"), [("AUTH=XOAUTH2", b""), ("AUTH=OAUTHBEARER", b"\1")])
def test_a_refusal_is_heard_to_its_end_and_told_without_the_token(offered: str, end: bytes) -> None:
    told: list[bytes] = []

    def talk(server: Talk) -> None:
        server.greet(f"IMAP4rev1 {offered}")
        server.command()
        server.say("+ ")
        heard(server)
        server.say(f"+ {DETAILS}")
        told.append(heard(server))
        server.done("NO [AUTHENTICATIONFAILED] Authentication failed.")
        server.gone()

    with ScriptedServer(talk) as server:
        error = refusal(server)
    assert told == [end]
    assert isinstance(error, LoginRefusedError)
    assert "Authentication failed. (status invalid_token)" in error.what
    assert "followupd login" in error.hint
    assert TOKEN not in f"{error} {error.hint}"


def test_a_server_that_takes_no_tokens_is_told_none() -> None:
    def talk(server: Talk) -> None:
        server.greet("IMAP4rev1 AUTH=PLAIN AUTH=LOGIN")
        server.gone()

    with ScriptedServer(talk) as server:
        assert "takes no tokens" in refusal(server).what


def test_a_token_that_could_end_a_part_is_not_said() -> None:
    def talk(server: Talk) -> None:
        server.greet("IMAP4rev1 AUTH=XOAUTH2")
        server.gone()

    with ScriptedServer(talk) as server:
        assert "control character" in refusal(server, "a\1b").what


def test_a_server_that_cannot_check_it_now_is_no_refusal() -> None:
    def talk(server: Talk) -> None:
        server.greet("IMAP4rev1 AUTH=XOAUTH2")
        server.command()
        server.say("+ ")
        heard(server)
        server.done("NO [UNAVAILABLE] Temporary authentication failure.")
        server.gone()

    with ScriptedServer(talk) as server:
        assert not isinstance(refusal(server), LoginRefusedError)
