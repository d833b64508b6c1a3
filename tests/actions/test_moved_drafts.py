"""Somebody is moved to another account, or another address, while their draft lies there; found by random schedules."""

from contextlib import suppress
from pathlib import Path

import pytest

from followupd.actions import contacts, outbox
from followupd.actions import threads as words
from followupd.app import App
from followupd.core.errors import FollowupdError
from followupd.core.model import LetterState
from followupd.store import drafts, letters
from tests.actions.pretend import ADA, BO, Server, days
from tests.actions.test_drafts import edits, only, sends
from tests.actions.two import WORK, Two, case_of, person, rounds

HOUR = 1 / 24
NEW = "ada@new.example"


@pytest.fixture
def world(tmp_path: Path) -> Two:
    main, work = (Server(files=True, drafts={}) for _ in range(2))
    return Two(tmp_path, main, work, more="approve = true" + WORK)


@pytest.fixture(params=[0, 2], ids=["due", "ahead of its day"])
def apps(world: Two, request: pytest.FixtureRequest) -> tuple[App, ...]:
    apps = world.start()
    person(apps[0], BO, "work")
    if request.param:
        words.snooze(apps[0], BO, days(request.param).date())
    rounds(apps)
    assert b"max@work.example" in only(world.work)
    return apps


def moved(world: Two, apps: tuple[App, ...], hours: int = 3) -> None:
    contacts.edit(apps[0], BO, contacts.Edit(fields={}, account="main"))
    for hour in range(1, hours + 1):
        world.at(hour * HOUR)
        rounds(apps)


def test_an_untouched_draft_is_taken_out_and_lies_in_the_new_account(world: Two, apps: tuple[App, ...]) -> None:
    moved(world, apps)
    assert world.work.drafts == {}
    assert b"max@example.org" in only(world.main)
    sends(world.main)
    world.at(1)
    rounds(apps)
    assert letters.get(apps[0].db, 1).state is LetterState.SENT
    assert [server.taken for server in world.servers] == [[], []]


def test_an_edited_draft_stays_where_it_is_and_its_letter_goes_by_no_other_road(
    world: Two, apps: tuple[App, ...]
) -> None:
    edits(world.work)
    moved(world, apps)
    assert world.main.drafts == {}
    sends(world.work)
    world.at(1)
    rounds(apps)
    assert letters.get(apps[0].db, 1).state is LetterState.SENT
    assert case_of(apps[0], BO).thread.step == 1
    assert [server.taken for server in world.servers] == [[], []]


def test_a_draft_in_a_mailbox_that_cannot_be_read_keeps_its_letter(world: Two, apps: tuple[App, ...]) -> None:
    world.work.down = True
    moved(world, apps)
    assert world.main.drafts == {}
    world.work.down = False
    moved(world, apps, 6)
    assert world.work.drafts == {}
    assert only(world.main)


def test_a_draft_in_an_account_that_is_in_the_config_no_more_is_left_there(world: Two, apps: tuple[App, ...]) -> None:
    edits(world.work)
    contacts.edit(apps[0], BO, contacts.Edit(fields={}, account="main"))
    apps[0].db.close()
    world.more = "approve = true"
    (app,) = world.start()
    rounds((app,))
    assert only(world.work)
    assert b"max@example.org" in only(world.main)
    kept = drafts.get(app.db, 1)
    assert kept is not None
    assert kept.account == "main"


def to_another_address(world: Two) -> App:
    app = world.start()[0]
    person(app, ADA)
    rounds((app,))
    return app


@pytest.mark.parametrize("keeps_id", [True, False])
@pytest.mark.parametrize("drafts_stay_on", [True, False])
def test_an_edited_draft_to_an_address_that_they_had_keeps_the_letter_to_the_new_one(
    world: Two, keeps_id: bool, drafts_stay_on: bool
) -> None:
    app = to_another_address(world)
    edits(world.main, keeps_id=keeps_id)
    world.at(HOUR)
    rounds((app,))
    if not drafts_stay_on:
        app.db.close()
        world.more = 'approve = true\ndrafts = "0 days"' + WORK
        app = world.start()[0]
    contacts.edit(app, ADA, contacts.Edit(fields={}, email=NEW))
    world.at(2 * HOUR)
    rounds((app,))
    with suppress(FollowupdError):
        outbox.approve(app, 1)
    for day in (1, 2, 9):
        world.at(day)
        rounds((app,))
    assert world.main.taken == []
    assert len(world.main.drafts or {}) == 1


def test_an_untouched_draft_to_an_address_that_they_had_becomes_one_to_the_new_one(world: Two) -> None:
    app = to_another_address(world)
    contacts.edit(app, ADA, contacts.Edit(fields={}, email=NEW))
    for hour in (1, 2, 3):
        world.at(hour * HOUR)
        rounds((app,))
    assert f"To: Ada <{NEW}>".encode() in only(world.main)
    outbox.approve(app, 1)
    for day in (1, 2):
        world.at(day)
        rounds((app,))
    assert len(world.main.to(NEW)) == 1
