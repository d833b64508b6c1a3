"""What the commands of one run share: the config that was named, and a desk or app made when a command needs it."""

from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from followupd.core.errors import no_account

if TYPE_CHECKING:
    from collections.abc import Sequence

    from followupd.app import App, Desk
    from followupd.core.instants import Instant
    from followupd.core.settings import Settings


class Session:
    """Opens the database at most once and closes it at the end, whatever happens."""

    def __init__(self, *, config: Path | None) -> None:
        self.config = config
        self._stack = ExitStack()
        self._settings: Settings | None = None
        self._desk: Desk | None = None

    def __enter__(self) -> Self:
        """Begin."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close what was opened."""
        self._stack.close()

    @property
    def settings(self) -> "Settings":
        """The config, read once; raises ConfigError with all its faults."""
        if self._settings is None:
            from followupd import wiring

            self._settings = wiring.settings(self.config)
        return self._settings

    @property
    def desk(self) -> "Desk":
        """What can be done without a network."""
        if self._desk is None:
            from followupd import wiring

            self._desk = wiring.desk(self.settings)
            self._stack.callback(self._desk.db.close)
        return self._desk

    @property
    def now(self) -> "Instant":
        """The present, in the zone where the user lives."""
        return self.desk.clock.now().astimezone(self.settings.policy.me.zone)

    def app(self, account: str | None = None, *, hurried: bool = False) -> "App":
        """Give the app of an account, the first one if none is named; raise FollowupdError if there is no such account.

        The mailbox of a hurried one waits only some seconds for each word of the server.
        """
        from followupd import wiring

        settings = self.of(account) if account is not None else self.settings
        return self._closed_at_the_end(*wiring.apps(settings, (settings.account,), hurried=hurried))[0]

    def apps(self, *, dry: bool = False) -> "tuple[App, ...]":
        """Give the daemon's apps, one an account; dry ones decide as the real ones would and change nothing."""
        from followupd import wiring

        return self._closed_at_the_end(*(wiring.dry_apps(self.settings) if dry else wiring.apps(self.settings)))

    def reread(self, apps: "Sequence[App]") -> "tuple[App, ...] | None":
        """Give the daemon's apps by a config to be read anew, and log as it says; None if the old ones go on."""
        from followupd import wiring

        fresh = wiring.reread(apps, self.config)
        if fresh is not None:
            self._settings = fresh[0].settings
            self.log_to_standard_error()
        return fresh

    def of(self, account: str) -> "Settings":
        """Give the config as it is for an account; raise FollowupdError if there is none of this name."""
        found = self.settings.of(account)
        if found is None:
            raise no_account(account, self.settings.names)
        return found

    def _closed_at_the_end(self, *apps: "App") -> "tuple[App, ...]":
        self._stack.callback(apps[0].db.close)
        for app in apps:
            self._stack.callback(app.mailbox.close)
        return apps

    def log_to_standard_error(self) -> None:
        """Write the daemon's log, a line an event, as the config says."""
        import logging

        from followupd.logs import handler

        logging.basicConfig(level=logging.WARNING, handlers=[handler(self.settings.log)], force=True)
