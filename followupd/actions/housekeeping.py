"""What the daemon does for the database itself, after the letters: nothing here ever keeps a letter from going."""

import logging
from datetime import timedelta
from typing import Final

from followupd.actions.filing import unfiled
from followupd.actions.forgetting import overwrite_traces
from followupd.actions.yearly import ask_yearly
from followupd.app import App
from followupd.core.bounds import A_YEAR
from followupd.core.errors import TryLaterError
from followupd.core.instants import Instant, before
from followupd.store import facts
from followupd.store.retention import blank

log = logging.getLogger(__name__)

_FACT: Final = "old_words_gone_at"
_OFTEN: Final = timedelta(days=1)


def keep_house(app: App, now: Instant) -> None:
    """Overwrite what was erased, ask about old silence, and let old words go.

    A database that is in use is left for the next round.
    """
    try:
        overwrite_traces(app.db)
        ask_yearly(app)
        let_go(app, now)
    except TryLaterError as error:
        # another program that reads all the time, such as Litestream, keeps it in use for months
        log.log(app.told.level(logging.INFO, "housekeeping", str(error), now), "%s", error)


def let_go(app: App, now: Instant) -> None:
    """Take out words that are older than the user wants to keep any; once a day, and until none are left."""
    keep, zone = app.settings.keep_bodies, app.settings.policy.me.zone
    last = facts.get(app.db, _FACT)
    if keep is None or (last is not None and timedelta() <= now - last[1] < _OFTEN):
        return
    oldest = before(now, keep, zone)
    # the letters and words of a year are counted (`core.bounds`)
    gone = blank(app.db, letters_before=min(oldest, now - A_YEAR), messages_before=oldest, unfiled=unfiled(app))
    if gone:
        log.info("the words of %d old letters and messages were let go", gone)
    else:
        facts.put(app.db, _FACT, "", now)
