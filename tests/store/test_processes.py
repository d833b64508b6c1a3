"""Several processes at once, and processes that die: one wins, none breaks the file, nothing is half done."""

import signal
from collections.abc import Callable, Sequence
from pathlib import Path
from subprocess import Popen

import pytest

from followupd.store import facts, letters, messages, threads
from followupd.store.db import Db, open_database
from tests.store.conftest import NOW, AddCase, Prepare

Start = Callable[..., Popen[str]]


def together(processes: Sequence[Popen[str]]) -> list[str]:
    """Let processes that wait for a line go on at the same moment; give what each printed."""
    for process in processes:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("\n")
        process.stdin.flush()
    return [process.communicate(timeout=60)[0] for process in processes]


OPEN = """
    import pathlib, sys
    from datetime import UTC, datetime
    from followupd.store import contacts, migrations
    from followupd.store.db import open_database
    now = datetime(2026, 11, 23, 9, tzinfo=UTC)
    print("ready", flush=True)
    sys.stdin.readline()
    db = open_database(pathlib.Path(sys.argv[1]), now=now)
    contacts.suppress(db, [sys.argv[2]], "opened", now)
    print("opened")
"""


@pytest.mark.parametrize("time", range(3))
def test_three_processes_that_start_on_no_database_share_one(path: Path, start_python: Start, time: int) -> None:
    said = together([start_python(OPEN, path, f"{number}@example.org") for number in range(3)])
    assert said == ["opened\n"] * 3
    db = open_database(path, now=NOW)
    assert db.rows("SELECT count(*) FROM suppressions")[0][0] == 3
    assert db.rows("SELECT count(*) FROM _sqlite_migrations")[0][0] == db.rows("PRAGMA user_version")[0][0]
    db.close()
    assert {entry.name for entry in path.parent.iterdir()} == {"followupd.db", "followupd.db.witness"}


CLAIM = """
    import pathlib, sys
    from datetime import UTC, datetime
    from followupd.store import letters
    from followupd.store.db import open_database
    now = datetime(2026, 11, 23, 9, tzinfo=UTC)
    db = open_database(pathlib.Path(sys.argv[1]), now=now)
    print("ready", flush=True)
    sys.stdin.readline()
    print(*(number for number in range(1, 101) if letters.claim(db, number, now)))
"""


def test_two_processes_that_claim_the_same_letters_share_them_out(
    db: Db, path: Path, add_case: AddCase, prepare: Prepare, start_python: Start
) -> None:
    prepared = [prepare(add_case(f"{number}@example.org")).id for number in range(100)]
    assert prepared == list(range(1, 101))
    said = together([start_python(CLAIM, path), start_python(CLAIM, path)])
    claimed = [int(number) for line in said for number in line.split()]
    assert sorted(claimed) == prepared


def test_of_two_connections_one_claims(db: Db, other: Db, add_case: AddCase, prepare: Prepare) -> None:
    letter = prepare(add_case())
    assert [letters.claim(db, letter.id, NOW), letters.claim(other, letter.id, NOW)] == [True, False]


DIE_IN_RECORD = """
    import os, pathlib, signal, sys
    from dataclasses import replace
    from datetime import UTC, datetime
    from followupd.core.model import Change, Cursor, Message, State, Verdict
    from followupd.store import messages, threads
    from followupd.store.db import open_database
    now = datetime(2026, 11, 23, 9, tzinfo=UTC)
    db = open_database(pathlib.Path(sys.argv[1]), now=now)
    case = threads.case_of(db, "mara@example.org")
    message = Message(
        thread_id=case.thread.id, contact_id=case.contact.id, message_id="<1@example.org>", folder="INBOX", uid=1,
        from_="", subject="", received_at=now, verdict=Verdict.REPLY, rule="", words="",
    )
    change = Change(thread=replace(case.thread, state=State.ANSWERED, next_at=None))

    class Outcomes(tuple):
        def __iter__(self):
            yield from tuple.__iter__(self)
            os.kill(os.getpid(), signal.SIGKILL)

    outcomes = Outcomes([messages.Outcome(message=message, change=change)])
    messages.record(db, outcomes, Cursor(folder="INBOX", uidvalidity=1, last_uid=1), now)
"""


def test_a_process_killed_while_it_records_leaves_nothing(
    db: Db, path: Path, add_case: AddCase, start_python: Start
) -> None:
    case = add_case("mara@example.org")
    process = start_python(DIE_IN_RECORD, path)
    assert process.wait(timeout=60) == -signal.SIGKILL
    assert threads.case(db, case.thread.id) == case
    assert not messages.seen(db, "<1@example.org>")
    assert messages.cursor(db, "INBOX") is None


DIE_AFTER_CLAIM = """
    import os, pathlib, signal, sys
    from datetime import UTC, datetime
    from followupd.store import letters
    from followupd.store.db import open_database
    now = datetime(2026, 11, 23, 9, tzinfo=UTC)
    db = open_database(pathlib.Path(sys.argv[1]), now=now)
    assert letters.claim(db, 1, now)
    os.kill(os.getpid(), signal.SIGKILL)
"""


def test_a_claim_outlives_the_process_that_made_it(
    db: Db, path: Path, add_case: AddCase, prepare: Prepare, start_python: Start
) -> None:
    letter = prepare(add_case())
    assert start_python(DIE_AFTER_CLAIM, path).wait(timeout=60) == -signal.SIGKILL
    assert [each.id for each in letters.in_doubt(db)] == [letter.id]
    assert not letters.claim(db, letter.id, NOW)


def test_a_failure_while_a_database_is_made_leaves_no_database(path: Path, run_python: Callable[..., str]) -> None:
    script = """
        import pathlib, resource, signal, sys
        from datetime import UTC, datetime
        from followupd.core.errors import FollowupdError
        from followupd.store import migrations
        from followupd.store.db import open_database
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))
        try:
            open_database(pathlib.Path(sys.argv[1]), now=datetime(2026, 11, 23, tzinfo=UTC))
        except FollowupdError as error:
            print(error.what)
    """
    assert run_python(script, path).startswith(("the disk", "the file system"))
    assert list(path.parent.iterdir()) == []


def test_a_writer_waits_for_another_one(db: Db, path: Path, start_python: Start) -> None:
    script = """
        import pathlib, sys
        from datetime import UTC, datetime
        from followupd.store import facts
        from followupd.store.db import open_database
        now = datetime(2026, 11, 23, 9, tzinfo=UTC)
        db = open_database(pathlib.Path(sys.argv[1]), now=now)
        for number in range(100):
            with db.immediate():
                value = int(facts.get(db, "sum")[0])
                facts.put(db, "sum", str(value + 1), now)
    """
    facts.put(db, "sum", "0", NOW)
    processes = [start_python(script, path) for _ in range(2)]
    assert [process.wait(timeout=60) for process in processes] == [0, 0]
    assert facts.get(db, "sum") == ("200", NOW)
