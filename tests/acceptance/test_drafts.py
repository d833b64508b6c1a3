"""A letter that waits for approval lies in the Drafts folder of any mail client, and what is done there counts."""

from datetime import timedelta

import pytest

from tests.acceptance.installation import FIELDS, Installation
from tests.acceptance.letters import answer
from tests.servers.mailbox import Stored

HOURS = timedelta(hours=1)


@pytest.fixture
def draft(followupd: Installation, ada: str) -> Stored:
    """The draft of an opening letter that is due."""
    followupd.settings["sending"] = {"approve": True}
    followupd.run("add", ada, *FIELDS, "--no-look")
    followupd.round()
    [found] = followupd.servers.read(followupd.me, "Drafts")
    assert "\\Draft" in found.flags
    assert followupd.show(ada)["state"] == "held"
    return found


def empty(followupd: Installation) -> None:
    with followupd.servers.client(followupd.me) as client:
        client.select("Drafts")
        client.store("1:*", "+FLAGS", r"(\Deleted)")
        client.expunge()


def edited(draft: Stored) -> bytes:
    name = draft.header("Message-ID").encode()
    return draft.raw.replace(b"your engine", b"the engine of yours").replace(name, b"<other." + name[1:])


def test_it_is_edited_and_sent_from_a_mail_client_and_the_wait_begins(
    followupd: Installation, ada: str, draft: Stored
) -> None:
    servers, me = followupd.servers, followupd.me
    raw = edited(draft)
    # the client puts the edited one in its place, and sends it later
    servers.append(me, raw, folder="Drafts", flags=r"\Draft")
    with servers.client(me) as client:
        client.select("Drafts")
        client.store("1", "+FLAGS", r"(\Deleted)")
        client.expunge()
    followupd.round(at=HOURS)
    assert "you edited its draft" in followupd.run("outbox", "approve", "1", at=HOURS, status=1).err
    servers.send(me, ada, raw)
    servers.append(me, raw, folder="Sent", flags=r"\Seen")
    empty(followupd)
    followupd.round(at=2 * HOURS)
    shown = followupd.show(ada)
    assert (shown["state"], shown["step"]) == ("waiting", 1)
    assert shown["letters"][0]["state"] == "sent"
    assert "the engine of yours" in followupd.run("outbox", "show", "1").out
    [letter] = servers.wait_for(ada)
    servers.deliver(me, answer(letter, ada))
    servers.wait_for(me)
    followupd.round(at=3 * HOURS)
    assert followupd.show(ada)["state"] == "answered"
    followupd.round(at=timedelta(days=400))
    assert len(servers.read(ada)) == 1


def test_it_is_deleted_and_counts_as_discarded(followupd: Installation, ada: str, draft: Stored) -> None:
    empty(followupd)
    followupd.round(at=HOURS)
    assert followupd.show(ada)["letters"][0]["state"] == "held"
    followupd.round(at=8 * HOURS)
    shown = followupd.show(ada)
    assert (shown["letters"][0]["state"], shown["step"]) == ("discarded", 1)
    assert "you deleted its draft" in followupd.run("log", ada).out
    assert followupd.servers.read(ada) == []


def test_it_is_approved_by_a_command_and_goes_once_when_the_draft_is_gone(
    followupd: Installation, ada: str, draft: Stored
) -> None:
    followupd.run("outbox", "approve", "1")
    followupd.round(at=HOURS)
    assert followupd.servers.read(followupd.me, "Drafts") == []
    assert followupd.servers.read(ada) == []
    followupd.round(at=2 * HOURS)
    followupd.round(at=3 * HOURS)
    assert len(followupd.servers.wait_for(ada)) == 1
    assert followupd.show(ada)["state"] == "waiting"


def test_when_the_answer_comes_the_draft_is_gone_in_the_same_round(
    followupd: Installation, ada: str, draft: Stored
) -> None:
    servers, me = followupd.servers, followupd.me
    servers.append(me, b"To: somebody@else.test\r\nSubject: mine\r\n\r\nnot yet\r\n", folder="Drafts", flags=r"\Draft")
    servers.deliver(me, answer(draft, ada))
    servers.wait_for(me)
    followupd.round(at=HOURS)
    assert followupd.show(ada)["state"] == "answered"
    assert [one.header("Subject") for one in servers.read(me, "Drafts")] == ["mine"]
    followupd.round(at=timedelta(days=30))
    assert servers.read(ada) == []
