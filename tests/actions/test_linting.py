"""A letter with an error waits for the user, with what is wrong; their word sends it as it stands, or mends it.

Tried with the hook in dispatch switched off: the first three tests fail.
"""

from pathlib import Path

import pytest

from followupd.actions import contacts, outbox, threads
from followupd.actions.linting import lint
from followupd.app import App
from followupd.core.errors import FollowupdError
from followupd.core.model import Change, Contact, Event, LetterState, State
from followupd.store import threads as store_threads
from tests.actions.conftest import ada, at
from tests.actions.pretend import ADA, BO, Fuse, Server, days, process, somebody

POOR = '+++\nsubject = "A question"\n+++\nDear {{ first_name }},\n\nMay I pick your brain?\n\nBest,\n{{ my_name }}\n'


@pytest.fixture
def poor(tmp_path: Path) -> Path:
    """The user's own opening template, which breaks a rule."""
    path = tmp_path / "templates" / "opening.txt"
    path.parent.mkdir()
    path.write_text(POOR)
    return path


def test_an_error_holds_the_letter_and_approve_releases_it(app: App, server: Server, poor: Path) -> None:
    assert at(app, server, 0) == 0
    case = ada(app)
    (held,) = case.letters
    assert (case.thread.state, held.state) == (State.HELD, LetterState.HELD)
    assert case.thread.reason == (
        f"letter 1 breaks the rule vague-ask: followupd outbox show {held.id}; once it is mended: "
        f"followupd resume {ADA}; as it stands: followupd outbox approve {held.id}"
    )
    assert held.said.startswith('vague-ask: letter 1, line 3: "pick your brain": ')
    assert at(app, server, 1) == 0
    outbox.approve(app, held.id)
    assert at(app, server, 2) == 1
    assert server.to(ADA)[0].raw.count(b"pick your brain") == 1
    assert ada(app).thread.state is State.WAITING


def test_a_mended_letter_goes_by_the_users_word(app: App, server: Server, poor: Path) -> None:
    at(app, server, 0)
    poor.write_text(POOR.replace("pick your brain", "ask which of the three you would print again"))
    assert at(app, server, 1) == 0
    threads.resume(app, ADA)
    assert at(app, server, 2) == 1


def test_resumed_without_being_mended_it_is_held_again(app: App, server: Server, poor: Path) -> None:
    at(app, server, 0)
    threads.resume(app, ADA)
    assert at(app, server, 1) == 0
    assert "breaks the rule" in ada(app).thread.reason


def test_a_possible_answer_is_not_passed_over_by_mending_a_letter(app: App, server: Server, poor: Path) -> None:
    at(app, server, 0)
    case = ada(app)
    doubt = Event(at=days(1), kind="held", text="a possible answer waits: see followupd show")
    store_threads.apply(app.db, Change(thread=case.thread, events=(doubt,)))
    poor.write_text(POOR.replace("pick your brain", "ask which of the three you would print again"))
    with pytest.raises(FollowupdError, match="waits for you"):
        threads.resume(app, ADA)


def test_the_same_letter_in_other_clothes_is_held(app: App, server: Server, poor: Path) -> None:
    same = poor.read_text().replace("pick your brain", "ask which of the three tables you would print once more")
    poor.write_text(same)
    (poor.parent / "reminder.txt").write_text(same.replace("Dear", "Hello again,"))
    assert at(app, server, 0) == 1
    assert at(app, server, 20) == 0
    assert "same-again" in ada(app).thread.reason


def test_a_rule_that_is_off_holds_nothing(tmp_path: Path, server: Server, poor: Path) -> None:
    app = process(tmp_path, server, Fuse(), more='[lint]\noff = ["vague-ask"]')
    somebody(app, ADA)
    assert at(app, server, 0) == 1


def test_an_own_phrase_holds_and_a_list_that_cannot_be_read_is_named(tmp_path: Path, server: Server) -> None:
    phrases = tmp_path / "mine.toml"
    phrases.write_text('pressure = ["no hurry"]')
    app = process(tmp_path, server, Fuse(), more='[lint]\nphrases = "mine.toml"')
    somebody(app, ADA)
    assert at(app, server, 0) == 0
    assert "breaks the rule pressure" in ada(app).thread.reason
    phrases.write_text("pressure = ")
    again = process(tmp_path, server, Fuse(), more='[lint]\nphrases = "./mine.toml"')
    somebody(again, BO)
    assert at(again, server, 1) == 0


def test_what_was_noted_long_ago_is_not_told_as_if_it_were_new(app: App, server: Server) -> None:
    assert at(app, server, 0) == 1
    server.now = server.now.replace(day=24)
    contacts.note(app, ADA, "I loved your talk last week.")
    assert at(app, server, 40) == 0
    assert "breaks the rule stale-words" in ada(app).thread.reason


def test_after_a_meeting_a_letter_may_go_on_from_it(app: App, server: Server, poor: Path) -> None:
    poor.write_text(POOR.replace("May I pick your brain?", "As discussed, which of the tables would you print again?"))
    assert [one.rule for one in lint(app, ada(app))][-1] == "false-reply"
    contacts.met(app, ADA, "at the fair")
    assert "false-reply" not in [one.rule for one in lint(app, ada(app))]


def test_a_letter_that_cannot_be_written_is_found_before_its_day(app: App) -> None:
    contacts.add(app, Contact(addresses=(BO,), name="Bo", ask="Which?", admire="Your list."))
    from followupd.actions.word import find

    assert "unwritable" in {one.rule for one in lint(app, find(app, BO))}


def test_an_ask_that_grows_in_a_cadence_is_found_with_both_places(app: App, poor: Path) -> None:
    ask = "Could I have {} to ask which table you would print again? A no is fine."
    poor.write_text(POOR.replace("May I pick your brain?", ask.format("15 minutes")))
    (poor.parent / "reminder.txt").write_text(
        f"Dear {{{{ first_name }}}},\n\nThe yard is open. {ask.format('60 minutes')}\n\nBest,\nMax\n"
    )
    (one,) = (one for one in lint(app, ada(app)) if one.rule == "ask-grows")
    assert one.words == "60 minutes, and 15 minutes in letter 1, line 3"
    assert one.where == f"letter 2 (reminder) to {ADA}"
