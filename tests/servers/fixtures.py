"""The fixtures with which tests ask for mail servers, and the rule about tests that are left out for want of them."""

import os
from collections.abc import Iterator

import pytest

from tests.servers import certificates as making
from tests.servers import unpacked
from tests.servers.certificates import Certificates
from tests.servers.courier import CourierServers
from tests.servers.cyrus import CyrusServers
from tests.servers.embedded import EmbeddedServers
from tests.servers.exim import EximServers
from tests.servers.mailbox import Mailboxes
from tests.servers.tokens import TokenProvider
from tests.servers.world import MailServers, why_not

REQUIRED = "FOLLOWUPD_REAL_SERVERS"


@pytest.fixture(scope="session")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    """An authority with a good, an expired and a misnamed server certificate."""
    if not making.available():
        leave_out("openssl makes the certificates, and is not installed")
    return making.make(tmp_path_factory.mktemp("certificates"))


@pytest.fixture
def tokens(certificates: Certificates) -> Iterator[TokenProvider]:
    """An identity provider whose one client is `followupd-tests`."""
    with TokenProvider(certificates) as provider:
        yield provider


@pytest.fixture(scope="session")
def mail_servers() -> Iterator[MailServers]:
    """A private Dovecot and Postfix; only for tests marked `real`."""
    if reason := why_not():
        leave_out(reason)
    with MailServers() as servers:
        yield servers


@pytest.fixture(scope="session", params=[CyrusServers, CourierServers], ids=["cyrus", "courier"])
def other_servers(request: pytest.FixtureRequest) -> Iterator[EximServers]:
    """A private Cyrus or Courier, and Exim; only for tests marked `real`."""
    if reason := unpacked.why_not():
        leave_out(reason)
    with request.param() as servers:
        yield servers


@pytest.fixture(scope="session")
def embedded_servers() -> Iterator[EmbeddedServers]:
    """pymap and aiosmtpd in this process."""
    with EmbeddedServers() as servers:
        yield servers


@pytest.fixture(params=["embedded", pytest.param("real", marks=pytest.mark.real)])
def servers(request: pytest.FixtureRequest) -> Mailboxes:
    """Both kinds, one after the other."""
    found: Mailboxes = request.getfixturevalue("mail_servers" if request.param == "real" else "embedded_servers")
    return found


def leave_out(reason: str) -> None:
    """Skip the test; fail it where real servers are required."""
    if os.environ.get(REQUIRED) == "required":
        pytest.fail(f"{reason} ({REQUIRED}=required)", pytrace=False)
    pytest.skip(reason)
