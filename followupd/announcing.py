"""What a daemon tells its user after a round: the digest by mail, and at once, by a program of theirs, what happened.

A line of history is told once the program has ended, and only then is its place moved on: after a crash in between the
program hears of it at the next start, with the same id. Nothing here can end a round or keep a letter from going.
"""

import json
import logging
from collections.abc import Callable, Sequence
from typing import Final

from followupd import programs
from followupd.actions.digest import send_due
from followupd.app import App
from followupd.core.alarm import alarm
from followupd.core.errors import FollowupdError
from followupd.core.instants import to_text
from followupd.core.notices import Notice
from followupd.store import digest as history
from followupd.store import facts, notices

log = logging.getLogger(__name__)

SECONDS: Final = 10.0
"""How long the program may take."""
_MOST: Final = 20
"""Calls after one round; what is left comes after the next."""
_PLACE: Final = "notified"
"""The fact that tells up to which line of history the program has heard."""
_ALARM: Final = "alarm"
"""The fact that tells for which account an alarm was given, and by what that is known."""


def announcing(app: App, refresh: Callable[[], None]) -> Callable[[], None]:
    """Give what is done after a round that read a mailbox: first `refresh`, then what is to be told."""

    def tell() -> None:
        refresh()
        try:
            from followupd.views.digest import mail

            send_due(app, mail)
        except Exception as error:  # noqa: BLE001  # a bug in it must not end a round
            level = app.told.level(logging.WARNING, "digest", _plain(error), app.clock.now())
            log.log(level, "the digest was not written: %s", _plain(error))

    return tell


def begin(apps: Sequence[App]) -> None:
    """Remember since when mailboxes are watched, and up to where the user's program need not be told of history.

    Who names a program hears of what happens from then on.
    """
    first = apps[0]
    notices.begin(first.db, [app.account for app in apps], first.clock.now())
    known = facts.get(first.db, _PLACE)
    if first.settings.notify.command and known is None:
        facts.put(first.db, _PLACE, str(history.newest(first.db)), first.clock.now())
    elif known is not None and not first.settings.notify.command:
        facts.drop(first.db, _PLACE)


def notify(apps: Sequence[App]) -> None:
    """Tell the user's program what happened, and whether a mailbox is no longer watched, or is again."""
    try:
        begin(apps)
        if apps[0].settings.notify.command:
            _alarms(apps)
            _history(apps[0])
    except Exception as error:  # noqa: BLE001  # a bug in it must not end a round
        level = apps[0].told.level(logging.WARNING, "notify", _plain(error), apps[0].clock.now())
        log.log(level, "notify.command was not run: %s", _plain(error))


def _alarms(apps: Sequence[App]) -> None:
    """Give an alarm once, and say once that all is well again."""
    first, now = apps[0], apps[0].clock.now()
    for found in notices.watched(first.db, [app.account for app in apps]):
        name, why = facts.of(_ALARM, found.account), alarm(found, now)
        known = facts.get(first.db, name)
        if why and known is None:
            log.error("alarm: %s", why)
            _run(first, Notice(id=f"alarm/{found.cause}", event="alarm", at=now, account=found.account, text=why))
            facts.put(first.db, name, found.cause, now)
        elif not why and known is not None:
            _run(first, Notice(id=f"well_again/{known[0]}", event="well_again", at=now, account=found.account))
            facts.drop(first.db, name)


def _history(app: App) -> None:
    place = facts.get(app.db, _PLACE)
    for one in notices.after(app.db, int(place[0]), _MOST) if place else ():
        in_time = _run(app, one)
        facts.put(app.db, _PLACE, str(one.number), app.clock.now())
        if not in_time:
            return


def _run(app: App, one: Notice) -> bool:
    """Run the program with a document on its standard input; False where it took too long."""
    command = app.settings.notify.command
    name = programs.name_of(command)
    try:
        ended = programs.run(command, document(one, excerpt=app.settings.notify.excerpt), SECONDS)
    except (OSError, ValueError) as error:
        log.error("%s cannot be started: %s", name, error)  # noqa: TRY400
        return True
    if ended.status is None:
        log.error("%s took longer than %.0f seconds, and was ended", name, SECONDS)
        return False
    if ended.status:
        log.error("%s ended with status %d", name, ended.status)
    return True


def document(one: Notice, *, excerpt: bool) -> bytes:
    """Give what the program hears; without `excerpt` there is no word in it that somebody else wrote but their name."""
    known = {
        "id": one.id,
        "event": one.event,
        "at": to_text(one.at),
        "account": one.account,
        "email": one.email,
        "name": one.name,
    }
    if excerpt or not one.number:
        known["text"] = one.text
    if excerpt:
        known["excerpt"] = one.excerpt
    return json.dumps(known).encode() + b"\n"


def _plain(error: Exception) -> str:
    return str(error) if isinstance(error, FollowupdError) else f"a bug: {type(error).__name__}"
