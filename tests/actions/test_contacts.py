"""A person is taken in whole or not at all, and what changes about them moves the next letter with it."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from followupd.actions import contacts
from followupd.actions import threads as words
from followupd.app import App
from followupd.core.errors import FollowupdError
from followupd.core.model import FIELDS, Contact, State
from followupd.store import contacts as stored
from followupd.store import reading
from tests.actions.conftest import ada, at, kinds
from tests.actions.pretend import ADA, BO, Fuse, Server, days, process, reply, somebody

BO_THERE = Contact(addresses=(BO,), name="Bo")


def refused(app: App, contact: Contact, cadence: str = "") -> FollowupdError:
    """Try to add somebody; give what was said, once it is sure that nothing was written."""
    before = reading.people(app.db), reading.log(app.db)
    with pytest.raises(FollowupdError) as error:
        contacts.add(app, contact, cadence)
    assert (reading.people(app.db), reading.log(app.db)) == before
    assert error.value.status == 1
    return error.value


# -- add ---------------------------------------------------------------------------------------------------------------


def test_whoever_is_added_has_an_open_thread_with_a_date(app: App) -> None:
    given = ("Bo <BO@Example.com>", "bo@bücher.example", BO)
    person = Contact(addresses=given, name="Bo", country="gb", tags=(" x", "", " ", "x"))
    case = contacts.add(app, person, "short", date(2027, 3, 1))
    assert case.contact.addresses == (BO, "bo@xn--bcher-kva.example")
    assert (case.contact.country, case.contact.tags) == ("GB", ("x",))
    thread = case.thread
    assert (thread.state, thread.step, thread.cadence, thread.created_at) == (State.SCHEDULED, 0, "short", days(0))
    assert thread.anchor == days(0)
    assert thread.next_at is not None
    assert thread.next_at.date() == date(2027, 3, 1)
    assert len(thread.key) == 32
    assert thread.key != ada(app).thread.key


@pytest.mark.parametrize(
    ("contact", "cadence", "said"),
    [
        (replace(BO_THERE, addresses=(ADA,)), "", "already known"),
        (replace(BO_THERE, addresses=(BO, "ADA@example.NET")), "", "already known"),
        (replace(BO_THERE, addresses=(BO, "max+list@example.org")), "", "own address"),
        (replace(BO_THERE, addresses=("bo",)), "", "no address"),
        (replace(BO_THERE, addresses=(BO, "a@b@c")), "", "no address"),
        (BO_THERE, "hasty", "no cadence 'hasty'"),
        (replace(BO_THERE, timezone="Mars/Olympus"), "", "Mars/Olympus"),
        (replace(BO_THERE, timezone="../../etc/passwd"), "", "no time zone"),
        (replace(BO_THERE, country="Germany"), "", "no country code"),
        (replace(BO_THERE, country="ZZ"), "", "'ZZ'"),
        (replace(BO_THERE, country="DE-XX"), "", "'DE-XX'"),
        (replace(BO_THERE, blackout="in May"), "", "no period"),
        (replace(BO_THERE, blackout="07-01 to 12-31, 01-01 to 06-30"), "", "no day of the year"),
        (replace(BO_THERE, language="German"), "", "no language code"),
        (replace(BO_THERE, tags=("a\tb",)), "", "tag"),
    ],
)
def test_what_cannot_be_taken_in_is_said_and_nothing_is_written(
    app: App, contact: Contact, cadence: str, said: str
) -> None:
    assert said in refused(app, contact, cadence).what


@pytest.mark.parametrize("field", FIELDS)
@pytest.mark.parametrize(
    "text", ["a\r\nBcc: all@example.org", "a\x1b[2J", "a\u202eb", "a\u2028b", "a\udcffb", "a\x00b"]
)
def test_a_field_is_one_line_of_characters(app: App, field: str, text: str) -> None:
    error = refused(app, contacts.with_fields(BO_THERE, {field: text}))
    assert field in error.what
    assert "one line" in error.hint


def test_a_field_has_an_end(app: App) -> None:
    assert "longer than 2000" in refused(app, replace(BO_THERE, ask="?" * 2001)).what


def test_whoever_opted_out_is_never_taken_in_again(app: App, server: Server) -> None:
    at(app, server, 0)
    server.receive(reply(server.to(ADA)[0], days(1), "Please do not write to me again."))
    at(app, server, 1)
    assert ada(app).thread.state is State.OPTED_OUT
    app.db.run("DELETE FROM addresses")
    assert stored.suppressed(app.db, ADA) is not None
    assert ADA in str(refused(app, replace(BO_THERE, addresses=(BO, ADA))))


# -- edit --------------------------------------------------------------------------------------------------------------


def test_a_new_zone_moves_the_next_letter(tmp_path: Path, server: Server) -> None:
    app = process(tmp_path, server, Fuse())
    contacts.add(app, Contact(addresses=(ADA,)), "", date(2027, 3, 1))
    before = ada(app).thread.next_at
    after = contacts.edit(app, ADA, contacts.Edit(fields={"timezone": "Asia/Tokyo"})).thread.next_at
    assert before is not None
    assert after is not None
    assert (before - after).total_seconds() == 9 * 3600


def test_another_address_is_written_to_and_the_old_one_still_known(app: App, server: Server) -> None:
    case = contacts.edit(app, ADA, contacts.Edit(fields={}, email="ada@example.org", aliases=("countess@example.org",)))
    assert case.contact.addresses == ("ada@example.org", ADA, "countess@example.org")
    at(app, server, 0)
    assert [draft.rcpt_to for _, draft in server.taken] == ["ada@example.org"]


def test_tags_and_cadence_are_replaced_and_history_names_what_changed(tmp_path: Path, server: Server) -> None:
    more = '[cadences.other]\nsteps = [{ template = "opening" }, { after = "5 weeks", template = "reminder" }]'
    app = process(tmp_path, server, Fuse(), more=more)
    somebody(app, ADA)
    at(app, server, 0)
    case = contacts.edit(app, ADA, contacts.Edit(fields={"org": "Engines"}, tags=("a", "b"), cadence="other"))
    assert (case.contact.tags, case.contact.org) == (("a", "b"), "Engines")
    assert case.thread.next_at == days(35)
    assert reading.log(app.db)[-1].text == "changed: org, tags, cadence"


@pytest.mark.parametrize(
    "wanted",
    [
        contacts.Edit(fields={"name": "a\nb"}),
        contacts.Edit(fields={"country": "ZZ"}),
        contacts.Edit(fields={}, email=BO),
        contacts.Edit(fields={}, aliases=(BO,)),
        contacts.Edit(fields={}, email="max@example.org"),
        contacts.Edit(fields={}, cadence="hasty"),
    ],
)
def test_a_change_that_cannot_be_made_changes_nothing(app: App, wanted: contacts.Edit) -> None:
    somebody(app, BO)
    before = ada(app), kinds(app)
    with pytest.raises(FollowupdError):
        contacts.edit(app, ADA, wanted)
    assert (ada(app), kinds(app)) == before


def test_a_change_opens_no_thread_that_has_ended(app: App) -> None:
    words.stop(app, ADA)
    case = contacts.edit(app, ADA, contacts.Edit(fields={}, email="ada@example.org", cadence="short"))
    assert (case.thread.state, case.thread.next_at) == (State.STOPPED, None)


# -- note --------------------------------------------------------------------------------------------------------------


def test_news_are_told_once(app: App, server: Server) -> None:
    at(app, server, 0)
    contacts.note(app, ADA, " The queue is gone. ")
    at(app, server, 14)
    at(app, server, 56)
    told = [b"The queue is gone." in draft.raw for draft in server.to(ADA)]
    assert told == [False, True, False]
    assert [one.text for one in ada(app).notes] == ["The queue is gone."]


def test_a_letter_that_waited_for_news_goes_on_with_them(tmp_path: Path, server: Server) -> None:
    app = process(tmp_path, server, Fuse(), more='no_news = "hold"')
    somebody(app, ADA)
    at(app, server, 0)
    assert at(app, server, 14) == 0
    assert contacts.note(app, ADA, "The queue is gone.").thread.state is State.WAITING
    assert at(app, server, 14.1) == 1


def test_news_release_no_thread_that_something_else_holds_or_ended(app: App) -> None:
    words.pause(app, ADA, None)
    assert contacts.note(app, ADA, "The queue is gone.").thread.state is State.PAUSED
    words.stop(app, ADA)
    assert contacts.note(app, ADA, "It is still gone.").thread.state is State.STOPPED


def test_a_meeting_restarts_the_wait_and_is_no_news(app: App, server: Server) -> None:
    at(app, server, 0)
    server.now = days(10)
    case = contacts.met(app, ADA, "")
    assert (case.thread.next_at, case.notes) == (days(24), ())
    assert kinds(app)[-1] == "met"


def test_the_same_news_are_noted_and_told_once(app: App, server: Server) -> None:
    contacts.note(app, ADA, "The queue is gone.")
    for text in ("The queue is gone.", " the queue  is gone"):
        with pytest.raises(FollowupdError, match="noted already"):
            contacts.note(app, ADA, text)
    about = contacts.About(url="https://max.example/queue")
    contacts.note(app, ADA, "The queue is gone.", about)
    for day in (0, 14, 56):
        at(app, server, day)
    assert [b"The queue is gone" in draft.raw for draft in server.to(ADA)] == [False, True, False]
    assert b"https://max.example/queue" in server.to(ADA)[1].raw
    with pytest.raises(FollowupdError, match="has told them that already"):
        contacts.note(app, ADA, "The queue is gone!", contacts.About(url="https://max.example/again"))


@pytest.mark.parametrize("text", ["", "  ", "-", "...", "a\nb", "a\x1b[2J", "a" * 2001])
def test_a_note_says_something_in_one_line(app: App, text: str) -> None:
    with pytest.raises(FollowupdError):
        contacts.note(app, ADA, text)
    assert ada(app).notes == ()


def test_a_blackout_moves_the_letter_that_waits(app: App) -> None:
    before = ada(app).thread.next_at
    assert before is not None
    first, last = (before + timedelta(days=number) for number in (-1, 5))
    contacts.edit(app, ADA, contacts.Edit(fields={"blackout": f"{first.date()} to {last.date()}"}))
    after = ada(app).thread.next_at
    assert after is not None
    assert after.date() == last.date() + timedelta(days=1)
    contacts.edit(app, ADA, contacts.Edit(fields={"blackout": ""}))
    assert ada(app).thread.next_at == before


def test_a_person_is_named_by_any_spelling_of_their_address(app: App) -> None:
    assert words.stop(app, ADA.replace("@", "+x@").upper()).contact.email == ADA
    assert stored.find(app.db, ADA.replace("@", "+y@")) is not None
    assert stored.find(app.db, "somebody@example.net") is None
