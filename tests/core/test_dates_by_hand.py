"""The program gives the dates that were worked out by hand, and the same reasons: the table is dates_by_hand.txt."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from followupd.core.cadence import next_opening
from followupd.core.decide import decide
from followupd.core.instants import Span
from followupd.core.model import Contact, Letter, LetterState, Send, State, Wait
from followupd.core.outcome import absent_until
from followupd.core.periods import period
from followupd.core.plan import foresee
from followupd.core.settings import Cadence, Policy, Step
from tests.core.timeline import POLICY, begun

TABLE = Path(__file__).with_name("dates_by_hand.txt")
PLACES = {
    "Munich": ("Europe/Berlin", "DE-BY", {1, 2, 3}),
    "Hamburg": ("Europe/Berlin", "DE-HH", {1, 2, 3}),
    "Edinburgh": ("Europe/London", "GB-SCT", {1, 2, 3}),
    "New York": ("America/New_York", "US", {1, 2, 3}),
    "NY all week": ("America/New_York", "US", {0, 1, 2, 3, 4}),
    "Tel Aviv": ("Asia/Jerusalem", "IL", {6, 0, 1, 2, 3}),
    "Sydney": ("Australia/Sydney", "AU-NSW", {1, 2, 3}),
}


@dataclass(frozen=True)
class Row:
    """A line of the table."""

    where: str
    last: str
    wait: str
    besides: str
    goes: str
    utc: str
    why: str


ROWS = [
    Row(*(cell.strip() for cell in line.split("|", 6)))
    for line in TABLE.read_text(encoding="utf-8").splitlines()
    if line and not line.startswith("#")
]


def local(text: str, zone: ZoneInfo) -> datetime:
    """Read "Tue 2027-01-12 09:00", and see that it is a Tuesday."""
    weekday, _, rest = text.partition(" ")
    at = datetime.strptime(rest, "%Y-%m-%d %H:%M").replace(tzinfo=zone)
    assert at.strftime("%a") == weekday, text
    return at


def policy_for(row: Row) -> Policy:
    steps = (Step(template="opening"), Step(template="reminder", after=Span.parse(row.wait)))
    kind, _, days = row.besides.partition(" ")
    window = replace(
        POLICY.window,
        days=frozenset(PLACES[row.where][2]),
        quiet=(period(days),) if kind == "quiet" else (),
    )
    return replace(POLICY, cadences={"patient": Cadence(name="patient", steps=steps)}, window=window)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.where} {row.goes}")
def test_the_letter_goes_on_the_day_that_was_worked_out_and_for_its_reason(row: Row) -> None:
    name, country, _ = PLACES[row.where]
    zone, policy = ZoneInfo(name), policy_for(row)
    kind, _, said = row.besides.partition(" ")
    person = Contact(
        id=1,
        addresses=("p@example.org",),
        timezone=name,
        country=country,
        blackout=said if kind == "blackout" else "",
    )
    last = local(row.last, zone).astimezone(UTC)
    absent = None
    if kind == "back":
        absent = absent_until(person, date.fromisoformat(said), policy, last + timedelta(days=7))
    elif kind == "away":
        absent = absent_until(person, None, policy, datetime.fromisoformat(said).replace(tzinfo=zone).astimezone(UTC))
    case = begun(person, last, step=1, not_before=absent)
    letter = Letter(
        thread_id=1, step=0, template="opening", state=LetterState.SENT, message_id="<1@example.net>", subject="",
        body="", created_at=last, sent_at=last,
    )  # fmt: skip
    case = replace(case, letters=(letter,), thread=replace(case.thread, state=State.WAITING))

    goes = datetime.strptime(row.utc, "%Y-%m-%d %H:%M").replace(tzinfo=UTC)
    assert local(row.goes, zone) == goes, "the table agrees with itself"
    found = next_opening(case, policy, last)
    assert found.at == goes
    assert row.why.partition(":")[0] in "\n".join(found.why)
    assert [one.at for one in foresee((case,), policy, last, goes)] == [goes]
    assert isinstance(decide(case, policy, goes - timedelta(minutes=1), 0), Wait)
    assert decide(case, policy, goes, 0) == Send(1)


def test_the_table_has_what_it_promises() -> None:
    assert {row.where for row in ROWS} == set(PLACES)
    assert len({PLACES[row.where][1][:2] for row in ROWS}) >= 3
    months = {row.goes[4:11] for row in ROWS}
    assert {f"2027-{month:02d}" for month in range(1, 13)} - months <= {"2027-02"}
