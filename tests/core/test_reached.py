"""What a reader has got is all that a letter answers; what it quotes is never taken for words of an answer."""

from dataclasses import replace
from datetime import timedelta

import pytest

from followupd.core.compose import compose, quoted_below
from followupd.core.instants import Span
from followupd.core.model import Case, Judgement, LetterState, Rendered, Verdict
from followupd.core.quotation import own, unquoted
from followupd.core.reached import TEXT_LOST, came_back, missed, my_former_address, reached, to_quote
from tests.core.timeline import POLICY, begun, letter_of, sent, somebody, utc

BEGAN = utc(2027, 3, 2, 9)
EIGHT = replace(POLICY, quote_after=Span(weeks=8))
QUOTED = "Dear Ada,\n\nyour notes are clear. >From here I ask one question,\n> of myself,\nFrom Berlin.\n-- \nRobin\n"
TEXT = "Dear Ada,\n\nonce more: how did you decide?\n"


def two() -> Case:
    """Give a case with two letters out, of the beginning and of two weeks later."""
    case = sent(begun(somebody(), BEGAN), POLICY, BEGAN)
    case = sent(case, POLICY, BEGAN + timedelta(weeks=2))
    return replace(case, letters=tuple(replace(one, body=f"letter {one.step}") for one in case.letters))


def changed(case: Case, at: int, **fields: object) -> Case:
    """Give the case with one letter changed."""
    made = list(case.letters)
    made[at] = replace(made[at], **fields)  # type: ignore[arg-type]
    return replace(case, letters=tuple(made))


def moved(case: Case) -> Case:
    return replace(case, contact=replace(case.contact, addresses=("ada@new.test", *case.contact.addresses)))


def test_what_went_to_any_spelling_of_the_mailbox_and_stayed_there_has_reached_it() -> None:
    assert [one.step for one in reached(two())] == [0, 1]
    assert [one.step for one in reached(changed(two(), 0, rcpt_to="P1+news@example.org"))] == [0, 1]
    assert [one.step for one in reached(changed(two(), 0, returned=True))] == [1]
    assert [one.step for one in reached(changed(two(), 1, state=LetterState.UNCERTAIN))] == [0]
    assert reached(moved(two())) == ()


def test_the_first_letter_is_missed_only_where_no_other_came() -> None:
    assert missed(begun(somebody(), BEGAN)) is None
    assert missed(changed(two(), 0, returned=True)) is None
    elsewhere = missed(moved(two()))
    assert elsewhere is not None
    assert (elsewhere.letter.step, elsewhere.address, elsewhere.returned) == (0, "p1@example.org", False)
    lost = missed(changed(changed(two(), 0, returned=True), 1, returned=True))
    assert lost is not None
    assert (lost.letter.step, lost.returned) == (0, True)


def test_i_have_moved_since_the_last_letter_they_got_and_not_since_one_before() -> None:
    assert my_former_address(two(), "robin@example.net") == ""
    assert my_former_address(two(), "robin@new.test") == "robin@example.net"
    assert my_former_address(two(), "Robin+x@example.net") == ""
    assert my_former_address(changed(two(), 1, mail_from="robin@new.test"), "robin@new.test") == ""
    assert my_former_address(moved(two()), "robin@new.test") == "", "they never got a letter from anywhere"
    assert my_former_address(changed(two(), 1, mail_from=""), "robin@new.test") == "", "nobody knows"


@pytest.mark.parametrize(("weeks", "quoted"), [(2, False), (9, False), (10, True), (60, True)])
def test_the_opening_is_quoted_from_eight_weeks_after_the_last_letter_on(weeks: int, quoted: bool) -> None:
    found = to_quote(two(), EIGHT, BEGAN + timedelta(weeks=weeks))
    assert (found is not None) == quoted
    assert found is None or found.step == 0
    assert to_quote(two(), POLICY, BEGAN + timedelta(weeks=weeks)) is None, "switched off"


def test_whoever_has_answered_is_shown_the_opening_once_more_and_not_with_every_letter() -> None:
    late, case = BEGAN + timedelta(weeks=60), two()
    first = replace(case, letters=(), before=case.letters[:1])
    later = replace(case, letters=case.letters[1:], before=case.letters[:1])
    assert to_quote(first, EIGHT, late) is not None
    assert to_quote(later, EIGHT, late) is None
    assert to_quote(moved(later), EIGHT, late) is not None, "they never got any of it"


@pytest.mark.parametrize("text", ["", "\n", TEXT_LOST, f"{TEXT_LOST}\n"])
def test_a_text_that_is_not_known_is_not_quoted(text: str) -> None:
    late = BEGAN + timedelta(weeks=60)
    assert to_quote(changed(two(), 0, body=text), EIGHT, late) is None
    assert to_quote(moved(two()), EIGHT, BEGAN + timedelta(weeks=3)) is not None, "they never got it"


def test_only_a_bounce_brings_letters_back_and_only_those_it_is_about() -> None:
    bounce, reply = Judgement(verdict=Verdict.BOUNCE, rule="r"), Judgement(verdict=Verdict.REPLY, rule="r")
    first, second = (one.id for one in two().letters)
    assert came_back(two(), bounce, {first}, ["p1@example.org"]) == (first,)
    assert came_back(two(), bounce, {999}, ["p1@example.org"]) == ()
    assert came_back(two(), bounce, (), ["p1@example.org"]) == (second,)
    assert came_back(two(), bounce, (), ["somebody@example.org"]) == ()
    assert came_back(two(), reply, {first}, ()) == ()


def written(attribution: str = "On 2 March 2027, Robin Weaver wrote:") -> bytes:
    rendered = Rendered(template="news", subject="s", body=TEXT, attribution=attribution, quoted=QUOTED)
    case = begun(somebody(), BEGAN)
    letter = letter_of(case, BEGAN)
    return compose(rendered, case, POLICY.me, letter.message_id, BEGAN).raw


def test_a_quotation_stands_below_each_line_behind_its_mark() -> None:
    body = written().partition(b"\r\n\r\n")[2].decode()
    assert body.replace("\r\n", "\n") == (
        f"{TEXT}\nOn 2 March 2027, Robin Weaver wrote:\n> Dear Ada,\n>\n"
        "> your notes are clear. >From here I ask one question,\n>> of myself,\n> From Berlin.\n> -- \n> Robin\n"
    )
    assert quoted_below(written()).startswith("On 2 March 2027, Robin Weaver wrote:\n> Dear Ada,\n>\n")
    assert quoted_below(written()).endswith("\n> Robin")
    assert quoted_below(written().partition(b"\r\n\r\nOn ")[0]) == ""


@pytest.mark.parametrize(
    "attribution",
    [
        "On 2 March 2027, Robin Weaver wrote:",
        "On 2 March 2027, Robin Weaver wrote to a.rather.long.address@an-even-longer-domain.example.org:",
        "Am 2. März 2027 schrieb Robin Weaver:",
        "Am 2. März 2027 schrieb Robin Weaver an ada@old.example:",
        "2027-03-02, Robin Weaver <robin@example.net>:",
    ],
)
def test_nobody_takes_what_we_quote_for_words_of_an_answer(attribution: str) -> None:
    ours = written(attribution).partition(b"\r\n\r\n")[2].decode("utf-8", "replace")
    if b"quoted-printable" in written(attribution):
        ours = f"{TEXT}\n{attribution}\n> Dear Ada,\n>\n> your notes are clear.\n"
    ours = ours.replace("\r\n", "\n")
    marked = "\n".join(f"> {line}" for line in ours.split("\n"))
    answers = (
        f"Gladly.\n\nOn Tue, 8 Jun 2027 at 09:13, Robin Weaver wrote:\n{marked}\n",
        f"Gladly.\n\n-----Original Message-----\nFrom: Robin Weaver\n\n{ours}",
        f"Gladly.\n\n{'_' * 32}\nFrom: Robin\nSent: Tuesday\nTo: Ada\nSubject: Re: A question\n\n{ours}",
        f"Gladly.\n\nAm 08.06.2027 um 09:13 schrieb Robin Weaver:\n{marked}\n",
    )
    for one in answers:
        assert own(one) == "Gladly."
    assert unquoted(ours).strip() == TEXT.strip(), "a copy of ours that is found in Sent says what it said"
