"""`report` writes one file that only its owner reads; what it says are the sums of `list`."""

import re
from collections import Counter
from pathlib import Path

from tests.cli.conftest import Run


def test_the_page_is_written_whole_and_for_its_owner_alone(run: Run, ada: str, tmp_path: Path) -> None:
    path = tmp_path / "report.html"
    path.write_text("an older one", encoding="utf-8")
    path.chmod(0o644)
    done = run("report", "-o", str(path))
    assert (done.status, done.out, done.err) == (0, f"written: {path}\n", "")
    text = path.read_text(encoding="utf-8")
    assert "Ada Lovelace" in text
    assert text.rstrip().endswith("</html>")
    assert path.stat().st_mode & 0o777 == 0o600
    assert not list(tmp_path.glob(".report*"))
    assert run("report").out.splitlines()[0] == "<!DOCTYPE html>"


def test_the_sums_are_those_of_list(run: Run, ada: str, tmp_path: Path) -> None:
    run("add", "bo@example.com", "--first-on", "2040-01-11")
    run("add", "chi@example.com", "--first-on", "2040-01-12")
    run("answered", "bo@example.com", "--via", "phone")
    run("stop", "chi@example.com")
    listed = Counter(one["state"] for one in run("list", "--json").document)
    document = run("report", "--json").document
    assert {state: count for state, count in document["counts"].items() if count} == listed
    assert document["people"] == sum(listed.values()) == 3
    text = run("report").out
    assert len(re.findall('<svg [^>]*role="img"', text)) == 3
    for state, count in listed.items():
        assert f"<b>{count}</b> {state}" in text


def test_what_needs_the_user_is_there_with_its_command(run: Run, ada: str) -> None:
    needs = run("report", "--json").document["needs"]
    assert [one["what"] for one in needs] == ["the mailbox was never looked at; to begin: followupd run"]
    assert "<code>followupd run</code>" in run("report").out


def test_where_it_cannot_be_written_is_said_in_a_line(run: Run, ada: str, tmp_path: Path) -> None:
    done = run("report", "-o", str(tmp_path / "config.toml" / "report.html"))
    assert done.status == 1
    assert len(done.err.splitlines()) == 1
    assert "cannot be written" in done.err
