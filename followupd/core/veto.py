"""A program of the user's may hold a letter: what is kept of its word, and when it is asked again.

A letter that it held stays held without a word while it says the same; once it lets the letter go, or the user does,
the letter goes.
"""

from dataclasses import replace
from datetime import timedelta
from typing import Final

from followupd.core.instants import Instant
from followupd.core.letter_states import LetterHappening, after
from followupd.core.model import Case, Change, Event, Letter, State
from followupd.core.outcome import settled
from followupd.core.settings import Policy
from followupd.core.states import Happening, move
from followupd.core.telling import word
from followupd.core.unshown import UNSHOWN

AGAIN: Final = timedelta(hours=1)
"""How long a program that said no, or failed, is not asked about the same letter."""
LONGEST: Final = 200
"""Characters of its reason that are kept."""


def reason(printed: bytes, otherwise: str) -> str:
    """Give the first line that a program printed, without control characters and cut; `otherwise` where it is empty."""
    line = printed.partition(b"\n")[0].decode("utf-8", "replace")
    said = " ".join(UNSHOWN.sub(" ", line).split())
    return (said if len(said) <= LONGEST else said[: LONGEST - 3].rstrip() + "...") or otherwise


def begins(letter: Letter) -> str:
    """Give how the reason begins by which a thread is held that a program holds."""
    return f"letter {letter.step + 1} is held by "


def holds(case: Case, letter: Letter) -> bool:
    """Tell whether a program holds a thread, for this letter."""
    return case.thread.state is State.HELD and case.thread.reason.startswith(begins(letter))


def held(case: Case, letter: Letter, name: str, why: str, now: Instant) -> tuple[Letter, Change]:
    """Give a letter and its thread as a program leaves them that said no; history tells it where it is news."""
    state = after(letter.state, LetterHappening.VETOED)
    kept = replace(letter, state=state, said=why, vetoed_at=now, overrules=False, retry_at=None)
    text = (
        f"{begins(letter)}{name}: {why}; as it stands all the same: followupd outbox approve {letter.id}; to have "
        f"{name} asked at once: followupd resume {word(case.contact.email)}"
    )
    if case.thread.state is not State.HELD:
        return kept, move(case.thread, Happening.HOLD, Event(at=now, kind="held", text=text))
    if case.thread.reason == text:
        return kept, Change(thread=case.thread)
    return kept, Change(thread=replace(case.thread, reason=text), events=(Event(at=now, kind="vetoed", text=text),))


def freed(case: Case, letter: Letter, why: str, policy: Policy, now: Instant) -> Change:
    """Give a held thread as it goes on once nothing of a program's holds it any more."""
    event = Event(at=now, kind="resumed", text=f"letter {letter.step + 1} may go: {why}")
    return settled(case, move(case.thread, Happening.RESUME, event), policy, now)


def as_free(case: Case) -> Case:
    """Give a held case as it would stand if it went on."""
    state = State.WAITING if case.thread.step else State.SCHEDULED
    return replace(case, thread=replace(case.thread, state=state))


def is_due(letter: Letter, now: Instant) -> bool:
    """Tell whether a program is to be asked again about a letter that it held; at once where the clock was set back."""
    return letter.vetoed_at is None or not timedelta() <= now - letter.vetoed_at < AGAIN
