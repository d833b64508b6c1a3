"""What mentors' mail clients send."""

from datetime import UTC, date, datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, make_msgid

from tests.servers.mailbox import Stored


def vacation(back: date) -> str:
    """Give a Sieve script (RFC 5230) that answers every message."""
    return (
        'require ["vacation", "vacation-seconds"];\n'
        f'vacation :seconds 0 :subject "Out of office" "I am away, back on {back.day} {back:%B %Y}.";\n'
    )


def answer(letter: Stored, sender: str, text: str = "Gladly. Shall we talk on Thursday?", **headers: str) -> bytes:
    """Answer a letter as common clients do: Re:, In-Reply-To, References, the letter quoted below."""
    message = fresh(sender, letter.header("From"), text + "\n\n" + quoted(letter), subject=re(letter.header("Subject")))
    message["In-Reply-To"] = letter.header("Message-ID")
    message["References"] = f"{letter.header('References')} {letter.header('Message-ID')}".strip()
    for name, value in headers.items():
        message[name.replace("_", "-")] = value
    return message.as_bytes()


def fresh(sender: str, to: str, text: str, *, subject: str) -> EmailMessage:
    """Write a message that answers none."""
    message = EmailMessage(policy=SMTP.clone(max_line_length=998))
    message["From"] = f"Ada Lovelace <{sender}>"
    message["To"] = to
    message["Subject"] = subject
    message["Date"] = format_datetime(datetime.now(UTC))
    message["Message-ID"] = make_msgid(domain="mentors.test")
    message.set_content(text)
    return message


def re(subject: str) -> str:
    """Give the subject of an answer."""
    return subject if subject.lower().startswith("re:") else f"Re: {subject}"


def quoted(letter: Stored) -> str:
    """Give a letter as clients quote it."""
    body = letter.parsed.get_body(("plain",))
    assert body is not None
    lines = str(body.get_content()).splitlines()
    return "On Tuesday Ida Brandt wrote:\n" + "\n".join(f"> {line}" for line in lines)
