"""Threads by the names of their conversations and by their subject: found by index, however many people there are."""

import re

import pytest

from followupd.store import contacts, conversations, letters, messages
from followupd.store.conversations import Clues
from followupd.store.db import Db
from tests.store.conftest import NOW, AddCase, Prepare

TOPIC = "subject:a question about your book"


def test_names_and_message_ids_are_known_in_one_question(db: Db, add_case: AddCase, prepare: Prepare) -> None:
    case = add_case()
    letter = prepare(case)
    conversations.add_names(db, case.thread.id, ["x-gm-thrid:7"])
    conversations.add_names(db, case.thread.id, ["x-gm-thrid:7"])
    strangers = [f"<{number}@example.org>" for number in range(1200)]
    found = conversations.known(db, [*strangers, letter.message_id, "x-gm-thrid:7", TOPIC, "\udcff", "a\0b", ""])
    assert found == {letter.message_id, "x-gm-thrid:7", TOPIC}
    assert conversations.known(db, []) == frozenset()


def test_a_thread_is_a_candidate_by_its_names_and_tells_them(db: Db, add_case: AddCase) -> None:
    case, other = add_case("a@example.org"), add_case("b@example.org")
    for each in (case, other):
        conversations.add_names(db, each.thread.id, ["thread-index:01", f"x-gm-thrid:{each.thread.id}"])
    found = messages.candidates(db, [], [], ["thread-index:01"])
    assert [one.thread for one in found] == [case.thread, other.thread]
    assert found[0].names == {"thread-index:01", f"x-gm-thrid:{case.thread.id}"}
    assert [one.thread for one in messages.candidates(db, [], [], [f"x-gm-thrid:{other.thread.id}"])] == [other.thread]


def test_under_a_common_subject_the_organisation_and_the_named_are_found_past_the_newest(
    db: Db, add_case: AddCase, prepare: Prepare
) -> None:
    kin, named = add_case("mara@work.example"), add_case("bo+x@gmail.com")
    crowd = [add_case(f"n{number}@crowd{number}.example") for number in range(conversations.MOST)]
    for case in (kin, named, *crowd):
        prepare(case)
    wanted = Clues(topics=[TOPIC], senders=["grace@mail.work.example"], people=["B.O@googlemail.com"])
    found = [one.thread.id for one in conversations.under_subject(db, wanted)]
    assert found == [case.thread.id for case in (kin, named, *crowd)]
    bare = conversations.under_subject(db, Clues(topics=[TOPIC]))
    assert [one.thread.id for one in bare] == [case.thread.id for case in crowd]
    assert conversations.under_subject(db, Clues(topics=["subject:other"], senders=["g@work.example"])) == ()


@pytest.mark.parametrize("sql", [conversations._KNOWN, conversations._UNDER_SUBJECT, messages._CANDIDATES])
def test_these_questions_read_no_table_from_end_to_end(db: Db, sql: str) -> None:
    names = dict.fromkeys(re.findall(r":(\w+)", sql), "[]") | ({"most": 1} if ":most" in sql else {})
    plan = [row["detail"] for row in db.rows(f"EXPLAIN QUERY PLAN {sql}", names or ("[]",))]
    tables = [line for line in plan if re.search(r"\b(a|t|n|i|l|threads|addresses|thread_names)\b", line)]
    assert tables
    assert [line for line in tables if line.startswith("SCAN") and "VIRTUAL" not in line] == []


def test_the_last_step_before_a_letter_asks_for_the_mailbox_by_index(db: Db) -> None:
    plan = [
        row["detail"] for row in db.rows(f"EXPLAIN QUERY PLAN {letters._CLAIM}", {"id": 1, "now": "", "revision": None})
    ]
    assert any("suppressions_by_mailbox (mailbox=?)" in line for line in plan)


def test_any_spelling_of_a_suppressed_mailbox_is_suppressed(db: Db, add_case: AddCase) -> None:
    contacts.suppress(db, ["b.o+x@gmail.com"], "asked", NOW)
    assert contacts.suppressed(db, "BO@googlemail.com") == "asked"
    assert contacts.suppressed_as(db, "bo@gmail.com") == "b.o+x@gmail.com"
    assert contacts.suppressed(db, "bo@example.org") is None


def test_a_mailbox_is_known_in_any_spelling_and_the_very_one_counts_most(db: Db, add_case: AddCase) -> None:
    first = add_case("bo@example.org")
    # as a release before this rule took people in
    db.run("INSERT INTO contacts (id, name) VALUES (99, 'Bo')")
    db.run("INSERT INTO addresses VALUES ('bo+x@example.org', 99, 0, 'bo@example.org', 'example.org')")
    known = contacts.addresses_known(db, ["bo@example.org", "bo+x@example.org", "BO+y@example.org"])
    assert known["bo@example.org"] == first.contact.id
    assert known["bo+x@example.org"] == 99
    assert "BO+y@example.org" in known
