"""Old words go once nothing rests on them, and what is decided stays as it would be.

Tried by hand, each makes a test here fail: no regard to open threads, none to the year that is counted, none to letters
that are still to be filed, and the trigger as it was.
"""

from pathlib import Path

import pytest

from followupd.actions import filing
from followupd.actions import threads as words
from followupd.actions.housekeeping import let_go
from followupd.actions.reopening import reopen
from followupd.actions.round import one_round
from followupd.app import App
from followupd.core.model import LetterState, State
from followupd.store import facts, messages
from tests.actions.conftest import ada
from tests.actions.pretend import ADA, Fuse, Server, days, process, reply, somebody

KEPT = '[storage]\nkeep_bodies = "6 months"\n'


@pytest.fixture
def server() -> Server:
    return Server(files=True)


@pytest.fixture
def app(tmp_path: Path, server: Server) -> App:
    started = process(tmp_path, server, Fuse(), more=KEPT)
    somebody(started, ADA)
    return started


def at(app: App, server: Server, day: float) -> int:
    server.now = days(day)
    return one_round(app)


def answer(app: App, server: Server) -> None:
    at(app, server, 0)
    server.receive(reply(server.to(ADA)[0], days(3)))
    at(app, server, 3)
    assert ada(app).thread.state is State.ANSWERED


def excerpts(app: App) -> list[str]:
    return [one.excerpt for one in messages.of_thread(app.db, ada(app).thread.id)]


def test_words_go_half_a_year_after_they_came_and_letters_after_a_year(app: App, server: Server) -> None:
    answer(app, server)
    before = ada(app)
    assert excerpts(app) == ["Gladly. Call me on Tuesday."]
    at(app, server, 170)
    assert excerpts(app) == ["Gladly. Call me on Tuesday."]
    at(app, server, 190)
    assert excerpts(app) == [""]
    (letter,) = ada(app).letters
    assert letter.body
    at(app, server, 364)
    assert ada(app).letters[0].body
    at(app, server, 368)
    (letter,) = ada(app).letters
    assert (letter.body, letter.raw, letter.state) == ("", b"", LetterState.SENT)
    assert letter.subject == before.letters[0].subject
    assert letter.message_id == before.letters[0].message_id
    after = ada(app)
    assert (after.thread, after.contact) == (before.thread, before.contact)
    (seen,) = messages.of_thread(app.db, after.thread.id)
    assert (seen.verdict, seen.received_at) == ("reply", days(0))


def test_an_answer_that_comes_after_the_words_went_is_still_found(app: App, server: Server) -> None:
    answer(app, server)
    at(app, server, 400)
    server.receive(reply(server.to(ADA)[0], days(401), "One more thing, years later."))
    at(app, server, 401)
    assert excerpts(app) == ["", "One more thing, years later."]


def test_nothing_goes_of_a_thread_that_is_open(app: App, server: Server) -> None:
    at(app, server, 0)
    words.pause(app, ADA, None)
    at(app, server, 800)
    assert ada(app).letters[0].body
    words.stop(app, ADA)
    at(app, server, 802)
    assert ada(app).letters[0].body == ""


def test_what_is_decided_of_somebody_who_is_written_to_anew_is_as_if_the_words_were_there(tmp_path: Path) -> None:
    decided = []
    for number, more in enumerate((KEPT, "")):
        folder, server = tmp_path / str(number), Server(files=True)
        folder.mkdir()
        app = process(folder, server, Fuse(), more=more)
        somebody(app, ADA)
        answer(app, server)
        at(app, server, 400)
        assert bool(ada(app).letters[0].body) is not bool(more)
        reopen(app, ADA, None, "")
        sent = at(app, server, 420)
        case = ada(app)
        # the opening letter, quoted below a late one, is the one thing that is gone with its words
        decided.append((sent, case.thread.state, case.thread.reason, case.letters[1].state))
        app.db.close()
    assert decided[0] == decided[1]


def test_a_letter_that_is_still_to_be_filed_stays_whole(app: App, server: Server) -> None:
    answer(app, server)
    letter = ada(app).letters[0]
    facts.put(app.db, facts.of("unfiled", app.account), str(letter.id), days(3))
    assert filing.unfiled(app) == (letter.id,)
    server.now = days(500)
    let_go(app, days(500))
    assert ada(app).letters[0].body


def test_without_the_key_nothing_goes(tmp_path: Path, server: Server) -> None:
    app = process(tmp_path, server, Fuse())
    somebody(app, ADA)
    answer(app, server)
    at(app, server, 2000)
    assert excerpts(app) == ["Gladly. Call me on Tuesday."]
    assert ada(app).letters[0].body


def test_words_on_the_wire_can_be_let_go_and_not_changed(app: App, server: Server) -> None:
    answer(app, server)
    for change in (
        "body = 'other'",
        "body = '', raw = x'00'",
        "subject = ''",
        "message_id = '<x@y>', body = '', raw = x''",
    ):
        with pytest.raises(Exception, match="stay"):
            app.db.run(f"UPDATE letters SET {change}")


def test_many_go_over_several_rounds(app: App, server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("followupd.store.retention.AT_ONCE", 1)
    answer(app, server)
    server.receive(reply(server.to(ADA)[0], days(4), "And thanks."))
    at(app, server, 4)
    at(app, server, 200)
    assert sorted(excerpts(app)) == ["", "And thanks."]
    at(app, server, 200.1)
    assert excerpts(app) == ["", ""]
