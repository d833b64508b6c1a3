"""A message from disk is judged as the daemon would judge it, without the database: the match is taken for granted."""

from dataclasses import dataclass
from datetime import date

from followupd.core import message, verdicts
from followupd.core.instants import Instant
from followupd.core.model import Incoming, Match, MatchedBy, RawMessage, Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Explained:
    """What a message is and why; the recipients and status (RFC 3463) of a report; the sender's own words."""

    verdict: Verdict
    evidence: str
    recipients: tuple[str, ...] = ()
    status: str = ""
    return_date: date | None = None
    text: str = ""


def explain(raw: bytes, now: Instant) -> Explained:
    """Judge the bytes of a message; never raises.

    There are no threads to look in, so a report is taken to be about a letter of ours, and any other message for one
    that came in a thread.
    """
    msg = message.parse(RawMessage(folder="", uid=0, internal_date=None, raw=raw, whole=True))
    judgement = verdicts.judge(msg, _assumed(msg), now)
    reported = msg.report.recipients if msg.report else ()
    names = (one.original_recipient or one.final_recipient for one in reported)
    return Explained(
        verdict=judgement.verdict,
        evidence=judgement.evidence,
        recipients=tuple(dict.fromkeys(name for name in names if name)),
        status=next((one.status for one in reported if one.status), ""),
        return_date=judgement.return_date,
        text=msg.own_text,
    )


def _assumed(msg: Incoming) -> Match:
    ids = msg.in_reply_to or msg.references or msg.attached_ids
    return Match(thread_id=0, by=MatchedBy.IN_REPLY_TO if ids else MatchedBy.ADDRESS, words=ids[0] if ids else "")
