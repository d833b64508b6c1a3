"""What is written down of a message once it is judged, and what tells two of one Message-ID apart."""

from followupd.core import match
from followupd.core.instants import Instant
from followupd.core.model import Case, Incoming, Judgement, Message


def face(msg: Incoming) -> tuple[str, str]:
    """Give what tells two messages of one Message-ID apart, as it is recorded."""
    return (msg.from_[0].addr_spec if msg.from_ else "", msg.subject[:500])


def told_apart(sender: str, subject: str) -> tuple[str, str]:
    """Give what does not change between copies of a message: a list, or a gateway, puts its tag before the subject."""
    return sender, match.bare_subject(subject)


def as_message(msg: Incoming, case: Case, judgement: Judgement, now: Instant) -> Message:
    """Give the row of a judged message: of its text no more than the beginning."""
    sender, subject = face(msg)
    return Message(
        thread_id=case.thread.id,
        contact_id=case.contact.id,
        message_id=msg.key,
        folder=msg.folder,
        uid=msg.uid,
        from_=sender,
        subject=subject,
        received_at=msg.internal_date or msg.date or now,
        verdict=judgement.verdict,
        rule=judgement.rule,
        words=judgement.words[:500],
        excerpt=(msg.own_text or msg.text)[:500],
        return_date=judgement.return_date,
        held=judgement.hold,
        hint=judgement.hint,
        asked_for=judgement.asked_for,
        other_address=judgement.other_address,
    )
