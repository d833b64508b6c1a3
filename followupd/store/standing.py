"""What a thread becomes when it was changed while a letter of it was on the wire: the user's word stands."""

from dataclasses import replace
from typing import Final

from followupd.core.model import OPEN_STATES, State, Thread
from followupd.core.states import RETURN, TABLE, Happening

SENDABLE: Final = frozenset({State.SCHEDULED, State.WAITING})


def reconciled(standing: Thread, wanted: Thread) -> Thread:
    """Put together the thread as it stands now and what came of sending, which was decided before.

    The letter is out, so step and anchor advance in any case. Whatever keeps the next letter back stands: an end, a
    pause, a snooze.
    """
    step, anchor = max(standing.step, wanted.step), max(standing.anchor, wanted.anchor)
    if standing.state in OPEN_STATES and wanted.state not in OPEN_STATES:
        return replace(wanted, revision=standing.revision)
    if standing.state not in SENDABLE:
        back = wanted.state if standing.resume_to in SENDABLE and wanted.state in SENDABLE else standing.resume_to
        words = "" if wanted.step > standing.step else standing.kept_words
        return replace(standing, step=step, anchor=anchor, resume_to=back, kept_words=words)
    not_before = max((at for at in (standing.not_before, wanted.not_before) if at), default=None)
    next_at = max(wanted.next_at, not_before) if wanted.next_at and not_before else wanted.next_at
    return replace(wanted, step=step, anchor=anchor, not_before=not_before, next_at=next_at, revision=standing.revision)


def may_become(standing: State, wanted: State) -> bool:
    """Tell whether anything but the user's `reopen` leads from one state to the other."""
    if standing is wanted:
        return True
    reachable = {after for happening, after in TABLE[standing].items() if happening is not Happening.REOPEN}
    return wanted in reachable or (RETURN in reachable and wanted in SENDABLE)
