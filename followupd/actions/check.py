"""Everything that a letter depends on is tried once and told in one line; one failure hides no other."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeAlias

from followupd.core.errors import ConfigError, FollowupdError
from followupd.core.instants import Instant, to_text
from followupd.core.model import Case, Contact, Letter, LetterState, Note, Thread
from followupd.core.settings import Settings

if TYPE_CHECKING:
    from followupd.letters.templates import Templates

FIRST_YEAR: Final = 2025
"""Before it there was no followupd: a clock that shows less was never set."""

_SOMEBODY: Final = Contact(
    id=1,
    addresses=("somebody@example.org",),
    name="Some Body",
    org="Some Organisation",
    role="founder",
    ask="how you decided whom to hire first",
    offer="I can read your next draft",
    admire="your talk on small teams",
    situation="we are three people and look for a fourth",
    goal="to hire the right person",
    arrangement="informal",
    timezone="UTC",
    country="DE",
    language="en",
)

_UNSEEN: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]+")

Test: TypeAlias = Callable[[], str]
"""Tries one thing and tells in a line what it found; raises FollowupdError if no letter could go out because of it."""


@dataclass(frozen=True, slots=True)
class Probe:
    """What came of trying one thing."""

    name: str
    ok: bool
    detail: str


def check(tests: Iterable[tuple[str, Test]]) -> tuple[Probe, ...]:
    """Carry out every test, in order."""
    return tuple(_probe(name, test) for name, test in tests)


def templates(settings: Settings, templates: "Templates", now: Instant) -> str:
    """Write every letter of every cadence, in every language, to somebody of whom all is known; nothing is kept."""
    from followupd.letters.render import render

    wrong: dict[str, None] = {}
    for cadence, language in product(settings.policy.cadences.values(), templates.languages()):
        if not templates.speaks(language, [step.template for step in cadence.steps]):
            continue
        for index, step in enumerate(cadence.steps):
            case = _trial(settings, cadence.name, index, now)
            spoken = replace(case, contact=replace(case.contact, language=language))
            try:
                render(templates, step.template, spoken, settings.policy, now)
            except FollowupdError as error:
                wrong[str(error)] = None
    if wrong:
        raise FollowupdError("; ".join(wrong), hint="mend the template, or copy the one that ships")
    return f"every step can be written, {len(templates.names())} templates; your own go into {settings.templates}"


def database(settings: Settings, now: Instant, mounts: bytes) -> str:
    """Open the database and read it through; `mounts` is what /proc/mounts holds, b"" where there is none."""
    from followupd.store.db import open_database
    from followupd.store.health import examine, refuse_network

    path = Path(settings.database)
    refuse_network(path, mounts)
    db = open_database(path, now=now)
    try:
        examine(db)
        mode = path.stat().st_mode & 0o777
    finally:
        db.close()
    return f"{path}; sound; mode {mode:04o}"


def clock(settings: Settings, now: Instant) -> str:
    """Compare the clock with what is known to have happened; a wrong one would send letters too early."""
    from followupd.store.db import open_database
    from followupd.store.threads import newest_event

    hint = "set this machine's clock, and have it kept right by NTP"
    if now.year < FIRST_YEAR:
        raise FollowupdError(f"the clock shows {to_text(now)}, which cannot be", hint=hint)
    db = open_database(Path(settings.database), now=now)
    try:
        newest = newest_event(db)
    finally:
        db.close()
    if newest is not None and newest > now:
        raise FollowupdError(f"the clock shows {to_text(now)}, but {to_text(newest)} has already been", hint=hint)
    return f"{to_text(now)}; you live in {settings.policy.me.zone.key}"


def logins_are_good(settings: Settings, now: Instant) -> None:
    """Let the daemon log in to an account again at once, where it waits because a login was refused."""
    from followupd.actions import lockout, refused
    from followupd.store.db import open_database

    db = open_database(Path(settings.database), now=now)
    try:
        lockout.lift(db, settings.account)
        refused.forget(db, settings.account)
    finally:
        db.close()


def _trial(settings: Settings, cadence: str, step: int, now: Instant) -> Case:
    """Give a case in which no field is empty and every earlier letter has gone out."""
    month = timedelta(days=30)
    began = now - month * (step + 1)
    return Case(
        thread=Thread(key="trial", contact_id=1, cadence=cadence, step=step, created_at=began, anchor=began),
        contact=_SOMEBODY,
        letters=tuple(
            Letter(
                id=index + 1,
                thread_id=0,
                step=index,
                template=settings.policy.cadences[cadence].steps[index].template,
                state=LetterState.SENT,
                message_id=f"<trial-{index}@example.org>",
                subject="A trial",
                body="A trial.",
                created_at=began + month * index,
                sent_at=began + month * index,
                mail_from=settings.policy.me.email,
                rcpt_to=_SOMEBODY.email,
            )
            for index in range(step)
        ),
        notes=(Note(id=1, contact_id=1, text="some news", created_at=now),),
    )


def _probe(name: str, test: Test) -> Probe:
    try:
        return Probe(name, ok=True, detail=_line(test()))
    except ConfigError as error:
        return Probe(name, ok=False, detail=_line(f"{error}: {'; '.join(map(str, error.problems))}"))
    except FollowupdError as error:
        return Probe(name, ok=False, detail=_line(f"{error}; {error.hint}" if error.hint else str(error)))


def _line(text: str) -> str:
    """Make one line of it, without anything in it that a terminal would obey."""
    return _UNSEEN.sub(" ", text).strip()
