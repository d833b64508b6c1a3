"""What a message was judged to be is told in plain words, with what it asks for and the exact commands that follow."""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Final, Protocol

from followupd.core.model import Contact, State, Verdict

LONGEST: Final = 160
"""Characters of a stranger's words that stand in a line of history; the whole is kept with the message."""

RESUMED: Final = "resumed by you"
"""What history says where the user let a thread go on."""
MOVED: Final = "moved"
"""How the reason to hold a thread begins where they are said to be elsewhere."""

_ENDINGS: Final = {
    "rfc5429.reject.action-failed": "their filter refused the letter",
    ".action-failed": "a mail server says that the letter failed",
    ".action-delayed": "a mail server says that the letter is delayed",
    ".success": "a mail server says that the letter arrived",
}
_BEGINNINGS: Final = {
    "match.in_reply_to": "it answers our letter",
    "match.references": "it stands in our thread",
    "match.original_message_id": "it has our letter in it",
    "match.gmail_thread": "Gmail keeps it in our conversation",
    "match.thread_index": "Exchange keeps it in our conversation",
    "match.forwarded": "somebody to whom the letter was handed on may be answering",
    "match.address": "it comes from their address",
    "match.recipient": "it is about their address",
    "match.subject": "somebody of the same organisation writes under our subject",
    "match.none": "it belongs to no thread",
    "match.report-of-another-letter": "it is about another letter",
    "match.": "it belongs to the thread",
    "thread.older": "it is older than the thread",
    "thread.not-begun": "it came before our first letter",
    "own.": "it is your own",
    "message.unreadable": "only its header can be read",
    "rfc2919.": "it came over a mailing list",
    "rfc2369.": "it was sent to many",
    "rfc8098.": "a program says that the letter was shown or deleted",
    "rfc5546.cancel": "an invitation is taken back",
    "rfc5546.": "an invitation, or the answer to one",
    "rfc3834.auto-submitted": "it says itself that a program sent it",
    "rfc3834.": "it reads like a program's, and nobody can answer it",
    "rfc5965.": "somebody called the letter spam",
    "header.x-apple-unsubscribe": "their mail program unsubscribes for them",
    "header.": "a header field that programs write",
    "words.stop": "they ask not to be written to",
    "words.away": "it reads like a note of absence",
    "words.receipt": "it reads like a ticket desk's receipt",
    "words.challenge": "a filter wants to know that you are a person",
    "words.gone": "they are said to have left",
    "words.moved": "they are said to have another address",
    "words.subject": "its subject calls it automatic",
    "words.": "it says so in words",
}
"""Rules by how their names begin; of several the longest counts."""
_ELSEWHERE: Final = ("words.gone", "words.moved")
_PLAIN_WORD: Final = re.compile(r"[\w@%+=:,./-]+", re.ASCII)
_DOUBTS: Final = {
    Verdict.BOUNCE: "a letter that may have come back, says",
    Verdict.AUTO_REPLY: "an automatic message that you should read, from",
}


class Judged(Protocol):
    """What a judgement and a remembered message have in common."""

    @property
    def verdict(self) -> Verdict:
        """What it is."""

    @property
    def rule(self) -> str:
        """The stable name of the rule that decided."""

    @property
    def words(self) -> str:
        """What the rule rests on."""

    @property
    def hint(self) -> str:
        """What a person's answer seems to say."""

    @property
    def asked_for(self) -> date | None:
        """The day they ask to be written to again."""

    @property
    def other_address(self) -> str:
        """An address they name."""


@dataclass(frozen=True, slots=True)
class Offer:
    """A command that the user may want next, and for what; nobody but the user carries it out."""

    what: str
    command: str

    def __str__(self) -> str:
        """Write both in one line."""
        return f"{self.what}: {self.command}"


def plain(rule: str) -> str:
    """Say in plain words what a rule saw, "" for one that is not known here."""
    for ending, words in _ENDINGS.items():
        if rule.endswith(ending):
            return words
    known = [beginning for beginning in _BEGINNINGS if rule.startswith(beginning)]
    return _BEGINNINGS[max(known, key=len)] if known else ""


def because(one: Judged) -> str:
    """Give the rule, what it saw in plain words, and the beginning of what it rests on, in one line."""
    said = f"{one.rule}, {seen}" if (seen := plain(one.rule)) else one.rule
    return f"{said}: {one.words[:LONGEST]}" if one.words else said


def domain_gone(domain: str) -> str:
    """Give how the reason to hold a thread begins where the domain of their address takes no mail any more."""
    return f"domain gone: {domain}"


def doubt(verdict: Verdict, who: str, rule: str) -> str:
    """Give how a reason to hold a thread begins that is a message for the user to judge."""
    if rule.startswith(_ELSEWHERE):
        return f"{MOVED}, says a message from {who} ({rule}"
    return f"{_DOUBTS.get(verdict, 'a possible answer from')} {who} ({rule}"


def seems(one: Judged) -> str:
    """Tell what an answer seems to say: "later, asks for 2027-09-06", "yes", "" where it is not clear."""
    return f"{one.hint}, asks for {one.asked_for.isoformat()}" if one.asked_for else one.hint


def _same(day: date) -> date:
    return day


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How the thread of a message stands.

    `held`: the next letter waits for the user's word on this message. `finished`: every letter of the cadence went out,
    so that only another cadence has one more. `leaves` gives the first day from a day on on which a letter may go.
    """

    state: State
    held: bool = False
    finished: bool = False
    leaves: Callable[[date], date] = _same


def offers(one: Judged, contact: Contact, standing: Standing) -> tuple[Offer, ...]:
    """Give what the user may want to do about a message, as its thread stands. To a "no" nothing is offered."""
    state = standing.state
    who = word(contact.email)
    found = _on_doubt(one, who, state) if standing.held else ()
    if one.hint == "later" and state is State.ANSWERED:
        day = one.asked_for.isoformat() if one.asked_for else "DATE"
        again = f"followupd reopen {who} --on {day}{' --cadence NAME' if standing.finished else ''}"
        first = standing.leaves(one.asked_for) if one.asked_for else None
        then = f"then, which is on {first.isoformat()}" if first != one.asked_for and first else "then"
        found = (*found, Offer(f"to write to them again {then}", again))
    if one.other_address and _to_be_offered(one, contact) and state is not State.OPTED_OUT:
        other = word(one.other_address)
        if _is_theirs(one.other_address, contact):
            found = (*found, Offer("to write to their new address", f"followupd edit {who} --email {other}"))
        else:
            named = f"followupd add {other} --referred-by {who}"
            found = (*found, Offer("to write to the one they name", named))
    return found


def _to_be_offered(one: Judged, contact: Contact) -> bool:
    """Leave out an address of theirs that is known, and the deputy whom a note of absence names."""
    deputy = one.verdict is Verdict.AUTO_REPLY and not one.rule.startswith(_ELSEWHERE)
    return not deputy and one.other_address not in contact.addresses


def _is_theirs(address: str, contact: Contact) -> bool:
    """Tell whether an address looks like another one of the same person: by their name, or by what stands before the @.

    It only decides which command is offered; the other one is the user's to type.
    """
    local = address.partition("@")[0].partition("+")[0].lower()
    if any(known.partition("@")[0].partition("+")[0].lower() == local for known in contact.addresses):
        return True
    names = [_plainly(name) for name in re.findall(r"[^\W\d_]{3,}", contact.name)]
    return any(name in _plainly(local) for name in names)


def _plainly(name: str) -> str:
    """Give a name as it stands in addresses, without accents."""
    spelt = name.lower().replace("ä", "ae").replace("ö", "oe").replace("ü", "ue").replace("ß", "ss").replace("ø", "o")
    return "".join(one for one in unicodedata.normalize("NFKD", spelt) if one.isascii())


def word(text: str) -> str:
    """Give a text as one word of a shell, in quotes where it needs them."""
    return text if _PLAIN_WORD.fullmatch(text) else "'" + text.replace("'", "'\"'\"'") + "'"


def _on_doubt(one: Judged, who: str, state: State) -> tuple[Offer, ...]:
    """Give both answers to a doubt; a thread that has ended needs only the one that changes something."""
    goes_on = Offer("to go on", f"followupd resume {who}")
    if one.verdict in _DOUBTS:
        return (goes_on, Offer("to end it", f"followupd stop {who}")) if state is State.HELD else ()
    if state in {State.ANSWERED, State.OPTED_OUT}:
        return ()
    counts = Offer("if it is an answer", f"followupd answered {who}")
    return (counts, Offer("if not", goes_on.command)) if state is State.HELD else (counts,)
