"""Whatever bytes arrive, reading them ends soon, and a verdict rests on what they say, not on how they are put."""

import base64
import time

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from followupd.core import addresses, headers, markup, message, quotation, wording
from followupd.core.absence import return_date
from followupd.core.model import Judgement, RawMessage
from tests.core.reading import judged, parsed
from tests.fixtures.messages import ALL, RECEIVED, Sample
from tests.fixtures.messages.sample import compose

SAMPLES = st.sampled_from(ALL)
SINGLE = [one for one in ALL if b"multipart" not in one.raw and b"text/calendar" not in one.raw]


@given(st.binary(max_size=4000))
@example(b"Message-ID: <[b378@microsoft.com]>\r\nTo: (c):\r\nContent-Type: text/plain; name*\r\n\r\nx")
@example(b"Content-Type: multipart/mixed; boundary=\r\n\r\n--\r\n--")
@example(b"Content-Type: message/rfc822\r\n\r\n" * 50)
@example(b"Content-Type: text/plain; charset=undefined\r\n\r\n\xff")
@example(b"Content-Type: text/plain; charset=unicode_escape\r\n\r\n\\N{")
@example(b"Subject: =?utf-8?b?=?= =?x-unknown?q?=ZZ?=\r\nFrom: foo@\r\n\r\n")
def test_no_bytes_raise(raw: bytes) -> None:
    for whole in (True, False):
        message.glance(RawMessage(folder="INBOX", uid=1, internal_date=None, raw=raw, whole=whole))
        parsed(raw, whole=whole)
    judged(raw)


@given(SAMPLES, st.data())
@settings(max_examples=200, deadline=None)
def test_no_damage_to_a_message_raises(sample: Sample, data: st.DataObject) -> None:
    raw = bytearray(sample.raw)
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(raw)))
        end = min(len(raw), at + data.draw(st.integers(0, 60)))
        raw[at:end] = data.draw(st.one_of(st.binary(max_size=8), st.just(bytes(raw[at:end]) * 2)))
    judged(bytes(raw))


@given(st.text(max_size=600))
def test_no_text_raises(text: str) -> None:
    quotation.own(text)
    markup.to_text(text)
    wording.request_to_stop(text)
    wording.suspicion(text, text)
    return_date(text, received=RECEIVED)
    addresses.normalise(text)
    addresses.key(text)
    headers.words(text)
    headers.addresses(text)
    headers.instant(text)


@given(SAMPLES, st.randoms(use_true_random=False))
@settings(max_examples=150, deadline=None)
def test_the_order_of_header_fields_changes_nothing(sample: Sample, random: object) -> None:
    head, _, body = sample.raw.partition(b"\r\n\r\n")
    fields: list[bytes] = []
    for line in head.split(b"\r\n"):
        if line[:1] in {b" ", b"\t"} and fields:
            fields[-1] += b"\r\n" + line
        else:
            fields.append(line)
    random.shuffle(fields)  # type: ignore[attr-defined]
    same(judged(b"\r\n".join(fields) + b"\r\n\r\n" + body), sample)


@pytest.mark.parametrize("sample", ALL, ids=lambda sample: sample.name)
def test_folding_line_ends_and_spelling_of_names_change_nothing(sample: Sample) -> None:
    head, _, body = sample.raw.partition(b"\r\n\r\n")
    folded = b"\r\n".join(
        line.replace(b": ", b":\r\n\t", 1) if b": " in line and line[:1] not in b" \t" else line
        for line in head.split(b"\r\n")
    )
    upper = b"\r\n".join(
        line.partition(b":")[0].upper() + line[line.index(b":") :] if line[:1] not in b" \t" else line
        for line in head.split(b"\r\n")
    )
    for raw in (folded + b"\r\n\r\n" + body, upper + b"\r\n\r\n" + body, sample.raw.replace(b"\r\n", b"\n")):
        same(judged(raw), sample)


@pytest.mark.parametrize("sample", SINGLE, ids=lambda sample: sample.name)
def test_the_transfer_encoding_changes_nothing(sample: Sample) -> None:
    msg = parsed(sample.raw)
    head = sample.raw.partition(b"\r\n\r\n")[0]
    kept = [line for line in head.split(b"\r\n") if not line.lower().startswith(b"content-transfer-encoding")]
    text = msg.text.encode()
    for name, body in (("base64", base64.encodebytes(text)), ("8bit", text), ("binary", text.replace(b"\n", b"\r\n"))):
        raw = b"\r\n".join([*kept, f"Content-Transfer-Encoding: {name}".encode()]) + b"\r\n\r\n" + body
        same(judged(raw), sample)


@pytest.mark.parametrize("charset", ["utf-8", "iso-8859-1", "windows-1252", "utf-16", "x-unknown-8bit", ""])
def test_a_charset_that_is_wrong_or_unknown_loses_no_verdict(charset: str) -> None:
    kind = f"text/plain; charset={charset}" if charset else "text/plain"
    octets = "Bitte löschen Sie mich aus Ihrem Verteiler.".encode(
        charset if charset in {"iso-8859-1", "utf-16"} else "utf-8"
    )
    raw = compose("", {"Content-Type": kind}, encoding="8bit") + octets

    assert judged(raw).verdict == "opt_out"


def same(judgement: Judgement, sample: Sample) -> None:
    plain = judged(sample.raw)
    assert (judgement.verdict, judgement.hold, judgement.rule, judgement.return_date) == (
        plain.verdict,
        plain.hold,
        plain.rule,
        plain.return_date,
    )


def body(text: str, *fields: str) -> bytes:
    return "\r\n".join(["From: ada@uni.test", "Return-Path: <>", *fields, "", text]).encode()


HTML = "Content-Type: text/html"
MIXED = "Content-Type: multipart/mixed; boundary=b"
HOSTILE = {
    "attribution": body("On " * 30_000),
    "attribution lines": body("On 3 Dec 2026 x\n" * 5_000),
    "colons": body("wrote:\n" * 40_000),
    "rules": body(("_" * 200 + "\n") * 4_000),
    "addresses": body("a@" * 60_000, "Subject: delivery failure"),
    "address list": body("x", "To: " + "<a@b.test>, " * 5_000),
    "comments": body("x", "To: " + "(" * 50_000),
    "quotes": body("x", "To: " + '"' * 50_000),
    "references": body("x", "References: " + "<a@b> " * 20_000),
    "encoded words": body("x", "Subject: " + "=?utf-8?q?a?= " * 5_000),
    "broken words": body("x", "Subject: " + "=?utf-8?q?" * 8_000),
    "many fields": body("x", *["X-Field: y"] * 40_000),
    "one long field": body("x", "Subject: " + "y" * 900_000),
    "tags": body("<div>" * 50_000, HTML),
    "open comments": body("<!-- " * 50_000, HTML),
    "angles": body("<" * 200_000, HTML),
    "entities": body("&amp" * 50_000, HTML),
    "boundaries": body("--b\n" * 60_000, MIXED),
    "nested": b"".join(b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(300)),
    "a thousand deep": b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(1000)
    ),
    "ten thousand parts": body("--b\nContent-Type: text/plain\n\nyes\n" * 10_000, MIXED),
    "messages in messages": b"Content-Type: message/rfc822\n\n" * 20_000,
    "dates": body("back on 12.01. " * 8_000, "Auto-Submitted: auto-replied"),
    "numbers": body("1 " * 100_000, "Auto-Submitted: auto-replied"),
    "until": body("until 5 to " * 10_000, "Auto-Submitted: auto-replied"),
    "stop": body("please stop " * 20_000),
    "do not": body("do not do not " * 20_000),
    "report groups": body("Final-Recipient: rfc822; a@b.test\n\n" * 20_000, "Content-Type: message/delivery-status"),
    "report text": body("Final-Recipient: rfc822; a@b.test\n" * 20_000, "Subject: failure notice"),
    "reply codes": body(
        "550 5.1.1 <a@b.test> failed\n" * 20_000, "Subject: failure notice", "From: mailer-daemon@x.test"
    ),
    "fields in the text": body("Subject: a\n b\n" * 20_000, "Subject: failure notice"),
    "base64": body("QUJD" * 200_000, "Content-Transfer-Encoding: base64"),
    "quoted printable": body("=C3=A4" * 100_000, "Content-Transfer-Encoding: quoted-printable"),
    "calendar": body("METHOD:\n" * 60_000, "Content-Type: text/calendar"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_no_input_takes_long(name: str) -> None:
    raw = HOSTILE[name]
    judged(raw[:2000])
    best = min(_cost(raw) for _ in range(3))

    assert best < 0.1


def _cost(raw: bytes) -> float:
    started = time.process_time()
    judged(raw)
    return time.process_time() - started
