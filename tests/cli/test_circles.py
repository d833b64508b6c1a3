"""How many are asked at once, and who comes next: by the command line, over real connections."""

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


def test_without_a_bound_nobody_waits(life: Life) -> None:
    people = [life.person(f"p{number}") for number in range(3)]
    assert [one["waits"] for one in life.json("list", "--queue")] == [False] * 3
    assert life.on("2027-01-05") == people
    assert "everybody has been written to" in life("list", "--queue").out
