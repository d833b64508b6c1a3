"""A letter is written down whole before anything is sent; where the user approves, what they approved is what goes."""

from dataclasses import dataclass, replace

from followupd.actions import linting, question
from followupd.app import App
from followupd.core import cadence, compose
from followupd.core.errors import FollowupdError
from followupd.core.instants import Instant
from followupd.core.model import Case, Draft, Hold, Letter, LetterState
from followupd.letters.render import render
from followupd.store import letters


@dataclass(frozen=True, slots=True, kw_only=True)
class Ready:
    """A letter that is written down, and its bytes."""

    case: Case
    letter: Letter
    draft: Draft


def composed(app: App, case: Case, now: Instant) -> Ready:
    """Render and compose the next letter as it would go at an instant; nothing is written down.

    Raises FollowupdError if the letter cannot be written.
    """
    policy = app.settings.policy
    step = cadence.step_of(case.thread, policy)
    if step is None:
        raise FollowupdError("there is no such step", where=case.thread.cadence)
    before = cadence.present_letter(case)
    attempt = _attempt(before)
    rendered = render(app.templates, cadence.template_of(case.thread, step), case, policy, now)
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
    )
    return Ready(case=case, letter=letter, draft=draft)


def write(app: App, case: Case, now: Instant) -> Ready | Hold:
    """Compose and write down the next letter; Hold if it was put before the user instead.

    Raises FollowupdError if the letter cannot be written.
    """
    policy, before = app.settings.policy, cadence.present_letter(case)
    ready = composed(app, case, now)
    letter = ready.letter
    # what was approved once binds, whether or not the config asks for it, and goes in spite of lint
    if letter.approved != compose.text_digest(letter.subject, letter.body):
        faults = linting.faults(app, case, letter, now)
        if policy.approve or letter.approved or faults:
            said, why = question.put(letter, before, faults)
            asked = replace(letter, state=LetterState.HELD, approved="", vetoed_at=None, overrules=False, said=said)
            held = letters.prepare(app.db, asked)
            return Hold(f"{why}: {question.ways(held, case.contact.email, faults)}")
    return replace(ready, letter=letters.prepare(app.db, letter))


def _attempt(before: Letter | None) -> int:
    """Number the try: a letter that was certainly not sent is written anew, a settled one is followed by another."""
    if before is None:
        return 1
    settled = before.state in {LetterState.DISCARDED, LetterState.REFUSED}
    return before.attempt + 1 if settled else before.attempt
