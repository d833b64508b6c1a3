"""What a daemon tells its user after a round: the digest by mail, and what happened at once, by each channel.

A line of history is told, and only then is its place moved on: after a crash in between it is told again at the next
start, with the same id. Nothing here can end a round or keep a letter from going.
"""

import logging
from collections.abc import Callable, Sequence
from typing import Final

from followupd.actions.digest import send_due
from followupd.app import App
from followupd.channels import INSTALL, PUSHED, Channel, Told, channels, has_apprise
from followupd.core.alarm import alarm
from followupd.core.errors import FollowupdError
from followupd.core.notices import Notice
from followupd.store import digest as history
from followupd.store import facts, notices

log = logging.getLogger(__name__)

_MOST: Final = 20
"""Calls after one round; what is left comes after the next."""
_PLACES: Final = ("notified", "notified_mail")
"""The facts that tell up to which line of history the program, and a mail to oneself, have told."""
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
    """Remember since when mailboxes are watched, and up to where each way to the user need not be told of history.

    A way that is new in the config hears of what happens from then on.
    """
    first = apps[0]
    notices.begin(first.db, [app.account for app in apps], first.clock.now())
    used = [one.place for one in channels(first.settings)]
    for place in used:
        if facts.get(first.db, place) is None:
            facts.put(first.db, place, str(history.newest(first.db)), first.clock.now())
    for known in (*_PLACES, *facts.beginning(first.db, PUSHED)):
        if known.removesuffix("_tried") not in used:
            facts.drop(first.db, known)
    if first.settings.pushes and not has_apprise():
        text = f"notify.apprise tells nobody: apprise is not installed; {INSTALL}"
        log.log(first.told.level(logging.ERROR, "apprise", text, first.clock.now()), "%s", text)


def notify(apps: Sequence[App]) -> None:
    """Tell the user by every way what happened, and whether a mailbox is no longer watched, or is again."""
    try:
        begin(apps)
        ways = channels(apps[0].settings)
        _alarms(apps, ways)
        for way in ways:
            _history(apps[0], way)
    except Exception as error:  # noqa: BLE001  # a bug in it must not end a round
        level = apps[0].told.level(logging.WARNING, "notify", _plain(error), apps[0].clock.now())
        log.log(level, "you could not be told at once: %s", _plain(error))


def _alarms(apps: Sequence[App], ways: Sequence[Channel]) -> None:
    """Give an alarm once, and say once that all is well again."""
    first, now = apps[0], apps[0].clock.now()
    if not ways:
        return
    for found in notices.watched(first.db, [app.account for app in apps]):
        name, why = facts.of(_ALARM, found.account), alarm(found, now)
        known = facts.get(first.db, name)
        if why and known is None:
            log.error("alarm: %s", why)
            _all(first, ways, Notice(id=f"alarm/{found.cause}", event="alarm", at=now, account=found.account, text=why))
            facts.put(first.db, name, found.cause, now)
        elif not why and known is not None:
            _all(first, ways, Notice(id=f"well_again/{known[0]}", event="well_again", at=now, account=found.account))
            facts.drop(first.db, name)


def _all(app: App, ways: Sequence[Channel], one: Notice) -> None:
    for way in ways:
        if way.takes(one):
            way.tell(app, one)


def _history(app: App, way: Channel) -> None:
    place = facts.get(app.db, way.place)
    for one in notices.after(app.db, int(place[0]), _MOST) if place else ():
        told = way.tell(app, one) if way.takes(one) else Told.DONE
        if told is Told.LATER:
            return
        facts.put(app.db, way.place, str(one.number), app.clock.now())
        if told is Told.SLOW:
            return


def _plain(error: Exception) -> str:
    return str(error) if isinstance(error, FollowupdError) else f"a bug: {type(error).__name__}"
