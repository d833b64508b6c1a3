"""Reports: of the standard, of private formats, for the right recipient, with the right consequence."""

import json
from pathlib import Path

import pytest

from followupd.core import message
from followupd.core.model import RawMessage, Verdict
from tests.core.reading import judged, parsed
from tests.fixtures.messages import REPORTS, Sample
from tests.fixtures.messages.reports import PRIVATE, STANDARD, private, standard
from tests.fixtures.messages.sample import OUR_ID, compose

CORPUS = Path(__file__).parents[2].parent / "shared" / "corpus"
real_messages = pytest.mark.skipif(
    not (CORPUS / "labels.jsonl").exists(), reason="the corpus of real messages is not beside the checkout"
)

MISLABELLED = {
    "messages/flufl.bounce/qmail_08.eml": "an automatic answer (Precedence: auto_reply), kept there for a crash",
    "messages/sisimai/rfc3464-28.eml": "a report of success (Action: deliverable)",
    "messages/sisimai/lhost-amazonses-11.eml": "a complaint about spam",
    "messages/sisimai/lhost-amazonses-12.eml": "a report of success (notificationType: Delivery)",
    "messages/sisimai/arf-26.eml": "Apple Mail unsubscribes for its user: an opt-out in our terms",
}


@pytest.mark.parametrize(
    "sample", [one for one in REPORTS if one.verdict in {"bounce", "delay"}], ids=lambda one: one.name
)
def test_a_report_names_the_recipient(sample: Sample) -> None:
    report = parsed(sample.raw).report

    assert report is not None
    assert [one.final_recipient for one in report.recipients] == ["ada@uni.test"]


@pytest.mark.parametrize(("action", "status", "diagnostic", "verdict"), STANDARD)
def test_a_report_of_the_standard_keeps_its_status_and_the_letters_id(
    action: str, status: str, diagnostic: str, verdict: str
) -> None:
    msg = parsed(standard(action, status, diagnostic))

    assert msg.report is not None
    assert msg.report.recipients[0].status == status.split(" ", maxsplit=1)[0]
    assert OUR_ID in msg.attached_ids


@pytest.mark.parametrize(
    ("status", "diagnostic", "dead"),
    [
        ("5.1.1", "550 5.1.1 user unknown", True),
        ("5.1.10", "550 5.1.10 RESOLVER.ADR.RecipientNotFound", True),
        ("5.0.0", "550 no such user here", True),
        ("5.4.4", "", True),
        ("5.7.1", "550 5.7.1 message rejected for policy reasons", False),
        ("5.2.2", "552 5.2.2 mailbox full", False),
        ("5.3.4", "message too big", False),
        ("5.1.8", "sender address has null MX", False),
    ],
)
def test_only_a_report_about_the_address_makes_it_dead(status: str, diagnostic: str, dead: bool) -> None:
    judgement = judged(standard("failed", status, diagnostic))

    assert judgement.verdict is Verdict.BOUNCE
    assert judgement.dead_address is dead
    assert not judgement.hold


def test_a_bounce_that_leaves_open_whether_the_mailbox_is_there_holds() -> None:
    judgement = judged(standard("failed", "5.0.0", "554 transaction failed"))

    assert (judgement.verdict, judgement.dead_address, judgement.hold) == (Verdict.BOUNCE, False, True)


@pytest.mark.parametrize(
    ("reason", "dead", "hold"),
    [
        ("550 5.1.1 no such mailbox", True, False),
        ("Unrouteable address", True, False),
        ("552 5.2.2 mailbox is full", False, False),
        ("all hosts have been failing for a long time", False, True),
    ],
)
def test_exim_tells_the_reason_in_the_text_alone(reason: str, dead: bool, hold: bool) -> None:
    text = (
        "This message was created automatically by mail delivery software.\n\nA message that you sent could not be "
        "delivered to one or more of its\nrecipients. This is a permanent error. The following address(es) failed:\n\n"
        f"  ada@uni.test\n    {reason}\n\n"
    )
    whole = standard("failed", "5.0.0").decode().replace("This is the mail system at host mx.me.test.", text)
    judgement = judged(whole.encode())

    assert (judgement.verdict, judgement.dead_address, judgement.hold) == (Verdict.BOUNCE, dead, hold)


def test_a_sieve_rejection_is_a_bounce_although_it_comes_as_a_disposition() -> None:
    body = (
        "--r\nContent-Type: text/plain\n\nYour message to <ada@uni.test> was automatically rejected:\nNo sales.\n"
        "--r\nContent-Type: message/disposition-notification\n\nFinal-Recipient: rfc822; ada@uni.test\n"
        "Disposition: automatic-action/MDN-sent-automatically; deleted\n\n--r--\n"
    )
    kind = 'multipart/report; report-type=disposition-notification; boundary="r"'
    judgement = judged(compose(body, {"Content-Type": kind, "Subject": "Automatically rejected mail"}, encoding="8bit"))

    assert (judgement.verdict, judgement.rule) == (Verdict.BOUNCE, "rfc5429.reject.action-failed")
    assert not judgement.dead_address


def test_a_complaint_about_spam_is_no_bounce_and_holds() -> None:
    body = (
        "--r\nContent-Type: text/plain\n\nThis is an email abuse report.\n"
        "--r\nContent-Type: message/feedback-report\n\nFeedback-Type: abuse\n\n--r--\n"
    )
    kind = 'multipart/report; report-type=feedback-report; boundary="r"'
    judgement = judged(compose(body, {"Content-Type": kind}, encoding="8bit"))

    assert (judgement.verdict, judgement.hold) == (Verdict.OTHER, True)


@pytest.mark.parametrize("sample", REPORTS, ids=lambda sample: sample.name)
def test_a_glance_at_the_headers_of_a_report_asks_for_the_whole(sample: Sample) -> None:
    if sample.verdict in {"bounce", "delay"}:
        head = sample.raw.partition(b"\r\n\r\n")[0]
        assert message.glance(RawMessage(folder="INBOX", uid=1, internal_date=None, raw=head)).machine


def test_a_report_about_several_recipients_tells_them_apart() -> None:
    text = PRIVATE[0][1], PRIVATE[0][2].replace("<ada@uni.test>:", "<bo@uni.test>:\nno.\n\n<ada@uni.test>:")
    report = parsed(private(*text)).report

    assert report is not None
    assert {one.final_recipient for one in report.recipients} == {"ada@uni.test", "bo@uni.test"}


def _corpus() -> list[dict[str, str]]:
    if not (CORPUS / "labels.jsonl").exists():
        return []
    return [json.loads(line) for line in (CORPUS / "labels.jsonl").read_text().splitlines()]


@real_messages
@pytest.mark.parametrize("source", ["sisimai", "flufl.bounce"])
def test_real_reports_are_recognised(source: str) -> None:
    rows = [row for row in _corpus() if row["source"] == source and row["file"] not in MISLABELLED]
    reports = [row["file"] for row in rows if row["label"] == "bounce_or_delay"]
    missed = [file for file in reports if judged((CORPUS / file).read_bytes()).verdict not in {"bounce", "delay"}]

    assert len(reports) >= 50
    assert missed == []


@real_messages
def test_real_automatic_answers_and_other_mail_are_no_reports() -> None:
    for row in _corpus():
        if row["label"] != "bounce_or_delay" and row["file"] not in MISLABELLED:
            assert judged((CORPUS / row["file"]).read_bytes()).verdict == row["label"], row["file"]


@real_messages
def test_a_glance_misses_no_real_report() -> None:
    for row in _corpus():
        if row["label"] != "other":
            raw = (CORPUS / row["file"]).read_bytes()
            seen = message.glance(RawMessage(folder="INBOX", uid=1, internal_date=None, raw=raw, whole=True))
            assert seen.machine, row["file"]


@pytest.mark.parametrize(
    ("status", "diagnostic", "found"),
    [
        ("5.1.6", "smtp; 551 5.1.6 User not local; please try <ada@new.test>", "ada@new.test"),
        ("5.1.6", "smtp; 550 5.1.6 recipient has moved to ADA.L@new.test.", "ada.l@new.test"),
        ("5.1.1", "smtp; 551 User not local, forward to <ada@new.test>", "ada@new.test"),
        ("5.1.1", "smtp; 550 5.1.1 <ada@uni.test>: user unknown; write to postmaster@uni.test", ""),
        ("5.1.6", "smtp; 551 5.1.6 <ada@uni.test> has moved", ""),
        ("5.1.6", "smtp; 551 5.1.6 " + "<" * 5000, ""),
    ],
)
def test_where_a_server_says_somebody_is_now_is_kept(status: str, diagnostic: str, found: str) -> None:
    judgement = judged(standard("failed", status, diagnostic))

    assert judgement.verdict is Verdict.BOUNCE
    assert judgement.other_address == found
