"""Letters: written down before, claimed by one, settled at once; never two for a step."""

import sqlite3
from dataclasses import replace
from datetime import timedelta

import pytest

from followupd.core.errors import FollowupdError
from followupd.core.letter_states import REPLACEABLE
from followupd.core.model import Case, Change, Letter, LetterState, Note, State
from followupd.store import contacts, letters, threads
from followupd.store.db import Db
from tests.store.conftest import LATER, NOW, AddCase, Prepare, a_letter, an_event

ON_THE_WIRE = [LetterState.SENDING, LetterState.SENT, LetterState.UNCERTAIN]
SETTLED = [*ON_THE_WIRE, LetterState.REFUSED, LetterState.DISCARDED]


def sent(letter: Letter, case: Case) -> tuple[Letter, Change]:
    thread = replace(case.thread, state=State.WAITING, step=letter.step + 1, anchor=NOW, next_at=LATER)
    return (
        replace(letter, state=LetterState.SENT, sent_at=NOW, said="250 2.0.0 queued", tries=1),
        Change(thread=thread, events=(an_event("sent"),)),
    )


def test_a_letter_is_read_back_as_it_was_written(db: Db, add_case: AddCase) -> None:
    case = add_case()
    notes = [
        contacts.add_note(db, Note(contact_id=case.contact.id, text=text, created_at=NOW), None, None).id
        for text in ("one", "two")
    ]
    written = replace(
        a_letter(case.thread, state=LetterState.DEFERRED),
        raw=bytes(range(256)),
        said="451 later",
        tries=2,
        retry_at=LATER,
        approved="digest",
        note_ids=(notes[1], notes[0]),
    )
    letter = letters.prepare(db, written)
    assert letter == replace(written, id=letter.id)
    assert letters.get(db, letter.id) == letter
    assert letters.of_thread(db, case.thread.id) == (letter,)
    assert letters.email_of(db, letter.id) == "mara@example.org"


def test_a_letter_that_is_not_there_is_named(db: Db) -> None:
    with pytest.raises(FollowupdError, match="no such letter"):
        letters.get(db, 99)
    with pytest.raises(FollowupdError, match="no such letter"):
        letters.email_of(db, 99)


@pytest.mark.parametrize("state", sorted(REPLACEABLE))
def test_a_letter_that_was_certainly_not_sent_is_written_anew_under_its_number(
    db: Db, add_case: AddCase, prepare: Prepare, state: LetterState
) -> None:
    case = add_case()
    before = prepare(case, state=state)
    after = letters.prepare(db, replace(a_letter(case.thread), body="Dear Mara, again", raw=b"again"))
    assert after.id == before.id
    assert letters.of_thread(db, case.thread.id) == (after,)


@pytest.mark.parametrize("state", SETTLED)
def test_a_letter_that_may_be_out_or_is_settled_is_never_written_anew(
    db: Db, add_case: AddCase, prepare: Prepare, state: LetterState
) -> None:
    case = add_case()
    before = prepare(case, state=state)
    with pytest.raises(FollowupdError, match=f"the letter is {state} and stays"):
        letters.prepare(db, replace(a_letter(case.thread), body="other"))
    assert letters.of_thread(db, case.thread.id) == (before,)


def test_a_claim_is_given_once(db: Db, add_case: AddCase, prepare: Prepare) -> None:
    letter = prepare(add_case())
    assert letters.claim(db, letter.id, NOW)
    assert not letters.claim(db, letter.id, NOW)
    assert letters.in_doubt(db) == (replace(letter, state=LetterState.SENDING),)


def test_a_claim_for_nothing_is_no_claim(db: Db) -> None:
    assert not letters.claim(db, 99, NOW)


@pytest.mark.parametrize("state", sorted(set(LetterState) - {LetterState.PREPARED}))
def test_only_a_prepared_letter_can_be_claimed(db: Db, add_case: AddCase, prepare: Prepare, state: LetterState) -> None:
    letter = prepare(add_case(), state=state)
    assert not letters.claim(db, letter.id, NOW)
    assert letters.get(db, letter.id) == letter


@pytest.mark.parametrize("state", sorted(set(State) - {State.SCHEDULED, State.WAITING}))
def test_a_thread_that_cannot_send_gives_no_claim(
    db: Db, other: Db, add_case: AddCase, prepare: Prepare, state: State
) -> None:
    case = add_case()
    letter = prepare(case)
    threads.apply(other, Change(thread=replace(case.thread, state=state, next_at=None)))
    assert not letters.claim(db, letter.id, NOW)


def test_a_waiting_thread_gives_a_claim(db: Db, add_case: AddCase, prepare: Prepare) -> None:
    case = add_case()
    threads.apply(db, Change(thread=replace(case.thread, state=State.WAITING, step=1)))
    assert letters.claim(db, prepare(case, step=1).id, NOW)


@pytest.mark.parametrize("step", [0, 2])
def test_a_letter_of_another_step_gives_no_claim(db: Db, add_case: AddCase, prepare: Prepare, step: int) -> None:
    case = add_case()
    threads.apply(db, Change(thread=replace(case.thread, state=State.WAITING, step=1)))
    assert not letters.claim(db, prepare(case, step=step).id, NOW)


@pytest.mark.parametrize("next_at", [NOW + timedelta(seconds=1), None])
def test_a_snooze_that_was_written_before_wins_over_the_claim(
    db: Db, other: Db, add_case: AddCase, prepare: Prepare, next_at: object
) -> None:
    case = add_case()
    letter = prepare(case)
    threads.apply(other, Change(thread=replace(case.thread, next_at=next_at)))  # type: ignore[arg-type]
    assert not letters.claim(db, letter.id, NOW)


def test_a_suppressed_address_gives_no_claim_even_if_it_is_not_the_one_written_to(
    db: Db, add_case: AddCase, prepare: Prepare
) -> None:
    letter = prepare(add_case("mara@example.org", "second@example.org"))
    contacts.suppress(db, ["SECOND@example.org"], "asked", NOW)
    assert not letters.claim(db, letter.id, NOW)


@pytest.mark.parametrize("state", ON_THE_WIRE)
def test_a_step_whose_letter_may_be_out_gives_no_second_claim(
    db: Db, add_case: AddCase, prepare: Prepare, state: LetterState
) -> None:
    case = add_case()
    prepare(case, state=state)
    assert not letters.claim(db, prepare(case, attempt=2).id, NOW)


@pytest.mark.parametrize("state", [LetterState.REFUSED, LetterState.DISCARDED])
def test_a_step_whose_letter_is_certainly_not_out_gives_another_claim(
    db: Db, add_case: AddCase, prepare: Prepare, state: LetterState
) -> None:
    case = add_case()
    prepare(case, state=state)
    assert letters.claim(db, prepare(case, attempt=2).id, NOW)


def test_a_message_id_that_was_on_the_wire_is_never_used_again(db: Db, add_case: AddCase, prepare: Prepare) -> None:
    letter = prepare(add_case("a@example.org"), state=LetterState.SENT)
    second = letters.prepare(db, a_letter(add_case("b@example.org").thread, message_id=letter.message_id))
    assert not letters.claim(db, second.id, NOW)
    assert letters.sent_ids(db, [letter.message_id]) == {letter.message_id: letter.id}


def test_the_tables_themselves_refuse_a_second_letter_for_a_step(db: Db, add_case: AddCase, prepare: Prepare) -> None:
    case = add_case()
    first, second = prepare(case), prepare(case, attempt=2)
    db.run("UPDATE letters SET state = 'sending' WHERE id = ?", (first.id,))
    with pytest.raises(sqlite3.IntegrityError, match="UNIQUE"):
        db.run("UPDATE letters SET state = 'sending' WHERE id = ?", (second.id,))
    with pytest.raises(FollowupdError, match="step 1 of this thread has a letter already"):
        letters.settle(db, replace(second, state=LetterState.SENT, sent_at=NOW), Change(thread=case.thread))
    with pytest.raises(FollowupdError, match="step 1 of this thread has a letter already"):
        prepare(case, attempt=3, state=LetterState.SENT)


def test_the_tables_themselves_keep_a_sent_letter_sent_and_its_words(
    db: Db, add_case: AddCase, prepare: Prepare
) -> None:
    letter = prepare(add_case(), state=LetterState.SENT)
    with pytest.raises(sqlite3.IntegrityError, match="stays sent"):
        db.run("UPDATE letters SET state = 'prepared' WHERE id = ?", (letter.id,))
    for change in ("message_id = ''", "subject = ''", "body = ''", "raw = x''"):
        with pytest.raises(sqlite3.IntegrityError, match="the words of a letter"):
            db.run(f"UPDATE letters SET {change} WHERE id = ?", (letter.id,))


def test_what_became_of_a_letter_is_written_with_the_thread_ids_and_notes(
    db: Db, add_case: AddCase, prepare: Prepare
) -> None:
    case = add_case()
    note = contacts.add_note(db, Note(contact_id=case.contact.id, text="news", created_at=NOW), None, None)
    letter = prepare(case)
    assert letters.claim(db, letter.id, NOW)
    done, change = sent(letter, case)
    letters.settle(db, done, change, other_ids=["<other@provider.example>", ""], spend_notes=[note.id])
    after = threads.case(db, case.thread.id)
    assert after.letters == (done,)
    assert after.thread == replace(change.thread, revision=case.thread.revision + 1)
    assert after.notes == (replace(note, spent_by=letter.id),)
    assert threads.events(db, case.thread.id)[-1] == an_event("sent")
    both = [letter.message_id, "<other@provider.example>"]
    assert letters.sent_ids(db, [*both, "<unknown@example.org>"]) == dict.fromkeys(both, letter.id)


def test_a_stop_while_the_letter_is_on_the_wire_stands(db: Db, other: Db, add_case: AddCase, prepare: Prepare) -> None:
    case = add_case()
    letter = prepare(case)
    assert letters.claim(db, letter.id, NOW)
    threads.apply(other, Change(thread=replace(case.thread, state=State.STOPPED, reason="enough", next_at=None)))
    done, change = sent(letter, case)
    letters.settle(db, done, change)
    after = threads.case(db, case.thread.id)
    assert (after.thread.state, after.thread.reason, after.thread.step, after.thread.next_at) == (
        State.STOPPED,
        "enough",
        1,
        None,
    )
    assert after.letters == (done,)
    assert threads.events(db, case.thread.id)[-1] == an_event("sent")


def test_nothing_is_settled_if_a_part_of_it_cannot_be_written(db: Db, add_case: AddCase, prepare: Prepare) -> None:
    case = add_case()
    letter = prepare(case)
    assert letters.claim(db, letter.id, NOW)
    done, change = sent(letter, case)
    broken = replace(change, thread=replace(change.thread, state=State.ANSWERED))
    with pytest.raises(sqlite3.IntegrityError):
        letters.settle(db, done, broken)
    assert letters.in_doubt(db) == (replace(letter, state=LetterState.SENDING),)
    assert threads.case(db, case.thread.id).thread == case.thread


def test_a_letter_of_somebody_forgotten_meanwhile_cannot_be_settled(
    db: Db, add_case: AddCase, prepare: Prepare
) -> None:
    case = add_case()
    letter = prepare(case)
    db.run("DELETE FROM contacts WHERE id = ?", (case.contact.id,))
    with pytest.raises(FollowupdError, match="no such letter"):
        letters.settle(db, *sent(letter, case))


def test_letters_are_found_by_state(db: Db, add_case: AddCase, prepare: Prepare) -> None:
    found = {state: prepare(add_case(f"{state}@example.org"), state=state) for state in LetterState}
    assert letters.held(db) == (found[LetterState.HELD],)
    assert letters.in_doubt(db) == (found[LetterState.SENDING], found[LetterState.UNCERTAIN])
    assert letters.in_states(db, list(LetterState)) == tuple(found.values())
    assert letters.in_states(db, ()) == ()


def test_letters_that_went_out_or_may_have_are_counted(db: Db, add_case: AddCase, prepare: Prepare) -> None:
    for number, at in enumerate((NOW - timedelta(seconds=1), NOW, LATER)):
        case = add_case(f"{number}@example.org")
        letters.prepare(db, replace(a_letter(case.thread, state=LetterState.SENT), sent_at=at))
    assert letters.claim(db, prepare(add_case("on-the-wire@example.org")).id, NOW)
    prepare(add_case("waiting@example.org"))
    assert letters.sent_since(db, NOW) == 3
    assert letters.sent_since(db, LATER) == 1
    assert letters.sent_since(db, LATER + timedelta(seconds=1)) == 0


def test_an_id_that_is_another_letters_stays_that_ones(db: Db, add_case: AddCase, prepare: Prepare) -> None:
    first, second = prepare(add_case("a@example.org")), prepare(add_case("b@example.org"))
    letters.add_ids(db, first.id, ["<same@provider.example>"])
    letters.add_ids(db, second.id, ["<same@provider.example>", "<own@provider.example>"])
    assert letters.sent_ids(db, ["<same@provider.example>", "<own@provider.example>"]) == {
        "<same@provider.example>": first.id,
        "<own@provider.example>": second.id,
    }


def test_a_new_attempt_takes_over_the_id_of_one_that_never_went_out(
    db: Db, add_case: AddCase, prepare: Prepare
) -> None:
    case = add_case()
    first = prepare(case, state=LetterState.DISCARDED)
    second = letters.prepare(db, a_letter(case.thread, attempt=2, message_id=first.message_id))
    assert letters.sent_ids(db, [first.message_id]) == {first.message_id: second.id}
    assert letters.claim(db, second.id, NOW)
