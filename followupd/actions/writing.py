"""A letter is written down whole before anything is sent; what the user approved, or was told, is what goes.

A letter that is another one than was announced, or that never was, does not go: it is announced first.
"""

from dataclasses import dataclass, replace

from followupd.actions import linting, question
from followupd.app import Desk
from followupd.core import announced, cadence, compose
from followupd.core.errors import FollowupdError
from followupd.core.instants import Instant
from followupd.core.model import Case, Draft, Hold, Letter, LetterState, Wait
from followupd.letters.render import render
from followupd.store import letters


@dataclass(frozen=True, slots=True, kw_only=True)
class Ready:
    """A letter that is written down, and its bytes; `mark` stands for all that was announced of it, if it was."""

    case: Case
    letter: Letter
    draft: Draft
    mark: str = ""


def composed(desk: Desk, case: Case, now: Instant, day: Instant | None = None) -> Ready:
    """Render and compose the next letter as it would go at an instant; nothing is written down.

    It has the words of `day`; where that is not said, those of the day that it was announced for, or of `now`. Raises
    FollowupdError if the letter cannot be written.
    """
    policy = desk.settings.policy
    step = cadence.step_of(case.thread, policy)
    if step is None:
        raise FollowupdError("there is no such step", where=case.thread.cadence)
    before = cadence.present_letter(case)
    attempt = _attempt(before)
    worded = day or announced.day_of(before, policy, now)
    rendered = render(desk.templates, cadence.template_of(case.thread, step), case, policy, worded)
    name = compose.message_id(case.thread, attempt, policy.me.email)
    draft = compose.compose(rendered, case, policy.me, name, now)
    same = before is not None and before.attempt == attempt
    letter = Letter(
        id=before.id if before is not None and same else 0,
        thread_id=case.thread.id,
        step=case.thread.step,
        attempt=attempt,
        template=cadence.template_of(case.thread, step),
        state=LetterState.PREPARED,
        message_id=name,
        subject=draft.subject,
        body=rendered.body,
        raw=draft.raw,
        created_at=now,
        note_ids=rendered.note_ids,
        tries=before.tries if before is not None and same else 0,
        approved=before.approved if before is not None and same else "",
        mail_from=draft.mail_from,
        rcpt_to=draft.rcpt_to,
        vetoed_at=before.vetoed_at if before is not None and same else None,
        overrules=before is not None and same and before.overrules,
        announced=before.announced if before is not None and same else "",
        announced_at=before.announced_at if before is not None and same else None,
        announced_for=before.announced_for if before is not None and same else None,
    )
    mark = announced.mark(draft, rendered.body, compose.quotation(rendered))
    return Ready(case=case, letter=letter, draft=draft, mark=mark)


def write(desk: Desk, case: Case, now: Instant, day: Instant | None = None) -> Ready | Hold | Wait:
    """Compose and write down the next letter; Hold if it was put before the user, Wait if it is to be announced.

    It has the words of `day`, as of `composed`. Raises FollowupdError if the letter cannot be written.
    """
    ready, before = composed(desk, case, now, day), cadence.present_letter(case)
    letter = ready.letter
    if letter.approved == compose.text_digest(letter.subject, letter.body):
        return replace(ready, letter=letters.prepare(desk.db, letter))
    held = _judged(desk, case, letter, now)
    if held is not None:
        return held
    policy = desk.settings.policy
    if not announced.wanted(policy) or (
        announced.stands(before, ready.mark, policy, now) and _is_news(ready, desk, now)
    ):
        return replace(ready, letter=letters.prepare(desk.db, letter))
    return _to_be_announced(desk, ready, before, now)


def announce(desk: Desk, case: Case, day: Instant, now: Instant) -> Ready | Hold:
    """Compose a letter for the day on which it will go, and write it down; Hold if it was put before the user instead.

    Raises FollowupdError if the letter cannot be written.
    """
    ready, before = composed(desk, case, day, day), cadence.present_letter(case)
    held = _judged(desk, case, ready.letter, day)
    if held is not None:
        return held
    letter = replace(_unannounced(ready.letter, before), created_at=now)
    return replace(ready, letter=letters.prepare(desk.db, letter))


def _judged(desk: Desk, case: Case, letter: Letter, now: Instant) -> Hold | None:
    """Put a letter before the user that they want to approve, or have approved otherwise, or that breaks a rule."""
    # what was approved once binds, whether or not the config asks for it, and goes in spite of lint
    faults = linting.faults(desk, case, letter, now)
    if not (desk.settings.policy.approve or letter.approved or faults):
        return None
    said, why = question.put(letter, cadence.present_letter(case), faults)
    asked = replace(letter, state=LetterState.HELD, approved="", vetoed_at=None, overrules=False, said=said)
    held = letters.prepare(desk.db, asked)
    return Hold(f"{why}: {question.ways(held, case.contact.email, faults)}")


def _to_be_announced(desk: Desk, ready: Ready, before: Letter | None, now: Instant) -> Wait:
    """Write down what changed since a letter was announced; give until when it waits."""
    letter = letters.prepare(desk.db, _unannounced(ready.letter, before))
    others = tuple(one for one in ready.case.letters if one.id != letter.id)
    later = cadence.leaves(replace(ready.case, letters=(*others, letter)), desk.settings.policy, now).at
    return Wait(
        later, f"letter {letter.step + 1} is another one than was announced: it is announced again before it goes"
    )


def _unannounced(letter: Letter, before: Letter | None) -> Letter:
    """Give a letter as one that the user has not been told of; it shows what changed since they were."""
    said = question.since_announced(before, letter) if before is not None and before.id == letter.id else ""
    return replace(letter, announced="", announced_at=None, announced_for=None, said=said)


def _is_news(ready: Ready, desk: Desk, now: Instant) -> bool:
    """Tell whether what a letter tells is news still, on the day that it goes."""
    return {*ready.letter.note_ids} <= {one.id for one in cadence.tellable(ready.case, desk.settings.policy, now)}


def _attempt(before: Letter | None) -> int:
    """Number the try: a letter that was certainly not sent is written anew, a settled one is followed by another."""
    if before is None:
        return 1
    settled = before.state in {LetterState.DISCARDED, LetterState.REFUSED}
    return before.attempt + 1 if settled else before.attempt
