"""A program of the user's is asked before a letter goes, and sees the very bytes; only its yes lets the letter go.

One that fails, hangs or is missing holds the letter at hand, and for an hour no other one is begun; see `core.veto`.
"""

import base64
import json
import logging
from email import message_from_bytes
from typing import Any, Final

from followupd import programs
from followupd.actions.release import about, holds_alone, released
from followupd.actions.writing import Ready, composed
from followupd.app import App, Desk
from followupd.core import veto
from followupd.core.cadence import leaves, present_letter
from followupd.core.compose import quoted_below
from followupd.core.decide import decide
from followupd.core.errors import FollowupdError, StorageError, TryLaterError
from followupd.core.instants import Instant, to_text
from followupd.core.model import FIELDS, Case, Change, Letter, Send, State
from followupd.store import facts, letters, threads

log = logging.getLogger(__name__)

_TROUBLE: Final = "before_letter"
"""The fact that tells since when the program cannot be asked, and why."""


class _CannotBeAskedError(Exception):
    """The program gave no answer: it is missing, or hung."""


def trouble(desk: Desk, now: Instant) -> str:
    """Say why no letter goes because the program cannot be asked; "" where one may go, or it is time to try again."""
    known = facts.get(desk.db, _TROUBLE) if desk.settings.veto.command else None
    if known is None or not known[1] <= now < known[1] + veto.AGAIN:
        return ""
    return f"no letter goes before your program has been asked: {known[0]}; next try: {to_text(known[1] + veto.AGAIN)}"


def waits(app: App, case: Case, now: Instant) -> bool:
    """Tell whether a letter has to wait because the program cannot be asked; what the user approved after that goes."""
    letter = present_letter(case)
    return bool(trouble(app, now)) and not (letter is not None and letter.overrules)


def holds(app: App, ready: Ready, now: Instant) -> bool:
    """Ask the program about a letter that is about to go; tell whether it is held, or changed meanwhile by the user."""
    letter = ready.letter
    if letter.overrules:
        log.info("%s: letter %d goes by your word", ready.case.contact.email, letter.step + 1)
        return False
    try:
        why = _refusal(app, ready, now)
        if why:
            _hold(app, ready, why, now)
    except TryLaterError as error:
        log.info("%s: left to the next round: %s", ready.case.contact.email, error)
        return True
    return bool(why)


def ask_again(app: App, now: Instant, sent_today: int) -> None:
    """Ask once more about letters that the program held, where they could go now; let those go that it lets go."""
    for letter in letters.vetoed(app.db):
        case = threads.case(app.db, letter.thread_id)
        if app.clock.stopping() or not app.serves(case.contact) or not veto.holds(case, letter):
            continue
        try:
            _ask_again(app, case, letter, now, sent_today)
        except StorageError:
            raise
        except FollowupdError as error:
            log.info("%s: stays held: %s", case.contact.email, error)


def _ask_again(app: App, case: Case, letter: Letter, now: Instant, sent_today: int) -> None:
    policy = app.settings.policy
    if not app.settings.veto.command:
        _free(app, case, letter, "no program is asked any more", now)
        return
    due = veto.is_due(letter, now) and not trouble(app, now) and case.thread.resume_to is not State.PAUSED
    free = veto.as_free(case)
    if not due or leaves(free, policy, now).at > now or not isinstance(decide(free, policy, now, sent_today), Send):
        return
    ready = composed(app, free, now)
    why = _refusal(app, ready, now)
    if why:
        _hold(app, Ready(case=case, letter=letter, draft=ready.draft), why, now)
    else:
        _free(app, case, letter, f"{programs.name_of(app.settings.veto.command)} has nothing against it", now)


def _refusal(app: App, ready: Ready, now: Instant) -> str:
    """Give why the program holds a letter, "" where it lets it go; that it cannot be asked is kept for `trouble`."""
    if not app.settings.veto.command:
        return ""
    try:
        why = _asked(app, ready)
    except _CannotBeAskedError as error:
        facts.put(app.db, _TROUBLE, str(error), now)
        log.error("no letter goes before the program of before_letter has been asked: %s", error)  # noqa: TRY400
        return str(error)
    facts.drop(app.db, _TROUBLE)
    return why


def _asked(app: App, ready: Ready) -> str:
    command, within = app.settings.veto.command, app.settings.veto.within.total_seconds()
    name = programs.name_of(command)
    try:
        ended = programs.run(command, document(app, ready), within, app.alive)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or type(error).__name__
        raise _CannotBeAskedError(f"{name} cannot be started: {reason}") from None
    if ended.status is None:
        raise _CannotBeAskedError(f"{name} took longer than {within:.0f} s, and was ended")
    if ended.status == 0:
        return ""
    return veto.reason(ended.said, f"{name} ended with status {ended.status} and gave no reason")


def _hold(app: App, ready: Ready, why: str, now: Instant) -> None:
    name = programs.name_of(app.settings.veto.command)
    letter, change = veto.held(ready.case, ready.letter, name, why, now)
    if ready.case.thread.state is State.HELD and not holds_alone(app, ready.case, letter):
        change = Change(thread=ready.case.thread)
    letters.settle(app.db, letter, change)
    for event in change.events:
        log.warning("%s: held: %s", ready.case.contact.email, event.text)


def _free(app: App, case: Case, letter: Letter, why: str, now: Instant) -> None:
    policy = app.settings.policy
    change: Change = released(app, case, veto.freed(case, letter, why, policy, now), about(letter))
    threads.apply(app.db, change)
    log.info("%s: letter %d may go: %s", case.contact.email, letter.step + 1, why)


def document(app: App, ready: Ready) -> bytes:
    """Give what the program reads: whom the letter goes to, its place in the cadence, its words, its exact bytes."""
    from email.policy import SMTP

    case, letter, draft = ready.case, ready.letter, ready.draft
    contact, cadence = case.contact, app.settings.policy.cadences.get(case.thread.cadence)
    found: dict[str, Any] = {
        "letter": letter.id,
        "account": contact.account,
        "contact": {"email": contact.email, "addresses": contact.addresses, "tags": contact.tags}
        | {field: getattr(contact, field) for field in FIELDS},
        "cadence": case.thread.cadence,
        "step": letter.step + 1,
        "steps": len(cadence.steps) if cadence else letter.step + 1,
        "template": letter.template,
        "message_id": draft.message_id,
        "mail_from": draft.mail_from,
        "rcpt_to": draft.rcpt_to,
        "subject": draft.subject,
        "headers": [[name, str(value)] for name, value in message_from_bytes(draft.raw, policy=SMTP).items()],
        "text": letter.body,
        "quoted": quoted_below(draft.raw),
        "raw": base64.b64encode(draft.raw).decode("ascii"),
    }
    return json.dumps(found).encode() + b"\n"
