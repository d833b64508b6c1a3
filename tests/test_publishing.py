"""The daemon keeps the calendar file: it follows every change, is left alone otherwise, and stops no letter."""

import logging
from pathlib import Path

import pytest

from followupd import daemon
from followupd.actions import threads
from followupd.actions.round import one_round
from followupd.app import App
from followupd.publishing import CalendarFile
from tests.actions.pretend import ADA, BO, Fuse, Server, days, process, reply, somebody


@pytest.fixture
def server() -> Server:
    return Server(files=True)


@pytest.fixture
def app(tmp_path: Path, server: Server) -> App:
    return process(tmp_path, server, Fuse(), more='[daemon]\ncalendar = "letters.ics"')


def said(folder: Path, word: str) -> int:
    return (folder / "letters.ics").read_bytes().count(word.encode())


def test_the_file_follows_what_happens(app: App, server: Server, tmp_path: Path) -> None:
    somebody(app, ADA)
    calendar = CalendarFile(app)
    calendar.refresh()
    assert said(tmp_path, "STATUS:TENTATIVE") == 3
    one_round(app)
    calendar.refresh()
    assert (said(tmp_path, "STATUS:CONFIRMED"), said(tmp_path, "STATUS:TENTATIVE")) == (1, 2)
    server.now = days(3)
    server.receive(reply(server.to(ADA)[0], days(3)))
    one_round(app)
    calendar.refresh()
    assert (said(tmp_path, "STATUS:CONFIRMED"), said(tmp_path, "STATUS:CANCELLED")) == (1, 2)


def test_where_nothing_changed_nothing_is_written(app: App, server: Server, tmp_path: Path) -> None:
    somebody(app, ADA)
    calendar = CalendarFile(app)
    calendar.refresh()
    path = tmp_path / "letters.ics"
    before = path.stat()
    one_round(app)
    calendar.refresh()
    assert path.stat().st_ino != before.st_ino  # the letter went out
    before = path.stat()
    for day in (1, 2, 3):
        server.now = days(day)
        one_round(app)
        calendar.refresh()
        CalendarFile(app).refresh()  # after a restart
    assert path.stat() == before
    threads.pause(app, ADA, None)
    calendar.refresh()
    assert path.stat().st_ino != before.st_ino


def test_a_file_that_is_gone_is_made_again(app: App, tmp_path: Path) -> None:
    calendar = CalendarFile(app)
    calendar.refresh()
    (tmp_path / "letters.ics").unlink()
    calendar.refresh()
    assert said(tmp_path, "BEGIN:VCALENDAR") == 1


def test_a_calendar_that_cannot_be_written_stops_no_letter_and_is_told_once(
    app: App, server: Server, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "letters.ics").mkdir()
    somebody(app, ADA)
    somebody(app, BO)
    with caplog.at_level(logging.WARNING, logger="followupd"):
        assert daemon.run(app, once=True) == 0
        calendar = CalendarFile(app)
        caplog.clear()
        calendar.refresh()
        calendar.refresh()
    assert len(server.taken) == 2
    assert [record.getMessage().split(":")[0] for record in caplog.records] == ["the calendar file cannot be written"]


def test_the_daemon_writes_it_after_a_round(app: App, tmp_path: Path) -> None:
    somebody(app, ADA)
    assert daemon.run(app, once=True) == 0
    assert said(tmp_path, "STATUS:TENTATIVE") == 2
