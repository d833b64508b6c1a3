"""A pretended world with Ada in it, whose opening letter is due."""

from collections.abc import Callable
from pathlib import Path

import pytest

from followupd.actions.round import one_round
from followupd.app import App
from followupd.core.model import Case
from followupd.store import threads
from tests.actions.pretend import ADA, Fuse, PretendedPostman, Server, days, process, somebody

Round = Callable[[float], int]


@pytest.fixture
def server() -> Server:
    return Server(files=True)


@pytest.fixture
def app(tmp_path: Path, server: Server) -> App:
    started = process(tmp_path, server, Fuse())
    somebody(started, ADA)
    return started


def postman(app: App) -> PretendedPostman:
    assert isinstance(app.postman, PretendedPostman)
    return app.postman


def ada(app: App, address: str = ADA) -> Case:
    """Give Ada's case, by the address that she has."""
    case = threads.case_of(app.db, address)
    assert case is not None
    return case


def at(app: App, server: Server, day: float) -> int:
    """Do a round so many days after the beginning; give how many letters went out."""
    server.now = days(day)
    return one_round(app)


def kinds(app: App) -> list[str]:
    """Give the kinds of events in Ada's history."""
    return [event.kind for event in threads.events(app.db, ada(app).thread.id)]
