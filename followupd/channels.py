"""The ways by which the user hears at once: a program of theirs, a mail to themselves, services that apprise knows.

Each has a place of its own in history, so that one that is down neither holds up another nor is told twice for it.
"""

import json
import logging
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from enum import Enum, auto
from functools import partial
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from followupd import programs, pushing
from followupd.actions import lockout
from followupd.app import App
from followupd.core.compose import to_oneself
from followupd.core.connections import Push
from followupd.core.errors import FollowupdError, LoginRefusedError
from followupd.core.instants import to_text
from followupd.core.model import Accepted, Deferred, Refused
from followupd.core.notices import Notice
from followupd.core.settings import Settings
from followupd.store import facts
from followupd.views import notice

log = logging.getLogger(__name__)

SECONDS: Final = 10.0
"""How long the program may take."""
_PUSH_SECONDS: Final = 30.0
PUSHED: Final = "notified_apprise_"
"""How the places of services begin."""
_AGAIN: Final = timedelta(minutes=30)
"""How long a way that failed is left alone."""
_HEARD: Final = frozenset({"answered", "opted_out"})
INSTALL: Final = "pip install 'followupd[apprise]'"


class Told(Enum):
    """How telling ended: done; done, and slow: no more in this round; not done: to be tried again."""

    DONE = auto()
    SLOW = auto()
    LATER = auto()


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """A way: the fact that keeps its place in history, which events it hears (None: all), and how it is told one."""

    place: str
    tell: Callable[[App, Notice], Told]
    hears: frozenset[str] | None = None

    def takes(self, one: Notice) -> bool:
        """Tell whether it is told of such an event."""
        return self.hears is None or one.event in self.hears


def channels(settings: Settings) -> tuple[Channel, ...]:
    """Give the ways that the config names and that can be gone."""
    found = [Channel(place="notified", tell=_run)] if settings.notify.command else []
    if settings.notify.mail:
        found.append(Channel(place="notified_mail", tell=_mail, hears=_HEARD))
    for number, push in enumerate(settings.pushes if has_apprise() else ()):
        found.append(Channel(place=PUSHED + _known_by(push), tell=partial(_push, number)))
    return tuple(found)


def has_apprise() -> bool:
    """Tell whether the library is installed, without loading it."""
    return find_spec("apprise") is not None


def check_services(settings: Settings) -> str:
    """Look whether every service can be told; raise FollowupdError where one cannot. Nothing is pushed."""
    if not has_apprise():
        raise FollowupdError("the library that tells services is not installed", where="apprise", hint=INSTALL)
    for number in range(len(settings.pushes)):
        status = _pushed(settings, number)
        if status != pushing.DONE:
            raise FollowupdError(_wrong(status), where=f"notify.apprise[{number}]")
    return f"{len(settings.pushes)} addresses that apprise knows; nothing was sent"


def _run(app: App, one: Notice) -> Told:
    """Run the program with a document on its standard input."""
    command = app.settings.notify.command
    name = programs.name_of(command)
    try:
        ended = programs.run(command, document(one, excerpt=app.settings.notify.excerpt), SECONDS, app.alive)
    except (OSError, ValueError) as error:
        log.error("%s cannot be started: %s", name, error)  # noqa: TRY400
        return Told.DONE
    if ended.status is None:
        log.error("%s took longer than %.0f seconds, and was ended", name, SECONDS)
        return Told.SLOW
    if ended.status:
        log.error("%s ended with status %d", name, ended.status)
    return Told.DONE


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


def _mail(app: App, one: Notice) -> Told:
    """Send a mail to oneself; told twice it has one Message-ID. It is no letter, and counts against no limit."""
    now, me, identity = app.clock.now(), app.settings.policy.me, facts.get(app.db, "identity")
    if _rests(app, "notified_mail") or lockout.left(app.db, now, app.account) > 0:
        return Told.LATER
    seed = f"notice/{identity[0] if identity else ''}/{one.id}"
    draft = to_oneself(notice.subject(one), notice.text(one, app.settings.notify.words), me, seed, now)
    try:
        envelope = app.postman.address(draft)
    except LoginRefusedError as error:
        return _later(app, "notified_mail", str(error), lockout.WAIT)
    receipt = envelope if isinstance(envelope, Deferred | Refused) else envelope.deliver()
    if isinstance(receipt, Deferred | Refused):
        return _later(app, "notified_mail", receipt.text)
    if not isinstance(receipt, Accepted):
        log.warning("nobody knows whether a mail to yourself went out; it is not sent again: %s", receipt.text)
    return Told.DONE


def _push(number: int, app: App, one: Notice) -> Told:
    """Push a notice to one service, in a process of its own."""
    place = PUSHED + _known_by(app.settings.pushes[number])
    if _rests(app, place):
        return Told.LATER
    try:
        status = _pushed(app.settings, number, one, app.alive)
    except FollowupdError as error:
        return _later(app, place, str(error))
    return Told.DONE if status == pushing.DONE else _later(app, place, f"notify.apprise[{number}]: {_wrong(status)}")


def _pushed(
    settings: Settings, number: int, one: Notice | None = None, alive: Callable[[], None] = lambda: None
) -> int | None:
    wanted = {"url": _url(settings, number)}
    if one is not None:
        wanted |= {"title": notice.subject(one), "body": notice.text(one, settings.notify.words)}
    # -P: nothing is imported from wherever the daemon was started
    command = (sys.executable, "-P", "-m", "followupd.pushing")
    return programs.run(command, json.dumps(wanted).encode(), _PUSH_SECONDS, alive).status


def _wrong(status: int | None) -> str:
    said = {None: f"it took longer than {_PUSH_SECONDS:.0f} s", pushing.NO_SERVICE: "apprise knows no such address"}
    return said.get(status, "the service could not be told")


def _url(settings: Settings, number: int) -> str:
    """Find the address of a service; raise FollowupdError where it is not there."""
    push = settings.pushes[number]
    if push.url:
        return push.url
    from followupd.config.secrets import Finder

    where = replace(settings.imap.server, password=push.source)
    return Finder(where, key=f"notify.apprise[{number}]", source=Path(settings.source))().reveal()


def _known_by(push: Push) -> str:
    """Give what a service is remembered by; its address cannot be read from it."""
    said = repr((push.url, push.source.kind.value, push.source.value, push.source.command))
    return sha256(said.encode()).hexdigest()[:16]


def _rests(app: App, place: str) -> bool:
    waits, now = facts.get(app.db, f"{place}_tried"), app.clock.now()
    return waits is not None and now < waits[1] <= now + lockout.WAIT


def _later(app: App, place: str, why: str, wait: timedelta = _AGAIN) -> Told:
    facts.put(app.db, f"{place}_tried", "", app.clock.now() + wait)
    log.log(app.told.level(logging.WARNING, place, why, app.clock.now()), "you could not be told at once: %s", why)
    return Told.LATER
