"""Everything that a letter depends on is tried once and told in one line; one failure hides no other."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeAlias

from followupd.core.errors import ConfigError, FollowupdError
from followupd.core.instants import Instant, to_text
from followupd.core.settings import Settings

FIRST_YEAR: Final = 2025
"""Before it there was no followupd: a clock that shows less was never set."""

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
