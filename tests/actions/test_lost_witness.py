"""A witness that lost its end and grew again, and none at all: what Sent and the rest of it tell is not overlooked."""

from pathlib import Path

import pytest

from followupd.actions import contacts, outbox
from followupd.actions import threads as words
from followupd.actions.contacts import Edit
from followupd.core.model import LetterState, State
from followupd.store import letters, messages
from tests.actions.conftest import ada, postman
from tests.actions.pretend import ADA, days
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


def test_a_second_try_that_went_to_another_address_since_is_found_in_sent_without_a_witness(tmp_path: Path) -> None:
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
    assert [world.at(2), world.at(3)] == [0, 0]
    first, second = ada(world.app).letters
    assert (first.state, second.state) == (LetterState.DISCARDED, LetterState.SENT)
    assert second.message_id == world.server.taken[0][1].message_id
    assert (second.rcpt_to, second.sent_at) == ("ada2@example.net", days(1))


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
