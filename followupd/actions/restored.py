"""Once an answer was none, its thread stands as it would without it: what held, paused or ended it does so again."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from followupd.core.cadence import SENDABLE, step_of
from followupd.core.model import Case, Change, Event, State, Thread
from followupd.core.settings import Policy
from followupd.core.states import Happening, move

_HAPPENED: Final[Mapping[str, Happening]] = {
    "held": Happening.HOLD,
    "approved": Happening.RESUME,
    "discarded": Happening.RESUME,
    "retried": Happening.RESUME,
    "paused": Happening.PAUSE,
    "resumed": Happening.RESUME,
    "sent": Happening.LETTER_SENT,
    "stopped": Happening.STOP,
    "undeliverable": Happening.ADDRESS_DEAD,
}
"""What a line of history did to its thread; a line of another kind did nothing that outlives an answer."""
_PAUSED: Final = "paused by you, before the message"


def without_the_answer(
    case: Case, history: Sequence[Event], event: Event, policy: Policy, settled: tuple[str, ...] = ()
) -> Change:
    """Give an answered thread as it stands if nobody answered; `event` is the user's word for it.

    `settled` is how the reasons to hold it begin that are done with.

    The history is played once more, from the last reopening on: neither a stop nor a doubt about another message is
    lost by taking an answer back.
    """
    change = move(case.thread, Happening.REOPEN, event)
    thread, last = change.thread, event
    for one in since_reopened(history):
        happening = _HAPPENED.get(one.kind)
        if happening is None or (happening is Happening.HOLD and one.text.startswith(settled)):
            continue
        if thread.state is State.PAUSED and happening is Happening.RESUME and one.kind != "resumed":
            # a word on a letter ends no pause
            continue
        again = replace(one, at=event.at)
        if happening is Happening.PAUSE:
            again = replace(again, text=_PAUSED)
        before, thread = thread, move(thread, happening, again).thread
        if thread.state is not before.state:
            last = again
    if thread.state in SENDABLE:
        return _silent(change, policy, event)
    return Change(thread=_at_its_step(thread, change.thread), events=(*change.events, last))


def since_reopened(history: Sequence[Event]) -> Sequence[Event]:
    """Give what happened after the user last began the thread anew: what ended it before is no longer so."""
    begun = max((number for number, one in enumerate(history) if one.kind == "reopened"), default=-1)
    return history[begun + 1 :]


def _silent(change: Change, policy: Policy, event: Event) -> Change:
    """Let a thread whose every letter went out be silent again."""
    if step_of(change.thread, policy) is not None:
        return change
    again = replace(event, kind=State.SILENT.value, text="every letter went out, nobody answered")
    silent = move(change.thread, Happening.LAST_LETTER_SENT, again)
    return replace(silent, events=(*change.events, again))


def _at_its_step(played: Thread, now: Thread) -> Thread:
    """Take the state that was played, and all dates and counts as they are."""
    return replace(
        now,
        state=played.state,
        reason=played.reason,
        resume_to=played.resume_to,
        paused_until=played.paused_until,
        next_at=None,
    )
