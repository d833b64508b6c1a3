"""What the user wants to hear from the program without asking: in a log, and in a mail to themselves."""

from dataclasses import dataclass
from enum import StrEnum

from followupd.core.instants import Span


class LogFormat(StrEnum):
    """How an event of the log is written: a line for people, or a JSON document on a line."""

    PLAIN = "plain"
    JSON = "json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Log:
    """How the daemon logs; without `people` no address of anybody stands there."""

    format: LogFormat = LogFormat.PLAIN
    people: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Rhythm:
    """How often a digest is written (None: never), from which minute of the day on; by weeks, on which weekday."""

    every: Span | None = None
    weekday: int = 0
    minute: int = 7 * 60
