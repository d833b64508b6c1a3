"""What is said of patience, sentence by sentence, by the command line over real connections and a clock that is set."""

import re
from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest

from tests.cli.life import FIELDS, Life


def payload(raw: bytes) -> str:
    """Give the text of a letter as its reader's program shows it."""
    from email import message_from_bytes
    from email.policy import default

    return str(message_from_bytes(raw, policy=default).get_content())


def test_a_preview_as_inbox_adds_up_to_what_they_get(life: Life) -> None:
    ada = life.person("ada")
    life("note", ada, "We rebuilt a rear hub alone, and it runs.")
    before = life.json("preview", ada, "--as-inbox")
    assert [one["sent"] for one in before["letters"]] == [False] * 5
    life.walk("2027-03-31")
    half = life.json("preview", ada, "--as-inbox")
    assert [one["sent"] for one in half["letters"]] == [True, True, True, False, False]
    life.walk("2028-12-31")
    after = life.json("preview", ada, "--as-inbox")
    assert all(one["sent"] for one in after["letters"])
    for document in (before, half, after):
        assert [(one["subject"], one["words"], one["quoted"]) for one in document["letters"]] == [
            (one["subject"], one["words"], one["quoted"]) for one in after["letters"]
        ]
    texts = [payload(raw) for _, to, raw in life.servers.taken if to == ada]
    assert [one["words"] + one["quoted"] for one in after["letters"]] == [len(one.split()) for one in texts]
    assert after["words"] + after["quoted"] == sum(len(one.split()) for one in texts)
    assert (after["count"], after["most_letters_in_a_year"]) == (5, 4), "the last word comes after more than a year"
    shown = life("preview", ada, "--as-inbox").out
    assert f"5 letters, {after['words']} words of yours; at most in 365 days: 4 letters" in shown
    life("preview", ada, "--as-inbox", "--all", status=2)


def test_a_silent_thread_asks_the_user_once_a_year_and_never_the_person(life: Life) -> None:
    ada = life.person("ada")
    went = life.walk("2028-12-31")
    silent = max(at for at, _ in went)
    assert (life.state(ada), len(went)) == ("silent", 5)
    anniversaries = [silent.replace(year=silent.year + number) for number in (1, 2)]
    assert life.on(f"{anniversaries[0]:%Y-%m-%d}", "06:00") == []
    assert life.json("status")["questions"] == []
    life.on(f"{anniversaries[0]:%Y-%m-%d}", "23:00")
    life.next_day()
    (asked,) = life.json("status")["questions"]
    assert (asked["email"], asked["since"][:10]) == (ada, f"{silent:%Y-%m-%d}")
    assert f"followupd reopen {ada} --cadence NAME" in life("status").out
    assert "the last letter is a year old" in life("plan").out
    assert life.json("plan") == []
    for _ in range(40):
        life.next_day()
    assert life.json("status")["questions"] == [], "ignored, it is shown no longer"
    for _ in range(10):
        life.next_day(30)
        assert life.json("status")["questions"] == []
    life.now = anniversaries[1]
    life.round()
    (again,) = life.json("status")["questions"]
    assert "the last letter is 2 years old" in again["text"]
    kinds = Counter(one["kind"] for one in life.json("log", ada))
    assert kinds["yearly-question"] == 2
    assert len(life.letters(ada)) == 5


def test_after_years_without_a_daemon_one_question_is_asked(life: Life) -> None:
    ada = life.person("ada")
    life.walk("2028-12-31")
    life.on("2033-03-01")
    life.next_day()
    assert Counter(one["kind"] for one in life.json("log", ada))["yearly-question"] == 1


@pytest.mark.parametrize("ends", ["answered", "off", "reopened"])
def test_nothing_is_asked_where_there_is_nothing_to_ask(life: Life, ends: str) -> None:
    ada = life.person("ada")
    life.walk("2028-12-31")
    if ends == "answered":
        life("answered", ada)
    elif ends == "off":
        life.config(patience={"yearly_question": "false"})
    else:
        life("reopen", ada, "--cadence", "question", "--on", "2034-01-03")
    life.on("2031-03-04")
    assert life.json("status")["questions"] == []
    assert "yearly-question" not in {one["kind"] for one in life.json("log", ada)}


# -- the cadence -------------------------------------------------------------------------------------------------------


def instants(found: list[dict[str, Any]]) -> list[datetime]:
    return [datetime.fromisoformat(one["at"]) for one in found]


def test_the_default_cadence_takes_more_than_a_year_with_growing_waits_and_a_last_word(life: Life) -> None:
    ada = life.person("ada")
    plan = life.json("plan", "--until", "2029-12-31")
    assert [one["template"] for one in plan] == ["opening", "reminder", "news", "season", "last-word"]
    gaps = [later - earlier for earlier, later in pairwise(instants(plan))]
    assert sum(gaps, timedelta()) > timedelta(days=365)
    assert gaps == sorted(set(gaps)), "each wait is longer than the one before"
    assert instants(plan) == [at for at, _ in life.walk("2029-12-31")], "and so they go"
    assert "This is the last letter from me" in life.letters(ada)[-1]
    for _ in range(10):
        assert life.next_day(365) == []
    assert (life.state(ada), len(life.letters(ada))) == ("silent", 5)


def test_a_second_cadence_begins_only_by_the_users_word(life: Life) -> None:
    ada = life.person("ada")
    life.walk("2028-12-31")
    assert life.on("2029-09-04") == []
    life("reopen", ada, "--on", "2030-03-05", status=1)
    life("reopen", ada, "--on", "2030-03-05", "--cadence", "question")
    assert life.walk("2030-03-04") == []
    assert [f"{at:%Y-%m-%d}" for at, _ in life.walk("2030-04-30")] == ["2030-03-05", "2030-03-26"]


# Thursday 21 December 2028 in Germany: Christmas on Monday and Tuesday, New Year on a Monday
@pytest.mark.parametrize(
    ("wait", "day"), [("10 working days", "2029-01-09"), ("2 weeks", "2029-01-04"), ("14 days", "2029-01-04")]
)
def test_working_days_are_those_of_their_country_and_two_weeks_are_fourteen_days(
    life: Life, wait: str, day: str
) -> None:
    steps = f'[{{ template = "opening" }}, {{ after = "{wait}", template = "reminder" }}]'
    life.config(cadences__patient={"steps": steps})
    ada = life.person("ada", "--country", "DE", "--first-on", "2028-12-21")
    assert [one["at"][:10] for one in life.json("plan", "--until", "2029-12-31")] == ["2028-12-21", day]
    assert life.on("2028-12-21") == [ada]
    (coming,) = life.json("plan", "--why")
    assert coming["at"][:10] == day
    assert f"{wait} after 2028-12-21" in " ".join(coming["why"])
    assert [f"{at:%Y-%m-%d}" for at, _ in life.walk("2029-12-31")] == [day]


def test_fewer_working_days_than_the_floor_are_refused_and_a_changed_number_moves_the_letter(life: Life) -> None:
    steps = '[{{ template = "opening" }}, {{ after = "{}", template = "reminder" }}]'
    life.config(cadences__patient={"steps": steps.format("5 working days")})
    assert '"5 working days" is shorter than the floor of "7 days"' in life("plan", status=78).err
    life.config(cadences__patient={"steps": steps.format("10 working days")})
    life.person("ada")
    life.on("2027-01-05")
    life.config(cadences__patient={"steps": steps.format("15 working days")})
    assert life.on("2027-01-19") == []
    assert life.json("list")[0]["next_at"][:10] == "2027-01-26"


SHORTER = (
    '[{ template = "opening" }, { after = "8 days", template = "reminder" }, { after = "9 weeks", template = "news" }]'
)


def test_a_changed_cadence_is_in_the_plan_first_then_in_the_log_and_there_is_no_burst(life: Life) -> None:
    life.config(sending={"daily_limit": "12"})
    people = [life.person(f"p{number}") for number in range(12)]
    assert life.on("2027-01-05") == people
    life.now += timedelta(days=10)
    life.config(cadences__patient={"steps": SHORTER})
    plan = life.json("plan", "--until", "2027-03-31")
    first = {one["email"]: one for one in reversed(plan)}
    assert {one["moved_from"][:10] for one in first.values()} == {"2027-01-19"}, "the plan marks what moved"
    assert f"moved: {people[0]} would have been written to at 2027-01-19 09:30" in life("plan").out
    assert life.round() == [], "a Friday"
    went = life.walk("2027-02-28")
    assert "the config changed: the next letter goes at" in life("log", people[0]).out
    assert len(went) == 12
    assert max(Counter(f"{at:%Y-%m-%d}" for at, _ in went).values()) == 5, "the daily limit, not a burst"
    assert [one["email"] for one in plan if one["step"] == 2] == [to for _, to in went], "as the plan said"
    assert all("moved_from" not in one for one in life.json("plan"))


def test_a_round_logs_what_a_changed_config_moved(life: Life) -> None:
    ada = life.person("ada")
    life.on("2027-01-05")
    life.config(cadences__patient={"steps": SHORTER.replace("8 days", "5 weeks")})
    life.next_day()
    assert f"{ada}: the config changed: the next letter goes at 2027-02-09" in life.log


def test_a_cadence_is_changed_for_one_person_alone(life: Life) -> None:
    ada, bo = life.person("ada"), life.person("bo", "--cadence", "question")
    life.on("2027-01-05")
    assert [one["next_at"][:10] for one in life.json("list")] == ["2027-01-19", "2027-01-26"]
    life("edit", ada, "--cadence", "question")
    assert {one["email"]: one["next_at"][:10] for one in life.json("list")} == {ada: "2027-01-26", bo: "2027-01-26"}


# -- where and when ----------------------------------------------------------------------------------------------------

CHAINS = {
    # by hand: two weeks, six weeks, four months, seven months; Tuesday to Thursday from nine where they live
    ("2027-01-28", "DE-BY", "Europe/Berlin"): [
        "2027-01-28T08:00",  # Thursday
        "2027-02-11T08:00",
        "2027-03-25T08:00",  # three days before clocks go forward
        "2027-07-27T07:00",  # 25 July is a Sunday; summer time
        "2028-02-29T08:00",  # 27 February is a Sunday; Tuesday is the leap day
    ],
    ("2027-01-21", "US", "America/New_York"): [
        "2027-01-21T14:00",
        "2027-02-04T14:00",
        "2027-03-18T13:00",  # clocks went forward on the 14th
        "2027-07-20T13:00",  # 18 July is a Sunday
        "2028-02-22T14:00",  # 20 February is a Sunday, Monday the 21st Washington's birthday
    ],
    ("2027-01-26", "AU-NSW", "Australia/Sydney"): [
        "2027-01-26T22:00",  # Wednesday there: the 26th is Australia Day
        "2027-02-09T22:00",
        "2027-03-23T22:00",
        "2027-07-26T23:00",  # 24 July is a Saturday; winter time
        "2028-02-28T22:00",  # 27 February is a Sunday
    ],
}


def test_the_plan_of_a_year_in_three_countries_is_as_worked_out_by_hand(life: Life) -> None:
    life.config(window={"timezone": '"contact"'})
    for number, (first_on, country, zone) in enumerate(CHAINS):
        life.person(f"p{number}", "--first-on", first_on, "--country", country, "--timezone", zone)
    plan = life.json("plan", "--until", "2028-12-31")
    for (_, country, zone), dates in zip(CHAINS, CHAINS.values(), strict=True):
        theirs = [
            one["at"][:16] for one in plan if one["email"].startswith(f"p{list(CHAINS).index((_, country, zone))}-")
        ]
        assert theirs == dates, country
    assert [f"{at:%Y-%m-%dT%H:%M}" for at, _ in life.walk("2028-12-31")] == sorted(
        at for dates in CHAINS.values() for at in dates
    )


@pytest.mark.parametrize(("country", "day"), [("DE-BY", "2027-01-07"), ("DE-HH", "2027-01-06"), ("DE", "2027-01-06")])
def test_regional_holidays_count_where_the_region_is_known(life: Life, country: str, day: str) -> None:
    life.person("ada", "--country", country, "--timezone", "Europe/Berlin", "--first-on", "2027-01-06")
    why = life("plan", "--why", "--until", "2027-01-31").out
    assert life.json("plan")[0]["at"].startswith(day)
    assert ("2027-01-06: Epiphany" in why) is (country == "DE-BY")


def test_no_letter_goes_in_the_users_quiet_times_nor_on_a_persons_blackout_days(life: Life) -> None:
    life.config(window={"quiet": '["01-04 to 01-13"]'})
    ada, bo = life.person("ada"), life.person("bo", "--blackout", "2027-01-14 to 2027-01-20")
    assert [one["at"][:10] for one in life.json("plan", "--until", "2027-01-25")] == ["2027-01-14", "2027-01-21"]
    why = life("plan", "--why", "--until", "2027-01-25").out
    assert "2027-01-13: in your quiet time 01-04 to 01-13" in why
    assert "2027-01-20: in their blackout 2027-01-14 to 2027-01-20" in why
    assert [(f"{at:%m-%d}", to) for at, to in life.walk("2027-01-25")] == [("01-14", ada), ("01-21", bo)]


AWAY = "I am out of the office until Monday 1 February 2027 and will read my mail then."


def test_no_letter_goes_into_an_absence(life: Life) -> None:
    ada = life.person("ada")
    life.on("2027-01-05")
    life.answers(ada, AWAY, Auto_Submitted="auto-replied")
    life.next_day()
    assert life.state(ada) == "waiting"
    assert [f"{at:%Y-%m-%d}" for at, _ in life.walk("2027-03-01")] == ["2027-02-09"], "a week after they are back"


def test_letters_leave_at_their_own_minutes_which_stand_still(life: Life) -> None:
    life.config(window={"spread": '"20 minutes"'}, sending={"daily_limit": "10"})
    for number in range(10):
        life.person(f"p{number}")
    first = life.json("plan")
    minutes = [one["at"][11:16] for one in first if one["step"] == 1]
    assert len(set(minutes)) > 3
    assert all("09:00" <= one <= "09:20" for one in minutes)
    life.now += timedelta(hours=20)
    assert life.json("plan") == first, "with no event between, no planned minute moves"
    assert [f"{at:%H:%M}" for at, _ in life.walk("2027-01-05")] == minutes


def test_at_most_so_many_letters_leave_in_a_day(life: Life) -> None:
    people = [life.person(f"p{number}") for number in range(12)]
    assert [len(life.on(f"2027-01-{day}")) for day in ("05", "06", "07", "08", "12")] == [5, 5, 2, 0, 0]
    assert {to for _, to, _ in life.servers.taken} >= set(people)


# -- their word and the user's -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "country", "day"),
    [
        ("in the autumn", "DE", "2027-09-01"),  # a Wednesday
        ("in the autumn", "AU", "2027-03-02"),  # 1 March is a Monday
        ("after Easter", "DE", "2027-03-30"),  # Easter Monday is the 29th
        ("next March", "DE", "2027-03-02"),
        ("Q3", "DE", "2027-07-01"),  # a Thursday
        ("2027-05-11", "DE", "2027-05-11"),
    ],
)
def test_a_snooze_takes_days_as_people_say_them(life: Life, words: str, country: str, day: str) -> None:
    ada = life.person("ada", "--country", country)
    life.on("2027-01-05")
    life("snooze", ada, "--until", words)
    assert life.json("show", ada)["next_at"].startswith(day)
    assert life.json("plan")[0]["at"].startswith(day)


def test_a_snooze_counts_from_today_and_its_reason_is_in_the_letter(life: Life) -> None:
    ada = life.person("ada")
    life.on("2027-01-05")
    life("snooze", ada, "--for", "3 months", "--reason", "We move house until spring.")
    ((at, _),) = life.walk("2027-04-30")
    assert f"{at:%Y-%m-%d}" == "2027-04-06", "the 5th is a Monday"
    letter = " ".join(payload(life.servers.taken[-1][2]).split())
    assert "You said: “We move house until spring.”" in letter


def test_who_asks_for_september_is_one_line_away_from_a_letter_in_september(life: Life) -> None:
    ada = life.person("ada", "--country", "DE")
    life.on("2027-01-05")
    life.answers(ada, "Thank you for writing. It is not the right time, please ask me again in September.")
    life.next_day()
    assert life.state(ada) == "answered"
    (line,) = set(re.findall(rf"followupd (reopen {re.escape(ada)} --on 2027-09-\d\d)", life("show", ada).out))
    assert life.walk("2027-10-31") == [], "nothing follows from the answer by itself"
    life.now = datetime(2027, 1, 7, 10, tzinfo=UTC)
    life(*line.split())
    ((at, to),) = life.walk("2027-09-30")
    assert (f"{at:%Y-%m-%d}", to) == ("2027-09-01", ada)
    letter = " ".join(payload(life.servers.taken[-1][2]).split())
    assert "You said: “It is not the right time, please ask me again in September.”" in letter
    assert life.json("show", ada)["letters"][-1]["template"] == "as-you-asked"


def test_the_opening_letter_goes_on_the_day_that_was_named(life: Life) -> None:
    said = life(
        "add",
        life.servers.new_user("ada"),
        "--first-on",
        "after Easter",
        "--no-look",
        *(word for name, said in FIELDS.items() for word in (f"--{name}", said)),
    ).out
    assert "2027-03-30, the Tuesday after Easter" in said
    life.person("bo", "--first-on", "in the autumn", "--country", "AU")
    assert [one["at"][:10] for one in life.json("plan") if one["step"] == 1] == ["2027-03-02", "2027-03-30"]


MILESTONE = """[
  { template = "opening" },
  { milestone = "store", after = "4 weeks", latest = "8 months", template = "news" },
]"""


def test_a_milestone_whose_note_is_no_news_any_more_sends_nothing_and_asks(life: Life) -> None:
    life.config(cadences__patient={"steps": MILESTONE})
    early, late = life.person("early"), life.person("late")
    life.on("2027-01-05")
    life("note", early, "--milestone", "store", "--expires", "2027-01-20", "Our first store opens next week.")
    assert life.json("show", early)["next_at"].startswith("2027-09-07"), "too early for the letter: it waits as before"
    life("note", late, "--milestone", "store", "--expires", "2027-02-10", "Our first store is open.")
    assert life.json("show", late)["next_at"].startswith("2027-02-02")
    life("pause", late, "--until", "2027-02-16")
    assert life.on("2027-02-16") == [], "nobody gets the letter without what it was to tell"
    assert "the note of 'store' was news until 2027-02-10; to note it anew: followupd note" in life.reason(late)
    life("note", late, "--milestone", "store", "The store has had its thousandth customer.")
    assert life.round() == [late]
    assert "The store has had its thousandth customer." in " ".join(life.letters(late)[-1].split())
