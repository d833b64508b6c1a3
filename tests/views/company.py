"""A company of people who were written to: what became of each follows from their number, the same every time."""

from dataclasses import replace
from datetime import timedelta

from followupd.core.cadence import reckon
from followupd.core.instants import Instant, Span, add
from followupd.core.model import Case, Contact, Event, LetterState, Message, Note, Outreach, State, Verdict
from followupd.core.needs import Service, Waiting, needs
from followupd.core.overview import Overview, horizon, overview
from followupd.core.plan import foresee
from tests.core.timeline import BERLIN, POLICY, acted, begun, utc

NOW = utc(2026, 11, 24, 8)
NAMES = (
    "Ada Lovelace", "Bo Jönsson", "Dr Chidinma Okonkwo-Featherstonehaugh", "Đặng Thị Mai", "Ezra", "Francesca Bianchi",
    "G. H. Hardy", "Hana Sato 佐藤花", "Ivan Petrov", "<b>Judy</b> & Co", "Kim", "Luísa",
)  # fmt: skip
FATES = ("answered", "waits", "silent", "answered", "held", "paused", "opted_out", "undeliverable", "doubt", "waits")

_DOUBT = (
    "a possible answer from {email} (words.away.en, it reads like a note of absence: out of office); "
    "if it is an answer: followupd answered {email}; if not: followupd resume {email}"
)
_HAPPENED = {
    "answered": ("answered", "reply from {email} (match.in_reply_to)", State.ANSWERED),
    "held": ("held", _DOUBT, State.HELD),
    "doubt": ("held", "the connection ended after the data", State.HELD),
    "paused": ("paused", "paused by you", State.PAUSED),
    "opted_out": ("opted-out", "opt_out from {email} (words.stop)", State.OPTED_OUT),
    "undeliverable": ("undeliverable", "bounce about {email} (rfc3464.action-failed)", State.UNDELIVERABLE),
}


def company(size: int, now: Instant = NOW) -> tuple[Outreach, ...]:
    """Give so many outreaches; the first began two years ago, the last one was added just now."""
    apart = timedelta(days=730) / max(size - 1, 1)
    return tuple(_outreach(number, now - timedelta(days=730) + apart * number, now) for number in range(size))


def seen(size: int, now: Instant = NOW) -> Overview:
    """Give the overview of a company."""
    found = company(size, now)
    planned = foresee([one.case for one in found], POLICY, now, horizon(POLICY, now))
    waiting = Waiting(service=Service(last_round=now), outreaches=found)
    return overview(found, planned, needs(waiting, POLICY, now), POLICY, now)


def _outreach(number: int, at: Instant, now: Instant) -> Outreach:
    fate = FATES[number % len(FATES)]
    name = NAMES[number % len(NAMES)]
    contact = Contact(
        id=number + 1, addresses=(f"person{number}@example.org",), name=name, org="The Analytical Society",
        ask="How did you decide what to leave out?", offer="I would typeset the next edition.",
        timezone="Europe/Berlin",
    )  # fmt: skip
    case = begun(contact, at)
    case = replace(case, thread=reckon(case, POLICY, at))
    events = [Event(at=at, kind="added", text="added by you")]
    ends = at + timedelta(days=5 + number * 37 % 400) if fate not in {"waits", "silent"} else now
    case, events = _played(case, events, min(ends, now))
    return _ended(case, events, fate, min(ends, now)) if case.letters else Outreach(case=case, events=tuple(events))


def _played(case: Case, events: list[Event], until: Instant) -> tuple[Case, list[Event]]:
    while case.thread.next_at is not None and case.thread.next_at <= until:
        at = case.thread.next_at
        _, case = acted(case, POLICY, at)
        events.append(Event(at=at, kind="sent", text=f"letter {len(case.letters)} is out"))
    letters = tuple(
        replace(
            one, subject="How you chose what to leave out", body="Dear colleague,\n\n  this is what I ask.\n\nRobin"
        )
        for one in case.letters
    )
    return replace(case, letters=letters), events


def _ended(case: Case, events: list[Event], fate: str, at: Instant) -> Outreach:
    thread, email = case.thread, case.contact.email
    if fate == "doubt":
        case = replace(case, letters=(*case.letters[:-1], replace(case.letters[-1], state=LetterState.UNCERTAIN)))
    if thread.state is State.SILENT and fate not in {"answered", "opted_out"}:
        return Outreach(case=case, events=tuple(events))
    messages = {
        "answered": [_message(case, at - timedelta(days=2), Verdict.AUTO_REPLY), _message(case, at, Verdict.REPLY)],
        "opted_out": [_message(case, at, Verdict.OPT_OUT)],
        "undeliverable": [_message(case, at, Verdict.BOUNCE)],
        "waits": [_message(case, case.letters[-1].created_at + timedelta(days=1), Verdict.AUTO_REPLY)],
    }.get(fate, [])
    if fate in _HAPPENED:
        kind, text, state = _HAPPENED[fate]
        events.append(Event(at=at, kind=kind, text=text.format(email=email)))
        thread = replace(thread, state=state, reason=text.format(email=email), next_at=None)
    if fate == "paused":
        thread = replace(thread, paused_until=add(NOW, Span(months=3), BERLIN), resume_to=State.WAITING)
    notes = (Note(id=case.contact.id, contact_id=case.contact.id, text="The method works.", created_at=at),)
    return Outreach(case=replace(case, thread=thread, notes=notes), messages=tuple(messages), events=tuple(events))


def _message(case: Case, at: Instant, verdict: Verdict) -> Message:
    return Message(
        id=case.thread.id, thread_id=case.thread.id, contact_id=case.contact.id, message_id=f"<{at}@example.org>",
        folder="INBOX", uid=1, from_=case.contact.email, subject="Re: How you chose what to leave out", received_at=at,
        verdict=verdict, rule="match.in_reply_to", words="<letter@example.net>", excerpt="Gladly. Call me on Tuesday.",
        hint="yes" if verdict is Verdict.REPLY else "",
    )  # fmt: skip
