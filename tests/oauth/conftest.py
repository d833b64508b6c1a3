"""A client of the identity provider, and a clock that a test moves."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from followupd.core.connections import OAuth, SecretKind, SecretSource
from followupd.oauth.provider import Provider
from followupd.ports import Waited
from tests.servers.tokens import CLIENT, SCOPE, SECRET, TokenProvider


class MovedClock:
    """Stands still but for sleeping; `slept` is how long each time."""

    def __init__(self) -> None:
        self.at = datetime.now(UTC).replace(microsecond=0)
        self.slept: list[float] = []

    def now(self) -> datetime:
        """Tell the time."""
        return self.at

    def sleep(self, seconds: float, mailbox: Waited | None = None) -> None:
        """Move on at once."""
        self.slept.append(seconds)
        self.at += timedelta(seconds=seconds)

    def stopping(self) -> bool:
        """Nobody asks it to."""
        return False


@pytest.fixture
def clock() -> MovedClock:
    """A clock of one's own."""
    return MovedClock()


def settings_for(tokens: TokenProvider, path: Path) -> OAuth:
    """What a config says for that provider; tokens go into the file `path`."""
    return OAuth(
        client_id=CLIENT,
        authorization=f"{tokens.url}/authorize",
        token=f"{tokens.url}/token",
        device=f"{tokens.url}/device",
        scopes=(SCOPE,),
        extra={},
        ca_file=tokens.ca_file,
        tokens=SecretSource(kind=SecretKind.FILE, value=str(path)),
    )


@pytest.fixture
def provider(tokens: TokenProvider, tmp_path: Path) -> Provider:
    """The client's side of the provider."""
    return Provider(settings_for(tokens, tmp_path / "oauth-token"), lambda: SECRET)
