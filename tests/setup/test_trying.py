"""A password is offered once, and only to a server that has shown who it is; what is tried is what was wanted."""

from collections.abc import Callable

import pytest

from followupd.core.connections import SecretSource, Security, Server
from followupd.core.errors import LoginRefusedError, UnreachableError
from followupd.discovery.candidates import guesses
from followupd.setup.trying import Trier
from followupd.setup.wanted import Wanted, servers

ADA = "ada@example.org"


def place(host: str, username: str = ADA) -> Server:
    return Server(host=host, port=993, security=Security.TLS, username=username, password=SecretSource())


class World:
    """Servers by name: those that are there take or refuse; `offered` is what each one was offered."""

    def __init__(self, **servers: str) -> None:
        self.servers = servers
        self.offered: list[tuple[str, str]] = []

    def attempt(self, server: Server, password: Callable[[], str]) -> str:
        """Behave as a server of that name does."""
        kind = self.servers.get(server.host, "away")
        if kind == "away":
            raise UnreachableError("nobody there", where=server.host)
        self.offered.append((server.host, password()))
        if kind == "busy":
            raise UnreachableError("takes no login now", where=server.host)
        if kind != self.offered[-1][1]:
            raise LoginRefusedError("refused", where=server.host)
        return "well"


def test_the_first_that_answers_is_the_one() -> None:
    world = World(b="word", c="word")
    found = Trier().first([place("a"), place("b"), place("c")], "word", world.attempt)
    assert found.server is not None
    assert (found.server.host, world.offered) == ("b", [("b", "word")])


def test_a_refusal_is_the_end_and_no_other_server_gets_the_password() -> None:
    world = World(a="right", b="wrong")
    with pytest.raises(LoginRefusedError):
        Trier().first([place("a"), place("b")], "wrong", world.attempt)
    assert world.offered == [("a", "wrong")]


def test_a_refused_password_is_never_offered_again_but_another_is() -> None:
    world, trier = World(a="right"), Trier()
    for _ in range(2):
        with pytest.raises(LoginRefusedError):
            trier.first([place("a")], "wrong", world.attempt)
    assert world.offered == [("a", "wrong")]
    assert trier.first([place("a")], "right", world.attempt).said == "well"
    assert trier.first([place("a")], "right", world.attempt).said == "well"


def test_a_server_that_is_busy_after_it_heard_the_password_is_the_last() -> None:
    world = World(a="busy", b="word")
    found = Trier().first([place("a"), place("b")], "word", world.attempt)
    assert found.server is None
    assert [str(error) for error in found.trouble] == ["takes no login now (a)"]
    assert world.offered == [("a", "word")]


def test_all_that_nobody_answered_is_told() -> None:
    found = Trier().first([place("a"), place("b")], "word", World().attempt)
    assert [error.where for error in found.trouble] == ["a", "b"]


def shown(kind: str, wanted: Wanted) -> list[tuple[str, int, str]]:
    return [(one.host, one.port, one.security) for one in servers(kind, wanted, None, ADA, SecretSource())]


@pytest.mark.parametrize(
    ("wanted", "tried"),
    [
        (Wanted(host="h"), [("h", 993, "tls"), ("h", 143, "starttls")]),
        (Wanted(host="h", port=143), [("h", 143, "starttls")]),
        (Wanted(host="h", port=1993), [("h", 1993, "tls"), ("h", 1993, "starttls")]),
        (Wanted(host="h", security=Security.STARTTLS), [("h", 143, "starttls")]),
        (Wanted(host="h", port=1, security=Security.NONE), [("h", 1, "none")]),
    ],
)
def test_what_was_said_of_a_server_is_kept_and_the_rest_is_tried(
    wanted: Wanted, tried: list[tuple[str, int, str]]
) -> None:
    assert shown("imap", wanted) == tried


def test_a_port_that_a_network_may_block_has_a_stand_in() -> None:
    suggestion = guesses(ADA)
    tried = servers("smtp", Wanted(), suggestion, ADA, SecretSource())
    assert len(tried) == len(set(tried)) == 6
    assert {one.security for one in tried} == {Security.TLS, Security.STARTTLS}


def test_no_login_has_no_password() -> None:
    [one] = servers("smtp", Wanted(host="h", port=25, security=Security.NONE, username=""), None, ADA, SecretSource())
    assert (one.username, one.password) == ("", SecretSource())
