"""The views and the questions that ship for Datasette work on the database as it is, read-only."""

import json
import os
import re
import sqlite3
import subprocess
from pathlib import Path
from typing import Any

import pytest

from followupd.store import letters, messages
from followupd.store.db import Db, backup
from tests.servers.fixtures import leave_out
from tests.store.conftest import NOW, AddCase, Prepare, a_message

METADATA = Path(__file__).parents[2] / "docs" / "datasette.json"
SHIPPED: dict[str, Any] = json.loads(METADATA.read_text(encoding="utf-8"))["databases"]["followupd"]


@pytest.fixture
def copy(db: Db, add_case: AddCase, prepare: Prepare, tmp_path: Path) -> Path:
    """A backup in which Mara got a letter and answered, and Bo waits."""
    case = add_case("mara@example.org")
    add_case("bo@example.org")
    letter = prepare(case)
    letters.claim(db, letter.id, NOW)
    db.run("UPDATE letters SET state = 'sent', sent_at = '2026-11-23T09:00:00Z' WHERE id = ?", (letter.id,))
    messages.record(db, [messages.Outcome(message=a_message(case))], None, NOW)
    db.run("UPDATE threads SET state = 'answered', step = 1, next_at = NULL WHERE id = ?", (case.thread.id,))
    target = tmp_path / "followupd.db"
    backup(db, target)
    return target


def rows(path: Path, sql: str) -> list[dict[str, Any]]:
    connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    connection.row_factory = sqlite3.Row
    params = dict.fromkeys(re.findall(r":(\w+)", sql), "mara@example.org") | {"since": "2026-01-01"}
    try:
        return [dict(row) for row in connection.execute(sql, params)]
    finally:
        connection.close()


def test_the_views_answer_common_questions(copy: Path) -> None:
    assert [row["email"] for row in rows(copy, "SELECT * FROM people ORDER BY email")] == [
        "bo@example.org", "mara@example.org",
    ]  # fmt: skip
    assert [row["email"] for row in rows(copy, "SELECT * FROM upcoming")] == ["bo@example.org"]
    story = rows(copy, "SELECT * FROM correspondence")
    assert sorted(row["direction"] for row in story) == ["received", "sent"]
    asked = rows(copy, SHIPPED["queries"]["story"]["sql"])
    assert sorted(row["direction"] for row in asked) == ["received", "sent"]


@pytest.mark.parametrize("name", sorted(SHIPPED["queries"]))
def test_every_question_that_ships_can_be_asked(copy: Path, name: str) -> None:
    found = rows(copy, SHIPPED["queries"][name]["sql"])
    assert found or name == "held"


def test_every_table_and_column_that_is_named_is_there(copy: Path) -> None:
    for table, about in SHIPPED["tables"].items():
        columns = {row["name"] for row in rows(copy, f"SELECT name FROM pragma_table_info('{table}')")}
        named = {
            *about.get("facets", ()),
            *(about[key] for key in ("sort", "sort_desc", "label_column") if key in about),
        }
        assert named <= columns


@pytest.mark.parametrize("asked", ["people", "upcoming", "correspondence", *sorted(SHIPPED["queries"])])
def test_datasette_answers(copy: Path, asked: str) -> None:
    """FOLLOWUPD_DATASETTE names the program, which is none of our dependencies."""
    program = os.environ.get("FOLLOWUPD_DATASETTE", "")
    if not program:
        leave_out("FOLLOWUPD_DATASETTE names no datasette")
    given = "&email=mara@example.org&since=2026-01-01" if asked in SHIPPED["queries"] else ""
    place = f"/followupd/{asked}.json?_shape=array{given}"
    done = subprocess.run(
        [program, str(copy), "--metadata", str(METADATA), "--get", place], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert json.loads(done.stdout) or asked == "held"
