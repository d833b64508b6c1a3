"""Killed at any effect and started again: no letter twice, none after an answer, none lost without a word.

With the claim switched off, and with a recovery that sends again what was on the wire, both tried by hand, this fails
with "a letter went out twice". With the place in the folder committed before the outcomes it fails with "a letter went
out after the answer", with copies not written down before the letter leaves with "a copy in Sent was forgotten".
"""

from pathlib import Path

import pytest

from followupd.actions.round import one_round
from followupd.core.model import LetterState, State
from followupd.store import letters, threads
from tests.actions.pretend import ADA, BO, Fuse, Killed, Server, days, process, reply, somebody

ROUNDS = (0, 0.1, 14, 14.1, 20, 20.1, 56.5, 57, 70)
"""Days of the rounds: letters are due on days 0, 14 and 56; Ada answers the reminder on day 18."""
ANSWERED_ON = 18


def play(folder: Path, fuse: Fuse, *, files: bool) -> Server:
    """Live through all rounds; where the process is killed, start another and go on."""
    server = Server(files=files)
    unhurt = Fuse()
    app = process(folder, server, unhurt)
    somebody(app, ADA)
    somebody(app, BO)
    app.db.close()
    app = process(folder, server, fuse)
    answered = False
    for day in ROUNDS:
        server.now = days(day)
        if day > ANSWERED_ON and not answered and len(server.to(ADA)) == 2:
            server.receive(reply(server.to(ADA)[1], days(ANSWERED_ON)))
            answered = True
        try:
            one_round(app)
        except Killed:
            app.db.close()
            app = process(folder, server, unhurt)
            one_round(app)
    app.db.close()
    return server


def judge(folder: Path, server: Server) -> bool:
    """Assert what must hold however it came; tell whether somebody was left in doubt."""
    sent = [draft.message_id for _, draft in server.taken]
    assert len(sent) == len(set(sent)), "a letter went out twice"
    assert len(server.to(ADA)) <= 3
    answers = [at for at, raw in server.folders["INBOX"] if ADA.encode() in raw]
    if answers:
        late = [at for at, draft in server.taken if draft.rcpt_to == ADA and at > days(20)]
        assert late == [], "a letter went out after the answer"
    copies = [raw for _, raw in server.folders["Sent"]]
    assert len(copies) == len(set(copies)), "a copy was filed twice"
    app = process(folder, server, Fuse())
    doubtful = False
    for address, whole in ((ADA, 2), (BO, 3)):
        case = threads.case_of(app.db, address)
        assert case is not None
        if case.thread.state is State.HELD:
            doubtful = True
            assert [one for one in case.letters if one.state is LetterState.UNCERTAIN]
        else:
            assert case.thread.state is (State.ANSWERED if address == ADA else State.SILENT)
            assert len(server.to(address)) == whole
            assert [one.state for one in case.letters] == [LetterState.SENT] * whole
            assert all(one.raw in copies for one in case.letters), "a copy in Sent was forgotten"
    assert not letters.in_states(app.db, (LetterState.SENDING,))
    app.db.close()
    return doubtful


@pytest.mark.parametrize("files", [True, False], ids=["provider files Sent", "we file Sent"])
def test_killed_at_every_effect_it_sends_no_letter_twice_and_loses_none(tmp_path: Path, files: bool) -> None:
    counted = Fuse()
    calm = tmp_path / "calm"
    calm.mkdir()
    judge(calm, play(calm, counted, files=files))
    assert counted.burnt > 100
    doubts = 0
    for effect in range(1, counted.burnt + 1):
        folder = tmp_path / str(effect)
        folder.mkdir()
        doubts += judge(folder, play(folder, Fuse(at=effect), files=files))
    # only what the wire leaves open is in doubt: five letters, twelve effects from the claim to the written outcome
    # (six of them before the letter is taken, which a provider's own copy in Sent cannot settle)
    assert doubts <= (5 * 6 if files else 5 * 12)
