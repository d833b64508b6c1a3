"""What the daemon does for the database itself, after the letters: nothing here ever keeps a letter from going."""

import logging

from followupd.actions.forgetting import overwrite_traces
from followupd.actions.yearly import ask_yearly
from followupd.app import App
from followupd.core.errors import TryLaterError

log = logging.getLogger(__name__)


def keep_house(app: App) -> None:
    """Overwrite what was erased, ask about old silence; a database that is in use is left for the next round."""
    try:
        overwrite_traces(app.db)
        ask_yearly(app)
    except TryLaterError as error:
        log.info("%s", error)
