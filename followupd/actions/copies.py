"""A message that came to two accounts is recorded once; that its writer was seen in both mailboxes is remembered."""

from followupd.app import App
from followupd.core.model import Incoming
from followupd.store import accounts, messages


def known(app: App, msg: Incoming) -> bool:
    """Tell whether a message was recorded before; was it by another account, remember that it lies in this one, too."""
    found = messages.get_by_message_id(app.db, msg.key)
    if found is None:
        return False
    writer = found.contact_id
    if writer is not None and found.account != app.account and app.account not in accounts.seen_in(app.db, writer):
        accounts.note_place(app.db, writer, app.account)
    return True
