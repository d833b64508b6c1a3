"""Letters that ask for more, say what is no longer so, forget who is writing, leave no way out (M03 to M05, M12)."""

import json
from datetime import timedelta
from typing import Any

import pytest

from tests.acceptance.years import Years, text

ASKS = {
    60: "Could I have an hour to go through the first problem with you?",
    15: "Could I have fifteen minutes to go through the first problem with you?",
    1: "Could I have one minute to go through the first problem with you?",
    0: "Which problem came first?",
}
TEMPLATE = """\
+++
subject = "The first problem"
+++
Dear {{{{ first_name }}}},

I am {{{{ my_name }}}}. {said} {ask} {{{{ offer|sentence }}}} {more} A plain no is welcome.

Yours,
{{{{ my_name }}}}
"""
WEEKS = ("The yard has a roof.", "A second mason came in May.", "Our bricks are dry now.", "Nobody has fallen off yet.")
WORDS = ("It rains less here.", "He brought his own tools along.", "They took forty days for it.", "We hope so.")


@pytest.fixture
def ada(years: Years) -> str:
    """Somebody who is written to."""
    address = years.servers.new_user("ada")
    years.add(address, "--ask", "Which problem came first?")
    return address


def found(years: Years, *arguments: str) -> tuple[int, list[dict[str, Any]]]:
    """Give the exit status of `lint`, and what it found that is an error."""
    done = years.run("lint", *arguments, "--json", status=None)
    return done.status, [one for one in json.loads(done.out) if one["severity"] == "error"]


def asking(years: Years, *minutes: int) -> None:
    """Let the cadence ask for so many minutes, letter by letter."""
    steps = []
    for number, asked in enumerate(minutes):
        said = TEMPLATE.format(said=WEEKS[number], ask=ASKS[asked], more=WORDS[number])
        years.write_template(f"asks-{number}", said)
        steps.append({"template": f"asks-{number}"} | ({"after": "2 weeks"} if number else {}))
    years.settings["cadences.patient"] = {"steps": steps}
    years.settings["lint"] = {"off": ["same-again"]}


def test_a_cadence_that_asks_for_more_each_time_is_found_with_both_places(years: Years, ada: str) -> None:
    asking(years, 15, 60)
    status, errors = found(years, ada)
    assert (status, [one["rule"] for one in errors]) == (1, ["ask-grows"])
    assert "letter 2" in errors[0]["where"]
    assert "an hour, and fifteen minutes in letter 1" in errors[0]["message"]
    years.round()
    years.on_day(15)
    assert "ask-grows" in years.show(ada)["reason"]
    assert len(years.letters(ada)) == 1


def test_a_cadence_that_asks_for_less_each_time_passes(years: Years, ada: str) -> None:
    asking(years, 60, 15, 1, 0)
    assert found(years, ada) == (0, [])
    years.round()
    for day in (15, 30, 45):
        years.on_day(day)
    assert len(years.letters(ada)) == 4


@pytest.mark.parametrize(("waits", "goes"), [("4 days", True), ("16 weeks", False)])
def test_a_note_is_told_while_its_words_of_time_are_true(years: Years, ada: str, waits: str, goes: bool) -> None:
    years.settings["patience"] = {"floor": "1 day"}
    years.settings["cadences.patient"] = {"steps": [{"template": "opening"}, {"after": waits, "template": "reminder"}]}
    years.round()
    years.run("note", ada, "I loved your talk last week.")
    noted = years.now.date().isoformat()
    years.on_day(4 if goes else 113)
    letters, shown = years.letters(ada), years.show(ada)
    assert (len(letters), shown["state"]) == ((2, "silent") if goes else (1, "held"))
    assert goes or "stale-words" in shown["reason"]
    if not goes:
        [held] = years.json("outbox", "list")
        said = years.run("outbox", "show", str(held["id"])).out
        assert f'"last week, noted on {noted}"' in " ".join(said.split())


def test_what_was_typed_of_a_person_is_judged_by_the_day_the_letter_leaves(years: Years) -> None:
    eve = years.servers.new_user("eve")
    typed = ("--admire", "I loved your talk last week.", "--situation", "We are nine people with one yard.")
    years.add(eve, *typed, "--first-on", (years.now + timedelta(days=112)).date().isoformat())
    years.on_day(113)
    assert "stale-words" in years.show(eve)["reason"]
    [held] = years.json("outbox", "list")
    assert f'followupd edit {eve} --admire "..."' in " ".join(years.run("outbox", "show", str(held["id"])).out.split())
    years.run("edit", eve, "--admire", "I loved your talk at the fair in Leeds.")
    years.run("resume", eve)
    years.round()
    assert "fair in Leeds" in text(years.letters(eve)[0])


@pytest.mark.parametrize(("said", "goes"), [("", False), ("I am {{ my_name }}, who asked you: {{ ask }}", True)])
def test_after_nine_weeks_a_letter_says_who_is_writing_and_what_was_asked(
    years: Years, ada: str, said: str, goes: bool
) -> None:
    years.write_template(
        "later", f"Dear {{{{ first_name }}}},\n\n{said}\n\nThe yard has a roof now.\n\nYours,\n{{{{ my_name }}}}\n"
    )
    years.settings["cadences.patient"] = {"steps": [{"template": "opening"}, {"after": "9 weeks", "template": "later"}]}
    years.round()
    years.on_day(64)
    assert len(years.letters(ada)) == 1 + goes
    assert goes or "no-recap" in years.show(ada)["reason"]


def test_the_shipped_letters_pass_at_any_distance(years: Years) -> None:
    asked = [{"template": "opening"}, *({"after": "9 weeks", "template": name} for name in
             ("reminder", "news", "season", "last-word"))]  # fmt: skip
    years.settings["cadences.patient"] = {"steps": asked}
    for language in ("en", "de"):
        address = years.servers.new_user("eve")
        years.add(address, "--language", language)
        assert [one for one in found(years, address)[1] if one["rule"] == "no-recap"] == []
    assert found(years)[0] == 0


def test_the_third_letter_without_a_way_out_is_held_and_after_the_last_one_nothing_follows(
    years: Years, ada: str
) -> None:
    asking(years, 15, 15, 0)
    third = years.home / "templates" / "asks-2.txt"
    third.write_text(third.read_text().replace(" A plain no is welcome.", ""))
    years.round()
    years.on_day(15)
    years.on_day(30)
    shown = years.show(ada)
    assert (shown["state"], len(years.letters(ada))) == ("held", 2)
    assert "no-exit" in shown["reason"]
    third.write_text(third.read_text().replace("{{ offer|sentence }}", "{{ offer|sentence }} A plain no is welcome."))
    years.run("resume", ada)
    years.round()
    assert (years.state(ada), len(years.letters(ada))) == ("silent", 3)
    for year in range(1, 11):
        years.on_day(30 + 365 * year)
    assert (years.state(ada), len(years.letters(ada))) == ("silent", 3)
