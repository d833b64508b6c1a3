"""How much one person gets in a year, people of one house, how many are asked at once: what goes, waits, is held."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from followupd.actions import contacts, reopening, threads
from followupd.app import App
from followupd.core.bounds import seen
from followupd.core.instants import Span
from followupd.core.model import State
from followupd.core.plan import foresee
from followupd.store import threads as kept
from followupd.store.bounds import around
from tests.actions.conftest import ada, at
from tests.actions.pretend import ADA, Fuse, Server, days, process, somebody

BO = "bo@example.net"
CY = "cy@elsewhere.example"
DI = "di@nowhere.example"


def begun(folder: Path, server: Server, *people: str, **bounds: Any) -> App:
    app = process(folder, server, Fuse())
    app = replace(app, settings=replace(app.settings, policy=replace(app.settings.policy, **bounds)))
    for one in people:
        somebody(app, one)
    return app


def written_to(server: Server, address: str) -> int:
    return len(server.to(address))


@pytest.mark.parametrize(("key", "most"), [("most_letters", 2), ("most_words", 100)])
def test_what_is_more_than_one_person_may_get_in_a_year_is_held(
    tmp_path: Path, server: Server, key: str, most: int
) -> None:
    app = begun(tmp_path, server, ADA, **{key: most})
    for day in range(0, 300, 10):
        at(app, server, day)
    assert ada(app).thread.state is State.HELD
    assert f"and {most} are the most" in ada(app).thread.reason
    out = written_to(server, ADA)
    assert out == 2
    threads.resume(app, ADA)
    assert at(app, server, 301) == 1, "the user's word sends it"


def test_the_letters_of_an_earlier_thread_count(tmp_path: Path, server: Server) -> None:
    again = replace(process(tmp_path, server, Fuse()).settings.policy.cadences["short"], name="again")
    app = begun(tmp_path, server, ADA, most_letters=1, cadences={"short": again, "again": again})
    at(app, server, 0)
    threads.stop(app, ADA)
    reopening.reopen(app, ADA, None, "again")
    assert at(app, server, 20) == 0
    assert ada(app).thread.reason.startswith("they got 1 letter in 365 days")


def test_two_people_of_one_house_are_not_written_to_within_the_gap(tmp_path: Path, server: Server) -> None:
    app = begun(tmp_path, server, ADA, BO, CY, organisation_gap=Span(days=7))
    planned = foresee(kept.open_cases(app.db), app.settings.policy, days(0), days(13))
    assert at(app, server, 0) == 2, "one of the house, and somebody of another"
    assert at(app, server, 6.9) == 0
    assert [at(app, server, day) for day in (7, 7.1, 8)].count(1) == 1
    assert (written_to(server, ADA), written_to(server, BO), written_to(server, CY)) == (1, 1, 1)
    assert sorted(one.email for one in planned) == sorted([ADA, BO, CY]), "and the plan knew it"
    assert max(one.at for one in planned) >= days(7)


def test_the_name_of_the_organisation_counts_where_the_domains_differ(tmp_path: Path, server: Server) -> None:
    app = begun(tmp_path, server, ADA, CY, organisation_gap=Span(days=7))
    for one in (ADA, CY):
        contacts.edit(app, one, contacts.Edit(fields={"org": "Engines Ltd"}))
    assert at(app, server, 0) == 1


def test_capitals_beyond_ascii_and_blanks_tell_no_two_houses_apart(tmp_path: Path, server: Server) -> None:
    app = begun(tmp_path, server, ADA, CY, organisation_gap=Span(days=7))
    contacts.edit(app, ADA, contacts.Edit(fields={"org": "École  Normale"}))
    contacts.edit(app, CY, contacts.Edit(fields={"org": "ÉCOLE normale"}))
    planned = foresee(kept.open_cases(app.db), app.settings.policy, days(0), days(13))
    assert at(app, server, 0) == 1
    assert [one.at < days(7) for one in planned] == [True, False], "the plan tells kin as the database does"


def test_the_database_and_the_plan_see_the_same_around_a_letter(tmp_path: Path, server: Server) -> None:
    app = begun(tmp_path, server, ADA, BO, CY, DI, max_open=2, organisation_gap=Span(days=7), most_letters=6)
    policy = app.settings.policy
    contacts.edit(app, DI, contacts.Edit(fields={"org": "Ölmühle"}))
    contacts.edit(app, CY, contacts.Edit(fields={"org": "ÖLMÜHLE"}))
    for day in (0, 3, 8, 20):
        at(app, server, day)
        cases = kept.open_cases(app.db)
        for case in cases:
            stored = around(app.db, case, policy, days(day))
            known = seen(case, cases, days(day))
            ahead = known.ahead if not case.thread.step else 0
            assert stored == replace(known, ahead=ahead), f"{case.contact.email} on day {day}"


def test_nobody_is_asked_anew_while_enough_have_not_answered(tmp_path: Path, server: Server) -> None:
    app = begun(tmp_path, server, ADA, CY, max_open=1)
    assert at(app, server, 0) == 1
    assert at(app, server, 14) == 1, "the follow-up goes, the next opening letter does not"
    assert written_to(server, ADA) + written_to(server, CY) == 2
    first, second = (ADA, CY) if written_to(server, ADA) else (CY, ADA)
    threads.stop(app, first)
    assert at(app, server, 14.1) == 1
    assert written_to(server, second) == 1
