"""What the mail server does with letters by itself: known of large providers, else seen at the first letter, and kept.

Two things differ from server to server: whether a copy of what is submitted comes into Sent by itself, and whether that
copy has another Message-ID. What was seen last counts, so that a server may change its ways.
"""

import logging
from datetime import timedelta
from enum import StrEnum
from typing import Final

from followupd.app import App, Desk
from followupd.core import message
from followupd.core.connections import SaveToSent
from followupd.core.errors import FollowupdError
from followupd.core.instants import Instant
from followupd.core.model import Folder, Incoming, Letter, Role, Sought
from followupd.store import facts, letters

log = logging.getLogger(__name__)

_SLOWEST: Final = timedelta(minutes=1)
"""How long a server that files copies may take, before one copy in Sent says that it does not."""


class Filer(StrEnum):
    """Who puts the copy of a letter into Sent. `UNSURE`: we did, and nobody has looked since whether another came."""

    SERVER = "server"
    US = "us"
    UNSURE = "unsure"


_TOLD: Final = {
    None: "who files copies in Sent is seen at the first letter",
    Filer.SERVER: "the server files copies in Sent itself",
    Filer.US: "followupd files copies in Sent, as the server does not",
    Filer.UNSURE: "followupd filed the first copy in Sent, and will see whether the server does, too",
}


def filer(app: Desk) -> Filer | None:
    """Tell who files copies: as it was seen, else as it is known of the provider; None where nobody knows."""
    found = facts.get(app.db, _name(app))
    if found is not None:
        return Filer(found[0].partition(" ")[0])
    from followupd.providers.book import book

    provider = book().of_server(app.settings.smtp.server.host) or book().of_server(app.settings.imap.server.host)
    known = provider.files_sent if provider is not None else None
    return None if known is None else Filer.SERVER if known else Filer.US


def told(desk: Desk) -> str:
    """Say who files copies in Sent, as far as the config or what was seen tells."""
    match desk.settings.smtp.save_to_sent:
        case SaveToSent.NEVER:
            return "no copies are filed in Sent"
        case SaveToSent.ALWAYS:
            return "followupd files copies in Sent"
        case SaveToSent.AUTO:
            return _TOLD[filer(desk)]


def saw(app: App, who: Filer, letter: Letter, now: Instant) -> None:
    """Remember who filed the copy of a letter; what is known already, or more surely, is not written again."""
    before = filer(app)
    if who is before or (who is Filer.UNSURE and before is Filer.US):
        return
    if who is Filer.SERVER:
        log.info("the mail server files copies in Sent by itself: from now on this is left to it")
    facts.put(app.db, _name(app), f"{who} {letter.id}", now)


def lies_in_sent(app: App, letter: Letter) -> bool:
    """Look for the copy of a letter in Sent, also under a Message-ID that the server put in place of ours; learn that.

    Where it is known that we file it, our own Message-ID is enough.
    """
    found = app.mailbox.find_sent(letter.message_id)
    if found is not None:
        return True
    return filer(app) is not Filer.US and bool(_copies(app, letter))


def look_again(app: App, now: Instant) -> None:
    """Look, some time after we filed a copy for the first time, whether the server has filed another; never raises."""
    found = facts.get(app.db, _name(app))
    if found is None or not found[0].startswith(Filer.UNSURE) or now - found[1] < _SLOWEST:
        return
    letter_id = int(found[0].partition(" ")[2])
    if letter_id not in letters.states(app.db, [letter_id]):
        facts.drop(app.db, _name(app))
        return
    letter = letters.get(app.db, letter_id)
    try:
        number = len(_copies(app, letter))
    except FollowupdError as error:
        log.debug("not looked whether there is a second copy: %s", error)
        return
    saw(app, Filer.SERVER if number > 1 else Filer.US, letter, now)


def _copies(app: App, letter: Letter) -> list[Incoming]:
    """Give what lies in Sent and is this letter, by Message-ID or by Date, subject, recipient; learn other ids."""
    sent = next((folder for folder in app.mailbox.folders() if folder.role is Role.SENT), None)
    found = [] if sent is None else list(_alike(app, sent, letter))
    if others := [one.message_id for one in found if one.message_id and one.message_id != letter.message_id]:
        log.info("the mail server gave letter %d another Message-ID", letter.id)
        letters.add_ids(app.db, letter.id, others)
    return found


def _alike(app: App, sent: Folder, letter: Letter) -> list[Incoming]:
    sought = Sought(message_id=letter.message_id, to=(letter.rcpt_to,))
    parsed = (message.parse(raw) for raw in app.mailbox.search(sent, sought))
    return [one for one in parsed if one.message_id == letter.message_id or _same(one, letter)]


def _same(one: Incoming, letter: Letter) -> bool:
    """Tell whether it is the letter under another Message-ID: a letter keeps its Date, to the second."""
    to = {address.addr_spec for address in one.to}
    return one.date == letter.created_at and one.subject == letter.subject and letter.rcpt_to in to


def _name(app: Desk) -> str:
    """Name the fact: another server, or another account, has other ways."""
    server = app.settings.imap.server
    return f"files copies: {server.username} {server.host}"
