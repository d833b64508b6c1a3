"""The user's word: every verb from every state it may meet, and a plain no where it does not fit."""

import pytest

from tests.cli.conftest import Run


def state(run: Run, email: str) -> str:
    found: str = run("show", email, "--json").document["state"]
    return found


def test_pause_and_resume_bring_back_what_was(run: Run, ada: str) -> None:
    before = run("show", ada, "--json").document["next_at"]
    assert run("pause", ada, "--json").document["state"] == "paused"
    assert run("show", ada, "--json").document["next_at"] is None
    assert run("resume", ada, "--json").document["next_at"] == before
    assert state(run, ada) == "scheduled"


def test_a_pause_with_an_end_is_in_the_plan(run: Run, ada: str) -> None:
    run("pause", ada, "--until", "2040-06-01")
    first = run("plan", "--until", "2042-01-01", "--json").document[0]
    assert first["at"] >= "2040-06-01"
    assert run("pause", ada, "--until", "2001-01-01").status == 1


def test_pausing_everything_leaves_each_thread_its_own_state(run: Run, ada: str) -> None:
    assert run("pause", "--all").status == 0
    assert run("status", "--json").document["daemon"]["paused"] is True
    assert state(run, ada) == "scheduled"
    plan = ["plan", "--until", "2042-01-01"]
    assert "everything is paused" in run(*plan).out
    assert len(run(*plan, "--json").document) == 5
    run("resume", "--all")
    assert "everything is paused" not in run(*plan).out
    assert run("status", "--json").document["daemon"]["paused"] is False


def test_a_snooze_moves_the_next_letter_and_never_to_an_earlier_day(run: Run, ada: str) -> None:
    assert run("snooze", ada, "--until", "2041-03-01", "--json").document["next_at"] >= "2041-03-01"
    assert run("snooze", ada, "--for", "2 weeks", "--json").document["next_at"].startswith("2040-01-1")
    assert run("snooze", ada, "--for", "soon").status == 2


def test_stop_ends_a_thread_and_reopen_starts_it_again_on_a_day(run: Run, ada: str) -> None:
    assert run("stop", ada, "--json").document["state"] == "stopped"
    assert run("stop", ada).status == 0
    assert run("plan", "--until", "2042-01-01", "--json").document == []
    for words in (["pause", ada], ["resume", ada], ["snooze", ada, "--until", "2041-01-01"]):
        done = run(*words)
        assert (done.status, f"to start it again: followupd reopen {ada} --on DATE" in done.err) == (1, True)
    over = run("reopen", ada, "--on", "2001-09-04")
    assert (over.status, "this day has passed" in over.err, state(run, ada)) == (1, True, "stopped")
    reopened = run("reopen", ada, "--on", "2041-09-04", "--json").document
    assert reopened["state"] == "scheduled"
    assert reopened["next_at"].startswith("2041-09-0") or reopened["next_at"].startswith("2041-09-1")


def test_an_answer_that_came_another_way_counts(run: Run, ada: str) -> None:
    assert run("answered", ada, "--via", "phone", "--json").document["state"] == "answered"
    assert "phone" in run("log", ada).out
    assert run("resume", ada).status == 1
    assert run("reopen", ada).status == 0


@pytest.mark.parametrize("verb", ["reopen", "resume"])
def test_a_thread_that_goes_on_can_be_neither_reopened_nor_resumed(run: Run, ada: str, verb: str) -> None:
    done = run(verb, ada)
    assert done.status == 1
    assert "scheduled" in done.err


def test_a_message_nobody_knows_cannot_be_called_no_answer(run: Run, ada: str) -> None:
    done = run("answered", ada, "--not", "<unknown@example.net>")
    assert done.status == 1
    assert "<unknown@example.net>" in done.err


def test_a_letter_nobody_knows_cannot_be_settled(run: Run, ada: str) -> None:
    for verb in ("show", "approve", "discard", "sent", "retry"):
        assert run("outbox", verb, "7").status == 1


def test_a_day_may_be_named_as_people_name_it_and_is_the_one_meant_where_they_live(run: Run, ada: str) -> None:
    said = run("snooze", ada, "--until", "autumn 2041")
    assert "2041-09-01, the first day of autumn in the northern half of the world" in said.out
    assert run("show", ada, "--json").document["next_at"] >= "2041-09-01"
    run("edit", ada, "--country", "AU", "--timezone", "Australia/Sydney")
    assert "2041-03-01" in run("snooze", ada, "--until", "autumn 2041").out
    run("stop", ada)
    assert run("reopen", ada, "--on", "after Easter 2041", "--json").document["next_at"] >= "2041-04-22T20"
    said = run("snooze", ada, "--until", "someday")
    assert said.status == 2
    assert "in the autumn" in said.err
