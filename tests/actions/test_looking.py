"""Nobody whom the user writes with by hand gets an opening letter before the user says so."""

from pathlib import Path

import pytest

from followupd.actions import adoption, contacts
from followupd.actions import threads as words
from followupd.actions.round import one_round
from followupd.app import App
from followupd.core.errors import UnreachableError
from followupd.core.model import Contact, LetterState, State
from followupd.store import messages
from tests.actions.by_hand import ME, MINE, adopted, mail, put, read_past
from tests.actions.conftest import ada, at, kinds
from tests.actions.pretend import ADA, Fuse, Server, days, process, somebody


@pytest.fixture
def app(tmp_path: Path, server: Server) -> App:
    """A process that knows nobody."""
    return process(tmp_path, server, Fuse())


def test_nobody_whom_the_user_writes_with_gets_an_opening_letter(app: App, server: Server) -> None:
    put(server, mail(days(-40), name="<old@max.example>"), -40)
    put(server, mail(days(-30)), -30)
    read_past(app, server)
    somebody(app, ADA)
    looked = adoption.try_to_look(app, ada(app))
    assert looked.found is not None
    assert (looked.found.message_id, looked.found.at) == (MINE, days(-30))
    assert looked.case.thread.state is State.HELD
    assert "followupd add ada@example.net --sent-already by.hand.1@max.example" in looked.case.thread.reason
    assert at(app, server, 1) == 0
    case = adopted(app, who=Contact(addresses=(ADA,)))
    assert (case.thread.state, case.thread.created_at) == (State.WAITING, days(-30))
    assert at(app, server, 1) == 0
    assert at(app, server, 4) == 1
    assert server.to(ADA)[0].subject == "Re: A question"


def test_the_user_may_send_the_opening_letter_all_the_same(app: App, server: Server) -> None:
    put(server, mail(days(-30)), -30)
    somebody(app, ADA)
    assert adoption.try_to_look(app, ada(app)).case.thread.state is State.HELD
    words.resume(app, ADA)
    assert at(app, server, 0.1) == 1


def test_the_daemon_looks_where_that_could_not_be_done_when_somebody_was_added(
    tmp_path: Path, app: App, server: Server
) -> None:
    put(server, mail(days(-30)), -30)
    server.down = True
    somebody(app, ADA)
    assert "cannot be reached" in adoption.try_to_look(app, ada(app)).trouble
    assert ada(app).thread.state is State.SCHEDULED
    server.down = False
    app.db.close()
    app = process(tmp_path, server, Fuse())
    assert at(app, server, 0.1) == 0
    assert (ada(app).thread.state, kinds(app)) == (State.HELD, ["added", "looked", "held"])
    assert server.to(ADA) == []


def test_the_daemon_looks_once_and_tells_so(app: App, server: Server) -> None:
    somebody(app, ADA)
    assert at(app, server, 0) == 1
    assert kinds(app) == ["added", "looked", "sent"]
    assert at(app, server, 14) == 1
    assert kinds(app).count("looked") == 1


def test_another_address_is_looked_for_too(app: App, server: Server) -> None:
    put(server, mail(days(-30), to="countess@example.com"), -30)
    somebody(app, ADA)
    assert adoption.try_to_look(app, ada(app)).found is None
    contacts.edit(app, ADA, contacts.Edit(fields={}, aliases=("countess@example.com",)))
    assert at(app, server, 0) == 0
    assert ada(app).thread.state is State.HELD


def test_what_was_written_years_ago_is_only_mentioned(app: App, server: Server) -> None:
    put(server, mail(days(-800)), -800)
    somebody(app, ADA)
    looked = adoption.try_to_look(app, ada(app))
    assert looked.found is not None
    assert looked.case.thread.state is State.SCHEDULED
    assert at(app, server, 0.1) == 1


def test_a_wish_to_be_left_alone_that_was_read_before_anybody_was_known_counts(app: App, server: Server) -> None:
    no = mail(days(-40), ADA, ME, "<no@x.test>", text="Please do not write to me again.")
    put(server, no, -40, "INBOX")
    read_past(app, server)
    somebody(app, ADA)
    assert adoption.try_to_look(app, ada(app)).case.thread.state is State.OPTED_OUT
    assert at(app, server, 1) == 0


def test_their_earlier_mail_answers_no_thread_that_has_not_begun(app: App, server: Server) -> None:
    put(server, mail(days(-3), ADA, ME, "<her@x.test>", text="Nice to meet you."), -3, "INBOX")
    read_past(app, server)
    somebody(app, ADA)
    assert adoption.try_to_look(app, ada(app)).case.thread.state is State.SCHEDULED
    assert at(app, server, 0.1) == 1
    assert ada(app).thread.state is State.WAITING


def test_an_answer_recorded_before_its_letter_was_adopted_ends_the_thread(app: App, server: Server) -> None:
    somebody(app, ADA)
    words.snooze(app, ADA, days(30).date())
    put(server, mail(days(1)), 1)
    put(server, mail(days(2), ADA, ME, "<her@x.test>", text="Gladly."), 2, "INBOX")
    assert at(app, server, 3) == 0
    assert ada(app).thread.state is State.HELD
    server.folders["INBOX"].clear()
    case = adopted(app, who=Contact(addresses=(ADA,)))
    assert case.thread.state is State.ANSWERED
    assert [one.verdict.value for one in messages.of_thread(app.db, case.thread.id) if one.from_ == ADA] == ["reply"]


def test_a_letter_prepared_before_the_adoption_is_dropped(tmp_path: Path, server: Server) -> None:
    app = process(tmp_path, server, Fuse(), more="approve = true")
    somebody(app, ADA)
    assert at(app, server, 0) == 0
    assert ada(app).letters[0].state is LetterState.HELD
    put(server, mail(days(-5)), -5)
    case = adopted(app, who=Contact(addresses=(ADA,)))
    assert [(one.attempt, one.state) for one in case.letters] == [(1, LetterState.DISCARDED), (2, LetterState.SENT)]
    assert case.thread.state is State.WAITING


def test_the_opening_letter_never_leaves_in_the_round_in_which_the_look_fails(app: App, server: Server) -> None:
    somebody(app, ADA)
    app.mailbox.search = lambda folder, sought: (_ for _ in ()).throw(UnreachableError("gone"))  # type: ignore[method-assign]
    with pytest.raises(UnreachableError):
        one_round(app)
    assert server.to(ADA) == []
