"""What the user wants to hear from the program without asking: in a log, in a mail to themselves, and at once.

And which program of theirs is asked before a letter goes.
"""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from followupd.core.instants import Instant, Span


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


class Words(StrEnum):
    """How much of what somebody wrote a notice may carry."""

    NONE = "none"
    SUBJECT = "subject"
    TEXT = "text"


@dataclass(frozen=True, slots=True, kw_only=True)
class Notify:
    """The program that is told at once, () for none, and whether it is told words of theirs.

    `mail`: the user writes to themselves when somebody answered. `words` of theirs may stand in that, and in what is
    pushed.
    """

    command: tuple[str, ...] = ()
    excerpt: bool = False
    mail: bool = False
    words: Words = Words.NONE


@dataclass(frozen=True, slots=True, kw_only=True)
class Veto:
    """The program that is asked before a letter goes, () for none, and how long it may take."""

    command: tuple[str, ...] = ()
    within: timedelta = timedelta(seconds=60)


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """What is told at once: what happened, when, and about whom ("" for the service).

    `id` is the same whenever it is told, `number` that of the line of history, 0 where there is none. `text`, `subject`
    and `excerpt` may hold words of theirs.
    """

    id: str
    number: int = 0
    event: str
    at: Instant
    account: str
    email: str = ""
    name: str = ""
    text: str = ""
    subject: str = ""
    excerpt: str = ""
