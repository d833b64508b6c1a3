"""What the daemon does for the database itself, after the letters: nothing here ever keeps a letter from going."""

import logging

from followupd.actions.forgetting import overwrite_traces
from followupd.app import App
from followupd.core.errors import TryLaterError

log = logging.getLogger(__name__)


def keep_house(app: App) -> None:
    """Overwrite what was erased; a database that is in use is left for the next round."""
    try:
        overwrite_traces(app.db)
    except TryLaterError as error:
        log.info("%s", error)
