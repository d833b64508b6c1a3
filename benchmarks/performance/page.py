"""The table of figures stands in docs/performance.md between two marks; the words around it are written by hand."""

from pathlib import Path

PAGE = Path(__file__).parents[2] / "docs" / "performance.md"
BEGINS, ENDS = "<!-- figures -->", "<!-- end of figures -->"


def write(table: str) -> None:
    """Put a table in the place of the one before."""
    before, _, rest = PAGE.read_text(encoding="utf-8").partition(BEGINS)
    _, _, after = rest.partition(ENDS)
    PAGE.write_text(f"{before}{BEGINS}\n{table}\n{ENDS}{after}", encoding="utf-8")
