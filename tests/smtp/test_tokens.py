"""A token of OAuth 2.0 goes after AUTH, not with it, and a refusal of it is heard to its end."""

import base64

import pytest

from followupd.core.connections import SecretKind, SecretSource, Server
from followupd.core.errors import FollowupdError, LoginRefusedError, UnreachableError
from followupd.core.sasl import Mechanism, first
from followupd.smtp.postman import SmtpPostman
from tests.smtp.conftest import PATIENCE, Serve, server_at
from tests.smtp.scripted import Script, ScriptedServer

TOKEN = "ya29." + "long" * 600
DETAILS = base64.b64encode(b'{"status":"401"}')


def begun(serve: Serve, offered: str, how: Mechanism, answer: bytes) -> tuple[ScriptedServer, Server, str]:
    """Serve a login by token; `answer` is what follows the token."""
    script = Script(extensions=(f"AUTH {offered}",), replies={"AUTH": b"334 \r\n"})
    server = serve(script)
    way = server_at(server.port, password=SecretSource(kind=SecretKind.TOKEN, command=("true",)))
    line = base64.b64encode(first(how, way.username, TOKEN, (way.host, way.port))).decode()
    script.replies |= {line.upper(): answer, "": b"535 5.7.8 refused\r\n", "AQ==": b"535 5.7.8 refused\r\n"}
    return server, way, line


def try_login(way: Server, token: str = TOKEN) -> str:
    return SmtpPostman(way, lambda: token, PATIENCE).test()


@pytest.mark.parametrize(
    ("offered", "how"),
    [("PLAIN XOAUTH2", Mechanism.XOAUTH2), ("LOGIN XOAUTH2 OAUTHBEARER", Mechanism.OAUTHBEARER)],
)
def test_it_goes_after_the_command(serve: Serve, offered: str, how: Mechanism) -> None:
    server, way, line = begun(serve, offered, how, b"235 2.7.0 welcome\r\n")
    assert "logged in as me@followupd.test" in try_login(way)
    assert f"AUTH {how}\r\n{line}\r\n".encode() in server.heard


@pytest.mark.parametrize(
    ("offered", "how", "end"), [("XOAUTH2", Mechanism.XOAUTH2, b""), ("OAUTHBEARER", Mechanism.OAUTHBEARER, b"AQ==")]
)
def test_a_refusal_is_heard_to_its_end(serve: Serve, offered: str, how: Mechanism, end: bytes) -> None:
    server, way, line = begun(serve, offered, how, b"334 " + DETAILS + b"\r\n")
    with pytest.raises(LoginRefusedError) as caught:
        try_login(way)
    assert line.encode() + b"\r\n" + end + b"\r\n" in server.heard
    assert "followupd login" in caught.value.hint
    assert TOKEN not in f"{caught.value} {caught.value.hint}"


def test_a_server_that_takes_no_tokens_is_told_none(serve: Serve) -> None:
    server, way, _ = begun(serve, "PLAIN LOGIN", Mechanism.XOAUTH2, b"")
    with pytest.raises(UnreachableError, match="takes no tokens"):
        try_login(way)
    assert b"AUTH" not in server.heard


def test_a_token_that_could_end_a_command_is_not_said(serve: Serve) -> None:
    server, way, _ = begun(serve, "XOAUTH2", Mechanism.XOAUTH2, b"")
    with pytest.raises(FollowupdError, match="not sent"):
        try_login(way, "a\r\nRSET")
    assert b"AUTH" not in server.heard
