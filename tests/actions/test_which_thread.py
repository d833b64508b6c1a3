"""Answers that name no letter of ours: another spelling, another person, another conversation; and what is nobody's.

Each line of the query for candidates, taken away by hand, makes a test here fail; so do a claim by exact address, a
stranger who need not answer, and a conversation learned from any mail.
"""

import base64
from email.message import EmailMessage

import pytest

from followupd.actions import contacts
from followupd.actions import threads as words
from followupd.app import App
from followupd.core.model import Message, State, Verdict
from followupd.store import contacts as stored
from followupd.store import letters, messages
from tests.actions.conftest import ada, at
from tests.actions.pretend import ADA, BO, Server, days, reply, somebody

ME = "max@example.org"
INDEX = base64.b64encode(b"\x01" + bytes(range(5)) + bytes(range(100, 116))).decode()
CHILD = base64.b64encode(base64.b64decode(INDEX) + b"child").decode()


def mail(sender: str, subject: str, text: str = "Gladly.", **headers: str) -> bytes:
    """Write a message that names no other one."""
    made = EmailMessage()
    made["From"], made["To"], made["Subject"] = sender, ME, subject
    made["Message-ID"] = headers.pop(
        "message_id", f"<{len(text)}.{len(subject)}.{sender.partition('@')[0]}@there.example>"
    )
    made["Date"] = "Tue, 24 Nov 2026 10:00:00 +0000"
    for name, value in headers.items():
        made[name.replace("_", "-")] = value
    made.set_content(text)
    return made.as_bytes(policy=made.policy.clone(linesep="\r\n"))


def subject(server: Server) -> str:
    """Give the subject of Ada's opening letter."""
    found = EmailMessage()
    found["Subject"] = server.to(ADA)[0].subject
    return str(found["Subject"])


def only(app: App) -> Message:
    """Give the one message that is recorded."""
    (message,) = messages.of_thread(app.db, ada(app).thread.id)
    return message


def begun(app: App, server: Server) -> str:
    at(app, server, 0)
    return subject(server)


# -- spellings ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("stored_as", "written_from"),
    [
        ("ada+work@example.com", "ada@example.com"),
        ("ada@example.com", "Ada Lovelace <ADA+phone@Example.COM>"),
        ("a.da.l@gmail.com", "adal@googlemail.com"),
        ("ada@b\u00fccher.example", "ada@xn--bcher-kva.example"),
    ],
)
def test_an_answer_from_any_spelling_of_a_stored_address_is_found(
    app: App, server: Server, stored_as: str, written_from: str
) -> None:
    contacts.edit(app, ADA, contacts.Edit(fields={}, aliases=(stored_as,)))
    begun(app, server)
    server.receive(mail(written_from, "From my phone"))
    at(app, server, 1)
    assert ada(app).thread.state is State.ANSWERED


def test_the_claim_refuses_any_spelling_of_an_address_that_opted_out(app: App, server: Server) -> None:
    stored.suppress(app.db, [ADA.replace("@", "+other@")], "asked", days(0))
    at(app, server, 0)
    assert server.taken == []
    assert ada(app).thread.state is State.OPTED_OUT


def test_a_person_is_named_by_any_spelling(app: App) -> None:
    assert words.stop(app, ADA.replace("@", "+x@")).contact.email == ADA


# -- other people ------------------------------------------------------------------------------------------------------


def test_a_colleague_under_our_subject_holds_the_next_letter(app: App, server: Server) -> None:
    said = begun(app, server)
    server.receive(mail("desk@office.example.net", f"[EXTERNAL] AW: {said}", "Ada is travelling; may I help?"))
    at(app, server, 1)
    assert ada(app).thread.state is State.HELD
    assert (only(app).verdict, only(app).rule) == (Verdict.OTHER, "match.subject")
    at(app, server, 40)
    assert len(server.to(ADA)) == 1


def test_a_stranger_to_whom_the_letter_was_handed_on_holds_the_next_letter(app: App, server: Server) -> None:
    said = begun(app, server)
    quoted = f"Yes, call me.\n\n> From: Max <{ME}>\n> I wonder how you decided.\n"
    server.receive(mail("cy@elsewhere.example", f"Re: Fwd: {said}", quoted))
    at(app, server, 1)
    assert ada(app).thread.state is State.HELD
    assert only(app).rule == "match.handed_on"
    assert "cy@elsewhere.example" in ada(app).thread.reason


@pytest.mark.parametrize(
    ("sender", "prefix", "text"),
    [
        ("cy@elsewhere.example", "Re: ", "I like this title."),  # names neither the letter nor her
        ("cy@elsewhere.example", "", f"My question is the same, says {ME}"),  # answers nothing
        ("desk@office.example.net", "Something else about ", "Hello."),
    ],
)
def test_a_subject_alone_holds_nothing(app: App, server: Server, sender: str, prefix: str, text: str) -> None:
    said = begun(app, server)
    server.receive(mail(sender, f"{prefix}{said}", text))
    at(app, server, 1)
    assert ada(app).thread.state is State.WAITING
    assert messages.of_thread(app.db, ada(app).thread.id) == ()


def test_a_neighbour_at_a_public_provider_is_no_colleague(app: App, server: Server) -> None:
    contacts.edit(app, ADA, contacts.Edit(fields={}, aliases=("ada.l@gmail.com",)))
    said = begun(app, server)
    server.receive(mail("somebody@gmail.com", f"Re: {said}", "Hello."))
    at(app, server, 1)
    assert ada(app).thread.state is State.WAITING


# -- conversations -----------------------------------------------------------------------------------------------------


def test_an_answer_that_only_exchange_binds_to_our_letter_is_found(app: App, server: Server) -> None:
    begun(app, server)
    at_date, copy = server.folders["Sent"][0]
    server.folders["Sent"][0] = (at_date, b"Thread-Index: " + INDEX.encode() + b"\r\n" + copy)
    at(app, server, 1)
    server.receive(mail("assistant@firm.example", "Your question", Thread_Index=CHILD))
    at(app, server, 2)
    assert ada(app).thread.state is State.ANSWERED
    assert only(app).rule == "match.conversation"


def test_a_conversation_is_learned_from_an_answer_in_it(app: App, server: Server) -> None:
    begun(app, server)
    server.receive(reply(server.to(ADA)[0], days(1), "I am away.", Auto_Submitted="auto-replied", Thread_Index=CHILD))
    at(app, server, 1)
    assert ada(app).thread.state is State.WAITING
    server.receive(mail("assistant@firm.example", "Your question", Thread_Index=CHILD))
    at(app, server, 2)
    assert ada(app).thread.state is State.ANSWERED


def test_no_conversation_is_learned_from_mail_that_only_shares_an_address(app: App, server: Server) -> None:
    begun(app, server)
    server.receive(mail(ADA, "Our newsletter", Thread_Index=CHILD, List_Unsubscribe="<https://x.example>"))
    at(app, server, 1)
    server.receive(mail("reader@firm.example", "Re: Our newsletter", Thread_Index=CHILD))
    at(app, server, 2)
    assert ada(app).thread.state is State.WAITING


# -- one message -------------------------------------------------------------------------------------------------------


def test_a_message_without_an_id_that_came_two_ways_is_one(app: App, server: Server) -> None:
    begun(app, server)
    one = mail(ADA, "News", message_id="").replace(b"Message-ID:\r\n", b"")
    assert b"Message-ID" not in one
    server.receive(b"Received: by one.example\r\n" + one)
    server.receive(b"Received: by two.example\r\n" + one)
    at(app, server, 1)
    assert only(app).verdict is Verdict.REPLY


def test_an_answer_that_names_the_id_the_provider_gave_a_letter_is_found(app: App, server: Server) -> None:
    begun(app, server)
    letter = ada(app).letters[0]
    letters.add_ids(app.db, letter.id, ["<rewritten@provider.example>"])
    server.receive(mail(BO, "Quite another subject", In_Reply_To="<rewritten@provider.example>"))
    at(app, server, 1)
    assert ada(app).thread.state is State.ANSWERED


@pytest.mark.parametrize("ends", [words.stop, lambda app, email: words.answered(app, email, "phone")])
def test_an_answer_is_found_on_a_thread_that_has_ended(app: App, server: Server, ends: object) -> None:
    begun(app, server)
    assert callable(ends)
    ends(app, ADA)
    server.receive(mail(ADA, "After three years"))
    at(app, server, 1100)
    assert ada(app).thread.state is State.ANSWERED
    assert only(app).verdict is Verdict.REPLY


def test_two_threads_of_one_subject_are_told_apart_by_the_organisation(app: App, server: Server) -> None:
    somebody(app, BO)
    said = begun(app, server)
    assert server.to(BO)[0].subject.partition(",")[2] == said.partition(",")[2]
    server.receive(mail("desk@example.com", f"Re: {server.to(BO)[0].subject}", "For Bo."))
    at(app, server, 1)
    assert ada(app).thread.state is State.WAITING
