"""What happened, as it is told: a thread with all of it, and a line of history."""

from dataclasses import dataclass

from followupd.core.instants import Instant
from followupd.core.model.outreach import Case, Event
from followupd.core.model.remembered import Message


@dataclass(frozen=True, slots=True, kw_only=True)
class Outreach:
    """A thread with its letters and notes, the messages that belong to it, and its history; each the oldest first."""

    case: Case
    messages: tuple[Message, ...] = ()
    events: tuple[Event, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class LogLine:
    """One line of history and whose it is. `id` grows with every line written."""

    id: int
    at: Instant
    email: str
    name: str
    kind: str
    text: str
