"""The acceptance of the patience account, lived through: nine people are written to, three answer, each in time."""

from zoneinfo import ZoneInfo

import pytest

from followupd.actions.overview import overview
from followupd.app import App
from followupd.core.model import State
from followupd.views.report.page import page
from tests.actions.conftest import at
from tests.actions.pretend import Fuse, Server, days, process, reply, somebody

PEOPLE = [f"person{number}@example{number}.org" for number in range(9)]
ANSWERS = {6: PEOPLE[0], 41: PEOPLE[1], 212: PEOPLE[2]}


@pytest.fixture
def lived(app: App, server: Server) -> App:
    for one in PEOPLE:
        somebody(app, one)
    for day in (0, 6, 14, 28, 41, 42, 56, 60, 212, 230):
        server.now = days(day)
        if day in ANSWERS:
            server.receive(reply(server.to(ANSWERS[day])[-1], days(day)))
        at(app, server, day)
    return app


@pytest.fixture
def app(tmp_path_factory: pytest.TempPathFactory, server: Server) -> App:
    return process(tmp_path_factory.mktemp("world"), server, Fuse())


def test_what_patience_earned_is_told_in_counts(lived: App) -> None:
    seen = overview(lived)
    assert seen.account.days == (6, 41, 212)
    text = page(seen, ZoneInfo("UTC"))
    assert "2 of 3 answers came after day 30; the longest wait was 212 days" in text
    assert "%" not in text
    assert seen.counts[State.ANSWERED] == 3
    assert [(one.email, one.letters) for one in seen.asked if one.answered] == [
        (PEOPLE[0], 1), (PEOPLE[1], 2), (PEOPLE[2], 3),
    ]  # fmt: skip
    assert {one.template: (one.sent, one.answered) for one in seen.earned} == {
        "opening": (9, 1), "reminder": (8, 1), "last-word": (7, 1),
    }  # fmt: skip
