"""A row and the value it stands for are the same thing: what is written is read back equal."""

import json
from collections.abc import Iterable, Sequence
from datetime import date
from sqlite3 import Row

from followupd.core.addresses import key
from followupd.core.instants import Instant, from_text, to_text
from followupd.core.model import FIELDS, Contact, Event, Letter, LetterState, Note, State, Thread
from followupd.store.db import Value


def listed(texts: Iterable[str | int]) -> str:
    """Write texts or numbers as a JSON list, for json_each(?): one statement whatever their number.

    What SQLite's JSON cannot carry (NUL, half a surrogate pair) is replaced; no identifier of ours has such.
    """
    return json.dumps([_plain(text) if isinstance(text, str) else text for text in texts])


def _plain(text: str) -> str:
    if text.isascii() and "\0" not in text:
        return text
    return text.replace("\0", "\ufffd").encode("utf-8", "replace").decode()


def mailbox(address: str) -> str:
    """Give what all spellings of an address share, as the tables keep it beside the address; never ""."""
    return key(address) or address.lower()


def instant_or_none(text: str | None) -> Instant | None:
    """Read an instant that may be missing."""
    return None if text is None else from_text(text)


def text_or_none(instant: Instant | None) -> str | None:
    """Write an instant that may be missing."""
    return None if instant is None else to_text(instant)


def contact(row: Row, addresses: Sequence[str], tags: Sequence[str]) -> Contact:
    """Read a row of `contacts`, with what the tables beside it hold."""
    fields = {name: row[name] for name in FIELDS}
    referred_by = row["referrer_address"] or ""
    return Contact(
        id=row["id"],
        addresses=tuple(addresses),
        tags=tuple(tags),
        referred_by=referred_by,
        referrer=row["referrer"] or referred_by,
        account=row["account"],
        **fields,
    )


def thread(row: Row) -> Thread:
    """Read a row of `threads`."""
    return Thread(
        id=row["id"],
        key=row["key"],
        contact_id=row["contact_id"],
        cadence=row["cadence"],
        state=State(row["state"]),
        reason=row["reason"],
        step=row["step"],
        created_at=from_text(row["created_at"]),
        anchor=from_text(row["anchor"]),
        first_on=None if row["first_on"] is None else date.fromisoformat(row["first_on"]),
        due_at=instant_or_none(row["due_at"]),
        not_before=instant_or_none(row["not_before"]),
        paused_until=instant_or_none(row["paused_until"]),
        resume_to=None if row["resume_to"] is None else State(row["resume_to"]),
        next_at=instant_or_none(row["next_at"]),
        revision=row["revision"],
        kept_words=row["kept_words"],
        continues=row["continues"],
    )


def thread_row(thread: Thread) -> dict[str, Value]:
    """Write a thread as the columns of `threads`."""
    return {
        "id": thread.id or None,
        "key": thread.key,
        "contact_id": thread.contact_id,
        "cadence": thread.cadence,
        "state": thread.state.value,
        "reason": thread.reason,
        "step": thread.step,
        "created_at": to_text(thread.created_at),
        "anchor": to_text(thread.anchor),
        "first_on": None if thread.first_on is None else thread.first_on.isoformat(),
        "due_at": text_or_none(thread.due_at),
        "not_before": text_or_none(thread.not_before),
        "paused_until": text_or_none(thread.paused_until),
        "resume_to": None if thread.resume_to is None else thread.resume_to.value,
        "next_at": text_or_none(thread.next_at),
        "revision": thread.revision,
        "kept_words": thread.kept_words,
        "continues": thread.continues,
    }


def letter(row: Row, note_ids: Sequence[int]) -> Letter:
    """Read a row of `letters`, with the notes it tells."""
    return Letter(
        id=row["id"],
        thread_id=row["thread_id"],
        step=row["step"],
        attempt=row["attempt"],
        template=row["template"],
        state=LetterState(row["state"]),
        message_id=row["message_id"],
        subject=row["subject"],
        body=row["body"],
        raw=row["raw"],
        created_at=from_text(row["created_at"]),
        sent_at=instant_or_none(row["sent_at"]),
        said=row["said"],
        tries=row["tries"],
        retry_at=instant_or_none(row["retry_at"]),
        approved=row["approved"],
        note_ids=tuple(note_ids),
        mail_from=row["mail_from"],
        rcpt_to=row["rcpt_to"],
        returned=bool(row["returned"]),
        vetoed_at=instant_or_none(row["vetoed_at"]),
        overrules=bool(row["overrules"]),
        announced=row["announced"],
        announced_at=instant_or_none(row["announced_at"]),
        announced_for=instant_or_none(row["announced_for"]),
    )


def letter_row(letter: Letter) -> dict[str, Value]:
    """Write a letter as the columns of `letters`."""
    return {
        "id": letter.id or None,
        "thread_id": letter.thread_id,
        "step": letter.step,
        "attempt": letter.attempt,
        "template": letter.template,
        "state": letter.state.value,
        "message_id": letter.message_id,
        "subject": letter.subject,
        "body": letter.body,
        "raw": letter.raw,
        "created_at": to_text(letter.created_at),
        "sent_at": text_or_none(letter.sent_at),
        "said": letter.said,
        "tries": letter.tries,
        "retry_at": text_or_none(letter.retry_at),
        "approved": letter.approved,
        "mail_from": letter.mail_from,
        "rcpt_to": letter.rcpt_to,
        "vetoed_at": text_or_none(letter.vetoed_at),
        "overrules": letter.overrules,
        "announced": letter.announced,
        "announced_at": text_or_none(letter.announced_at),
        "announced_for": text_or_none(letter.announced_for),
    }


def note(row: Row) -> Note:
    """Read a row of `notes`."""
    return Note(
        id=row["id"],
        contact_id=row["contact_id"],
        text=row["text"],
        created_at=from_text(row["created_at"]),
        spent_by=row["spent_by"],
        url=row["url"],
        expires=None if row["expires"] is None else date.fromisoformat(row["expires"]),
        milestone=row["milestone"],
    )


def event(row: Row) -> Event:
    """Read a row of `events`."""
    return Event(at=from_text(row["at"]), kind=row["kind"], text=row["text"])
