"""A message that is moved while its folder is read is judged whole, from the folder where it lies by then.

Its headers alone tell neither until when somebody is away nor which address is dead, and the copy that is read later is
known by then and passed over.
"""

import logging
from collections.abc import Sequence
from itertools import islice
from typing import Final

from followupd.actions.unreadable import glance
from followupd.app import App
from followupd.core.errors import UnreachableError
from followupd.core.model import Folder, RawMessage, Role, Sought

log = logging.getLogger(__name__)

_MOST: Final = 20
"""So many of a page are looked for; of more, as where a folder is emptied, the headers speak."""


def whole(app: App, folder: Folder, gone: Sequence[RawMessage]) -> dict[int, RawMessage]:
    """Look for messages, given by their headers, that left a folder; give those found, by the UIDs they had there.

    A rule of the user's may have filed it where no round reads. What has no Message-ID, or lies in no folder, is not
    found. Raises UnreachableError.
    """
    found: dict[int, RawMessage] = {}
    for raw in islice(gone, _MOST):
        moved = _moved(app, folder, raw)
        if moved is not None:
            log.info("a message was moved from %s to %s while it was read", folder.name, moved.folder)
            found[raw.uid] = moved
    return found


def _moved(app: App, folder: Folder, raw: RawMessage) -> RawMessage | None:
    wanted = glance(raw).message_id
    if not wanted:
        return None
    for other in (*app.mailbox.folders(), *app.unwatched()):
        if other == folder or other.role is Role.DRAFTS:
            continue
        hits = [hit.uid for hit in app.mailbox.search(other, Sought(message_id=wanted)) if _is(hit, wanted)]
        moved = next(iter(app.mailbox.whole(other, hits[-1:])), None)
        if hits and moved is None:
            raise UnreachableError("a message is moved faster than it can be read", where=other.name)
        if moved is not None:
            return moved
    return None


def _is(hit: RawMessage, message_id: str) -> bool:
    return glance(hit).message_id == message_id
