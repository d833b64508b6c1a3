"""What must not be got round: another spelling of an address that opted out, and a second answer behind a wrong one."""

import pytest

from followupd.actions import contacts, outbox
from followupd.actions import threads as words
from followupd.app import App
from followupd.core.errors import FollowupdError
from followupd.core.model import Contact, Deferred, State
from followupd.store import contacts as kept
from followupd.store import messages
from tests.actions.conftest import ada, at, postman
from tests.actions.pretend import ADA, Server, days, reply, somebody


def answers(app: App) -> list[str]:
    return [one.message_id for one in messages.of_thread(app.db, ada(app).thread.id)]


@pytest.mark.parametrize("spelt", ["ada+news@example.net", "ADA@example.net", "Ada+x@EXAMPLE.net"])
def test_no_other_spelling_of_a_known_address_is_taken_in(app: App, spelt: str) -> None:
    with pytest.raises(FollowupdError):
        contacts.add(app, Contact(addresses=(spelt,), name="Somebody"))
    somebody(app, "bo@example.com")
    with pytest.raises(FollowupdError):
        contacts.edit(app, "bo@example.com", contacts.Edit(fields={}, aliases=(spelt,)))


@pytest.mark.parametrize(
    ("suppressed", "spelt"),
    [
        ("grace@example.org", "grace+news@example.org"),
        ("grace+old@example.org", "grace@example.org"),
        ("grace.h@gmail.com", "graceh+x@googlemail.com"),
    ],
)
def test_no_other_spelling_of_an_address_that_opted_out_is_taken_in(app: App, suppressed: str, spelt: str) -> None:
    kept.suppress(app.db, [suppressed], "asked to be left alone", days(0))
    with pytest.raises(FollowupdError):
        contacts.add(app, Contact(addresses=(spelt,), name="Grace"))
    with pytest.raises(FollowupdError):
        contacts.edit(app, ADA, contacts.Edit(fields={}, email=spelt))


def test_one_may_still_change_a_field_or_give_oneself_another_spelling(app: App) -> None:
    contacts.edit(app, ADA, contacts.Edit(fields={"role": "founder"}, aliases=("ada+work@example.net",)))
    assert "ada+work@example.net" in ada(app).contact.addresses


def test_a_wrong_answer_reopens_nothing_while_another_answer_stands(app: App, server: Server) -> None:
    at(app, server, 0)
    server.receive(reply(server.to(ADA)[0], days(1)))
    server.receive(reply(server.to(ADA)[0], days(2), "One more thing: yes, gladly."))
    at(app, server, 2)
    first, second = answers(app)
    assert words.not_an_answer(app, ADA, first).thread.state is State.ANSWERED
    assert at(app, server, 400) == 0
    assert words.not_an_answer(app, ADA, second).thread.state is State.WAITING


def test_a_wrong_answer_reopens_nothing_where_you_said_that_they_answered(app: App, server: Server) -> None:
    at(app, server, 0)
    words.answered(app, ADA, "phone")
    server.receive(reply(server.to(ADA)[0], days(1)))
    at(app, server, 1)
    [only] = answers(app)
    assert words.not_an_answer(app, ADA, only).thread.state is State.ANSWERED
    assert at(app, server, 400) == 0


def test_a_wrong_answer_brings_back_the_pause_that_it_ended(app: App, server: Server) -> None:
    at(app, server, 0)
    words.pause(app, ADA, None)
    server.receive(reply(server.to(ADA)[0], days(1)))
    at(app, server, 1)
    [only] = answers(app)
    assert words.not_an_answer(app, ADA, only).thread.state is State.PAUSED
    assert at(app, server, 400) == 0


def test_a_wrong_answer_brings_back_the_pause_in_which_a_letter_was_discarded(app: App, server: Server) -> None:
    at(app, server, 0)
    postman(app).answers.append(Deferred(text="451 4.3.0 later"))
    at(app, server, 14)
    words.pause(app, ADA, None)
    outbox.discard(app, ada(app).letters[-1].id)
    assert ada(app).thread.state is State.PAUSED
    server.receive(reply(server.to(ADA)[0], days(15)))
    at(app, server, 15)
    [only] = answers(app)
    assert words.not_an_answer(app, ADA, only).thread.state is State.PAUSED
    assert at(app, server, 400) == 0
