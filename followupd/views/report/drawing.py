"""Where things stand on the one axis of time, and how answers come with time, as points for SVG.

A drawing is as wide as its place on the page: it is stretched. So nothing in it has a shape of its own but lines whose
width is not scaled: a dot is a line of no length with round ends, a box one with square ends, a tick stands upright.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import pairwise, takewhile
from typing import Final

from followupd.core.instants import Instant
from followupd.core.model import ANSWERS, OPEN_STATES, Event, LetterState, Message, Outreach, State, Verdict
from followupd.core.overview import Overview, Story
from followupd.core.patience import Curve
from followupd.views.text import minute

WIDTH: Final = 1000
"""Units across a drawing."""
_MACHINE: Final = frozenset({Verdict.AUTO_REPLY, Verdict.DELAY, Verdict.RECEIPT})
_ENDS_PAUSE: Final = frozenset({"resumed", "stopped", "answered", "opted-out", "undeliverable"})
_MANY_YEARS: Final = 6
_ROOM: Final = {12: 0.1, 3: 0.04}
"""Shares of the axis that the name of a year or a quarter takes, by months."""
_MONTHS: Final = {1: "Jan", 4: "Apr", 7: "Jul", 10: "Oct"}


@dataclass(frozen=True, slots=True)
class Mark:
    """Something at one instant: what kind it is, where, and in words."""

    kind: str
    x: float
    title: str


@dataclass(frozen=True, slots=True)
class Stretch:
    """Something that lasts: a wait, a pause, an absence, the time to come."""

    kind: str
    x: float
    to: float
    title: str


@dataclass(frozen=True, slots=True)
class Segment:
    """A year or a quarter of the axis: its name ("" where there is no room) and its days."""

    label: str
    days: int
    x: float


@dataclass(frozen=True, slots=True)
class Steps:
    """The curve as a path: `last` is the day at its right end, `tenths` the share at its top, in tenths.

    `left` are the points at which threads without an answer leave it.
    """

    path: str
    last: int
    tenths: int
    left: tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class Axis:
    """From the first letter to a year ahead; the present is `now`. Days are those where the user lives."""

    begins: Instant
    ends: Instant
    now: Instant

    def x(self, at: Instant) -> float:
        """Give the place of an instant; what lies beyond the axis stands at its end."""
        along = (at - self.begins) / (self.ends - self.begins)
        return round(min(max(along, 0), 1) * WIDTH, 1)

    def years(self) -> tuple[Segment, ...]:
        """Cut the axis at every new year."""
        return self._segments(12)

    def quarters(self) -> tuple[Segment, ...]:
        """Cut the axis at every quarter; () where there would be too many of them."""
        last, first = self._day(self.ends), self._day(self.begins)
        return self._segments(3) if last.year - first.year < _MANY_YEARS else ()

    def _segments(self, months: int) -> tuple[Segment, ...]:
        first, last = self._day(self.begins), self._day(self.ends)
        within = takewhile(lambda day: day < last, _cuts(first, months))
        cuts = [first, *(day for day in within if day > first), last]
        whole = max((last - first).days, 1)
        return tuple(
            Segment(
                label=_label(begins, months) if (ends - begins).days >= whole * _ROOM[months] else "",
                days=max((ends - begins).days, 1),
                x=round((begins - first).days / whole * WIDTH, 1),
            )
            for begins, ends in pairwise(cuts)
        )

    def _day(self, at: Instant) -> date:
        return at.astimezone(self.now.tzinfo).date()


def axis(seen: Overview, now: Instant) -> Axis:
    """Give the axis of a report; `now` is in the zone of the user."""
    return Axis(begins=seen.begins, ends=seen.ends, now=now)


def marks(story: Story, along: Axis) -> tuple[Mark, ...]:
    """Give all that stands at an instant, the latest last, so that it lies on top."""
    found = [(one.created_at, "note", f"note: {one.text}") for one in story.notes]
    for outreach in story.outreaches:
        for letter in outreach.case.letters:
            said = f"letter {letter.step + 1}, {letter.template}"
            if letter.state is LetterState.SENT and letter.sent_at:
                found.append((letter.sent_at, "letter", said))
            elif letter.state is LetterState.UNCERTAIN:
                found.append((letter.sent_at or letter.created_at, "doubt", f"{said}: did it go out?"))
        found += [(one.received_at, _kind(one), f"{one.verdict} from {one.from_}") for one in outreach.messages]
    for number, coming in enumerate(story.planned):
        said = f"letter {coming.step + 1}, {coming.template}, if nothing happens"
        found.append((coming.at, "later" if number else "next", said))
    found.sort(key=lambda one: one[0])
    return tuple(Mark(kind, along.x(at), f"{minute(at, along.now)}: {said}") for at, kind, said in found)


def stretches(story: Story, along: Axis) -> tuple[Stretch, ...]:
    """Give all that lasts: pauses and absences below, then the waits, then the time to come."""
    found: list[Stretch] = []
    for outreach in story.outreaches:
        found += _kept_back(outreach, along)
        sent = sorted(one.sent_at for one in outreach.case.letters if one.sent_at)
        if sent:
            ends = max([sent[-1], *(one.received_at for one in outreach.messages if _counts(one))])
            over = outreach.case.thread.state not in OPEN_STATES
            found.append(Stretch("wait", along.x(sent[0]), along.x(ends if over else along.now), ""))
    if story.planned:
        begins = along.now if story.current.case.thread.step else story.planned[0].at
        found.append(Stretch("coming", along.x(begins), along.x(story.planned[-1].at), ""))
    return tuple(found)


def curve(found: Curve) -> Steps:
    """Draw the curve up to the last day that anybody was watched."""
    last = max([*(one.day for one in found.points), *found.silent, 1])
    highest = found.points[-1].share if found.points else 0.0
    tenths = next(one for one in (2, 5, 10) if highest * 10 <= one)
    path, y = "M0 100", 100.0
    for point in found.points:
        x, higher = _place(point.day, point.share, last, tenths)
        path += f"L{x} {y}L{x} {higher}"
        y = higher
    return Steps(
        path=f"{path}L{WIDTH} {y}",
        last=last,
        tenths=tenths,
        left=tuple(_place(day, _by(found, day), last, tenths) for day in sorted(set(found.silent))),
    )


def _place(day: int, share: float, last: int, tenths: int) -> tuple[float, float]:
    return round(day / last * WIDTH, 1), round(100 - share * 1000 / tenths, 1)


def _by(found: Curve, day: int) -> float:
    """Give the share of those who have answered by a day."""
    return max((one.share for one in found.points if one.day <= day), default=0.0)


def _kind(one: Message) -> str:
    if one.not_answer or one.verdict is Verdict.OTHER:
        return "message"
    if one.verdict in ANSWERS:
        return "answer"
    return "machine" if one.verdict in _MACHINE else "end"


def _counts(one: Message) -> bool:
    return _kind(one) in {"answer", "end"}


def _kept_back(outreach: Outreach, along: Axis) -> Iterator[Stretch]:
    """Give the pauses that history tells, and what keeps the next letter back from now on."""
    begun: Event | None = None
    for one in outreach.events:
        if one.kind == "paused":
            begun = begun or one
        elif begun is not None and one.kind in _ENDS_PAUSE:
            yield Stretch("pause", along.x(begun.at), along.x(one.at), begun.text)
            begun = None
    thread = outreach.case.thread
    if begun is not None and thread.state is State.PAUSED:
        yield Stretch("pause", along.x(begun.at), along.x(thread.paused_until or along.ends), begun.text)
    if thread.not_before is not None and thread.not_before > along.now and thread.state in OPEN_STATES:
        until = minute(thread.not_before, along.now)
        yield Stretch("pause", along.x(along.now), along.x(thread.not_before), f"nothing before {until}")


def _cuts(day: date, months: int) -> Iterator[date]:
    """Give every first day of so many months from the year of a day on."""
    year = day.year
    while year < date.max.year:
        yield from (date(year, month, 1) for month in range(1, 13, months))
        year += 1


def _label(day: date, months: int) -> str:
    return f"{day.year}" if months == 12 else _MONTHS.get(day.month, "")
