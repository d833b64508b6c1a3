"""Bytes become an Incoming: identifiers verbatim, words decoded, parts bounded; a glance is cheap and errs to yes."""

import time
from unittest.mock import patch

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from followupd.core import headers, message
from followupd.core.model import Address, Glance, RawMessage
from tests.core.reading import parsed
from tests.fixtures.messages import ALL, ANSWERS, RECEIVED
from tests.fixtures.messages.sample import OUR_ID, compose


def glance(raw: bytes, *, whole: bool = False) -> Glance:
    return message.glance(RawMessage(folder="INBOX", uid=1, internal_date=RECEIVED, raw=raw, whole=whole))


@pytest.mark.parametrize(
    ("field", "ids"),
    [
        ("<a@b.test>", ("<a@b.test>",)),
        ("<[b3781@microsoft.com]>", ("<[b3781@microsoft.com]>",)),
        ("<a@b.test>\r\n\t<c@d.test>", ("<a@b.test>", "<c@d.test>")),
        ("<very-long-\r\n part@b.test>", ("<very-long-part@b.test>",)),
        ("Your message of Monday <a@b.test>", ("<a@b.test>",)),
        ("a@b.test", ("<a@b.test>",)),
        ("<a@b.test> <a@b.test>", ("<a@b.test>",)),
        ("", ()),
    ],
)
def test_identifiers_are_read_as_they_stand(field: str, ids: tuple[str, ...]) -> None:
    raw = f"From: ada@uni.test\r\nReferences: {field}\r\n\r\nx".encode()

    assert parsed(raw).references == ids
    assert glance(raw).references == ids


@pytest.mark.parametrize(
    ("field", "people"),
    [
        ("Ada <ada@uni.test>", (("Ada", "ada@uni.test"),)),
        ('"Byron, Ada" <ada@uni.test>, bo@x.test', (("Byron, Ada", "ada@uni.test"), ("", "bo@x.test"))),
        ("=?utf-8?q?=C3=84da?= <ada@uni.test>", (("Äda", "ada@uni.test"),)),
        ("ada@uni.test (Ada)", (("", "ada@uni.test"),)),
        ("Friends: ada@uni.test, bo@x.test;", (("", "ada@uni.test"), ("", "bo@x.test"))),
        ('"evil@x.test" <ada@uni.test>', (("evil@x.test", "ada@uni.test"),)),
        ("undisclosed-recipients:;", ()),
        ("(c):", ()),
        ("foo@", ()),
        ("Ada\r\n <ada@uni.test>", (("Ada", "ada@uni.test"),)),
    ],
)
def test_people_are_read_from_any_field(field: str, people: tuple[tuple[str, str], ...]) -> None:
    raw = f"From: {field}\r\n\r\nx".encode()

    assert parsed(raw).from_ == tuple(Address(name=name, addr_spec=spec) for name, spec in people)
    assert glance(raw).from_ == tuple(spec for _, spec in people)


@pytest.mark.parametrize(
    ("field", "subject"),
    [
        (b"plain", "plain"),
        (b"=?utf-8?b?w4RkYQ==?=", "Äda"),
        (b"=?iso-8859-1?Q?=C4?=\r\n =?iso-8859-1?Q?da?=", "Äda"),
        (b"=?utf-8?q?=C3?= =?utf-8?q?=84da?=", "Äda"),
        ("Äda".encode(), "Äda"),
        ("Äda".encode("cp1252"), "Äda"),
        (b"=?x-unknown?q?=C3=84da?=", "Äda"),
        (b"=?utf-8?b?!!!?=", ""),
        (b"Re: =?utf-8?q?a_b?= c", "Re: a b c"),
        (b"=?iso-2022-jp?b?GyRCRnxLXBsoQg==?=", "日本"),
    ],
)
def test_words_are_decoded_whatever_they_claim_to_be(field: bytes, subject: str) -> None:
    assert parsed(b"Subject: " + field + b"\r\n\r\nx").subject == subject


def test_without_its_body_a_message_has_headers_only() -> None:
    msg = parsed(ANSWERS[0].raw, whole=False)

    assert msg.in_reply_to == (OUR_ID,)
    assert (msg.text, msg.own_text, msg.report) == ("", "", None)


def test_of_alternatives_the_plain_one_is_read_unless_it_is_empty() -> None:
    assert parsed(compose("plain", {}, html="<p>rich</p>")).own_text == "plain"
    assert parsed(compose(" ", {}, html="<p>rich</p>")).own_text == "rich"


def test_an_attachment_is_not_read() -> None:
    raw = compose("", {"Content-Type": "multipart/mixed; boundary=b"}, encoding="8bit") + (
        b"--b\r\n\r\nYes.\r\n--b\r\nContent-Disposition: attachment; filename=x.txt\r\n\r\nplease stop writing\r\n--b--"
    )

    assert parsed(raw).text.strip() == "Yes."


def test_a_multipart_without_its_last_boundary_is_read() -> None:
    raw = b'Content-Type: multipart/mixed;\r\nboundary="b"\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nYes.'

    assert parsed(raw).text == "Yes."


def test_a_key_stands_for_a_message_without_an_identifier() -> None:
    one, other = (compose(text, {"Message-ID": ""}) for text in ("a", "b"))

    assert parsed(one).key == parsed(one).key
    assert parsed(one).key != parsed(other).key


def test_a_date_is_an_instant_in_utc_or_none() -> None:
    assert str(parsed(b"Date: Mon, 14 Dec 2026 10:00:00 +0130\r\n\r\n").date) == "2026-12-14 08:30:00+00:00"
    for nonsense in (b"yesterday", b"Mon, 99 Dec 2026 10:00:00 +0000", b"Mon, 14 Dec 99999 10:00:00 +9999", b""):
        assert parsed(b"Date: " + nonsense + b"\r\n\r\n").date is None


def test_a_glance_needs_only_the_fields_it_names() -> None:
    for sample in ALL:
        head = sample.raw.partition(b"\r\n\r\n")[0]
        kept: list[bytes] = []
        keep = False
        for line in head.split(b"\r\n"):
            if line[:1] not in {b" ", b"\t"}:
                keep = line.partition(b":")[0].lower().decode() in message.GLANCE_FIELDS
            if keep:
                kept.append(line)
        assert glance(b"\r\n".join(kept)) == glance(head), sample.name


NAMES = st.sampled_from([
    "From", "FROM", "from", "Sender", "Reply-To", "To", "Cc", "Subject", "Message-ID", "Message-Id", "References",
    "In-Reply-To", "Content-Type", "Auto-Submitted", "Return-Path", "Thread-Index", "Date", "List-Id", "Received",
    " From", "\tTo", "\x0bFrom", "From\x0b", "From \t", "Fr om", "X" * 77, "", "\x00", "From\xff",
])  # fmt: skip  # many short words: a line each would hide what is missing
COLONS = st.sampled_from([":", ": ", ":\t", "", " ", "::"])
VALUES = st.sampled_from([
    "Ada <ada@uni.test>", "ada@uni.test", "a@b.test, c@d.test", "<a@b.test> <c@d.test>", "<a@\r\n b.test>", "<>", "",
    "multipart/report;\r\n\tboundary=x", "text/plain;", "x;\r\nboundary=y", "=?utf-8?q?=C3=84da?= <b@c.test>", "auto-",
    "\xc4da <b@c.test>", "Out of office", " \x0b ", "\x00", "a\r\n\r\n b", "a\r\n \r\n\t\r\n b;", "x" * 3000,
    "n@x.test\rTo: b@x.test",
])  # fmt: skip  # many short words: a line each would hide what is missing
ENDS = st.sampled_from(["\r\n", "\r\n", "\r\n", "\n", "\r", "\r\n ", "\n\t", "\r\n\r\n", ""])
LINES = st.tuples(NAMES, COLONS, VALUES, ENDS).map(lambda parts: "".join(parts).encode("latin-1"))


@given(st.lists(LINES, max_size=8).map(b"".join), st.booleans())
@example(b"From\r\nFrom: ada@uni.test\r\n", False)
@example(b"\x0bFrom: bo@x.test\r\nFrom: ada@uni.test\r\n", False)
@example(b"a:\n" * 1001 + b"From: ada@uni.test\n", False)
@settings(max_examples=400, deadline=None)
def test_a_glance_sees_what_the_plain_way_with_a_header_section_sees(raw: bytes, whole: bool) -> None:
    seen = glance(raw, whole=whole)

    with patch.object(message, "_known", _plainly):
        assert seen == glance(raw, whole=whole)


def _plainly(head: bytes) -> dict[str, bytes]:
    first: dict[str, bytes] = {}
    for name, value in headers.fields(head):
        first.setdefault(name, value)
    return first


def test_a_glance_suspects_every_machine() -> None:
    for sample in ALL:
        if sample.verdict in {"auto_reply", "bounce", "delay", "receipt"} and b"In-Reply-To: <" not in sample.raw:
            assert glance(sample.raw, whole=True).machine, sample.name


def test_a_glance_costs_microseconds() -> None:
    head = (
        b"Message-ID: <a@b.test>\r\nFrom: Somebody <s@x.test>\r\nTo: me@me.test\r\nSubject: Lunch\r\n"
        b"Return-Path: <s@x.test>\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n"
    )
    glance(head)
    costs = []
    for _ in range(5):
        started = time.process_time()
        for _ in range(200):
            glance(head)
        costs.append((time.process_time() - started) / 200)

    assert min(costs) < 150e-6
