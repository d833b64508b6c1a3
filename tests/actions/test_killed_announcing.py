"""Killed at any effect while letters are announced: none goes that did not stand whole in a digest long enough before.

With the announcement written down before the digest has left, tried by hand, this fails with "not announced".
"""

from datetime import timedelta
from email import message_from_bytes
from email.policy import SMTP
from pathlib import Path

import pytest

from followupd.actions.digest import send_due
from followupd.actions.round import one_round
from followupd.app import App
from followupd.core.errors import FollowupdError
from followupd.core.model import LetterState
from followupd.store import letters as store
from followupd.views.digest import mail
from tests.actions.pretend import ADA, Fuse, Killed, Server, days, process, somebody

DAYS = (0, 1, 1.1, 3, 4, 4.1, 5, 7, 8.1)
"""Days of the rounds, from 9:00 on: a letter is announced on day 1, and due on day 4."""


def words(raw: bytes) -> str:
    text = message_from_bytes(raw, policy=SMTP).get_content()
    return " ".join(" ".join(one.strip().removeprefix("|") for one in text.split("\n")).split())


def live(app: App, server: Server) -> None:
    """Do a round, and what comes after it."""
    one_round(app)
    send_due(app, mail)


def play(folder: Path, fuse: Fuse, change: float) -> Server:
    """Live through all rounds; where the process is killed, start another and go on. One template changes on a day."""
    folder.mkdir()
    server, unhurt = Server(files=True), Fuse()
    more = 'heads_up = "3 days"'
    app = process(folder, server, unhurt, more=more)
    somebody(app, ADA)
    app.db.close()
    app = process(folder, server, fuse, more=more)
    changed = False
    for day in DAYS:
        server.now = days(day)
        if day >= change and not changed:
            changed = True
            (folder / "templates").mkdir()
            text = '+++\nsubject = "Another question"\n+++\nDear {{ first_name }}, other words. {{ ask }}\n'
            (folder / "templates" / "opening.txt").write_text(text)
        try:
            live(app, server)
        except Killed:
            app.db.close()
            app = process(folder, server, unhurt, more=more)
            live(app, server)
    app.db.close()
    return server


def judge(folder: Path, server: Server) -> None:
    """Hold every letter against the digests before it; one that did not go is in doubt, and shown."""
    me = "max@example.org"
    told = [(at, words(draft.raw)) for at, draft in server.taken if draft.rcpt_to == me]
    letters = [(at, draft) for at, draft in server.taken if draft.rcpt_to != me]
    assert len({draft.message_id for _, draft in letters}) == len(letters), "a letter went out twice"
    if not letters:
        app = process(folder, server, Fuse())
        assert store.in_states(app.db, (LetterState.UNCERTAIN,)), "a letter was lost"
        app.db.close()
    for at, draft in letters:
        since = [when for when, text in told if words(draft.raw) in text]
        assert since, "not announced"
        assert at - min(since) >= timedelta(days=3), "too soon"


@pytest.mark.parametrize("change", [2.5, 4], ids=["changed in time", "changed on its day"])
def test_killed_at_every_effect_no_letter_goes_unannounced(tmp_path: Path, change: float) -> None:
    counted = Fuse()
    judge(tmp_path / "calm", play(tmp_path / "calm", counted, change))
    assert counted.burnt > 100
    for effect in range(1, counted.burnt + 1, 5):
        folder = tmp_path / str(effect)
        judge(folder, play(folder, Fuse(effect), change))


def test_a_round_that_fails_announces_nothing(tmp_path: Path) -> None:
    server = Server(files=True)
    app = process(tmp_path, server, Fuse(), more='heads_up = "3 days"')
    somebody(app, ADA)
    server.now = days(1)
    server.down = True
    with pytest.raises(FollowupdError):
        one_round(app)
    assert server.taken == []
    app.db.close()
