"""A row of `messages` and the message that it stands for are the same thing."""

from datetime import date
from sqlite3 import Row

from followupd.core.instants import from_text, to_text
from followupd.core.model import Message, Verdict
from followupd.store.db import Value


def message(row: Row) -> Message:
    """Read a row of `messages`."""
    return Message(
        id=row["id"],
        thread_id=row["thread_id"],
        contact_id=row["contact_id"],
        message_id=row["message_id"],
        folder=row["folder"],
        uid=row["uid"],
        from_=row["sender"],
        subject=row["subject"],
        received_at=from_text(row["received_at"]),
        verdict=Verdict(row["verdict"]),
        rule=row["rule"],
        words=row["words"],
        excerpt=row["excerpt"],
        return_date=None if row["return_date"] is None else date.fromisoformat(row["return_date"]),
        not_answer=bool(row["not_answer"]),
        held=bool(row["held"]),
        hint=row["hint"],
        asked_for=None if row["asked_for"] is None else date.fromisoformat(row["asked_for"]),
        other_address=row["other_address"],
        account=row["account"],
    )


def message_row(message: Message) -> dict[str, Value]:
    """Write a message as the columns of `messages`."""
    return {
        "message_id": message.message_id,
        "thread_id": message.thread_id,
        "contact_id": message.contact_id,
        "folder": message.folder,
        "uid": message.uid,
        "sender": message.from_,
        "subject": message.subject,
        "received_at": to_text(message.received_at),
        "verdict": message.verdict.value,
        "rule": message.rule,
        "words": message.words,
        "excerpt": message.excerpt,
        "return_date": None if message.return_date is None else message.return_date.isoformat(),
        "not_answer": int(message.not_answer),
        "held": int(message.held),
        "hint": message.hint,
        "asked_for": None if message.asked_for is None else message.asked_for.isoformat(),
        "other_address": message.other_address,
        "account": message.account,
    }
