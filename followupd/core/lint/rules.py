"""Every rule says why it is one and what to do instead; errors hold a letter, warnings are shown.

An error is what a reader would be sure to mind and what the text itself proves; where a rule misses something that
might be said in other words, or judges taste, it warns.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from followupd.core.model import Finding, LintRule, Severity


@dataclass(frozen=True, slots=True)
class About:
    """How grave a rule is, why it is one, and how to mend what it finds."""

    severity: Severity
    reason: str
    remedy: str


def _error(reason: str, remedy: str) -> About:
    return About(Severity.ERROR, reason, remedy)


def _warning(reason: str, remedy: str) -> About:
    return About(Severity.WARNING, reason, remedy)


_R = LintRule
RULES: Final[Mapping[LintRule, About]] = {
    _R.VAGUE_ASK: _error(
        "nobody can say yes to a question that could mean anything",
        "ask the one thing that only this person can tell, and what it is for",
    ),
    _R.UNNAMED_TIME: _warning("time is asked for without saying for what", "say what you would do with the time"),
    _R.NO_ASK: _warning("a first letter without a question leaves the reader to guess", "ask one question"),
    _R.MANY_ASKS: _warning("several questions are more work than one, and are put off", "keep the one that matters"),
    _R.LATE_ASK: _warning("the question is not on the first screen", "move the question up, or cut what is before it"),
    _R.ASK_GROWS: _error(
        "it asks for more than an earlier letter that went unanswered", "ask for as much as before, or for less"
    ),
    _R.NO_OFFER: _warning("nothing is offered in return", "offer something that is of use to them"),
    _R.EMPTY_OFFER: _error(
        "an offer of anything is an offer of nothing: they would have to find the work for you",
        "offer one thing that you have and they can use",
    ),
    _R.NO_PRAISE: _warning("nothing says why it is this person you ask", "say what of their work you used, and how"),
    _R.GENERIC_PRAISE: _error(
        "this could be said to anybody", "name the thing they made or wrote, and what it changed for you"
    ),
    _R.NO_SCOPE: _warning("the scope of it is not set", "say where you stand, where it should lead, on what terms"),
    _R.PRESSURE: _error("it makes an answer a debt", "leave it out: the date of the letter says it already"),
    _R.NO_EXIT: _error("from the third letter on, a no must be made easy", "say in one sentence that a no is welcome"),
    _R.NO_RECAP: _error(
        "after eight weeks nobody remembers who is writing, and what about",
        "say in the first lines who you are, and what you asked",
    ),
    _R.SAME_AGAIN: _error("an earlier letter of this thread said the same", "say something new, or send nothing"),
    _R.TWIN: _error(
        "somebody of the same organisation or tag got nearly the same letter, and people talk to each other",
        "say something that is theirs alone",
    ),
    _R.STALE_WORDS: _error(
        "these words were true on the day they were written, and the letter leaves much later", "name the date"
    ),
    _R.TOO_LONG: _warning("it cannot be read in a minute", "cut it to what the question needs"),
    _R.PLACEHOLDER: _error("a blank was not filled in", "fill it in, or leave the sentence out"),
    _R.WRONG_NAME: _error("it greets somebody else", "mend the greeting, or the contact's name"),
    _R.NO_NAME: _warning("it greets nobody by name", "greet them by their name"),
    _R.FALSE_REPLY: _error("it speaks as if there had been an exchange, and there was none", "leave it out"),
    _R.ATTACHMENT: _error("it promises an attachment, and letters carry none", "put it into the letter, or link to it"),
    _R.SHORT_LINK: _error("nobody can see where a shortened link leads", "give the whole address"),
    _R.TRACKING: _error("it would tell on its reader", "give the plain address, without what comes for counting"),
    _R.UNWRITABLE: _error("the letter cannot be written", "mend what is named"),
}


def severity(finding: Finding) -> Severity:
    """Tell whether a finding holds a letter."""
    return RULES[finding.rule].severity


def message(finding: Finding) -> str:
    """Say in one line what was found, why that is wrong, and how to mend it."""
    about = RULES[finding.rule]
    found = f'"{finding.words}": ' if finding.words else ""
    return f"{found}{about.reason}; {remedy(finding)}"


def remedy(finding: Finding) -> str:
    """Say how to mend what was found, with the command for it where there is one."""
    said = RULES[finding.rule].remedy
    return f"{said}: {finding.hint}" if finding.hint else said


def place(finding: Finding) -> str:
    """Say where: the letter or field, and the line in it."""
    return f"{finding.where}, line {finding.line}" if finding.line else finding.where
