"""Nothing from outside is obeyed by a terminal."""

import unicodedata
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from followupd.core.instants import from_text
from followupd.views.text import distance, fold, header_lines, safe, safe_lines, when

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


@pytest.mark.parametrize(
    "hidden", ["\u180e", "\u200b", "\u2060", "\ufeff", "\ufffa", "\U000e0041", "\U000e007f", "\x9b"]
)
def test_what_nobody_sees_is_not_shown(hidden: str) -> None:
    assert safe(f"a{hidden}b") == "a b"


def test_lines_are_kept_where_there_are_lines_and_set_in_as_they_were() -> None:
    assert safe_lines("a\x1b[1m\n  b\u202e") == "a [1m\n  b"


def test_header_fields_are_unfolded_decoded_and_safe() -> None:
    raw = (
        b"To: =?utf-8?q?J=C3=BCrgen?=\r\n <j@example.net>\r\nSubject: =?utf-8?b?G1sySg==?= a\r\n\tb\r\n"
        b"X: =?utf-8?q?a=0D=0ABcc:_all=40example.org?=\r\n\r\nTo: body"
    )
    assert header_lines(raw).splitlines() == [
        "To: Jürgen <j@example.net>", "Subject:  [2J a b", "X: a Bcc: all@example.org",
    ]  # fmt: skip


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


def test_no_command_of_ours_is_broken_however_narrow_the_column() -> None:
    command = "followupd reopen ada.lovelace@analytical.example.net --on 2027-09-06"
    lines = fold(f"it seems to say: later; to write again: {command}; if not so: followupd resume ada@example.net", 30)
    assert f"{command};" in lines
    assert lines[-1] == "followupd resume ada@example.net"
    assert all(len(line) <= 30 for line in lines if "followupd" not in line)


def test_a_word_that_fits_in_no_line_is_cut_and_wide_letters_count_twice() -> None:
    assert fold("a" * 45, 20) == ["a" * 20, "a" * 20, "a" * 5]
    assert fold("山" * 15, 20) == ["山" * 10, "山" * 5]
    assert fold("", 20) == [""]
