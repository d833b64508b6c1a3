"""Faults of vCards have their line, and no input takes longer than its size."""

import time

from hypothesis import given
from hypothesis import strategies as st

from followupd.exchange.reading import read


def test_faults_have_their_line_and_the_good_cards_are_still_there() -> None:
    sheet = read(
        b"BEGIN:VCARD\nVERSION:4.0\nno colon here\nEMAIL:a@x.org\nEND:VCARD\nstray:1\nBEGIN:VCARD\nEMAIL:b@x.org\n"
    )
    assert [(one.line, one.what) for one in sheet.faults] == [
        (3, "this is no line of a vCard"),
        (6, "this stands outside of a card"),
        (7, "this card has no end"),
    ]
    assert [row.addresses for row in sheet.rows] == [("a@x.org",)]


def test_a_card_within_a_card_is_somebody_else() -> None:
    text = b"BEGIN:VCARD\nAGENT:\nBEGIN:VCARD\nEMAIL:agent@x.org\nEND:VCARD\nEMAIL:a@x.org\nEND:VCARD\n"
    assert [row.addresses for row in read(text).rows] == [("a@x.org",)]


def test_a_charset_that_there_is_not_is_a_fault() -> None:
    text = b"BEGIN:VCARD\nFN;ENCODING=QUOTED-PRINTABLE;CHARSET=KLINGON:=C3\nEND:VCARD\n"
    assert [one.line for one in read(text).faults] == [2]


def test_hostile_lines_cost_no_more_than_their_length() -> None:
    began = time.process_time()
    for filling in (b';A="', b";A=,", b"\\", b";", b"\n ", b"=\n", b"BEGIN:VCARD\n", b":::", b",,"):
        for head in (b"FN", b"N:", b"CATEGORIES:", b"FN;ENCODING=QUOTED-PRINTABLE:"):
            read(b"BEGIN:VCARD\n" + head + filling * 10_000 + b"\nEND:VCARD\n")
    assert time.process_time() - began < 10


@given(st.binary(max_size=400) | st.text(max_size=400).map(str.encode))
def test_the_reader_is_total(data: bytes) -> None:
    for text in (data, b"BEGIN:VCARD\n" + data, b"email,name\n" + data):
        sheet = read(text)
        assert sheet.rows or sheet.faults or sheet.left_out
        assert all(row.addresses and row.line > 0 for row in sheet.rows)
