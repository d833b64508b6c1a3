"""The whole page: values of the overview go into a Jinja2 template that escapes everything, with its style inside.

Nothing on the page may load or run anything, and the page says so itself (Content Security Policy Level 3, as a meta
element): only the one style sheet with this very hash counts. No text from outside keeps a character that moves others
about (bidi, invisible, control).
"""

from base64 import b64encode
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import tzinfo
from hashlib import sha256
from importlib.resources import files
from typing import Final

from jinja2 import Environment, StrictUndefined
from markupsafe import Markup

from followupd.core.instants import Instant
from followupd.core.model import FIELDS, LetterState, State
from followupd.core.overview import Overview, Story
from followupd.core.patience import ENOUGH_ANSWERS, ENOUGH_THREADS
from followupd.views import received, text
from followupd.views.report import drawing

GROUPS: Final = (
    ("waiting", "Waiting for you", (State.HELD,)),
    ("way", "Under way", (State.SCHEDULED, State.WAITING, State.PAUSED)),
    ("answered", "Answered", (State.ANSWERED,)),
    ("ended", "Ended", (State.SILENT, State.STOPPED, State.OPTED_OUT, State.UNDELIVERABLE)),
)
"""The parts of the list of everybody, and the states of a thread that stand in each."""
MANY: Final = 12
"""Needs that stand open; the rest is there on a click."""
SOON: Final = 8
"""Letters that stand among the next ones."""


@dataclass(frozen=True, slots=True)
class Row:
    """One person, as a line of the page: the drawing, and in words what it shows, in brief and whole."""

    story: Story
    brief: str
    said: str
    marks: tuple[drawing.Mark, ...]
    stretches: tuple[drawing.Stretch, ...]
    facts: tuple[tuple[str, str], ...]
    history: tuple[tuple[str, str, str], ...]


def page(seen: Overview, zone: tzinfo) -> str:
    """Write the page, with all times in one zone."""
    now = seen.now.astimezone(zone)
    along = drawing.axis(seen, now)
    style = files(__package__).joinpath("style.css").read_text(encoding="utf-8") + _widths(along)
    template = _environment(now).from_string(files(__package__).joinpath("page.html").read_text(encoding="utf-8"))
    made = template.render(
        seen=seen,
        now=now,
        along=along,
        style=Markup(style),  # noqa: S704  # our own file and whole numbers
        hash=b64encode(sha256(style.encode()).digest()).decode(),
        groups=[
            (key, name, [row(one, along) for one in seen.stories if one.state in states])
            for key, name, states in GROUPS
        ],
        counts=[(state.value.replace("_", " "), seen.counts[state]) for state in State if seen.counts.get(state)],
        soon=seen.planned[:SOON],
        many=MANY,
        names={one.contact.email: one.contact.name for one in seen.stories},
        answered=sorted((one for one in seen.asked if one.answered), key=lambda one: one.until, reverse=True),
        steps=drawing.curve(seen.curve) if seen.curve else None,
        enough=(ENOUGH_THREADS, ENOUGH_ANSWERS),
    )
    return made.lstrip()


def row(story: Story, along: drawing.Axis) -> Row:
    """Give the line of one person."""
    current, contact = story.current.case, story.contact
    sent = sum(one.state is LetterState.SENT for each in story.outreaches for one in each.case.letters)
    state = current.thread.state.value.replace("_", " ")
    out = f"{state}, {sent} of {story.steps} letters" if story.steps else f"{state}, {sent} letters"
    first = story.planned[0].at if story.planned else None
    facts = {
        "address": ", ".join(contact.addresses),
        **{name: getattr(contact, name) for name in FIELDS if name != "name"},
        "tags": ", ".join(contact.tags),
        "cadence": current.thread.cadence,
        "why": current.thread.reason,
    }
    return Row(
        story=story,
        brief=f"{out}, next {text.distance(first, along.now)}" if first else out,
        said=f"{out}, next {text.when(first, along.now)}" if first else out,
        marks=drawing.marks(story, along),
        stretches=drawing.stretches(story, along),
        facts=tuple((name, value) for name, value in facts.items() if value),
        history=tuple(
            (text.minute(one.at, along.now), one.kind, one.text) for each in story.outreaches for one in each.events
        ),
    )


def commands(said: str) -> Iterator[tuple[bool, str]]:
    """Cut a sentence into words and commands of ours; True for a command, which is to be copied whole."""
    for piece in text.pieces(said):
        if piece.startswith(text.OURS):
            bare = piece.rstrip(";,.")
            yield True, bare
            if piece != bare:
                yield False, piece[len(bare) :]
        else:
            yield False, piece


def _environment(now: Instant) -> Environment:
    made = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    made.finalize = _harmless
    made.filters["when"] = lambda at: text.when(at, now)
    made.filters["minute"] = lambda at: text.minute(at, now)
    made.filters["day"] = lambda at: f"{at.astimezone(now.tzinfo):%Y-%m-%d}"
    made.filters["commands"] = commands
    made.filters["note"] = received.note
    made.filters["judged"] = lambda one: received.judged(one, back=one.return_date, own=one.excerpt)
    return made


def _harmless(value: object) -> object:
    """Take from every text what might move others about; what is ours already stays as it is."""
    return text.safe_lines(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def _widths(along: drawing.Axis) -> str:
    """Give each year and quarter its share of the axis: a style attribute would not be allowed."""
    named = (("y", along.years()), ("q", along.quarters()))
    return "".join(
        f".axis .{kind}{number}{{flex-grow:{one.days}}}\n" for kind, found in named for number, one in enumerate(found)
    )
