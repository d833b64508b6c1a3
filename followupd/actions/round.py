"""One round: recall what the witness knows, settle what is in doubt, read every folder to its end, send what is due.

In that order, always. A round after a crash is a round like any other: nothing else has to be done to recover.
"""

from followupd.actions.dispatch import send_due
from followupd.actions.doubt import settle_doubt
from followupd.actions.filing import file_waiting
from followupd.actions.housekeeping import keep_house
from followupd.actions.moved import follow_config
from followupd.actions.recall import recall
from followupd.actions.receive import read_mailbox
from followupd.actions.room import make_room
from followupd.app import App
from followupd.store import facts, health


def one_round(app: App) -> int:
    """Do one round and give the number of letters that went out.

    Raises UnreachableError if the mailbox cannot be read; then nothing is sent, however late it gets.
    """
    now = app.clock.now()
    health.refuse_moved(app.db)
    recall(app, now)
    settle_doubt(app, now)
    caught_up = read_mailbox(app, now)
    follow_config(app, now)
    make_room(app, now)
    sent = send_due(app, caught_up)
    file_waiting(app, now)
    keep_house(app)
    facts.put(app.db, "last_round_at", "", now)
    return sent
