"""What tests do with a mail server as its users would, through IMAP, SMTP and LMTP of the standard library."""

import imaplib
import re
import smtplib
import ssl
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from itertools import count

from imapclient.imap_utf7 import encode

from tests.servers.processes import wait_until

HOST = "127.0.0.1"
PASSWORD = "secret"
_NUMBERS = count(1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """What a config says about a server: host is always 127.0.0.1."""

    port: int
    security: str
    ca_file: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """A message in a folder; `raw` has LF or CRLF as the server gave it."""

    raw: bytes
    flags: str

    @property
    def parsed(self) -> EmailMessage:
        """The message for looking at its parts."""
        parsed = message_from_bytes(self.raw, policy=policy.default)
        assert isinstance(parsed, EmailMessage)
        return parsed

    def header(self, name: str) -> str:
        """Give a header field, unfolded, "" if there is none."""
        match = re.search(rb"(?im)^" + name.encode() + rb":[ \t]*((?:.*(?:\r?\n[ \t].*)*))", self.raw)
        return re.sub(r"\r?\n(?=[ \t])", "", match[1].decode("utf-8", "replace")).strip() if match else ""


class Mailboxes(ABC):
    """Servers with mailboxes for `me@followupd.test` and some mentors; every password is "secret".

    `imap` and `smtp` are what a config should name; the single ports are for tests of one kind of connection (None
    where there is none). `below` is what stands before the names of all folders but INBOX, `delimiter` what
    parts the levels of a name.
    """

    imap: Endpoint
    smtp: Endpoint
    imap_port: int
    imaps_port: int | None = None
    smtp_port: int
    submission_port: int | None = None
    smtps_port: int | None = None
    lmtp_port: int | None = None
    ca_file: str = ""
    below: str = ""
    delimiter: str = "/"

    @abstractmethod
    def add_user(self, address: str, password: str = PASSWORD) -> str:
        """Make a mailbox and give its address."""

    @abstractmethod
    def deliver(self, address: str, raw: bytes, *, mail_from: str = "") -> None:
        """Put a message into a mailbox as if it came from outside; it passes the user's filter where there is one."""

    @abstractmethod
    def send(self, mail_from: str, rcpt_to: str, raw: bytes) -> None:
        """Let a user submit a message."""

    def new_user(self, name: str, domain: str = "mentors.test") -> str:
        """Make a mailbox that no other test has."""
        return self.add_user(f"{name}-{next(_NUMBERS)}@{domain}")

    @contextmanager
    def client(self, address: str) -> Iterator[imaplib.IMAP4]:
        """Log in to a mailbox."""
        connection = imaplib.IMAP4(HOST, self.imap_port, timeout=20)
        try:
            connection.login(address, PASSWORD)
            yield connection
        finally:
            connection.logout()

    def read(self, address: str, folder: str = "INBOX") -> list[Stored]:
        """Give the messages of a folder as they arrived, without marking them as read; [] where there is no folder."""
        with self.client(address) as connection:
            answer, _ = connection.select(self._quoted(folder), readonly=True)
            if answer != "OK":
                return []
            _, found = connection.uid("SEARCH", "ALL")
            uids = found[0].split() if found and found[0] else []
            return [self._fetch(connection, uid) for uid in uids]

    def _quoted(self, folder: str) -> str:
        name: str = encode(folder if folder == "INBOX" else self.below + folder).decode()
        return '"' + name.replace("\\", "\\\\").replace('"', '\\"') + '"'

    @staticmethod
    def _fetch(connection: imaplib.IMAP4, uid: bytes) -> Stored:
        _, parts = connection.uid("FETCH", uid.decode(), "(FLAGS BODY.PEEK[])")
        literal = next(part for part in parts if isinstance(part, tuple))
        rest = b" ".join(part if isinstance(part, bytes) else part[0] for part in parts)
        flags = re.search(rb"FLAGS \(([^)]*)\)", rest)
        return Stored(raw=literal[1], flags=flags[1].decode() if flags else "")

    def wait_for(self, address: str, number: int = 1, *, folder: str = "INBOX", seconds: float = 20.0) -> list[Stored]:
        """Wait until a folder has this many messages; fail with what is there if it does not come to that."""
        seen: list[Stored] = []

        def enough() -> bool:
            seen[:] = self.read(address, folder)
            return len(seen) >= number

        assert wait_until(enough, seconds), (
            f"{len(seen)} instead of {number} messages in {folder} of {address}: "
            f"{[message.header('Subject') for message in seen]}"
        )
        return seen

    def append(self, address: str, raw: bytes, *, folder: str = "INBOX", flags: str = "") -> None:
        """File a message in a folder, made if need be, as a mail client does."""
        with self.client(address) as connection:
            connection.create(self._quoted(folder))
            answer, said = connection.append(self._quoted(folder), f"({flags})", "", raw)
            assert answer == "OK", said

    def remove(self, address: str, folder: str) -> None:
        """Delete a folder with all that is in it."""
        with self.client(address) as connection:
            answer, said = connection.delete(self._quoted(folder))
            assert answer == "OK", said

    def move(self, address: str, folder: str, *, source: str = "INBOX", seen: bool = False) -> None:
        """Move all messages of a folder to another, as a user with a rule does."""
        with self.client(address) as connection:
            connection.create(self._quoted(folder))
            connection.select(self._quoted(source))
            if seen:
                connection.store("1:*", "+FLAGS", r"(\Seen)")
            answer, said = connection.copy("1:*", self._quoted(folder))
            assert answer == "OK", said
            connection.store("1:*", "+FLAGS", r"(\Deleted)")
            connection.expunge()


def submit(endpoint: Endpoint, mail_from: str, rcpt_to: str, raw: bytes) -> None:
    """Submit a message through a server that a user logs in to."""
    context = ssl.create_default_context(cafile=endpoint.ca_file or None)
    if endpoint.security == "tls":
        connection: smtplib.SMTP = smtplib.SMTP_SSL(
            HOST, endpoint.port, local_hostname="localhost", timeout=20, context=context
        )
    else:
        connection = smtplib.SMTP(HOST, endpoint.port, local_hostname="localhost", timeout=20)
    with connection:
        if endpoint.security == "starttls":
            connection.starttls(context=context)
        if endpoint.security != "none":
            connection.login(mail_from, PASSWORD)
        connection.sendmail(mail_from, [rcpt_to], raw)
