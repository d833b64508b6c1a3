"""All that the report says, as one value: what needs the user, everybody on one axis of time, what patience earned."""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from followupd.core import patience
from followupd.core.instants import Instant, Span, add
from followupd.core.model import OPEN_STATES, Contact, Note, Outreach, Planned, State
from followupd.core.needs import Need
from followupd.core.settings import Policy


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """One person: all outreaches to them, the oldest first, their notes, and the letters to come."""

    contact: Contact
    outreaches: tuple[Outreach, ...]
    notes: tuple[Note, ...] = ()
    planned: tuple[Planned, ...] = ()
    steps: int = 0

    @property
    def current(self) -> Outreach:
        """The open outreach, else the newest: the one that `list` shows."""
        return max(self.outreaches, key=lambda one: (one.case.thread.state in OPEN_STATES, one.case.thread.id))

    @property
    def state(self) -> State:
        """How the current outreach stands."""
        return self.current.case.thread.state


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """Everything, as it stood at `now`; the axis of time runs from `begins` to `ends`."""

    now: Instant
    begins: Instant
    ends: Instant
    me: str
    needs: tuple[Need, ...]
    planned: tuple[Planned, ...]
    stories: tuple[Story, ...]
    counts: Mapping[State, int]
    asked: tuple[patience.Asked, ...]
    account: patience.Account
    curve: patience.Curve | None
    earned: tuple[patience.Earned, ...]


def horizon(policy: Policy, now: Instant) -> Instant:
    """Give the end of the axis: a year ahead."""
    return add(now, Span(years=1), policy.me.zone)


def overview(
    outreaches: Collection[Outreach], planned: Sequence[Planned], needs: tuple[Need, ...], policy: Policy, now: Instant
) -> Overview:
    """Put together what was read, foreseen and found to be needed; people stand in the order of `list`."""
    told = _stories(outreaches, planned, policy)
    asked = patience.asked(outreaches, now)
    return Overview(
        now=now,
        begins=min((one.begun for one in asked), default=now),
        ends=horizon(policy, now),
        me=policy.me.name,
        needs=needs,
        planned=tuple(planned),
        stories=told,
        counts=Counter(one.state for one in told),
        asked=asked,
        account=patience.account(asked),
        curve=patience.curve(asked),
        earned=patience.earned(asked),
    )


def _stories(outreaches: Collection[Outreach], planned: Sequence[Planned], policy: Policy) -> tuple[Story, ...]:
    people: defaultdict[int, list[Outreach]] = defaultdict(list)
    for one in outreaches:
        people[one.case.contact.id].append(one)
    coming: defaultdict[int, list[Planned]] = defaultdict(list)
    for letter in planned:
        coming[letter.thread_id].append(letter)
    found = []
    for theirs in people.values():
        newest = theirs[-1].case
        cadence = policy.cadences.get(newest.thread.cadence)
        story = Story(
            contact=newest.contact,
            outreaches=tuple(theirs),
            notes=newest.notes,
            planned=tuple(letter for one in theirs for letter in coming[one.case.thread.id]),
            steps=len(cadence.steps) if cadence else 0,
        )
        found.append(story)
    return tuple(sorted(found, key=_next_first))


def _next_first(story: Story) -> tuple[bool, Instant, str]:
    at = story.current.case.thread.next_at
    return at is None, at or story.current.case.thread.anchor, story.contact.email
