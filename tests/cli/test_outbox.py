"""Letters that wait are listed, shown and settled; what a stranger wrote into them is not obeyed by a terminal."""

from dataclasses import replace
from pathlib import Path

import pytest

from followupd import wiring
from followupd.actions.word import find
from followupd.core.model import Change, Cursor, Event, Letter, LetterState, Message, Verdict
from followupd.core.states import Happening, move
from followupd.store import letters, messages, threads
from tests.cli.conftest import Run

ONE_LINE = "\x1b[2J\u202e"
HOSTILE = "\x1b]0;owned\x07\x1b[2J\u202e\nfollowupd: all is well"


@pytest.fixture
def waiting(config: Path, ada: str) -> int:
    """Ada's opening letter, which waits for approval."""
    return put(config, ada, LetterState.HELD, "letter 1 waits for your approval")


@pytest.fixture
def doubtful(config: Path, ada: str) -> int:
    """Ada's opening letter, of which nobody knows whether it went out."""
    return put(config, ada, LetterState.UNCERTAIN, "nobody knows whether letter 1 went out")


def put(config: Path, email: str, state: LetterState, why: str) -> int:
    desk = wiring.desk(wiring.settings(config))
    case, now = find(desk, email), desk.clock.now()
    letter = Letter(
        thread_id=case.thread.id, step=0, template="opening", state=LetterState.PREPARED, message_id="<1@example.org>",
        subject=f"A question {HOSTILE}", body=f"Dear Ada,\n\n  {ONE_LINE}", raw=b"Subject: x\r\n\r\n", created_at=now,
    )  # fmt: skip
    written = letters.prepare(desk.db, letter)
    if state is LetterState.UNCERTAIN:
        desk.db.run("UPDATE letters SET state = 'sending' WHERE id = ?", (written.id,))
    change = move(case.thread, Happening.HOLD, Event(at=now, kind="held", text=why))
    letters.settle(desk.db, replace(written, state=state, said=why), change)
    desk.db.close()
    return written.id


def test_a_letter_that_waits_is_listed_and_shown(run: Run, ada: str, waiting: int) -> None:
    [line] = run("outbox", "list", "--json").document
    assert set(line) == {"id", "email", "step", "template", "state", "subject", "reason"}
    assert (line["id"], line["email"], line["step"], line["state"]) == (waiting, ada, 1, "held")
    shown = run("outbox", "show", str(waiting), "--json").document
    assert "Dear Ada," in shown["text"]
    assert shown["reason"] == "letter 1 waits for your approval"
    assert run("status", "--json").document["held"] == 1


def test_a_letter_of_which_nothing_was_said_yet_waits_for_what_holds_its_thread(
    run: Run, config: Path, ada: str, waiting: int
) -> None:
    desk = wiring.desk(wiring.settings(config))
    desk.db.run("UPDATE letters SET said = ''")
    desk.db.close()
    [line] = run("outbox", "list", "--json").document
    shown = run("outbox", "show", str(waiting), "--json").document
    assert line["reason"] == shown["reason"] == "letter 1 waits for your approval"
    assert "letter 1 waits for your approval" in run("outbox", "show", str(waiting)).out


def test_a_thread_that_is_held_without_a_letter_is_not_passed_over_in_silence(
    run: Run, config: Path, ada: str, waiting: int
) -> None:
    assert "held before" not in run("outbox", "list").out
    run("add", "bea@example.net", "--no-look")
    desk = wiring.desk(wiring.settings(config))
    hold = move(find(desk, "bea@example.net").thread, Happening.HOLD, Event(at=desk.clock.now(), kind="held", text="x"))
    threads.apply(desk.db, hold)
    desk.db.close()
    assert "1 thread is held before a letter was written; why: followupd status" in run("outbox", "list").out
    assert run("outbox", "discard", str(waiting)).status == 0
    assert run("outbox", "list").out.startswith("no letter waits for you\n1 thread is held")


def test_approving_and_discarding(run: Run, ada: str, waiting: int) -> None:
    approved = run("outbox", "approve", str(waiting), "--json").document
    assert (approved["id"], approved["state"]) == (waiting, "prepared")
    assert run("show", ada, "--json").document["state"] == "scheduled"
    assert run("outbox", "approve", str(waiting)).status == 1
    assert run("outbox", "discard", str(waiting), "--json").document["state"] == "discarded"
    assert run("show", ada, "--json").document["step"] == 1


def test_a_letter_in_doubt_is_settled_by_sent(run: Run, ada: str, doubtful: int) -> None:
    assert run("status", "--json").document["uncertain"] == 1
    done = run("outbox", "discard", str(doubtful))
    assert done.status == 1
    assert f"outbox sent {doubtful}" in done.err
    sent = run("outbox", "sent", str(doubtful), "--json").document
    assert sent["state"] == "sent"
    assert sent["sent_at"] is not None
    assert run("outbox", "list", "--json").document == []
    assert run("show", ada, "--json").document["state"] == "waiting"


def test_a_letter_in_doubt_is_settled_by_retry_without_a_question_where_nobody_is_asked(
    run: Run, ada: str, doubtful: int
) -> None:
    assert run("outbox", "retry", str(doubtful), "--json").document["state"] == "discarded"
    assert run("show", ada, "--json").document["state"] == "scheduled"
    assert run("outbox", "retry", str(doubtful)).status == 1


def test_what_strangers_wrote_reaches_no_terminal_raw(run: Run, ada: str, waiting: int, config: Path) -> None:
    desk = wiring.desk(wiring.settings(config))
    case, now = find(desk, ada), desk.clock.now()
    hostile = Message(
        thread_id=case.thread.id, contact_id=case.contact.id, message_id=f"<m{HOSTILE}@x>", folder="INBOX", uid=1,
        from_=f"{HOSTILE}@example.net", subject=HOSTILE, received_at=now, verdict=Verdict.OTHER, rule="x",
        words=HOSTILE, excerpt=HOSTILE,
    )  # fmt: skip
    told = Event(at=now, kind=f"held{HOSTILE}", text=HOSTILE)
    messages.record(
        desk.db,
        [messages.Outcome(message=hostile, change=None)],
        Cursor(folder="INBOX", uidvalidity=1, last_uid=1),
        now,
    )
    threads.apply(desk.db, Change(thread=replace(case.thread, reason=HOSTILE), events=(told,)))
    desk.db.close()
    commands = [
        ("list",), ("show", ada), ("log",), ("outbox", "list"), ("outbox", "show", str(waiting)), ("status",),
        ("pause", ada), ("resume", ada), ("resume", ada), ("answered", ada, "--not", f"<x{HOSTILE}>"),
    ]  # fmt: skip
    for arguments in commands:
        for json in ((), ("--json",)):
            done = run(*arguments, *json)
            for shown in (done.out, done.err):
                assert not {"\x1b", "\x07", "\u202e"} & set(shown)
                assert "followupd: all is well" not in shown.splitlines()
