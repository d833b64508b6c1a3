"""News of a contact that somebody else than the user suggests: only the user's word makes a note of it."""

from dataclasses import dataclass
from enum import StrEnum

from followupd.core.instants import Instant


class Source(StrEnum):
    """Who proposes: the contact's own feed, or an assistant that the user lets look (`followupd mcp`)."""

    FEED = "feed"
    ASSISTANT = "assistant"


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """Something that might become a note; no letter tells it before that.

    `key` knows it again, so that nothing is proposed twice to anybody who has decided on it.
    """

    id: int = 0
    contact_id: int
    source: Source
    key: str
    text: str
    url: str = ""
    published: Instant | None = None
    proposed_at: Instant
