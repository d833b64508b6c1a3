"""However many letters wait for another day, a round writes that down at once, and none of them is forgotten."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from followupd.actions import dispatch
from followupd.actions.round import one_round
from followupd.app import App
from followupd.core.instants import Instant
from followupd.core.model import Case, Decision
from followupd.store import threads
from followupd.store.bounds import openings
from tests.actions.pretend import Fuse, Server, process, somebody

PEOPLE = 30


def test_letters_over_the_daily_limit_wait_for_the_next_day_by_one_commit(tmp_path: Path) -> None:
    server = Server(files=True)
    app = process(tmp_path, server, Fuse())
    for number in range(PEOPLE):
        somebody(app, f"person{number}@example{number}.org")
    server.now += timedelta(days=1)
    assert one_round(app) == 9

    with_many = _commits(app)

    assert all(case.thread.next_at and case.thread.next_at > server.now for case in threads.open_cases(app.db))
    assert threads.due(app.db, server.now) == ()
    assert with_many == 0, "what was given its day is not looked at again"


def test_a_round_in_which_nobody_may_be_written_to_makes_as_many_commits_for_thirty_people_as_for_three(
    tmp_path: Path,
) -> None:
    assert _commits_at_the_limit(tmp_path, "few", 3) == _commits_at_the_limit(tmp_path, "many", PEOPLE)


def test_a_person_whom_the_user_changed_meanwhile_keeps_the_date_that_they_were_given(tmp_path: Path) -> None:
    server = Server(files=True)
    app = process(tmp_path, server, Fuse())
    somebody(app, "ada@example.org")
    somebody(app, "bob@example.net")
    ada, bob = (case.thread for case in threads.open_cases(app.db))
    other = process(tmp_path, server, Fuse())
    other.db.run("UPDATE threads SET next_at = NULL, revision = revision + 1 WHERE id = ?", (ada.id,))

    threads.postpone(app.db, [(ada, server.now + timedelta(days=1)), (bob, server.now + timedelta(days=1))])

    assert threads.standing(app.db, ada.id).next_at is None
    assert threads.standing(app.db, bob.id).next_at == server.now + timedelta(days=1)


def test_a_follow_up_goes_however_many_queue_before_it_to_be_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = Server(files=True)
    app = process(tmp_path, server, Fuse())
    app = replace(app, settings=replace(app.settings, policy=replace(app.settings.policy, max_open=1)))
    for number in range(5):
        somebody(app, f"person{number}@example{number}.org")
    assert one_round(app) == 1
    monkeypatch.setattr(dispatch, "_MOST", 3)
    monkeypatch.setattr(dispatch, "_AT_ONCE", 3)
    server.now += timedelta(days=15)

    assert one_round(app) == 1, "three who queue were due before it, and the round looks at three"

    assert [len(server.to(f"person{number}@example{number}.org")) for number in range(5)].count(2) == 1
    assert threads.due(app.db, server.now, openings=openings(app.db, app.settings.policy, server.now)) == ()


@pytest.mark.parametrize("at_once", [1, 2, 7, 100])
def test_however_few_are_read_at_once_each_gets_one_letter_in_a_round_in_the_same_order(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at_once: int
) -> None:
    server = Server(files=True)
    app = process(tmp_path, server, Fuse())
    for number in range(7):
        somebody(app, f"person{number}@example{number}.org")
    monkeypatch.setattr(dispatch, "_AT_ONCE", at_once)
    server.now += timedelta(days=1)

    assert one_round(app) == 7
    assert [draft.rcpt_to for _, draft in server.taken] == [
        f"person{number}@example{number}.org" for number in range(7)
    ]


def test_what_is_put_off_in_a_round_is_not_met_again_in_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    server = Server(files=True)
    app = process(tmp_path, server, Fuse())
    for number in range(PEOPLE):
        somebody(app, f"person{number}@example{number}.org")
    monkeypatch.setattr(dispatch, "_AT_ONCE", 4)
    met, decided = list[int](), dispatch._decided

    def noted(app: App, case: Case, now: Instant) -> Decision:
        met.append(case.thread.id)
        return decided(app, case, now)

    monkeypatch.setattr(dispatch, "_decided", noted)
    server.now += timedelta(days=1)

    assert one_round(app) == 9
    assert (len(met), len(set(met))) == (PEOPLE, PEOPLE)


def _commits_at_the_limit(folder: Path, name: str, people: int) -> int:
    """Give the commits of a round that finds so many letters due and none that may go."""
    where = folder / name
    where.mkdir()
    server = Server(files=True)
    app = process(where, server, Fuse())
    for number in range(9):
        somebody(app, f"first{number}@example{number}.org")
    server.now += timedelta(days=1)
    assert one_round(app) == 9
    for number in range(people):
        somebody(app, f"later{number}@house{number}.org")
    app.db.run("UPDATE threads SET next_at = '2026-01-01T00:00:00Z' WHERE state = 'scheduled'")
    return _commits(app)


def _commits(app: App) -> int:
    """Do a round that sends nothing; give how many commits wrote to threads."""
    statements: list[str] = []
    app.db.connection.set_trace_callback(statements.append)
    try:
        assert one_round(app) == 0
    finally:
        app.db.connection.set_trace_callback(None)
    commits, wrote = 0, False
    for statement in statements:
        wrote = wrote or statement.startswith("UPDATE threads")
        if statement == "COMMIT":
            commits, wrote = commits + wrote, False
    return commits
