"""A world with one mentor who answers every letter a day later."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from followupd.demo.answers import Coming, Delivered
from followupd.demo.world import World
from tests.demo.letters import AT

USER, PASSWORD, MENTOR = "ida@lastenrad-brandt.example", "secret", "somebody@mentors.example"
ANSWER = b"From: somebody@mentors.example\r\nMessage-ID: <a@m>\r\n\r\n\xe4 raw \x00 byte\r\n.\r\nand a dot\r\n"


def answers(letter: Delivered) -> tuple[Coming, ...]:
    return (Coming(at=letter.at + timedelta(days=1), raw=ANSWER),)


@pytest.fixture
def world() -> Iterator[World]:
    """Give a running world whose time is AT."""
    with World(USER, PASSWORD, {MENTOR: answers}, AT) as running:
        yield running
