"""The letters to come, exactly as they would go out if nothing happened: headers, text, bytes."""

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final

from followupd.app import Desk
from followupd.core import announced
from followupd.core.cadence import next_opening, present_letter, step_of, template_of
from followupd.core.compose import compose, message_id, quotation
from followupd.core.errors import FollowupdError
from followupd.core.instants import Instant, to_text
from followupd.core.model import ANSWERS, Case, Draft, LetterState, State
from followupd.core.plan import after_letter, foresee
from followupd.letters.render import render
from followupd.store import messages

_FAR: Final = timedelta(days=50 * 366)


@dataclass(frozen=True, slots=True, kw_only=True)
class Previewed:
    """A letter to come: when it would leave, from which template, its text and its bytes, and which notes it tells.

    `below` is what is quoted under the text.
    """

    at: Instant
    step: int
    template: str
    text: str
    draft: Draft
    told: tuple[int, ...] = ()
    below: str = ""


def preview(desk: Desk, case: Case, *, everything: bool = False, step: int | None = None) -> tuple[Previewed, ...]:
    """Give the next letter; or the one of `step` (an index from 0), or all that are still to come.

    Raises FollowupdError where a letter cannot be written, or where there is none.
    """
    found: list[Previewed] = []
    policy, now = desk.policy_of(case.contact), desk.clock.now()
    present = replace(case, thread=replace(case.thread, state=State.WAITING if case.thread.step else State.SCHEDULED))
    dates = {one.step: one.at for one in foresee((present,), policy, now, now + _FAR)}
    while step_of(present.thread, policy) is not None:
        index = present.thread.step
        one = _previewed(desk, present, dates.get(index) or next_opening(present, policy, now).at)
        if everything or step == index or (step is None and not found):
            found.append(one)
        if not everything and found:
            break
        following = after_letter(present, policy, one.at, one.told)
        *before, last = following.letters
        present = replace(following, letters=(*before, replace(last, subject=one.draft.subject, body=one.text)))
    if not found:
        raise FollowupdError("there is no such letter to come", where=case.contact.email)
    return tuple(found)


def by_hand(desk: Desk, case: Case, name: str) -> Previewed:
    """Give a letter from any template, as the user would send it by hand now: in the thread, in answer to them.

    Raises FollowupdError if there is no such template, or if it cannot be written. Its Message-ID is none that a letter
    of the thread will ever have.
    """
    policy, now = desk.policy_of(case.contact), desk.clock.now()
    said = [one for one in messages.of_thread(desk.db, case.thread.id) if one.verdict in ANSWERS and not one.not_answer]
    newest = max(said, key=lambda one: one.received_at, default=None)
    went = tuple(one for one in case.letters if one.state is LetterState.SENT)
    present = replace(
        case,
        before=(*case.before, *went),
        letters=(),
        answer=newest.message_id if newest is not None else case.answer,
        thread=replace(case.thread, continues=case.thread.continues or case.thread.id),
    )
    rendered = render(desk.templates, name, present, policy, now)
    own = replace(case.thread, key=f"{case.thread.key}/{name}/{to_text(now)}")
    draft = compose(rendered, present, policy.me, message_id(own, 1, policy.me.email), now)
    return Previewed(
        at=now, step=case.thread.step, template=name, text=rendered.body, draft=draft, told=rendered.note_ids
    )


def _previewed(desk: Desk, case: Case, at: Instant) -> Previewed:
    policy = desk.policy_of(case.contact)
    step = step_of(case.thread, policy)
    if step is None:
        raise FollowupdError("there is no such step", where=case.thread.cadence)
    before = present_letter(case)
    again = before is not None and before.state in {LetterState.DISCARDED, LetterState.REFUSED}
    attempt = before.attempt + again if before is not None else 1
    day = announced.day_of(before, policy, at)
    rendered = render(desk.templates, template_of(case.thread, step), case, policy, day)
    draft = compose(rendered, case, policy.me, message_id(case.thread, attempt, policy.me.email), at)
    return Previewed(
        at=at,
        step=case.thread.step,
        template=template_of(case.thread, step),
        text=rendered.body,
        draft=draft,
        told=rendered.note_ids,
        below=quotation(rendered),
    )
