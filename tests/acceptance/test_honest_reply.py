""" "Re:" and references only to what this reader got (M06), the opening below after a long time (M05, C28)."""

import pytest

from tests.acceptance.letters import answer
from tests.acceptance.years import Years, text
from tests.servers.mailbox import Stored

FORTNIGHT = 15
"""Days after which the second letter has gone."""
PATIENT = [
    {"template": "opening"},
    {"after": "2 weeks", "template": "reminder"},
    {"after": "9 weeks", "template": "news"},
    {"after": "7 months", "template": "last-word"},
]


@pytest.fixture
def ada(years: Years) -> str:
    """Somebody who got the opening letter."""
    address = years.servers.new_user("ada")
    years.settings["cadences.patient"] = {"steps": PATIENT}
    years.add(address)
    years.round()
    assert len(years.servers.wait_for(address)) == 1
    return address


def test_a_letter_to_a_new_address_answers_nothing_and_says_where_the_earlier_one_went(years: Years, ada: str) -> None:
    new = years.servers.new_user("ada", "elsewhere.test")
    years.run("edit", ada, "--email", new)
    shown = years.run("preview", new).out
    years.on_day(FORTNIGHT)
    assert len(years.letters(ada)) == 1
    [letter] = years.letters(new)
    [opening] = years.letters(ada)
    assert letter.header("In-Reply-To") == letter.header("References") == ""
    assert letter.header("Subject") == f"{opening.header('Subject')} (first sent to {ada})"
    said = text(letter)
    assert f"An earlier letter of mine, of {day(opening)}, went to your old address, {ada}. It stands below." in said
    assert f"\n\nOn {day(opening)}, Ida Brandt wrote to {ada}:\n> Dear Ada,\n>\n> " in said
    assert said.rindex("wrote to") > said.index("Kind regards")
    assert f"went to your old address, {ada}" in " ".join(shown.split())

    years.on_day(FORTNIGHT + 64)
    [letter, later] = years.letters(new)
    assert later.header("In-Reply-To") == later.header("References") == letter.header("Message-ID")
    assert later.header("Subject") == f"Re: {letter.header('Subject')}"
    assert "old address" not in text(later)


@pytest.mark.parametrize("number", [0, 1])
def test_an_answer_is_found_whichever_letter_it_answers_and_wherever_it_comes_from(
    years: Years, ada: str, number: int
) -> None:
    new = years.servers.new_user("ada", "elsewhere.test")
    [opening] = years.letters(ada)
    years.run("edit", ada, "--email", new)
    years.on_day(FORTNIGHT)
    letter = [opening, *years.letters(new)][number]
    years.servers.deliver(years.me, answer(letter, "somebody@else.test"))
    years.round()
    assert years.state(new) == "answered"


def test_a_thread_reopened_after_a_late_bounce_does_not_pretend_to_an_address_that_got_nothing(
    years: Years, ada: str
) -> None:
    [opening] = years.letters(ada)
    years.on_day(FORTNIGHT)
    years.servers.deliver(years.me, bounce(opening, ada, "5.1.1", "user unknown"))
    years.round()
    assert years.state(ada) == "undeliverable"
    new = years.servers.new_user("ada", "elsewhere.test")
    years.run("edit", ada, "--email", new)
    years.run("reopen", new)
    years.on_day(FORTNIGHT + 70)
    [letter] = years.letters(new)
    assert letter.header("References") == ""
    assert not letter.header("Subject").startswith("Re:")
    assert f"went to your old address, {ada}" in text(letter)


def test_a_letter_that_came_back_is_not_answered_at_the_same_address(years: Years, ada: str) -> None:
    [opening] = years.letters(ada)
    years.servers.deliver(years.me, bounce(opening, ada, "5.7.1", "rejected for policy reasons"))
    years.round()
    assert years.state(ada) == "held"
    years.run("resume", ada)
    years.on_day(FORTNIGHT)
    letter = years.letters(ada)[-1]
    assert letter.header("References") == ""
    assert letter.header("Subject") == opening.header("Subject")
    assert f"An earlier letter of mine, of {day(opening)}, seems not to have reached you." in text(letter)


def test_after_two_weeks_nothing_is_quoted_and_after_nine_the_opening_is(years: Years, ada: str) -> None:
    years.on_day(FORTNIGHT)
    years.on_day(FORTNIGHT + 64)
    opening, second, third = years.letters(ada)
    assert "wrote:" not in text(second)
    quoted = "\n".join(f"> {line}".rstrip() for line in text(opening).rstrip("\n").split("\n"))
    assert text(third).endswith(f"\n\nOn {day(opening)}, Ida Brandt wrote:\n{quoted}\n")
    assert third.header("Subject") == f"Re: {opening.header('Subject')}"
    years.servers.deliver(years.me, answer(third, ada, "Gladly. Call me on Tuesday."))
    years.round()
    shown = years.show(ada)
    assert shown["state"] == "answered"
    assert shown["messages"][0]["excerpt"].startswith("Gladly. Call me on Tuesday.")
    assert "Dear Ada" not in shown["messages"][0]["excerpt"]


def test_the_quotation_can_be_switched_off_or_asked_for_sooner(years: Years, ada: str) -> None:
    years.settings["sending"] = {"quote_after": "1 week"}
    assert "wrote:" in years.run("preview", ada).out
    years.settings["sending"] = {"quote_after": "0 days"}
    assert "wrote:" not in years.run("preview", ada, "--all").out


def day(letter: Stored) -> str:
    """Give the day of a letter as its text names it."""
    date = letter.parsed["Date"].datetime
    return f"{date.day} {date:%B %Y}"


def bounce(letter: Stored, address: str, status: str, words: str) -> bytes:
    """Give a delivery report (RFC 3464) that has the header of the letter in it."""
    head = letter.raw.replace(b"\r\n", b"\n").partition(b"\n\n")[0].decode()
    said = (
        f"From: MAILER-DAEMON@mx.test\nTo: {letter.header('From')}\nSubject: Undelivered Mail\n"
        "Message-ID: <report@mx.test>\nAuto-Submitted: auto-replied\nMIME-Version: 1.0\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\n\n'
        "--b\nContent-Type: text/plain\n\nThe letter could not be delivered.\n\n--b\n"
        "Content-Type: message/delivery-status\n\nReporting-MTA: dns; mx.test\n\n"
        f"Final-Recipient: rfc822; {address}\nAction: failed\nStatus: {status}\n"
        f"Diagnostic-Code: smtp; 550 {status} {words}\n\n"
        f"--b\nContent-Type: text/rfc822-headers\n\n{head}\n\n--b--\n"
    )
    return said.replace("\n", "\r\n").encode()
