"""Before a letter goes, folders of the user's own are searched, too: a rule of theirs may have filed the answer there.

No round reads these folders: there may be hundreds, with mail of decades. Somebody who is written to once in months is
searched for in a moment, and what is found is judged like all mail.
"""

from collections.abc import Collection, Sequence
from datetime import timedelta
from typing import Final

from followupd.actions.receive import read_behind
from followupd.actions.unreadable import glance
from followupd.app import App
from followupd.core.addresses import key
from followupd.core.adoption import Written, concerns
from followupd.core.errors import LoginRefusedError, UnreachableError
from followupd.core.instants import Instant
from followupd.core.model import Case, Folder, Glance, RawMessage, Sought
from followupd.store import adoption, threads

_NEWEST: Final = 50
"""So many messages of each folder are read, the newest."""
_CLOCKS: Final = timedelta(days=1)
"""How far a mail server's clock may be behind."""


def speaks(app: App, case: Case, now: Instant) -> bool:
    """Tell whether mail in folders that no round reads changed a thread; then its letter does not go.

    Whoever got no letter is not searched for; an older thread's counts, and one that nobody is sure of.

    Raises UnreachableError if a folder cannot be searched to its end.
    """
    letters = adoption.written(app.db, case.contact.id)
    if not letters:
        return False
    me = app.settings.policy.me
    mine = {key(address) for address in me.addresses}
    for folder in app.unwatched():
        found = ((raw, glance(raw)) for raw in _sought(app, folder, case))
        meant = [(raw, seen) for raw, seen in found if _is_theirs(seen, mine, case, letters)]
        theirs = [raw for raw, seen in meant if _is_new(seen, raw.internal_date or now, letters)]
        read_behind(app, folder, sorted(theirs, key=lambda raw: raw.uid)[-_NEWEST:], now)
    return threads.case(app.db, case.thread.id).thread.revision != case.thread.revision


def _sought(app: App, folder: Folder, case: Case) -> list[RawMessage]:
    try:
        return list(app.mailbox.search(folder, Sought(from_=case.contact.addresses)))
    except LoginRefusedError:
        raise
    except UnreachableError as error:
        raise UnreachableError(
            f"the folder {folder.name} cannot be searched for an answer, so no letter goes: {error.what}",
            where=error.where,
            hint='if it is this folder alone, name those to read in the config: imap.folders = ["INBOX"]',
        ) from error


def _is_new(seen: Glance, came: Instant, letters: Sequence[Written]) -> bool:
    """Tell whether a message came after the first letter; what names one did, though the clock ran ahead then."""
    named = {one.message_id for one in letters}.intersection((*seen.in_reply_to, *seen.references))
    return bool(named) or came >= min(one.at for one in letters) - _CLOCKS


def _is_theirs(seen: Glance, mine: Collection[str], case: Case, letters: Sequence[Written]) -> bool:
    """Tell whether somebody else wrote it, and to this thread; what the user wrote by hand lies in Sent."""
    return not any(key(one) in mine for one in seen.from_) and concerns(seen, case.contact, letters)
