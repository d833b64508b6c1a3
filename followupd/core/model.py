"""The values that everything else speaks of: people, threads, letters, messages and what was decided about them.

Terms are those of the README: a *contact* is a person, a *thread* one outreach to them, a *step* a template and a wait,
a *letter* what we send for a step, a *message* what we saw arrive. All values are frozen.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from followupd.core.instants import Instant


class State(StrEnum):
    """Where a thread stands."""

    SCHEDULED = "scheduled"
    WAITING = "waiting"
    HELD = "held"
    PAUSED = "paused"
    ANSWERED = "answered"
    OPTED_OUT = "opted_out"
    UNDELIVERABLE = "undeliverable"
    SILENT = "silent"
    STOPPED = "stopped"


OPEN_STATES = frozenset({State.SCHEDULED, State.WAITING, State.HELD, State.PAUSED})
"""A contact has at most one thread in one of these states."""


class LetterState(StrEnum):
    """How far a letter got; see docs/reliability.md for the transitions."""

    PREPARED = "prepared"
    SENDING = "sending"
    SENT = "sent"
    DEFERRED = "deferred"
    REFUSED = "refused"
    UNCERTAIN = "uncertain"
    HELD = "held"
    DISCARDED = "discarded"


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


# -- people and threads ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """A person one would learn from.

    `addresses` are normalised addr-specs (RFC 5322, section 3.4.1; the domain in lower case as A-labels), the first is
    written to. Text fields are "" where the user has said nothing.
    """

    id: int = 0
    addresses: tuple[str, ...]
    name: str = ""
    org: str = ""
    role: str = ""
    ask: str = ""
    offer: str = ""
    admire: str = ""
    situation: str = ""
    goal: str = ""
    arrangement: str = ""
    timezone: str = ""
    country: str = ""
    language: str = ""
    tags: tuple[str, ...] = ()

    @property
    def email(self) -> str:
        """The address that letters go to."""
        return self.addresses[0]


FIELDS = (
    "name", "org", "role", "ask", "offer", "admire", "situation", "goal", "arrangement",
    "timezone", "country", "language",
)  # fmt: skip
"""The fields of a contact that are plain text, in the order in which people are asked for them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Thread:
    """One outreach to one contact.

    `key` is random and fixed: Message-IDs and the spread of minutes are derived from it. `step` counts the letters that
    went out or were passed over: it is the index of the step that comes next. `anchor` is the instant from which the
    next wait counts: the last letter, or the user's own mail. `not_before` is an absence, a snooze or a resumption that
    the next letter must not precede. `first_on` is the day the user chose for the opening letter. `due_at` is set by
    the user's word (`reopen --on`) and stands instead of anchor and wait. `next_at` is None unless a letter can go out
    by itself. `resume_to` is the state a paused or held thread returns to. `revision` counts what was written: a change
    that rests on an older one is not carried out, so that the user's word is never undone by what was read before it.
    """

    id: int = 0
    key: str
    contact_id: int
    cadence: str
    state: State = State.SCHEDULED
    reason: str = ""
    step: int = 0
    created_at: Instant
    anchor: Instant
    first_on: date | None = None
    due_at: Instant | None = None
    not_before: Instant | None = None
    paused_until: Instant | None = None
    resume_to: State | None = None
    next_at: Instant | None = None
    revision: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """What we send, or hold, for one step of a thread; written down whole before it is sent.

    `raw` are the bytes as they go out, `body` the text before encoding. `attempt` counts from 1 and grows only by the
    user's word (`outbox retry`). `approved` is the digest of subject and body that the user has agreed to. `tries` and
    `retry_at` belong to a deferred letter. `said` is what the server answered, or why the letter is held.
    """

    id: int = 0
    thread_id: int
    step: int
    attempt: int = 1
    template: str
    state: LetterState
    message_id: str
    subject: str
    body: str
    raw: bytes = b""
    created_at: Instant
    sent_at: Instant | None = None
    said: str = ""
    tries: int = 0
    retry_at: Instant | None = None
    approved: str = ""
    note_ids: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """Something new to tell a contact; `spent_by` is the letter that told it, once that was sent."""

    id: int = 0
    contact_id: int
    text: str
    created_at: Instant
    spent_by: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One line of a thread's history, never changed. `kind` is a word for programs, `text` a sentence for people."""

    at: Instant
    kind: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """All that a decision about one thread rests on. `letters` are this thread's, oldest first."""

    thread: Thread
    contact: Contact
    letters: tuple[Letter, ...] = ()
    notes: tuple[Note, ...] = ()
    suppressed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What becomes of a thread, and the events that tell why. `suppress` are addresses never to be written to again."""

    thread: Thread
    events: tuple[Event, ...] = ()
    suppress: tuple[str, ...] = ()


# -- messages ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """A display name and an addr-spec (RFC 5322, section 3.4, which calls the pair a mailbox)."""

    name: str = ""
    addr_spec: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RawMessage:
    """A message as the IMAP server gave it (RFC 9051, sections 2.3.1 and 2.3.3).

    `raw` is the header section only unless `whole`; `size` is RFC822.SIZE, in octets. `internal_date` is None where the
    server gave none that can be read.
    """

    folder: str
    uid: int
    internal_date: Instant | None
    raw: bytes
    size: int = 0
    whole: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Cursor:
    """A place in a folder: every message up to `last_uid` was seen (RFC 9051, section 2.3.1.1)."""

    folder: str
    uidvalidity: int
    last_uid: int


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
class Incoming:
    """A message, parsed; every field is what could be read, never an exception.

    Message-IDs are kept verbatim without surrounding white space, with their angle brackets. `digest` is a hash of the
    whole message and stands for the Message-ID where there is none. `headers` maps lower-case names to the unfolded
    values in order. `text` is the plain text with quotations, `own_text` the sender's own words. `attached_ids` are the
    Message-IDs of embedded originals (message/rfc822, text/rfc822-headers). `readable` is False where the structure was
    too broken to trust, so that only the headers speak.
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

    Addresses are normalised; `to` has Cc in it; `subject` is undecoded. `machine`: it might be a delivery report or an
    automatic answer, whose headers need not name us.
    """

    message_id: str = ""
    in_reply_to: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    from_: tuple[str, ...] = ()
    to: tuple[str, ...] = ()
    subject: str = ""
    machine: bool = False


class MatchedBy(StrEnum):
    """How a message was found to belong to a thread, the surest first."""

    IN_REPLY_TO = "in_reply_to"
    REFERENCES = "references"
    ORIGINAL_MESSAGE_ID = "original_message_id"
    ADDRESS = "address"
    RECIPIENT = "recipient"
    SUBJECT = "subject"


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A thread that a message might belong to, with what it can be known by.

    `message_ids` are those of our letters, and other names that providers gave them. `newest` is False for an earlier
    thread of a contact who has a newer one.
    """

    thread: Thread
    contact: Contact
    message_ids: frozenset[str] = frozenset()
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

    @property
    def evidence(self) -> str:
        """One line that tells the rule and what it rests on."""
        return f"{self.rule}: {self.words}" if self.words else self.rule


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A message as it is remembered, with its verdict. `not_answer` is the user's word that it was none."""

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

    @property
    def evidence(self) -> str:
        """One line that tells the rule and what it rests on."""
        return f"{self.rule}: {self.words}" if self.words else self.rule


# -- sending -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendered:
    """A template with its blanks filled in. `note_ids` are the notes the text tells."""

    template: str
    subject: str
    body: str
    note_ids: tuple[int, ...] = ()


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


# -- decisions ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Send:
    """The letter of this step is to go out now."""

    step: int


@dataclass(frozen=True, slots=True)
class Wait:
    """Nothing is to be done before this instant; None: not before something happens."""

    until: Instant | None


@dataclass(frozen=True, slots=True)
class Hold:
    """The letter waits for the user, and why."""

    reason: str


@dataclass(frozen=True, slots=True)
class Skip:
    """The step is passed over (nothing new to tell), and the wait of the next one counts from now."""

    reason: str


@dataclass(frozen=True, slots=True)
class Finish:
    """The thread ends in this state."""

    state: State
    reason: str


Decision = Send | Wait | Hold | Skip | Finish


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """A letter to come: when, to whom, which; `why` is the chain behind the date, a line a link."""

    at: Instant
    email: str
    thread_id: int
    step: int
    template: str
    why: tuple[str, ...] = ()
