"""A message as it is remembered: with its verdict, and what was made of it."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from followupd.core.connections import MAIN
from followupd.core.instants import Instant


class Verdict(StrEnum):
    """What kind of message it is."""

    REPLY = "reply"
    AUTO_REPLY = "auto_reply"
    BOUNCE = "bounce"
    DELAY = "delay"
    OPT_OUT = "opt_out"
    RECEIPT = "receipt"
    CALENDAR = "calendar"
    OTHER = "other"


def evidence(rule: str, words: str) -> str:
    """Give a verdict's rule and what it rests on in one line."""
    return f"{rule}: {words}" if words else rule


ANSWERS = frozenset({Verdict.REPLY, Verdict.CALENDAR})
"""What a person sent who answers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A message as it is remembered, with its verdict. `not_answer` is the user's word that it was none.

    `held`: it waits for the user's word whether it is an answer. `hint`, `asked_for` and `other_address` are the
    judgement's: shown, and never acted on without the user. `account` is the one in whose mailbox it was seen first.
    """

    id: int = 0
    thread_id: int | None
    contact_id: int | None
    message_id: str
    folder: str
    uid: int
    from_: str
    subject: str
    received_at: Instant
    verdict: Verdict
    rule: str
    words: str
    excerpt: str = ""
    return_date: date | None = None
    not_answer: bool = False
    held: bool = False
    hint: str = ""
    asked_for: date | None = None
    other_address: str = ""
    account: str = MAIN

    @property
    def evidence(self) -> str:
        """One line that tells the rule and what it rests on."""
        return evidence(self.rule, self.words)
