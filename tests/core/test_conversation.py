"""Providers' names of a conversation: the same for all mail of it, none from a header that is none."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from followupd.core.conversation import names
from followupd.core.message import glance, parse
from followupd.core.model import RawMessage

HEADER = b"\x01" + bytes(range(5)) + bytes(range(100, 116))


@given(child=st.binary(max_size=60).map(lambda octets: octets[: len(octets) // 5 * 5]))
def test_all_mail_of_a_conversation_has_one_name(child: bytes) -> None:
    assert names(base64.b64encode(HEADER + child).decode()) == names(base64.b64encode(HEADER).decode())


@given(text=st.text(max_size=100))
def test_no_header_raises(text: str) -> None:
    assert len(names(text, text)) <= 2


@pytest.mark.parametrize(
    "value",
    [
        "",
        "AQ==",
        "not base64 at all!",
        base64.b64encode(b"\x02" + HEADER[1:]).decode(),
        base64.b64encode(bytes(22)).decode(),
    ],
)
def test_what_is_no_conversation_index_has_no_name(value: str) -> None:
    assert names(value) == ()


def test_gmail_numbers_its_conversations() -> None:
    assert names("", "1278455344230334865") == ("x-gm-thrid:1278455344230334865",)
    assert names("", "12'; DROP") == ()


def test_the_header_section_and_the_whole_message_give_the_same_names() -> None:
    folded = base64.b64encode(HEADER + b"child").decode()
    raw = f"From: a@b.example\r\nThread-Index: {folded[:20]}\r\n {folded[20:]}\r\n\r\nHello\r\n".encode()
    head = RawMessage(folder="INBOX", uid=1, internal_date=None, raw=raw.partition(b"Hello")[0], gmail_thread="7")
    whole = RawMessage(folder="INBOX", uid=1, internal_date=None, raw=raw, whole=True, gmail_thread="7")
    assert glance(head).conversation == parse(whole).conversation == names(folded, "7")
    assert len(names(folded, "7")) == 2
