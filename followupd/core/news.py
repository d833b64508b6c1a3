"""Which news a letter may tell: what no letter has told yet, what is still news on that day, what a step waits for."""

from collections.abc import Iterator
from datetime import date
from typing import Final

from followupd.core.model import Case, Note, Thread
from followupd.core.settings import Policy, Step

_NO_WORDS: Final = "-–—.…,;:!?*_\"' "


def fresh(case: Case, policy: Policy, day: date) -> tuple[Note, ...]:
    """Give the notes that the next letter of a case may tell if it leaves on a day, the best first.

    A step with a milestone tells what was noted of it first. What another step still waits for is left to that one.
    """
    waiting = awaited(case.thread, policy)
    coming = _coming(case.thread, policy)
    wanted = coming[0].milestone if coming else ""
    told = [
        note
        for note in untold(case)
        if (note.expires is None or day <= note.expires) and (note.milestone == wanted or note.milestone not in waiting)
    ]
    return tuple(sorted(told, key=lambda note: (bool(wanted) and note.milestone == wanted, note.id), reverse=True))


def untold(case: Case) -> Iterator[Note]:
    """Give the notes that no letter has told; one that was noted twice is told once."""
    told = {words(note.text) for note in case.notes if note.spent_by is not None}
    return (note for note in case.notes if note.spent_by is None and words(note.text) not in told)


def words(text: str) -> str:
    """Give that by which a note is known again, "" if it says nothing; blanks, capitals and a last stop are no news."""
    return " ".join(text.casefold().split()).strip(_NO_WORDS)


def reached(case: Case, milestone: str, day: date) -> Note | None:
    """Give the newest note that says a milestone was reached and that no letter has told; None if there is none.

    A letter that leaves on a day after the note's last one has nothing to tell of it, and waits as if it was not there.
    """
    told = [
        note for note in untold(case) if note.milestone == milestone and (note.expires is None or day <= note.expires)
    ]
    return max(told, key=lambda note: note.id, default=None)


def awaited(thread: Thread, policy: Policy) -> tuple[str, ...]:
    """Give the milestones that the coming steps of a thread wait for."""
    return tuple(dict.fromkeys(step.milestone for step in _coming(thread, policy) if step.milestone))


def _coming(thread: Thread, policy: Policy) -> tuple[Step, ...]:
    cadence = policy.cadences.get(thread.cadence)
    return cadence.steps[thread.step :] if cadence else ()
