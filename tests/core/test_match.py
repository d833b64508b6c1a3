"""Which thread a message belongs to: identifiers before addresses, and rather none than a wrong one."""

from dataclasses import replace

import pytest

from followupd.core import match
from followupd.core.model import Candidate, Contact, Match, MatchedBy, Thread
from tests.core.reading import parsed
from tests.fixtures.messages import RECEIVED
from tests.fixtures.messages.reports import private, standard
from tests.fixtures.messages.sample import OUR_ID, SUBJECT, compose

ME = ("me@me.test", "i@old.test")
FRESH = {"In-Reply-To": "", "References": "", "Subject": "Hello"}


def candidate(number: int, *addresses: str, newest: bool = True, ids: tuple[str, ...] = ()) -> Candidate:
    return Candidate(
        thread=Thread(
            id=number, key=f"k{number}", contact_id=number, cadence="patient", created_at=RECEIVED, anchor=RECEIVED
        ),
        contact=Contact(id=number, addresses=addresses),
        message_ids=frozenset(ids),
        subject=SUBJECT,
        newest=newest,
    )


ADA = candidate(1, "ada@uni.test", "a.byron@gmail.com", ids=(OUR_ID, "<k3v9qz.2@me.test>"))
BO = candidate(2, "bo@else.test", ids=("<other@me.test>",))


def found(raw: bytes, *candidates: Candidate) -> Match | None:
    return match.thread_of(parsed(raw), candidates or (ADA, BO), ME)


def test_an_answer_is_found_by_what_it_replies_to() -> None:
    result = found(compose("Yes.", {"From": "stranger@else.test", "Subject": "changed"}))

    assert result == Match(thread_id=1, by=MatchedBy.IN_REPLY_TO, words=OUR_ID)


def test_references_are_read_from_the_newest() -> None:
    both = f"<other@me.test> {OUR_ID}"
    result = found(compose("Yes.", {"In-Reply-To": "<lost@x.test>", "References": both}))

    assert result == Match(thread_id=1, by=MatchedBy.REFERENCES, words=OUR_ID)


def test_an_identifier_wins_over_the_senders_address() -> None:
    result = found(compose("Yes.", {"From": "ada@uni.test", "In-Reply-To": "<other@me.test>", "References": ""}))

    assert result is not None
    assert result.thread_id == 2


@pytest.mark.parametrize(
    "sender", ["ada@uni.test", "ADA@Uni.Test", "Ada <ada+lists@uni.test>", "ab.yron+x@googlemail.com", '"ada"@uni.test']
)
def test_a_fresh_message_is_found_by_any_spelling_of_the_address(sender: str) -> None:
    result = found(compose("Hello.", {**FRESH, "From": sender}))

    assert result is not None
    assert (result.thread_id, result.by) == (1, MatchedBy.ADDRESS)


def test_by_address_only_the_newest_thread_is_meant() -> None:
    old, new = candidate(3, "ada@uni.test", newest=False), candidate(4, "ada@uni.test")

    result = found(compose("Hello.", {**FRESH}), old, new)

    assert result is not None
    assert result.thread_id == 4


def test_mail_over_a_list_belongs_to_nobody_unless_it_names_our_letter() -> None:
    listed = {"List-Id": "<people.uni.test>"}

    assert found(compose("News.", {**FRESH, **listed})) is None
    assert found(compose("Yes.", listed)) is not None


def test_a_colleague_is_found_by_organisation_and_subject() -> None:
    result = found(compose("For Ada.", {**FRESH, "From": "bo@mail.uni.test", "Subject": f"[EXT] AW: Re: {SUBJECT}"}))

    assert result is not None
    assert (result.thread_id, result.by) == (1, MatchedBy.SUBJECT)


@pytest.mark.parametrize(
    ("sender", "subject"),
    [("bo@uni.test", "Lunch"), ("x@gmail.com", SUBJECT), ("x@else2.test", SUBJECT), ("bo@uni.test", "Re: Hi")],
)
def test_organisation_or_subject_alone_is_not_enough(sender: str, subject: str) -> None:
    assert found(compose("Hello.", {**FRESH, "From": sender, "Subject": subject})) is None


@pytest.mark.parametrize(
    ("sender", "known"), [("bo@gmail.com", "ada@gmail.com"), ("bo@yahoo.es", "a@yahoo.es"), ("b@x.co.uk", "a@y.co.uk")]
)
def test_neighbours_in_a_public_domain_are_no_colleagues(sender: str, known: str) -> None:
    raw = compose("Hello.", {**FRESH, "From": sender, "Subject": f"Re: {SUBJECT}"})

    assert found(raw, candidate(1, known)) is None


def test_a_subject_that_was_changed_on_the_way_is_known_by_its_topic() -> None:
    changed = {**FRESH, "From": "bo@uni.test", "Subject": "Ticket 4711 opened", "Thread-Topic": SUBJECT}
    result = found(compose("For Ada.", changed))

    assert result is not None
    assert (result.thread_id, result.by) == (1, MatchedBy.SUBJECT)


def named(number: int, name: str, *addresses: str) -> Candidate:
    contact = Contact(id=number, addresses=addresses, name=name)
    return replace(candidate(number, *addresses, ids=(f"<{number}@me.test>",)), contact=contact)


@pytest.mark.parametrize(
    ("text", "person"),
    [
        ("Prof. Byron has given me your letter.", 1),
        ("To: ada@uni.test\n\nI will.", 1),
        ("王小明先生给我看了您的信。", 2),
        ("Max, what a letter", 0),
        ("A. has it from Dr. who", 0),
    ],
)
def test_a_stranger_under_our_subject_shows_whose_letter_they_have(text: str, person: int) -> None:
    people = (
        named(1, "Prof. Dr. Ada Byron", "ada@uni.test"),
        named(2, "王小明", "wang@else.test"),
        named(3, "Max A. Dr.", "m@e.test"),
    )
    raw = compose(text, {**FRESH, "From": "x@far.test", "To": "Max <me@me.test>", "Subject": f"Re: {SUBJECT}"})
    result = found(raw, *people)

    assert (result.thread_id if result else 0) == person
    assert result is None or result.by is MatchedBy.FORWARDED


def test_a_report_is_found_by_the_letter_that_comes_back() -> None:
    result = found(standard("failed", "5.1.1"))

    assert result is not None
    assert (result.thread_id, result.by) == (1, MatchedBy.ORIGINAL_MESSAGE_ID)


def test_a_report_without_a_letter_is_found_by_its_recipient() -> None:
    result = found(private("failure notice", "I wasn't able to deliver your message.\n\n<ada@uni.test>:\nno mailbox\n"))

    assert result is not None
    assert (result.thread_id, result.by) == (1, MatchedBy.RECIPIENT)


def test_a_report_about_a_letter_we_never_wrote_belongs_to_nobody() -> None:
    assert found(standard("failed", "5.1.1").replace(OUR_ID.encode(), b"<forged@me.test>")) is None


def test_a_report_that_names_our_letter_but_another_recipient_is_not_believed() -> None:
    forged = standard("failed", "5.1.1").replace(b"rfc822; ada@uni.test", b"rfc822; somebody@else3.test")

    assert found(forged) is None


def test_a_report_about_an_address_behind_a_forwarding_is_believed() -> None:
    assert (
        found(standard("failed", "5.1.1").replace(b"rfc822; ada@uni.test", b"rfc822; u123@mail.uni.test")) is not None
    )


def test_a_report_that_names_us_as_its_recipient_is_believed() -> None:
    assert found(standard("failed", "5.1.1").replace(b"rfc822; ada@uni.test", b"rfc822; me@me.test")) is not None


def test_a_forward_that_quotes_the_letters_id_is_found() -> None:
    text = f"She asked me to answer.\n\n-----Original Message-----\nFrom: Me\nMessage-ID: {OUR_ID}\n\nDear Ada"
    result = found(compose(text, {**FRESH, "From": "x@else4.test"}))

    assert result is not None
    assert result.by is MatchedBy.ORIGINAL_MESSAGE_ID


@pytest.mark.parametrize("sender", ["me@me.test", "Me <ME@me.test>", "i@old.test"])
def test_the_users_own_mail_is_their_own(sender: str) -> None:
    msg = parsed(compose("Hello again.", {"From": sender, "To": "ada@uni.test"}))

    assert match.is_own(msg, ME)


def test_mail_from_others_or_from_nobody_is_not_the_users_own() -> None:
    assert not match.is_own(parsed(compose("Hello.", {})), ME)
    assert not match.is_own(parsed(compose("Hello.", {"From": ""})), ME)


@pytest.mark.parametrize(
    ("subject", "bare"),
    [
        ("Re: Hello there", "hello there"),
        ("[EXTERNAL] AW: WG: Hello  there", "hello there"),
        ("SV: VS: RE[2]: Hello there", "hello there"),
        ("回复：Hello there", "hello there"),
        ("***SPAM*** Fwd: Hello there", "hello there"),
        ("R: Ang: ENC: YNT: İLT: Hello there", "hello there"),
        ("Απ: ΣΧΕΤ: Ответ: رد: Hello there", "hello there"),
        ("[people-list] [EXT] Re[4]: Hello there", "hello there"),
        ("Re:", "re:"),
        ("", ""),
    ],
)
def test_a_subject_is_compared_without_what_programs_add(subject: str, bare: str) -> None:
    assert match.bare_subject(subject) == bare
