"""Due threads become letters: written down whole, claimed between RCPT and DATA, settled before anything else is done.

The order is the protocol of docs/reliability.md; each step is committed before the next act on the wire.
"""

import logging
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from typing import Final

from followupd.actions import adoption, domain, doubt, drafting, filed_away, filing, heads_up, lockout, veto
from followupd.actions.closed import NOT_BEFORE, closed, tell
from followupd.actions.decided import dated, hold, written
from followupd.actions.receive import CaughtUp, read_mailbox
from followupd.actions.writing import Ready, write
from followupd.app import App
from followupd.core import match, message, outcome, states
from followupd.core.bounds import bounded
from followupd.core.cadence import leaves
from followupd.core.decide import decide
from followupd.core.errors import FollowupdError, StorageError, TryLaterError
from followupd.core.instants import Instant, at_local, local_day, to_text
from followupd.core.letter_states import LetterHappening, after
from followupd.core.model import (
    Accepted,
    Case,
    Change,
    Decision,
    Deferred,
    Event,
    Finish,
    Hold,
    Letter,
    LetterState,
    Receipt,
    Refused,
    Send,
    Skip,
    Thread,
    Unknown,
    Wait,
)
from followupd.ports import Envelope
from followupd.store import accounts, facts, letters, threads
from followupd.store.bounds import around, openings

log = logging.getLogger(__name__)

_MOST: Final = 1000
"""Due threads that one round looks at; the others wait for the next one."""
_AT_ONCE: Final = 100


def send_due(app: App, caught_up: CaughtUp) -> int:
    """Send what is due, at most one letter per contact; give how many went out.

    Sends nothing while everything is paused, while the server wants us to wait, or while the clock lies before the
    newest recorded event. Raises UnreachableError if the mailbox cannot be looked at again before a letter.
    """
    assert caught_up.account == app.account
    now = caught_up.at
    _end_pauses(app, now)
    reason = closed(app, now)
    tell(app, reason or veto.trouble(app, now) or heads_up.trouble(app, now), now)
    if reason:
        return 0
    veto.ask_again(app, now, _sent_today(app, now))
    sent = 0
    # ten thousand that wait for another day are one commit, not ten thousand
    later: list[tuple[Thread, Instant | None]] = []
    for case in _due(app, now):
        if app.clock.stopping():
            break
        if not _unread(app, case, caught_up):
            sent += _act(app, case, now, later)
        if closed(app, now):
            break
    threads.postpone(app.db, later)
    if trouble := veto.trouble(app, now):
        tell(app, trouble, now)
    return sent


def _due(app: App, now: Instant) -> Iterator[Case]:
    """Give up to a thousand due cases, each once, as it is when its turn is near: they are read a hundred at a time."""
    asked, met = openings(app.db, app.settings.policy, now), set[int]()
    cases: tuple[Case, ...] = ()
    while len(met) < _MOST:
        after = cases[-1].thread if cases else None
        cases = threads.due(app.db, now, limit=_AT_ONCE, account=app.account, openings=asked, after=after)
        yield from (one for one in cases if one.thread.id not in met)
        met |= {one.thread.id for one in cases}
        if len(cases) < _AT_ONCE:
            return


def _unread(app: App, case: Case, caught_up: CaughtUp) -> bool:
    """Tell whether mail of theirs was seen in another account's mailbox before that could not be read in this round."""
    elsewhere = accounts.seen_in(app.db, case.contact.id) & frozenset(app.settings.names)
    missing = elsewhere - caught_up.beside - {app.account}
    if missing:
        unread = ", ".join(sorted(missing))
        text = f"{case.contact.email}: not sent: they write to {unread}, too, and that cannot be read"
        log.log(app.told.level(logging.INFO, f"unread {case.contact.id}", text, app.clock.now()), "%s", text)
    return bool(missing)


def _end_pauses(app: App, now: Instant) -> None:
    for case in threads.pauses_over(app.db, now):
        event = Event(at=now, kind="resumed", text="the pause is over")
        dated(app, case, states.move(case.thread, states.Happening.RESUME, event), now)


def _decided(app: App, case: Case, now: Instant) -> Decision:
    """Decide what to do about one thread, by its dates, by what stands around it, and by what was announced."""
    policy = app.settings.policy
    decision = decide(case, policy, now, _sent_today(app, now))
    if isinstance(decision, Send):
        decision = bounded(case, policy, around(app.db, case, policy, now), now) or decision
    if isinstance(decision, Send) and (later := leaves(case, policy, now).at) > now:
        return Wait(later)
    return decision


def _act(app: App, case: Case, now: Instant, later: list[tuple[Thread, Instant | None]]) -> int:
    """Carry out the decision about one thread, and give the number of letters sent; a wait is added to `later`."""
    decision = _decided(app, case, now)
    match decision:
        case Send():
            return _send(app, case, now)
        case Wait(until=until):
            if until != case.thread.next_at:
                later.append((case.thread, until))
        case Hold(reason=reason):
            hold(app, case, reason, now)
        case Skip(reason=reason):
            event = Event(at=now, kind="skipped", text=f"letter {case.thread.step + 1} is passed over: {reason}")
            dated(app, case, Change(thread=outcome.passed(case.thread, now), events=(event,)), now)
        case Finish(state=state, reason=reason):
            ended = replace(case.thread, state=state, reason=reason, next_at=None)
            written(app, case, Change(thread=ended, events=(Event(at=now, kind=state.value, text=reason),)))
    return 0


def _send(app: App, case: Case, now: Instant) -> int:
    if adoption.must_wait(app, case) or veto.waits(app, case, now) or _drafted(app, case, now):
        return 0
    if filed_away.speaks(app, case, now):
        return 0
    ready = _written_out(app, case, now)
    if ready is None:
        return 0
    if _adopted(app, ready, now) or veto.holds(app, ready, now):
        return 0
    envelope = app.postman.address(ready.draft)
    if isinstance(envelope, Deferred | Refused):
        # what the user said of the letter meanwhile stands
        with suppress(TryLaterError):
            _settle(app, ready, envelope, now)
        return 0
    return _deliver(app, ready, envelope, now)


def _drafted(app: App, case: Case, now: Instant) -> bool:
    """Tell whether a letter does not go because of its draft in the user's Drafts folder."""
    kept = drafting.keeps(app, case, now)
    if isinstance(kept, Hold):
        hold(app, case, kept.reason, now)
    elif kept is not None:
        text = f"{case.contact.email}: not sent yet: {kept.reason}"
        log.log(app.told.level(logging.INFO, f"draft {case.thread.id}", text, now), "%s", text)
    return kept is not None


def _written_out(app: App, case: Case, now: Instant) -> Ready | None:
    """Write a letter down; None where it is held, or has to be announced first."""
    ready: Ready | Hold | Wait
    try:
        ready = domain.gone(app, case) or write(app, case, now)
    except (TryLaterError, StorageError):
        # a database that is busy, or a disk that fails, says nothing about this letter
        raise
    except FollowupdError as error:
        hint = error.hint or f"mend it, then: followupd resume {case.contact.email}"
        ready = Hold(f"{error}; {hint}")
    match ready:
        case Hold(reason=reason):
            hold(app, case, reason, now)
        case Wait():
            _put_off(app, case, ready, now)
        case Ready():
            return ready
    return None


def _adopted(app: App, ready: Ready, now: Instant) -> bool:
    """Tell whether this letter lies in Sent already; then it counts as sent, and its step is done.

    A database restored from a backup does not know its newest letters; their Message-IDs are made anew, the same. It
    does not know either how often the user had one tried again, or that they have moved to another domain since.
    """
    name, others = ready.draft.message_id, doubt.other_names(ready.case, ready.letter, app.settings.policy.me)
    raw = app.mailbox.find_sent(name, *others)
    if raw is None:
        return False
    copy = message.parse(raw)
    if name in match.names_of(copy):
        sent = replace(ready.letter, rcpt_to=doubt.reader(copy) or ready.letter.rcpt_to)
        with app.db.immediate():
            ready = replace(ready, letter=letters.prepare(app.db, sent))
            _settle(app, ready, Accepted(text="adopted from Sent, where it was found before it was sent again"), now)
            doubt.ask_where(app, threads.case(app.db, ready.case.thread.id), ready.letter, now)
    else:
        doubt.adopt(app, ready.case, copy, now)
    log.warning("%s: letter %d was in Sent already", ready.case.contact.email, ready.letter.step + 1)
    return True


def _deliver(app: App, ready: Ready, envelope: Envelope, now: Instant) -> int:
    """The last look, the claim, the data, the outcome: nothing may be put between these lines."""
    try:
        filing.remember(app, ready.letter, now)
        read_mailbox(app, now)
        claimed = _claimed(app, ready, now)
    except BaseException:
        envelope.withdraw()
        raise
    if not claimed:
        envelope.withdraw()
        return 0
    receipt = envelope.deliver()
    on_wire = replace(ready.letter, state=after(ready.letter.state, LetterHappening.CLAIMED))
    sent = _settle(app, replace(ready, case=threads.case(app.db, ready.case.thread.id), letter=on_wire), receipt, now)
    if sent.state is LetterState.SENT:
        filing.file_copy(app, sent, now)
        return 1
    return 0


def _claimed(app: App, ready: Ready, now: Instant) -> bool:
    """Claim a letter inside the write lock: what anybody wrote before wins, `pause --all` too."""
    with app.db.immediate():
        claimed = not closed(app, now) and letters.claim(app.db, ready.letter.id, now, ready.case.thread.revision)
    if claimed:
        letters.intend(app.db, ready.letter.id, now)
    return claimed


def _settle(app: App, ready: Ready, receipt: Receipt, now: Instant) -> Letter:
    letter, change = outcome.after_sending(ready.case, ready.letter, receipt, app.settings.policy, now)
    accepted = isinstance(receipt, Accepted)
    letters.settle(
        app.db,
        letter,
        change,
        other_ids=receipt.other_ids if isinstance(receipt, Accepted) else (),
        spend_notes=ready.letter.note_ids if accepted else (),
    )
    limited = isinstance(receipt, Deferred) and receipt.account
    strikes = lockout.strikes(app.db, refused=limited, now=now, account=app.account)
    if limited:
        # a limit of the account, or no way to the server: to send something else instead would only hammer
        facts.put(
            app.db,
            facts.of(NOT_BEFORE, app.account),
            to_text(now + outcome.RETRIES[min(max(ready.letter.tries, strikes), len(outcome.RETRIES) - 1)]),
            now,
        )
    level = logging.WARNING if isinstance(receipt, Unknown | Refused) else logging.INFO
    for event in change.events:
        log.log(level, "%s: %s", ready.case.contact.email, event.text, extra={"private": letter.subject})
    return letter


def _put_off(app: App, case: Case, wait: Wait, now: Instant) -> None:
    event = Event(at=now, kind="moved", text=wait.reason)
    if written(app, case, Change(thread=replace(case.thread, next_at=wait.until), events=(event,))):
        log.info("%s: %s", case.contact.email, wait.reason)


def _sent_today(app: App, now: Instant) -> int:
    zone = app.settings.policy.me.zone
    return letters.sent_since(app.db, at_local(local_day(now, zone), 0, zone), app.account)
