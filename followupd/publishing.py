"""Files that a running daemon keeps for others: a calendar of the letters to come, figures for who watches over it.

They are written whole. Each is a view and nothing more: where it cannot be written, letters go out all the same, and
the log says why once.
"""

import logging
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, TypeAlias

from followupd.actions.agenda import agenda
from followupd.app import Desk
from followupd.config.staging import replace_with
from followupd.core.errors import FollowupdError
from followupd.core.instants import local_day
from followupd.store import facts, reading
from followupd.store.accounts import standing
from followupd.store.agenda import mark

if TYPE_CHECKING:
    from followupd.core.instants import Instant

log = logging.getLogger(__name__)

_Mark: TypeAlias = tuple[object, ...]


class MetricsFile:
    """Figures in Prometheus' format, after every round, where the config names a file for them."""

    def __init__(self, app: Desk) -> None:
        self._app = app
        self._trouble = ""

    def refresh(self) -> None:
        """Write the figures as they stand; where that fails, say why once."""
        path = self._app.settings.metrics
        if path is None:
            return
        from followupd.views.metrics import metrics

        app = self._app
        try:
            queue = reading.queue(app.db, app.clock.now())
            replace_with(Path(path), metrics(queue, standing(app.db, app.settings.names), _last_round(app)))
            self._trouble = ""
        except (OSError, FollowupdError) as error:
            self._trouble = _told_once(self._trouble, "the metrics file", error, path)


def _last_round(app: Desk) -> "Instant | None":
    found = facts.get(app.db, "last_round_at")
    return found[1] if found else None


def _told_once(before: str, what: str, error: Exception, path: PurePath) -> str:
    """Say why a file cannot be written, unless that is what was said before; give what was said."""
    reason = error.what if isinstance(error, FollowupdError) else getattr(error, "strerror", "") or type(error).__name__
    if reason != before:
        log.warning("%s cannot be written: %s (%s)", what, reason, path)
    return str(reason)


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
            self._trouble = _told_once(self._trouble, "the calendar file", error, path)

    def _refresh(self, path: Path) -> None:
        today = local_day(self._app.clock.now(), self._app.settings.policy.me.zone)
        now = (today, *mark(self._app.db))
        if now == self._written and path.exists():
            return
        from followupd.views.calendar import calendar

        if replace_with(path, calendar(agenda(self._app)).decode()):
            log.info("the calendar file is up to date: %s", path)
        self._written, self._trouble = now, ""
