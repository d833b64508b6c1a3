"""People, the threads to them, the letters and notes of a thread, and its history."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from followupd.core.connections import MAIN
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


IN_DOUBT = frozenset({LetterState.SENDING, LetterState.UNCERTAIN})
"""The states of a letter that may have gone out, and of which nobody knows."""
MAY_BE_OUT = IN_DOUBT | {LetterState.SENT}
"""The states of a letter that went out, or may have: another one for its step could be the same letter twice."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """A person one would learn from.

    `addresses` are normalised addr-specs (RFC 5322, section 3.4.1; the domain in lower case as A-labels), the first is
    written to. Text fields are "" where the user has said nothing. `referred_by` is the address of whoever referred the
    user to them, `referrer` that person's name, or the address where that is not known. `offer_of` names the kind of
    offer in the config of which only so many can be kept. `account` is the one that
    writes to them.
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
    blackout: str = ""
    offer_of: str = ""
    tags: tuple[str, ...] = ()
    referred_by: str = ""
    referrer: str = ""
    account: str = MAIN

    @property
    def email(self) -> str:
        """The address that letters go to."""
        return self.addresses[0]


FIELDS = (
    "name", "org", "role", "ask", "offer", "admire", "situation", "goal", "arrangement",
    "timezone", "country", "language", "blackout", "offer_of",
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
    by itself. `kept_words` is what they said when they asked to be written to later; the next letter takes it up.
    `continues` is the id of an ended thread to the same contact whose conversation this one goes on with, None where it
    begins one of its own. `resume_to` is the state a paused or held thread returns to. `revision` counts what was
    written: a change that rests on an older one is not carried out, so that the user's word is never undone by what was
    read before it.
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
    kept_words: str = ""
    continues: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """What we send, or hold, for one step of a thread; written down whole before it is sent.

    `mail_from` and `rcpt_to` are the addresses of its envelope (RFC 5321), "" where they are not known. `returned`: a
    report came that says it never arrived. `raw` are the bytes as they go out, `body` the text before encoding, without
    what is quoted below it. `attempt` counts from 1 and grows only by the
    user's word (`outbox retry`). `approved` is the digest of subject and body that the user has agreed to. `tries` and
    `retry_at` belong to a deferred letter. `said` is what the server answered, or why the letter is held.
    `vetoed_at` is when a program of the user's last said that it may not go, or could not be asked; `overrules`: the
    user has approved it in spite of that. `announced` is the mark (`core.announced`) of what a digest told the user at
    `announced_at`, as it was composed for `announced_for`.
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
    mail_from: str = ""
    rcpt_to: str = ""
    returned: bool = False
    vetoed_at: Instant | None = None
    overrules: bool = False
    announced: str = ""
    announced_at: Instant | None = None
    announced_for: Instant | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """Something new to tell a contact; `spent_by` is the letter that told it, once that was sent.

    `url` is where it can be read, `expires` the last day on which it is news, `milestone` the name of what was reached:
    a cadence may wait for it.
    """

    id: int = 0
    contact_id: int
    text: str
    created_at: Instant
    spent_by: int | None = None
    url: str = ""
    expires: date | None = None
    milestone: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One line of a thread's history, never changed. `kind` is a word for programs, `text` a sentence for people."""

    at: Instant
    kind: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """All that a decision about one thread rests on. `letters` are this thread's, oldest first.

    `before` are the letters that went out in the thread it goes on with, and `answer` is the Message-ID of the newest
    answer to them, "" where none is known; empty where it begins a conversation of its own.
    """

    thread: Thread
    contact: Contact
    letters: tuple[Letter, ...] = ()
    notes: tuple[Note, ...] = ()
    suppressed: bool = False
    before: tuple[Letter, ...] = ()
    answer: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What becomes of a thread, and the events that tell why. `suppress` are addresses never to be written to again."""

    thread: Thread
    events: tuple[Event, ...] = ()
    suppress: tuple[str, ...] = ()
