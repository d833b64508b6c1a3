"""What random schedules found since there are two accounts in them, told once more; each test failed before."""

from dataclasses import replace
from pathlib import Path

import pytest

from followupd.actions import contacts, outbox
from followupd.actions import threads as words
from followupd.app import App
from followupd.core.model import State
from followupd.store import accounts
from followupd.store.db import backup
from tests.actions.pretend import ADA, BO, days, reply
from tests.actions.two import Two, case_of, person, rounds, two
from tests.schedules.mail import by_hand


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


def test_whoever_was_moved_to_another_account_gets_nothing_while_the_one_they_had_cannot_be_read(world: Two) -> None:
    apps = restored(world)
    world.work.down = True
    contacts.edit(apps[0], BO, contacts.Edit(fields={}, account="main"))
    for day in (0, 1, 100):
        world.at(day)
        rounds(apps)
    assert world.main.taken == []
    world.work.down = False
    rounds(apps)
    assert [letter.step for letter in case_of(apps[0], BO).letters] == [0, 1]
    assert len(world.work.to(BO)) == 2
    assert world.main.taken == []


def test_whoever_was_moved_belongs_again_to_the_account_whose_sent_has_the_letter_that_nobody_knew(world: Two) -> None:
    apps = restored(world)
    contacts.edit(apps[0], BO, contacts.Edit(fields={}, account="main"))
    for day in (0, 1, 100, 101):
        world.at(day)
        rounds(apps)
    assert case_of(apps[0], BO).contact.account == "work"
    assert len(world.work.to(BO)) == 2
    assert world.main.taken == []


def test_a_first_letter_that_is_held_by_itself_waits_for_the_user_who_wrote_by_hand_meanwhile(world: Two) -> None:
    apps = world.start()
    person(apps[0], BO, "work")
    world.more, more = "", world.more
    alone = world.start()
    rounds(alone)
    assert case_of(alone[0], BO).thread.reason.startswith("the config has no account")
    world.at(1)
    world.main.receive(by_hand(BO, world.main.now, 1), "Sent")
    rounds(alone)
    world.more = more
    apps = world.start()
    world.at(2)
    rounds(apps)
    assert world.work.taken == []
    assert case_of(apps[0], BO).thread.reason.startswith("you wrote to them yourself")
    words.resume(apps[0], BO)
    rounds(apps)
    assert len(world.work.to(BO)) == 1


def test_a_letter_that_the_user_approves_goes_although_they_wrote_by_hand_before(world: Two) -> None:
    first, *_ = world.start()
    asking = replace(first, settings=replace(first.settings, policy=replace(first.settings.policy, approve=True)))
    person(asking, ADA)
    rounds((asking,))
    (letter,) = case_of(first, ADA).letters
    world.at(1)
    world.main.receive(by_hand(ADA, world.main.now, 1), "Sent")
    rounds((asking,))
    outbox.approve(asking, letter.id)
    rounds((asking,))
    assert len(world.main.to(ADA)) == 1
