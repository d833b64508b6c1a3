"""How many are asked at once, what is offered to how many, who gets the same: by the command line, over connections."""

import re

import pytest

from tests.cli.life import Life


def test_six_people_and_three_places(life: Life) -> None:
    life.config(patience={"max_open": "3"})
    people = [life.person(f"p{number}") for number in range(6)]
    assert life.on("2027-01-05") == people[:3], "in the order in which they were added"
    assert life.round() == []
    queue = life.json("list", "--queue")
    assert [(one["place"], one["email"], one["waits"]) for one in queue] == [
        (number, one, True) for number, one in enumerate(people[3:], 1)
    ]
    assert "asked and not answered: 3 of at most 3" in life("list", "--queue").out
    life("stop", people[1])
    assert life.round() == [people[3]], "the first in the queue, in the first round after one thread ended"
    assert life.round() == []


def test_the_plan_names_who_waits_for_a_place_and_why(life: Life) -> None:
    life.config(patience={"max_open": "1"})
    first, second = life.person("first"), life.person("second")
    life.on("2027-01-05")
    plan = life.json("plan", "--until", "2027-06-30")
    assert {one["email"] for one in plan if one["at"]} == {first}
    (barred,) = [one for one in plan if not one["at"]]
    assert (barred["email"], barred["step"]) == (second, 1)
    assert barred["barred"] == "1 of at most 1 people are asked and have not answered"
    assert f"no date yet: {second}, opening: 1 of at most 1 people" in life("plan", "--until", "2027-06-30").out
    last = max(one["at"] for one in life.json("plan", "--until", "2028-12-31") if one["email"] == first)
    begins = min(one["at"] for one in life.json("plan", "--until", "2028-12-31") if one["email"] == second)
    assert begins >= last, "once the last letter to the first has gone, the plan gives the second a date"


def test_whoever_was_meant_for_an_earlier_day_comes_first_and_a_snooze_gives_the_turn_away(life: Life) -> None:
    life.config(patience={"max_open": "1"})
    busy = life.person("busy")
    life.on("2027-01-05")
    late, early = life.person("late", "--first-on", "2027-01-20"), life.person("early", "--first-on", "2027-01-13")
    third = life.person("third", "--first-on", "2027-01-26")
    life.on("2027-01-27")
    assert [one["email"] for one in life.json("list", "--queue")] == [early, late, third]
    life("snooze", early, "--until", "2027-03-01")
    assert [one["email"] for one in life.json("list", "--queue")] == [late, third, early]
    life("stop", busy)
    assert life.round() == [late]


def test_whose_turn_it_is_keeps_it_where_the_window_opens_later(life: Life) -> None:
    life.config(patience={"max_open": "1"}, window={"timezone": '"contact"'})
    busy = life.person("busy")
    sydney, berlin = life.person("sydney", "--timezone", "Australia/Sydney"), life.person("berlin")
    assert life.on("2027-01-05") == [busy]
    life("stop", busy)
    assert life.on("2027-01-06") == [], "it is evening in Sydney, and it is not Berlin's turn"
    assert life.on("2027-01-06", "22:30") == [sydney]
    life("stop", sydney)
    assert life.on("2027-01-07") == [berlin]


def test_without_a_bound_nobody_waits(life: Life) -> None:
    people = [life.person(f"p{number}") for number in range(3)]
    assert [one["waits"] for one in life.json("list", "--queue")] == [False] * 3
    assert life.on("2027-01-05") == people
    assert "everybody has been written to" in life("list", "--queue").out


def owed_offer(life: Life, email: str) -> bool:
    return any(one["email"] == email and one["what"] == "offer" for one in life.json("owed"))


def test_an_offer_is_never_made_more_often_than_it_can_be_kept(life: Life) -> None:
    life.config(offers__site={"capacity": "2"})
    ada, bo, cy = (life.person(name, "--offer-of", "site") for name in ("ada", "bo", "cy"))
    other = life.person("other")
    assert life.on("2027-01-05") == [ada, bo, other], "the third opening letter that offers it does not go"
    assert life.state(cy) == "held"
    assert f"no room for another offer of 'site': 2 can be kept, and 2 are open or owed ({ada}, {bo})" in life.reason(
        cy
    )
    life.answers(ada, "Gladly. Call me on Tuesday.")
    assert life.on("2027-01-12") == []
    assert owed_offer(life, ada)
    assert life.state(cy) == "held", "what is owed counts as much as what is open"
    life("owed", "--done", ada, "--what", "offer")
    assert life.state(cy) == "scheduled", "it is released by itself"
    assert life.round() == [cy]
    assert life.on("2027-01-19") == [bo, other], "follow-ups make no offer anew"


def test_delivered_makes_room_too_and_so_does_an_end_and_a_larger_config(life: Life) -> None:
    life.config(offers__site={"capacity": "1"})
    ada, bo, cy, di = (life.person(name, "--offer-of", "site") for name in ("ada", "bo", "cy", "di"))
    life.on("2027-01-05")
    assert [life.state(one) for one in (ada, bo, cy, di)] == ["waiting", "held", "held", "held"]
    life.answers(ada, "Gladly. Call me on Tuesday.")
    life.on("2027-01-06")
    life("delivered", ada)
    assert [life.state(one) for one in (bo, cy)] == ["scheduled", "held"], "one place, one letter"
    assert life.round() == [bo]
    life("stop", bo)
    assert life.round() == [cy], "an offer to whom no letter goes any more is not open"
    life.config(offers__site={"capacity": "2"})
    assert life.on("2027-01-07") == [di]


def test_a_letter_without_room_says_what_to_do_and_each_of_it_works(life: Life) -> None:
    life.config(offers__site={"capacity": "1"})
    ada, bo = (life.person(name, "--offer-of", "site") for name in ("ada", "bo"))
    life.on("2027-01-05")
    refused = life("resume", bo, status=1).err
    assert "no room for another offer of 'site'" in refused
    assert f'followupd edit {bo} --offer-of ""' in refused
    (barred,) = [one for one in life.json("plan", "--until", "2027-06-30") if not one["at"]]
    assert (barred["email"], barred["barred"]) == (bo, life.reason(bo)), "the plan names it"
    life("edit", bo, "--offer-of", "")
    assert life.round() == [bo]
    life("stop", bo)
    assert life.state(ada) == "waiting"


def test_approving_three_letters_at_once_makes_no_third_offer(life: Life) -> None:
    life.config(offers__site={"capacity": "2"}, sending={"approve": "true", "drafts": '"0 days"'})
    people = [life.person(f"p{number}", "--offer-of", "site") for number in range(3)]
    assert life.on("2027-01-05") == []
    for letter in life.json("outbox", "list"):
        life("outbox", "approve", str(letter["id"]))
    assert life.round() == people[:2]
    assert life.reason(people[2]).startswith("no room for another offer of 'site'")
    life("stop", people[0])
    assert life.round() == [people[2]], "approved once, it needs no second word"


def test_reopening_makes_no_offer_too_many(life: Life) -> None:
    life.config(offers__site={"capacity": "1"})
    ada, bo = (life.person(name, "--offer-of", "site") for name in ("ada", "bo"))
    life.on("2027-01-05")
    life("stop", ada)
    assert life.round() == [bo]
    assert "no room" in life("reopen", ada, status=1).err
    life("reopen", ada, "--on", "2027-01-12", "--cadence", "patient", status=1)
    life("stop", bo)
    life("reopen", ada)
    assert life.state(ada) == "waiting"


def test_an_offer_that_the_config_does_not_know_is_refused(life: Life) -> None:
    said = life("add", life.servers.new_user("ada"), "--offer-of", "site", "--no-look", status=1).err
    assert "the config has no offer 'site'" in said
    assert "[offers.site]" in said
    life.config(offers__site={"capacity": "0"})
    assert "offers.site.capacity" in life("list", status=78).err


OTHERS = {
    "admire": "Your talk on shelves that nobody buys from changed how we order our parts.",
    "ask": "What did you give up when you closed the first shop?",
    "offer": "I would send you two years of our rental records, cleaned up.",
}


def said(fields: dict[str, str]) -> list[str]:
    return [word for name, text in fields.items() for word in (f"--{name}", text)]


@pytest.mark.parametrize(
    ("one", "other"),
    [(["--org", "Tools"], ["--org", "TOOLS "]), (["--tag", "club"], ["--tag", "north", "--tag", "club"])],
)
def test_nearly_the_same_letter_to_two_of_one_circle_is_held_with_the_share(
    life: Life, one: list[str], other: list[str]
) -> None:
    ada, bo = life.person("ada", *one), life.person("bo", *other)
    assert life.on("2027-01-05") == [ada]
    assert "breaks the rule twin" in life.reason(bo)
    (letter,) = life.json("outbox", "list")
    shown = life("outbox", "show", str(letter["id"])).out
    assert re.search(rf"twin: letter 1: .100% of it stood in letter 1 to {re.escape(ada)}", shown)
    assert [found["rule"] for found in life.document("lint", bo, status=1)].count("twin") == 1
    life("edit", bo, *said(OTHERS))
    life("resume", bo)
    assert life.round() == [bo], "mended, it goes"


def test_a_twin_may_go_by_the_users_word_and_the_rule_can_be_switched_off(life: Life) -> None:
    ada, bo, cy = (life.person(name, "--org", "Tools") for name in ("ada", "bo", "cy"))
    assert life.on("2027-01-05") == [ada]
    first, _ = life.json("outbox", "list")
    life("outbox", "approve", str(first["id"]))
    assert life.round() == [bo]
    life.config(lint={"off": '["twin"]'})
    life("resume", cy)
    assert life.round() == [cy]


def test_other_news_make_no_twins_and_a_stricter_share_does(life: Life) -> None:
    ada, bo = life.person("ada", "--org", "Tools"), life.person("bo", "--org", "Tools", *said(OTHERS))
    assert life.on("2027-01-05") == [ada, bo]
    life("note", ada, "We rebuilt a rear hub alone, and it runs.")
    life("note", bo, "The second yard has had its first customers.")
    assert life.on("2027-01-19") == [ada, bo]
    life.config(lint={"twins": "20"})
    assert life.on("2027-03-02") == [ada]
    assert "breaks the rule twin" in life.reason(bo), "it has the sentences of the template that ada has just got"


def test_people_who_only_share_a_domain_are_no_circle(life: Life) -> None:
    ada, bo = life.person("ada"), life.person("bo")
    assert life.on("2027-01-05") == [ada, bo]


@pytest.mark.parametrize("options", [["--org", "Tools"], ["--tag", "club"], []])
def test_with_a_gap_two_of_one_circle_are_not_written_to_in_the_same_week(life: Life, options: list[str]) -> None:
    ada, bo = life.person("ada", *options), life.person("bo", *options, *said(OTHERS))
    assert life.on("2027-01-05") == [ada, bo], "the gap is off by default"
    life.config(patience={"organisation_gap": '"1 week"'})
    weeks = [(to, f"{day.isocalendar().year}-{day.isocalendar().week}") for day, to in life.walk("2027-06-30")]
    assert len(weeks) > 3
    assert len({week for _, week in weeks}) == len(weeks), weeks
