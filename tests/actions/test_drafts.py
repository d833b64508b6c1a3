"""A letter that waits for approval lies among the drafts: sent by hand, edited, deleted, approved, or taken back.

Every test of a protection was seen to fail with the protection switched off.
"""

import os
from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes
from pathlib import Path

import pytest

from followupd.actions import outbox, reopening
from followupd.actions import threads as verbs
from followupd.actions.round import one_round
from followupd.app import App
from followupd.core.draft_states import SETTLES, DraftState
from followupd.core.errors import FollowupdError
from followupd.core.model import Case, Draft, Letter, LetterState, Lying, State
from followupd.store import drafts, letters, threads
from tests.actions.pretend import ADA, Fuse, Killed, PretendedMailbox, Server, days, process, reply, somebody
from tests.schedules.mail import by_hand

APPROVE = "approve = true"
STRIDE = int(os.environ.get("FOLLOWUPD_STRIDE", "23"))


@pytest.fixture
def server() -> Server:
    found = Server(files=True, drafts={})
    found.folders["Trash"] = []
    return found


@pytest.fixture
def app(tmp_path: Path, server: Server) -> App:
    found = process(tmp_path, server, Fuse(), more=APPROVE)
    somebody(found, ADA)
    return found


def case(app: App) -> Case:
    found = threads.case_of(app.db, ADA)
    assert found is not None
    return found


def letter(app: App, number: int = 1) -> Letter:
    return letters.get(app.db, number)


def state(app: App, number: int = 1) -> DraftState:
    found = drafts.get(app.db, number)
    assert found is not None
    return found.state


def at(app: App, server: Server, day: float) -> int:
    server.now = days(day)
    return one_round(app)


def only(server: Server) -> bytes:
    assert server.drafts is not None
    (raw,) = server.drafts.values()
    return raw


def told(app: App) -> str:
    return "\n".join(event.text for event in threads.events(app.db, case(app).thread.id))


def sends(server: Server, *, text: str = "", keeps_id: bool = True, removes: bool = True) -> None:
    """Let the user send the draft from a mail program: edited, under another id, and removed later, as they have it."""
    assert server.drafts is not None
    ((uid, raw),) = server.drafts.items()
    server.folders["Sent"].append((server.now, edited(raw, text, keeps_id=keeps_id)))
    if removes:
        del server.drafts[uid]


def edited(raw: bytes, text: str = "", *, keeps_id: bool = True) -> bytes:
    head, _, body = raw.partition(b"\r\n\r\n")
    name = message_from_bytes(raw)["Message-ID"].encode()
    head = head if keeps_id else head.replace(name, b"<new." + name[1:])
    return head + b"\r\n\r\n" + (text.encode() + b"\r\n" if text else body)


def edits(server: Server, text: str = "I changed my mind about this.", *, keeps_id: bool = True) -> None:
    """Let a mail program put an edited draft in the place of the one that lies there."""
    assert server.drafts is not None
    ((uid, raw),) = server.drafts.items()
    del server.drafts[uid]
    server.put_draft(edited(raw, text, keeps_id=keeps_id))


# -- it lies there -----------------------------------------------------------------------------------------------------


def test_a_letter_lies_there_days_before_its_day_in_its_thread_and_says_nothing_of_us(app: App, server: Server) -> None:
    assert at(app, server, 0) == 0
    assert case(app).thread.state is State.HELD
    assert "send it from your Drafts folder" in case(app).thread.reason
    sends(server)
    at(app, server, 0.1)
    assert case(app).thread.state is State.WAITING
    due = case(app).thread.next_at
    assert due is not None
    server.now = due - timedelta(days=3, minutes=1)
    one_round(app)
    assert server.drafts == {}
    server.now = due - timedelta(days=2, hours=23)
    one_round(app)
    message = message_from_bytes(only(server))
    assert message["In-Reply-To"] == letter(app).message_id
    assert message["To"] == f"Ada <{ADA}>"
    assert not [name for name in message if name.lower().startswith("x-") or "followupd" in str(message[name]).lower()]
    assert (case(app).thread.state, case(app).thread.next_at) == (State.WAITING, due)
    assert "letter 2 lies in your Drafts folder" in told(app)
    one_round(app)
    only(server)


def test_without_approval_or_a_folder_all_is_as_it_was(tmp_path: Path, server: Server) -> None:
    for more in ("", 'approve = true\ndrafts = "0 days"'):
        app = process(tmp_path, server, Fuse(), more=more)
        if not more:
            somebody(app, ADA)
            continue
        one_round(app)
        assert server.drafts == {}
    server.drafts = None
    app = process(tmp_path, server, Fuse(), more=APPROVE)
    one_round(app)
    assert "followupd outbox show 1" in case(app).thread.reason
    assert drafts.get(app.db, 1) is None


# -- sent by the user --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("keeps_id", [True, False])
@pytest.mark.parametrize("text", ["", "Dear Ada, may I ask you something else?"])
def test_sent_by_hand_it_counts_as_this_step_with_the_words_that_went(
    app: App, server: Server, keeps_id: bool, text: str
) -> None:
    at(app, server, 0)
    sends(server, keeps_id=keeps_id, text=text)
    at(app, server, 1)
    assert letter(app).state is LetterState.SENT
    assert letter(app).sent_at == days(0)
    assert text in letter(app).body
    assert (case(app).thread.state, case(app).thread.step) == (State.WAITING, 1)
    assert case(app).thread.anchor == days(0)
    assert "you sent its draft yourself" in told(app)
    assert at(app, server, 2) == 0
    # an answer to what went is an answer
    server.receive(reply(replace(_draft(app), message_id=_id_in_sent(server)), days(2)))
    at(app, server, 2.1)
    assert case(app).thread.state is State.ANSWERED


def test_sent_by_hand_to_another_address_it_counts_and_the_user_is_asked_where_they_are(
    app: App, server: Server
) -> None:
    at(app, server, 0)
    assert server.drafts is not None
    [(uid, raw)] = server.drafts.items()
    del server.drafts[uid]
    server.folders["Sent"].append((server.now, raw.replace(ADA.encode(), b"ada@elsewhere.example")))
    for day in (0.1, 0.2, 1, 2):
        at(app, server, day)
    (one,) = case(app).letters
    assert (one.state, one.rcpt_to) == (LetterState.SENT, "ada@elsewhere.example")
    assert case(app).thread.state is State.HELD
    assert "went to ada@elsewhere.example, which is not known to be theirs" in case(app).thread.reason


def _draft(app: App) -> Draft:
    one = letter(app)
    return Draft(message_id=one.message_id, mail_from=one.mail_from, rcpt_to=ADA, subject=one.subject, raw=one.raw)


def _id_in_sent(server: Server) -> str:
    return str(message_from_bytes(server.folders["Sent"][-1][1])["Message-ID"])


@pytest.mark.parametrize("keeps_id", [True, False])
def test_a_program_that_removes_the_draft_later_makes_no_difference(app: App, server: Server, keeps_id: bool) -> None:
    at(app, server, 0)
    sends(server, keeps_id=keeps_id, removes=False)
    at(app, server, 0.01)
    assert server.drafts is not None
    if not keeps_id:
        assert letter(app).state is LetterState.HELD
        server.drafts.clear()
        at(app, server, 0.02)
    assert letter(app).state is LetterState.SENT
    assert at(app, server, 1) == 0
    assert server.drafts == {}
    assert case(app).thread.step == 1


def test_a_letter_of_the_users_own_beside_the_draft_is_no_draft_that_went(app: App, server: Server) -> None:
    at(app, server, 0)
    sends(server)
    at(app, server, 1)
    server.now = days(11.5)
    one_round(app)
    own = edited(only(server), "By the way, your talk was a joy.", keeps_id=False)
    server.folders["Sent"].append((server.now, own))
    at(app, server, 11.6)
    assert letter(app, 2).state is LetterState.HELD
    # the wait begins anew, so the draft is taken back once it cannot be the one that went
    at(app, server, 11.7)
    assert server.drafts == {}
    assert case(app).thread.state is State.WAITING
    assert (case(app).thread.next_at or days(0)) > days(24)
    assert at(app, server, 22) == 0
    at(app, server, 23)
    only(server)


def test_what_lies_in_the_trash_or_among_all_mail_was_not_sent(app: App, server: Server) -> None:
    at(app, server, 0)
    assert server.drafts is not None
    edits(server, keeps_id=False)
    server.receive(only(server))
    at(app, server, 0.1)
    assert letter(app).state is LetterState.HELD
    assert case(app).thread.step == 0
    assert "yourself" not in told(app)


# -- deleted, edited, lost ---------------------------------------------------------------------------------------------


def test_deleted_it_is_discarded_after_hours_and_looks(app: App, server: Server) -> None:
    at(app, server, 0)
    assert server.drafts is not None
    server.drafts.clear()
    at(app, server, 0.1)
    at(app, server, 0.2)
    assert letter(app).state is LetterState.HELD
    at(app, server, 0.4)
    assert letter(app).state is LetterState.DISCARDED
    assert "discarded by you: you deleted its draft" in told(app)
    assert (case(app).thread.state, case(app).thread.step) == (State.WAITING, 1)
    assert server.taken == []


def test_one_that_comes_back_was_not_deleted(app: App, server: Server) -> None:
    at(app, server, 0)
    assert server.drafts is not None
    there = dict(server.drafts)
    server.drafts.clear()
    at(app, server, 0.1)
    assert state(app) is DraftState.MISSING
    server.drafts.update(there)
    at(app, server, 0.4)
    assert (state(app), letter(app).state) == (DraftState.LIES, LetterState.HELD)


def test_a_mailbox_that_cannot_be_read_deletes_nothing(app: App, server: Server) -> None:
    at(app, server, 0)
    assert server.drafts is not None
    server.drafts.clear()
    at(app, server, 0.1)
    server.down = True
    with pytest.raises(FollowupdError):
        at(app, server, 2)
    assert letter(app).state is LetterState.HELD


@pytest.mark.parametrize("fault", ["folder", "validity", "trash"])
def test_what_cannot_be_explained_is_held_and_told(app: App, server: Server, fault: str) -> None:
    at(app, server, 0)
    raw = only(server)
    match fault:
        case "folder":
            server.drafts = None
        case "validity":
            server.drafts_validity += 1
        case _:
            server.drafts = {}
            server.folders["Trash"].append((server.now, raw))
    at(app, server, 0.1)
    at(app, server, 3)
    assert letter(app).state is LetterState.HELD
    assert case(app).thread.state is State.HELD
    assert "nor clearly deleted" in case(app).thread.reason
    assert "followupd outbox discard 1" in case(app).thread.reason
    assert server.taken == []


def test_in_a_folder_that_was_made_anew_it_is_taken_out_by_the_users_word(app: App, server: Server) -> None:
    at(app, server, 0)
    raw = only(server)
    server.drafts_validity += 1
    server.drafts = {}
    server.put_draft(b"To: ada@example.net\r\nSubject: mine\r\n\r\nhi\r\n")
    server.put_draft(raw)
    at(app, server, 0.1)
    at(app, server, 0.2)
    assert state(app) is DraftState.DOUBT
    assert len(server.drafts) == 2
    outbox.approve(app, 1)
    assert at(app, server, 0.3) == 0
    assert b"Subject: mine" in only(server)
    assert at(app, server, 0.4) == 1


def test_an_edited_draft_is_the_users_and_no_other_text_is_approved(app: App, server: Server) -> None:
    at(app, server, 0)
    edits(server, keeps_id=False)
    at(app, server, 0.1)
    assert state(app) is DraftState.EDITED
    with pytest.raises(FollowupdError, match="you edited its draft"):
        outbox.approve(app, 1)
    edits(server, "And once more.", keeps_id=False)
    at(app, server, 3)
    assert at(app, server, 4) == 0
    sends(server)
    at(app, server, 4.1)
    assert letter(app).state is LetterState.SENT
    assert "And once more." in letter(app).body


# -- approved by a command ---------------------------------------------------------------------------------------------


def test_approved_its_draft_goes_first_and_the_letter_in_a_later_round(app: App, server: Server) -> None:
    at(app, server, 0)
    outbox.approve(app, 1)
    assert at(app, server, 0.1) == 0
    assert server.drafts == {}
    server.now += SETTLES - timedelta(seconds=1)
    assert one_round(app) == 0
    server.now += timedelta(seconds=1)
    assert one_round(app) == 1
    assert letter(app).state is LetterState.SENT
    assert len(server.taken) == 1


@pytest.mark.parametrize("keeps_id", [True, False])
def test_sent_by_the_user_at_the_moment_of_the_removal_it_goes_once(app: App, server: Server, keeps_id: bool) -> None:
    at(app, server, 0)
    outbox.approve(app, 1)
    assert server.drafts is not None
    on_its_way = dict(server.drafts)
    at(app, server, 0.1)
    # the copy arrives in Sent a minute after the draft was taken out
    server.now += timedelta(minutes=1)
    server.folders["Sent"].append((server.now, edited(on_its_way[1], keeps_id=keeps_id)))
    at(app, server, 0.2)
    at(app, server, 1)
    assert server.taken == []


def test_a_follow_up_that_the_user_sent_at_that_moment_does_not_go_weeks_later(app: App, server: Server) -> None:
    at(app, server, 0)
    sends(server)
    at(app, server, 0.1)
    at(app, server, 14.1)
    outbox.approve(app, 2)
    raw = only(server)
    at(app, server, 14.2)
    assert server.drafts == {}
    server.now += timedelta(minutes=1)
    server.folders["Sent"].append((server.now, edited(raw, keeps_id=False)))
    for day in (14.3, 15, 28.5, 40):
        assert at(app, server, day) == 0
    assert letter(app, 2).state is LetterState.HELD
    assert "if that was this letter: followupd outbox discard 2" in case(app).thread.reason
    # it was another one: then the word counts
    outbox.approve(app, 2)
    assert at(app, server, 40.1) == 1


def test_a_draft_that_the_user_sent_as_they_stopped_does_not_go_again_once_they_reopen(
    app: App, server: Server
) -> None:
    at(app, server, 0)
    verbs.stop(app, ADA)
    sends(server, keeps_id=False)
    at(app, server, 0.1)
    assert state(app) is DraftState.GONE
    # what they write later hides nothing
    server.now = days(3)
    server.folders["Sent"].append((server.now, by_hand(ADA, server.now, 1)))
    assert at(app, server, 3) == 0
    off = replace(app, settings=replace(app.settings, policy=replace(app.settings.policy, approve=False)))
    reopening.reopen(off, ADA, None, "")
    assert [at(off, server, 1), at(off, server, 40)] == [0, 0]
    assert "if that was this letter: followupd outbox discard 1" in case(off).thread.reason
    # it was another one: then the word counts
    outbox.approve(off, 1)
    assert at(off, server, 40.1) == 1


def test_edited_after_the_approval_it_does_not_go(app: App, server: Server) -> None:
    at(app, server, 0)
    outbox.approve(app, 1)
    edits(server, keeps_id=False)
    assert at(app, server, 0.1) == at(app, server, 1) == 0
    assert "you edited its draft" in case(app).thread.reason
    assert letter(app).state is LetterState.HELD
    only(server)


def test_a_folder_that_cannot_be_written_to_sends_nothing(
    app: App, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    at(app, server, 0)
    outbox.approve(app, 1)
    with monkeypatch.context() as broken:
        broken.setattr(type(app.mailbox), "take_draft", lambda *_: False)
        assert at(app, server, 0.1) == at(app, server, 1) == 0
    assert state(app) is DraftState.LEAVING
    assert at(app, server, 2) == 0
    assert at(app, server, 2.1) == 1


def test_approved_before_its_day_it_keeps_its_day(app: App, server: Server) -> None:
    at(app, server, 0)
    sends(server)
    at(app, server, 0.1)
    due = case(app).thread.next_at
    at(app, server, 11.5)
    outbox.approve(app, 2)
    assert at(app, server, 12) == at(app, server, 13) == 0
    assert case(app).thread.next_at == due
    assert server.drafts == {}
    assert at(app, server, 14.1) == 1


# -- taken back --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("how", ["answer", "stop", "discard"])
@pytest.mark.parametrize("changed", [False, True])
def test_when_the_letter_is_to_be_sent_no_more_the_draft_goes_unless_it_was_edited(
    app: App, server: Server, how: str, changed: bool
) -> None:
    at(app, server, 0)
    sends(server)
    at(app, server, 0.1)
    first = replace(_draft(app), message_id=letter(app).message_id)
    at(app, server, 12)
    beside = server.put_draft(b"To: somebody@else.example\r\nSubject: mine\r\n\r\nhi\r\n")
    assert server.drafts is not None
    if changed:
        mine = server.drafts.pop(beside)
        edits(server, keeps_id=False)
        beside = server.put_draft(mine)
    match how:
        case "answer":
            server.receive(reply(first, days(12.1)))
        case "stop":
            verbs.stop(app, ADA)
        case _:
            outbox.discard(app, 2)
    at(app, server, 12.2)
    assert beside in server.drafts
    assert len(server.drafts) == (2 if changed else 1)
    assert ("stays in your Drafts folder" in told(app)) == changed
    assert at(app, server, 15) == 0
    assert server.taken == []


def test_a_letter_that_was_put_off_leaves_no_draft(app: App, server: Server) -> None:
    at(app, server, 0)
    sends(server)
    at(app, server, 0.1)
    at(app, server, 12)
    verbs.snooze(app, ADA, days(40))
    at(app, server, 12.1)
    assert server.drafts == {}
    at(app, server, 38)
    only(server)


# -- killed anywhere ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("uidplus", [True, False])
@pytest.mark.parametrize("way", ["sends", "renames", "approves", "answers", "deletes"])
def test_killed_anywhere_there_is_one_draft_and_the_letter_goes_once(tmp_path: Path, way: str, uidplus: bool) -> None:
    effects = _lived(tmp_path / "whole", way, 0, uidplus=uidplus)
    assert effects > 50
    # every effect was tried once; some of them are, each time
    for number in range(1 + len(way) % STRIDE, effects + 1, STRIDE):
        _lived(tmp_path / str(number), way, number, uidplus=uidplus)


def _approves(app: App, folder: Path, server: Server) -> App:
    """Let the user approve, twice where their command is killed; give the process after that."""
    try:
        outbox.approve(app, 1)
    except Killed:
        app = process(folder, server, Fuse(), more=APPROVE)
        if letter(app).state is LetterState.HELD:
            outbox.approve(app, 1)
    return app


def _lived(folder: Path, way: str, number: int, *, uidplus: bool) -> int:
    """Live through a letter with a process that is killed at its n-th effect; give how many there were."""
    folder.mkdir()
    server = Server(files=True, drafts={}, uidplus=uidplus)
    server.folders["Trash"] = []
    fuse = Fuse()
    app = process(folder, server, fuse, more=APPROVE)
    somebody(app, ADA)
    fuse.burnt, fuse.at = 0, number
    acted = False
    for step in range(12):
        server.now = days(step / 6)
        try:
            one_round(app)
        except Killed:
            app = process(folder, server, Fuse(), more=APPROVE)
            one_round(app)
        assert server.drafts is not None
        assert len(server.drafts) <= 1
        if not acted and step >= 2 and server.drafts:
            acted = True
            match way:
                case "sends" | "renames":
                    sends(server, keeps_id=way == "sends")
                case "approves":
                    app = _approves(app, folder, server)
                case "answers":
                    one = letter(app)
                    raw = b"From: ada@example.net\r\nTo: max@example.org\r\nMessage-ID: <x@y>\r\nIn-Reply-To: "
                    server.receive(raw + one.message_id.encode() + b"\r\nSubject: Re: hi\r\n\r\nYes, gladly.\r\n")
                case _:
                    server.drafts.clear()
    if way == "approves" and letter(app).state is LetterState.UNCERTAIN:
        # killed between the claim and the data: nobody knows, so the user is asked, and nothing goes again
        assert (len(server.taken), case(app).thread.state) == (0, State.HELD)
        return fuse.burnt
    by_hand = len(server.folders["Sent"]) - len(server.taken)
    went = {"sends": (1, 0), "renames": (1, 0), "approves": (0, 1), "answers": (0, 0), "deletes": (0, 0)}[way]
    assert (by_hand, len(server.taken)) == went, (way, number)
    states = {"sends": "sent", "renames": "sent", "approves": "sent", "deletes": "discarded"}
    assert letter(app).state == states.get(way, "held")
    assert server.drafts == {}
    assert case(app).thread.step == (0 if way == "answers" else 1)
    return fuse.burnt


def test_a_draft_that_is_edited_in_the_moment_it_is_taken_out_keeps_its_letter(
    app: App, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    at(app, server, 0)
    outbox.approve(app, 1)
    take = PretendedMailbox.take_draft

    def later(box: PretendedMailbox, lying: Lying) -> bool:
        edits(server)
        return take(box, lying)

    monkeypatch.setattr(PretendedMailbox, "take_draft", later)
    at(app, server, 0.1)
    monkeypatch.undo()
    assert at(app, server, 1) == 0
    assert letter(app).state is LetterState.HELD
    assert "you edited its draft" in told(app)
    # at any moment, in the middle of a round too: none of them looks again before it sends
    with pytest.raises(FollowupdError, match="you edited its draft"):
        outbox.approve(app, 1)
    assert at(app, server, 60) == 0
    assert server.drafts
    server.drafts.clear()
    assert at(app, server, 61) == 0
    outbox.approve(app, 1)
    assert [at(app, server, 61.1), at(app, server, 61.2), at(app, server, 62)] == [0, 1, 0]


def test_a_draft_in_doubt_hides_no_possible_answer(app: App, server: Server) -> None:
    at(app, server, 0)
    server.receive(
        f"From: {ADA}\r\nTo: me@example.org\r\nMessage-ID: <hers@example.net>\r\n\r\nMay I ask?\r\n".encode()
    )
    at(app, server, 1)
    server.drafts_validity += 1
    at(app, server, 2)
    assert "possible answer" in told(app)
    assert "nor clearly deleted" in told(app)
    outbox.approve(app, 1)
    assert case(app).thread.state is State.HELD
    assert "possible answer" in case(app).thread.reason
    for day in (3, 4, 11):
        assert at(app, server, day) == 0
    verbs.resume(app, ADA)
    assert sum(at(app, server, day) for day in (15, 16, 17)) == 1
