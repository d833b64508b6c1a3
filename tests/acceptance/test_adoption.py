"""A thread that the user began in their own mail program is taken over as it stands, and nobody is greeted twice."""

import json
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime
from typing import Any

import pytest

from tests.acceptance.installation import FIELDS, Installation
from tests.acceptance.letters import answer
from tests.servers.mailbox import Stored
from tests.servers.processes import wait_until

TEN_DAYS = timedelta(days=10)


@pytest.fixture
def by_hand(followupd: Installation, ada: str) -> Stored:
    """A letter that the user wrote ten days ago in a mail program, which sent it and filed it in Sent."""
    message = EmailMessage()
    message["From"], message["To"] = f"Ida Brandt <{followupd.me}>", f"Ada Lovelace <{ada}>"
    message["Subject"] = "Ihre Notizen über die Maschine"
    message["Date"] = format_datetime(datetime.now(UTC) - TEN_DAYS)
    message["Message-ID"] = f"<by.hand.{ada}>"
    message["User-Agent"] = "Another Client 128.0"
    message.set_content("How did you choose the first problem that your engine should solve?\n")
    raw = message.as_bytes()
    followupd.servers.send(followupd.me, ada, raw)
    followupd.servers.append(followupd.me, raw, folder="Sent", flags=r"\Seen")
    [letter] = followupd.servers.wait_for(ada)
    return letter


def adopt(followupd: Installation, ada: str, letter: Stored) -> dict[str, Any]:
    done = followupd.run("add", ada, *FIELDS, "--sent-already", letter.header("Message-ID").strip("<>"), "--json")
    document = json.loads(done.out)
    assert isinstance(document, dict)
    return document


def test_an_answer_already_there_means_answered_at_once(followupd: Installation, ada: str, by_hand: Stored) -> None:
    followupd.servers.deliver(followupd.me, answer(by_hand, ada))
    followupd.servers.wait_for(followupd.me)
    followupd.round()  # reads past the answer while nobody is known
    document = adopt(followupd, ada, by_hand)
    assert document["state"] == "answered"
    for at in (timedelta(), timedelta(days=15), timedelta(days=400)):
        followupd.round(at=at)
    assert len(followupd.servers.read(ada)) == 1
    assert [message["verdict"] for message in followupd.show(ada)["messages"]] == ["reply"]


def test_without_an_answer_the_next_letter_comes_in_the_same_thread_when_the_wait_is_over(
    followupd: Installation, ada: str, by_hand: Stored
) -> None:
    document = adopt(followupd, ada, by_hand)
    assert (document["state"], document["step"], document["looked"]) == ("waiting", 1, True)
    [first] = document["letters"]
    assert (first["state"], first["template"], first["message_id"]) == ("sent", "by hand", by_hand.header("Message-ID"))
    assert "adopted: you wrote to" in followupd.run("log", ada).out
    followupd.round()
    followupd.round(at=timedelta(days=3))
    assert len(followupd.servers.read(ada)) == 1
    followupd.round(at=timedelta(days=4, hours=1))
    _, second = followupd.servers.wait_for(ada, 2)
    followupd.round(at=timedelta(days=4, hours=2))
    followupd.round(at=timedelta(days=10))
    assert len(followupd.servers.read(ada)) == 2
    assert second.header("In-Reply-To") == by_hand.header("Message-ID")
    assert second.header("References") == by_hand.header("Message-ID")
    assert str(second.parsed["Subject"]) == "Re: Ihre Notizen über die Maschine"


def test_somebody_the_user_has_written_to_gets_no_opening_letter_until_the_user_says_so(
    followupd: Installation, ada: str, by_hand: Stored
) -> None:
    said = followupd.run("add", ada, *FIELDS).out
    command = f"followupd add {ada} --sent-already {by_hand.header('Message-ID').strip('<>')}"
    assert command in said
    followupd.round()
    assert followupd.state(ada) == "held"
    assert len(followupd.servers.read(ada)) == 1
    assert followupd.run(*command.split()[1:]).status == 0
    assert followupd.state(ada) == "waiting"


def test_the_daemon_looks_where_nobody_could_when_the_person_was_added(
    followupd: Installation, ada: str, by_hand: Stored
) -> None:
    followupd.add(ada, "--no-look")
    followupd.round()
    followupd.round(at=timedelta(days=30))
    assert followupd.state(ada) == "held"
    assert len(followupd.servers.read(ada)) == 1


def test_a_letter_that_is_not_in_sent_is_named_with_where_it_was_looked_for(followupd: Installation, ada: str) -> None:
    done = followupd.run("add", ada, *FIELDS, "--sent-already", "<nothing@here.test>", status=1)
    assert "INBOX" in done.err
    assert "Message-ID" in done.err
    assert followupd.json("list") == []


def test_without_a_server_the_person_is_added_and_the_letter_is_not_adopted(followupd: Installation, ada: str) -> None:
    followupd.settings["imap"] = {"port": 1}
    followupd.run("add", ada, *FIELDS, "--sent-already", "<nothing@here.test>", status=69)
    assert followupd.json("list") == []
    assert "not looked through" in followupd.run("add", ada, *FIELDS).out
    assert wait_until(lambda: followupd.state(ada) == "scheduled", 5)
