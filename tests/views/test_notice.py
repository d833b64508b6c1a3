"""What is told at once carries no more of a stranger's words than is allowed, and nothing that a terminal obeys."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from followupd.core.notices import Notice, Words
from followupd.views import notice

HEARD = Notice(
    id="7",
    number=7,
    event="answered",
    at=datetime(2027, 1, 5, 12, tzinfo=UTC),
    account="main",
    email="ada@example.net",
    name="Ada Quist",
    text="reply from ada@example.net (it answers our letter); it seems to say: on the pier",
    subject="Re: your question",
    excerpt="Gladly.\nOn the pier.",
)


@pytest.mark.parametrize(
    ("words", "shown", "hidden"),
    [
        (Words.NONE, (), ("your question", "Gladly", "pier")),
        (Words.SUBJECT, ("Subject: Re: your question",), ("Gladly", "pier")),
        (Words.TEXT, ("Subject: Re: your question", "> Gladly.\n> On the pier."), ()),
    ],
)
def test_their_words_stand_there_as_far_as_that_is_allowed(
    words: Words, shown: tuple[str, ...], hidden: tuple[str, ...]
) -> None:
    text = notice.text(HEARD, words)
    assert text.startswith("Ada Quist <ada@example.net> answered.\n")
    assert text.endswith("See: followupd show ada@example.net\n")
    assert all(one in text for one in shown)
    assert not any(one in text for one in hidden)
    assert notice.subject(HEARD) == "followupd: an answer"


@pytest.mark.parametrize("event", ["held", "in_doubt", "undeliverable"])
def test_why_a_letter_is_held_may_hold_words_of_theirs(event: str) -> None:
    one = replace(HEARD, event=event)
    assert "pier" not in notice.text(one, Words.NONE) + notice.text(one, Words.SUBJECT)
    assert "it seems to say" in notice.text(one, Words.TEXT)


def test_an_alarm_says_why() -> None:
    one = Notice(id="alarm/x", event="alarm", at=HEARD.at, account="work", text="the login is refused")
    assert notice.text(one, Words.NONE) == "Account work: the login is refused\n"
    assert "not watched" in notice.subject(one)


def test_what_is_hostile_is_harmless() -> None:
    one = replace(HEARD, name="Ada\n\x1b[2J\u202e", subject="\x07x\r\nBcc: y", excerpt="\x1b]0;owned\x07\n-- \nBye")
    text = notice.text(one, Words.TEXT)
    assert not {"\x1b", "\x07", "\u202e", "\r"} & set(text)
    assert "\nBcc" not in text
