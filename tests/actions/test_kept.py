"""Notes, milestones and kept words: what a letter takes up, when it waits for news, and what is told only once."""

from datetime import date
from pathlib import Path

import pytest

from followupd.actions import contacts, reopening
from followupd.actions import threads as words
from followupd.actions.contacts import About
from followupd.app import App
from followupd.core.errors import FollowupdError
from followupd.core.model import State
from tests.actions.conftest import ada, at
from tests.actions.pretend import ADA, Fuse, Server, days, process, reply, somebody

CADENCE = """
[cadences.store]
steps = [
  { template = "opening" },
  { milestone = "store", after = "4 weeks", latest = "8 months", template = "news" },
  { after = "4 months", template = "last-word" },
]
[cadences.careful]
no_news = "hold"
steps = [{ template = "opening" }, { after = "2 weeks", template = "reminder" }]
"""


@pytest.fixture
def shops(tmp_path: Path, server: Server) -> App:
    """Ada in a cadence that waits for a store; her opening letter is out."""
    app = process(tmp_path, server, Fuse(), more=CADENCE)
    somebody(app, ADA)
    contacts.edit(app, ADA, contacts.Edit(fields={}, cadence="store"))
    at(app, server, 0)
    return app


def bodies(app: App) -> list[str]:
    return [one.body for one in ada(app).letters]


def test_a_milestone_lets_the_letter_go_after_its_wait_and_is_told_in_it(shops: App, server: Server) -> None:
    assert at(shops, server, 100) == 0
    contacts.note(shops, ADA, "The weather is fine.")
    assert at(shops, server, 110) == 0, "other news are no milestone"
    contacts.note(shops, ADA, "Our first store is open.", About(milestone="store", url="https://example.org/store"))
    assert ada(shops).thread.next_at == days(110)
    assert at(shops, server, 110) == 1
    assert "Our first store is open. https://example.org/store" in bodies(shops)[1]
    assert [bool(one.spent_by) for one in ada(shops).notes] == [False, True]


def test_a_milestone_reached_soon_shortens_no_wait(shops: App, server: Server) -> None:
    server.now = days(1)
    contacts.note(shops, ADA, "Our first store is open.", About(milestone="store"))
    assert ada(shops).thread.next_at == days(28)


def test_without_its_milestone_a_letter_is_held_on_the_latest_day_and_never_sent(shops: App, server: Server) -> None:
    for day in range(30, 600, 30):
        assert at(shops, server, day) == 0
    assert (ada(shops).thread.state, "'store' is not reached" in ada(shops).thread.reason) == (State.HELD, True)
    assert contacts.note(shops, ADA, "The weather is fine.").thread.state is State.HELD
    assert contacts.note(shops, ADA, "It is open.", About(milestone="store")).thread.state is State.WAITING
    assert at(shops, server, 601) == 1


def test_the_user_may_send_without_the_milestone(shops: App, server: Server) -> None:
    at(shops, server, 300)
    words.resume(shops, ADA)
    assert at(shops, server, 301) == 1


@pytest.mark.parametrize(
    "about",
    [
        About(milestone="shop"),
        About(url="javascript:alert(1)"),
        About(url="https://example.org/a b"),
        About(url="https://example.org/\x1b[2J"),
        About(expires=date(1999, 1, 1)),
    ],
)
def test_a_note_that_no_letter_could_tell_is_refused(shops: App, about: About) -> None:
    with pytest.raises(FollowupdError):
        contacts.note(shops, ADA, "Our first store is open.", about)
    assert ada(shops).notes == ()


def test_news_that_are_old_are_not_told(app: App, server: Server) -> None:
    at(app, server, 0)
    contacts.note(app, ADA, "The queue is gone.")
    contacts.note(app, ADA, "We show it at the fair.", About(expires=days(13).date()))
    at(app, server, 14)
    assert "The queue is gone." in bodies(app)[1]
    assert "fair" not in bodies(app)[1]


def test_a_cadence_may_hold_what_has_nothing_new_to_tell(shops: App, server: Server) -> None:
    contacts.edit(shops, ADA, contacts.Edit(fields={}, cadence="careful"))
    assert at(shops, server, 14) == 0
    assert ada(shops).thread.state is State.HELD


def test_who_asked_for_later_is_taken_at_their_word_once(app: App, server: Server) -> None:
    at(app, server, 0)
    server.receive(reply(server.to(ADA)[0], days(1), "Thank you for this. Not now, please ask me again in September."))
    at(app, server, 2)
    assert reopening.reopen(app, ADA, days(60).date(), "").thread.kept_words.startswith("Not now")
    assert at(app, server, 60) == 1
    assert "“Not now, please ask me again in September.”" in bodies(app)[1]
    assert ada(app).letters[-1].template == "as-you-asked"
    assert ada(app).thread.kept_words == ""
    assert at(app, server, 120) == 1
    assert "September" not in bodies(app)[2]


def test_the_usual_letter_goes_where_the_user_wants_it_or_they_asked_for_nothing(app: App, server: Server) -> None:
    at(app, server, 0)
    server.receive(reply(server.to(ADA)[0], days(1), "Please ask me again in September."))
    at(app, server, 2)
    assert reopening.reopen(app, ADA, days(60).date(), "", words="").thread.kept_words == ""


def test_a_snooze_keeps_their_words_and_a_hostile_one_is_refused(app: App, server: Server) -> None:
    at(app, server, 0)
    words.snooze(app, ADA, days(90).date(), "Ask me when the harvest is in")
    with pytest.raises(FollowupdError):
        words.snooze(app, ADA, days(91).date(), "a\nBcc: somebody")
    assert at(app, server, 60) == 0
    assert at(app, server, 91) == 1
    assert "“Ask me when the harvest is in.”" in bodies(app)[1]
