"""A target of the fuzzing of its own file: files of people, tables and vCards, as `import` takes them in."""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from followupd.actions import importing
from followupd.actions.arriving import Wanted
from followupd.core.addresses import key
from followupd.core.model import FIELDS
from followupd.exchange import formulas, reading
from followupd.views import text
from tests.actions import pretend

PEOPLE: Final = Path(__file__).parents[1] / "tests" / "fixtures" / "people"
CONTROL: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


class PeopleFile:
    """A file is taken in whole or not at all; every fault fits in a line, and a second reading adds nobody."""

    longest = 6_000

    def __init__(self, folder: Path) -> None:
        """Begin with an empty database."""
        self._app = pretend.process(folder, pretend.Server(files=True), pretend.Fuse())
        self._app.db.run("PRAGMA synchronous=OFF")

    def seeds(self) -> Sequence[bytes]:
        """Give the exports of several programs, and vCards of three versions."""
        return [path.read_bytes() for path in sorted(PEOPLE.iterdir()) if path.is_file()]

    def attempt(self, raw: bytes) -> None:
        """Read, take in, read again, and take everybody away."""
        db = self._app.db
        sheet = reading.read(raw)
        for fault in (*sheet.faults, *sheet.left_out):
            assert "\n" not in text.safe(str(fault))
        done = importing.import_people(self._app, sheet, Wanted(tags=("fuzz",)))
        rows = db.rows("SELECT id, " + ", ".join(FIELDS) + " FROM contacts")
        assert len(rows) == done.added
        assert not (done.added and done.faults)
        for row in rows:
            for field in FIELDS:
                assert CONTROL.search(row[field]) is None
                assert formulas.restored(formulas.defused(row[field])) == row[field]
        stored = [row[0] for row in db.rows("SELECT address FROM addresses")]
        assert len({key(one) for one in stored}) == len(stored)
        if done.added:
            again = importing.import_people(self._app, sheet, Wanted(tags=("fuzz",), skip_known=True))
            assert (again.added, again.faults) == (0, ())
            db.run("DELETE FROM contacts")
