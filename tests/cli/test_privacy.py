"""Forgetting somebody by command: what is told, and that nobody is forgotten by a slip."""

from pathlib import Path

from tests.cli.conftest import Run


def test_a_person_is_forgotten(run: Run, ada: str) -> None:
    done = run("forget", "countess@example.com", "--json")
    assert done.status == 0
    assert done.document == {
        "forgotten": True, "opt_out_kept": False, "named_with": [], "copies_removed": [], "pending": "",
    }  # fmt: skip
    assert run("list", "--json").document == []
    assert run("log", "--json").document == []
    held = b"".join(path.read_bytes() for path in Path.home().glob("followupd.db*"))
    assert b"ada@" not in held.lower()
    assert b"Lovelace" not in held


def test_what_is_left_is_told_in_words(run: Run, ada: str) -> None:
    run("add", "bo@example.net", "--ask", f"Do you know {ada}?", "--no-look")
    done = run("forget", ada)
    assert (done.status, done.err) == (0, "")
    assert "bo@example.net" in done.out
    assert "backups" in done.out


def test_nobody_of_this_address(run: Run, ada: str) -> None:
    done = run("forget", "nobody@example.net")
    assert (done.status, done.out) == (1, "")
    assert len(run("list", "--json").document) == 1


def test_the_calendar_file_names_them_no_more(run: Run, ada: str, config: Path, tmp_path: Path) -> None:
    calendar = tmp_path / "letters.ics"
    config.write_text(config.read_text(encoding="utf-8") + f'[daemon]\ncalendar = "{calendar}"\n', encoding="utf-8")
    calendar.write_text("Ada Lovelace", encoding="utf-8")
    assert run("forget", ada).status == 0
    assert "Ada" not in calendar.read_text(encoding="utf-8")
