"""The daemon's own loop tells its user: a digest on its day, an alarm while it still tries, the end of it."""

import datetime
import json
from dataclasses import replace
from pathlib import Path

from followupd.app import App
from followupd.core.instants import Span
from followupd.core.notices import Notify, Rhythm
from followupd.daemon import serve
from tests.actions.pretend import ADA, Fuse, Server, process, somebody
from tests.test_daemon import FastClock


def told_by(folder: Path, server: Server) -> App:
    """Give an app with a weekly digest, and a program that writes down what it hears."""
    program = folder / "program"
    program.write_text(f"#!/bin/sh\ncat >> '{folder}/heard'\n")
    program.chmod(0o700)
    (folder / "heard").touch()
    app = process(folder, server, Fuse(), more="approve = true")
    digest, notify = Rhythm(every=Span(weeks=1)), Notify(command=(str(program),))
    hourly = datetime.timedelta(hours=1)
    return replace(app, settings=replace(app.settings, poll=hourly, digest=digest, notify=notify))


def heard(folder: Path) -> list[str]:
    return [json.loads(line)["event"] for line in (folder / "heard").read_text().splitlines()]


def test_the_loop_writes_a_digest_on_its_day_and_tells_the_program_once(tmp_path: Path) -> None:
    server = Server(files=True)
    app = told_by(tmp_path, server)
    somebody(app, ADA)
    serve(replace(app, clock=FastClock(server, sleeps=24 * 30)))
    mondays = [at for at, draft in server.taken if draft.rcpt_to == app.settings.policy.me.email]
    assert len(mondays) == 4
    assert {(at.weekday(), at.hour) for at in mondays} <= {(0, 5), (0, 6), (0, 7)}
    assert heard(tmp_path) == ["held"]
    app.db.close()


def test_a_server_that_is_down_for_days_gives_one_alarm_from_the_loop_itself(tmp_path: Path) -> None:
    server = Server(files=True)
    app = told_by(tmp_path, server)
    server.down = True
    serve(replace(app, clock=FastClock(server, sleeps=24)))
    assert heard(tmp_path) == []
    serve(replace(app, clock=FastClock(server, sleeps=500)))
    assert heard(tmp_path) == ["alarm"]
    server.down = False
    serve(replace(app, clock=FastClock(server, sleeps=10)))
    assert heard(tmp_path) == ["alarm", "well_again"]
    app.db.close()
