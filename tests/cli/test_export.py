"""What is given out is whole, safe to open, and read back exactly; a person gets everything that is kept about them."""

import csv
import json
from pathlib import Path

import pytest

from followupd.core.model import FIELDS
from tests.cli.conftest import Run
from tests.cli.test_import import never

HOSTILE = "=cmd|'/c calc'!A0"


@pytest.fixture
def bea(run: Run, ada: str) -> str:
    run(
        "add", "bea@example.net", "--name", HOSTILE, "--org", "-1+1", "--ask", "'=so; @it, \"is\"", "--role", " Chef ",
        "--offer", "'tis", "--tag", "a;b", "--tag", "=x\\", "--alias", "-bea@example.net", "--timezone", "Asia/Tokyo",
        "--first-on", "2041-02-03", "--blackout", "12-20 to 01-06", "--no-look",
    )  # fmt: skip
    return "bea@example.net"


def exported(run: Run, target: Path) -> str:
    done = run("export", str(target))
    assert (done.status, done.err) == (0, "")
    assert target.stat().st_mode & 0o777 == 0o600
    return target.read_text(encoding="utf-8")


def test_a_table_is_read_back_exactly_into_an_empty_home(run: Run, bea: str, tmp_path: Path) -> None:
    first = exported(run, tmp_path / "one.csv")
    stories = {email: run("show", email, "--json").document for email in (bea, "ada@example.net")}
    for leftover in Path.home().glob("followupd.db*"):
        leftover.unlink()
    done = run("import", str(tmp_path / "one.csv"), "--json")
    assert (done.status, done.document["added"]) == (0, 2)
    for email, before in stories.items():
        after = run("show", email, "--json").document
        assert {key: after[key] for key in ("email", "addresses", "name", "fields", "state", "cadence")} == {
            key: before[key] for key in ("email", "addresses", "name", "fields", "state", "cadence")
        }
        assert after["next_at"][:10] == before["next_at"][:10]
    second = exported(run, tmp_path / "two.csv")
    assert strip_dates(second) == strip_dates(first)


def strip_dates(text: str) -> list[list[str]]:
    return [row[:-1] for row in csv.reader(text.splitlines())]


def test_what_was_exported_changes_nothing_where_it_came_from(run: Run, bea: str, tmp_path: Path) -> None:
    before = exported(run, tmp_path / "one.csv")
    done = run("import", str(tmp_path / "one.csv"), "--json").document
    assert (done["added"], done["known"], done["errors"]) == (0, 2, [])
    assert exported(run, tmp_path / "two.csv") == before


def test_no_cell_is_a_formula_whatever_the_separator(run: Run, bea: str) -> None:
    text = run("export", "-").out
    for separator in ",;\t":
        for row in csv.reader(text.splitlines(), delimiter=separator):
            assert not [cell for cell in row if cell.startswith(("=", "+", "-", "@"))]
    header, *rows = csv.reader(text.splitlines())
    assert set(FIELDS) < set(header)
    assert [row[0] for row in rows] == ["ada@example.net", bea]


def test_whose_thread_has_begun_or_ended_does_not_begin_anew_elsewhere(run: Run, bea: str, tmp_path: Path) -> None:
    run("answered", bea, "--via", "phone")
    never(run, "ada@example.net")
    exported(run, tmp_path / "one.csv")
    for leftover in Path.home().glob("followupd.db*"):
        leftover.unlink()
    done = run("import", str(tmp_path / "one.csv"))
    assert done.status == 1
    assert "line 3: " in done.err
    assert "backup and restore" in done.err
    assert run("list", "--json").document == []


def test_json_and_json_lines_have_everybodys_story(run: Run, bea: str, tmp_path: Path) -> None:
    stories = [run("show", email, "--json").document for email in ("ada@example.net", bea)]
    assert json.loads(exported(run, tmp_path / "people.json")) == stories
    assert [json.loads(line) for line in exported(run, tmp_path / "people.jsonl").splitlines()] == stories
    assert json.loads(run("export", "-", "--format", "json").out) == stories
    assert run("export", "-", "--format", "jsonl").out.isascii()


def test_nobody_is_an_empty_document(run: Run) -> None:
    assert json.loads(run("export", "-", "--format", "json").out) == []
    assert run("export", "-", "--format", "jsonl").out == ""
    assert len(run("export", "-").out.splitlines()) == 1


def test_nothing_is_overwritten(run: Run, ada: str, tmp_path: Path) -> None:
    target = tmp_path / "people.csv"
    target.write_text("mine", encoding="utf-8")
    done = run("export", str(target))
    assert (done.status, target.read_text(encoding="utf-8")) == (1, "mine")


@pytest.mark.parametrize(
    "arguments",
    ["export", "export people", "export people.xls", "export --person ada@example.net x.csv", "export - --format xml"],
)
def test_wrong_usage(run: Run, ada: str, arguments: str) -> None:
    done = run(*arguments.split())
    assert (done.status, done.out) == (2, "")


def test_a_person_gets_everything_that_is_kept_about_them(run: Run, bea: str, tmp_path: Path) -> None:
    run("note", bea, "The queue is gone.")
    document = run("export", bea).document
    assert set(document) == {"email", "exported_at", "story", "kept", "witness"}
    kept = document["kept"]
    assert [row["address"] for row in kept["addresses"]] == [bea, "-bea@example.net"]
    assert [row["text"] for row in kept["notes"]] == ["The queue is gone."]
    assert {"contacts", "tags", "threads", "events"} <= set(kept)
    assert "ada@" not in json.dumps(document)
    run("stop", bea)
    assert run("export", "--person", bea).document["witness"] != []
    run("export", "--person", bea, str(tmp_path / "bea.json"))
    assert json.loads((tmp_path / "bea.json").read_text(encoding="utf-8"))["kept"]["contacts"][0]["name"] == HOSTILE
    assert run("export", "nobody@example.net").status == 1


def test_an_account_of_ones_name_is_no_file_and_a_file_with_an_at_is_one(run: Run, ada: str, tmp_path: Path) -> None:
    assert "email" in exported(run, tmp_path / "people@home.csv")


@pytest.mark.parametrize("name", ["all.json", "all.jsonl"])
def test_json_is_not_read_back_and_is_told_what_is(run: Run, bea: str, tmp_path: Path, name: str) -> None:
    exported(run, tmp_path / name)
    done = run("import", str(tmp_path / name))
    assert (done.status, done.out) == (1, "")
    assert "line 1: this is JSON; a table (CSV) is read back: followupd export FILE.csv" in done.err
