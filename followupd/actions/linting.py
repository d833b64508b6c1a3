"""Letters, contacts and templates are held against the rules; a letter with an error waits until the user says more."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import cache, partial
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from followupd.app import Desk
from followupd.core.errors import FollowupdError
from followupd.core.instants import Instant
from followupd.core.lint import judge, rules
from followupd.core.lint.written import Earlier, Typed, Written, typed
from followupd.core.model import ANSWERS, MAY_BE_OUT, Case, Contact, Finding, Letter, LintRule, Note, Severity, State
from followupd.core.settings import Cadence, Step
from followupd.letters.phrasebook import phrasebook
from followupd.store import bounds, messages, threads

if TYPE_CHECKING:
    from followupd.actions.preview import Previewed
    from followupd.core.lint.book import Phrasebook
    from followupd.letters.templates import Template

_ALONE: Final = "alone"


def book(desk: Desk) -> "Phrasebook":
    """Give the lists of phrases that ship, and the user's."""
    own = desk.settings.policy.lint.phrases
    return phrasebook(Path(own) if own is not None else None)


def faults(desk: Desk, case: Case, letter: Letter, now: Instant) -> tuple[Finding, ...]:
    """Give the errors of a letter that is about to go out; none if the user has agreed to this very text.

    Raises FollowupdError if the user's lists of phrases cannot be read.
    """
    told = tuple(note for note in case.notes if note.id in letter.note_ids)
    template = letter.subject if not (case.before or _sent(case)) else ""
    written = Written(
        where=f"letter {letter.step + 1}",
        number=len(case.before) + letter.step + 1,
        subject=template,
        body=letter.body,
        at=now,
        told=told,
        earlier=earlier(case),
        **_about(desk, case),
    )
    found = judge.letter(written, book(desk), desk.settings.policy.lint.off)
    return tuple(one for one in found if rules.severity(one) is Severity.ERROR)


def _about(desk: Desk, case: Case) -> dict[str, Any]:
    """Give what there is to know of any letter of a thread: whose it is, from whom, and what others got."""
    return {
        "contact": case.contact,
        "my_name": desk.policy_of(case.contact).me.name,
        "since": case.thread.created_at,
        "typed": _typed(desk, case),
        "met": _met(desk, case),
        "circle": _circle(desk, case),
        "twins": desk.settings.policy.lint.twins,
    }


def earlier(case: Case) -> tuple[Earlier, ...]:
    """Give the letters of a conversation that are out, or may be."""
    named = [(f"letter {one.step + 1} of the thread before", one) for one in case.before]
    named += [(f"letter {one.step + 1}", one) for one in _sent(case)]
    return tuple(Earlier(where=where, body=one.body, at=one.sent_at or one.created_at) for where, one in named)


def coming(desk: Desk, case: Case, found: "Sequence[Previewed]") -> tuple[Finding, ...]:
    """Judge letters to come, in the order in which they will go, each by all before it."""
    before, about = _remembered(desk, case), _about(desk, case)
    findings: list[Finding] = []
    for one in found:
        where = f"letter {one.step + 1} ({one.template}) to {case.contact.email}"
        written = Written(
            where=where,
            number=len(case.before) + one.step + 1,
            # a later letter that is shown alone has its "Re:" from one that is to come before it
            subject=one.draft.subject if not before and one.step == case.thread.step else "",
            body=one.text,
            at=one.at,
            told=_told(case, one.told),
            earlier=before,
            **about,
        )
        findings += judge.letter(written, book(desk), desk.settings.policy.lint.off)
        before = (*before, Earlier(where=f"letter {one.step + 1}", body=one.text, at=one.at))
    return tuple(findings)


def draft(desk: Desk, case: Case, text: str) -> tuple[Finding, ...]:
    """Judge a text as the next letter of a thread, of which nothing is written down."""
    number = len(case.before) + case.thread.step + 1
    written = Written(
        where=f"draft of letter {case.thread.step + 1} to {case.contact.email}",
        number=number,
        subject="",
        body=text,
        at=desk.clock.now(),
        told=(),
        earlier=earlier(case),
        **_about(desk, case),
    )
    return judge.letter(written, book(desk), desk.settings.policy.lint.off)


def _typed(desk: Desk, case: Case) -> tuple[Typed, ...]:
    history = threads.history_with(desk.db, case.contact.id) if case.contact.id else ()
    return typed(case.contact, history, case.thread.created_at)


def _circle(desk: Desk, case: Case) -> tuple[Earlier, ...]:
    """Give the letters to others of a person's circle; none for somebody who is only a sample."""
    off = LintRule.TWIN in desk.settings.policy.lint.off
    return bounds.letters_in_circle(desk.db, case.contact) if case.contact.id and not off else ()


def _remembered(desk: Desk, case: Case) -> tuple[Earlier, ...]:
    """Give the letters that are out, the last as fresh as an answer to it: whoever answered remembers it since then."""
    found = earlier(case)
    if not found or case.thread.state is not State.ANSWERED:
        return found
    answers = [one.received_at for one in messages.of_thread(desk.db, case.thread.id) if one.verdict in ANSWERS]
    return (*found[:-1], replace(found[-1], at=max((found[-1].at, *answers))))


def lint(desk: Desk, case: Case) -> tuple[Finding, ...]:
    """Judge a contact's fields, and all letters still to come."""
    off = desk.settings.policy.lint.off
    fields = judge.person(case.contact, book(desk), off)
    return (*fields, *_letters(desk, case, case.contact.email))


def field(desk: Desk, contact: Contact, name: str) -> tuple[Finding, ...]:
    """Judge one field of somebody who need not be known yet."""
    found = judge.person(contact, book(desk), desk.settings.policy.lint.off)
    return tuple(one for one in found if one.where == f"{contact.email}, {name}")


def everybody(desk: Desk) -> tuple[Finding, ...]:
    """Judge every contact who has an open thread, and the letters of every cadence as a sample contact gets them."""
    found = [one for case in threads.open_cases(desk.db) for one in lint(desk, case)]
    for name in sorted(desk.settings.policy.cadences):
        found += cadence(desk, name)
    return tuple(found)


def templates(desk: Desk, names: Iterable[str]) -> tuple[Finding, ...]:
    """Judge templates, in every language: as somebody gets them of whom all is known, and of whom the least is.

    Where a cadence has one, it stands in its place among the letters before it; else it is the first, or a later one if
    it has no subject. Raises FollowupdError if there is no such template.
    """
    judged = cache(partial(_sampled, desk))
    found: dict[Finding, None] = {}
    for name in names:
        spoken = desk.templates.languages(name)
        if not spoken:
            desk.templates.load(name)
        homes = [one for one in sorted(desk.settings.policy.cadences) if name in _templates(desk, one)]
        for language, home in product(spoken, homes or [""]):
            loaded = desk.templates.load(name, language)
            where = f"template {name}" if len(spoken) == 1 else f"template {name} ({language})"
            for one in judged(home, language) if home else _sampled(_with(desk, loaded), _ALONE, language):
                if f"({name})" in one.where or (one.rule is LintRule.UNWRITABLE and f"/{name}.txt" in one.words):
                    found[replace(one, where=where)] = None
    return tuple(found)


def _sampled(desk: Desk, cadence: str, language: str) -> tuple[Finding, ...]:
    """Judge all letters of a cadence, with all fields and with the least, with news and without."""
    from followupd.actions.sample import sample, somebody

    variants = [(somebody(language, least=least), news) for least in (False, True) for news in (True, False)]
    cases = [sample(desk, cadence, contact, news=news) for contact, news in variants]
    return tuple(one for case in cases for one in _letters(desk, case, f"cadence {cadence}"))


def _templates(desk: Desk, cadence: str) -> set[str]:
    return {step.template for step in desk.settings.policy.cadences[cadence].steps}


def _with(desk: Desk, template: "Template") -> Desk:
    """Give a desk with one more cadence, in which a template that no cadence names stands alone, or second."""
    policy, after = desk.settings.policy, template.after_answer
    later = Step(template=template.name, after=policy.floor)
    steps = (later,) if after else (Step(template="opening"), later)
    if template.subject and not after:
        steps = (Step(template=template.name),)
    cadences = {**policy.cadences, _ALONE: Cadence(name=_ALONE, steps=steps, after_answer=after)}
    return replace(desk, settings=replace(desk.settings, policy=replace(policy, cadences=cadences)))


def cadence(desk: Desk, name: str) -> tuple[Finding, ...]:
    """Judge the letters of a cadence as a sample contact gets them, in every language that has all of them."""
    from followupd.actions.sample import sample, somebody

    found: dict[Finding, None] = {}
    for language in desk.templates.languages():
        if desk.templates.speaks(language, _templates(desk, name)):
            case = sample(desk, name, somebody(language))
            ours = f" of cadence {name}{'' if language == desk.templates.language else f' ({language})'}"
            for one in _letters(desk, case, f"cadence {name}"):
                found[replace(one, where=one.where.replace(f" to {case.contact.email}", ours))] = None
    return tuple(found)


def _letters(desk: Desk, case: Case, where: str) -> tuple[Finding, ...]:
    from followupd.actions.preview import preview
    from followupd.core.cadence import step_of

    if step_of(case.thread, desk.settings.policy) is None:
        return ()
    try:
        found = preview(desk, case, everything=True)
    except FollowupdError as error:
        if LintRule.UNWRITABLE in desk.settings.policy.lint.off:
            return ()
        said = f"{error}; {error.hint}" if error.hint else str(error)
        return (Finding(rule=LintRule.UNWRITABLE, where=where, words=said),)
    return coming(desk, case, found)


def _sent(case: Case) -> list[Letter]:
    return [one for one in case.letters if one.state in MAY_BE_OUT]


def _told(case: Case, ids: Sequence[int]) -> tuple[Note, ...]:
    return tuple(note for note in case.notes if note.id in ids)


def _met(desk: Desk, case: Case) -> bool:
    """Tell whether there was an exchange, a meeting or an answer: then "as discussed" may be true."""
    if case.thread.state is State.ANSWERED or case.thread.continues is not None:
        return True
    return any(event.kind == "met" for event in threads.events(desk.db, case.thread.id))
