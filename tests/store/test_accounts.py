"""Accounts share one database: none reads on from where another is, none sends what is another's."""

from dataclasses import replace

from followupd.core.model import Case, Cursor, LetterState
from followupd.store import accounts, contacts, facts, letters, messages, threads
from followupd.store.db import Db
from followupd.store.messages import Outcome
from tests.store.conftest import LATER, NOW, AddCase, Prepare, a_letter, a_message


def by(db: Db, case: Case, account: str) -> Case:
    """Let a contact belong to an account."""
    contacts.update(db, replace(case.contact, account=account), None, ())
    return threads.case(db, case.thread.id)


def test_folders_of_the_same_name_are_read_each_by_itself(db: Db) -> None:
    mine = Cursor(folder="INBOX", uidvalidity=1, last_uid=7)
    theirs = Cursor(folder="INBOX", uidvalidity=9, last_uid=2, account="work")
    messages.move_cursor(db, mine, NOW)
    assert messages.cursor(db, "INBOX", "work") is None
    messages.record(db, [], theirs, NOW)
    assert messages.cursor(db, "INBOX") == mine
    assert messages.cursor(db, "INBOX", "work") == theirs


def test_what_is_due_is_due_by_one_account(db: Db, add_case: AddCase) -> None:
    mine = add_case("a@example.net", next_at=NOW)
    theirs = by(db, add_case("b@example.net", next_at=NOW), "work")
    assert [case.thread.id for case in threads.due(db, NOW)] == [mine.thread.id]
    assert [case.thread.id for case in threads.due(db, NOW, account="work")] == [theirs.thread.id]
    assert accounts.gone(db, ["main", "work"]) == ()
    assert accounts.gone(db, ["main"]) == ("work",)


def test_what_is_overdue_hides_nothing_that_is_due_later(db: Db, add_case: AddCase) -> None:
    add_case("a@example.net", next_at=NOW)
    add_case("b@example.net", next_at=LATER)
    assert threads.next_due(db) == NOW
    assert threads.next_due(db, NOW) == LATER


def test_letters_of_a_day_are_counted_for_each_account(db: Db, add_case: AddCase, prepare: Prepare) -> None:
    case = by(db, add_case("a@example.net", next_at=NOW), "work")
    letter = prepare(case)
    assert letters.claim(db, letter.id, NOW)
    assert letters.sent_since(db, NOW) == 0
    assert letters.sent_since(db, NOW, "work") == 1


def test_it_is_known_in_whose_mailboxes_somebody_was_seen(db: Db, add_case: AddCase) -> None:
    case = add_case("a@example.net")
    for number, account in enumerate(("main", "work", "work")):
        seen = replace(a_message(case), message_id=f"<{number}@x>", account=account)
        messages.record(db, [Outcome(message=seen)], None, NOW)
    assert accounts.seen_in(db, case.contact.id) == {"main", "work"}
    assert [one.account for one in messages.of_contact(db, case.contact.id)] == ["main", "work", "work"]


def test_it_is_known_who_wrote_the_newest_letter_that_may_be_out(db: Db, add_case: AddCase) -> None:
    case = add_case("a@example.net", next_at=NOW)
    letter = letters.prepare(db, replace(a_letter(case.thread), mail_from="ada@work.example"))
    assert accounts.last_sender(db, case.contact.id) is None
    assert letters.claim(db, letter.id, NOW)
    assert letters.get(db, letter.id).state is LetterState.SENDING
    assert accounts.last_sender(db, case.contact.id) == "ada@work.example"


def test_what_is_remembered_of_one_account_is_not_said_of_another(db: Db) -> None:
    facts.put(db, facts.of("trouble", "work"), "down", NOW)
    assert facts.get(db, facts.of("trouble", "main")) is None
    assert facts.of("trouble", "main") == "trouble"
