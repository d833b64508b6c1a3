"""Protections that can be switched off one by one: with each of them off, a schedule must be found that fails.

A harness that finds nothing proves nothing until it finds what was broken on purpose. Played by
`python benchmarks/schedules.py --without all`.
"""

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import replace
from datetime import timedelta
from typing import Any, Final
from unittest.mock import patch

from followupd import watching
from followupd.actions import (
    approving,
    barring,
    belonging,
    closed,
    digest,
    dispatch,
    doubt,
    drafting,
    elsewhere,
    filed_away,
    heads_up,
    recall,
    receive,
    trays,
    veto,
)
from followupd.actions import round as rounds
from followupd.core import announced, bounds, cadence, compose, outcome
from followupd.core.connections import MAIN
from followupd.core.errors import UnreachableError
from followupd.core.model import Deferred, LetterState, Role, Unknown
from followupd.store import accounts, letters, messages, threads
from tests.schedules.beginning import OTHER

Patch = tuple[Any, str, Any]


def _no_claim(app: Any, ready: Any, now: Any) -> bool:
    with app.db.immediate():
        app.db.run("UPDATE letters SET state = 'sending' WHERE id = ?", (ready.letter.id,))
    return True


def _resend(app: Any, now: Any) -> None:
    for letter in letters.in_doubt(app.db):
        if letter.state is LetterState.SENDING:
            app.db.run("UPDATE letters SET state = 'deferred' WHERE id = ?", (letter.id,))


_after_sending = outcome.after_sending
_claim_rule = letters._CLAIM
_record = messages.record
_read_mailbox = receive.read_mailbox
_due = threads.due
_work = trays.work
_take = approving.take
_claim_digest = digest._claim
_cursor = messages.cursor


def _lost_is_deferred(case: Any, letter: Any, receipt: Any, *rest: Any) -> Any:
    lost = isinstance(receipt, Unknown)
    return _after_sending(case, letter, Deferred(text="lost") if lost else receipt, *rest)


def _place_first(db: Any, outcomes: Any, cursor: Any, now: Any) -> None:
    messages.move_cursor(db, cursor, now)
    _record(db, outcomes, cursor, now)


def _broken_is_the_end(app: Any, now: Any) -> Any:
    try:
        return _read_mailbox(app, now)
    except UnreachableError:
        return receive.CaughtUp(at=now, account=app.account)


def _unread_is_empty(app: Any, now: Any) -> None:
    with suppress(UnreachableError):
        _work(app, now)


def _whatever_was_sent(case: Any) -> Any:
    return tuple(one for one in case.letters if one.state is LetterState.SENT)


def _unread(app: Any, now: Any) -> Any:
    return receive.CaughtUp(at=now, account=app.account)


def _due_by_any(db: Any, now: Any, **asked: Any) -> Any:
    return tuple(one for account in (MAIN, OTHER) for one in _due(db, now, **{**asked, "account": account}))


def _told_before_it_is(app: Any, mark: Any, now: Any) -> None:
    _claim_digest(app, mark, now)
    heads_up.keep(app, heads_up.write_down(app, digest._until(app), now), now)


def _from_anywhere(app: Any, folder: Any, raws: Any, now: Any) -> None:
    _take(app, replace(folder, role=Role.SENT), raws, now)


def _moved_at_will(desk: Any, case: Any, account: str | None) -> str:
    return str(account if account in desk.settings.names else case.contact.account)


_STATES: Final = "AND t.state IN ('scheduled', 'waiting') AND t.next_at <= :now"
_REVISION: Final = "AND t.revision = coalesce(:revision, t.revision)"

WITHOUT: Final[Mapping[str, tuple[Patch, ...]]] = {
    "the claim": ((dispatch, "_claimed", _no_claim),),
    "the user's word at the claim": ((letters, "_CLAIM", _claim_rule.replace(_STATES, "").replace(_REVISION, "")),),
    "the pause of everything at the claim": ((dispatch, "closed", lambda app, now: ""),),
    "the revision at the claim": ((letters, "_CLAIM", _claim_rule.replace(_REVISION, "")),),
    "doubt after a crash (it sends again)": ((doubt, "settle_doubt", _resend), (rounds, "settle_doubt", _resend)),
    "doubt after a lost answer (it is deferred)": ((outcome, "after_sending", _lost_is_deferred),),
    "the second look": ((dispatch, "read_mailbox", _unread),),
    "reading to the end (an error is the end)": (
        (rounds, "read_mailbox", _broken_is_the_end),
        (dispatch, "read_mailbox", _broken_is_the_end),
    ),
    "one transaction of outcome and place": ((messages, "record", _place_first),),
    "the floor and the wait": (
        (cadence, "floor_over", lambda case, policy: None),
        (cadence, "add", lambda at, *_: at),
        (bounds, "add", lambda at, *_: at),
    ),
    "the look into Sent before a letter": (
        (dispatch, "_adopted", lambda app, ready, now: False),
        (doubt, "adopt", lambda *_: False),
    ),
    "whomever a letter in Sent went to": ((doubt, "strays", lambda *_: {}),),
    "the question where they are": ((doubt, "ask_where", lambda *_: None),),
    "the look for what was moved while it was read": ((elsewhere, "whole", lambda *_: {}),),
    "the address that a letter went to": ((compose, "reached", _whatever_was_sent),),
    "the account that a letter leaves by": ((threads, "due", _due_by_any),),
    "the one sender of all letters to somebody": ((belonging, "moved", _moved_at_will),),
    "the other mailbox that somebody writes to": ((dispatch, "_unread", lambda *_: False),),
    "the copy in the other mailbox": ((accounts, "note_place", lambda *_: None),),
    "the places of each account by themselves": ((messages, "cursor", lambda db, folder, _="": _cursor(db, folder)),),
    "Sent of every account before any answer": ((watching, "look_into_sent", lambda app: None),),
    "the announcement of a letter": ((announced, "stands", lambda *_: True), (announced, "free_from", lambda *_: None)),
    "the data before a letter counts as announced": ((digest, "_claim", _told_before_it_is),),
    "the draft that must be gone before a letter": ((drafting, "keeps", lambda *_: None),),
    "the folders that no round reads": ((filed_away, "speaks", lambda *_: False),),
    "the user's program before a letter": ((veto, "holds", lambda *_: False),),
    "the folder that an answer to a digest lies in": ((approving, "take", _from_anywhere),),
    "the text that an answer to a digest approves": ((approving, "_unfit", lambda *_, **__: None),),
    "the word of a folder, before anything is sent": ((rounds, "work", lambda app, now: None),),
    "the folders of trays, to their end (an error is the end)": ((rounds, "work", _unread_is_empty),),
    "the witness": ((rounds, "recall", lambda app, now: None), (barring, "take_up", lambda desk, now: None)),
    "the letters that the witness saw": ((recall, "_letters", lambda *_: None),),
    "the doubt that the witness keeps": ((recall, "_doubtful", lambda *_: None),),
    "the witness's line before the data": ((letters, "intend", lambda *_: None),),
    "the answers and words that the witness saw": ((barring, "bar", lambda *_: None),),
    "the pause of everything that the witness saw": ((barring, "_pause", lambda *_: None),),
    "the newest event as a bound for the clock": ((closed, "_TOLERANCE", timedelta(days=40000)),),
}
"""What is switched off, and by which patches."""


@contextmanager
def without(what: str) -> Iterator[None]:
    """Switch a protection off."""
    with ExitStack() as stack:
        for where, name, instead in WITHOUT[what]:
            stack.enter_context(patch.object(where, name, instead))
        yield
