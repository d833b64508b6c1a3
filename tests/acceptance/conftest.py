"""A user and a mentor whom no other test knows, and followupd installed for the user."""

from pathlib import Path

import pytest

from tests.acceptance.installation import Installation
from tests.acceptance.years import Years
from tests.servers.courier import CourierServers
from tests.servers.cyrus import CyrusServers
from tests.servers.embedded import EmbeddedServers
from tests.servers.exim import EximServers
from tests.servers.mailbox import Mailboxes
from tests.servers.world import MailServers

EVERYWHERE = pytest.mark.parametrize(
    "other_servers", [MailServers, CyrusServers, CourierServers], ids=["dovecot", "cyrus", "courier"], indirect=True
)
"""At Dovecot and Postfix, too."""


@pytest.fixture
def followupd(tmp_path: Path, servers: Mailboxes) -> Installation:
    """An installation against either kind of servers."""
    return Installation(tmp_path / "home", servers, servers.new_user("me", "followupd.test"))


@pytest.fixture
def ada(servers: Mailboxes) -> str:
    """A mentor."""
    return servers.new_user("ada")


@pytest.fixture
def at_embedded(tmp_path: Path, embedded_servers: EmbeddedServers) -> Installation:
    """An installation against the embedded servers, for what does not depend on the kind."""
    return Installation(tmp_path / "home", embedded_servers, embedded_servers.new_user("me", "followupd.test"))


@pytest.fixture
def at_real(tmp_path: Path, mail_servers: MailServers) -> Installation:
    """An installation against Dovecot and Postfix."""
    return Installation(tmp_path / "home", mail_servers, mail_servers.new_user("me", "followupd.test"))


@pytest.fixture
def at_other(tmp_path: Path, other_servers: EximServers) -> Installation:
    """An installation against Cyrus or Courier, and Exim."""
    return Installation(tmp_path / "home", other_servers, other_servers.new_user("me", "followupd.test"))


@pytest.fixture
def years(
    tmp_path: Path,
    embedded_servers: EmbeddedServers,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> Years:
    """An installation in this process, on a clock that is moved, against the embedded servers."""
    me = embedded_servers.new_user("me", "followupd.test")
    return Years(tmp_path / "home", embedded_servers, me, monkeypatch, capfd)
