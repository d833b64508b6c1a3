"""A letter goes where there is news, or what it waits for is reached (M01, M02); a note is told once, if sent."""

import pytest

from tests.acceptance.years import Years, text

STORE = [
    {"template": "opening"},
    {"milestone": "store", "after": "4 weeks", "latest": "8 months", "template": "news"},
    {"after": "3 months", "template": "last-word"},
]
NEWS = "our first store is open and the shelves are full"


@pytest.fixture
def ada(years: Years) -> str:
    """Somebody who got the opening letter of a cadence that waits for news."""
    address = years.servers.new_user("ada")
    years.settings["sending"] = {"no_news": "hold"}
    years.settings["cadences.store"] = {"steps": STORE}
    years.add(address)
    years.round()
    assert len(years.servers.wait_for(address)) == 1
    return address


def spent(years: Years, email: str) -> list[bool]:
    return [one["spent"] for one in years.show(email)["notes"]]


def test_without_news_a_letter_is_held_and_a_note_lets_it_go_in_the_next_round(years: Years, ada: str) -> None:
    years.on_day(15)
    shown = years.show(ada)
    assert (shown["state"], shown["reason"].partition(";")[0]) == ("held", "nothing new to tell")
    assert f"followupd resume {ada}" in shown["reason"]
    years.on_day(40)
    assert len(years.letters(ada)) == 1
    years.run("note", ada, NEWS)
    assert spent(years, ada) == [False]
    years.round()
    assert NEWS[4:] in text(years.letters(ada)[1])
    assert spent(years, ada) == [True]


def test_a_note_in_a_letter_that_was_not_sent_is_told_by_the_next_one(years: Years, ada: str) -> None:
    years.settings["sending"]["approve"] = True
    years.run("note", ada, NEWS)
    years.on_day(15)
    [held] = years.json("outbox", "list")
    assert NEWS[4:] in years.run("outbox", "show", str(held["id"])).out
    assert spent(years, ada) == [False]
    years.run("outbox", "discard", str(held["id"]))
    years.settings["sending"]["approve"] = False
    years.on_day(80)
    assert NEWS[4:] in text(years.letters(ada)[1])
    assert spent(years, ada) == [True]


def test_a_milestone_makes_its_letter_due_and_without_it_none_goes(years: Years, ada: str) -> None:
    years.run("edit", ada, "--cadence", "store")
    for day in (30, 60, 92, 150):
        years.on_day(day)
    assert (len(years.letters(ada)), years.state(ada)) == (1, "waiting")
    assert years.planned(ada) == [], "nobody knows when it goes"
    years.run("note", ada, "--milestone", "store", NEWS)
    years.on_day(151)
    assert NEWS[4:] in text(years.letters(ada)[1])


def test_at_its_latest_day_a_letter_without_its_milestone_is_held_and_not_sent(years: Years, ada: str) -> None:
    years.run("edit", ada, "--cadence", "store")
    years.on_day(230)
    assert years.state(ada) == "waiting"
    for day in (250, 400, 800):
        years.on_day(day)
    shown = years.show(ada)
    assert (len(years.letters(ada)), shown["state"]) == (1, "held")
    assert f"followupd note {ada} --milestone store" in shown["reason"]
    years.run("resume", ada)
    years.round()
    assert len(years.letters(ada)) == 2
