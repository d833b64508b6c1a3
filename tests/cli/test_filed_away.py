"""An answer that a rule of the user's files into a folder of their own is found before the next letter goes."""

import imaplib
from email.message import EmailMessage
from email.utils import format_datetime

import pytest

from followupd.core.errors import UnreachableError
from followupd.core.model import Folder, RawMessage, Sought
from followupd.imap.mailbox import ImapMailbox
from tests.cli.life import Life


@pytest.fixture
def ada(life: Life) -> str:
    """Somebody who got the first letter; the next is due on 19 January."""
    email = life.person("ada")
    assert life.on("2027-01-05") == [email]
    life.now = life.now.replace(hour=12)
    return email


def file(life: Life, sender: str, text: str, folder: str = "Mentors", **headers: str) -> None:
    """Put a message into a folder, read already, as a rule on the server does."""
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = sender, life.me, headers.pop("subject", "A question of yours")
    message["Date"], message["Message-ID"] = format_datetime(life.now), f"<{len(text)}.{sender}>"
    for name, value in headers.items():
        message[name.replace("_", "-")] = value
    message.set_content(text)
    raw = message.as_bytes(policy=message.policy.clone(linesep="\r\n"))
    with life.servers.client(life.me) as connection:
        connection.create(folder)
        said, _ = connection.append(folder, r"(\Seen)", imaplib.Time2Internaldate(life.now), raw)
        assert said == "OK"


def first_letter(life: Life, email: str) -> str:
    found: str = life.json("show", email)["letters"][0]["message_id"]
    return found


def test_their_answer_stops_the_letter(life: Life, ada: str) -> None:
    file(life, ada, "Yes, come by on Monday.")
    assert life.walk("2027-12-31") == []
    assert life.state(ada) == "answered"
    (message,) = life.json("show", ada)["messages"]
    assert message["verdict"] == "reply"


def test_an_answer_from_another_address_of_theirs_is_known_by_what_it_answers(life: Life, ada: str) -> None:
    file(life, "ada.private@home.example", "Gladly.", In_Reply_To=first_letter(life, ada))
    assert life.walk("2027-12-31") == []
    assert life.state(ada) == "answered"


def test_an_opt_out_and_an_absence_count_as_anywhere(life: Life, ada: str) -> None:
    bea = life.person("bea", "--first-on", "2027-01-06")
    life.on("2027-01-06")
    life.now = life.now.replace(hour=12)
    file(life, ada, "Please do not write to me again.", folder="Work.2027")
    file(life, bea, "I am away until 1 March 2027.", Auto_Submitted="auto-replied")
    went = life.walk("2027-02-28")
    assert went == []
    assert life.state(ada) == "opted_out"
    assert life.state(bea) == "waiting"
    assert [to for _, to in life.walk("2027-03-31")] == [bea]


def test_other_mail_there_holds_nothing_up_and_is_not_looked_at_twice(life: Life, ada: str) -> None:
    for number in range(3):
        file(life, f"shop{number}@example.org", f"Offers {'x' * number}")
    file(life, life.me, "A template of a letter to them, not sent.", folder="Templates")
    assert [f"{at:%Y-%m-%d}" for at, _ in life.walk("2027-01-31")] == ["2027-01-19"]
    assert life.json("show", ada)["messages"] == []


def test_check_says_which_folders_are_searched(life: Life, ada: str) -> None:
    file(life, "shop@example.org", "Offers")
    (found,) = [one["detail"] for one in life.document("check") if one["name"] == "folders"]
    assert found.endswith("; searched before each letter: Mentors")


def test_drafts_and_folders_of_followupds_own_are_not_searched(life: Life, ada: str) -> None:
    file(life, ada, "Yes.", folder="Drafts")
    file(life, ada, "Yes!", folder="followupd")
    assert [to for _, to in life.walk("2027-01-31")] == [ada]


def test_a_folder_that_cannot_be_searched_lets_no_letter_go(
    life: Life, ada: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    file(life, "shop@example.org", "Offers")
    search = ImapMailbox.search

    def refused(box: ImapMailbox, folder: Folder, sought: Sought) -> "list[RawMessage]":
        if folder.name == "Mentors":
            raise UnreachableError("the server refused to open the folder Mentors", where="imap.example.org")
        return list(search(box, folder, sought))

    life.now = life.now.replace(day=19, hour=9, minute=30)
    before = len(life.servers.taken)
    with monkeypatch.context() as patched:
        patched.setattr(ImapMailbox, "search", refused)
        said = life("run", "--once", status=69).err
        assert "the folder Mentors cannot be searched for an answer, so no letter goes" in said
        assert 'imap.folders = ["INBOX"]' in said
        assert "Mentors" in life.json("status")["accounts"][0]["trouble"]
    assert len(life.servers.taken) == before
    assert life.round() == [ada]


def test_where_the_user_names_the_folders_only_those_are_read(life: Life, ada: str) -> None:
    life.config(imap={"folders": '["INBOX"]'})
    file(life, ada, "Yes.")
    assert [to for _, to in life.walk("2027-01-31")] == [ada]
