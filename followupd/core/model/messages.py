"""What arrives: messages as the server gave them, as they were parsed, and what they were judged to be."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from followupd.core.connections import MAIN
from followupd.core.instants import Instant
from followupd.core.model.outreach import Contact, Thread
from followupd.core.model.remembered import Verdict, evidence


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """A display name and an addr-spec (RFC 5322, section 3.4, which calls the pair a mailbox)."""

    name: str = ""
    addr_spec: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RawMessage:
    """A message as the IMAP server gave it (RFC 9051, sections 2.3.1 and 2.3.3).

    `raw` is the header section only unless `whole`; `size` is RFC822.SIZE, in octets. `internal_date` is None where the
    server gave none that can be read. `gmail_thread` is the X-GM-THRID, in decimal, where the server has such.
    """

    folder: str
    uid: int
    internal_date: Instant | None
    raw: bytes
    size: int = 0
    whole: bool = False
    gmail_thread: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cursor:
    """A place in a folder of an account: every message up to `last_uid` was seen (RFC 9051, section 2.3.1.1)."""

    folder: str
    uidvalidity: int
    last_uid: int
    account: str = MAIN


class Role(StrEnum):
    """The special use of a folder (RFC 6154)."""

    INBOX = "inbox"
    SENT = "sent"
    JUNK = "junk"
    ARCHIVE = "archive"
    ALL = "all"
    TRASH = "trash"
    DRAFTS = "drafts"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class Folder:
    """A folder of the user's mailbox, its name decoded from what the wire carries."""

    name: str
    role: Role


@dataclass(frozen=True, slots=True, kw_only=True)
class RecipientStatus:
    """What a delivery report says of one recipient (RFC 3464, section 2.3; status: RFC 3463)."""

    final_recipient: str
    original_recipient: str = ""
    action: str = ""
    status: str = ""
    diagnostic_code: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryReport:
    """A delivery status notification (RFC 3464), a bounce of private format, or what can be known of either.

    `rule` is the stable name of what recognised it, `words` what it rests on.
    """

    original_message_id: str = ""
    recipients: tuple[RecipientStatus, ...] = ()
    rule: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Original:
    """A message that comes back inside another one: the Message-IDs it has, now and before, its Date and Subject."""

    message_ids: tuple[str, ...]
    date: Instant | None = None
    subject: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Incoming:
    """A message, parsed; every field is what could be read, never an exception.

    Message-IDs are kept verbatim without surrounding white space, with their angle brackets. `digest` is a hash of what
    every copy of the message shares and stands for the Message-ID where there is none. `names` are what programs call
    its conversation (`core.conversation`), `originals` the letters that a delivery report returns. `headers` maps
    lower-case names to the unfolded values in order. `text` is the plain text with quotations, `own_text` the sender's
    own words. `attached_ids` are the Message-IDs of embedded originals (message/rfc822, text/rfc822-headers).
    `readable` is False where the structure was too broken to trust, so that only the headers speak.
    """

    folder: str
    uid: int
    message_id: str
    digest: str
    internal_date: Instant | None
    date: Instant | None
    from_: tuple[Address, ...] = ()
    sender: Address | None = None
    reply_to: tuple[Address, ...] = ()
    to: tuple[Address, ...] = ()
    cc: tuple[Address, ...] = ()
    subject: str = ""
    in_reply_to: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    attached_ids: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    originals: tuple[Original, ...] = ()
    headers: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    content_type: str = "text/plain"
    report: DeliveryReport | None = None
    disposition: bool = False
    calendar_method: str = ""
    text: str = ""
    own_text: str = ""
    size: int = 0
    readable: bool = True

    @property
    def key(self) -> str:
        """What makes this message the same message wherever it is seen."""
        return self.message_id or self.digest


@dataclass(frozen=True, slots=True, kw_only=True)
class Glance:
    """What a header section shows at once: enough to tell whether a message may concern us.

    Addresses are normalised; `from_` has Reply-To and Sender in it, `to` has Cc; `subject` is decoded. `names` are what
    programs call the conversation (`core.conversation`). `machine`: it might be a delivery report or an
    automatic answer, whose headers need not name us.
    """

    message_id: str = ""
    in_reply_to: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    from_: tuple[str, ...] = ()
    to: tuple[str, ...] = ()
    subject: str = ""
    names: tuple[str, ...] = ()
    machine: bool = False


class MatchedBy(StrEnum):
    """How a message was found to belong to a thread, the surest first."""

    IN_REPLY_TO = "in_reply_to"
    REFERENCES = "references"
    ORIGINAL_MESSAGE_ID = "original_message_id"
    GMAIL_THREAD = "gmail_thread"
    THREAD_INDEX = "thread_index"
    ADDRESS = "address"
    RECIPIENT = "recipient"
    SUBJECT = "subject"
    FORWARDED = "forwarded"


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A thread that a message might belong to, with what it can be known by.

    `message_ids` are those of our letters, and those that providers gave them instead; `names` are what programs call
    the conversation. `newest` is False for an earlier
    thread of a contact who has a newer one.
    """

    thread: Thread
    contact: Contact
    message_ids: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()
    subject: str = ""
    newest: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """The thread that a message belongs to, by what, and the words that show it (an id, an address)."""

    thread_id: int
    by: MatchedBy
    words: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """What a message is, the stable name of the rule that decided, and the header or words it rests on.

    `return_date` is the day an absent person says they are back. `hold` asks that the next letter wait for the user's
    word although the verdict alone would not stop it ("possible answer"). `dead_address`: a bounce says that there is
    no such mailbox (RFC 3463, 5.1.x); a bounce without it is about this letter, a policy or a full mailbox. `hint` is
    what a person's answer seems to say ("yes", "no", "later"), shown and never acted on; `asked_for` the day they ask
    to be written to again, `other_address` the address they name instead of their own.
    """

    verdict: Verdict
    rule: str
    words: str = ""
    return_date: date | None = None
    hold: bool = False
    dead_address: bool = False
    hint: str = ""
    asked_for: date | None = None
    other_address: str = ""
    account: str = MAIN

    @property
    def evidence(self) -> str:
        """One line that tells the rule and what it rests on."""
        return evidence(self.rule, self.words)
