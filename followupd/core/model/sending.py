"""What goes out: a text filled in, a draft for the wire, and what became of it at the server."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendered:
    """A template with its blanks filled in. `note_ids` are the notes the text tells.

    `quoted` is an earlier letter that stands below the text, under the line `attribution`; "" for none.
    """

    template: str
    subject: str
    body: str
    note_ids: tuple[int, ...] = ()
    attribution: str = ""
    quoted: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A letter ready for the wire: envelope addresses (RFC 5321) and the bytes between DATA and the dot."""

    message_id: str
    mail_from: str
    rcpt_to: str
    subject: str
    raw: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted:
    """The server took the letter; its words, and other Message-IDs that they name."""

    text: str
    other_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Deferred:
    """The server certainly has not taken the letter, and may later. `account`: it is about us, not this recipient."""

    text: str
    account: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """The server certainly will not take the letter. `dead_address`: there is no such mailbox (RFC 3463, 5.1.x)."""

    text: str
    dead_address: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Unknown:
    """The connection ended after DATA began and before an answer: the letter may have been taken."""

    text: str


Receipt = Accepted | Deferred | Refused | Unknown
"""What became of a letter at the server (RFC 5321, section 4.2)."""
