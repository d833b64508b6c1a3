"""Cadences as the config names them, and those that ship: letters, and how long to wait before each."""

from __future__ import annotations

from typing import Any, Final

from followupd.config.kinds import choice, items, span, switch, template, text
from followupd.config.reading import Place, Section, default, optional, required
from followupd.core.instants import Span, WorkingDays
from followupd.core.settings import NoNews

_span: Final = span()


def _wait(value: object, place: Place) -> Span | WorkingDays:
    """Read how long a step waits: a duration, or working days."""
    return (WorkingDays.parse(value) if isinstance(value, str) else None) or _span(value, place)


class Step(Section):
    """A letter of a cadence."""

    template = required(template, "The name of a template.", example="opening")
    after = optional(_wait, "How long to wait before it.", otherwise="none, for the first step", example="2 weeks")
    milestone = optional(
        text, "It waits until `note --milestone` says this was reached.", otherwise="none", example="first store"
    )
    latest = optional(span(), "You are asked if it is not reached by then.", otherwise="none", example="8 months")


def _opened_by(template: str) -> list[dict[str, str]]:
    """Give the steps of a patient cadence with this opening letter."""
    return [
        {"template": template},
        {"after": "2 weeks", "template": "reminder"},
        {"after": "6 weeks", "template": "news"},
        {"after": "4 months", "template": "season"},
        {"after": "7 months", "template": "last-word"},
    ]


class Cadence(Section):
    """Letters, and how long to wait before each. More cadences may stand beside `patient`, by any name."""

    steps = required(
        items(Step.kind),
        "The letters in order: the first has no wait, every other one has. A step may wait for news instead, as in\n"
        '{ milestone = "first store", latest = "8 months", template = "news" }: see `followupd note --milestone`.\n'
        'A wait of "10 working days" leaves out weekends and public holidays where they live.',
        example=_opened_by("opening"),
    )
    no_news = optional(
        choice(NoNews), "What to do where there is nothing new to tell.", otherwise="sending.no_news", example="hold"
    )
    after_answer = default(
        switch, "It is for people who answered: `reopen --cadence` starts it, and it goes on in the same thread.", False
    )


SHIPPED: Final[dict[str, dict[str, Any]]] = {
    "patient": {"steps": _opened_by("opening")},
    "shadow": {"steps": _opened_by("opening-shadow")},
    "question": {
        "steps": [
            {"template": "opening-question"},
            {"after": "3 weeks", "template": "reminder"},
            {"after": "3 months", "template": "news"},
            {"after": "6 months", "template": "last-word"},
        ]
    },
    "feedback": {"steps": _opened_by("opening-feedback")},
    "introduction": {"steps": _opened_by("opening-introduction")},
    "paid": {
        "steps": [
            {"template": "opening-paid"},
            {"after": "3 weeks", "template": "reminder"},
            {"after": "2 months", "template": "news"},
            {"after": "5 months", "template": "last-word"},
        ]
    },
    "keep-in-touch": {
        "after_answer": True,
        "no_news": "hold",
        "steps": [
            {"after": "4 months", "template": "update"},
            {"after": "4 months", "template": "update-later"},
            {"after": "4 months", "template": "update-last"},
        ],
    },
}
"""The cadences that are there without a word in the config; `patient` takes more than a year in all."""

FOR: Final = {
    "shadow": "To shadow somebody on a working day: `add --cadence shadow`.",
    "question": "For one specific question, which three lines would answer.",
    "feedback": "For a frank look at one piece of work.",
    "introduction": "To be introduced to somebody.",
    "paid": "For a session at a fee.",
    "keep-in-touch": "To tell somebody who answered what came of it: `reopen EMAIL --cadence keep-in-touch`.",
}
"""What those beside `patient` are for."""
