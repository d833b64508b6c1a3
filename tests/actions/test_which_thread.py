"""Whose answer it is: by whomever it was sent, and under whatever name, no letter goes after it unasked."""

import base64
from collections.abc import Collection, Iterator
from dataclasses import replace
from email import message_from_bytes
from email.message import EmailMessage
from email.utils import format_datetime, parsedate_to_datetime
from pathlib import Path

import pytest

from followupd.actions import contacts
from followupd.app import App
from followupd.core import addresses
from followupd.core.errors import FollowupdError
from followupd.core.model import Contact, Cursor, Draft, Folder, LetterState, Message, RawMessage, Role, State, Verdict
from followupd.store import letters, messages, threads
from followupd.store.contacts import suppress
from tests.actions.conftest import ada, at
from tests.actions.pretend import (
    ADA,
    BO,
    Fuse,
    PretendedMailbox,
    PretendedPage,
    Server,
    days,
    process,
    reply,
    somebody,
)

COLLEAGUE, STRANGER = "grace@mail.example.net", "grace@elsewhere.example"
INDEX = base64.b64encode(b"\x01\xd9" + bytes(range(1, 21))).decode()


def mail(text: str, **headers: str) -> bytes:
    """Write a message to the user that names no letter of ours."""
    msg = EmailMessage()
    fields = {
        "From": STRANGER, "To": "Max Lehmann <max@example.org>", "Subject": "Hello", "Date": format_datetime(days(1)),
        "Message-ID": "<fresh@elsewhere.example>",
        **{name.replace("_", "-"): value for name, value in headers.items()},
    }  # fmt: skip
    for name, value in fields.items():
        if value:
            msg[name] = value
    msg.set_content(text)
    return msg.as_bytes(policy=msg.policy.clone(linesep="\r\n"))


def first(app: App, server: Server) -> Draft:
    """Send the first letter."""
    at(app, server, 0)
    return server.to(ADA)[-1]


def after(app: App, server: Server, raw: bytes, folder: str = "INBOX") -> State:
    """Let a message arrive, give how Ada's thread stands a day later; where it ended, nothing may go out after it."""
    server.now = days(1)
    server.receive(raw, folder)
    at(app, server, 1.1)
    state = ada(app).thread.state
    if state is not State.WAITING:
        out = len(server.to(ADA))
        at(app, server, 15)
        at(app, server, 400)
        assert len(server.to(ADA)) == out
    return state


def seen(app: App) -> list[Message]:
    return list(messages.of_thread(app.db, ada(app).thread.id))


# -- a colleague, an assistant, whoever the letter was handed to -------------------------------------------------------


def test_a_colleague_under_our_subject_is_a_possible_answer_and_says_why(app: App, server: Server) -> None:
    subject = first(app, server).subject
    raw = mail("Ada asked me to answer: gladly.", From=f"Grace <{COLLEAGUE}>", Subject=f"[EXTERNAL] SV: AW: {subject}")
    assert after(app, server, raw) is State.HELD
    (found,) = seen(app)
    assert (found.verdict, found.rule) == (Verdict.OTHER, "match.subject")
    assert COLLEAGUE in found.words
    assert COLLEAGUE in ada(app).thread.reason


@pytest.mark.parametrize("sender", ["grace@example.com", "grace@net", "grace@gmail.com"])
def test_the_same_subject_from_anybody_else_is_left_alone(app: App, server: Server, sender: str) -> None:
    subject = first(app, server).subject
    assert after(app, server, mail("A newsletter.", From=sender, Subject=subject)) is State.WAITING
    assert seen(app) == []


def test_people_of_a_public_mail_domain_are_no_colleagues(tmp_path: Path, server: Server) -> None:
    app = process(tmp_path, server, Fuse())
    somebody(app, "ada@gmail.com")
    at(app, server, 0)
    (letter,) = server.to("ada@gmail.com")
    server.receive(mail("Hello there.", From="grace@gmail.com", Subject=letter.subject))
    at(app, server, 1)
    case = threads.case_of(app.db, "ada@gmail.com")
    assert case is not None
    assert case.thread.state is State.WAITING


def test_a_colleague_whose_mail_names_our_letter_has_answered(app: App, server: Server) -> None:
    letter = first(app, server)
    raw = mail("Gladly.", From=COLLEAGUE, Subject="Tuesday?", References=letter.message_id)
    assert after(app, server, raw) is State.ANSWERED


def test_what_a_colleague_wrote_before_our_letter_holds_nothing(app: App, server: Server) -> None:
    subject = server_subject(app, server)
    server.now = days(-30)
    server.receive(mail("Minutes.", From=COLLEAGUE, Subject=subject, Date=format_datetime(days(-30))))
    server.now = days(1)
    at(app, server, 1)
    assert ada(app).thread.state is State.WAITING
    assert [one.rule for one in seen(app)] == ["thread.older"]


def server_subject(app: App, server: Server) -> str:
    return first(app, server).subject


@pytest.mark.parametrize(
    ("text", "headers"),
    [
        ("Ada passed this on to me.\n\nMax wrote:\n> Your notes", {}),
        ("I will.\n\nFrom: Max Lehmann <max@example.org>\nTo: ada@example.net\n\nYour notes", {}),
        ("I will.", {"Cc": "Ada Byron <ada@example.net>"}),
        ("From my phone.", {"From": "Ada <countess@elsewhere.example>"}),
    ],
)
def test_somebody_whom_our_letter_was_handed_to_is_a_possible_answer(
    app: App, server: Server, text: str, headers: dict[str, str]
) -> None:
    subject = first(app, server).subject
    assert after(app, server, mail(text, Subject=f"Fwd: {subject}", **headers)) is State.HELD
    assert [one.rule for one in seen(app)] == ["match.forwarded"]
    assert "dA".casefold() in seen(app)[0].words.casefold()


def test_of_two_threads_of_one_subject_the_one_that_is_named_is_held(app: App, server: Server) -> None:
    contacts.add(app, Contact(addresses=(BO,), name="Ada Berg", ask="How?", offer="This.", admire="That."))
    subject = first(app, server).subject
    assert server.to(BO)[0].subject == subject
    server.receive(mail("For Berg, who is away.", Subject=f"Re: {subject}"))
    at(app, server, 1)
    bo = threads.case_of(app.db, BO)
    assert bo is not None
    assert (bo.thread.state, ada(app).thread.state) == (State.HELD, State.WAITING)


@pytest.mark.parametrize(
    ("text", "headers"),
    [
        ("Ada is lovely.", {"Subject": "{}"}),  # no answer
        ("Dear Max, my own book.", {"Subject": "Re: {}"}),  # nothing of Ada
        ("Ada said.", {"Subject": "Re: {}", "To": "all@elsewhere.example"}),  # not to us
        ("Ada said.", {"Subject": "Re: Hi"}),
    ],
)
def test_a_stranger_without_evidence_holds_nothing(
    app: App, server: Server, text: str, headers: dict[str, str]
) -> None:
    subject = first(app, server).subject
    filled = {name: value.format(subject) for name, value in headers.items()}
    assert after(app, server, mail(text, **filled)) is State.WAITING
    assert seen(app) == []


@pytest.mark.parametrize("attached", [True, False])
def test_whoever_sends_our_letter_back_has_answered(app: App, server: Server, attached: bool) -> None:
    letter = first(app, server)
    raw = mail(f"Gladly.\n\n> Message-ID: {letter.message_id}\n> To: Ada", Subject=f"Fwd: {letter.subject}")
    if attached:
        whole = EmailMessage()
        for name, value in message_from_bytes(raw).items():
            if not name.lower().startswith(("content", "mime")):
                whole[name] = value
        whole.set_content("Gladly.")
        whole.add_attachment(message_from_bytes(letter.raw))
        raw = whole.as_bytes(policy=whole.policy.clone(linesep="\r\n"))
    assert after(app, server, raw) is State.ANSWERED


# -- one mailbox, many spellings ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("stored", "sender"),
    [
        ("bo+books@example.com", "bo@example.com"),
        ("bo+books@example.com", "BO+x@Example.COM"),
        ("b.o.berg@gmail.com", "boberg+news@googlemail.com"),
        ("bo@xn--bcher-kva.example", "bo@BÜCHER.example"),
        ("bo@bücher.example", "Bo <bo@xn--bcher-kva.example>"),
    ],
)
def test_an_answer_from_another_spelling_of_the_mailbox_is_found(
    app: App, server: Server, stored: str, sender: str
) -> None:
    somebody(app, stored)
    at(app, server, 0)
    raw = mail("Gladly.", From="SENDER@example.com", Message_ID="<other@example.com>")
    server.receive(raw.replace(b"SENDER@example.com", sender.encode()))
    at(app, server, 1)
    case = threads.case_of(app.db, addresses.normalise(stored))
    assert case is not None
    assert case.thread.state is State.ANSWERED


@pytest.mark.parametrize("gone", ["ada+old@example.net", "ADA@example.net"])
def test_no_letter_goes_to_another_spelling_of_a_mailbox_that_opted_out(app: App, server: Server, gone: str) -> None:
    suppress(app.db, [gone], "asked to be left alone", server.now)
    assert at(app, server, 0) == at(app, server, 30) == 0


def test_the_claim_itself_refuses_another_spelling(app: App, server: Server) -> None:
    first(app, server)
    (letter,) = letters.of_thread(app.db, ada(app).thread.id)
    second = letters.prepare(app.db, replace(letter, step=1, message_id="<2@example.org>", state=LetterState.PREPARED))
    suppress(app.db, ["ada+x@example.net"], "asked to be left alone", server.now)
    assert not letters.claim(app.db, second.id, days(30))


def test_another_spelling_of_a_known_mailbox_is_refused(app: App) -> None:
    somebody(app, "b.o@gmail.com")
    with pytest.raises(FollowupdError, match=r"mailbox of b\.o@gmail\.com"):
        contacts.add(app, Contact(addresses=("bo+x@googlemail.com",)))


def test_the_users_own_mailbox_in_another_spelling_never_answers(app: App, server: Server) -> None:
    letter = first(app, server)
    note = mail("Note to self", From="max+notes@example.org", To="max@example.org", In_Reply_To=letter.message_id)
    assert after(app, server, note) is State.WAITING


# -- what programs call the conversation -------------------------------------------------------------------------------


def with_header(raw: bytes, line: str) -> bytes:
    return line.encode() + b"\r\n" + raw


def refiled(server: Server, letter: Draft, header: str, new_id: str = "") -> None:
    """Let the provider's own copy in Sent have another header, and another Message-ID."""
    raw = letter.raw.replace(letter.message_id.encode(), new_id.encode()) if new_id else letter.raw
    server.folders["Sent"] = [(server.now, with_header(raw, header))]


def test_an_exchange_answer_with_nothing_but_its_thread_index_is_found(app: App, server: Server) -> None:
    letter = first(app, server)
    refiled(server, letter, f"Thread-Index: {INDEX}")
    longer = base64.b64encode(base64.b64decode(INDEX) + b"\x00\x01\x02\x03\x04").decode()
    assert after(app, server, mail("Gladly.", Thread_Index=longer)) is State.ANSWERED
    assert [one.rule for one in seen(app)] == ["match.thread_index"]


def test_a_thread_index_is_learned_from_an_earlier_answer(app: App, server: Server) -> None:
    letter = first(app, server)
    note = reply(letter, days(0.5), "I am away.", Auto_Submitted="auto-replied", Thread_Index=INDEX)
    server.receive(note)
    at(app, server, 0.5)
    assert ada(app).thread.state is State.WAITING
    assert after(app, server, mail("Ada is back: gladly.", From=STRANGER, Thread_Index=INDEX)) is State.ANSWERED


@pytest.mark.parametrize("index", ["AQ==", "!!!!", "x" * 9000, base64.b64encode(b"\x01" + bytes(21)).decode()])
def test_a_broken_thread_index_says_nothing(app: App, server: Server, index: str) -> None:
    letter = first(app, server)
    refiled(server, letter, f"Thread-Index: {index}")
    assert after(app, server, with_header(mail("Hello."), f"Thread-Index: {index}")) is State.WAITING


def test_a_name_that_two_threads_share_needs_the_sender(app: App, server: Server) -> None:
    somebody(app, BO)
    first(app, server)
    for _, draft in server.taken:
        server.receive(with_header(draft.raw, f"Thread-Index: {INDEX}"), "Sent")
    assert after(app, server, mail("Gladly.", Thread_Index=INDEX)) is State.WAITING
    fresh = mail("Gladly.", From="ada+x@example.net", Thread_Index=INDEX, Message_ID="<2@example.net>")
    assert after(app, server, fresh) is State.ANSWERED


class GmailMailbox(PretendedMailbox):
    """A mailbox that gives X-GM-THRID, as a header line of the tests tells it."""

    def newer_than(self, folder: Folder, cursor: Cursor | None) -> Iterator[PretendedPage]:
        for page in super().newer_than(folder, cursor):
            yield PretendedPage(tuple(map(named, page.messages)), page.cursor)

    def whole(self, folder: Folder, uids: Collection[int]) -> Iterator[RawMessage]:
        yield from map(named, super().whole(folder, uids))


def named(raw: RawMessage) -> RawMessage:
    return replace(raw, gmail_thread=message_from_bytes(raw.raw).get("X-Test-Thread", ""))


def test_an_answer_in_gmails_own_thread_is_found(app: App, server: Server) -> None:
    assert isinstance(app.mailbox, PretendedMailbox)
    app = replace(app, mailbox=GmailMailbox(server, app.mailbox.fuse))
    letter = first(app, server)
    refiled(server, letter, "X-Test-Thread: 1278455344230334865")
    assert after(app, server, mail("Gladly.", X_Test_Thread="1278455344230334865")) is State.ANSWERED
    assert [one.rule for one in seen(app)] == ["match.gmail_thread"]


# -- Message-IDs that providers replace --------------------------------------------------------------------------------

NEW = "<AM0PR01.new@eurprd01.prod.exchange.example>"


def test_a_replaced_id_is_learned_from_the_copy_in_sent_and_references_stay_ours(app: App, server: Server) -> None:
    letter = first(app, server)
    refiled(server, letter, "X-Provider: yes", NEW)
    at(app, server, 1)
    assert at(app, server, 14) == 1
    second = server.to(ADA)[1]
    assert f"In-Reply-To: {letter.message_id}".encode() in second.raw
    assert NEW.encode() not in second.raw
    server.receive(mail("Gladly.", In_Reply_To=NEW))
    at(app, server, 15)
    assert ada(app).thread.state is State.ANSWERED


def test_an_answer_that_came_together_with_the_copy_in_sent_is_found(app: App, server: Server) -> None:
    letter = first(app, server)
    refiled(server, letter, f"X-Microsoft-Original-Message-ID: {letter.message_id}", NEW)
    assert after(app, server, mail("Gladly.", From="someone@elsewhere.example", In_Reply_To=NEW)) is State.ANSWERED


def test_an_id_that_the_provider_names_is_learned_whatever_else_it_changed(app: App, server: Server) -> None:
    letter = first(app, server)
    sent = with_header(mail("x", From="max@example.org", To=ADA, Message_ID=NEW, Subject="changed"), "X: y")
    former = f"X-Microsoft-Original-Message-ID: {letter.message_id}"
    server.folders["Sent"] = [(server.now, with_header(sent, former))]
    assert after(app, server, mail("Gladly.", In_Reply_To=NEW)) is State.ANSWERED


def returned(letter: Draft, *, date: str = "", action: str = "delayed", status: str = "4.4.1") -> bytes:
    """Write a delivery report that gives the letter back under another Message-ID."""
    sent = message_from_bytes(letter.raw)
    date = date or str(sent["Date"])
    return (
        f"From: mailer-daemon@elsewhere.example\r\nTo: max@example.org\r\nSubject: Delivery report\r\n"
        f"Message-ID: <report@elsewhere.example>\r\nDate: {format_datetime(days(1))}\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
        "--b\r\nContent-Type: text/plain\r\n\r\nSorry.\r\n"
        "--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.elsewhere.example\r\n\r\n"
        f"Final-Recipient: rfc822; {letter.rcpt_to}\r\nAction: {action}\r\nStatus: {status}\r\n"
        f"\r\n--b\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: {NEW}\r\nDate: {date}\r\n"
        f"Subject: {sent['Subject']}\r\nTo: {letter.rcpt_to}\r\n\r\n--b--\r\n"
    ).encode()


def test_a_replaced_id_is_learned_from_a_letter_that_comes_back(app: App, server: Server) -> None:
    letter = first(app, server)
    server.folders["Sent"].clear()
    assert after(app, server, returned(letter)) is State.WAITING
    assert [one.verdict for one in seen(app)] == [Verdict.DELAY]
    assert after(app, server, mail("Gladly.", In_Reply_To=NEW)) is State.ANSWERED


def test_the_new_id_of_a_letter_that_comes_back_with_the_old_one_is_learned(app: App, server: Server) -> None:
    letter = first(app, server)
    former = f"Message-ID: {NEW}\r\nX-Microsoft-Original-Message-ID: {letter.message_id}".encode()
    server.folders["Sent"].clear()
    report = returned(letter, date="Mon, 1 Jan 2001 00:00:00 +0000").replace(f"Message-ID: {NEW}".encode(), former)
    elsewhere = report.replace(ADA.encode(), b"somebody@far.example").replace(b"report@", b"forged@")
    assert after(app, server, elsewhere) is State.WAITING
    assert not letters.sent_ids(app.db, [NEW])
    assert after(app, server, report) is State.WAITING
    assert letters.sent_ids(app.db, [NEW])


def test_a_dead_address_is_believed_of_a_letter_under_another_id(app: App, server: Server) -> None:
    assert after(app, server, returned(first(app, server), action="failed", status="5.1.1")) is State.UNDELIVERABLE


def test_a_report_about_a_letter_of_another_moment_changes_nothing(app: App, server: Server) -> None:
    letter = first(app, server)
    written = parsedate_to_datetime(str(message_from_bytes(letter.raw)["Date"]))
    other = format_datetime(written.replace(second=(written.second + 1) % 60))
    forged = returned(letter, date=other, action="failed", status="5.1.1")
    assert after(app, server, forged) is State.WAITING


# -- what is no answer, and what is one message ------------------------------------------------------------------------


@pytest.mark.parametrize(
    "headers",
    [{"List_Unsubscribe": "<https://example.net/u>"}, {"List_Id": "<news.example.net>"}, {"Precedence": "bulk"}],
)
def test_a_newsletter_of_the_contacts_is_recorded_as_such(app: App, server: Server, headers: dict[str, str]) -> None:
    first(app, server)
    raw = mail("Our news.", From="Ada <ada+news@example.net>", Subject="News in autumn", **headers)
    assert after(app, server, raw) is State.WAITING
    (found,) = seen(app)
    assert found.verdict is Verdict.OTHER
    assert found.rule.startswith("rfc2")
    assert found.words


def test_an_answer_that_came_over_a_list_under_our_subject_is_a_possible_one(app: App, server: Server) -> None:
    subject = first(app, server).subject
    raw = mail("Gladly.", From=ADA, Subject=f"[team] Re: {subject}", List_Id="<team.example.org>")
    assert after(app, server, raw) is State.HELD


def test_copies_without_a_message_id_are_one_message(app: App, server: Server) -> None:
    first(app, server)
    raw = mail("Gladly.", From=ADA, Message_ID="")
    server.receive(with_header(raw, "Received: from a.example.net"))
    server.receive(with_header(raw, "Received: from b.example.net\r\nDelivered-To: max@example.org"))
    at(app, server, 1)
    server.receive(with_header(raw, "X-Moved: yes"))
    server.receive(mail("Another thing.", From=ADA, Message_ID=""))
    at(app, server, 2)
    assert len(seen(app)) == 2


def test_a_copy_with_a_lists_tag_in_its_subject_is_the_same_message(app: App, server: Server) -> None:
    letter = first(app, server)
    raw = reply(letter, days(1))
    server.receive(raw)
    server.receive(raw.replace(b"Subject: Re:", b"Subject: [EXTERNAL] Re:"))
    at(app, server, 1)
    assert len(seen(app)) == 1


class FolderMailbox(PretendedMailbox):
    """A mailbox with drafts, and an archive, among the watched folders."""

    def folders(self) -> tuple[Folder, ...]:
        more = (Folder(name="Drafts", role=Role.DRAFTS), Folder(name="Archive", role=Role.ARCHIVE))
        return super().folders() + more


@pytest.fixture
def filed(app: App, server: Server) -> App:
    assert isinstance(app.mailbox, PretendedMailbox)
    server.folders |= {"Drafts": [], "Archive": []}
    return replace(app, mailbox=FolderMailbox(server, app.mailbox.fuse))


@pytest.mark.parametrize(("folder", "sender"), [("Drafts", "max@example.org"), ("Drafts", ""), ("Sent", STRANGER)])
def test_what_the_user_writes_is_no_answer_from_whatever_address(
    filed: App, server: Server, folder: str, sender: str
) -> None:
    letter = first(filed, server)
    raw = mail("By the way", From=sender, To=ADA, In_Reply_To=letter.message_id)
    assert after(filed, server, raw, folder) is State.WAITING


def test_an_answer_that_somebody_moved_to_sent_is_an_answer(filed: App, server: Server) -> None:
    letter = first(filed, server)
    assert after(filed, server, reply(letter, days(1)), "Sent") is State.ANSWERED


def test_an_answer_in_the_archive_to_a_silent_thread_is_news_after_years(filed: App, server: Server) -> None:
    first(filed, server)
    for day in (14, 60, 61):
        at(filed, server, day)
    assert ada(filed).thread.state is State.SILENT
    server.receive(reply(server.to(ADA)[-1], days(1200)), "Archive")
    at(filed, server, 1200)
    assert ada(filed).thread.state is State.ANSWERED


def test_a_possible_answer_to_a_finished_thread_is_told_and_changes_nothing(app: App, server: Server) -> None:
    first(app, server)
    for day in (14, 60, 61):
        at(app, server, day)
    late = mail("Gladly.", From=COLLEAGUE, Subject=f"Re: {server.to(ADA)[0].subject}", Date=format_datetime(days(900)))
    server.now = days(900)
    server.receive(late)
    at(app, server, 900)
    assert ada(app).thread.state is State.SILENT
    assert [one.rule for one in seen(app)] == ["match.subject"]
    assert any("possible answer" in one.text for one in threads.events(app.db, ada(app).thread.id))
