"""A token is fresh when it is asked for: renewed before its end, by one process at a time, and kept before it is used.

Providers give a new renewing token with each renewal and may take back all of them when an old one is used twice (RFC
9700, section 4.14): so two processes never renew at once, and none uses what is not kept yet.
"""

from typing import TYPE_CHECKING, Final

from followupd.core.errors import FollowupdError, LoginRefusedError, TryLaterError
from followupd.oauth.provider import Provider
from followupd.oauth.tokens import Store, Tokens
from followupd.ports import Clock

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

_PATIENCE: Final = 60.0
"""Seconds to wait for another process that renews."""


class Keeper:
    """Gives a token that can be used now."""

    def __init__(self, provider: Provider, store: Store, clock: Clock) -> None:
        self._provider = provider
        self._store = store
        self._clock = clock

    def token(self) -> str:
        """Give it.

        Raises LoginRefusedError where only the user can help (no permission yet, or none any more), UnreachableError or
        TryLaterError where waiting may.
        """
        tokens = self._store.load()
        if tokens is not None and tokens.is_fresh(self._clock.now()):
            return tokens.access
        with self._alone():
            return self._renewed().access

    def _renewed(self) -> Tokens:
        now, tokens, command = self._clock.now(), self._store.load(), self._provider.command
        if tokens is None:
            raise LoginRefusedError("you have not given permission yet", where="oauth", hint=f"give it: {command}")
        if tokens.is_fresh(now):  # another process was quicker
            return tokens
        if not tokens.refresh:
            raise LoginRefusedError(
                "the token has ended, and the provider gave none to renew it by",
                where="oauth",
                hint=f"get a new one: {command}",
            )
        new = self._provider.refreshed(tokens, now)
        self._store.save(new)
        return new

    def _alone(self) -> "AbstractContextManager[object]":
        from filelock import FileLock, Timeout

        where = f"{self._provider.oauth.tokens.value}.lock"
        try:
            return FileLock(where, timeout=_PATIENCE, mode=0o600).acquire()
        except Timeout:
            raise TryLaterError("another process renews the token, and does not end", where=where) from None
        except OSError as error:
            raise FollowupdError(f"the tokens cannot be locked: {error.strerror}", where=where) from None
