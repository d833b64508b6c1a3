"""A preview shows the letters as they will be: each tells its own news, and later ones follow from earlier ones."""

import email
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from followupd.actions.preview import preview
from followupd.app import Desk
from followupd.core.connections import Imap, SecretSource, Security, Server, Smtp
from followupd.core.errors import FollowupdError
from followupd.core.instants import Instant, Span
from followupd.core.model import Case, Note
from followupd.core.settings import Cadence, Policy, Settings, Step
from followupd.letters.templates import Templates
from followupd.ports import Waited
from followupd.store.db import open_database
from tests.letters.conftest import ALL, STEPS

LEAP = datetime(2028, 2, 29, 8, 5, tzinfo=UTC)
"""A Tuesday, 09:05 in Berlin."""


class StandingClock:
    """A clock that stands still."""

    def now(self) -> Instant:
        return LEAP

    def sleep(self, seconds: float, mailbox: Waited | None = None) -> None:
        raise AssertionError((seconds, mailbox))

    def stopping(self) -> bool:
        return False


@pytest.fixture
def desk(tmp_path: Path, policy: Policy) -> Desk:
    waits = (None, Span(weeks=2), Span(weeks=6), Span(months=4), Span(months=7))
    steps = tuple(Step(template=name, after=after) for name, after in zip(STEPS, waits, strict=True))
    server = Server(host="x", port=1, security=Security.NONE, username="x", password=SecretSource())
    settings = Settings(
        source=tmp_path / "config.toml",
        imap=Imap(server=server),
        smtp=Smtp(server=server),
        database=tmp_path / "followupd.db",
        templates=tmp_path,
        policy=replace(policy, cadences={"patient": Cadence(name="patient", steps=steps)}),
        poll=timedelta(minutes=5),
    )
    db = open_database(tmp_path / "followupd.db", now=LEAP)
    return Desk(settings=settings, db=db, templates=Templates(tmp_path), clock=StandingClock())


def test_a_preview_of_all_letters_on_29_february_tells_each_note_once(desk: Desk, case_at: Callable[..., Case]) -> None:
    case = case_at(ALL, 0)
    notes = tuple(Note(id=one, contact_id=1, text=f"item {one}", created_at=LEAP) for one in (1, 2))
    thread = replace(case.thread, created_at=LEAP, anchor=LEAP)
    found = preview(desk, replace(case, thread=thread, notes=notes), everything=True)
    assert [one.template for one in found] == list(STEPS)
    assert ["Item 2." in one.text for one in found] == [False, True, False, False, False]
    assert ["Item 1." in one.text for one in found] == [False, False, True, False, False]
    assert [one.at for one in found] == sorted({one.at for one in found})
    last = email.message_from_bytes(found[-1].draft.raw)
    assert str(last["References"]).split() == [one.draft.message_id for one in found[:-1]]
    assert last["Subject"] == "Re: " + found[0].draft.subject


def test_a_step_that_has_gone_cannot_be_previewed(desk: Desk, case_at: Callable[..., Case]) -> None:
    with pytest.raises(FollowupdError, match="no such letter"):
        preview(desk, case_at(ALL, 2), step=1)
    (one,) = preview(desk, case_at(ALL, 2), step=3)
    assert one.template == "season"
