"""A witness that lost its end and grew again, and none at all: what Sent and the rest of it tell is not overlooked."""

from pathlib import Path

import pytest

from followupd.actions import contacts, doubt, outbox
from followupd.actions import threads as words
from followupd.actions.contacts import Edit
from followupd.core.model import Cursor, Deferred, LetterState, Refused, State
from followupd.store import letters, messages
from tests.actions.conftest import ada, postman
from tests.actions.pretend import ADA, Killed, days
from tests.actions.test_recall import World


@pytest.mark.parametrize("lost", [1, 10, 80, 150])
@pytest.mark.parametrize("seen", [True, False], ids=["the end was known", "nobody saw it missing"])
def test_a_stop_that_stands_where_a_lost_end_stood_is_read_by_a_backup_that_knew_that_end(
    tmp_path: Path, lost: int, seen: bool
) -> None:
    world = World(tmp_path, files=True)
    oldest = tmp_path / "oldest.db"
    world.back_up()
    (tmp_path / "backup.db").replace(oldest)
    assert world.at(0) == 1
    world.back_up()
    newer, held = (tmp_path / "backup.db").read_bytes(), world.witness.read_bytes()
    if not seen:
        oldest.replace(tmp_path / "backup.db")
    world.witness.write_bytes(held[:-lost])
    world.restore()
    words.stop(world.app, ADA)
    while world.witness.stat().st_size < len(held):
        words.pause_all(world.app)
        words.resume_all(world.app)
    (tmp_path / "backup.db").write_bytes(newer)
    world.restore()
    assert ada(world.app).thread.state is State.STOPPED
    assert [world.at(14), world.at(60)] == [0, 0]


@pytest.mark.parametrize("read", [True, False], ids=["Sent is read", "Sent is seen for the first time"])
def test_a_second_try_that_went_to_another_address_since_is_found_in_sent_without_a_witness(
    tmp_path: Path, read: bool
) -> None:
    world = World(tmp_path, files=True)
    world.back_up()
    world.server.files = False
    postman(world.app).loses_answer = True
    assert world.at(0) == 0
    world.server.taken.clear()
    world.server.files = True
    postman(world.app).loses_answer = False
    contacts.edit(world.app, ADA, Edit(fields={}, email="ada2@example.net"))
    (doubtful,) = ada(world.app, "ada2@example.net").letters
    outbox.retry(world.app, doubtful.id)
    assert world.at(1) == 1
    assert [draft.rcpt_to for _, draft in world.server.taken] == ["ada2@example.net"]
    world.witness.unlink()
    world.restore()
    if not read:
        see_for_the_first_time(world)
    assert [world.at(2), world.at(3)] == [0, 0]
    assert world.at(60) == 0
    *others, second = ada(world.app).letters
    assert [one.state for one in others] == ([] if read else [LetterState.DISCARDED])
    assert (second.state, second.message_id) == (LetterState.SENT, world.server.taken[0][1].message_id)
    assert (second.rcpt_to, second.sent_at) == ("ada2@example.net", days(1))
    assert ada(world.app).thread.state is State.HELD
    words.resume(world.app, ADA)
    assert [world.at(61), world.at(62)] == [1, 0]


def test_a_copy_to_which_exchange_gave_another_id_is_adopted_and_is_no_letter_by_hand(tmp_path: Path) -> None:
    world = World(tmp_path, files=True)
    world.back_up()
    assert world.at(0) == 1
    world.witness.unlink()
    ((at, raw),) = world.server.folders["Sent"]
    named = raw.replace(b"Message-ID:", b"Message-ID: <new@outlook.example>\r\nX-Microsoft-Original-Message-ID:")
    world.server.folders["Sent"] = [(at, named)]
    world.restore()
    assert [world.at(0.1), world.at(3)] == [0, 0]
    (letter,) = ada(world.app).letters
    assert (letter.state, letter.sent_at) == (LetterState.SENT, days(0))
    assert letters.sent_ids(world.app.db, ["<new@outlook.example>"]) == {"<new@outlook.example>": letter.id}
    assert not messages.of_thread(world.app.db, ada(world.app).thread.id)


def test_a_letter_that_was_passed_over_does_not_go_once_a_later_one_lies_in_sent_to_a_corrected_address(
    tmp_path: Path,
) -> None:
    world = World(tmp_path, files=True)
    assert world.at(0) == 1
    world.back_up()
    postman(world.app).answers.append(Deferred(text="450 4.2.0 later"))
    assert world.at(14) == 0
    outbox.discard(world.app, ada(world.app).letters[1].id)
    contacts.edit(world.app, ADA, Edit(fields={}, email="ada2@example.net"))
    assert world.at(60) == 1
    draft = world.server.taken[1][1]
    assert draft.rcpt_to == "ada2@example.net"
    world.witness.unlink()
    world.restore()
    assert [world.at(61), world.at(62)] == [0, 0]
    first, third = ada(world.app).letters
    assert (first.step, third.step, third.state, third.sent_at) == (0, 2, LetterState.SENT, days(60))


@pytest.mark.parametrize("read", [True, False], ids=["Sent is read", "Sent is seen for the first time"])
def test_after_a_letter_to_a_corrected_address_the_user_is_asked_where_the_next_one_goes(
    tmp_path: Path, read: bool
) -> None:
    world = restored_after_a_letter_to_a_corrected_address(tmp_path, read=read)
    assert [world.at(1), world.at(20)] == [0, 0]
    found = ada(world.app)
    assert (found.letters[0].state, found.letters[0].rcpt_to) == (LetterState.SENT, "ada2@example.net")
    assert "letter 1 went to ada2@example.net" in world.said()
    assert found.thread.reason == (
        "a copy in Sent shows that letter 1 went to ada2@example.net, which is not known to be theirs; if it is: "
        "followupd edit ada@example.net --email ada2@example.net, then: followupd resume ada2@example.net; if not: "
        "followupd resume ada@example.net"
    )
    contacts.edit(world.app, ADA, Edit(fields={}, email="ada2@example.net"))
    words.resume(world.app, "ada2@example.net")
    assert world.at(21) == 1
    assert world.server.taken[1][1].rcpt_to == "ada2@example.net"
    assert b"Re: Ada" in world.server.taken[1][1].raw


@pytest.mark.parametrize("read", [True, False], ids=["Sent is read", "Sent is seen for the first time"])
def test_killed_before_it_asks_it_asks_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, read: bool
) -> None:
    world = restored_after_a_letter_to_a_corrected_address(tmp_path, read=read)
    with monkeypatch.context() as patched:
        patched.setattr(doubt, "ask_where", killed)
        with pytest.raises(Killed):
            world.at(1)
    world.start()
    assert [world.at(2), world.at(20)] == [0, 0]
    assert "which is not known to be theirs" in ada(world.app).thread.reason


def killed(*_: object) -> None:
    raise Killed


@pytest.mark.parametrize("paused", [True, False], ids=["paused", "held"])
def test_whoever_is_paused_or_held_is_held_for_that_too(tmp_path: Path, paused: bool) -> None:
    world = World(tmp_path, files=True)
    assert world.at(0) == 1
    if paused:
        words.pause(world.app, ADA, None)
    else:
        postman(world.app).answers.append(Refused(text="554 5.7.1 no"))
    assert world.at(14) == 0
    world.back_up()
    contacts.edit(world.app, ADA, Edit(fields={}, email="ada2@example.net"))
    words.resume(world.app, "ada2@example.net")
    assert world.at(15) == 1
    world.witness.unlink()
    world.restore()
    assert world.at(16) == 0
    assert "which is not known to be theirs" in world.said()
    assert ada(world.app).thread.state is State.HELD
    assert world.at(80) == 0


@pytest.mark.parametrize("lost", [0, 3], ids=["the witness saw it sent", "its line is torn"])
@pytest.mark.parametrize("prepared", [True, False], ids=["of a letter that was prepared", "of one that is not known"])
def test_the_copy_in_sent_tells_where_a_letter_went_that_the_witness_saw(
    tmp_path: Path, prepared: bool, lost: int
) -> None:
    world = World(tmp_path, files=True)
    if prepared:
        postman(world.app).answers.append(Deferred(text="450 4.2.0 later"))
        assert world.at(0) == 0
    world.back_up()
    contacts.edit(world.app, ADA, Edit(fields={}, email="ada2@example.net"))
    assert world.at(1) == 1
    if lost:
        *before, on_the_wire = [one for one in world.witness.read_bytes().splitlines() if b" sent " not in one]
        world.witness.write_bytes(b"\n".join([*before, on_the_wire[:-lost]]))
    world.restore()
    assert [world.at(2), world.at(20)] == [0, 0]
    (letter,) = ada(world.app).letters
    assert (letter.state, letter.rcpt_to) == (LetterState.SENT, "ada2@example.net")
    assert "letter 1 went to ada2@example.net" in world.said()
    assert "which is not known to be theirs" in ada(world.app).thread.reason


def test_a_copy_that_comes_back_to_sent_tells_where_the_letter_went_and_that_is_asked_once(tmp_path: Path) -> None:
    world = World(tmp_path, files=True)
    world.back_up()
    contacts.edit(world.app, ADA, Edit(fields={}, email="ada2@example.net"))
    assert world.at(0) == 1
    [copy] = world.server.folders["Sent"]
    world.server.folders["Sent"].clear()
    world.restore()
    assert world.at(1) == 0
    assert ada(world.app).thread.state is State.WAITING
    world.server.folders["Sent"].append(copy)
    assert [world.at(2), world.at(20)] == [0, 0]
    assert "went to ada2@example.net, which is not known to be theirs" in ada(world.app).thread.reason
    words.resume(world.app, ADA)
    world.server.folders["Sent"].append(copy)
    assert world.at(21) == 1


def test_another_address_in_the_copy_of_a_letter_that_this_database_sent_holds_nothing(tmp_path: Path) -> None:
    """Exchange writes the main address of somebody in one's own organisation."""
    world = World(tmp_path, files=False)
    assert world.at(0) == 1
    copy = world.server.taken[0][1].raw.replace(b"<ada@example.net>", b"<ada.lovelace@example.net>")
    world.server.receive(copy, "Sent")
    assert [world.at(1), world.at(20)] == [0, 1]


def restored_after_a_letter_to_a_corrected_address(folder: Path, *, read: bool) -> World:
    """Give the world after that, without a witness; Sent is `read`, or seen for the first time."""
    world = World(folder, files=True)
    world.back_up()
    contacts.edit(world.app, ADA, Edit(fields={}, email="ada2@example.net"))
    assert world.at(0) == 1
    world.witness.unlink()
    world.restore()
    if not read:
        see_for_the_first_time(world)
    return world


def see_for_the_first_time(world: World) -> None:
    """Let Sent be read from its end, as a folder is that was never seen."""
    end = Cursor(folder="Sent", uidvalidity=world.server.validity, last_uid=len(world.server.folders["Sent"]))
    messages.record(world.app.db, (), end, world.server.now)
