"""The process: it ends when it is told to, runs once, and may die at any moment without sending twice."""

import random
import socket
import threading
import time
from collections.abc import Iterator
from datetime import timedelta

import pytest

from tests.acceptance.installation import Daemon, Installation
from tests.servers.embedded import EmbeddedServers
from tests.servers.mailbox import HOST, Endpoint
from tests.servers.processes import wait_until
from tests.smtp.scripted import SILENCE, STAGES, Fault, Script, ScriptedServer

LATER = timedelta(days=400)


@pytest.fixture
def ada(embedded_servers: EmbeddedServers) -> str:
    return embedded_servers.new_user("ada")


class SilentServer:
    """Takes connections and never says a word."""

    def __init__(self) -> None:
        self._listening = socket.create_server((HOST, 0))
        self.endpoint = Endpoint(port=self._listening.getsockname()[1], security="none")
        self._taken: list[socket.socket] = []

    def wait_for_a_client(self) -> None:
        """Wait until somebody has connected and waits for a greeting."""
        self._listening.settimeout(30)
        self._taken.append(self._listening.accept()[0])

    def close(self) -> None:
        """Hang up."""
        for sock in [self._listening, *self._taken]:
            sock.close()


@pytest.fixture
def silent() -> Iterator[SilentServer]:
    server = SilentServer()
    yield server
    server.close()


def ends_soon(daemon: Daemon) -> None:
    asked = time.monotonic()
    assert daemon.terminate() == 0
    assert time.monotonic() - asked < 2


def test_told_to_end_while_idle_it_ends(followupd: Installation) -> None:
    with followupd.daemon() as daemon:
        followupd.wait_for_round()
        ends_soon(daemon)
    assert followupd.json("status")["daemon"]["running"] is False


def test_told_to_end_while_a_mailbox_is_silent_it_ends(at_embedded: Installation, silent: SilentServer) -> None:
    at_embedded.imap = silent.endpoint
    with at_embedded.daemon() as daemon:
        silent.wait_for_a_client()
        ends_soon(daemon)


def test_told_to_end_while_a_way_out_is_silent_it_ends(
    at_embedded: Installation, ada: str, silent: SilentServer
) -> None:
    at_embedded.smtp = silent.endpoint
    at_embedded.add(ada)
    with at_embedded.daemon() as daemon:
        silent.wait_for_a_client()
        ends_soon(daemon)
    assert at_embedded.state(ada) == "scheduled"


@pytest.mark.parametrize("stage", ["EHLO", "RCPT", "dot"])
def test_told_to_end_in_the_middle_of_a_letter_it_ends(at_embedded: Installation, ada: str, stage: str) -> None:
    reached = threading.Event()
    script = Script(fault=Fault(stage, SILENCE), before=lambda at: reached.set() if at == stage else None)
    with ScriptedServer(script) as server:
        at_embedded.smtp = Endpoint(port=server.port, security="none")
        at_embedded.add(ada)
        with at_embedded.daemon() as daemon:
            assert reached.wait(30)
            ends_soon(daemon)
        script.fault = None
        at_embedded.round()
        assert len(server.letters) == 1
        assert at_embedded.state(ada) == ("held" if stage == "dot" else "waiting")


def test_a_second_daemon_does_not_start_and_names_the_first(at_embedded: Installation) -> None:
    with at_embedded.daemon() as daemon:
        at_embedded.wait_for_round()
        second = at_embedded.run("run", status=75)
        assert str(daemon.process.pid) in second.err
        assert at_embedded.round(status=75).status == 75
        assert daemon.process.poll() is None
    at_embedded.round()


@pytest.mark.parametrize("stage", [stage for stage in STAGES if stage != "STARTTLS"])
def test_killed_at_any_word_of_the_server_it_sends_no_letter_twice(
    at_embedded: Installation, ada: str, stage: str
) -> None:
    with ScriptedServer(Script()) as server:
        at_embedded.smtp = Endpoint(port=server.port, security="none")
        at_embedded.add(ada)
        running: list[Daemon] = []

        def kill(at: str) -> None:
            if at == stage and running:
                running.pop().process.kill()

        server.script.before = kill
        with at_embedded.daemon() as daemon:
            running.append(daemon)
            assert wait_until(lambda: daemon.process.poll() is not None, 30), "".join(daemon.log)
        assert daemon.process.returncode == -9
        for at in (timedelta(), timedelta(days=1), timedelta(days=2)):
            at_embedded.round(at=at)
        shown = at_embedded.show(ada)
        on_the_wire = len(server.letters)
        assert on_the_wire <= 1
        if stage in {"greeting", "EHLO", "AUTH", "MAIL", "RCPT"}:
            assert (on_the_wire, shown["state"]) == (1, "waiting")
        else:
            assert (shown["state"], [letter["state"] for letter in shown["letters"]]) in (
                ("waiting", ["sent"]),
                ("held", ["uncertain"]),
            )


def test_killed_again_and_again_it_sends_every_letter_once_or_says_so(followupd: Installation) -> None:
    mentors = [followupd.servers.new_user("ada") for _ in range(4)]
    for mentor in mentors:
        followupd.add(mentor)
    chance = random.Random(20261123)
    for _ in range(6):
        daemon = Daemon(followupd.start("run"))
        wait_until(lambda: False, chance.uniform(0.2, 1.6))
        daemon.kill()
    for at in (timedelta(), timedelta(days=1)):
        followupd.round(at=at)
    for mentor in mentors:
        shown = followupd.show(mentor)
        arrived = len(followupd.servers.read(mentor))
        states = [letter["state"] for letter in shown["letters"]]
        assert arrived <= 1
        assert (states, shown["state"]) in ((["sent"], "waiting"), (["uncertain"], "held")), shown
        assert arrived == 1 or states == ["uncertain"]


def test_what_the_user_says_while_the_daemon_runs_holds(at_embedded: Installation, ada: str) -> None:
    with at_embedded.daemon():
        at_embedded.wait_for_round()
        at_embedded.add(ada)
        at_embedded.run("stop", ada)
    sent = len(at_embedded.servers.read(ada))
    assert at_embedded.state(ada) == "stopped"
    at_embedded.round(at=LATER)
    assert len(at_embedded.servers.read(ada)) == sent
