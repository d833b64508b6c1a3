"""Threads: what is due, what changes, and that history and the user's word are never undone."""

import sqlite3
from dataclasses import replace
from datetime import timedelta

import pytest

from followupd.core.errors import FollowupdError, TryLaterError
from followupd.core.model import OPEN_STATES, Case, Change, LetterState, State, Thread, Verdict
from followupd.store import contacts, threads
from followupd.store.db import Db
from followupd.store.standing import may_become, reconciled
from tests.store.conftest import LATER, NOW, AddCase, Prepare, an_event


def changed(case: Case, **fields: object) -> Change:
    return Change(thread=replace(case.thread, **fields), events=(an_event("changed"),))  # type: ignore[arg-type]


def pause(case: Case, until: object = None) -> Change:
    return changed(case, state=State.PAUSED, resume_to=State.SCHEDULED, paused_until=until, next_at=None)


def test_what_is_due_comes_in_the_order_of_its_time(db: Db, add_case: AddCase) -> None:
    late = add_case("late@example.org", next_at=NOW)
    later = add_case("later@example.org", next_at=NOW - timedelta(days=1))
    same = add_case("same@example.org", next_at=NOW)
    add_case("not-yet@example.org", next_at=NOW + timedelta(seconds=1))
    add_case("never@example.org", next_at=None)
    threads.apply(db, pause(add_case("paused@example.org")))
    assert threads.due(db, NOW) == (later, late, same)
    assert threads.due(db, NOW, limit=1) == (later,)
    assert threads.due(db, NOW, limit=1, after=later.thread) == (late,)
    assert threads.due(db, NOW, after=late.thread) == (same,)
    assert threads.next_due(db) == NOW - timedelta(days=1)


def test_the_due_query_reads_only_its_index(db: Db) -> None:
    asked = list[str]()
    db.connection.set_trace_callback(asked.append)
    threads.due(db, NOW)
    db.connection.set_trace_callback(None)
    plan = [
        row["detail"] for row in db.rows(f"EXPLAIN QUERY PLAN {next(sql for sql in asked if 'threads_due' in sql)}")
    ]
    assert plan[0] == "SEARCH t USING INDEX threads_due (next_at>? AND next_at<?)"
    assert not [step for step in plan if "TEMP B-TREE" in step]


def test_nothing_is_due_in_an_empty_database(db: Db) -> None:
    assert threads.due(db, NOW) == ()
    assert threads.open_cases(db) == ()
    assert threads.pauses_over(db, NOW) == ()
    assert threads.next_due(db) is None
    assert threads.newest_event(db) is None
    assert threads.case_of(db, "mara@example.org") is None


def test_a_pause_with_an_end_comes_up_again(db: Db, add_case: AddCase) -> None:
    ending, endless = add_case("a@example.org"), add_case("b@example.org")
    ending_thread = threads.apply(db, pause(ending, LATER))
    threads.apply(db, pause(endless))
    assert threads.pauses_over(db, LATER - timedelta(seconds=1)) == ()
    assert threads.pauses_over(db, LATER) == (replace(ending, thread=ending_thread),)
    assert threads.next_due(db) == LATER


def test_a_change_is_written_with_its_events_and_suppressions(db: Db, add_case: AddCase) -> None:
    case = add_case("mara@example.org", "second@example.org")
    thread = replace(case.thread, state=State.OPTED_OUT, reason="asked", next_at=None)
    written = threads.apply(
        db, Change(thread=thread, events=(an_event("opt_out", LATER),), suppress=case.contact.addresses)
    )
    assert written == replace(thread, revision=case.thread.revision + 1)
    assert threads.case(db, thread.id).thread == written
    assert threads.case(db, thread.id).suppressed
    assert contacts.suppressed(db, "second@example.org") == "it was opt_out"
    assert threads.events(db, thread.id)[-1] == an_event("opt_out", LATER)
    assert threads.newest_event(db) == LATER


def test_a_suppression_without_an_event_has_the_threads_reason(db: Db, add_case: AddCase) -> None:
    case = add_case("mara@example.org")
    thread = replace(case.thread, state=State.OPTED_OUT, reason="asked by phone", next_at=None)
    threads.apply(db, Change(thread=thread, suppress=("mara@example.org",)))
    assert contacts.suppressed(db, "mara@example.org") == "asked by phone"


def test_a_change_that_rests_on_an_older_reading_is_not_carried_out(db: Db, other: Db, add_case: AddCase) -> None:
    case = add_case()
    stopped = threads.apply(other, changed(case, state=State.STOPPED, next_at=None))
    with pytest.raises(TryLaterError, match="changed meanwhile"):
        threads.apply(db, changed(case, state=State.WAITING))
    assert threads.case(db, case.thread.id).thread == stopped
    assert len(threads.events(db, case.thread.id)) == 2


def test_a_change_of_no_thread_is_refused(db: Db, add_case: AddCase) -> None:
    case = add_case()
    with pytest.raises(FollowupdError, match="no such thread"):
        threads.apply(db, Change(thread=replace(case.thread, id=99)))
    with pytest.raises(FollowupdError, match="no such thread"):
        threads.case(db, 99)


def test_a_contact_has_one_open_thread_at_most(db: Db, add_case: AddCase) -> None:
    case = add_case()
    second = replace(case.thread, key="second")
    with pytest.raises(FollowupdError, match="open thread already"):
        threads.open_new(db, second, [])
    answered = threads.apply(db, changed(case, state=State.ANSWERED, next_at=None))
    opened = threads.open_new(db, second, [an_event("reopened")])
    assert opened == replace(second, id=opened.id, revision=1)
    with pytest.raises(FollowupdError, match="open thread already"):
        threads.apply(db, Change(thread=replace(answered, state=State.WAITING)))
    assert threads.events(db, opened.id) == (an_event("reopened"),)


def test_a_threads_key_is_its_own(db: Db, add_case: AddCase) -> None:
    case, other = add_case("a@example.org"), add_case("b@example.org")
    threads.apply(db, changed(case, state=State.ANSWERED, next_at=None))
    with pytest.raises(sqlite3.IntegrityError, match=r"threads\.key"):
        threads.open_new(db, replace(case.thread, key=other.thread.key), [])


def test_the_case_of_somebody_is_their_open_thread_else_the_newest(db: Db, add_case: AddCase) -> None:
    case = add_case("mara@example.org", "second@example.org")
    first = threads.apply(db, changed(case, state=State.ANSWERED, next_at=None))
    second = threads.open_new(db, replace(case.thread, key="second"), [])
    found = threads.case_of(db, "SECOND@example.org")
    assert found is not None
    assert found.thread == second
    ended = threads.apply(db, Change(thread=replace(second, state=State.STOPPED, next_at=None)))
    assert _thread_of(db) == ended
    reopened = threads.apply(db, Change(thread=replace(first, state=State.WAITING)))
    assert _thread_of(db) == reopened


def _thread_of(db: Db) -> Thread:
    found = threads.case_of(db, "mara@example.org")
    assert found is not None
    return found.thread


def test_open_cases_have_everything_but_the_bytes(db: Db, add_case: AddCase, prepare: Prepare) -> None:
    second, first = add_case("b@example.org", next_at=LATER), add_case("a@example.org", next_at=NOW)
    resting = threads.apply(db, pause(add_case("c@example.org")))
    threads.apply(db, changed(add_case("d@example.org"), state=State.ANSWERED, next_at=None))
    letter = prepare(second)
    found = threads.open_cases(db)
    assert [case.thread for case in found] == [first.thread, second.thread, resting]
    assert found[1].letters == (replace(letter, raw=b""),)
    assert threads.case(db, second.thread.id).letters == (letter,)


@pytest.mark.parametrize("number", [1, 50])
def test_open_cases_take_the_same_few_queries_for_one_thread_and_for_fifty(
    db: Db, add_case: AddCase, number: int
) -> None:
    for each in range(number):
        add_case(f"{each}@example.org")
    asked: list[str] = []
    db.connection.set_trace_callback(lambda sql: asked.append(sql) if "FROM" in sql and "--" not in sql[:2] else None)
    found = threads.open_cases(db)
    db.connection.set_trace_callback(None)
    assert len(found) == number
    assert len(asked) <= 8


def test_history_is_never_changed_nor_shortened(db: Db, add_case: AddCase) -> None:
    case = add_case()
    for sql in ("UPDATE events SET text = 'other'", "DELETE FROM events"):
        with pytest.raises(sqlite3.IntegrityError, match="history is never"):
            db.run(sql)
    assert threads.events(db, case.thread.id) == (an_event("added"),)


def test_a_person_can_be_erased_with_all_that_hangs_on_them(db: Db, add_case: AddCase, prepare: Prepare) -> None:
    case, other = add_case("mara@example.org"), add_case("other@example.org")
    prepare(case)
    db.run("DELETE FROM contacts WHERE id = ?", (case.contact.id,))
    left = {
        name: db.rows(f"SELECT count(*) FROM {name}")[0][0]
        for name in ("contacts", "addresses", "tags", "threads", "events", "letters", "letter_ids")
    }
    assert left == {
        "contacts": 1, "addresses": 1, "tags": 2, "threads": 1, "events": 1, "letters": 0, "letter_ids": 0
    }  # fmt: skip
    assert threads.case(db, other.thread.id) == other


def test_the_tables_know_the_states_and_verdicts_of_the_values(db: Db) -> None:
    def allowed(table: str, column: str) -> set[str]:
        sql = db.rows("SELECT sql FROM sqlite_schema WHERE name = ?", (table,))[0]["sql"]
        return set(sql.split(f"({column} IN (")[1].split(")")[0].replace("'", "").replace(",", " ").split())

    assert allowed("threads", "state") == set(State)
    assert allowed("threads", "resume_to") == set(OPEN_STATES)
    assert allowed("letters", "state") == set(LetterState)
    assert allowed("messages", "verdict") == set(Verdict)


def test_only_a_thread_that_can_send_has_a_next_date(db: Db, add_case: AddCase) -> None:
    case = add_case()
    with pytest.raises(sqlite3.IntegrityError, match="CHECK"):
        threads.apply(db, changed(case, state=State.PAUSED, next_at=NOW))
    assert threads.case(db, case.thread.id) == case


# -- a thread that was changed while its letter was on the wire --------------------------------------------------------


@pytest.mark.parametrize("state", [State.STOPPED, State.ANSWERED, State.OPTED_OUT, State.UNDELIVERABLE, State.SILENT])
def test_an_end_stands_whatever_came_of_sending(add_case: AddCase, state: State) -> None:
    thread = add_case().thread
    standing = replace(thread, state=state, reason="the user", next_at=None, revision=2)
    wanted = replace(thread, state=State.WAITING, step=1, anchor=LATER, next_at=LATER)
    assert reconciled(standing, wanted) == replace(standing, step=1, anchor=LATER)


def test_a_pause_stands_and_returns_to_waiting(add_case: AddCase) -> None:
    thread = add_case().thread
    standing = replace(
        thread, state=State.PAUSED, resume_to=State.SCHEDULED, paused_until=LATER, next_at=None, revision=2
    )
    wanted = replace(thread, state=State.WAITING, step=1, next_at=LATER)
    assert reconciled(standing, wanted) == replace(standing, step=1, resume_to=State.WAITING)


def test_a_snooze_stands_and_the_next_letter_waits_for_it(add_case: AddCase) -> None:
    thread = add_case().thread
    snoozed = LATER + timedelta(days=100)
    standing = replace(thread, not_before=snoozed, next_at=snoozed, revision=2)
    wanted = replace(thread, state=State.WAITING, step=1, next_at=LATER)
    expected = replace(wanted, not_before=snoozed, next_at=snoozed, revision=2)
    assert reconciled(standing, wanted) == expected
    assert reconciled(replace(thread, revision=2), wanted) == replace(wanted, revision=2)


def test_the_end_of_a_thread_is_kept_when_the_user_paused_it(add_case: AddCase) -> None:
    thread = add_case().thread
    standing = replace(thread, state=State.PAUSED, next_at=None, revision=2)
    wanted = replace(thread, state=State.UNDELIVERABLE, next_at=None)
    assert reconciled(standing, wanted) == replace(wanted, revision=2)


@pytest.mark.parametrize("ended", sorted(set(State) - OPEN_STATES))
@pytest.mark.parametrize("state", sorted(OPEN_STATES))
def test_nothing_but_reopening_leads_from_an_end_to_an_open_state(ended: State, state: State) -> None:
    assert not may_become(ended, state)


def test_an_answer_ends_every_thread_that_has_no_stronger_end() -> None:
    able = {state for state in State if may_become(state, State.ANSWERED)}
    assert able == set(State) - {State.OPTED_OUT}
    assert may_become(State.HELD, State.WAITING)
    assert not may_become(State.ANSWERED, State.UNDELIVERABLE)
