"""That a letter was announced is written down once the digest that held it has left, and not before."""

from collections.abc import Iterable
from dataclasses import dataclass

from followupd.core.instants import Instant, to_text
from followupd.store.db import Db


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A letter that stood in a digest: what it was, and the day that it was composed for."""

    letter_id: int
    mark: str
    day: Instant


def keep(db: Db, told: Iterable[Told], now: Instant) -> None:
    """Write down that letters were announced; one that went meanwhile, or was dropped, stays as it is."""
    db.run_many(
        "UPDATE letters SET announced = ?, announced_at = ?, announced_for = ? "
        "WHERE id = ? AND state IN ('prepared', 'deferred', 'held')",
        [(one.mark, to_text(now), to_text(one.day), one.letter_id) for one in told],
    )
