"""A letter, and postmen that do not wait long."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import TypeAlias

import pytest

from followupd.core.connections import SecretKind, SecretSource, Security, Server
from followupd.core.model import Draft
from followupd.smtp.postman import SmtpPostman
from followupd.smtp.session import Patience
from tests.smtp.scripted import Script, ScriptedServer

PATIENCE = Patience(connect=3.0, reply=0.4, letter=0.5, quit=0.1)
LOGIN = SecretSource(kind=SecretKind.ENV, value="FOLLOWUPD_PASSWORD")
SECRET = "s3cret-Wörter"

Serve: TypeAlias = Callable[[Script], ScriptedServer]


@pytest.fixture
def serve() -> Iterator[Serve]:
    with ExitStack() as stack:
        yield lambda script: stack.enter_context(ScriptedServer(script))


@pytest.fixture
def draft() -> Draft:
    return a_draft()


def a_draft(raw: bytes = b"Subject: Hello\r\n\r\n.leading dot\r\nbye\r\n", rcpt_to: str = "ada@mentors.test") -> Draft:
    return Draft(
        message_id="<1@followupd.test>", mail_from="me@followupd.test", rcpt_to=rcpt_to, subject="Hello", raw=raw
    )


def server_at(
    port: int,
    security: Security = Security.NONE,
    *,
    host: str = "127.0.0.1",
    username: str = "me@followupd.test",
    password: SecretSource = LOGIN,
    ca_file: str = "",
) -> Server:
    return Server(host=host, port=port, security=security, username=username, password=password, ca_file=ca_file)


def postman(server: Server, patience: Patience = PATIENCE) -> SmtpPostman:
    return SmtpPostman(server, lambda: SECRET, patience)
