"""A letter in doubt is proved to be sent, or shown to the user; it is never sent again by itself."""

import logging
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Final

from followupd.actions import belonging, decided
from followupd.actions.release import about, released
from followupd.app import App
from followupd.core import outcome
from followupd.core.addresses import key
from followupd.core.cadence import step_of
from followupd.core.compose import message_id, message_ids, token, token_in
from followupd.core.instants import Instant
from followupd.core.letter_states import REPLACEABLE, LetterHappening, after
from followupd.core.match import names_of
from followupd.core.model import IN_DOUBT, OPEN_STATES, Accepted, Case, Change, Event, Incoming, Letter, LetterState
from followupd.core.quotation import unquoted
from followupd.core.settings import Me
from followupd.core.telling import word
from followupd.store import letters, messages, threads

log = logging.getLogger(__name__)

_ATTEMPTS: Final = range(1, 6)
"""How many tries of a letter are recognised: each but the first was asked for by the user."""
_AHEAD: Final = 12
"""How many steps a restored database is looked for ahead of where it stands."""


def settle_doubt(app: App, now: Instant) -> None:
    """Look for proof of every letter in doubt that this account wrote: its Message-ID in the Sent folder.

    A letter that a crash left in `sending` becomes `uncertain`, and its thread is held. One that is proved sent, now or
    in any later round, lets its thread go on.
    """
    for letter in letters.in_doubt(app.db):
        case = threads.case(app.db, letter.thread_id)
        if not app.serves(case.contact):
            continue
        if app.mailbox.find_sent(letter.message_id) is not None:
            confirm(app, letter, "a copy lies in Sent", now)
        elif letter.state is LetterState.SENDING:
            why = "it was on the wire when followupd was interrupted"
            doubtful = replace(letter, state=after(letter.state, LetterHappening.LOST), said=why)
            letters.settle(app.db, doubtful, outcome.in_doubt(case, letter, why, app.settings.policy, now))
            log.warning("%s: in doubt whether letter %d went out", case.contact.email, letter.step + 1)


def confirm(app: App, letter: Letter, proof: str, now: Instant, settled: tuple[str, ...] = ()) -> None:
    """Write down that a letter in doubt did go out, at the time it was composed, and by what that is known.

    `settled` is how further reasons begin that hold its thread and are done with.
    """
    case = threads.case(app.db, letter.thread_id)
    receipt = Accepted(text=f"{outcome.PROVED}: {proof}")
    sent, change = outcome.after_sending(case, letter, receipt, app.settings.policy, letter.created_at)
    told = tuple(replace(event, at=now, text=f"{event.text} ({proof})") for event in change.events)
    change = released(app, case, replace(change, events=told), (*about(letter), *settled))
    letters.settle(app.db, sent, change, spend_notes=letter.note_ids)
    log.info("%s: letter %d went out after all (%s)", case.contact.email, letter.step + 1, proof)


def name_of(app: App, case: Case, step: int, attempt: int) -> str:
    """Give the Message-ID of a try of a thread's letter."""
    return message_id(replace(case.thread, step=step), attempt, app.policy_of(case.contact).me.email)


def adopt(app: App, case: Case, msg: Incoming, now: Instant) -> bool:
    """Adopt a letter of the next step that lies in Sent and is unknown to the database; tell whether it is one.

    So it is after an old backup was restored: a Message-ID is derived from thread and step, and is known again, also
    where the config no longer has the step, and where a provider replaced it. Steps that were passed over meanwhile are
    passed over again, and whoever was moved to another account belongs to this one again.
    """
    policy, names = app.settings.policy, names_of(msg)
    further = (replace(case.thread, step=case.thread.step + ahead) for ahead in range(_AHEAD))
    tries = ((thread, one) for thread in further for one in _ATTEMPTS)
    known = ((*both, name) for both in tries for name in message_ids(*both, policy.me) if name in names)
    thread, attempt, name = next(known, (case.thread, 0, ""))
    if not name:
        return False
    # what is asked about it must not be lost by a crash
    with app.db.immediate():
        case = belonging.moved_back(app, case, now)
        if thread.step != case.thread.step:
            told = Event(
                at=now, kind="skipped", text=f"letter {thread.step + 1} lies in Sent: those before it are done with"
            )
            threads.apply(app.db, Change(thread=thread, events=(told,)))
        step = step_of(thread, policy)
        letter = letters.prepare(
            app.db,
            Letter(
                thread_id=case.thread.id,
                step=thread.step,
                attempt=attempt,
                template=step.template if step is not None else "",
                state=LetterState.PREPARED,
                message_id=name,
                subject=msg.subject,
                body=unquoted(msg.text),
                mail_from=msg.from_[0].addr_spec if msg.from_ else "",
                rcpt_to=reader(msg) or case.contact.email,
                # the server's date counts even where it lies ahead of a clock that may be the one that is wrong
                created_at=msg.internal_date or min(msg.date or now, now),
            ),
        )
        drop_others(app, threads.case(app.db, case.thread.id), letter, now)
        confirm(app, letter, "adopted from Sent", now)
        letters.add_ids(app.db, letter.id, names - {name})
        ask_where(app, threads.case(app.db, case.thread.id), letter, now)
    return True


def reader(copy: Incoming) -> str:
    """Give the address that a letter of ours went to, by its copy; "" if that does not say."""
    return next((one.addr_spec for one in copy.to), "")


def ask_where(app: App, case: Case, letter: Letter, now: Instant, known: str = "") -> None:
    """Hold the next letter if this one went to an address that is not known of them: the user had corrected it.

    `known` is the address that the letter was to go to, as far as that was known. Nobody is asked twice.
    """
    to = letter.rcpt_to
    if case.thread.state not in OPEN_STATES or key(to) in map(key, (*case.contact.addresses, known)):
        return
    who, there = word(case.contact.email), word(to)
    text = (
        f"a copy in Sent shows that letter {letter.step + 1} went to {to}, which is not known to be theirs; if it is: "
        f"followupd edit {who} --email {there}, then: followupd resume {there}; if not: followupd resume {who}"
    )
    if not any(event.text == text for event in threads.events(app.db, case.thread.id)):
        decided.hold(app, case, text, now)


def compare(app: App, letter: Letter, copy: Incoming, now: Instant) -> None:
    """Ask where they are if a copy tells that a letter went elsewhere than the database has it.

    Of a letter that the database itself saw go it knows better: a provider may write another address into the copy.
    """
    certain = letter.state not in REPLACEABLE and not letter.said.startswith(outcome.PROVED)
    if not certain and (to := reader(copy)):
        case = threads.case(app.db, letter.thread_id)
        ask_where(app, case, replace(letter, rcpt_to=to), now, letter.rcpt_to)


def strays(app: App, msgs: Iterable[Incoming]) -> Mapping[str, tuple[int]]:
    """Give, by Message-ID, the open threads whose next letters some of these messages are, whomever they went to.

    A restored database may not know the address, if the user corrected it since.
    """
    tokens = {one: msg.message_id for msg in msgs if (one := token_in(msg.message_id))}
    known = messages.ids_known(app.db, tokens.values())
    wanted = {one: name for one, name in tokens.items() if name not in known}
    if not wanted:
        return {}
    return {
        wanted[one]: (thread_id,)
        for thread_id, thread_key, step in threads.next_steps(app.db)
        for ahead in range(_AHEAD)
        for attempt in _ATTEMPTS
        if (one := token(thread_key, step + ahead, attempt)) in wanted
    }


def other_names(case: Case, letter: Letter, me: Me) -> tuple[str, ...]:
    """Give the Message-IDs by which a letter may have gone out that a restored database does not know.

    They are those of further tries, and those at the domains that the user has moved from; of a try that the database
    knows the user has spoken.
    """
    known = {one.attempt for one in case.letters if one.step == letter.step} - {letter.attempt}
    tries = (one for one in _ATTEMPTS if one not in known)
    return tuple(name for one in tries for name in message_ids(case.thread, one, me) if name != letter.message_id)


def drop_others(app: App, case: Case, letter: Letter, now: Instant) -> None:
    """Let go of other tries of a letter: the user had asked for this one, and a step has one letter."""
    others = [one for one in case.letters if one.step == letter.step and one.attempt != letter.attempt]
    for other in others:
        if other.state in IN_DOUBT | REPLACEABLE:
            dropped = replace(other, state=LetterState.DISCARDED, said="another try of it went on the wire")
            event = Event(at=now, kind="discarded", text=f"letter {other.step + 1}: {dropped.said}")
            stands = threads.case(app.db, case.thread.id).thread
            letters.settle(app.db, dropped, Change(thread=stands, events=(event,)))
