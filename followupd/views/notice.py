"""What is told at once, in a mail to oneself or by a service: no more of what somebody wrote than the user allows."""

from typing import TYPE_CHECKING, Final

from followupd.core.notices import Words
from followupd.core.telling import word
from followupd.views.text import safe, safe_lines

if TYPE_CHECKING:
    from followupd.core.notices import Notice

_SUBJECTS: Final = {
    "answered": "an answer",
    "opted_out": "somebody asked not to be written to",
    "undeliverable": "somebody is not reached",
    "held": "a letter waits for you",
    "in_doubt": "a letter is in doubt",
    "alarm": "a mailbox is not watched",
    "well_again": "a mailbox is watched again",
}
_SAID: Final = {
    "answered": "answered.",
    "opted_out": "asked not to be written to again, and will not be.",
    "undeliverable": "is not reached any more.",
    "held": "would get a letter that waits for you.",
    "in_doubt": "may have got a letter: nobody knows whether it went out.",
}


def subject(one: "Notice") -> str:
    """Give the subject: what happened, and nobody's name, since subjects are shown on locked screens."""
    return f"followupd: {_SUBJECTS.get(one.event, one.event)}"


def text(one: "Notice", words: Words) -> str:
    """Give the text: who and what, the command that shows more, and what they wrote as far as that is allowed."""
    if not one.number:
        return f"Account {safe(one.account)}: {safe(one.text) or _SUBJECTS.get(one.event, one.event)}\n"
    who = f"{safe(one.name)} <{safe(one.email)}>" if one.name else safe(one.email)
    lines = [f"{who} {_SAID.get(one.event, one.event)}", ""]
    heard = one.event in {"answered", "opted_out"}
    if words is not Words.NONE and heard and one.subject:
        lines += [f"Subject: {safe(one.subject)}", ""]
    if words is Words.TEXT and heard and one.excerpt:
        lines += [*(f"> {line}".rstrip() for line in safe_lines(one.excerpt).split("\n")), ""]
    if words is Words.TEXT and not heard and one.text:
        lines += [safe(one.text), ""]
    return "\n".join([*lines, f"See: followupd show {word(one.email)}"]) + "\n"
