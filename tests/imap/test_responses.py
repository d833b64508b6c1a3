"""Responses in all the ways that servers write them, and in ways that none should."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from followupd.imap.responses import (
    Listed,
    fetched,
    found_uids,
    internal_date,
    listed,
    rows,
    status,
    to_internal_date,
)

DATE = b'"23-Nov-2026 10:00:00 +0100"'
INSTANT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
FIELDS = b"BODY[HEADER.FIELDS (MESSAGE-ID)]"

IN_MANY_WAYS = {
    "a literal last, as Dovecot": [
        (b"1 (UID 7 INTERNALDATE " + DATE + b" RFC822.SIZE 20 " + FIELDS + b" {4}", b"a: b"),
        b")",
    ],
    "a literal first": [
        (b"1 (" + FIELDS + b" {4}", b"a: b"),
        b" RFC822.SIZE 20 INTERNALDATE " + DATE + b" UID 7)",
    ],
    "a quoted string": [b"1 (UID 7 " + FIELDS + b' "a: b" RFC822.SIZE 20 INTERNALDATE ' + DATE + b")"],
    "lower case, and field names quoted": [
        (b"1 (uid 7 internaldate " + DATE + b' rfc822.size 20 body[header.fields ("Message-ID")] {4}', b"a: b"),
        b")",
    ],
    "flags that nobody asked for": [
        b"9 (FLAGS (\\Seen $Label1))",
        (b"1 (FLAGS (\\Seen) MODSEQ (12) UID 7 INTERNALDATE " + DATE + b" RFC822.SIZE 20 " + FIELDS + b" {4}", b"a: b"),
        b")",
        b"1 (UID 7 FLAGS (\\Seen))",
    ],
    "the date as a literal, too": [
        (b"1 (UID 7 INTERNALDATE {26}", DATE.strip(b'"')),
        (b" RFC822.SIZE 20 " + FIELDS + b" {4}", b"a: b"),
        b")",
    ],
    "a part of the section, with its origin": [
        (b"1 (UID 7 INTERNALDATE " + DATE + b" RFC822.SIZE 20 BODY[]<0> {4}", b"a: b"),
        b")",
    ],
    "garbage before and behind": [
        b")(",
        b'1 (UID 3 "never closed',
        (b"1 (UID 7 INTERNALDATE " + DATE + b" RFC822.SIZE 20 " + FIELDS + b" {4}", b"a: b"),
        b")",
        b"2 (UID",
    ],
}


@pytest.mark.parametrize("data", IN_MANY_WAYS.values(), ids=IN_MANY_WAYS.keys())
def test_a_message_is_read_however_the_server_writes_it(data: list[object]) -> None:
    one = fetched(data)[7]
    assert (one.uid, one.internal_date, one.size, one.body) == (7, INSTANT, 20, b"a: b")


def test_escapes_in_a_quoted_string_are_undone() -> None:
    assert fetched([rb'1 (UID 7 BODY[HEADER] "a \"b\" \\ c")'])[7].body == rb'a "b" \ c'


def test_a_literal_that_looks_like_syntax_is_data() -> None:
    data = [(b"1 (UID 7 BODY[] {22}", b") UID 8) (UID 9 BODY[]"), b")"]
    assert fetched(data)[7].body == b") UID 8) (UID 9 BODY[]"
    assert list(fetched(data)) == [7]


@pytest.mark.parametrize("body", [b"NIL", b"()", b"{4}", b"12"])
def test_a_message_whose_section_is_no_string_has_no_data(body: bytes) -> None:
    assert fetched([b"1 (UID 7 RFC822.SIZE 99 BODY[HEADER] " + body + b")"])[7].body is None


def test_a_message_without_its_section_has_no_data() -> None:
    assert fetched([b"1 (UID 7 RFC822.SIZE 99)"])[7].body is None


def test_nothing_is_all_the_data_of_an_empty_message() -> None:
    assert fetched([b"1 (UID 7 RFC822.SIZE 0 BODY[HEADER] NIL)"])[7].body == b""
    assert fetched([b'1 (UID 7 RFC822.SIZE 99 BODY[HEADER] "")'])[7].body == b""


@pytest.mark.parametrize("uid", [b"0", b"-1", b"x", b"NIL", b"9" * 30, b"(7)", b""])
def test_a_message_without_a_uid_that_counts_is_left_out(uid: bytes) -> None:
    assert fetched([b"1 (UID " + uid + b' BODY[HEADER] "a")']) == {}


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        (b"17-Jul-1996 02:44:25 -0700", datetime(1996, 7, 17, 9, 44, 25, tzinfo=UTC)),
        (b" 1-Feb-2027 00:00:00 +0000", datetime(2027, 2, 1, tzinfo=UTC)),
        (b"31-Dec-2026 23:59:60 +0000", datetime(2026, 12, 31, 23, 59, 59, tzinfo=UTC)),
        (b"31-Feb-2026 00:00:00 +0000", None),
        (b"01-Foo-2026 00:00:00 +0000", None),
        (b"01-Jan-0001 00:00:00 +1400", None),
        (b"01-Jan-2026 00:00:00 +9999", None),
        (b"01-Jan-2026 25:00:00 +0000", None),
        (b"yesterday", None),
        (b"", None),
    ],
)
def test_a_date_is_an_instant_or_none(text: bytes, instant: datetime | None) -> None:
    assert internal_date(text) == instant


def test_a_date_that_is_written_reads_back() -> None:
    assert to_internal_date(datetime(2026, 2, 3, 4, 5, 6, tzinfo=UTC)) == '" 3-Feb-2026 04:05:06 +0000"'
    assert internal_date(to_internal_date(INSTANT).strip('"').encode()) == INSTANT


def test_folders_are_listed_with_attributes_delimiter_and_name() -> None:
    data = [
        b'(\\HasNoChildren \\Sent) "/" "Sent Items"',
        b"() NIL INBOX",
        (b'(\\Marked) "." {3}', b'a"b'),
        b"",
        b'(\\HasNoChildren) "/" [Gmail]/All',
        b'(\\HasNoChildren) "/"',
        b"garbage (",
    ]
    assert listed(data) == (
        Listed(attributes=frozenset({"\\hasnochildren", "\\sent"}), delimiter="/", wire=b"Sent Items"),
        Listed(attributes=frozenset(), delimiter="", wire=b"INBOX"),
        Listed(attributes=frozenset({"\\marked"}), delimiter=".", wire=b'a"b'),
        Listed(attributes=frozenset({"\\hasnochildren"}), delimiter="/", wire=b"[Gmail]/All"),
    )


def test_the_numbers_of_a_status_are_read_in_any_order() -> None:
    data = [b'"a folder" (UIDVALIDITY 5 MESSAGES 3 UIDNEXT 99999999999999999999)']
    assert status(data) == {b"UIDVALIDITY": 5, b"MESSAGES": 3}
    assert status([None]) == {}


def test_a_search_gives_uids() -> None:
    assert found_uids([b"4 8 x 15", None, b""]) == (4, 8, 15)


TOKENS = (b"(", b")", b'"', b"\\", b"UID", b" ", b"7", b"BODY[", b"]", b"NIL", b"INTERNALDATE", b"{3}", b"\xff")
ELEMENTS = st.one_of(
    st.none(),
    st.binary(max_size=60),
    st.tuples(st.binary(max_size=40), st.binary(max_size=40)),
    st.lists(st.sampled_from(TOKENS)).map(b"".join),
)


@given(st.lists(ELEMENTS, max_size=12))
def test_no_response_raises_whatever_it_holds(data: list[object]) -> None:
    list(rows(data))
    for uid, one in fetched(data).items():
        assert uid == one.uid > 0
    listed(data)
    status(data)
    found_uids(data)


@given(st.binary())
def test_no_date_raises(text: bytes) -> None:
    found = internal_date(text)
    assert found is None or found.tzinfo is UTC


def test_parentheses_without_end_are_given_up_early() -> None:
    assert list(rows([b"(" * 1_000_000])) == []
