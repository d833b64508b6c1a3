"""The common ground of the tests of dates: the patient cadence, three people, and a walk through time."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from followupd.core.cadence import reckon
from followupd.core.decide import decide
from followupd.core.instants import Instant, Span
from followupd.core.model import Accepted, Case, Contact, Decision, Letter, LetterState, Send, Skip, Thread
from followupd.core.outcome import after_sending, passed
from followupd.core.settings import Cadence, Me, Policy, Step, Window

BERLIN = ZoneInfo("Europe/Berlin")
PATIENT = Cadence(
    name="patient",
    steps=(
        Step(template="opening"),
        Step(template="reminder", after=Span(weeks=2)),
        Step(template="news", after=Span(weeks=6)),
        Step(template="season", after=Span(months=4)),
        Step(template="last-word", after=Span(months=7)),
    ),
)
WINDOW = Window(days=frozenset({1, 2, 3}), opens=9 * 60, closes=11 * 60 + 30, spread=timedelta())
POLICY = Policy(
    me=Me(name="Robin Weaver", email="robin@example.net", aliases=(), zone=BERLIN),
    cadences={"patient": PATIENT},
    default_cadence="patient",
    floor=Span(days=7),
    window=WINDOW,
    daily_limit=5,
    heads_up=Span(),
    away_grace=Span(days=7),
    away_unknown=Span(weeks=3),
)


def utc(*parts: int) -> Instant:
    """Give an instant by year, month, day, hour and so on."""
    return datetime(*parts, tzinfo=UTC)  # type: ignore[arg-type,misc]  # a tuple of ints is what datetime takes


def somebody(zone: str = "Europe/Berlin", country: str = "", number: int = 1) -> Contact:
    """Give a person who lives in a zone."""
    return Contact(id=number, addresses=(f"p{number}@example.org",), name="Ada", timezone=zone, country=country)


def begun(contact: Contact, at: Instant, **fields: object) -> Case:
    """Give a case that was added at an instant, its date reckoned."""
    thread = Thread(
        id=contact.id, key=f"key{contact.id}", contact_id=contact.id, cadence="patient", created_at=at, anchor=at
    )
    return Case(thread=replace(thread, **fields), contact=contact)  # type: ignore[arg-type]  # fields of a Thread


def letter_of(case: Case, at: Instant, **fields: object) -> Letter:
    """Give the letter that is sent next, ready for the wire."""
    step = case.thread.step
    made = Letter(
        id=100 * case.thread.id + step + 1,
        thread_id=case.thread.id,
        step=step,
        template=PATIENT.steps[step].template if step < len(PATIENT.steps) else "",
        state=LetterState.SENDING,
        message_id=f"<{case.thread.key}.{step}@example.net>",
        subject="A question",
        body="",
        created_at=at,
        mail_from=POLICY.me.email,
        rcpt_to=case.contact.email,
    )
    return replace(made, **fields)  # type: ignore[arg-type]  # fields of a Letter


def sent(case: Case, policy: Policy, at: Instant) -> Case:
    """Give the case after its next letter was accepted at an instant."""
    letter, change = after_sending(case, letter_of(case, at), Accepted(text="250 ok"), policy, at)
    return replace(case, thread=change.thread, letters=(*case.letters, letter))


def acted(case: Case, policy: Policy, at: Instant, sent_today: int = 0) -> tuple[Decision, Case]:
    """Decide, and carry the decision out as the daemon does."""
    decision = decide(case, policy, at, sent_today)
    if isinstance(decision, Send):
        return decision, sent(case, policy, at)
    if isinstance(decision, Skip):
        case = replace(case, thread=passed(case.thread, at))
        return decision, replace(case, thread=reckon(case, policy, at))
    return decision, case


def played(case: Case, policy: Policy, now: Instant, until: Instant) -> list[Instant]:
    """Wake whenever the thread says so; give the instants at which letters left."""
    case = replace(case, thread=reckon(case, policy, now))
    left = []
    while case.thread.next_at is not None and case.thread.next_at <= until:
        now = max(now, case.thread.next_at)
        decision, case = acted(case, policy, now)
        assert isinstance(decision, Send | Skip), f"{decision} at the very date {now}"
        if isinstance(decision, Send):
            left.append(now)
    return left
