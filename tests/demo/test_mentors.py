"""What mentors answer is judged by the daemon's own rules, and what they complain of is true."""

from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes, policy

import pytest

from followupd.core.message import parse
from followupd.core.model import Incoming, RawMessage, State
from followupd.demo.answers import Coming, Manner, Reaction
from followupd.demo.cast import CAST
from followupd.demo.mentors import Character, coming, complaints
from tests.demo.letters import AT, letter

EVERY_ANSWER = [(character, reaction) for character in CAST for reaction in character.reactions]


def of(manner: Manner) -> Character:
    return next(one for one in CAST if any(reaction.manner is manner for reaction in one.reactions))


def answer(manner: Manner) -> Coming:
    character = of(manner)
    number = next(reaction.letter for reaction in character.reactions if reaction.manner is manner)
    (message,) = coming(character, letter(number))
    return message


def parsed(message: Coming) -> Incoming:
    return parse(
        RawMessage(folder="INBOX", uid=1, internal_date=message.at, raw=message.raw, size=len(message.raw), whole=True)
    )


def test_a_mentor_answers_the_same_letter_the_same_way_every_time() -> None:
    for character in CAST:
        for number in range(1, 7):
            assert coming(character, letter(number)) == coming(character, letter(number))


def test_only_the_letters_named_in_the_story_are_answered() -> None:
    for character in CAST:
        answered = {number for number in range(1, 10) if coming(character, letter(number))}
        assert answered == {reaction.letter for reaction in character.reactions}


@pytest.mark.parametrize(("character", "reaction"), EVERY_ANSWER)
def test_an_answer_comes_when_it_was_promised_and_is_dated_so(character: Character, reaction: Reaction) -> None:
    (message,) = coming(character, letter(reaction.letter))
    assert message.at == AT + reaction.after
    assert parsed(message).date == message.at


@pytest.mark.parametrize("manner", [Manner.REPLY, Manner.AWAY, Manner.INVITATION])
def test_a_person_answers_in_the_thread(manner: Manner) -> None:
    read = parsed(answer(manner))
    assert read.in_reply_to == ("<two@lastenrad-brandt.example>",)
    assert read.references == ("<one@lastenrad-brandt.example>", "<two@lastenrad-brandt.example>")
    assert read.from_[0].addr_spec == of(manner).contact.email


def test_a_reply_quotes_the_letter_below_the_writers_own_words() -> None:
    read = parsed(answer(Manner.REPLY))
    assert "> grüße from Bremen." in read.text
    assert "Bremen" not in read.own_text
    assert "stocktaking" in read.own_text
    assert read.subject == "Re: A question about shelves"


def test_an_absence_says_in_its_headers_that_no_human_wrote_it_and_in_words_when_it_ends() -> None:
    read = parsed(answer(Manner.AWAY))
    assert read.headers["auto-submitted"] == ("auto-generated",)
    assert "will be back on Thursday, 1 May 2025." in read.text


def test_a_bounce_is_a_delivery_report_about_our_letter() -> None:
    read = parsed(answer(Manner.BOUNCE))
    assert read.report is not None
    (recipient,) = read.report.recipients
    assert (recipient.action, recipient.status) == ("failed", "5.1.1")
    assert recipient.final_recipient == of(Manner.BOUNCE).contact.email
    assert "<two@lastenrad-brandt.example>" in read.attached_ids


def test_a_bounce_has_the_three_parts_of_a_report() -> None:
    report = message_from_bytes(answer(Manner.BOUNCE).raw, policy=policy.default)
    assert report.get_content_type() == "multipart/report"
    assert report.get_param("report-type") == "delivery-status"
    assert [part.get_content_type() for part in report.iter_parts()] == [
        "text/plain",
        "message/delivery-status",
        "text/rfc822-headers",
    ]


def test_an_invitation_asks_for_a_meeting_in_the_calendar() -> None:
    assert parsed(answer(Manner.INVITATION)).calendar_method == "REQUEST"


def test_every_line_of_every_answer_ends_as_mail_does() -> None:
    for character in CAST:
        for message in (one for number in range(1, 6) for one in coming(character, letter(number))):
            assert b"\n" not in message.raw.replace(b"\r\n", b"")
            assert max(len(line) for line in message.raw.split(b"\r\n")) <= 998


def test_who_got_what_the_story_says_has_nothing_to_complain_of() -> None:
    character = of(Manner.BOUNCE)
    assert complaints(character, [letter(1)]) == ()


def test_a_letter_after_an_answer_is_complained_of() -> None:
    character = of(Manner.BOUNCE)
    said = complaints(character, [letter(1), letter(2, AT + timedelta(days=30))])
    assert "Agnes Whitcombe got letter 2 after an answer" in said


def test_a_letter_during_an_absence_is_complained_of_and_one_after_it_is_not() -> None:
    character = replace(of(Manner.AWAY), letters=3, ends=State.WAITING)
    written = [replace(letter(number, AT), text=f"text {number}") for number in (1, 2)]
    back = character.reactions[0].back(written[1])
    early = replace(letter(3, AT + timedelta(days=40)), text="text 3")
    late = replace(early, at=AT + (back - AT.date()) + timedelta(days=1))
    assert complaints(character, [*written, early]) == ("Tomás Iturralde got letter 3 while away",)
    assert complaints(character, [*written, late]) == ()


def test_the_same_text_twice_and_a_letter_too_few_are_complained_of() -> None:
    patient = next(one for one in CAST if not one.reactions)
    said = complaints(patient, [letter(1), letter(2)])
    assert said == ("Bartholomew Quill got 2 letters, not 5", "Bartholomew Quill got the same text twice")


def test_the_cast_covers_every_way_in_which_a_thread_ends_by_itself() -> None:
    assert {one.ends for one in CAST} == {State.ANSWERED, State.UNDELIVERABLE, State.SILENT, State.OPTED_OUT}
    assert {reaction.manner for _, reaction in EVERY_ANSWER} == set(Manner)
    assert len({one.contact.email for one in CAST}) == len(CAST)
