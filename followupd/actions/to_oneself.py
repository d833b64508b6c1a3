"""A letter to come is sent to an address of the user's own, to be read where letters are read.

It is no letter: nothing is written down, it stands in no thread, and nobody but the user can get it.
"""

from collections.abc import Sequence

from followupd.actions import lockout
from followupd.actions.preview import Previewed
from followupd.app import App
from followupd.core.addresses import key, normalise
from followupd.core.compose import as_test
from followupd.core.errors import FollowupdError
from followupd.core.model import Accepted, Deferred, Draft, Refused, Unknown
from followupd.store import contacts


def send(app: App, shown: Sequence[Previewed], address: str) -> str:
    """Send each letter to an address of the user's own, and give it as the config has it.

    Raises FollowupdError if it is none, if somebody who is written to has it, or if a letter did not surely leave.
    """
    me = app.settings.policy.me
    wanted = key(normalise(address))
    to = next((mine for mine in me.addresses if wanted and key(mine) == wanted), None)
    if to is None:
        raise FollowupdError(
            "this is none of your own addresses", where=address, hint="me.email and me.aliases in the config are yours"
        )
    if contacts.find(app.db, to) is not None:
        raise FollowupdError("you write to this address: a test would look like a letter to it", where=to)
    lockout.respect(app.db, app.clock.now(), app.account)
    for one in shown:
        _send(app, as_test(one.draft, to, me, app.clock.now()))
    return to


def _send(app: App, draft: Draft) -> None:
    envelope = app.postman.address(draft)
    outcome = envelope if isinstance(envelope, Deferred | Refused) else envelope.deliver()
    match outcome:
        case Accepted():
            return
        case Deferred():
            raise FollowupdError(f"the test letter is not taken now: {outcome.text}", where=draft.rcpt_to)
        case Refused():
            raise FollowupdError(f"the test letter was refused: {outcome.text}", where=draft.rcpt_to)
        case Unknown():
            raise FollowupdError(f"nobody knows whether the test letter went out: {outcome.text}", where=draft.rcpt_to)
