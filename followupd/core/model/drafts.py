"""Where a draft lies, and what else lies there."""

from dataclasses import dataclass

from followupd.core.model.messages import RawMessage


@dataclass(frozen=True, slots=True)
class Lying:
    """Where a message lies: a folder, and its UID there under a UIDVALIDITY."""

    folder: str
    uidvalidity: int
    uid: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelf:
    """What was found in the folder for drafts, headers only, and the UIDVALIDITY that its UIDs are under."""

    folder: str
    uidvalidity: int
    messages: tuple[RawMessage, ...] = ()
