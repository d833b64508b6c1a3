"""After a yes: letters that tell what came of it go on in the same thread, by the user's word and with news alone.

Tried with the need for news of a first letter, and with the letters before, switched off: the tests named so fail.
"""

from email import message_from_bytes
from email.message import Message
from email.policy import default

import pytest

from followupd.actions import contacts, promises, reopening
from followupd.actions import threads as words
from followupd.app import App
from followupd.core.errors import FollowupdError
from followupd.core.model import Draft, State
from followupd.store import threads
from tests.actions.conftest import ada, at
from tests.actions.pretend import ADA, BO, Server, days, reply, somebody

TOUCH = "keep-in-touch"


@pytest.fixture
def answered(app: App, server: Server) -> App:
    """Ada has answered the opening letter on the second day."""
    at(app, server, 0)
    server.receive(reply(server.to(ADA)[0], days(1)))
    at(app, server, 2)
    assert ada(app).thread.state is State.ANSWERED
    return app


def newest(server: Server) -> Message:
    return message_from_bytes(server.to(ADA)[-1].raw)


def text(draft: Draft) -> str:
    return str(message_from_bytes(draft.raw, policy=default).get_content())


def test_it_never_begins_by_itself(answered: App, server: Server) -> None:
    contacts.note(answered, ADA, "Your advice has saved the harvest.")
    assert [at(answered, server, day) for day in range(3, 800, 50)] == [0] * 16


def test_a_first_letter_too_waits_four_months_and_for_news(answered: App, server: Server) -> None:
    begun = reopening.reopen(answered, ADA, None, TOUCH).thread
    assert (begun.state, begun.continues is not None) == (State.SCHEDULED, True)
    assert at(answered, server, 100) == 0
    assert ada(answered).thread.state is State.SCHEDULED
    assert at(answered, server, 130) == 0
    assert ada(answered).thread.reason.startswith("nothing new to tell; give some with: followupd note")
    contacts.note(answered, ADA, "Your advice has saved the harvest.")
    assert at(answered, server, 131) == 1
    assert "Your advice has saved the harvest." in text(server.to(ADA)[-1])
    # every later one, too
    assert at(answered, server, 260) == 0
    assert ada(answered).thread.reason.startswith("nothing new to tell")


def test_it_goes_on_in_the_thread_that_is_there_in_answer_to_theirs(answered: App, server: Server) -> None:
    reopening.reopen(answered, ADA, days(30).date(), TOUCH)
    contacts.note(answered, ADA, "Your advice has saved the harvest.")
    assert at(answered, server, 31) == 1
    first, now = message_from_bytes(server.to(ADA)[0].raw), newest(server)
    assert now["Subject"] == f"Re: {first['Subject']}"
    theirs = reply(server.to(ADA)[0], days(1))
    answer = message_from_bytes(theirs)["Message-ID"]
    assert (now["In-Reply-To"], str(now["References"]).split()) == (answer, [first["Message-ID"], answer])
    assert "Re: " not in str(first["Subject"])


def test_an_answer_ends_it_like_any_other_thread(answered: App, server: Server) -> None:
    reopening.reopen(answered, ADA, days(30).date(), TOUCH)
    for text_ in ("The harvest is in.", "The barn is full."):
        contacts.note(answered, ADA, text_)
    at(answered, server, 31)
    server.receive(reply(server.to(ADA)[-1], days(32), "How good to hear!"))
    assert [at(answered, server, day) for day in (33, 200, 400, 800)] == [0] * 4
    assert ada(answered).thread.state is State.ANSWERED
    assert [note.spent_by is None for note in ada(answered).notes] == [True, False]


def test_an_answer_to_the_old_letter_ends_it_too(answered: App, server: Server) -> None:
    reopening.reopen(answered, ADA, days(30).date(), TOUCH)
    contacts.note(answered, ADA, "The harvest is in.")
    server.receive(reply(server.to(ADA)[0], days(20), "One more thing: mind the frost."))
    assert [at(answered, server, day) for day in (21, 31, 200)] == [0] * 3


def test_it_ends_after_its_last_letter_and_counts_as_news_that_was_owed(answered: App, server: Server) -> None:
    def owed() -> list[str]:
        return [one.kind.value for one in promises.owed(answered)]

    assert owed() == ["offer", "thanks", "first-news", "second-news"]
    reopening.reopen(answered, ADA, None, TOUCH)
    sent = []
    for month, told in enumerate(("The harvest is in.", "The barn is full.", "We have bought a second field."), 1):
        contacts.note(answered, ADA, told)
        sent.append(at(answered, server, 10 + 123 * month))
    assert sent == [1, 1, 1]
    assert ada(answered).thread.state is State.SILENT
    assert owed() == ["offer", "thanks"]
    bodies = [text(one) for one in server.to(ADA)[1:]]
    assert [one.count("The barn is full.") for one in bodies] == [0, 1, 0]
    # started again by hand it is theirs to read: nothing of the same is sent unseen
    assert reopening.reopen(answered, ADA, None, TOUCH).thread.state is State.SCHEDULED


def test_nobody_who_has_not_answered_gets_it(app: App, server: Server) -> None:
    for cadence in ("other", TOUCH):
        with pytest.raises(FollowupdError):
            contacts.edit(app, ADA, contacts.Edit(fields={}, cadence=cadence))
    at(app, server, 0)
    words.stop(app, ADA)
    with pytest.raises(FollowupdError, match="who have answered, and the thread is stopped"):
        reopening.reopen(app, ADA, None, TOUCH)
    words.answered(app, ADA, "phone")
    assert reopening.reopen(app, ADA, None, TOUCH).thread.continues is not None


def test_where_no_letter_went_there_is_no_re(app: App, server: Server) -> None:
    words.answered(app, ADA, "in person")
    reopening.reopen(app, ADA, days(10).date(), TOUCH)
    contacts.note(app, ADA, "The harvest is in.")
    assert at(app, server, 11) == 1
    assert newest(server)["Subject"] == "Ada, what came of it"
    assert newest(server)["In-Reply-To"] is None


def test_your_own_letter_restarts_the_wait_and_holds_nothing(answered: App, server: Server) -> None:
    begun = reopening.reopen(answered, ADA, None, TOUCH).thread
    mine = (
        server.to(ADA)[0].raw.replace(b"Message-ID: <", b"Message-ID: <thanks.").replace(b"Subject: ", b"Subject: Re: ")
    )
    mine = mine.replace(b"23 Nov 2026", b"05 Dec 2026")
    server.now = days(12)
    server.receive(mine, "Sent")
    at(answered, server, 12)
    after = ada(answered).thread
    assert after.state is State.SCHEDULED
    assert after.next_at is not None
    assert begun.next_at is not None
    assert after.next_at > begun.next_at


def test_it_is_no_new_ask(answered: App, server: Server) -> None:
    reopening.reopen(answered, ADA, None, TOUCH)
    somebody(answered, BO)
    assert at(answered, server, 3) == 1
    assert [one.continues for one in (ada(answered).thread,)] != [None]


def test_words_for_another_cadence_are_kept_or_refused_and_never_lost(app: App, server: Server) -> None:
    at(app, server, 0)
    server.receive(reply(server.to(ADA)[0], days(1), "Not now, please ask me again in September."))
    at(app, server, 2)
    with pytest.raises(FollowupdError, match="no place for their words") as caught:
        reopening.reopen(app, ADA, None, TOUCH, "the harvest comes first")
    assert "--reason" in caught.value.hint
    begun = reopening.reopen(app, ADA, days(60).date(), "question").thread
    assert (begun.cadence, begun.kept_words) == ("question", "Not now, please ask me again in September.")
    assert at(app, server, 60) == 1
    assert "“Not now, please ask me again in September.”" in text(server.to(ADA)[-1])
    assert newest(server)["Subject"].startswith("Re: ")
    assert threads.standing(app.db, begun.id).kept_words == ""


def test_words_are_refused_where_no_letter_has_gone(app: App) -> None:
    words.stop(app, ADA)
    with pytest.raises(FollowupdError, match="no letter went to them"):
        reopening.reopen(app, ADA, None, "question", "in autumn")
    assert reopening.reopen(app, ADA, None, "question", "").thread.continues is None
