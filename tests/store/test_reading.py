"""What the commands show, what the daemon remembers of itself, and what the views say to other tools."""

from dataclasses import replace

from followupd.core.model import Change, LetterState, State
from followupd.store import facts, letters, messages, reading, threads
from followupd.store.db import Db
from followupd.store.messages import Outcome
from tests.store.conftest import LATER, NOW, AddCase, Prepare, a_cursor, a_letter, a_message, an_event


def test_people_come_by_their_next_letter_and_with_their_open_thread(db: Db, add_case: AddCase) -> None:
    later = add_case("later@example.org", "second@example.org", next_at=LATER)
    soon = add_case("soon@example.org")
    ended = add_case("ended@example.org")
    threads.apply(db, Change(thread=replace(ended.thread, state=State.ANSWERED, reason="a reply", next_at=None)))
    threads.apply(db, Change(thread=replace(later.thread, state=State.ANSWERED, next_at=None)))
    again = threads.open_new(db, replace(later.thread, key="again", step=2, state=State.WAITING), [])
    first, second, third = reading.people(db)
    assert first == reading.Person(
        contact_id=soon.contact.id,
        thread_id=soon.thread.id,
        email="soon@example.org",
        name="Mara",
        org="",
        state=State.SCHEDULED,
        reason="",
        cadence="patient",
        step=0,
        next_at=NOW,
        tags=("berlin", "books"),
    )
    assert (second.email, second.thread_id, second.step, second.next_at) == ("later@example.org", again.id, 2, LATER)
    assert (third.state, third.reason, third.next_at) == (State.ANSWERED, "a reply", None)


def test_the_queue_counts_every_state(db: Db, add_case: AddCase, prepare: Prepare) -> None:
    for state in LetterState:
        prepare(add_case(f"{state}@example.org", next_at=LATER), state=state)
    due = add_case("due@example.org")
    threads.apply(db, Change(thread=replace(add_case("x@example.org").thread, state=State.SILENT, next_at=None)))
    found = reading.queue(db, NOW)
    assert found == reading.Queue(
        counts={**dict.fromkeys(State, 0), State.SCHEDULED: 9, State.SILENT: 1}, due=1, held=1, uncertain=2
    )
    assert due.thread.state is State.SCHEDULED


def test_the_log_gives_the_newest_lines_of_all_or_of_one(db: Db, add_case: AddCase) -> None:
    mara, other = add_case("mara@example.org", "second@example.org"), add_case("other@example.org")
    threads.apply(db, Change(thread=other.thread, events=(an_event("waited"),)))
    threads.apply(db, Change(thread=mara.thread, events=(an_event("sent", LATER),)))
    lines = reading.log(db)
    assert [(line.email, line.kind) for line in lines] == [
        ("mara@example.org", "added"),
        ("other@example.org", "added"),
        ("other@example.org", "waited"),
        ("mara@example.org", "sent"),
    ]
    assert reading.log(db, "SECOND@example.org") == (lines[0], lines[3])
    assert reading.log(db, limit=1) == (lines[3],)
    assert reading.log(db, "mara@example.org", limit=1) == (lines[3],)
    assert (lines[3].at, lines[3].text, lines[3].name) == (LATER, "it was sent", "Mara")
    assert reading.log(db, "nobody@example.org") == ()


def test_the_outbox_has_what_is_not_out_or_may_be(db: Db, add_case: AddCase) -> None:
    for state in LetterState:
        case = add_case(f"{state}@example.org")
        letters.prepare(db, replace(a_letter(case.thread, state=state), said="why", retry_at=LATER))
    lines = reading.outbox(db)
    shown = [LetterState(line.state) for line in lines]
    assert shown == [state for state in LetterState if state not in {"sent", "refused", "discarded"}]
    first = lines[0]
    assert (first.email, first.name, first.step, first.attempt) == ("prepared@example.org", "Mara", 0, 1)
    assert (first.template, first.subject, first.said) == ("opening", "A question about your book", "why")
    assert (first.created_at, first.retry_at) == (NOW, LATER)


def test_facts_are_put_replaced_and_dropped(db: Db) -> None:
    assert facts.get(db, "mailbox_checked") is None
    facts.put(db, "mailbox_checked", "1", NOW)
    facts.put(db, "mailbox_checked", "2", LATER)
    assert facts.get(db, "mailbox_checked") == ("2", LATER)
    facts.drop(db, "mailbox_checked")
    facts.drop(db, "mailbox_checked")
    assert facts.get(db, "mailbox_checked") is None


def test_the_views_tell_the_story_to_other_tools(db: Db, add_case: AddCase) -> None:
    case = add_case("mara@example.org", "second@example.org")
    letters.prepare(db, replace(a_letter(case.thread, state=LetterState.SENT), sent_at=NOW))
    messages.record(db, [Outcome(message=replace(a_message(case), received_at=LATER))], a_cursor(), LATER)
    (person,) = db.rows("SELECT email, name, state, letters_so_far, next_at, tags FROM people")
    assert tuple(person) == ("mara@example.org", "Mara", "scheduled", 0, "2026-11-23T09:00:00Z", "berlin, books")
    (coming,) = db.rows("SELECT * FROM upcoming")
    assert tuple(coming) == ("2026-11-23T09:00:00Z", "mara@example.org", "Mara", "patient", 1, "scheduled")
    assert [(row["at"], row["direction"], row["kind"]) for row in db.rows("SELECT * FROM correspondence")] == [
        ("2026-11-23T09:00:00Z", "sent", "opening"),
        ("2026-12-07T09:00:00Z", "received", "reply"),
    ]
