"""Which letters really went to the address that is written to now: a later one may answer and name only these.

"Re:", In-Reply-To and References tell a reader that they know what is answered. They are true of a letter that was
accepted for this very mailbox and did not come back.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from followupd.core.addresses import key
from followupd.core.instants import Instant, add
from followupd.core.model import Case, Judgement, Letter, LetterState, Verdict
from followupd.core.settings import Policy

TEXT_LOST: Final = "(this letter was written after the backup was taken, and its text is lost)"
"""The text of a letter of which only the witness file knows; nobody is ever shown it as ours."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Missed:
    """The first letter of a thread, which whoever is written to now has not got; `address` is where it went.

    `returned`: it went to this address, and came back.
    """

    letter: Letter
    address: str
    returned: bool


def reached(case: Case) -> tuple[Letter, ...]:
    """Give the letters of a thread that went to the present address and did not come back, the oldest first."""
    here = key(case.contact.email)
    return tuple(one for one in _gone(case) if key(one.rcpt_to) == here and not one.returned)


def missed(case: Case) -> Missed | None:
    """Give the first letter of a thread of which none has reached the present address; None where one has."""
    gone = _gone(case)
    if not gone or reached(case):
        return None
    first = gone[0]
    here = key(first.rcpt_to) == key(case.contact.email)
    return Missed(letter=first, address=first.rcpt_to, returned=here)


def my_former_address(case: Case, me: str) -> str:
    """Give the address from which they got the last letter, where it is not the one I write from now; "" if it is."""
    known = [one.mail_from for one in reached(case)][-1:]
    return next((one for one in known if one and key(one) != key(me)), "")


def came_back(case: Case, judgement: Judgement, ids: Collection[int], recipients: Collection[str]) -> tuple[int, ...]:
    """Give the letters of a thread that a message says never arrived, by their ids: none unless it is a bounce.

    `ids` are the letters that it names; where it names none, it is about the newest one to one of its `recipients`.
    """
    if judgement.verdict is not Verdict.BOUNCE:
        return ()
    gone = _gone(case)
    if ids:
        return tuple(one.id for one in gone if one.id in ids)
    named = {key(address) for address in recipients}
    return tuple(one.id for one in gone if key(one.rcpt_to) in named)[-1:]


def to_quote(case: Case, policy: Policy, now: Instant) -> Letter | None:
    """Give the first letter, where the next one has to show it below: they never got it, or it is long ago.

    None where the policy quotes nothing, or where there is no text of it. With whoever has answered the conversation
    goes on: only the first letter after that shows it.
    """
    gone = _gone(case)
    if not gone or not policy.quote_after.least_days() or gone[0].body.strip() in {"", TEXT_LOST}:
        return None
    if not reached(case):
        return gone[0]
    if case.before and any(one.state is LetterState.SENT for one in case.letters):
        return None
    last = max(one.sent_at or one.created_at for one in gone)
    return gone[0] if add(last, policy.quote_after, policy.me.zone) <= now else None


def _gone(case: Case) -> tuple[Letter, ...]:
    return tuple(one for one in (*case.before, *case.letters) if one.state is LetterState.SENT)
