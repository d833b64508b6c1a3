"""A message from disk is judged as the daemon would judge it, without the database: the match is taken for granted."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from followupd.core import match, message, verdicts
from followupd.core.instants import Instant
from followupd.core.model import Incoming, Judgement, Match, MatchedBy, RawMessage, Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Explained:
    """What a message is and why; the recipients and status (RFC 3463) of a report; the sender's own words."""

    judgement: Judgement
    recipients: tuple[str, ...] = ()
    status: str = ""
    text: str = ""

    @property
    def verdict(self) -> Verdict:
        """What it is."""
        return self.judgement.verdict

    @property
    def evidence(self) -> str:
        """The rule and what it rests on."""
        return self.judgement.evidence

    @property
    def return_date(self) -> date | None:
        """The day an absent person says they are back."""
        return self.judgement.return_date


def explain(raw: bytes, now: Instant, me: Collection[str] = ()) -> Explained:
    """Judge the bytes of a message; never raises. `me` are the user's own addresses, as far as they are known.

    There are no threads to look in, so a report is taken to be about a letter of ours, and any other message for one
    that came in a thread; what comes over a mailing list and answers nothing belongs to none.
    """
    msg = message.parse(RawMessage(folder="", uid=0, internal_date=None, raw=raw, whole=True))
    reported = msg.report.recipients if msg.report else ()
    names = (one.original_recipient or one.final_recipient for one in reported)
    return Explained(
        judgement=_judgement(msg, now, me),
        recipients=tuple(dict.fromkeys(name for name in names if name)),
        status=next((one.status for one in reported if one.status), ""),
        text=msg.own_text,
    )


def _judgement(msg: Incoming, now: Instant, me: Collection[str]) -> Judgement:
    if match.is_own(msg, me):
        return Judgement(verdict=Verdict.OTHER, rule="own.by-hand", words="you wrote it yourself")
    return verdicts.judge(msg, _assumed(msg), verdicts.Setting(now))


def _assumed(msg: Incoming) -> Match | None:
    ids = msg.in_reply_to or msg.references or msg.attached_ids
    if not ids and msg.report is None and "list-id" in msg.headers:
        return None
    return Match(thread_id=0, by=MatchedBy.IN_REPLY_TO if ids else MatchedBy.ADDRESS, words=ids[0] if ids else "")
