"""What mentors' mail programs make of their words: messages as real ones look, down to the headers that judge them.

Everything is pure: a letter and words go in, bytes with their instant come out.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import format_datetime
from enum import StrEnum
from typing import Final

from followupd.core.instants import Instant, zone_named
from followupd.core.model import Contact

_MONTHS: Final = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_DAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_SMTP: Final = policy.SMTP.clone(max_line_length=78)


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivered:
    """A letter as it lies before its reader, the `number`-th that they got (from 1)."""

    number: int
    at: Instant
    message_id: str
    references: str
    from_: str
    subject: str
    text: str
    raw: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Coming:
    """A message on its way to the user, and the instant at which it arrives."""

    at: Instant
    raw: bytes


class Manner(StrEnum):
    """What kind of message answers a letter."""

    REPLY = "reply"
    AWAY = "away"
    BOUNCE = "bounce"
    INVITATION = "invitation"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reaction:
    """What comes of the `letter`-th letter (from 1), and how long after it arrived.

    `text` are the words; "{back}" in them is the day, `away` days after the letter, on which somebody is back.
    """

    letter: int
    after: timedelta
    manner: Manner
    text: str
    away: int = 0

    def back(self, letter: Delivered) -> date:
        """Give the day on which an absence ends."""
        return (letter.at + timedelta(days=self.away)).date()


def read(raw: bytes, *, at: Instant, number: int) -> Delivered:
    """Open a letter that arrived at `at`."""
    message = message_from_bytes(raw, policy=policy.default)
    assert isinstance(message, EmailMessage)
    body = message.get_body(preferencelist=("plain",))
    return Delivered(
        number=number,
        at=at,
        message_id=str(message["Message-ID"] or "").strip(),
        references=" ".join(str(message["References"] or "").split()),
        from_=str(message["From"] or ""),
        subject=str(message["Subject"] or ""),
        text=str(body.get_content()).replace("\r\n", "\n") if body is not None else "",
        raw=raw,
    )


def react(contact: Contact, reaction: Reaction, letter: Delivered) -> Coming:
    """Write the message that a reaction is."""
    at = letter.at + reaction.after
    back = reaction.back(letter)
    day = f"{_DAYS[back.weekday()]}, {back.day} {_MONTHS[back.month - 1]} {back.year}"
    message = _WRITERS[reaction.manner](contact, letter, reaction.text.replace("{back}", day), at)
    if message.is_multipart():
        message.set_boundary(f"=_{_serial(letter, at)}_=")
    return Coming(at=at, raw=message.as_bytes(policy=_SMTP))


def _reply(contact: Contact, letter: Delivered, text: str, at: Instant) -> EmailMessage:
    message = _headed(contact, letter, at)
    message["Subject"] = _re(letter.subject)
    message["X-Mailer"] = "Kestrel Mail 4.2"
    written = letter.at.astimezone(zone_named(contact.timezone or "UTC"))
    attribution = f"On {_DAYS[written.weekday()][:3]}, {written.day} {_MONTHS[written.month - 1][:3]} {written.year}"
    quoted = "".join(f"> {line}".rstrip() + "\n" for line in letter.text.rstrip().split("\n"))
    message.set_content(f"{text}\n\n{attribution} at {written:%H:%M}, {letter.from_} wrote:\n\n{quoted}")
    return message


def _away(contact: Contact, letter: Delivered, text: str, at: Instant) -> EmailMessage:
    """Exchange's automatic reply: RFC 3834, section 5, and Microsoft's own header."""
    message = _headed(contact, letter, at)
    message["Return-Path"] = "<>"
    message["Subject"] = f"Automatic reply: {letter.subject}"
    message["Auto-Submitted"] = "auto-generated"
    message["X-Auto-Response-Suppress"] = "All"
    message["X-MS-Exchange-Generated-Message-Source"] = "Mailbox Rules Agent"
    message.set_content(f"{text}\n")
    return message


def _bounce(contact: Contact, letter: Delivered, text: str, at: Instant) -> EmailMessage:
    """A delivery status notification (RFC 3464) that carries the headers of our letter (RFC 6522, section 3)."""
    domain = contact.email.rpartition("@")[2]
    message = EmailMessage(policy=_SMTP)
    message["Return-Path"] = "<>"
    message["Date"] = format_datetime(at)
    message["From"] = f"Mail Delivery System <mailer-daemon@mx.{domain}>"
    message["To"] = letter.from_
    message["Subject"] = "Undelivered Mail Returned to Sender"
    message["Message-ID"] = f"<{_serial(letter, at)}@mx.{domain}>"
    message["Auto-Submitted"] = "auto-replied"
    message.set_content(f"This is the mail system at host mx.{domain}.\n\n<{contact.email}>: {text}\n")
    message.make_mixed()
    message.set_type("multipart/report")
    message.set_param("report-type", "delivery-status")
    message.attach(_delivery_status(contact, domain, text, letter.at))
    headers = message_from_bytes(letter.raw.partition(b"\r\n\r\n")[0] + b"\r\n\r\n", policy=_SMTP)
    original = EmailMessage(policy=_SMTP)
    original.set_content(headers.as_string(), subtype="rfc822-headers", charset="utf-8")
    message.attach(original)
    return message


def _delivery_status(contact: Contact, domain: str, text: str, arrived: Instant) -> EmailMessage:
    of_message, of_recipient = EmailMessage(policy=_SMTP), EmailMessage(policy=_SMTP)
    of_message["Reporting-MTA"] = f"dns; mx.{domain}"
    of_message["Arrival-Date"] = format_datetime(arrived)
    of_recipient["Final-Recipient"] = f"rfc822; {contact.email}"
    of_recipient["Action"] = "failed"
    of_recipient["Status"] = "5.1.1"
    of_recipient["Diagnostic-Code"] = f"smtp; {text}"
    part = EmailMessage(policy=_SMTP)
    part["Content-Type"] = "message/delivery-status"
    part.set_payload([of_message, of_recipient])
    return part


def _invitation(contact: Contact, letter: Delivered, text: str, at: Instant) -> EmailMessage:
    """An invitation to a meeting (RFC 5546, section 3.2.2, in a message as RFC 6047 has it)."""
    message = _headed(contact, letter, at)
    message["Subject"] = f"Invitation: {contact.name} / {letter.from_.partition('<')[0].strip()}"
    message.set_content(f"{text}\n")
    starts = at + timedelta(days=12)
    lines = (
        "BEGIN:VCALENDAR", "PRODID:-//Kestrel//Calendar 4.2//EN", "VERSION:2.0", "METHOD:REQUEST", "BEGIN:VEVENT",
        f"UID:{_serial(letter, at)}", f"DTSTAMP:{at:%Y%m%dT%H%M%SZ}", f"DTSTART:{starts:%Y%m%dT140000Z}",
        f"DTEND:{starts:%Y%m%dT143000Z}", f"ORGANIZER:mailto:{contact.email}", "SUMMARY:Half an hour on your question",
        "END:VEVENT", "END:VCALENDAR", "",
    )  # fmt: skip
    message.add_alternative("\n".join(lines), subtype="calendar", params={"method": "REQUEST"})
    return message


_Writer = Callable[[Contact, Delivered, str, Instant], EmailMessage]
_WRITERS: Final[Mapping[Manner, _Writer]] = {
    Manner.REPLY: _reply,
    Manner.AWAY: _away,
    Manner.BOUNCE: _bounce,
    Manner.INVITATION: _invitation,
}


def _headed(contact: Contact, letter: Delivered, at: Instant) -> EmailMessage:
    """Begin a message in the letter's thread (RFC 5322, section 3.6.4)."""
    message = EmailMessage(policy=_SMTP)
    message["Date"] = format_datetime(at.astimezone(zone_named(contact.timezone or "UTC")))
    message["From"] = f"{contact.name} <{contact.email}>"
    message["To"] = letter.from_
    message["Message-ID"] = f"<{_serial(letter, at)}.{contact.email}>"
    message["In-Reply-To"] = letter.message_id
    message["References"] = f"{letter.references} {letter.message_id}".strip()
    return message


def _serial(letter: Delivered, at: Instant) -> str:
    return f"{at:%Y%m%d%H%M%S}.{letter.number}"


def _re(subject: str) -> str:
    return subject if subject[:3].lower() == "re:" else f"Re: {subject}"
