"""An address that bounced for good is written to again by the user's word alone, and by no other way."""

import pytest

from followupd.core.model import Refused
from followupd.smtp.postman import SmtpPostman
from tests.cli.life import FIELDS, Life
from tests.cli.test_turned_down import report


@pytest.fixture
def ada(life: Life) -> str:
    """Somebody whose first letter came back, since there is no such mailbox."""
    email = life.person("ada")
    life.on("2027-01-05")
    report(life, email, "5.1.1")
    assert life.state(email) == "undeliverable"
    return email


def test_neither_add_nor_an_alias_nor_a_file_nor_reopen_brings_it_back(life: Life, ada: str) -> None:
    bea = life.person("bea", "--first-on", "2028-01-04")
    fields = [word for field, text in FIELDS.items() for word in (f"--{field}", text)]
    life("add", ada, "--name", "Ada", *fields, "--no-look", status=1)
    life("add", "new@example.org", "--name", "New", *fields, "--alias", ada, "--no-look", status=1)
    life("edit", bea, "--alias", ada, status=1)
    life("edit", bea, "--email", ada, status=1)
    file = life.folder / "people.csv"
    file.write_text(f"email,name\nnew@example.org,New\n{ada.upper()},Somebody\n", encoding="utf-8")
    assert "line 3" in life("import", str(file), status=1).err
    assert f"followupd reopen {ada} --again" in life("reopen", ada, status=1).err
    assert life.state(ada) == "undeliverable"
    assert [one["email"] for one in life.json("list")] == [bea, ada]
    assert life.walk("2027-12-31") == []


def test_by_the_users_word_the_thread_goes_on_and_the_next_letter_pretends_nothing(life: Life, ada: str) -> None:
    life("reopen", ada, "--again")
    assert life.state(ada) == "waiting"
    assert "the address that bounced takes mail again" in life("log", ada).out
    (went,) = life.walk("2027-01-31")
    assert went[1] == ada
    newest = life.json("show", ada)["letters"][-1]["subject"]
    assert not newest.startswith("Re:")
    # it is a word on this bounce alone: another one ends the thread again
    report(life, ada, "5.1.1")
    assert life.state(ada) == "undeliverable"
    life("reopen", ada, status=1)


def test_a_letter_that_was_refused_at_once_is_tried_anew(life: Life, monkeypatch: pytest.MonkeyPatch) -> None:
    ada = life.person("ada")
    refused = Refused(text="550 5.1.1 unknown", dead_address=True)
    with monkeypatch.context() as patched:
        patched.setattr(SmtpPostman, "address", lambda _postman, _draft: refused)
        life.on("2027-01-05")
    assert life.state(ada) == "undeliverable"
    life("reopen", ada, "--again", "--on", "2027-01-12")
    assert [to for _, to in life.walk("2027-01-13")] == [ada]
    assert [one["state"] for one in life.json("show", ada)["letters"]] == ["refused", "sent"]


def test_who_asked_not_to_be_written_to_stays_so(life: Life, ada: str) -> None:
    life.answers(ada, "Please do not write to me again.")
    life.round()
    assert life.state(ada) == "opted_out"
    life("reopen", ada, "--again", status=1)
