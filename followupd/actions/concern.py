"""Of a page of headers those are picked that may belong to a thread: what a glance cannot rule out, and few more."""

from collections.abc import Sequence

from followupd.actions import unreadable
from followupd.app import App
from followupd.core import match
from followupd.core.addresses import key
from followupd.core.compose import token_in
from followupd.core.model import Glance, RawMessage
from followupd.store import contacts, conversations


def concerned(app: App, raws: Sequence[RawMessage]) -> list[RawMessage]:
    """Pick the messages that may belong to a thread, by their headers alone and two questions to the database.

    Somebody we never wrote to is looked at if they name a letter of ours, or a conversation, or write under the subject
    of one: it may be a colleague, or whoever the letter was handed to. A letter of ours may have gone to an address
    that a restored database does not know.
    """
    if not raws:
        return []
    mine = {key(one) for one in app.settings.policy.me.addresses}
    glances = [unreadable.glance(raw) for raw in raws]
    named = [_names(seen) for seen in glances]
    people = {one for seen in glances for one in (*seen.from_, *seen.to)}
    known_names = conversations.known(app.db, set().union(*named))
    known_people = contacts.addresses_known(app.db, people) if people else {}

    def concerns(seen: Glance, names: frozenset[str]) -> bool:
        if seen.machine or not known_names.isdisjoint(names):
            return True
        if token_in(seen.message_id) and mine.issuperset(map(key, seen.from_)):
            return True
        return any(one in known_people for one in (*seen.from_, *seen.to))

    return [raw for raw, seen, names in zip(raws, glances, named, strict=True) if concerns(seen, names)]


def _names(seen: Glance) -> frozenset[str]:
    """Give all that the conversation of a message may be known by."""
    return frozenset(filter(None, (*seen.in_reply_to, *seen.references, *seen.names, match.topic(seen.subject))))
