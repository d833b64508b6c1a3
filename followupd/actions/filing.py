"""A copy of every letter lies in the user's Sent folder, put there by the provider or by us, and only once.

A copy that cannot be filed never makes a letter unsent: it is tried again in the next round.
"""

import logging
from typing import Final

from followupd.app import App
from followupd.core.errors import FollowupdError
from followupd.core.instants import Instant
from followupd.core.model import Letter, LetterState
from followupd.core.settings import SaveToSent
from followupd.store import facts, letters

log = logging.getLogger(__name__)

_PATIENCE: Final = 2.0
"""Seconds given to a provider that files the copy itself (Gmail, Microsoft 365, iCloud do)."""

_UNFILED: Final = "unfiled"


def file_copy(app: App, letter: Letter, now: Instant) -> None:
    """File a letter that just went out; never raises for trouble with the mailbox."""
    save = app.settings.smtp.save_to_sent
    if save is SaveToSent.NEVER:
        return
    try:
        if save is SaveToSent.AUTO and app.mailbox.find_sent(letter.message_id) is None:
            app.clock.sleep(_PATIENCE)
        if app.mailbox.find_sent(letter.message_id) is None:
            app.mailbox.file_sent(letter.raw, now)
    except FollowupdError as error:
        log.warning("letter %d went out, but no copy could be filed in Sent: %s", letter.id, error)
        facts.put(app.db, _UNFILED, " ".join((*_waiting(app), str(letter.id))), now)


def file_waiting(app: App, now: Instant) -> None:
    """File the copies that could not be filed before."""
    waiting = _waiting(app)
    facts.drop(app.db, _UNFILED) if waiting else None
    for letter_id in waiting:
        letter = letters.get(app.db, int(letter_id))
        if letter.state is LetterState.SENT:
            file_copy(app, letter, now)


def _waiting(app: App) -> tuple[str, ...]:
    found = facts.get(app.db, _UNFILED)
    return tuple(found[0].split()) if found else ()
