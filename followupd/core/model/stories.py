"""A thread with all that happened to it, as a report tells it."""

from dataclasses import dataclass

from followupd.core.model.messages import Message
from followupd.core.model.outreach import Case, Event


@dataclass(frozen=True, slots=True, kw_only=True)
class Outreach:
    """A thread with its letters and notes, the messages that belong to it, and its history; each the oldest first."""

    case: Case
    messages: tuple[Message, ...] = ()
    events: tuple[Event, ...] = ()
