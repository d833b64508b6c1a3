"""SIGHUP: a config that was changed counts at once, one that is wrong never does, and the daemon goes on either way."""

import json
import os
import signal
from pathlib import Path

import pytest

from tests.acceptance.installation import Daemon, Installation
from tests.servers.embedded import EmbeddedServers
from tests.servers.processes import wait_until


@pytest.fixture
def ada(embedded_servers: EmbeddedServers) -> str:
    return embedded_servers.new_user("ada")


def hup(daemon: Daemon) -> None:
    os.kill(daemon.process.pid, signal.SIGHUP)


def says(daemon: Daemon, words: str) -> bool:
    return wait_until(lambda: any(words in line for line in daemon.log), 30)


def test_a_changed_config_counts_at_once(
    at_embedded: Installation, embedded_servers: EmbeddedServers, ada: str, tmp_path: Path
) -> None:
    figures = tmp_path / "followupd.prom"
    at_embedded.settings["sending"] = {"approve": True}
    at_embedded.add(ada)
    with at_embedded.daemon() as daemon:
        at_embedded.wait_for_round(seconds=60)
        at_embedded.wait_for_state(ada, "held")
        at_embedded.settings["sending"] = {"approve": False}
        at_embedded.settings["daemon"] = {"poll": "10 minutes", "metrics": str(figures)}
        at_embedded.settings["log"] = {"format": "json"}
        at_embedded.write_config()
        hup(daemon)
        assert says(daemon, "the config was read anew")
        bo = embedded_servers.new_user("bo")
        at_embedded.add(bo)
        hup(daemon)
        embedded_servers.wait_for(bo)
        at_embedded.wait_for_state(bo, "waiting")
        assert at_embedded.state(ada) == "held"
        assert wait_until(lambda: 'followupd_threads{state="waiting"} 1' in figures.read_text(), 30)
        assert json.loads(daemon.log[-1])["level"] == "info"


def test_a_wrong_config_is_told_and_the_one_before_stays(
    at_embedded: Installation, embedded_servers: EmbeddedServers, ada: str
) -> None:
    with at_embedded.daemon() as daemon:
        at_embedded.wait_for_round()
        good = at_embedded.config.read_text(encoding="utf-8")
        at_embedded.config.write_text(good + "\n[sending]\ndaily_limit = 0\nno_such_key = 1\n", encoding="utf-8")
        hup(daemon)
        assert says(daemon, "the config is wrong, and the one before stays")
        assert any("no_such_key" in line for line in daemon.log)
        at_embedded.add(ada)  # writes the good one again
        hup(daemon)
        embedded_servers.wait_for(ada)


def test_another_place_for_the_database_waits_for_a_new_start(at_embedded: Installation, tmp_path: Path) -> None:
    with at_embedded.daemon() as daemon:
        at_embedded.wait_for_round()
        at_embedded.settings["storage"] = {"database": str(tmp_path / "elsewhere.db")}
        at_embedded.write_config()
        hup(daemon)
        assert says(daemon, "another database")
        assert not (tmp_path / "elsewhere.db").exists()
