"""The user's own address changes in the middle of a thread: the thread goes on, and says so once (M25)."""

import shutil

import pytest

from tests.acceptance.letters import answer
from tests.acceptance.years import Years, text

SAYS = "I write from a new address now; you know me by the old one, {}."


@pytest.fixture
def ada(years: Years) -> str:
    """Somebody who got the opening letter."""
    address = years.servers.new_user("ada")
    years.settings["storage"] = {"database": str(years.home / "followupd.db")}
    years.add(address)
    years.round()
    assert len(years.servers.wait_for(address)) == 1
    return address


def move(years: Years) -> str:
    """Let the user write from another address, which the same mailbox receives; give it."""
    old, new = years.me, years.me.replace("@followupd.test", "@new-house.test")
    years.settings["imap"] = {"username": old}
    years.settings["smtp"]["username"] = old
    years.settings["me"] |= {"email": new, "aliases": [old]}
    return new


def test_the_next_letter_comes_from_the_new_address_in_the_old_thread_and_says_so_once(years: Years, ada: str) -> None:
    new = move(years)
    assert SAYS.format(years.me) in " ".join(years.run("preview", ada).out.split())
    years.on_day(15)
    years.on_day(15 + 45)
    opening, second, third = years.letters(ada)
    assert second.header("From") == f"Ida Brandt <{new}>"
    assert second.header("References") == second.header("In-Reply-To") == opening.header("Message-ID")
    assert third.header("References").split() == [one.header("Message-ID") for one in (opening, second)]
    assert text(second).startswith(f"Dear Ada,\n\n{SAYS.format(years.me)}\n\nI wrote to you on ")
    assert "new address" not in text(third)


@pytest.mark.parametrize("number", [0, 1])
def test_an_answer_to_the_old_address_is_found_as_one_to_the_new(years: Years, ada: str, number: int) -> None:
    move(years)
    years.on_day(15)
    years.servers.deliver(years.me, answer(years.letters(ada)[number], ada))
    years.round()
    assert years.state(ada) == "answered"
    years.on_day(400)
    assert len(years.letters(ada)) == 2


def test_a_letter_from_before_the_move_is_known_again_after_a_backup_is_restored(years: Years, ada: str) -> None:
    years.run("backup", str(years.home / "backup.db"))
    years.on_day(15)
    assert len(years.letters(ada)) == 2
    for one in years.home.glob("followupd.db*"):
        one.unlink()
    shutil.copy(years.home / "backup.db", years.home / "followupd.db")
    move(years)
    years.round()
    years.round()
    assert len(years.letters(ada)) == 2, "the second letter was sent again from the new address"
    assert years.show(ada)["step"] == 2
