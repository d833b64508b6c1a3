"""What is to be done about a thread, and what is planned for it."""

from dataclasses import dataclass

from followupd.core.instants import Instant
from followupd.core.model.outreach import State


@dataclass(frozen=True, slots=True)
class Send:
    """The letter of this step is to go out now."""

    step: int


@dataclass(frozen=True, slots=True)
class Wait:
    """Nothing is to be done before this instant; None: not before something happens. `reason` is what is waited for."""

    until: Instant | None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Hold:
    """The letter waits for the user, and why."""

    reason: str


@dataclass(frozen=True, slots=True)
class Skip:
    """The step is passed over (nothing new to tell), and the wait of the next one counts from now."""

    reason: str


@dataclass(frozen=True, slots=True)
class Finish:
    """The thread ends in this state."""

    state: State
    reason: str


Decision = Send | Wait | Hold | Skip | Finish


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """A letter to come: when, to whom, which; `why` is the chain behind the date, a line a link."""

    at: Instant
    email: str
    thread_id: int
    step: int
    template: str
    why: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Barred:
    """A letter that is due and has no date, since something stands before it that no day alone ends."""

    email: str
    thread_id: int
    step: int
    template: str
    reason: str
