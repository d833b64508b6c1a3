"""How tests read a message: parse it, assume that it belongs to a thread of ours, judge it."""

from followupd.core import message, verdicts
from followupd.core.model import Incoming, Judgement, Match, MatchedBy, RawMessage
from tests.fixtures.messages import RECEIVED


def parsed(raw: bytes, *, whole: bool = True) -> Incoming:
    """Parse the bytes of a message that has just arrived."""
    return message.parse(RawMessage(folder="INBOX", uid=7, internal_date=RECEIVED, raw=raw, whole=whole))


def judged(raw: bytes) -> Judgement:
    """Judge a message of ours: by its identifiers where it has some, else by its sender."""
    msg = parsed(raw)
    ids = msg.in_reply_to or msg.references or msg.attached_ids
    by = MatchedBy.IN_REPLY_TO if ids else MatchedBy.ADDRESS
    return verdicts.judge(msg, Match(thread_id=1, by=by, words=ids[0] if ids else ""), verdicts.Setting(RECEIVED))
