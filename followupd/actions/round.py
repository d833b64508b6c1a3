"""One round: recall what the witness knows, settle what is in doubt, read every folder to its end, send what is due.

In that order, always. A round after a crash is a round like any other: nothing else has to be done to recover. Of
several accounts all are looked at before any sends: an answer counts in whichever mailbox it lies.
"""

from followupd.actions.digest import note_late
from followupd.actions.dispatch import send_due
from followupd.actions.doubt import settle_doubt
from followupd.actions.drafting import look_after_drafts
from followupd.actions.filing import file_waiting
from followupd.actions.gone import follow_accounts
from followupd.actions.housekeeping import keep_house
from followupd.actions.moved import follow_config
from followupd.actions.recall import recall
from followupd.actions.receive import CaughtUp, read_mailbox, read_sent
from followupd.actions.room import make_room
from followupd.actions.trays import work
from followupd.app import App
from followupd.core.instants import Instant
from followupd.store import facts, health


def one_round(app: App) -> int:
    """Do one round with one account and give the number of letters that went out.

    Raises UnreachableError if the mailbox cannot be read; then nothing is sent, however late it gets.
    """
    return send(app, look(app))


def look(app: App) -> CaughtUp:
    """Take up what is known of an account's letters, read its folders, and do what the user says by copies of letters.

    Raises UnreachableError if a folder cannot be read.
    """
    now = _taken_up(app)
    caught_up = read_mailbox(app, now)
    work(app, now)
    look_after_drafts(app, now)
    return caught_up


def look_into_sent(app: App) -> None:
    """Learn which letters of an account are out, and read no answer yet; raise UnreachableError if that cannot be.

    A database that was put back from a backup must know the letters of all accounts before it meets an answer to one,
    in whichever mailbox that lies.
    """
    read_sent(app, _taken_up(app))


def _taken_up(app: App) -> Instant:
    """Take up what the witness knows of an account's letters, and what is in doubt; give the time at which that was."""
    now = app.clock.now()
    health.refuse_moved(app.db)
    recall(app, now)
    settle_doubt(app, now)
    return now


def send(app: App, caught_up: CaughtUp) -> int:
    """Send what is due by an account that was looked at; give the number of letters that went out."""
    now = caught_up.at
    follow_config(app, now)
    make_room(app, now)
    follow_accounts(app, now)
    note_late(app, now)
    sent = send_due(app, caught_up)
    file_waiting(app, now)
    keep_house(app, now)
    facts.put(app.db, "last_round_at", "", now)
    return sent
