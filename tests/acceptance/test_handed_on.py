"""Somebody sends the user on (M24, C26): the letter names them, they get none, and a word on how it went is owed."""

from typing import Any

import pytest

from tests.acceptance.installation import FIELDS
from tests.acceptance.letters import answer
from tests.acceptance.years import Years, text

BO = ("--name", "Bo Becker", *FIELDS[2:])


@pytest.fixture
def ada(years: Years) -> str:
    """Somebody who got the opening letter."""
    address = years.servers.new_user("ada")
    years.add(address)
    years.round()
    assert len(years.servers.wait_for(address)) == 1
    return address


def owed(years: Years, email: str) -> list[dict[str, Any]]:
    """Give what is owed to somebody for a referral."""
    return [one for one in years.json("owed") if one["email"] == email and one["what"] == "referral"]


def test_who_names_a_colleague_is_told_how_it_went_and_gets_no_letter(years: Years, ada: str) -> None:
    bo = years.servers.new_user("bo")
    said = f"Thank you for asking. Please write to my colleague Bo Becker <{bo}>, who knows far more about it."
    years.servers.deliver(years.me, answer(years.letters(ada)[0], ada, said))
    years.round()
    assert years.state(ada) == "answered"
    offered = f"followupd add {bo} --referred-by {ada}"
    assert f"\n  {offered}\n" in years.run("show", ada).out
    years.run(*offered.split()[1:], *BO)
    years.on_day(3)
    [letter] = years.letters(bo)
    assert letter.header("References") == letter.header("In-Reply-To") == ""
    assert text(letter).startswith("Dear Bo,\n\nAda Lovelace referred me to you.\n\n")
    assert years.show(bo)["referred_by"] == ada
    [word] = owed(years, ada)
    assert word["text"] == f"tell them how it went with Bo Becker ({bo}), to whom they sent you"
    years.servers.deliver(years.me, answer(letter, bo))
    years.round()
    [sooner] = owed(years, ada)
    assert sooner["on"] < word["on"], "days after the answer, not a month after the referral"
    assert years.state(ada) == "answered"
    years.run("owed", "--done", ada, "--what", "referral")
    assert owed(years, ada) == []
    years.on_day(800)
    assert (len(years.letters(ada)), len(years.letters(bo))) == (1, 1)


def test_a_thread_that_was_open_ends_with_the_referral_and_both_are_told_apart(years: Years, ada: str) -> None:
    bo = years.servers.new_user("bo")
    years.run("add", bo, "--referred-by", ada, *BO)
    assert years.state(ada) == "stopped"
    assert "they sent you on to" in years.show(ada)["reason"]
    for day in (3, 18, 65, 200, 420):
        years.on_day(day)
    assert len(years.letters(ada)) == 1
    letters = years.letters(bo)
    assert len(letters) == 5
    assert ["referred me" in text(one).partition("wrote:")[0] for one in letters] == [True, *[False] * 4]
    assert not {one.header("Message-ID") for one in letters} & {years.letters(ada)[0].header("Message-ID")}


@pytest.mark.parametrize("who", ["nobody@mentors.test", "bo.himself@mentors.test", "no address"])
def test_a_referrer_who_is_not_known_is_refused_and_nothing_is_written(years: Years, ada: str, who: str) -> None:
    done = years.run("add", "bo.himself@mentors.test", "--referred-by", who, *BO, status=1)
    assert done.err.startswith("followupd: ")
    assert years.run("show", "bo.himself@mentors.test", status=1).out == ""
    assert years.state(ada) == "waiting"


def test_to_whoever_has_left_nothing_is_owed(years: Years, ada: str) -> None:
    grace = years.servers.new_user("grace")
    note = f"Ada Lovelace is no longer with us. Please write to {grace}."
    years.servers.deliver(years.me, answer(years.letters(ada)[0], ada, note, Auto_Submitted="auto-replied"))
    years.round()
    years.run("add", grace, "--referred-by", ada, *BO)
    assert (years.state(ada), owed(years, ada)) == ("stopped", [])
