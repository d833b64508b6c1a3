"""What a daemon tells its user after a round, by mail: the digest. Nothing in it can end a round or keep a letter."""

import logging
from collections.abc import Callable

from followupd.actions.digest import send_due
from followupd.app import App
from followupd.core.errors import FollowupdError

log = logging.getLogger(__name__)


def announcing(app: App, refresh: Callable[[], None]) -> Callable[[], None]:
    """Give what is done after a round that read a mailbox: first `refresh`, then what is to be told."""

    def tell() -> None:
        refresh()
        try:
            from followupd.views.digest import mail

            send_due(app, mail)
        except Exception as error:  # noqa: BLE001  # a bug in it must not end a round
            what = error if isinstance(error, FollowupdError) else f"a bug: {type(error).__name__}"
            log.warning("the digest was not written: %s", what)

    return tell
