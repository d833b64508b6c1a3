"""Several mailboxes are waited for at once: whoever has news is named, and nobody's trouble ends another's wait."""

import os
import socket
from collections.abc import Iterator
from time import monotonic

import pytest

from followupd.core.errors import UnreachableError
from followupd.hearing import Ears


class Listener:
    """A mailbox that listens on a socket: any byte is news, `x` is trouble."""

    def __init__(self) -> None:
        self._ear, self.server = socket.socketpair()
        self._ear.setblocking(False)
        self.asked = 0

    @property
    def ear(self) -> int | None:
        return self._ear.fileno()

    def news(self) -> bool:
        self.asked += 1
        try:
            found = self._ear.recv(100)
        except BlockingIOError:
            return False
        if b"x" in found:
            raise UnreachableError("gone")
        return b"n" in found

    def close(self) -> None:
        self._ear.close()
        self.server.close()


@pytest.fixture
def many() -> Iterator[dict[str, Listener]]:
    found = {f"a{number}": Listener() for number in range(60)}
    yield found
    for one in found.values():
        one.close()


@pytest.fixture
def wake() -> Iterator[tuple[int, int]]:
    ends = os.pipe()
    yield ends
    for end in ends:
        os.close(end)


def ears(many: dict[str, Listener]) -> Ears:
    return Ears(many)  # type: ignore[arg-type]  # of a mailbox only what is asked here


def waited(all_: Ears, wake: tuple[int, int], seconds: float = 20.0) -> float:
    begun = monotonic()
    all_.wait(seconds, wake[0])
    return monotonic() - begun


def test_whoever_has_news_is_named_and_the_others_are_not_asked_again(
    many: dict[str, Listener], wake: tuple[int, int]
) -> None:
    all_ = ears(many)
    many["a7"].server.send(b".")
    many["a31"].server.send(b"n")
    assert waited(all_, wake) < 5
    assert all_.news == {"a31"}
    assert all_.trouble == {}
    assert {one.asked for one in many.values()} == {1}


def test_a_line_that_is_no_news_ends_nothing(many: dict[str, Listener], wake: tuple[int, int]) -> None:
    all_ = ears(many)
    all_.wait(0, wake[0])
    many["a7"].server.send(b".")
    assert waited(all_, wake, 0.1) >= 0.1
    assert all_.news == set()


def test_trouble_is_named_and_ends_the_wait(many: dict[str, Listener], wake: tuple[int, int]) -> None:
    all_ = ears(many)
    many["a7"].server.send(b"x")
    assert waited(all_, wake) < 5
    assert set(all_.trouble) == {"a7"}


def test_a_signal_ends_the_wait(many: dict[str, Listener], wake: tuple[int, int]) -> None:
    os.write(wake[1], b"\0")
    all_ = ears(many)
    assert waited(all_, wake) < 5
    assert (all_.news, all_.trouble) == (set(), {})
