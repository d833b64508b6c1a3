"""Who asks for later is asked then, where they live (M10), and by their own words (M11)."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from tests.acceptance.letters import answer
from tests.acceptance.years import Years, text

MIDWEEK = {1, 2, 3}


@pytest.fixture
def january(years: Years) -> int:
    """The year of the next January; the opening letters leave on its eleventh day."""
    today = years.now.date()
    year = today.year + 1
    years.settings["window"] |= {"days": ["tue", "wed", "thu"], "timezone": "contact"}
    years.days = (date(year, 1, 11) - today).days
    return year


def midweek(day: date) -> date:
    """Give the first day from a day on on which letters leave."""
    return next(one for one in (day + timedelta(days=number) for number in range(7)) if one.weekday() in MIDWEEK)


def asked(years: Years, country: str, said: str) -> str:
    """Let somebody in a country get the opening letter and answer it; give their address."""
    ada = years.servers.new_user("ada")
    years.add(ada, "--country", country)
    while not years.letters(ada):
        years.on_day(years.days + 1)
    [opening] = years.letters(ada)
    years.receive(answer(opening, ada, said))
    assert years.state(ada) == "answered"
    return ada


@pytest.mark.parametrize(
    ("country", "said", "read"),
    [
        ("AU", "Not now, try me in autumn.", (3, "the first day of autumn in the southern half of the world")),
        ("DE", "Not now, try me in autumn.", (9, "the first day of autumn in the northern half of the world")),
        ("DE", "Im Moment nicht, melden Sie sich im Herbst.", (9, "the first day of herbst in the northern half")),
        ("DE", "I am too busy. Ask me again next month, please.", (2, "the first day of next month")),
        ("BR", "Too busy now, write to me in the spring.", (9, "the first day of spring in the southern half")),
    ],
)
def test_a_season_is_the_one_where_they_live_and_the_rule_is_named(
    years: Years, january: int, country: str, said: str, read: tuple[int, str]
) -> None:
    month, rule = read
    ada = asked(years, country, said)
    day = date(january, month, 1)
    [message] = years.show(ada)["messages"]
    assert message["asked_for"] == day.isoformat()
    assert message["asked_rule"].startswith(rule)
    shown = years.run("show", ada).out
    assert rule.partition(" half")[0] in " ".join(shown.split())
    leaves = midweek(day)
    assert ("which is on" in shown) == (leaves != day)
    assert leaves.isoformat() in shown
    assert years.show(ada)["next_at"] is None, "a date is made by the user's word alone"
    command = f"followupd reopen {ada} --on {day.isoformat()}"
    assert f"\n  {command}\n" in shown
    years.run(*command.split()[1:])
    leaves_at = datetime.fromisoformat(years.show(ada)["next_at"]).astimezone(ZoneInfo(years.zone))
    assert leaves_at.date() == leaves


def test_the_letter_on_that_day_takes_up_their_own_words_once(years: Years, january: int) -> None:
    ada = asked(years, "DE", "Thank you for writing. Not now, please ask me again in September. Ada")
    years.run("reopen", ada, "--on", f"{january}-09-01")
    planned = years.planned(ada)[0]
    assert planned["template"] == "as-you-asked"
    began = years.days
    while years.now.date() < midweek(date(january, 9, 1)):
        assert len(years.letters(ada)) == 1
        years.on_day(years.days + 20 if years.now.date() < date(january, 8, 5) else years.days + 1)
    years.on_day(years.days + 1)
    assert years.days > began + 200
    [_, letter] = years.letters(ada)
    assert "You said: “Not now, please ask me again in September.”" in text(letter)
    assert years.show(ada)["letters"][1]["template"] == "as-you-asked"
    for _ in range(4):
        years.on_day(years.days + 120)
    assert not [one for one in years.letters(ada)[2:] if "You said" in text(one).partition("wrote:")[0]]


def test_where_the_daemon_was_down_over_that_day_the_letter_goes_once_it_is_up(years: Years, january: int) -> None:
    ada = asked(years, "DE", "Not now, please ask me again in September.")
    years.run("reopen", ada, "--on", f"{january}-09-01")
    years.on_day(years.days + 330)
    years.on_day(years.days + 7)
    assert "You said:" in text(years.letters(ada)[1])
