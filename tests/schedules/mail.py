"""Every kind of message that can come back, as bytes, with what it must do to the letters that follow."""

from datetime import datetime
from email import message_from_bytes
from email.utils import format_datetime
from enum import StrEnum
from typing import Final

from followupd.core.approving import MARK
from followupd.core.digest import Waiting
from followupd.core.model import Draft

ME: Final = "max@example.org"


class Kind(StrEnum):
    """What a message is, in the words of a story."""

    ANSWER = "answers"
    ANSWER_ANEW = "answers in a new message"
    ALIAS = "answers from another address of theirs"
    ASSISTANT = "lets an assistant elsewhere answer"
    COLLEAGUE = "lets a colleague answer"
    OPT_OUT = "asks not to be written to"
    DEAD = "does not exist, says a bounce"
    BOUNCED = "cannot be reached by policy, says a bounce"
    DELAYED = "is reached later, says a delay"
    AWAY = "is away for a month, says a robot"
    AWAY_UNKNOWN = "is away, says a robot"


STOPS: Final = frozenset(set(Kind) - {Kind.DELAYED, Kind.AWAY, Kind.AWAY_UNKNOWN})
"""After these no letter may go until the user says so."""

NEEDS_LETTER: Final = frozenset(set(Kind) - {Kind.ANSWER_ANEW, Kind.OPT_OUT})
REPORTS: Final = frozenset({Kind.DEAD, Kind.BOUNCED, Kind.DELAYED})
AWAY_DAYS: Final = 30

_ROBOT: Final = "Auto-Submitted: auto-replied\r\n"
_TEXT: Final = {
    Kind.OPT_OUT: "Please do not contact me again.",
    Kind.AWAY_UNKNOWN: "I am away and shall answer when I am back.",
}


def write(kind: Kind, address: str, letter: Draft | None, at: datetime, number: int) -> tuple[str, bytes]:
    """Give a message of a kind and its Message-ID; `letter` is the one it answers, None for none."""
    name = f"<m{number}@example.net>"
    if kind in REPORTS:
        assert letter is not None
        return name, _report(kind, letter, at, name)
    local, _, domain = address.partition("@")
    sender = {
        Kind.ALIAS: f"{local}.private@elsewhere.example",
        Kind.ASSISTANT: "assistant@office.example",
        Kind.COLLEAGUE: f"colleague@{domain}",
    }.get(kind, address)
    subject = f"Re: {message_from_bytes(letter.raw)['Subject']}" if letter else "Your question"
    lines = f"From: {sender}\r\nTo: {ME}\r\nDate: {format_datetime(at)}\r\nMessage-ID: {name}\r\n"
    if kind in {Kind.AWAY, Kind.AWAY_UNKNOWN}:
        lines += _ROBOT
        subject = f"Automatic reply: {subject}"
    if letter is not None and kind is not Kind.ANSWER_ANEW:
        lines += f"In-Reply-To: {letter.message_id}\r\n"
    text = _TEXT.get(kind, "Gladly. Call me on Tuesday, and bring the first pages.")
    if kind is Kind.AWAY:
        back = datetime.fromtimestamp(at.timestamp() + AWAY_DAYS * 86400, tz=at.tzinfo)
        text = f"I am out of the office and will return on {back.day} {back:%B %Y}."
    return name, f"{lines}Subject: {subject}\r\n\r\n{text}\r\n".encode()


def by_hand(address: str, at: datetime, number: int, sender: str = ME) -> bytes:
    """Give what the user writes to somebody with another program."""
    return (
        f"From: {sender}\r\nTo: {address}\r\nDate: {format_datetime(at)}\r\nSubject: By the way {number}\r\n"
        f"Message-ID: <hand{number}@example.org>\r\n\r\nI shall be in town next week.\r\n"
    ).encode()


def answer_to_digest(digest: str, letter: Waiting, word: str, at: datetime, number: int) -> bytes:
    """Give an answer to a digest with a word on a letter at its top, and its code in what is quoted."""
    return (
        f"From: {ME}\r\nTo: {ME}\r\nDate: {format_datetime(at)}\r\nSubject: Re: followupd: 1 thing needs you\r\n"
        f"Message-ID: <settles{number}@example.org>\r\nIn-Reply-To: {digest}\r\n\r\n"
        f"{word} {letter.letter_id}\r\n\r\n> {MARK}\r\n> code of letter {letter.letter_id}: {letter.code}\r\n"
    ).encode()


def _report(kind: Kind, letter: Draft, at: datetime, name: str) -> bytes:
    action, status, words = {
        Kind.DEAD: ("failed", "5.1.1", "550 5.1.1 User unknown"),
        Kind.BOUNCED: ("failed", "5.7.1", "550 5.7.1 Message rejected for policy reasons"),
        Kind.DELAYED: ("delayed", "4.4.1", "connect: Connection timed out"),
    }[kind]
    return (
        f"From: MAILER-DAEMON@mx.example.org\r\nReturn-Path: <>\r\nTo: {ME}\r\nDate: {format_datetime(at)}\r\n"
        f"Message-ID: {name}\r\nSubject: Undelivered Mail Returned to Sender\r\nAuto-Submitted: auto-replied\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="r"\r\nMIME-Version: 1.0\r\n\r\n'
        "--r\r\nContent-Type: text/plain\r\n\r\nThis is the mail system.\r\n\r\n"
        "--r\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example.org\r\n\r\n"
        f"Final-Recipient: rfc822; {letter.rcpt_to}\r\nAction: {action}\r\nStatus: {status}\r\n"
        f"Diagnostic-Code: smtp; {words}\r\n\r\n"
        f"--r\r\nContent-Type: text/rfc822-headers\r\n\r\nFrom: {ME}\r\n"
        f"Message-ID: {letter.message_id}\r\n\r\n--r--\r\n"
    ).encode()
