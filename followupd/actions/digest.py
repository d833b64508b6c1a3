"""The digest: a mail from the user to themselves, written by the daemon after a round that read the mailbox.

It is written down before its data is sent, so that a crash sends one too few and never two for one period. Nothing that
goes wrong with it keeps a letter from going, and it counts against no limit of letters.
"""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final, TypeAlias

from followupd.actions import approving, heads_up, lockout, promises
from followupd.actions.heads_up import TRIED
from followupd.actions.needed import needed
from followupd.actions.overview import coming
from followupd.app import App, Desk
from followupd.core import announced, promised
from followupd.core import digest as core
from followupd.core.compose import to_oneself
from followupd.core.errors import FollowupdError, LoginRefusedError, TryLaterError
from followupd.core.instants import Instant, Span, add
from followupd.core.model import Accepted, Deferred, Event, Refused
from followupd.store import approvals, facts, threads
from followupd.store import digest as store

log = logging.getLogger(__name__)

Write: TypeAlias = Callable[[core.Digest, Instant], tuple[str, str]]
"""What makes subject and text of a digest, at an hour of the user's."""

_FACT: Final = "digest"
"""The fact that tells up to which line of history the last digest told, and when that was."""
_AGAIN: Final = timedelta(hours=1)
_WEEK: Final = Span(weeks=1)


@dataclass(frozen=True, slots=True)
class Mark:
    """Where the last digest ended: the number of the newest line of history, and when."""

    event: int
    at: Instant


def gather(desk: Desk) -> core.Digest:
    """Give what there is to say now, since the last digest."""
    return _gather(desk, heads_up.soon(desk, _until(desk), desk.clock.now()))


def _until(desk: Desk) -> Instant:
    """Give until when a digest looks ahead: to the next one by its rhythm."""
    now, policy = desk.clock.now(), desk.settings.policy
    return core.next_at(desk.settings.digest, now, policy) or add(now, _WEEK, policy.me.zone)


def _gather(desk: Desk, told: Sequence[core.Announced]) -> core.Digest:
    now, policy, until = desk.clock.now(), desk.settings.policy, _until(desk)
    mark = _mark(desk)
    since = mark.at if mark else None
    with desk.db.snapshot():
        cases = threads.open_cases(desk.db)
        found = core.Gathered(
            since=since,
            until=until,
            needs=needed(desk),
            history=store.since(desk.db, mark.event if mark else 0, core.TOLD),
            cases=cases,
            planned=coming(desk, cases, until).letters,
            owed=promises.owed(desk),
            proposed=store.proposed(desk.db, since or now - timedelta(weeks=1)),
            deferred=store.deferred(desk.db),
            waiting=approving.waiting(desk),
            answers=approvals.said_since(desk.db, since),
            announced=told,
        )
    return core.digest(found, policy, now)


def send_now(app: App, write: Write) -> core.Digest:
    """Send the digest, whenever the next one is due; raise FollowupdError where it cannot be sent.

    Where there is nothing to say none is sent.
    """
    found = _written_down(app)
    if not found.is_empty:
        _send(app, found, _mark(app), write)
    return found


def _written_down(app: App) -> core.Digest:
    """Give what there is to say; the letters that are announced are written down."""
    return _gather(app, heads_up.write_down(app, _until(app), app.clock.now()))


def send_due(app: App, write: Write) -> None:
    """Send the digest if it is due; what goes wrong is told to the log, and it is tried again later."""
    try:
        _send_due(app, write)
    except FollowupdError as error:
        wait = lockout.WAIT if isinstance(error, LoginRefusedError) else _AGAIN
        facts.put(app.db, TRIED, str(error), app.clock.now() + wait)
        level = app.told.level(logging.WARNING, TRIED, str(error), app.clock.now())
        log.log(level, "the digest could not be sent: %s", error)


def note_late(desk: Desk, now: Instant) -> None:
    """Write into the history of every thread whose letter was asked for by a day that has passed that it is late."""
    for thread_id in store.with_kept_words(desk.db):
        case = threads.case(desk.db, thread_id)
        text = promised.late(case, desk.policy_of(case.contact), now)
        if text and not store.is_told(desk.db, thread_id, promised.KIND, text):
            with desk.db.immediate():
                threads.add_events(desk.db, thread_id, [Event(at=now, kind=promised.KIND, text=text)])
            log.warning("%s: %s", case.contact.email, text)


def _send_due(app: App, write: Write) -> None:
    now, mark = app.clock.now(), _mark(app)
    if app.settings.digest.every is None and not announced.wanted(app.settings.policy):
        return
    # the first one tells of what happens from now on; a clock that was set back begins anew
    if mark is None or mark.at > now:
        _put(app, Mark(store.newest(app.db), now))
        return
    tried = facts.get(app.db, TRIED)
    waits = tried is not None and now < tried[1] <= now + lockout.WAIT
    if waits or lockout.left(app.db, now, app.account) > 0:
        return
    due = core.next_at(app.settings.digest, mark.at, app.settings.policy)
    if (due is None or now < due) and not heads_up.is_due(app, mark.at, now):
        return
    found = _written_down(app)
    if found.is_empty:
        _put(app, Mark(store.newest(app.db), now))
        return
    _send(app, found, mark, write)
    app.told.over(TRIED)
    log.info("the digest was sent to %s", app.settings.policy.me.email)


def _send(app: App, found: core.Digest, mark: Mark | None, write: Write) -> None:
    now, me = app.clock.now(), app.settings.policy.me
    identity = facts.get(app.db, "identity")
    seed = f"{identity[0] if identity else ''}/{now.isoformat()}"
    found = replace(found, waiting=approving.with_codes(found.waiting))
    draft = to_oneself(*write(found, now.astimezone(me.zone)), me, seed, now)
    envelope = app.postman.address(draft)
    if isinstance(envelope, Deferred | Refused):
        raise FollowupdError(envelope.text, where=me.email)
    try:
        with app.db.immediate():
            _claim(app, mark, now)
            approving.offer(app, draft.message_id, found.waiting, now)
    except BaseException:
        envelope.withdraw()
        raise
    receipt = envelope.deliver()
    if isinstance(receipt, Deferred | Refused):
        # certainly not sent: what was written down is taken back
        _put(app, mark) if mark else facts.drop(app.db, _FACT)
        approvals.forget(app.db, mail=draft.message_id)
        raise FollowupdError(receipt.text, where=me.email)
    if not isinstance(receipt, Accepted):
        log.warning("nobody knows whether the digest went out; it is not sent again: %s", receipt.text)
        return
    # after the data, never before: what was not told may not count as told
    heads_up.keep(app, found.announced, app.clock.now())
    for other in receipt.other_ids:
        approvals.rename(app.db, draft.message_id, other)


def _claim(app: App, mark: Mark | None, now: Instant) -> None:
    """Write down that the digest is sent, unless another process did meanwhile."""
    with app.db.immediate():
        if _mark(app) != mark:
            raise TryLaterError("another process is sending the digest")
        _put(app, Mark(store.newest(app.db), now))


def _mark(desk: Desk) -> Mark | None:
    found = facts.get(desk.db, _FACT)
    return Mark(int(found[0]), found[1]) if found else None


def _put(desk: Desk, mark: Mark) -> None:
    facts.put(desk.db, _FACT, str(mark.event), mark.at)
