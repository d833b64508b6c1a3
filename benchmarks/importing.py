"""How long a file of 100,000 people takes to be read in, beside bare executemany of the same rows, in the same run.

    python benchmarks/importing.py [PEOPLE] [--json]

The anchor writes the rows that the import wrote, in the same order, into an empty database of the same tables, in one
transaction: what is left between the two is all that the import does besides. CPU seconds of both, the best of three.
"""

import json
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from followupd.actions.arriving import Wanted
from followupd.actions.importing import import_people
from followupd.app import Desk
from followupd.config.file import read as read_config
from followupd.exchange.reading import read
from followupd.letters.templates import Templates
from followupd.store.db import Db, open_database

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
CONFIG = """
[me]
name = "Max Lehmann"
email = "max@example.org"
timezone = "Europe/Berlin"
[imap]
host = "127.0.0.1"
security = "none"
[smtp]
host = "127.0.0.1"
security = "none"
"""
TABLES = ("contacts", "addresses", "threads", "events")


class Clock:
    """Stands still."""

    def now(self) -> datetime:
        """Give the same instant."""
        return NOW


def main(people: int, *, as_json: bool) -> None:
    """Measure, and say what was found."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        (home / "config.toml").write_text(CONFIG, encoding="utf-8")
        data = table(people)
        ours = min(timed(lambda number=number: whole(home / f"ours-{number}.db", data)) for number in range(3))
        rows = written(home / "ours-0.db")
        bare = min(timed(lambda number=number: anchor(home / f"bare-{number}.db", rows)) for number in range(3))
        again = timed(lambda: whole(home / "ours-0.db", data))
    if as_json:
        print(json.dumps({"import": ours, "executemany": bare, "again": again}))
        return
    print(f"{people} people: import {ours:.2f} s, bare executemany {bare:.2f} s, ratio {ours / bare:.2f}")
    print(f"the same file once more, which changes nothing: {again:.2f} s")


def table(people: int) -> bytes:
    """Give a table of people, a thousand organisations, some places."""
    places = ("Europe/Berlin,DE", "Europe/Lisbon,PT", "America/New_York,US", ",")
    rows = (
        f"person{n}@host{n % 1000}.example.org,Person {n},Organisation {n % 1000},How was it?,{places[n % 4]}"
        for n in range(people)
    )
    return ("email,name,org,ask,timezone,country\n" + "\n".join(rows)).encode()


def timed(act: Callable[[], None]) -> float:
    """Give the CPU seconds of an act: other programs on the machine do not count."""
    began = time.process_time()
    act()
    return time.process_time() - began


def whole(path: Path, data: bytes) -> None:
    """Read a file in, from its bytes to the commit."""
    db = open_database(path, now=NOW)
    settings = read_config(path.parent / "config.toml")
    desk = Desk(settings=settings, db=db, templates=Templates(Path(settings.templates)), clock=Clock())  # type: ignore[arg-type]
    found = import_people(desk, read(data), Wanted())
    assert not found.faults
    db.close()


def written(path: Path) -> dict[str, list[tuple[object, ...]]]:
    """Give all rows of the tables that were written."""
    db = open_database(path, now=NOW)
    found = {name: [tuple(row) for row in db.rows(f"SELECT * FROM {name}")] for name in TABLES}
    db.close()
    return found


def anchor(path: Path, rows: dict[str, list[tuple[object, ...]]]) -> None:
    """Write the same rows as bare as can be."""
    db: Db = open_database(path, now=NOW)
    with db.immediate():
        for name, some in rows.items():
            db.connection.executemany(f"INSERT INTO {name} VALUES ({', '.join('?' * len(some[0]))})", some)
    db.close()


if __name__ == "__main__":
    numbers = [int(word) for word in sys.argv[1:] if word != "--json"]
    main(numbers[0] if numbers else 100_000, as_json="--json" in sys.argv)
