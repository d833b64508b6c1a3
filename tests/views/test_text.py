"""Nothing from outside is obeyed by a terminal, and tables stay readable."""

import unicodedata
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from followupd.core.instants import from_text
from followupd.views.text import distance, safe, safe_lines, table, when

NOW = from_text("2026-11-23T09:00:00Z")


@given(st.text())
def test_a_safe_text_is_one_line_without_anything_a_terminal_obeys(text: str) -> None:
    said = safe(text)
    assert not {unicodedata.category(char) for char in said} & {"Cc", "Cs", "Zl", "Zp"}
    assert not {unicodedata.bidirectional(char) for char in said} & {
        "RLO",
        "LRO",
        "RLE",
        "LRE",
        "PDF",
        "RLI",
        "LRI",
        "FSI",
        "PDI",
    }


def test_lines_are_kept_where_there_are_lines() -> None:
    assert safe_lines("a\x1b[1m\nb\u202e") == "a [1m\nb"


@pytest.mark.parametrize(
    ("apart", "words"),
    [
        (timedelta(0), "now"),
        (timedelta(minutes=5), "in 5 minutes"),
        (timedelta(hours=-1), "1 hour ago"),
        (timedelta(days=13), "in 13 days"),
        (timedelta(weeks=3), "in 3 weeks"),
        (timedelta(days=-400), "1 year ago"),
    ],
)
def test_a_distance_is_told_in_the_largest_unit_that_fits(apart: timedelta, words: str) -> None:
    assert distance(NOW + apart, NOW) == words


def test_an_instant_is_told_with_its_distance() -> None:
    assert "2026-12-07" in when(NOW + timedelta(days=14), NOW)
    assert when(None, NOW) == "-"


def test_a_table_aligns_and_cuts_what_is_too_long() -> None:
    shown = table(("who", "what"), [("a" * 40, "x"), ("b", "y\x1b[2J")], (10, 5)).splitlines()
    assert shown == ["who         what", "aaaaaaaaa…  x", "b           y [2J"]
    assert table(("who",), [], (3,)) == ""
