"""What arrived can be read in 80 columns, with its verdict, the rule, its words, and the commands that may follow."""

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from followupd.core.model import Change, Cursor, Event, Message, State, Verdict
from followupd.store import messages, threads
from followupd.store.db import open_database
from tests.cli.conftest import Run

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
ADA = "ada@example.net"
REPLY = {"verdict": Verdict.REPLY, "rule": "match.in_reply_to", "words": "<letter@example.org>"}
DOUBT = {"verdict": Verdict.OTHER, "rule": "words.away.en", "words": "out of office", "held": True}


def received(config: Path, state: State, **more: object) -> int:
    """Write down a message that brought Ada's thread into a state; give its number."""
    db = open_database(config.with_name("followupd.db"), now=NOW)
    case = threads.case_of(db, ADA)
    assert case is not None
    fields: dict[str, object] = {
        "thread_id": case.thread.id, "contact_id": case.contact.id, "message_id": f"<{len(more)}@example.net>",
        "folder": "INBOX", "uid": 1, "from_": ADA, "subject": "Re: a question", "received_at": NOW,
        "excerpt": "Too busy now. " * 60,
    }  # fmt: skip
    message = Message(**(fields | more))  # type: ignore[arg-type]
    thread = replace(case.thread, state=state, next_at=None, reason="said")
    change = Change(thread=thread, events=(Event(at=NOW, kind=state.value, text="said"),))
    found = [messages.Outcome(message=message, change=change)]
    messages.record(db, found, Cursor(folder="INBOX", uidvalidity=1, last_uid=1), NOW)
    number = messages.of_thread(db, case.thread.id)[-1].id
    db.close()
    return number


def test_an_answer_that_says_later_is_shown_with_the_command_that_waits_until_then(
    run: Run, ada: str, config: Path
) -> None:
    number = received(config, State.ANSWERED, hint="later", asked_for=date(2041, 9, 6), **REPLY)
    shown = run("show", ada).out
    for said in ("reply", "it answers our letter", "match.in_reply_to", "<letter@example.org>", "asks for 2041-09-06"):
        assert said in shown
    commands = [line.strip() for line in shown.splitlines() if line.startswith("  followupd ")]
    assert commands == [f"followupd reopen {ada} --on 2041-09-06", f"followupd answered {ada} --not {number}"]
    assert all(len(line) <= 80 for line in shown.splitlines())
    [message] = run("show", ada, "--json").document["messages"]
    assert (message["hint"], message["asked_for"], message["other_address"]) == ("later", "2041-09-06", "")
    assert run(*commands[0].split()[1:]).status == 0
    after = run("show", ada, "--json").document
    assert after["state"] == "scheduled"
    assert after["next_at"] >= "2041-09-06"


def test_who_reopens_earlier_than_they_asked_is_told_how_to_wait(run: Run, ada: str, config: Path) -> None:
    received(config, State.ANSWERED, hint="later", asked_for=date(2041, 9, 6), **REPLY)
    done = run("reopen", ada)
    wait = f"followupd snooze {ada} --until 2041-09-06"
    assert (done.status, done.out.splitlines()[-1]) == (0, f"they asked for 2041-09-06; to wait until then: {wait}")
    assert run(*wait.split()[1:], "--json").document["next_at"] >= "2041-09-06"


def test_the_command_that_an_answer_was_none_works_as_it_stands(run: Run, ada: str, config: Path) -> None:
    number = received(config, State.ANSWERED, hint="no", **REPLY)
    shown = run("show", ada).out
    assert "reopen" not in shown  # nobody is pressed who said no
    assert run("answered", ada, "--not", str(number)).status == 0
    document = run("show", ada, "--json").document
    assert (document["state"], document["messages"][0]["not_answer"]) == ("scheduled", True)
    assert "no answer" in run("show", ada).out


@pytest.mark.parametrize(("word", "state"), [("answered", "answered"), ("resume", "scheduled")])
def test_a_possible_answer_has_a_command_for_yes_and_one_for_no(
    run: Run, ada: str, config: Path, word: str, state: str
) -> None:
    received(config, State.HELD, **DOUBT)
    assert run("show", ada, "--json").document["messages"][0]["possible_answer"] is True
    shown = run("show", ada).out
    assert f"\n  followupd {word} {ada}" in shown
    assert "is it an answer?" in shown
    assert run(word, ada).status == 0
    assert run("show", ada, "--json").document["state"] == state
    assert "is it an answer?" not in run("show", ada).out
    [message] = run("show", ada, "--json").document["messages"]
    assert (message["possible_answer"], message["not_answer"]) == (False, word == "resume")


def test_a_successor_is_offered_and_not_used(run: Run, ada: str, config: Path) -> None:
    gone = {"verdict": Verdict.AUTO_REPLY, "rule": "words.gone", "words": "no longer with us", "held": True}
    received(config, State.HELD, other_address="grace@example.net", **gone)
    shown = run("show", ada).out
    for command in (
        f"followupd add grace@example.net --referred-by {ada}", f"followupd resume {ada}", f"followupd stop {ada}",
    ):  # fmt: skip
        assert f"\n  {command}\n" in f"{shown}\n"
    assert run("show", "grace@example.net").status == 1
    assert run("show", ada, "--json").document["messages"][0]["other_address"] == "grace@example.net"


def test_status_says_what_holds_each_letter(run: Run, ada: str, config: Path) -> None:
    assert "because" not in run("status").out
    received(config, State.HELD, **DOUBT)
    assert f"{ada}  said" in run("status").out


def test_the_log_of_one_person_does_not_repeat_who_it_is(run: Run, ada: str) -> None:
    assert f"  {ada}  " not in run("log", ada).out
    assert f"  {ada}  " in run("log").out
