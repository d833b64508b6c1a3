"""What is looked for in a folder behind the place up to which it was read."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True, kw_only=True)
class Sought:
    """One of: a Message-ID with its angle brackets, recipients, senders, or the day since which messages arrived.

    Addresses are normalised addr-specs; any of them will do. `since` is a day of INTERNALDATE, whatever its zone.
    """

    message_id: str = ""
    to: tuple[str, ...] = ()
    from_: tuple[str, ...] = ()
    since: date | None = None
