"""The keys that scripts rely on are these and stay these, and every instant has its offset."""

from datetime import UTC, date, datetime

import pytest

from followupd.core.instants import Instant
from followupd.core.model import (
    FIELDS,
    Case,
    Contact,
    Event,
    Letter,
    LetterState,
    LogLine,
    Message,
    Note,
    Planned,
    State,
    Thread,
    Verdict,
)
from followupd.store.reading import OutboxLine, Person, Queue
from followupd.views import document

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
AT = "2026-11-23T09:00:00Z"
LETTER = Letter(
    id=7, thread_id=1, step=0, template="opening", state=LetterState.SENT, message_id="<a@x>", subject="s", body="b",
    created_at=NOW, sent_at=NOW, rcpt_to="ada@example.net",
)  # fmt: skip
MESSAGE = Message(
    thread_id=1, contact_id=1, message_id="<m@x>", folder="INBOX", uid=3, from_="ada@example.net", subject="Re: s",
    received_at=NOW, verdict=Verdict.AUTO_REPLY, rule="rfc3834.auto-submitted", words="auto-replied", excerpt="away",
    return_date=date(2027, 1, 20), id=5, held=True, hint="later", asked_for=date(2027, 9, 6),
    other_address="grace@example.net",
)  # fmt: skip
CASE = Case(
    thread=Thread(id=1, key="k", contact_id=1, cadence="patient", created_at=NOW, anchor=NOW, step=1, next_at=NOW),
    contact=Contact(id=1, addresses=("ada@example.net", "a@example.org"), name="Ada", tags=("x",)),
    letters=(LETTER,),
    notes=(Note(id=1, contact_id=1, text="news", created_at=NOW, spent_by=7),),
)


def test_show_has_the_stable_keys_all_the_way_down() -> None:
    shown = document.show(CASE, 5, (MESSAGE,), (Event(at=NOW, kind="added", text="was added"),))
    assert shown == {
        "account": "main", "email": "ada@example.net",
        "addresses": ["ada@example.net", "a@example.org"],
        "name": "Ada",
        "fields": {**dict.fromkeys(FIELDS[1:], ""), "tags": ["x"]},
        "state": "scheduled",
        "reason": "",
        "cadence": "patient",
        "step": 1,
        "steps": 5,
        "next_at": AT,
        "letters": [
            {
                "id": 7, "step": 1, "template": "opening", "state": "sent", "message_id": "<a@x>", "subject": "s",
                "sent_at": AT, "to": "ada@example.net", "came_back": False, "sha256": None,
            }
        ],
        "messages": [
            {
                "verdict": "auto_reply", "evidence": "rfc3834.auto-submitted: auto-replied", "from": "ada@example.net",
                "subject": "Re: s", "message_id": "<m@x>", "received_at": AT, "excerpt": "away",
                "return_date": "2027-01-20", "not_answer": False, "id": 5, "possible_answer": True, "hint": "later",
                "asked_for": "2027-09-06", "asked_rule": "", "other_address": "grace@example.net",
            }
        ],
        "notes": [{"text": "news", "created_at": AT, "spent": True, "url": "", "expires": None, "milestone": ""}],
        "referred_by": None,
        "events": [{"at": AT, "kind": "added", "text": "was added"}],
    }  # fmt: skip


def test_list_plan_log_and_outbox_have_the_stable_keys() -> None:
    person = Person(
        contact_id=1, thread_id=1, email="a@x", name="A", org="", state=State.HELD, reason="", cadence="gone", step=2,
        next_at=None, tags=(),
    )  # fmt: skip
    assert document.people((person,), {"patient": 5}) == [
        {"email": "a@x", "name": "A", "state": "held", "step": 2, "steps": 0, "next_at": None, "account": "main"}
    ]
    planned = Planned(at=NOW, email="a@x", thread_id=1, step=1, template="reminder", why=("a", "b"))
    base = {"at": AT, "email": "a@x", "step": 2, "template": "reminder"}
    assert document.plan((planned,), why=False) == [base]
    assert document.plan((planned,), why=True) == [base | {"why": ["a", "b"]}]
    line = LogLine(id=1, at=NOW, email="a@x", name="A", kind="sent", text="t")
    assert document.log((line,)) == [{"at": AT, "email": "a@x", "kind": "sent", "text": "t"}]
    waiting = OutboxLine(
        id=3, thread_id=1, email="a@x", name="A", step=1, attempt=1, template="reminder", state=LetterState.HELD,
        subject="s", said="why", created_at=NOW, retry_at=None,
    )  # fmt: skip
    assert document.outbox((waiting,)) == [
        {
            "id": 3, "email": "a@x", "step": 2, "template": "reminder", "state": "held", "subject": "s",
            "reason": "why",
        }
    ]  # fmt: skip


def test_status_counts_every_state() -> None:
    queue = Queue(counts=dict.fromkeys(State, 2), due=1, held=9, uncertain=4)
    daemon = {"running": False}
    assert document.status(daemon, queue) == {
        "daemon": daemon, "counts": {state.value: 2 for state in State}, "due": 1, "held": 2, "uncertain": 4,
    }  # fmt: skip


@pytest.mark.parametrize(("instant", "written"), [(NOW, AT), (None, None)])
def test_an_instant_is_written_with_its_offset(instant: Instant | None, written: str | None) -> None:
    assert document.at(instant) == written
