"""Coincidences: what happens between two steps of a letter, and clocks and databases that are not what they were."""

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from tests.acceptance.installation import FIELDS, Installation
from tests.acceptance.letters import answer
from tests.servers.embedded import EmbeddedServers
from tests.servers.mailbox import Endpoint, Stored
from tests.smtp.scripted import Script, ScriptedServer

FORTNIGHT = timedelta(days=15)
LATER = timedelta(days=400)


@pytest.fixture
def ada(embedded_servers: EmbeddedServers) -> str:
    return embedded_servers.new_user("ada")


@pytest.fixture
def opening(at_embedded: Installation, ada: str) -> Stored:
    """The opening letter, delivered."""
    at_embedded.add(ada)
    at_embedded.round()
    [letter] = at_embedded.servers.wait_for(ada)
    return letter


@pytest.fixture
def scripted(at_embedded: Installation, opening: Stored) -> Iterator[ScriptedServer]:
    """A way out on which everything after the opening letter is seen word by word."""
    with ScriptedServer(Script()) as server:
        at_embedded.smtp = Endpoint(port=server.port, security="none")
        yield server


def test_an_answer_that_arrives_while_the_recipient_is_named_stops_the_letter(
    scripted: ScriptedServer, at_embedded: Installation, ada: str, opening: Stored
) -> None:
    def arrive(stage: str) -> None:
        if stage == "RCPT":
            at_embedded.servers.deliver(at_embedded.me, answer(opening, ada))

    scripted.script.before = arrive
    at_embedded.round(at=FORTNIGHT)
    assert b"RSET\r\n" in scripted.whole()
    assert b"DATA" not in scripted.heard
    assert at_embedded.state(ada) == "answered"


@pytest.mark.parametrize(("word", "state"), [("stop", "stopped"), ("pause", "paused")])
def test_the_users_word_while_the_recipient_is_named_stops_the_letter(
    scripted: ScriptedServer, at_embedded: Installation, ada: str, word: str, state: str
) -> None:
    said: list[int] = []

    def speak(stage: str) -> None:
        if stage == "RCPT" and not said:
            said.append(at_embedded.run(word, ada).status)

    scripted.script.before = speak
    at_embedded.round(at=FORTNIGHT)
    assert said == [0]
    assert b"DATA" not in scripted.whole()
    assert at_embedded.state(ada) == state


def test_after_a_year_asleep_one_letter_goes_out_and_not_all_that_were_missed(
    at_embedded: Installation, ada: str, opening: Stored
) -> None:
    at_embedded.round(at=LATER)
    assert len(at_embedded.servers.wait_for(ada, 2)) == 2
    at_embedded.round(at=LATER)
    at_embedded.round(at=LATER + timedelta(days=6))
    assert len(at_embedded.servers.read(ada)) == 2


def test_while_the_clock_lies_before_what_is_recorded_nothing_is_sent(
    at_embedded: Installation, ada: str, opening: Stored
) -> None:
    grace = at_embedded.servers.new_user("grace")
    long_ago = (datetime.now(UTC) - timedelta(days=900)).date()
    at_embedded.run("add", grace, *FIELDS, "--first-on", long_ago.isoformat())
    at_embedded.round(at=timedelta(days=-800))
    assert at_embedded.servers.read(grace) == []
    at_embedded.round()
    assert len(at_embedded.servers.wait_for(grace)) == 1


def test_a_database_restored_from_before_a_letter_does_not_send_it_again(at_embedded: Installation, ada: str) -> None:
    database = at_embedded.home / "followupd.db"
    at_embedded.settings["storage"] = {"database": str(database)}
    at_embedded.add(ada)
    at_embedded.run("backup", str(at_embedded.home / "backup.db"))
    at_embedded.round()
    assert len(at_embedded.servers.wait_for(ada)) == 1
    for old in at_embedded.home.glob("followupd.db-*"):
        old.unlink()
    shutil.copy(at_embedded.home / "backup.db", database)
    at_embedded.round()
    assert len(at_embedded.servers.read(ada)) == 1
    assert at_embedded.state(ada) == "waiting"
    at_embedded.round(at=FORTNIGHT)
    assert len(at_embedded.servers.wait_for(ada, 2)) == 2


def test_a_database_restored_from_before_an_answer_finds_it_again(
    at_embedded: Installation, ada: str, opening: Stored
) -> None:
    found = [path for path in at_embedded.home.rglob("followupd.db") if path.is_file()]
    assert len(found) == 1
    at_embedded.run("backup", str(at_embedded.home / "backup.db"))
    at_embedded.servers.deliver(at_embedded.me, answer(opening, ada))
    at_embedded.round()
    assert at_embedded.state(ada) == "answered"
    for old in found[0].parent.glob("followupd.db-*"):
        old.unlink()
    shutil.copy(at_embedded.home / "backup.db", found[0])
    at_embedded.round(at=FORTNIGHT)
    assert at_embedded.state(ada) == "answered"
    assert len(at_embedded.servers.read(ada)) == 1
