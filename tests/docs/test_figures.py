"""What is measured anew takes the place of its own rows on the page of performance, and leaves the others."""

from pathlib import Path

import pytest

from benchmarks.performance import page

HEAD = ("| what | followupd |", "| --- | --- |")
HELD = ("a machine", "", *HEAD, "| a look at 1,000 | 3.4 s |", "| an idle daemon | 39 MB |")


@pytest.fixture(autouse=True)
def written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    where = tmp_path / "page.md"
    where.write_text(f"before\n{page.BEGINS}\nold\n{page.ENDS}\nafter\n", encoding="utf-8")
    monkeypatch.setattr(page, "PAGE", where)
    page.write(HELD, whole=True)
    return where


def test_a_whole_table_takes_the_place_of_the_one_before(written: Path) -> None:
    assert written.read_text() == "\n".join(["before", page.BEGINS, *HELD, page.ENDS, "after", ""])


def test_of_a_part_only_its_rows_are_renewed_whatever_the_numbers_in_them(written: Path) -> None:
    part = ("the same machine", "", *HEAD, "| a look at 500.5 | 2 s |", "| new | 1 |")
    page.write(part, whole=False)
    kept = [*HELD[:4], "| a look at 500.5 | 2 s |", HELD[5], "| new | 1 |"]
    assert written.read_text() == "\n".join(["before", page.BEGINS, *kept, page.ENDS, "after", ""])
