"""A config that changed moves waiting letters once, before anything is sent, and both `plan` and history say so."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from followupd.actions.moved import moving
from followupd.actions.round import one_round
from followupd.app import App
from followupd.core.instants import Instant, Span
from followupd.core.model import Case
from followupd.core.plan import foresee
from followupd.core.settings import Cadence, Step
from followupd.store import threads
from tests.actions.pretend import ADA, BO, Fuse, Server, days, process, somebody


def case_of(app: App, address: str) -> Case:
    """Give what is stored of a person."""
    case = threads.case_of(app.db, address)
    assert case is not None
    return case


def changed(app: App, **policy: object) -> App:
    """Give the same world with another config."""
    settings = replace(app.settings, policy=replace(app.settings.policy, **policy))  # type: ignore[arg-type]
    return replace(app, settings=settings)


def patient(*waits: Span) -> Mapping[str, Cadence]:
    """Give a cadence of some waits."""
    steps = (Step(template="opening"), *(Step(template="reminder", after=wait) for wait in waits))
    return {"short": Cadence(name="short", steps=steps)}


def begun(tmp_path: Path) -> tuple[App, Server]:
    """Give a world in which an opening letter to Ada has just gone out."""
    server = Server(files=True)
    app = process(tmp_path, server, Fuse())
    somebody(app, ADA)
    server.now = days(0)
    one_round(app)
    assert len(server.to(ADA)) == 1
    return app, server


def next_at(app: App) -> Instant:
    at = case_of(app, ADA).thread.next_at
    assert at is not None
    return at


def moves(app: App) -> list[str]:
    return [one.text for one in threads.events(app.db, case_of(app, ADA).thread.id) if one.kind == "moved"]


def test_a_longer_wait_moves_the_letter_that_waits_and_history_tells_it_once(tmp_path: Path) -> None:
    app, server = begun(tmp_path)
    before = next_at(app)
    longer = changed(app, cadences=patient(Span(weeks=8)))
    server.now = days(1)
    one_round(longer)
    one_round(longer)
    assert next_at(longer) > before
    assert len(moves(longer)) == 1
    server.now = days(15)
    one_round(longer)
    assert len(server.to(ADA)) == 1


def test_a_date_stands_still_while_the_config_does(tmp_path: Path) -> None:
    app, server = begun(tmp_path)
    before = next_at(app)
    for day in (1, 2, 3):
        server.now = days(day)
        one_round(app)
    assert next_at(app) == before
    assert moves(app) == []


def test_plan_names_what_the_next_round_moves_and_nothing_after_it(tmp_path: Path) -> None:
    app, server = begun(tmp_path)
    before = next_at(app)
    longer = changed(app, cadences=patient(Span(weeks=8)))
    server.now = days(1)
    cases = threads.open_cases(app.db)
    planned = foresee(cases, longer.settings.policy, server.now, days(400))
    assert moving(longer, cases, planned) == {case_of(app, ADA).thread.id: before}
    one_round(longer)
    cases = threads.open_cases(app.db)
    assert cases[0].thread.next_at == planned[0].at
    assert moving(longer, cases, planned) == {}


def test_what_only_the_daily_limit_moves_is_not_laid_to_the_config(tmp_path: Path) -> None:
    app = process(tmp_path, Server(files=True), Fuse())
    for address in (ADA, BO):
        somebody(app, address)
    limited = changed(app, daily_limit=1)
    cases = threads.open_cases(app.db)
    planned = foresee(cases, limited.settings.policy, limited.clock.now(), days(30))
    assert {one.at for one in planned if one.step == 0} != {case.thread.next_at for case in cases}
    assert moving(limited, cases, planned) == {}


def test_a_shorter_wait_makes_no_burst(tmp_path: Path) -> None:
    app, server = begun(tmp_path)
    somebody(app, BO)
    one_round(app)
    server.now = days(13)
    soon = changed(app, cadences=patient(Span(days=7), Span(days=7)), daily_limit=1)
    one_round(soon)
    one_round(soon)
    assert len(server.to(ADA)) + len(server.to(BO)) == 3
    server.now = days(14)
    one_round(soon)
    assert (len(server.to(ADA)), len(server.to(BO))) == (2, 2)
