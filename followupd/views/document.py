"""Values become JSON documents whose keys stay stable: scripts rely on them, and so does product.md."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

from followupd.core.instants import to_text
from followupd.core.model import FIELDS, State

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from followupd.core.adoption import Written
    from followupd.core.bounds import InLine
    from followupd.core.burden import Burden, Lying
    from followupd.core.instants import Instant
    from followupd.core.model import (
        Barred,
        Case,
        Contact,
        Event,
        Letter,
        LogLine,
        Message,
        Note,
        Planned,
        Proposal,
    )
    from followupd.core.yearly import Silent
    from followupd.store.accounts import Standing
    from followupd.store.reading import OutboxLine, Person, Queue

Document: TypeAlias = dict[str, Any]


def at(instant: Instant | None) -> str | None:
    """Write an instant as RFC 3339 with an offset."""
    return None if instant is None else to_text(instant)


def show(case: Case, steps: int, messages: Sequence[Message], events: Sequence[Event]) -> Document:
    """One person's whole story."""
    contact, thread = case.contact, case.thread
    return {
        "email": contact.email,
        "addresses": list(contact.addresses),
        "name": contact.name,
        "fields": {field: getattr(contact, field) for field in FIELDS if field != "name"}
        | {"tags": list(contact.tags)},
        "state": thread.state.value,
        "reason": thread.reason,
        "cadence": thread.cadence,
        "account": contact.account,
        "step": thread.step,
        "steps": steps,
        "next_at": at(thread.next_at),
        "letters": [letter(one) for one in case.letters],
        "messages": [message(one, contact) for one in messages],
        "notes": [note(one) for one in case.notes],
        "referred_by": contact.referred_by or None,
        "events": [event(one) for one in events],
    }


def written(contact: Contact, found: Written) -> Document:
    """A message that the user wrote to somebody by hand, and the command that goes on from it."""
    from followupd.core.adoption import adoptable, command

    return {
        "at": at(found.at),
        "subject": found.subject,
        "message_id": found.message_id,
        "adopt": command(contact, found) if adoptable(found) else None,
    }


def letter(one: Letter) -> Document:
    """A letter, without its text."""
    from hashlib import sha256

    return {
        "id": one.id,
        "step": one.step + 1,
        "template": one.template,
        "state": one.state.value,
        "message_id": one.message_id,
        "subject": one.subject,
        "sent_at": at(one.sent_at),
        "to": one.rcpt_to,
        "came_back": one.returned,
        "sha256": sha256(one.raw).hexdigest() if one.raw else None,
    }


def message(one: Message, contact: Contact) -> Document:
    """A message of a contact's with its verdict."""
    from followupd.views.received import asked_rule

    return {
        "verdict": one.verdict.value,
        "evidence": one.evidence,
        "from": one.from_,
        "subject": one.subject,
        "message_id": one.message_id,
        "received_at": at(one.received_at),
        "excerpt": one.excerpt,
        "return_date": one.return_date.isoformat() if one.return_date else None,
        "not_answer": one.not_answer,
        "id": one.id,
        "possible_answer": one.held and not one.not_answer,
        "hint": one.hint,
        "asked_for": one.asked_for.isoformat() if one.asked_for else None,
        "asked_rule": asked_rule(one, contact),
        "other_address": one.other_address,
    }


def note(one: Note) -> Document:
    """A note, and whether a letter has told it."""
    return {
        "text": one.text,
        "created_at": at(one.created_at),
        "spent": one.spent_by is not None,
        "url": one.url,
        "expires": one.expires.isoformat() if one.expires else None,
        "milestone": one.milestone,
    }


def event(one: Event) -> Document:
    """A line of history."""
    return {"at": at(one.at), "kind": one.kind, "text": one.text}


def people(found: Sequence[Person], steps: dict[str, int]) -> list[Document]:
    """Everybody, in a line each; `steps` counts the steps of each cadence."""
    return [
        {
            "email": one.email,
            "name": one.name,
            "state": one.state.value,
            "step": one.step,
            "steps": steps.get(one.cadence, 0),
            "next_at": at(one.next_at),
            "account": one.account,
        }
        for one in found
    ]


def plan(found: Sequence[Planned], moved: Mapping[int, Instant] | None = None, *, why: bool) -> list[Document]:
    """The letters to come; `moved` are the dates, by thread, of those next letters that a changed config moves."""
    left = dict(moved or {})
    return [
        {"at": at(one.at), "email": one.email, "step": one.step + 1, "template": one.template}
        | ({"moved_from": at(left.pop(one.thread_id))} if one.thread_id in left else {})
        | ({"why": list(one.why)} if why else {})
        for one in found
    ]


def barred(found: Sequence[Barred]) -> list[Document]:
    """The letters that are due and have no date, after those of the plan: `at` is null, `barred` says why."""
    return [
        {"at": None, "email": one.email, "step": one.step + 1, "template": one.template, "barred": one.reason}
        for one in found
    ]


def news(contact: Contact, feed: str, proposed: Sequence[Proposal], trouble: str) -> Document:
    """What is proposed about one person, and whether their feed could be read."""
    return {
        "email": contact.email,
        "feed": feed,
        "trouble": trouble,
        "proposals": [
            {
                "id": one.id,
                "source": one.source.value,
                "text": one.text,
                "url": one.url,
                "published_at": at(one.published),
                "proposed_at": at(one.proposed_at),
            }
            for one in proposed
        ],
    }


def inbox(found: Sequence[Lying], whole: Burden) -> Document:
    """All letters to one person as they have them, and what that is together."""
    return {
        "letters": [
            {"at": at(one.at), "subject": one.subject, "words": one.words, "quoted": one.quoted, "sent": one.sent}
            for one in found
        ],
        "count": whole.letters,
        "words": whole.words,
        "quoted": whole.quoted,
        "most_letters_in_a_year": whole.letters_in_a_year,
        "most_words_in_a_year": whole.words_in_a_year,
    }


def queue(found: Sequence[InLine]) -> list[Document]:
    """The opening letters that have not gone yet, in the order in which they will."""
    return [
        {
            "place": one.place,
            "email": one.case.contact.email,
            "name": one.case.contact.name,
            "next_at": at(one.case.thread.next_at),
            "waits": one.waits,
        }
        for one in found
    ]


def log(found: Sequence[LogLine]) -> list[Document]:
    """History, the oldest first."""
    return [{"at": at(one.at), "email": one.email, "kind": one.kind, "text": one.text} for one in found]


def outbox(found: Sequence[OutboxLine]) -> list[Document]:
    """The letters that wait."""
    return [
        {
            "id": one.id,
            "email": one.email,
            "step": one.step + 1,
            "template": one.template,
            "state": one.state.value,
            "subject": one.subject,
            "reason": one.said,
        }
        for one in found
    ]


def questions(found: Sequence[tuple[Silent, str]]) -> list[Document]:
    """What the user is asked once a year about people who never answered."""
    return [
        {"email": one.email, "name": one.name, "since": at(one.since), "asked_at": at(one.asked), "text": said}
        for one, said in found
    ]


def account(one: Standing, email: str) -> Document:
    """How an account does, by which the user writes from an address."""
    return {
        "account": one.account,
        "email": email,
        "mailbox_checked_at": at(one.read_at),
        "trouble": one.trouble or None,
    }


def status(daemon: Document, queue: Queue) -> Document:
    """How the daemon and its queue do."""
    return {
        "daemon": daemon,
        "counts": {state.value: queue.counts[state] for state in State},
        "due": queue.due,
        "held": queue.counts[State.HELD],
        "uncertain": queue.uncertain,
    }
