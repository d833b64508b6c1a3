"""What is found wrong with a letter: the rules by their stable names, and one finding of one of them."""

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """An error holds a letter; a warning is shown."""

    ERROR = "error"
    WARNING = "warning"


class LintRule(StrEnum):
    """The names by which rules are shown, and switched off in the config."""

    VAGUE_ASK = "vague-ask"
    UNNAMED_TIME = "unnamed-time"
    NO_ASK = "no-ask"
    MANY_ASKS = "many-asks"
    LATE_ASK = "late-ask"
    ASK_GROWS = "ask-grows"
    NO_OFFER = "no-offer"
    EMPTY_OFFER = "empty-offer"
    NO_PRAISE = "no-praise"
    GENERIC_PRAISE = "generic-praise"
    NO_SCOPE = "no-scope"
    PRESSURE = "pressure"
    NO_EXIT = "no-exit"
    NO_RECAP = "no-recap"
    SAME_AGAIN = "same-again"
    TWIN = "twin"
    STALE_WORDS = "stale-words"
    TOO_LONG = "too-long"
    PLACEHOLDER = "placeholder"
    WRONG_NAME = "wrong-name"
    NO_NAME = "no-name"
    FALSE_REPLY = "false-reply"
    ATTACHMENT = "attachment"
    SHORT_LINK = "short-link"
    TRACKING = "tracking"
    UNWRITABLE = "unwritable"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What a rule found: where (a letter, a field), in which line of the text (0: in all of it), and the words.

    `hint` is the command that mends it, where there is one.
    """

    rule: LintRule
    where: str
    line: int = 0
    words: str = ""
    hint: str = ""
