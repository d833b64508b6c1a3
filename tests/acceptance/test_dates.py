"""Why a letter leaves when it does (M17), and that its minute stands still while nothing happens (M18)."""

import sqlite3
import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from tests.acceptance.years import Years

DUMPS = Path(__file__).parents[1] / "store" / "dumps"


@pytest.fixture
def zoe(years: Years) -> str:
    """Somebody in France, with the window that ships."""
    years.settings["storage"] = {"database": str(years.home / "followupd.db")}
    years.settings["window"] = {}
    address = years.servers.new_user("zoe")
    year = next(one for one in range(years.now.year + 1, years.now.year + 9) if date(one, 7, 14).weekday() == 6)
    first = ("--first-on", f"{year}-07-14")
    years.run("add", address, "--name", "Zoé Martin", "--admire", "Your notes on the engine are clear.", "--ask",
              "How did you decide what to leave out?", "--offer", "I would typeset the next edition.",
              "--country", "FR", "--timezone", "Europe/Paris", "--no-look", *first)  # fmt: skip
    return address


def planned(years: Years, email: str) -> list[dict[str, object]]:
    """Give what `plan` says of somebody up to ten years from now."""
    until = (years.now + timedelta(days=3650)).date().isoformat()
    found = years.json("plan", "--why", "--until", until)
    return [one for one in found if one["email"] == email]


def test_a_sunday_that_is_a_holiday_has_its_chain_and_the_chain_ends_at_the_date(years: Years, zoe: str) -> None:
    first = planned(years, zoe)[0]
    why = first["why"]
    assert isinstance(why, list)
    year = str(first["at"])[:4]
    said = [line.partition(": ")[2] for line in why]
    assert said[:4] == [f"first letter on {year}-07-14, set by you", "a Sunday", "National Day", "a Monday"]
    assert said[4] == "from 09:00 Europe/Paris"
    opens = datetime.fromisoformat(why[4].partition(": ")[0])
    # one thread in twenty-one is spread by no minute, and has no such link
    minutes = int(said[5].removeprefix("spread by ").split()[0]) if len(said) > 5 else 0
    assert opens + timedelta(minutes=minutes) == datetime.fromisoformat(str(first["at"]))
    assert all(link.startswith(opens.astimezone(UTC).replace(tzinfo=None).isoformat()[:11]) for link in why[5:])


def test_a_date_stands_still_for_a_year_over_restarts_and_zones(
    years: Years, zoe: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    dates = [(one["at"], one["step"]) for one in planned(years, zoe)]
    assert len(dates) == 5
    try:
        for number, day in enumerate((0.04, 1, 7, 30, 91, 182, 300, 365)):
            monkeypatch.setenv("TZ", ("UTC", "Pacific/Auckland", "America/New_York")[number % 3])
            time.tzset()
            years.on_day(day)
            assert [(one["at"], one["step"]) for one in planned(years, zoe)] == dates
    finally:
        monkeypatch.delenv("TZ")
        time.tzset()


@pytest.mark.parametrize("version", [1, 4, 7])
def test_a_date_stands_still_over_an_upgrade(years: Years, zoe: str, version: int) -> None:
    dates = [one["at"] for one in planned(years, zoe)]
    new = years.home / "followupd.db"
    old = years.home / "old.db"
    with sqlite3.connect(old) as into, sqlite3.connect(new) as known:
        into.executescript((DUMPS / f"version_{version}.sql").read_text(encoding="utf-8"))
        known.row_factory = sqlite3.Row
        for table in ("contacts", "addresses", "threads"):
            columns = [row[1] for row in into.execute(f"PRAGMA table_info({table})")]
            for row in known.execute(f"SELECT * FROM {table}"):
                kept = {name: row[name] for name in columns if name in row.keys()}  # noqa: SIM118  # a Row iterates values
                kept |= {name: kept[name] + 100 for name in ("id", "contact_id") if name in kept}
                marks = ", ".join("?" for _ in kept)
                into.execute(f"INSERT INTO {table} ({', '.join(kept)}) VALUES ({marks})", tuple(kept.values()))
    into.close()
    known.close()
    years.settings["storage"] = {"database": str(old)}
    assert [one["at"] for one in planned(years, zoe)] == dates
