"""What a delivery report means for a letter: for good or for now, for this address or about ourselves."""

import re
from typing import Final

from followupd.core.model import DeliveryReport, Judgement, RecipientStatus, Verdict
from followupd.core.phrases import outcomes

_GONE: Final = re.compile(r"5\.1\.(?:[0-6]|10)$|5\.2\.1$|5\.4\.(?:1|4|310)$")
"""Status codes that say there is no such mailbox or domain (RFC 3463, 3.2 and 3.5; RFC 7505; 5.4.1 is Microsoft's)."""
_NOT_THE_ADDRESS: Final = re.compile(r"5\.(?:1\.[789]|2\.[2-9]|3\.\d+|4\.\d+|6\.\d+|7\.\d+)$")
"""Status codes that are about the letter, its sender, a full mailbox or the way between."""
_FORWARD: Final = re.compile(r"\b(?:551|5\.1\.6)\b.{0,300}?[<\s]([\w.+-]{1,64}@[\w.-]{1,200}\w)")
"""The address at which somebody is found now, as a server may name it (RFC 5321, section 3.4; RFC 3463, 5.1.6)."""
_OUR_LIMIT: Final = re.compile(r"5\.4\.5$")
"""Our own provider's daily limit: it will pass, whatever its class says."""


def judge(report: DeliveryReport) -> Judgement:
    """Give the verdict on a report about a letter of ours.

    A failure for good is a `bounce` (RFC 3464, section 2.3.3, with a status of class 5 or none); a delay, or a failure
    whose status is of class 4, is a `delay`. A report of success changes nothing.
    """
    if report.rule == "rfc5965.feedback":
        return Judgement(verdict=Verdict.OTHER, rule=report.rule, words="feedback-report", hold=True)
    failed = [one for one in report.recipients if one.action == "failed"]
    for one in failed:
        if not one.status.startswith("4") and not _OUR_LIMIT.search(one.status):
            return _bounce(report, one)
    for one in (*failed, *(one for one in report.recipients if one.action == "delayed")):
        return Judgement(verdict=Verdict.DELAY, rule=f"{report.rule}.action-{one.action}", words=_words(report, one))
    return Judgement(verdict=Verdict.OTHER, rule=f"{report.rule}.success", words=report.words)


def _bounce(report: DeliveryReport, one: RecipientStatus) -> Judgement:
    dead = _is_dead(one)
    return Judgement(
        verdict=Verdict.BOUNCE,
        rule=f"{report.rule}.action-failed",
        words=_words(report, one),
        dead_address=bool(dead),
        hold=dead is None,
        other_address=_found_at(one),
    )


def _found_at(one: RecipientStatus) -> str:
    """Give the address that a server names instead of the one that failed, "" where it names none."""
    known = {one.original_recipient.lower(), one.final_recipient.lower()}
    found = _FORWARD.finditer(" ".join(f"{one.status} {one.diagnostic_code}"[:1000].split()).lower())
    return next((each[1] for each in found if each[1] not in known), "")


def _is_dead(one: RecipientStatus) -> bool | None:
    """Tell whether there is no such mailbox; None where the report leaves it open."""
    if outcomes.DEAD.search(one.diagnostic_code) and not outcomes.ABOUT_US.search(one.diagnostic_code):
        return True
    if _GONE.search(one.status):
        return True
    if _NOT_THE_ADDRESS.search(one.status) or outcomes.ABOUT_US.search(one.diagnostic_code):
        return False
    return None


def _words(report: DeliveryReport, one: RecipientStatus) -> str:
    address = one.original_recipient or one.final_recipient
    said = " ".join(part for part in (one.action, one.status, address) if part)
    return f"{said}: {report.words}" if report.words else said
