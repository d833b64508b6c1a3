"""A message that cannot be read stops no round: it is named to the user, and holds the thread that it may belong to.

Reading is total for every input that is known (benchmarks/fuzz.py). Should one message defeat it all the same, the
messages after it are read, and the letters to everybody else go out.
"""

import hashlib
import logging
import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final

from followupd.app import App
from followupd.core import message, outcome
from followupd.core.errors import FollowupdError
from followupd.core.instants import Instant
from followupd.core.model import Address, Cursor, Glance, Incoming, Judgement, RawMessage, Verdict
from followupd.store import facts, messages, threads

log = logging.getLogger(__name__)

UNREADABLE: Final = "unreadable"
"""The fact that names the last message that could not be read, for `status`."""

_HEAD: Final = 65_536
_FIELD: Final = rb"[ \t]*:([^\r\n]*(?:\r?\n[ \t][^\r\n]*)*)"
_FROM: Final = re.compile(rb"^(?:from|sender|reply-to)" + _FIELD, re.IGNORECASE | re.MULTILINE)
_TO: Final = re.compile(rb"^(?:to|cc)" + _FIELD, re.IGNORECASE | re.MULTILINE)
_ADDRESS: Final = re.compile(rb"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9.-]{1,250}[A-Za-z0-9]")
_ID: Final = re.compile(rb"<[^<>\s\x00-\x1f\x7f-\xff]{1,500}>")
_MOST: Final = 50


def glance(raw: RawMessage) -> Glance:
    """Look at a header section; one that cannot be looked at may concern us."""
    try:
        return message.glance(raw)
    except Exception:  # noqa: BLE001  # whatever it was, the next message is read
        return Glance(machine=True)


def parse(app: App, raw: RawMessage, now: Instant) -> Incoming:
    """Read a message; of one that cannot be read, the addresses and identifiers that stand in its header."""
    try:
        return message.parse(raw)
    except Exception as error:  # noqa: BLE001
        name(app, raw.folder, raw.uid, error, now)
        return _crude(raw)


def _crude(raw: RawMessage) -> Incoming:
    octets = bytes(raw.raw)
    head = octets[:_HEAD]
    ids = [found.decode("ascii") for found in _ID.findall(head)]
    return Incoming(
        folder=raw.folder,
        uid=raw.uid,
        message_id="",
        digest=hashlib.sha256(octets).hexdigest(),
        internal_date=raw.internal_date,
        date=None,
        from_=_people(_FROM, head),
        to=_people(_TO, head),
        references=tuple(dict.fromkeys(ids[:_MOST])),
        size=raw.size,
        readable=False,
    )


def _people(field: "re.Pattern[bytes]", head: bytes) -> tuple[Address, ...]:
    found = [one.decode("ascii").lower() for line in field.findall(head) for one in _ADDRESS.findall(line)]
    return tuple(Address(addr_spec=one) for one in dict.fromkeys(found[:_MOST]))


Judge = Callable[[Incoming], messages.Outcome | None]


def judged(app: App, msg: Incoming, judge: Judge, now: Instant) -> messages.Outcome | None:
    """Judge a message; one that cannot be judged is judged by its identifiers and addresses alone.

    Raises what `judge` raises where even that cannot be done: a fault that meets every message stops the round.
    """
    try:
        return judge(msg)
    except FollowupdError:
        raise
    except Exception as error:  # noqa: BLE001
        name(app, msg.folder, msg.uid, error, now)
    bare = Incoming(
        folder=msg.folder,
        uid=msg.uid,
        message_id=msg.message_id,
        digest=msg.digest,
        internal_date=msg.internal_date,
        date=None,
        from_=msg.from_,
        sender=msg.sender,
        reply_to=msg.reply_to,
        to=msg.to,
        cc=msg.cc,
        in_reply_to=msg.in_reply_to,
        references=msg.references,
        readable=False,
    )
    return judge(bare)


def record(app: App, found: Sequence[messages.Outcome], place: Cursor | None, now: Instant) -> None:
    """Write a page down; where it cannot be, one message after the other, and of the one that is at fault little.

    Without `place` the messages lie behind the one that is known, which stays. Raises FollowupdError for trouble that
    is not the messages'.
    """
    try:
        messages.record(app.db, found, place, now)
    except FollowupdError:
        raise
    except Exception:  # noqa: BLE001
        for one in found:
            _record_alone(app, one, _before(app, place), now)
        messages.record(app.db, (), place, now)


def _before(app: App, place: Cursor | None) -> Cursor | None:
    """Give the place up to which a folder is known to have been read."""
    if place is None:
        return None
    known = messages.cursor(app.db, place.folder, place.account)
    return known if known is not None and known.uidvalidity == place.uidvalidity else replace(place, last_uid=0)


def _record_alone(app: App, one: messages.Outcome, before: Cursor | None, now: Instant) -> None:
    try:
        messages.record(app.db, (one,), before, now)
    except FollowupdError:
        raise
    except Exception as error:  # noqa: BLE001
        name(app, one.message.folder, one.message.uid, error, now)
        messages.record(app.db, (_little(app, one, now),), before, now)


def _little(app: App, one: messages.Outcome, now: Instant) -> messages.Outcome:
    """Keep of a message that it was there, and hold its thread."""
    digest = hashlib.sha256(one.message.message_id.encode("utf-8", "replace")).hexdigest()
    rule = "message.unreadable"
    bare = replace(
        one.message,
        message_id=digest,
        uid=0,
        from_="",
        subject="",
        received_at=now,
        verdict=Verdict.OTHER,
        rule=rule,
        words="",
        excerpt="",
        return_date=None,
    )
    if one.message.thread_id is None:
        return messages.Outcome(message=bare)
    case = threads.case(app.db, one.message.thread_id)
    msg = Incoming(folder=bare.folder, uid=0, message_id="", digest=digest, internal_date=None, date=None)
    judgement = Judgement(verdict=Verdict.OTHER, rule=rule, hold=True)
    change = outcome.after_message(case, msg, judgement, app.settings.policy, now)
    return messages.Outcome(message=bare, change=change)


def name(app: App, folder: str, uid: int, error: Exception, now: Instant) -> None:
    """Name a message that could not be read, in the log and for `status`."""
    said = f"a message in the folder {folder} (UID {uid}) cannot be read ({type(error).__name__})"
    log.warning("%s; look at it with a mail program, and please report it", said)
    log.debug("details", exc_info=error)
    facts.put(app.db, UNREADABLE, said, now)
