"""Messages: recorded once, with what follows from them and the place they were read from, or not at all."""

import sqlite3
from dataclasses import replace

import pytest

from followupd.core.errors import FollowupdError, TryLaterError
from followupd.core.model import Candidate, Case, Change, Cursor, State, Verdict
from followupd.store import contacts, letters, messages, threads
from followupd.store.db import Db
from followupd.store.messages import Outcome
from tests.store.conftest import LATER, NOW, AddCase, Prepare, a_cursor, a_message, an_event


def answered(case: Case, message_id: str = "<answer@example.org>", kind: str = "reply") -> Outcome:
    thread = replace(case.thread, state=State.ANSWERED, reason="a reply", next_at=None)
    return Outcome(message=a_message(case, message_id), change=Change(thread=thread, events=(an_event(kind),)))


def away(case: Case, message_id: str = "<away@example.org>") -> Outcome:
    thread = replace(case.thread, not_before=LATER, next_at=LATER)
    return Outcome(
        message=a_message(case, message_id, Verdict.AUTO_REPLY),
        change=Change(thread=thread, events=(an_event("auto_reply"),)),
    )


def test_a_message_its_change_and_the_place_are_read_back(db: Db, add_case: AddCase) -> None:
    case = add_case()
    outcome = answered(case)
    messages.record(db, [outcome], a_cursor(), NOW)
    (found,) = messages.of_thread(db, case.thread.id)
    assert found == replace(outcome.message, id=found.id)
    assert messages.get_by_message_id(db, "<answer@example.org>") == found
    assert messages.seen(db, "<answer@example.org>")
    assert threads.case(db, case.thread.id).thread.state is State.ANSWERED
    assert messages.cursor(db, "INBOX") == a_cursor()


def test_nothing_was_seen_before_anything_was(db: Db) -> None:
    assert messages.cursor(db, "INBOX") is None
    assert not messages.seen(db, "<answer@example.org>")
    assert messages.get_by_message_id(db, "<answer@example.org>") is None


def test_a_message_of_nobody_is_recorded_too(db: Db, add_case: AddCase) -> None:
    stray = replace(a_message(add_case()), thread_id=None, contact_id=None, verdict=Verdict.OTHER, return_date=None)
    messages.record(db, [Outcome(message=stray)], a_cursor(), NOW)
    found = messages.get_by_message_id(db, stray.message_id)
    assert found is not None
    assert found == replace(stray, id=found.id)


def test_the_same_message_again_is_passed_over_with_its_change(db: Db, add_case: AddCase) -> None:
    case = add_case()
    messages.record(db, [answered(case)], a_cursor(), NOW)
    again = threads.case(db, case.thread.id)
    archived = replace(away(again), message=replace(a_message(case), folder="Archive", uid=1))
    messages.record(db, [archived], a_cursor(1, "Archive"), NOW)
    assert threads.case(db, case.thread.id) == again
    assert len(messages.of_thread(db, case.thread.id)) == 1
    assert messages.cursor(db, "Archive") == a_cursor(1, "Archive")


def test_a_place_in_a_folder_follows_what_was_read(db: Db) -> None:
    messages.move_cursor(db, a_cursor(7), NOW)
    anew = Cursor(folder="INBOX", uidvalidity=2, last_uid=3)
    messages.move_cursor(db, anew, LATER)
    assert messages.cursor(db, "INBOX") == anew


def test_a_fault_in_the_middle_leaves_nothing(db: Db, add_case: AddCase) -> None:
    case = add_case("a@example.org")
    broken = Outcome(message=replace(a_message(case, "<second@example.org>"), contact_id=99))
    with pytest.raises(TryLaterError, match="erased"):
        messages.record(db, [answered(case), broken], a_cursor(), NOW)
    assert messages.of_thread(db, case.thread.id) == ()
    assert messages.cursor(db, "INBOX") is None
    assert threads.case(db, case.thread.id) == case


def test_a_place_that_cannot_be_written_leaves_nothing_of_what_was_read(db: Db, add_case: AddCase) -> None:
    case = add_case()
    with pytest.raises(sqlite3.IntegrityError, match="CHECK"):
        messages.record(db, [answered(case)], a_cursor(-1), NOW)
    assert not messages.seen(db, "<answer@example.org>")
    assert threads.case(db, case.thread.id) == case


def test_a_thread_the_user_changed_meanwhile_makes_the_batch_be_read_again(
    db: Db, other: Db, add_case: AddCase
) -> None:
    case = add_case()
    stopped = threads.apply(other, Change(thread=replace(case.thread, state=State.STOPPED, next_at=None)))
    with pytest.raises(TryLaterError, match="changed meanwhile"):
        messages.record(db, [away(case)], a_cursor(), NOW)
    assert threads.case(db, case.thread.id).thread == stopped
    assert not messages.seen(db, "<away@example.org>")
    assert messages.cursor(db, "INBOX") is None


def test_an_answer_is_not_undone_by_an_absence_note_in_the_same_batch(db: Db, add_case: AddCase) -> None:
    case = add_case()
    messages.record(db, [answered(case), away(case)], a_cursor(), NOW)
    after = threads.case(db, case.thread.id).thread
    assert (after.state, after.reason, after.next_at) == (State.ANSWERED, "a reply", None)
    assert [event.kind for event in threads.events(db, case.thread.id)] == ["added", "reply", "auto_reply"]
    assert len(messages.of_thread(db, case.thread.id)) == 2


def test_an_answer_after_an_absence_note_in_the_same_batch_counts(db: Db, add_case: AddCase) -> None:
    case = add_case()
    messages.record(db, [away(case), answered(case)], a_cursor(), NOW)
    assert threads.case(db, case.thread.id).thread.state is State.ANSWERED


def test_changes_in_a_batch_may_follow_from_one_another(db: Db, add_case: AddCase) -> None:
    case = add_case()
    first = away(case)
    assert first.change is not None
    second = answered(replace(case, thread=first.change.thread))
    messages.record(db, [first, second], a_cursor(), NOW)
    after = threads.case(db, case.thread.id).thread
    assert (after.state, after.not_before) == (State.ANSWERED, LATER)


def test_an_opt_out_stands_whatever_comes_after_it_in_the_batch(db: Db, add_case: AddCase) -> None:
    case = add_case()
    thread = replace(case.thread, state=State.OPTED_OUT, next_at=None)
    opt_out = Outcome(
        message=a_message(case, "<stop@example.org>", Verdict.OPT_OUT),
        change=Change(thread=thread, events=(an_event("opt_out"),), suppress=case.contact.addresses),
    )
    messages.record(db, [opt_out, answered(case), away(case)], a_cursor(), NOW)
    assert threads.case(db, case.thread.id).thread.state is State.OPTED_OUT
    assert contacts.suppressed(db, "mara@example.org") == "it was opt_out"


def test_our_ids_are_known_among_many(db: Db, add_case: AddCase, prepare: Prepare) -> None:
    letter = prepare(add_case())
    letters.add_ids(db, letter.id, ["<Other@Provider.example>"])
    strangers = [f"<{number}@example.org>" for number in range(1200)]
    asked = [
        *strangers,
        letter.message_id,
        "<Other@Provider.example>",
        "<other@provider.example>",
        "\udcff",
        "a\0b",
        "",
    ]
    assert messages.ids_known(db, asked) == {letter.message_id, "<Other@Provider.example>"}
    assert messages.ids_known(db, []) == frozenset()


def test_candidates_are_found_by_any_id_and_by_any_address(db: Db, add_case: AddCase, prepare: Prepare) -> None:
    first, second = add_case("a@example.org", "a2@example.org"), add_case("b@example.org")
    add_case("nobody@example.org")
    letter, other = prepare(first), prepare(first, step=1)
    letters.add_ids(db, letter.id, ["<1@provider.example>"])
    by_id = Candidate(
        thread=first.thread,
        contact=first.contact,
        message_ids=frozenset({letter.message_id, other.message_id, "<1@provider.example>"}),
        subject=letter.subject,
    )
    assert messages.candidates(db, ["<1@provider.example>", "<unknown@example.org>"], []) == (by_id,)
    assert messages.candidates(db, [], ["A2@EXAMPLE.org"]) == (by_id,)
    by_address = Candidate(thread=second.thread, contact=second.contact)
    assert messages.candidates(db, [other.message_id], ["b@example.org"]) == (by_id, by_address)
    assert messages.candidates(db, [], []) == ()


def test_an_earlier_thread_is_a_candidate_that_is_not_the_newest(db: Db, add_case: AddCase, prepare: Prepare) -> None:
    case = add_case()
    letter = prepare(case)
    ended = threads.apply(db, Change(thread=replace(case.thread, state=State.SILENT, next_at=None)))
    second = threads.open_new(db, replace(case.thread, key="second"), [])
    found = messages.candidates(db, [letter.message_id], [])
    assert [(each.thread, each.newest) for each in found] == [(ended, False)]
    both = messages.candidates(db, [], ["mara@example.org"])
    assert [(each.thread, each.newest) for each in both] == [(ended, False), (second, True)]


def test_the_users_word_that_a_message_was_no_answer_is_kept(db: Db, add_case: AddCase) -> None:
    case = add_case()
    messages.record(db, [answered(case)], a_cursor(), NOW)
    thread = threads.case(db, case.thread.id).thread
    back = replace(thread, state=State.SCHEDULED, reason="", next_at=NOW)
    messages.mark_not_answer(db, "<answer@example.org>", Change(thread=back, events=(an_event("not_answer"),)))
    (found,) = messages.of_thread(db, case.thread.id)
    assert (found.not_answer, found.verdict) == (True, Verdict.REPLY)
    assert threads.case(db, case.thread.id).thread == replace(back, revision=thread.revision + 1)


def test_a_word_on_no_message_changes_nothing(db: Db, add_case: AddCase) -> None:
    case = add_case()
    with pytest.raises(FollowupdError, match="no such message"):
        messages.mark_not_answer(db, "<unknown@example.org>", Change(thread=case.thread))
    assert threads.case(db, case.thread.id) == case
