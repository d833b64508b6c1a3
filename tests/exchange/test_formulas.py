"""No cell is a formula, and each is read back as it was."""

from hypothesis import given
from hypothesis import strategies as st

from followupd.exchange.formulas import defused, restored

HARMLESS = "abc '\",;"


@given(st.text(alphabet="=+-@'\",;\tab\r\n"))
def test_what_was_defused_is_restored(cell: str) -> None:
    safe = defused(cell)
    assert restored(safe) == cell
    for separator in ",;\t\n\r":
        assert all(not part.startswith(("=", "+", "-", "@")) for part in safe.split(separator))


def test_what_is_no_formula_stays_as_it_is() -> None:
    for cell in ("Ada", "a=b", "'tis", "x; y", "1-2", "ada@example.org"):
        assert defused(cell) == cell
