"""What random schedules with two accounts found, told once more; every test here failed before it was mended."""

from pathlib import Path

import pytest

from followupd.app import App
from followupd.core.model import State
from followupd.store import accounts
from followupd.store.db import backup
from tests.actions.pretend import ADA, BO, days, reply
from tests.actions.two import Two, case_of, person, rounds, two


@pytest.fixture
def world(tmp_path: Path) -> Two:
    return two(tmp_path)


def restored(world: Two) -> tuple[App, ...]:
    """Give a process on a database that knows of no letter, while Bo's first lies in Sent of the other account."""
    apps = world.start()
    person(apps[0], BO, "work")
    backup(apps[0].db, world.folder / "backup.db")
    rounds(apps)
    apps[0].db.close()
    for left in world.folder.glob("followupd.db*"):
        left.unlink()
    (world.folder / "backup.db").replace(world.folder / "followupd.db")
    return world.start()


def test_a_restored_database_learns_the_letters_of_all_accounts_before_it_meets_an_answer_to_one(world: Two) -> None:
    apps = restored(world)
    answer = reply(world.work.to(BO)[0], days(2)).replace(b"bo@example.com", b"office@elsewhere.example")
    world.main.receive(answer)
    world.at(2)
    rounds(apps)
    assert case_of(apps[0], BO).thread.state is State.ANSWERED
    world.at(100)
    rounds(apps)
    assert len(world.work.to(BO)) == 1


def test_whoever_wrote_to_both_at_once_is_not_written_to_while_the_one_that_was_read_later_cannot_be(
    world: Two,
) -> None:
    apps = world.start()
    person(apps[0], ADA)
    rounds(apps)
    away = reply(world.main.to(ADA)[0], days(1), "I am away.", Auto_Submitted="auto-replied")
    for server in world.servers:
        server.receive(away)
    world.at(1)
    rounds(apps)
    assert accounts.seen_in(apps[0].db, case_of(apps[0], ADA).contact.id) == {"main", "work"}
    world.work.down = True
    world.at(60)
    rounds(apps)
    assert len(world.main.to(ADA)) == 1
    world.work.down = False
    rounds(apps)
    assert len(world.main.to(ADA)) == 2
