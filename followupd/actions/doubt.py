"""A letter in doubt is proved to be sent, or shown to the user; it is never sent again by itself."""

import logging
from dataclasses import replace

from followupd.app import App
from followupd.core import outcome
from followupd.core.instants import Instant
from followupd.core.model import Accepted, Letter, LetterState
from followupd.store import letters, threads

log = logging.getLogger(__name__)


def settle_doubt(app: App, now: Instant) -> None:
    """Look for proof of every letter in doubt: its Message-ID in the Sent folder.

    A letter that a crash left in `sending` becomes `uncertain`, and its thread is held. One that is proved sent, now or
    in any later round, lets its thread go on.
    """
    for letter in letters.in_doubt(app.db):
        if app.mailbox.find_sent(letter.message_id) is not None:
            confirm(app, letter, "a copy lies in Sent", now)
        elif letter.state is LetterState.SENDING:
            why = "it was on the wire when followupd was interrupted"
            case = threads.case(app.db, letter.thread_id)
            doubtful = replace(letter, state=LetterState.UNCERTAIN, said=why)
            letters.settle(app.db, doubtful, outcome.in_doubt(case, letter, why, app.settings.policy, now))
            log.warning("%s: in doubt whether letter %d went out", case.contact.email, letter.step + 1)


def confirm(app: App, letter: Letter, proof: str, now: Instant) -> None:
    """Write down that a letter in doubt did go out, at the time it was composed, and by what that is known."""
    case = threads.case(app.db, letter.thread_id)
    receipt = Accepted(text=f"known to be sent: {proof}")
    sent, change = outcome.after_sending(case, letter, receipt, app.settings.policy, now)
    letters.settle(app.db, replace(sent, sent_at=letter.created_at), change, spend_notes=letter.note_ids)
    log.info("%s: letter %d went out after all (%s)", case.contact.email, letter.step + 1, proof)
