"""`add` without a server says so and adds; with `--sent-already` it writes nothing."""

import shlex
from datetime import UTC, datetime

import pytest

from followupd.core.adoption import Written, command
from followupd.core.model import Contact
from followupd.views.document import written
from tests.cli.conftest import Run

AT = datetime(2026, 11, 1, tzinfo=UTC)
ADD = ("add", "ada@example.net", "--name", "Ada")


def test_a_person_is_added_without_a_server_and_it_is_said_that_nobody_looked(run: Run) -> None:
    done = run(*ADD)
    assert (done.status, done.err) == (0, "")
    assert "the mailbox was not looked through; that is done before a letter goes" in done.out
    assert [one["kind"] for one in run("show", ADD[1], "--json").document["events"]] == ["added"]


def test_the_document_tells_whether_somebody_looked(run: Run) -> None:
    document = run(*ADD, "--json").document
    assert (document["looked"], document["written_before"], document["state"]) == (False, None, "scheduled")
    assert "127.0.0.1" in document["trouble"]
    other = run("add", "bo@example.net", "--no-look", "--json").document
    assert (other["looked"], other["trouble"], other["written_before"]) == (False, "", None)


def test_without_a_server_no_letter_is_adopted_and_nobody_added(run: Run) -> None:
    done = run(*ADD, "--sent-already", "<a@b.test>")
    assert done.status == 69
    assert done.out == ""
    assert run("list", "--json").document == []


@pytest.mark.parametrize("more", [("--first-on", "2040-01-10"), ("--no-look",)])
def test_what_contradicts_a_letter_that_is_out_is_wrong_usage(run: Run, more: tuple[str, ...]) -> None:
    assert run(*ADD, "--sent-already", "<a@b.test>", *more).status == 2


@pytest.mark.parametrize("name", ["", "no id", "<a@b\x1b[2J>", "<@>", "a" * 2000 + "@b"])
def test_what_is_no_message_id_is_refused_before_anybody_is_asked(run: Run, name: str) -> None:
    done = run(*ADD, "--sent-already", name)
    assert done.status == 1
    assert "no Message-ID" in done.err
    assert "\x1b" not in done.err


def test_somebody_who_is_known_is_not_changed_by_an_adoption(run: Run, ada: str) -> None:
    done = run("add", ada, "--name", "Another", "--sent-already", "<a@b.test>")
    assert done.status == 1
    assert "followupd edit" in done.err


def test_the_command_that_is_offered_is_one_that_a_shell_takes_as_it_is_meant(run: Run) -> None:
    contact = Contact(addresses=("o'neil@example.net",))
    found = Written(at=AT, subject="x", message_id="<$(touch${IFS}x);'`a`@b>")
    assert shlex.split(command(contact, found)) == [
        "followupd", "add", "o'neil@example.net", "--sent-already", "$(touch${IFS}x);'`a`@b",
    ]  # fmt: skip
    assert written(contact, found)["adopt"] == command(contact, found)
    assert written(contact, Written(at=AT, subject="x", message_id=""))["adopt"] is None
