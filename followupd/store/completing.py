"""What a shell asks the database when Tab is pressed: read at once or not at all, and nothing is written."""

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from followupd.store.db import Value

MOST: Final = 200
"""Words that are offered at once: more than anybody reads."""
_PEOPLE: Final = """
    SELECT a.address, c.name FROM contacts AS c JOIN addresses AS a ON a.contact_id = c.id
    WHERE (substr(a.address, 1, length(:typed)) = :typed COLLATE NOCASE)
        OR (a.position = 0 AND :typed <> '' AND instr(' ' || lower(c.name), ' ' || lower(:typed)) > 0)
    ORDER BY a.position, a.address LIMIT :most"""
_LETTERS: Final = """
    SELECT CAST(l.id AS TEXT), a.address || ': ' || l.subject FROM letters AS l JOIN threads AS t ON t.id = l.thread_id
    JOIN addresses AS a ON a.contact_id = t.contact_id AND a.position = 0
    WHERE l.state IN ('prepared', 'sending', 'deferred', 'uncertain', 'held')
        AND substr(CAST(l.id AS TEXT), 1, length(:typed)) = :typed
    ORDER BY l.id LIMIT :most"""
_TAGS: Final = """
    SELECT DISTINCT tag, '' FROM tags WHERE substr(tag, 1, length(:typed)) = :typed ORDER BY tag LIMIT :most"""


def people(database: Path, typed: str) -> Sequence[tuple[str, str]]:
    """Give addresses and names of people whose address, or a part of whose name, begins as was typed."""
    return _asked(database, _PEOPLE, typed)


def letters(database: Path, typed: str) -> Sequence[tuple[str, str]]:
    """Give the numbers of letters that are not out yet, or may be, and whom they are for."""
    return _asked(database, _LETTERS, typed)


def tags(database: Path, typed: str) -> Sequence[tuple[str, str]]:
    """Give the tags that begin as was typed."""
    return _asked(database, _TAGS, typed)


def _asked(database: Path, sql: str, typed: str) -> Sequence[tuple[str, str]]:
    """Ask without opening the database for writing: one of another version, or none, gives nothing."""
    params: dict[str, Value] = {"typed": typed, "most": MOST}
    try:
        with closing(sqlite3.connect(f"{database.absolute().as_uri()}?mode=ro", uri=True, timeout=0.2)) as connection:
            return [(str(word), str(about)) for word, about in connection.execute(sql, params)]
    except sqlite3.Error:
        return []
