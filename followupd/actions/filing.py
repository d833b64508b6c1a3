"""A copy of every letter lies in the user's Sent folder, put there by the provider or by us, and only once.

A copy that cannot be filed never makes a letter unsent: it is tried again in the next round. What is to be filed is
written down before the letter leaves, so that a crash in between forgets no copy.
"""

import logging
from datetime import timedelta
from typing import Final

from followupd.actions import habits
from followupd.actions.habits import Filer
from followupd.app import App
from followupd.core.connections import SaveToSent
from followupd.core.errors import FollowupdError
from followupd.core.instants import Instant
from followupd.core.model import MAY_BE_OUT, Letter, LetterState
from followupd.store import facts, letters

log = logging.getLogger(__name__)

_PATIENCE: Final = 2.0
"""Seconds given to a provider that files the copy itself, or of which nobody knows."""
_LATEST: Final = timedelta(minutes=10)
"""How long the copy is left to a provider that is known to file it (Gmail, Microsoft 365, iCloud), before we do."""

_UNFILED: Final = "unfiled"


def remember(app: App, letter: Letter, now: Instant) -> None:
    """Write down that a copy of a letter will have to be filed, should it go out."""
    if app.settings.smtp.save_to_sent is not SaveToSent.NEVER:
        _wait_for(app, (*(one for one in _waiting(app) if one != letter.id), letter.id), now)


def file_copy(app: App, letter: Letter, now: Instant) -> None:
    """File a letter that just went out; never raises for trouble with the mailbox."""
    _file(app, letter, now, at_once=True)


def file_waiting(app: App, now: Instant) -> None:
    """File the copies that could not be filed before; one whose letter did not go out is forgotten."""
    if app.clock.stopping():
        return
    states = letters.states(app.db, _waiting(app))
    for letter_id in _waiting(app):
        if states.get(letter_id) not in MAY_BE_OUT:
            _done(app, letter_id, now)
        elif states[letter_id] is LetterState.SENT and not _file(app, letters.get(app.db, letter_id), now):
            return
    habits.look_again(app, now)


def _file(app: App, letter: Letter, now: Instant, *, at_once: bool = False) -> bool:
    """See that a copy lies in Sent, or that it will; False if the mailbox is in no state for it."""
    how = app.settings.smtp.save_to_sent
    try:
        if how is SaveToSent.AUTO and not _our_turn(app, letter, now, at_once=at_once):
            return not app.clock.stopping()
        if how is SaveToSent.AUTO:
            app.mailbox.file_sent(letter.raw, now)
            habits.saw(app, Filer.UNSURE, letter, now)
        elif how is SaveToSent.ALWAYS and app.mailbox.find_sent(letter.message_id) is None:
            app.mailbox.file_sent(letter.raw, now)
    except FollowupdError as error:
        log.warning("letter %d went out, but no copy could be filed in Sent: %s", letter.id, error)
        return False
    _done(app, letter.id, now)
    return True


def _our_turn(app: App, letter: Letter, now: Instant, *, at_once: bool) -> bool:
    """Tell whether the copy of a letter is ours to file by now; if it lies there already, nothing is left to do."""
    there = habits.lies_in_sent(app, letter)
    if not there and at_once and habits.filer(app) is not Filer.US:
        app.clock.sleep(_PATIENCE)
        if app.clock.stopping():
            # the wait was cut short: the provider may still be about to file its own copy
            return False
        there = habits.lies_in_sent(app, letter)
    if there:
        if at_once:
            habits.saw(app, Filer.SERVER, letter, now)
        _done(app, letter.id, now)
        return False
    return habits.filer(app) is not Filer.SERVER or now - (letter.sent_at or letter.created_at) >= _LATEST


def _done(app: App, letter_id: int, now: Instant) -> None:
    _wait_for(app, tuple(one for one in _waiting(app) if one != letter_id), now)


def _wait_for(app: App, letter_ids: tuple[int, ...], now: Instant) -> None:
    if letter_ids:
        facts.put(app.db, facts.of(_UNFILED, app.account), " ".join(map(str, letter_ids)), now)
    else:
        facts.drop(app.db, facts.of(_UNFILED, app.account))


def unfiled(app: App) -> tuple[int, ...]:
    """Give the letters, of all accounts, of which a copy is still to be filed."""
    return tuple(one for account in app.settings.names for one in _waiting_of(app, account))


def _waiting(app: App) -> tuple[int, ...]:
    return _waiting_of(app, app.account)


def _waiting_of(app: App, account: str) -> tuple[int, ...]:
    found = facts.get(app.db, facts.of(_UNFILED, account))
    return tuple(int(one) for one in found[0].split()) if found else ()
