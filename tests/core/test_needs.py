"""What needs the user stands with the command that settles it; a day of pure waiting needs nothing."""

from dataclasses import replace
from datetime import date, timedelta

from followupd.core.model import LetterState, Outreach, State
from followupd.core.needs import Service, Waiting, needs, service
from followupd.core.owed import Kind, Owed
from tests.core.timeline import POLICY, begun, letter_of, sent, somebody, utc

NOW = utc(2026, 11, 24, 8)
WELL = Service(last_round=NOW)
WAITS = sent(begun(somebody(), NOW - timedelta(days=40)), POLICY, NOW - timedelta(days=39))


def said(*outreaches: Outreach, found: Service = WELL, owed: tuple[Owed, ...] = ()) -> list[str]:
    return [one.what for one in needs(Waiting(service=found, outreaches=outreaches, owed=owed), POLICY, NOW)]


def held(reason: str) -> Outreach:
    return Outreach(case=replace(WAITS, thread=replace(WAITS.thread, state=State.HELD, reason=reason)))


def test_silence_needs_nothing() -> None:
    assert said(Outreach(case=WAITS)) == []


def test_what_is_held_says_why_and_how_it_goes_on() -> None:
    ways = "a possible answer; if it is an answer: followupd answered p1@example.org"
    assert said(held(ways)) == [ways]
    assert said(held("the server said no")) == ["the server said no; to go on: followupd resume p1@example.org"]


def test_a_letter_in_doubt_comes_before_what_is_held_and_is_named_once() -> None:
    letter = replace(letter_of(WAITS, NOW), id=7, state=LetterState.UNCERTAIN)
    doubtful = replace(held("closed after the data"), case=replace(held("closed").case, letters=(letter,)))
    first, second = said(held("because; followupd show x"), doubtful)
    assert "followupd outbox sent 7; if not: followupd outbox retry 7" in first
    assert second == "because; followupd show x"


def test_what_is_owed_stands_there_on_its_day_and_not_before() -> None:
    one = Owed(email="a@example.org", name="Ada", thread_id=1, kind=Kind.THANKS, on=date(2026, 11, 24), text="thank")
    assert said(owed=(replace(one, on=date(2026, 11, 25)),)) == []
    assert said(owed=(one,)) == ["thank; once it is done: followupd owed --done a@example.org --what thanks"]
    assert said(owed=(replace(one, on=date(2026, 11, 1)),))[0].startswith("thank (since 2026-11-01); ")


def test_trouble_of_the_service_comes_first() -> None:
    troubled = Service(trouble="the password was refused", last_round=NOW - timedelta(days=9), paused=True)
    found = said(held("x"), found=troubled)
    assert [one.split(";")[0] for one in found] == [
        "the password was refused", "everything is paused", "nothing was looked at or sent for 9 days", "x",
    ]  # fmt: skip
    assert said(found=Service()) == ["the mailbox was never looked at; to begin: followupd run"]


def test_the_service_is_read_from_what_it_remembers() -> None:
    assert service({"last_round_at": ("", NOW), "trouble": None}, {}) == WELL
    known = {"last_round_at": ("", NOW), "not_sending": ("everything is paused", NOW), "paused_all": ("yes", NOW)}
    assert service(known, {}) == Service(last_round=NOW, paused=True)
    assert service({**known, "login_refused": ("no", NOW), "trouble": ("x", NOW)}, {}).trouble == "no"


def test_another_account_has_trouble_of_its_own() -> None:
    found = service({"last_round_at": ("", NOW)}, {"work": {"login_refused": ("no", NOW)}, "home": {}})
    assert found.others == (("work", "no"),)
    assert said(found=found) == ["account work: no"]
