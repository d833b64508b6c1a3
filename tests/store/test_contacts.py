"""Contacts: nobody is taken in twice, and who opted out is not taken in again."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from followupd.core.errors import FollowupdError
from followupd.core.model import Contact, Note, State, Thread
from followupd.store import contacts, threads
from followupd.store.contacts import Newcomer
from followupd.store.db import Db
from tests.store.conftest import LATER, NOW, AddCase, an_event

FULL = Contact(
    addresses=("mara@example.org", "mara@work.example"),
    name="Mara Ω",
    org="Books",
    role="Author",
    ask="How did you begin?",
    offer="A translation",
    admire="Chapter 3",
    situation="I begin",
    goal="A first reader",
    arrangement="informal",
    timezone="Europe/Berlin",
    country="DE",
    language="de",
    tags=("z", "a"),
)
THREAD = Thread(
    key="k",
    contact_id=0,
    cadence="patient",
    reason="because",
    created_at=NOW,
    anchor=NOW,
    first_on=date(2026, 12, 1),
    due_at=LATER,
    not_before=LATER,
    next_at=LATER,
)


def test_a_contact_and_a_thread_are_read_back_as_they_were_written(db: Db) -> None:
    case = contacts.add(db, FULL, THREAD, [an_event("added"), an_event("told")])
    assert case.contact == replace(FULL, id=case.contact.id)
    assert case.thread == replace(THREAD, id=case.thread.id, contact_id=case.contact.id, revision=1)
    assert threads.events(db, case.thread.id) == (an_event("added"), an_event("told"))
    assert (case.letters, case.notes, case.suppressed) == ((), (), False)
    assert contacts.get(db, case.contact.id) == case.contact


def taken(db: Db) -> set[str]:
    """Every address that somebody has."""
    return {row["address"] for row in db.rows("SELECT address FROM addresses")}


def newcomers(*addresses: str) -> list[Newcomer]:
    return [
        Newcomer(
            contact=Contact(addresses=(address,), name=address, tags=("imported",)),
            thread=replace(THREAD, key=f"key of {address}"),
            events=(an_event("imported"),),
        )
        for address in addresses
    ]


def test_many_people_are_taken_in_at_once_in_their_order(db: Db, add_case: AddCase) -> None:
    add_case("before@example.org")
    many = newcomers(*(f"{number}@example.org" for number in range(1500)))
    found = [threads.case(db, thread_id) for thread_id in contacts.add_all(db, many)]
    assert [case.contact.email for case in found] == [f"{number}@example.org" for number in range(1500)]
    assert found[7].contact == replace(many[7].contact, id=found[7].contact.id)
    assert found[7].thread.contact_id == found[7].contact.id
    assert threads.events(db, found[7].thread.id) == (an_event("imported"),)
    assert contacts.add_all(db, []) == range(1502, 1502)


@pytest.mark.parametrize(
    ("address", "why"),
    [("Known@example.org", "already known"), ("gone@example.org", "never to be"), ("One@example.org", "given twice")],
)
def test_many_people_are_taken_in_wholly_or_not_at_all(db: Db, add_case: AddCase, address: str, why: str) -> None:
    add_case("known@example.org")
    contacts.suppress(db, ["gone@example.org"], "asked", NOW)
    with pytest.raises(FollowupdError, match=why):
        contacts.add_all(db, newcomers("one@example.org", "two@example.org", address))
    assert taken(db) == {"known@example.org"}
    assert len(threads.open_cases(db)) == 1


@pytest.mark.parametrize("address", ["mara@example.org", "MARA@example.org", "mara@work.example"])
def test_a_contact_is_found_by_any_address_in_any_case(db: Db, address: str) -> None:
    case = contacts.add(db, FULL, THREAD, [])
    assert contacts.find(db, address) == case.contact
    assert contacts.find(db, "somebody@example.org") is None


def test_a_taken_address_is_refused_with_its_owner_and_thread(db: Db, add_case: AddCase) -> None:
    case = add_case("mara@example.org", "second@example.org")
    with pytest.raises(FollowupdError, match=r"Second@example\.org is already known") as caught:
        add_case("new@example.org", "Second@example.org")
    assert caught.value.where == f"Mara, thread {case.thread.id}, scheduled"
    assert taken(db) == {"mara@example.org", "second@example.org"}


def test_a_suppressed_address_is_refused_with_the_reason(db: Db, add_case: AddCase) -> None:
    contacts.suppress(db, ["gone@example.org"], "asked to be left alone", NOW)
    with pytest.raises(FollowupdError, match="asked to be left alone") as caught:
        add_case("mara@example.org", "GONE@example.org")
    assert caught.value.where == "since 2026-11-23T09:00:00Z"
    assert taken(db) == frozenset()


def test_one_address_given_twice_is_refused(add_case: AddCase) -> None:
    with pytest.raises(FollowupdError, match="given twice"):
        add_case("mara@example.org", "Mara@Example.org")


def test_the_first_reason_of_a_suppression_stands(db: Db) -> None:
    contacts.suppress(db, ["mara@example.org"], "first", NOW)
    contacts.suppress(db, ["Mara@example.org", "b@example.org"], "second", LATER)
    assert contacts.suppressed(db, "mara@EXAMPLE.org") == "first"
    assert contacts.suppressed(db, "b@example.org") == "second"
    assert contacts.suppressed(db, "c@example.org") is None


def test_an_update_changes_fields_addresses_and_tags_and_tells_so(db: Db) -> None:
    case = contacts.add(db, FULL, THREAD, [])
    changed = replace(
        case.contact, name="Mara B.", addresses=("mara@work.example", "mara@new.example"), tags=("c",), country=""
    )
    contacts.update(db, changed, case.thread.id, [an_event("edited")])
    assert contacts.get(db, case.contact.id) == changed
    assert contacts.find(db, "mara@example.org") is None
    assert threads.events(db, case.thread.id) == (an_event("edited"),)


def test_events_without_a_thread_go_to_the_newest(db: Db, add_case: AddCase) -> None:
    case = add_case()
    contacts.update(db, case.contact, None, [an_event("edited")])
    note = Note(contact_id=case.contact.id, text="news", created_at=NOW)
    contacts.add_note(db, note, None, an_event("news"))
    assert [event.kind for event in threads.events(db, case.thread.id)] == ["added", "edited", "news"]


def test_an_update_takes_no_address_of_another_person_nor_a_suppressed_one(db: Db, add_case: AddCase) -> None:
    case, other = add_case("mara@example.org"), add_case("other@example.org")
    contacts.suppress(db, ["gone@example.org"], "asked", NOW)
    for address, why in (("other@example.org", "already known"), ("gone@example.org", "never to be written")):
        with pytest.raises(FollowupdError, match=why):
            contacts.update(db, replace(case.contact, addresses=("mara@example.org", address)), None, [])
    assert contacts.get(db, case.contact.id) == case.contact
    assert contacts.get(db, other.contact.id) == other.contact


def test_the_fields_of_somebody_who_opted_out_can_still_be_edited(db: Db, add_case: AddCase) -> None:
    case = add_case("mara@example.org")
    contacts.suppress(db, case.contact.addresses, "asked", NOW)
    contacts.update(db, replace(case.contact, name="Mara B."), None, [])
    assert contacts.get(db, case.contact.id).name == "Mara B."
    assert threads.case(db, case.thread.id).suppressed


def test_known_addresses_are_told_as_they_were_asked_for(db: Db, add_case: AddCase) -> None:
    case = add_case("mara@example.org", "second@example.org")
    asked = ["Mara@example.org", "second@example.org", "nobody@example.org", *(f"{n}@x.example" for n in range(2000))]
    assert contacts.addresses_known(db, asked) == {
        "Mara@example.org": case.contact.id,
        "second@example.org": case.contact.id,
    }


def test_notes_are_kept_in_order(db: Db, add_case: AddCase) -> None:
    case = add_case()
    first = contacts.add_note(
        db, Note(contact_id=case.contact.id, text="one", created_at=NOW), case.thread.id, an_event("news")
    )
    second = contacts.add_note(
        db, Note(contact_id=case.contact.id, text="two", created_at=NOW + timedelta(days=1)), case.thread.id, None
    )
    assert contacts.notes(db, case.contact.id) == (first, second)
    assert threads.case(db, case.thread.id).notes == (first, second)
    assert [event.kind for event in threads.events(db, case.thread.id)] == ["added", "news"]


def test_a_note_about_nobody_is_refused(db: Db) -> None:
    with pytest.raises(FollowupdError, match="no such contact"):
        contacts.add_note(db, Note(contact_id=99, text="one", created_at=NOW), None, None)


def test_hostile_text_stays_text(db: Db, add_case: AddCase) -> None:
    case = add_case("mara@example.org")
    nasty = "'); DROP TABLE contacts; --\r\n\x1b[31m\0=cmd()"
    contacts.update(db, replace(case.contact, name=nasty, tags=(nasty,)), None, [])
    assert contacts.get(db, case.contact.id).name == nasty
    assert contacts.find(db, "' OR 1=1 --") is None
    assert threads.case(db, case.thread.id).thread.state is State.SCHEDULED
