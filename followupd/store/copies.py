"""A copy of the database is kept beside it before its tables are changed; the one of the change before goes."""

import logging
import sqlite3
from contextlib import closing
from pathlib import Path

from followupd.store import files
from followupd.store.faults import known

log = logging.getLogger(__name__)


def keep(path: Path, schema: int) -> None:
    """Copy what was last committed to a database of this schema; raise FollowupdError if that cannot be done."""
    place = files.copy_of(path, f"schema-{schema}")
    with files.beside(place) as draft:
        try:
            with closing(sqlite3.connect(path)) as source, closing(sqlite3.connect(draft)) as target:
                source.backup(target)
                target.execute("PRAGMA journal_mode=DELETE")
        except sqlite3.Error as error:
            raise known(error, place) or error from error
        files.sync(draft)
        draft.replace(place)
    for other in files.copies(path):
        if other != place and other.name.startswith(f"{path.name}.schema-"):
            other.unlink(missing_ok=True)
    log.info("the database is brought up to date; as it was it is kept as %s", place)
