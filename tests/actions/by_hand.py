"""Mail that the user and a contact exchanged by hand, in the folders of a pretended world."""

from email.message import EmailMessage
from email.utils import format_datetime

from followupd.actions import adoption
from followupd.app import App
from followupd.core.instants import Instant
from followupd.core.model import Case, Contact
from tests.actions.conftest import at
from tests.actions.pretend import ADA, Server, days

ME, MINE = "max@example.org", "<by.hand.1@max.example>"
WHO = Contact(addresses=(ADA,), name="Ada", admire="Your notes.", ask="How?", offer="My help.")


def mail(at: Instant, sender: str = ME, to: str = ADA, name: str = MINE, **headers: str) -> bytes:
    """Write a message as a mail program does."""
    message = EmailMessage()
    message["From"], message["To"], message["Message-ID"] = sender, to, name
    message["Subject"], message["Date"] = headers.pop("subject", "A question"), format_datetime(at)
    text = headers.pop("text", "How did you choose the first problem?")
    for header, value in headers.items():
        message[header.replace("_", "-")] = value
    message.set_content(text)
    return message.as_bytes(policy=message.policy.clone(linesep="\r\n"))


def put(server: Server, raw: bytes, day: float, folder: str = "Sent") -> None:
    """Put a message into a folder on a day."""
    server.folders[folder].append((days(day), raw))


def adopted(app: App, name: str = MINE, who: Contact = WHO) -> Case:
    """Do what `add --sent-already` does."""
    return adoption.try_to_look(app, adoption.adopt(app, who, "", name)).case


def read_past(app: App, server: Server, day: float = 0) -> None:
    """Let the daemon read every folder to its end while it knows nobody."""
    assert at(app, server, day) == 0
