"""The calendar file of a running daemon: written whole, and only when a letter was moved, sent or taken back.

It is a view and nothing more: where it cannot be written letters go out all the same, and the log says why once.
"""

import logging
from pathlib import Path
from typing import TypeAlias

from followupd.actions.agenda import agenda
from followupd.app import Desk
from followupd.config.staging import replace_with
from followupd.core.errors import FollowupdError
from followupd.core.instants import local_day
from followupd.store.agenda import mark

log = logging.getLogger(__name__)

_Mark: TypeAlias = tuple[object, ...]


class CalendarFile:
    """What was last written is remembered, so that a round with nothing new costs two small queries."""

    def __init__(self, app: Desk) -> None:
        self._app = app
        self._written: _Mark = ()
        self._trouble = ""

    def refresh(self) -> None:
        """Bring the file up to date, where the config names one."""
        path = self._app.settings.calendar
        if path is None:
            return
        try:
            self._refresh(Path(path))
        except (OSError, FollowupdError) as error:
            reason = error.what if isinstance(error, FollowupdError) else error.strerror or type(error).__name__
            if reason != self._trouble:
                log.warning("the calendar file cannot be written: %s (%s)", reason, path)
            self._trouble = reason

    def _refresh(self, path: Path) -> None:
        today = local_day(self._app.clock.now(), self._app.settings.policy.me.zone)
        now = (today, *mark(self._app.db))
        if now == self._written and path.exists():
            return
        from followupd.views.calendar import calendar

        if replace_with(path, calendar(agenda(self._app)).decode()):
            log.info("the calendar file is up to date: %s", path)
        self._written, self._trouble = now, ""
