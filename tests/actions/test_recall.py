"""A database put back from a backup: what left since is not sent again, and what the user said since is not forgotten.

Tried by hand, each makes a test here fail: no line before the data (`letters.intend` without its line: "a letter whose
end the witness did not see"), no line after it (`letters.settle` without its: "neither letter leaves again"), no recall
in the round (nearly all), stops and opt-outs not in the witness (`threads.apply` without its line), and a torn last
line passed over (`sightings.torn` giving None).
"""

import logging
import re
import shutil
from collections.abc import Callable
from contextlib import suppress
from datetime import date
from pathlib import Path

import pytest

from followupd.actions import outbox, reopening
from followupd.actions import threads as words
from followupd.actions.barring import take_up
from followupd.actions.round import one_round
from followupd.app import App
from followupd.core.errors import FollowupdError
from followupd.core.model import LetterState, State
from followupd.store import contacts, letters, threads
from followupd.store.db import backup, open_database
from tests.actions.conftest import ada, postman
from tests.actions.pretend import ADA, BO, Fuse, Killed, Server, days, process, reply, somebody

SAVE = "never"
"""Nothing is filed by us: what is in Sent, the provider has put there."""


class World:
    """One user's database, its witness and their provider."""

    def __init__(self, folder: Path, *, files: bool) -> None:
        self.folder = folder
        self.server = Server(files=files)
        self.app = self.start()
        somebody(self.app, ADA)

    @property
    def database(self) -> Path:
        return self.folder / "followupd.db"

    @property
    def witness(self) -> Path:
        return self.folder / "followupd.db.witness"

    def start(self, fuse: Fuse | None = None) -> App:
        self.app = process(self.folder, self.server, fuse or Fuse(), save=SAVE)
        # as whoever opens the database does (`wiring.desk`)
        take_up(self.app, self.server.now)
        return self.app

    def at(self, day: float) -> int:
        self.server.now = days(day)
        return one_round(self.app)

    def back_up(self) -> None:
        backup(self.app.db, self.folder / "backup.db")

    def restore(self) -> None:
        """Put the backup in the place of the database, as a user does."""
        self.app.db.close()
        for leftover in ("-wal", "-shm"):
            self.database.with_name(self.database.name + leftover).unlink(missing_ok=True)
        shutil.copyfile(self.folder / "backup.db", self.database)
        self.start()

    def said(self) -> str:
        return "\n".join(event.text for event in threads.events(self.app.db, ada(self.app).thread.id))


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path, files=False)


@pytest.mark.parametrize(
    ("files", "known"), [(True, "adopted from Sent"), (False, "the witness file saw it sent")], ids=["Sent", "witness"]
)
def test_two_letters_after_the_backup_neither_leaves_again_and_the_log_says_how_it_is_known(
    tmp_path: Path, files: bool, known: str
) -> None:
    world = World(tmp_path, files=files)
    world.back_up()
    assert [world.at(0), world.at(14)] == [1, 1]
    world.restore()
    assert [world.at(14.1), world.at(15), world.at(40)] == [0, 0, 0]
    assert len(world.server.taken) == 2
    case = ada(world.app)
    assert [letter.state for letter in case.letters] == [LetterState.SENT] * 2
    assert [letter.message_id for letter in case.letters] == [draft.message_id for _, draft in world.server.taken]
    assert world.said().count(known) == 2
    assert case.letters[1].sent_at == days(14)
    assert world.at(56.5) == 1
    assert world.server.to(ADA)[2].subject == world.server.to(ADA)[1].subject


def test_without_a_witness_what_lies_in_sent_is_adopted_all_the_same(tmp_path: Path) -> None:
    world = World(tmp_path, files=True)
    world.back_up()
    assert [world.at(0), world.at(14)] == [1, 1]
    world.witness.unlink()
    world.restore()
    assert [world.at(14.1), world.at(20)] == [0, 0]
    assert len(world.server.taken) == 2


def test_a_letter_whose_end_the_witness_did_not_see_is_in_doubt_and_not_sent(world: World) -> None:
    world.back_up()
    postman(world.app).loses_answer = True
    assert world.at(0) == 0
    world.restore()
    assert [world.at(0.1), world.at(20)] == [0, 0]
    assert len(world.server.taken) == 1
    assert [letter.state for letter in ada(world.app).letters] == [LetterState.UNCERTAIN]
    assert ada(world.app).thread.state is State.HELD


@pytest.mark.parametrize("effect", range(1, 25))
def test_killed_while_it_sends_and_then_restored_it_sends_nothing_twice(tmp_path: Path, effect: int) -> None:
    world = World(tmp_path, files=False)
    world.back_up()
    world.app.db.close()
    world.start(Fuse(at=effect))
    with suppress(Killed):
        world.at(0)
    world.restore()
    for day in (0.1, 1, 5):
        world.at(day)
    assert len(world.server.taken) <= 1
    assert world.server.taken or ada(world.app).thread.state is State.HELD


@pytest.mark.parametrize(
    ("word", "state"),
    [
        (lambda app: words.stop(app, ADA), State.STOPPED),
        (lambda app: words.answered(app, ADA, "phone"), State.ANSWERED),
        (lambda app: words.pause(app, ADA, None), State.PAUSED),
    ],
    ids=["stop", "answered", "pause"],
)
def test_the_users_word_after_the_backup_is_not_forgotten(
    world: World, word: Callable[[App], object], state: State
) -> None:
    world.at(0)
    world.back_up()
    word(world.app)
    world.restore()
    assert [world.at(14), world.at(60)] == [0, 0]
    assert ada(world.app).thread.state is state
    assert "says the witness file" in world.said()


def test_what_the_user_says_before_the_first_round_is_said_of_how_a_thread_stands(world: World) -> None:
    world.at(0)
    world.back_up()
    words.stop(world.app, ADA)
    world.restore()
    assert ada(world.app).thread.state is State.STOPPED
    with pytest.raises(FollowupdError, match="stopped"):
        words.snooze(world.app, ADA, days(10).date())
    assert [world.at(14), world.at(60)] == [0, 0]
    reopening.reopen(world.app, ADA, None, "")
    assert world.at(80) == 1


def test_a_snooze_after_the_backup_is_as_long_and_history_says_why(world: World) -> None:
    world.at(0)
    world.back_up()
    words.snooze(world.app, ADA, days(50).date())
    world.restore()
    assert [world.at(14), world.at(49)] == [0, 0]
    assert world.said().count("no letter before 2027-01-12T00:00:00Z, says the witness file") == 1
    assert world.at(51) == 1


def test_who_is_reopened_before_the_first_round_stays_so(world: World) -> None:
    world.at(0)
    world.back_up()
    words.stop(world.app, ADA)
    world.restore()
    reopening.reopen(world.app, ADA, None, "")
    assert [world.at(14), world.at(14.1)] == [1, 0]


@pytest.mark.parametrize("longer", [days(60).date(), None], ids=["longer", "without an end"])
def test_a_pause_that_was_made_longer_after_the_backup_is_as_long(world: World, longer: date | None) -> None:
    world.at(0)
    words.pause(world.app, ADA, days(20).date())
    world.back_up()
    words.pause(world.app, ADA, longer)
    world.restore()
    assert [world.at(21), world.at(59)] == [0, 0]
    assert ada(world.app).thread.state is State.PAUSED


def test_a_thread_that_was_stopped_and_reopened_is_not_stopped_again(world: World) -> None:
    world.at(0)
    words.stop(world.app, ADA)
    world.back_up()
    world.restore()
    reopening.reopen(world.app, ADA, None, "")
    assert [world.at(14), world.at(14.1)] == [1, 0]
    assert ada(world.app).thread.state is State.WAITING


def test_pausing_everything_is_not_forgotten_either(world: World) -> None:
    world.back_up()
    words.pause_all(world.app)
    world.restore()
    assert world.at(0) == 0
    words.resume_all(world.app)
    assert world.at(0.1) == 1


def test_a_witness_that_is_begun_anew_knows_that_everything_is_paused(world: World) -> None:
    world.back_up()
    words.pause_all(world.app)
    world.witness.unlink()
    assert world.at(0) == 0
    world.restore()
    assert [world.at(1), world.at(60)] == [0, 0]
    words.resume_all(world.app)
    assert world.at(61) == 1


def test_an_answer_after_the_backup_is_read_again_and_counts(world: World) -> None:
    world.at(0)
    world.back_up()
    world.server.receive(reply(world.server.to(ADA)[0], days(3)))
    world.at(3)
    assert ada(world.app).thread.state is State.ANSWERED
    world.restore()
    assert [world.at(14), world.at(60)] == [0, 0]
    assert ada(world.app).thread.state is State.ANSWERED


def test_a_possible_answer_that_was_read_and_deleted_holds_the_thread_again(world: World) -> None:
    world.back_up()
    world.server.receive(f"From: {ADA}\r\nTo: max@example.org\r\nMessage-ID: <a@example.net>\r\n\r\nHello.".encode())
    assert world.at(0) == 0
    assert ada(world.app).thread.state is State.HELD
    world.server.folders["INBOX"].clear()
    world.restore()
    assert [world.at(1), world.at(60)] == [0, 0]
    assert ada(world.app).thread.state is State.HELD
    assert "says the witness file" in ada(world.app).thread.reason
    assert f"followupd resume {ADA}" in ada(world.app).thread.reason
    words.resume(world.app, ADA)
    assert world.at(61) == 1


@pytest.mark.parametrize("paused", [True, False], ids=["paused before the backup", "not paused then"])
def test_a_possible_answer_in_a_pause_that_was_read_and_deleted_holds_the_thread_behind_the_pause(
    world: World, paused: bool
) -> None:
    if paused:
        words.pause(world.app, ADA, days(60).date())
    world.back_up()
    world.server.receive(f"From: {ADA}\r\nTo: max@example.org\r\nMessage-ID: <a@example.net>\r\n\r\nHello.".encode())
    assert world.at(0) == 0
    assert ada(world.app).thread.state is State.HELD
    words.pause(world.app, ADA, days(60).date())
    world.server.folders["INBOX"].clear()
    world.restore()
    assert [world.at(59), world.at(61), world.at(90)] == [0, 0, 0]
    assert ada(world.app).thread.state is State.HELD
    assert "says the witness file, and not why" in ada(world.app).thread.reason
    words.resume(world.app, ADA)
    assert world.at(91) == 1


@pytest.mark.parametrize("effect", range(5, 65, 3))
def test_killed_while_it_takes_up_what_the_witness_saw_it_forgets_no_stop(tmp_path: Path, effect: int) -> None:
    world = World(tmp_path, files=True)
    world.back_up()
    assert [world.at(0), world.at(14)] == [1, 1]
    words.stop(world.app, ADA)
    world.restore()
    world.app.db.close()
    world.start(Fuse(at=effect))
    with suppress(Killed):
        world.at(15)
    world.app.db.close()
    world.start()
    assert [world.at(16), world.at(60)] == [0, 0]
    assert ada(world.app).thread.state is State.STOPPED


def test_an_opt_out_is_kept_without_the_address_standing_in_the_witness(world: World) -> None:
    world.at(0)
    world.back_up()
    answer = reply(world.server.to(ADA)[0], days(3), "Please do not write to me again.")
    world.server.receive(answer)
    world.at(3)
    assert ada(world.app).thread.state is State.OPTED_OUT
    world.server.folders["INBOX"].clear()
    world.restore()
    assert world.at(14) == 0
    assert ada(world.app).thread.state is State.OPTED_OUT
    assert contacts.suppressed(world.app.db, ADA)
    assert b"ada@" not in world.witness.read_bytes()


def test_an_address_that_was_suppressed_after_the_backup_stays_so(world: World) -> None:
    world.back_up()
    contacts.suppress(world.app.db, [ADA], "asked by phone", days(0))
    world.restore()
    assert world.at(0) == 0
    assert contacts.suppressed(world.app.db, ADA)
    assert world.server.taken == []


def test_a_torn_last_line_counts_as_a_letter_on_the_wire(world: World) -> None:
    world.at(0)
    world.back_up()
    world.at(14)
    text = world.witness.read_bytes()
    lines = text.splitlines(keepends=True)
    second = next(number for number, line in enumerate(lines) if b" 1 1 sending <" in line)
    world.witness.write_bytes(b"".join(lines[:second]) + lines[second][:-30])
    world.restore()
    assert [world.at(14.1), world.at(20)] == [0, 0]
    assert [one.state for one in ada(world.app).letters] == [LetterState.SENT, LetterState.UNCERTAIN]
    # and what is written behind it begins a line of its own
    words.stop(world.app, ADA)
    assert b"\nthread " in world.witness.read_bytes()[len(b"".join(lines[:second])) :]


def test_a_torn_line_counts_although_the_user_has_said_something_since(world: World) -> None:
    world.back_up()
    world.at(0)
    text = world.witness.read_bytes()
    world.witness.write_bytes(text[: text.index(b" 0 1 sending <") + 30])
    world.restore()
    words.pause_all(world.app)
    words.resume_all(world.app)
    assert [world.at(0.1), world.at(20)] == [0, 0]
    assert [one.state for one in ada(world.app).letters] == [LetterState.UNCERTAIN]


def test_a_witness_that_is_gone_is_told_and_begun_anew(world: World, caplog: pytest.LogCaptureFixture) -> None:
    world.at(0)
    world.back_up()
    world.witness.unlink()
    with caplog.at_level(logging.WARNING):
        assert world.at(1) == 0
    assert "the witness file is gone" in caplog.text
    # the new one knows what the old one knew
    assert world.at(14) == 1
    world.restore()
    assert world.at(14.1) == 0
    assert len(world.server.taken) == 2


def test_an_old_backup_beside_a_witness_that_was_begun_after_it_sends_nothing_twice(world: World) -> None:
    world.back_up()
    world.at(0)
    world.witness.unlink()
    world.at(1)
    world.restore()
    assert [world.at(1.1), world.at(2)] == [0, 0]
    assert len(world.server.taken) == 1


def test_a_witness_of_another_database_is_refused(world: World, tmp_path: Path) -> None:
    world.at(0)
    (tmp_path / "other").mkdir()
    other = World(tmp_path / "other", files=False)
    other.at(0)
    shutil.copyfile(world.witness, other.witness)
    with pytest.raises(FollowupdError, match="another database"):
        other.at(14)
    assert len(other.server.taken) == 1


def test_with_its_witness_there_a_lost_database_is_not_begun_from_nothing(world: World) -> None:
    world.at(0)
    world.app.db.close()
    for leftover in world.folder.glob("followupd.db*"):
        if leftover != world.witness:
            leftover.unlink()
    with pytest.raises(FollowupdError, match="the database is gone") as caught:
        open_database(world.database, now=days(1))
    assert "backup" in caught.value.hint
    assert world.witness.name in caught.value.hint
    assert not world.database.exists()
    world.witness.rename(world.folder / "old")
    open_database(world.database, now=days(1)).close()


def test_where_the_witness_cannot_be_written_nothing_is_sent_and_nothing_is_in_doubt(world: World) -> None:
    world.at(0)
    moved = world.folder / "elsewhere"
    world.witness.rename(moved)
    world.witness.symlink_to(moved)
    with pytest.raises(FollowupdError, match="the witness file cannot be used"):
        world.at(14)
    world.witness.unlink()
    moved.rename(world.witness)
    assert world.at(14) == 1


def test_a_witness_that_fails_between_the_claim_and_the_data_leaves_the_letter_unsent(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.at(0)
    world.server.now = days(14)
    kept = letters.intend

    def full(db: object, letter_id: int, now: object) -> None:
        world.witness.chmod(0o600)
        aside = world.witness.rename(world.folder / "aside")
        world.witness.mkdir()
        try:
            kept(world.app.db, letter_id, days(14))
        finally:
            world.witness.rmdir()
            aside.rename(world.witness)

    monkeypatch.setattr(letters, "intend", full)
    with pytest.raises(FollowupdError, match="the witness file"):
        one_round(world.app)
    assert postman(world.app).withdrawn == 1
    monkeypatch.undo()
    assert ada(world.app).letters[1].state is LetterState.PREPARED
    assert world.at(14.1) == 1
    assert len(world.server.taken) == 2


def test_the_users_retry_is_kept_and_a_letter_that_was_seen_sent_is_not_retried(world: World) -> None:
    postman(world.app).loses_answer = True
    world.at(0)
    world.back_up()
    postman(world.app).loses_answer = False
    letter = ada(world.app).letters[0]
    outbox.retry(world.app, letter.id)
    assert world.at(0.1) == 1
    assert len(world.server.taken) == 2
    world.restore()
    assert [world.at(0.2), world.at(10)] == [0, 0]
    assert len(world.server.taken) == 2
    assert [one.state for one in ada(world.app).letters] == [LetterState.DISCARDED, LetterState.SENT]


def test_a_letter_in_doubt_that_the_user_wanted_again_after_the_backup_is_in_doubt_again(world: World) -> None:
    world.back_up()
    postman(world.app).loses_answer = True
    assert world.at(0) == 0
    outbox.retry(world.app, ada(world.app).letters[0].id)
    world.restore()
    assert [world.at(0.1), world.at(30)] == [0, 0]
    (letter,) = ada(world.app).letters
    assert (letter.state, ada(world.app).thread.state) == (LetterState.UNCERTAIN, State.HELD)
    outbox.retry(world.app, letter.id)
    assert world.at(30.1) == 1
    assert len({draft.message_id for _, draft in world.server.taken}) == 2


def test_a_letter_that_was_discarded_before_the_first_round_and_had_gone_out_stops_nobody(world: World) -> None:
    world.app.db.close()
    world.app = process(world.folder, world.server, Fuse(), save=SAVE, more="approve = true")
    assert world.at(0) == 0
    world.back_up()
    outbox.approve(world.app, ada(world.app).letters[0].id)
    assert world.at(0) == 1
    world.restore()
    outbox.discard(world.app, ada(world.app).letters[0].id)
    assert world.at(0.1) == 0
    (letter,) = ada(world.app).letters
    assert (letter.state, letter.sent_at) == (LetterState.SENT, days(0))
    assert "had gone to ada@example.net before it was discarded" in world.said()
    assert [world.at(13), world.at(15)] == [0, 1]
    assert len({draft.message_id for _, draft in world.server.taken}) == 2


@pytest.mark.parametrize("word", ["resume", "resume --all", "reopen"])
def test_a_word_that_lets_go_and_of_which_no_commit_came_lets_nothing_go_in_an_older_backup(
    world: World, word: str
) -> None:
    world.at(0)
    world.back_up()
    told: dict[str, tuple[Callable[..., object], Callable[..., object]]] = {
        "resume": (words.pause, words.resume),
        "resume --all": (lambda app, *_: words.pause_all(app), lambda app, _: words.resume_all(app)),
        "reopen": (lambda app, *_: words.stop(app, ADA), lambda app, _: reopening.reopen(app, ADA, None, "")),
    }
    bars, lets_go = told[word]
    bars(world.app, ADA, None)
    world.app.db.connection.commit()
    known = (world.folder / "followupd.db").read_bytes(), (world.folder / "followupd.db-wal").read_bytes()
    lets_go(world.app, ADA)
    # the line of the witness is there, and the commit is not
    world.app.db.close()
    for end, raw in zip(("", "-wal"), known, strict=True):
        (world.folder / f"followupd.db{end}").write_bytes(raw)
    (world.folder / "followupd.db-shm").unlink(missing_ok=True)
    world.start()
    assert world.at(14) == 0
    world.restore()
    assert [world.at(15), world.at(60)] == [0, 0]


def test_somebody_who_was_added_after_the_backup_does_not_stop_the_others(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    world.back_up()
    somebody(world.app, BO)
    world.at(0)
    with caplog.at_level(logging.WARNING):
        world.restore()
        assert world.at(1) == 0
    assert "1 threads that are not in this database" in caplog.text
    assert len(world.server.to(ADA)) == 1


def test_the_witness_is_its_owners_alone_and_holds_no_name_address_or_text(world: World) -> None:
    world.at(0)
    words.stop(world.app, ADA)
    contacts.suppress(world.app.db, [BO], "asked", days(1))
    assert world.witness.stat().st_mode & 0o777 == 0o600
    held = world.witness.read_bytes().lower()
    for secret in (b"ada", b"engine", b"typeset", BO.encode(), ADA.encode()):
        # as a word: three letters stand in random digits, too
        assert not re.search(rb"\b" + re.escape(secret) + rb"\b", held)
    world.witness.chmod(0o644)
    world.at(2)
    assert world.witness.stat().st_mode & 0o777 == 0o600
