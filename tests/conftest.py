"""Makes mail servers known to all tests, and says at the end what was left out for want of them."""

import logging
import signal
from collections.abc import Iterator

import pytest

from tests.servers import unpacked
from tests.servers.fixtures import (
    REQUIRED,
    certificates,
    embedded_servers,
    mail_servers,
    other_servers,
    servers,
    tokens,
)
from tests.servers.web import web
from tests.servers.world import why_not

__all__ = ["certificates", "embedded_servers", "mail_servers", "other_servers", "servers", "tokens", "web"]


def pytest_configure() -> None:
    """Let Ctrl-C end what tests start: whoever runs them behind a command that is not waited for has it ignored."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(autouse=True)
def the_log_is_as_loud_as_before() -> Iterator[None]:
    """Undo what `-q` and `-v` of a command, run in this process, did to the log."""
    log = logging.getLogger("followupd")
    level = log.level
    yield
    log.setLevel(level)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    skipped = [report for report in terminalreporter.stats.get("skipped", []) if "real" in report.keywords]
    if skipped:
        reason = why_not() or unpacked.why_not() or "see above"
        terminalreporter.write_line(
            f"left out: {len(skipped)} tests against real mail servers ({reason}); {REQUIRED}=required makes it fail",
            yellow=True,
        )
