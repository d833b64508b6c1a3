"""Names of conversations: one text for all messages of one, nothing where a program wrote nonsense."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from followupd.core import conversation
from tests.core.reading import parsed

ROOT = b"\x01" + bytes(range(7, 28))


@pytest.mark.parametrize("below", [b"", b"\x00\x00\x01\x02\x03", b"\x10" * 50])
def test_an_answer_shares_the_name_of_what_it_answers(below: bytes) -> None:
    written = base64.b64encode(ROOT + below).decode()
    folded = f"{written[:20]}\n {written[20:]}"
    assert conversation.by_thread_index(written) == conversation.by_thread_index(folded) == f"thread-index:{ROOT.hex()}"


def test_two_conversations_have_two_names() -> None:
    other = ROOT[:-1] + b"\xff"
    names = {conversation.by_thread_index(base64.b64encode(one)) for one in (ROOT, other)}
    assert len(names) == 2


@pytest.mark.parametrize(
    "octets", [b"", ROOT[:21], b"\x00" + ROOT[1:], b"\x01" + bytes(21), b"\x01\x02\x03\x04\x05\x06" + bytes(16)]
)
def test_what_is_no_conversation_index_names_nothing(octets: bytes) -> None:
    assert conversation.by_thread_index(base64.b64encode(octets)) == ""


@given(st.one_of(st.binary(max_size=500), st.text(max_size=500)))
def test_no_value_of_the_field_raises(value: bytes | str) -> None:
    assert conversation.by_thread_index(value).startswith(("", conversation.THREAD_INDEX))


@pytest.mark.parametrize("number", ["1278455344230334865", "18446744073709551615"])
def test_gmails_number_is_one_of_64_bits(number: str) -> None:
    assert conversation.by_gmail(number) == f"x-gm-thrid:{number}"


@pytest.mark.parametrize("number", ["", "0", "12a", "9" * 21])
def test_what_is_no_such_number_names_nothing(number: str) -> None:
    assert conversation.by_gmail(number) == ""


def test_the_letters_that_a_report_returns_are_told_by_id_date_and_subject() -> None:
    raw = (
        b"From: mailer-daemon@x.test\r\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n"
        b"--b\r\nContent-Type: message/delivery-status\r\n\r\nFinal-Recipient: rfc822; ada@uni.test\r\n"
        b"Action: failed\r\n\r\n--b\r\nContent-Type: message/rfc822\r\n\r\nMessage-ID: <new@x.test>\r\n"
        b"Date: Mon, 23 Nov 2026 10:00:00 +0100\r\n"
        b"X-Microsoft-Original-Message-ID: <ours@me.test>\r\nSubject: =?utf-8?q?Gr=C3=BC=C3=9Fe?=\r\n"
        b"References: <first@me.test>\r\n\r\nDear Ada\r\n--b--\r\n"
    )
    (original,) = parsed(raw).originals
    assert original.message_ids == ("<new@x.test>", "<ours@me.test>")
    assert (str(original.date), original.subject) == ("2026-11-23 09:00:00+00:00", "Grüße")
