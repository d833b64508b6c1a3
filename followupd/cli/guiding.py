"""Leads through what a first letter needs, a question at a time: each answer is judged at once, the letter shown last.

Nothing is kept before the last answer: whoever ends the questions has added nobody.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Final

import click

from followupd.cli.questions import Questions
from followupd.views.text import COLUMNS, fold, safe

if TYPE_CHECKING:
    from followupd.app import Desk
    from followupd.core.model import Case, Contact, Finding

NEEDED: Final = ("name", "admire", "ask", "offer")
"""What a letter cannot be written without."""
_ORDER: Final = ("name", "admire", "ask", "offer", "situation", "goal", "arrangement")
_SAVE: Final = "yes"
_DROP: Final = "no"


@dataclass(frozen=True, slots=True)
class _Example:
    """An answer that makes a good letter, and one that makes a poor one."""

    good: str
    poor: str


_QUESTIONS: Final[Mapping[str, str]] = {
    "name": "Who is it? Their name, as you would write it on an envelope.",
    "admire": "Why them? What of their work did you use, and what did it change for you?",
    "ask": "What is the one thing you ask? In a sentence that they can say yes or no to, or answer.",
    "offer": "What do you offer in return? One thing that you have and they can use.",
    "situation": "Where do you stand, so that they can tell how their experience applies?",
    "goal": "Where should it take you?",
    "arrangement": "On what terms? How long, formal or informal, paid or free.",
}
_ENGLISH: Final[Mapping[str, _Example]] = {
    "name": _Example("Dr. Ada Lovelace", "the lady with the engine"),
    "admire": _Example(
        "Your notes on the engine made me write down what I leave out.", "I am a big fan of your inspiring work."
    ),
    "ask": _Example(
        "How did you decide which problem the engine should solve first?", "Could I pick your brain over a coffee?"
    ),
    "offer": _Example(
        "I would typeset the next edition of the notes for you.", "Let me know if I can ever do anything for you."
    ),
    "situation": _Example(
        "We are four people in Leeds and have just signed our first customer.", "I am passionate about machines."
    ),
    "goal": _Example("In a year we want to choose our customers instead of taking all.", "I want to be successful."),
    "arrangement": _Example("Half an hour on the telephone, paid at your usual rate.", "Whatever suits you."),
}
_GERMAN: Final[Mapping[str, _Example]] = {
    "name": _Example("Frau Dr. Ada Lovelace", "die Dame mit der Maschine"),
    "admire": _Example(
        "Seit Ihren Notizen zur Maschine schreibe ich auf, was ich weglasse.", "Ihre Arbeit ist wirklich inspirierend."
    ),
    "ask": _Example(
        "Wie haben Sie entschieden, welche Aufgabe die Maschine zuerst lösen soll?",
        "Hätten Sie Zeit für einen kurzen Austausch bei einem Kaffee?",
    ),
    "offer": _Example(
        "Ich setze Ihnen die nächste Auflage der Notizen.", "Falls ich einmal etwas für Sie tun kann ..."
    ),
    "situation": _Example(
        "Wir sind zu viert in Leipzig und haben gerade den ersten Kunden gewonnen.", "Ich brenne für Maschinen."
    ),
    "goal": _Example("In einem Jahr wollen wir uns die Kunden aussuchen.", "Ich will erfolgreich sein."),
    "arrangement": _Example("Eine halbe Stunde am Telefon, zu Ihrem üblichen Satz.", "Wie es Ihnen passt."),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Who is to be added: what options said of them, the cadence ("": to be asked for), the day of the first letter.

    `written`: that letter is out already, and none is to be shown.
    """

    contact: "Contact"
    cadence: str = ""
    first_on: date | None = None
    written: bool = False


def guide(desk: "Desk", wanted: Wanted, questions: Questions) -> "tuple[Contact, str, str] | None":
    """Ask for what is missing; give the contact, the cadence and the key of the thread; None if the user says no.

    Raises FollowupdError, before anything is asked, if nobody can be added under this address.
    """
    from followupd.actions import contacts

    if not wanted.written:
        contacts.tried(desk, wanted.contact, wanted.cadence, wanted.first_on)
    questions.tell("Enter alone leaves an answer open; Ctrl-C leaves, and adds nobody.")
    contact, cadence = wanted.contact, wanted.cadence
    missing = [name for name in _ORDER if not getattr(contact, name)]
    for number, name in enumerate(missing, 1):
        if name == "ask" and not cadence and not wanted.written:
            cadence = _kind(desk, questions)
        contact = _answered(desk, contact, name, f"{number} of {len(missing)}", questions)
    if wanted.written:
        return contact, cadence, ""
    return _shown(desk, replace(wanted, contact=contact, cadence=cadence), questions)


def _kind(desk: "Desk", questions: Questions) -> str:
    """Let one of the cadences be chosen that begin with an opening letter, by what their opening letters are for."""
    policy = desk.settings.policy
    offered = {
        name: desk.templates.load(cadence.steps[0].template).description if cadence.steps else ""
        for name, cadence in policy.cadences.items()
        if not cadence.after_answer and cadence.steps and desk.templates.speaks("", [cadence.steps[0].template])
    }
    if len(offered) < 2 or policy.default_cadence not in offered:
        return ""
    questions.tell("\nWhat kind of ask is it? Each has its own opening letter, and its own waits.")
    for name, about in offered.items():
        _beside(questions, f"  {name:<14}", about)
    return questions.choose("  kind", list(offered), policy.default_cadence)


def _answered(desk: "Desk", contact: "Contact", name: str, number: str, questions: Questions) -> "Contact":
    """Ask one question until the answer has no fault, or the user lets it stand."""
    from followupd.actions.word import refuse_control
    from followupd.core.errors import FollowupdError

    examples = _GERMAN if contact.language.lower().startswith("de") else _ENGLISH
    questions.tell(f"\n{number}. {_QUESTIONS[name]}")
    _beside(questions, "  good: ", examples[name].good)
    _beside(questions, "  poor: ", examples[name].poor)
    said, warned, prompt = getattr(contact, name), name not in NEEDED, "  answer"
    while True:
        typed = str(click.prompt(prompt, default="", show_default=False, err=True)).strip()
        if not typed and (said or warned):
            return _with(contact, name, said)
        try:
            refuse_control(name, typed)
        except FollowupdError as error:
            questions.tell(f"  {error.what}")
            continue
        said, warned = typed, True
        faults = _faults(desk, _with(contact, name, said), name) if said else ("no letter can be written without it",)
        if not faults:
            return _with(contact, name, said)
        for fault in faults:
            _beside(questions, "  ", fault)
        prompt = "  another (Enter lets it stand)"


def _faults(desk: "Desk", contact: "Contact", name: str) -> tuple[str, ...]:
    from followupd.actions import linting
    from followupd.core.lint import rules

    found = linting.field(desk, contact, name)
    return tuple(f"{one.rule.value}: {rules.message(replace(one, hint=''))}" for one in found if one.words)


def _with(contact: "Contact", name: str, said: str) -> "Contact":
    from followupd.actions.contacts import with_fields

    return with_fields(contact, {name: said})


def _shown(desk: "Desk", wanted: Wanted, questions: Questions) -> "tuple[Contact, str, str] | None":
    """Show the opening letter, and what is wrong with it, until the user takes it, mends it or gives it up."""
    from followupd.actions import contacts

    contact = wanted.contact
    while True:
        case = contacts.tried(desk, contact, wanted.cadence, wanted.first_on)
        _letter(desk, case, questions)
        choice = questions.choose("\nsave, and let it go on that day? or change", [_SAVE, _DROP, *_ORDER], _SAVE)
        if choice == _DROP:
            return None
        if choice == _SAVE:
            return contact, wanted.cadence, case.thread.key
        contact = _answered(desk, contact, choice, "again", questions)


def _letter(desk: "Desk", case: "Case", questions: Questions) -> None:
    from followupd.actions import linting
    from followupd.actions.preview import preview
    from followupd.core.errors import FollowupdError
    from followupd.views.text import minute

    questions.tell("\n" + "-" * 72)
    try:
        (first,) = preview(desk, case)
    except FollowupdError as error:
        questions.tell(f"The letter cannot be written yet: {error}")
        return
    leaves = minute(first.at, desk.clock.now().astimezone(desk.settings.policy.me.zone))
    questions.tell(
        f"To: {case.contact.email}\nSubject: {first.draft.subject}\nLeaves: {leaves}\n\n{first.text.rstrip()}"
    )
    questions.tell("-" * 72)
    for finding in (*linting.coming(desk, case, (first,)), *_empty(desk, case.contact)):
        _beside(questions, "", _judged(finding))


def _empty(desk: "Desk", contact: "Contact") -> "tuple[Finding, ...]":
    """Give what is missing in the fields; what is wrong in them was told when they were answered."""
    from followupd.actions import linting

    return tuple(one for name in _ORDER for one in linting.field(desk, contact, name) if not one.words)


def _judged(finding: "Finding") -> str:
    from followupd.core.lint import rules

    where = f"line {finding.line}" if finding.line else finding.where.rpartition(", ")[2]
    return f"{rules.severity(finding).value} {finding.rule.value} ({where}): {rules.message(replace(finding, hint=''))}"


def _beside(questions: Questions, label: str, said: str) -> None:
    first, *more = fold(safe(said), COLUMNS - len(label))
    questions.tell("\n".join((f"{label}{first}", *(" " * len(label) + line for line in more))))
