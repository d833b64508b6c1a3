"""A contact, a cadence and the shipped templates, to render letters with."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from followupd.core.instants import Span
from followupd.core.model import Case, Contact, Letter, LetterState, Note, Thread
from followupd.core.settings import Cadence, Me, Policy, Step, Window
from followupd.letters.templates import Templates

NOW = datetime(2027, 6, 16, 7, 5, tzinfo=UTC)
STEPS = ("opening", "reminder", "news", "season", "last-word")
LEAST = Contact(
    addresses=("ada@example.org",),
    name="Dr. Ada Lovelace",
    admire="your notes on the engine taught me to read a machine before I built one",
    ask="how did you decide which of your readers to trust with an early draft?",
    offer="I would gladly test your next tables on our machines",
)
ALL = Contact(
    addresses=("ada@example.org",),
    name="Ada Lovelace",
    org="Engines Ltd",
    role="founder",
    admire=LEAST.admire,
    ask=LEAST.ask,
    offer=LEAST.offer,
    situation="We are four people in Leipzig and have just signed our first customer.",
    goal="In a year I want to publish our first tables without an editor.",
    arrangement="two calls of half an hour, paid at your usual rate",
    timezone="Europe/London",
    country="GB",
    language="en",
)
GERMAN = Contact(
    addresses=("ada@example.org",),
    name="Frau Dr. Ada Lovelace",
    admire="Ihre Notizen zur Maschine haben mich gelehrt, eine Maschine zu lesen, bevor ich sie baue",
    ask="wie haben Sie entschieden, wem Sie einen frühen Entwurf zeigen?",
    offer="ich würde Ihre nächsten Tafeln gern auf unseren Maschinen prüfen",
    language="de",
)
GERMAN_ALL = replace(
    GERMAN,
    org="Engines Ltd",
    role="Gründerin",
    situation="Wir sind zu viert in Leipzig und haben gerade unseren ersten Kunden gewonnen.",
    goal="In einem Jahr möchte ich unsere ersten Tafeln ohne Lektorat herausgeben.",
    arrangement="zwei Gespräche von einer halben Stunde, bezahlt nach Ihrem üblichen Satz",
    timezone="Europe/Berlin",
    country="DE",
)


@pytest.fixture
def policy() -> Policy:
    day = Span(days=1)
    return Policy(
        me=Me(name="Robin Weaver", email="robin@example.net", aliases=(), zone=ZoneInfo("Europe/Berlin")),
        cadences={"patient": Cadence(name="patient", steps=tuple(Step(template=name) for name in STEPS))},
        default_cadence="patient",
        floor=Span(days=7),
        window=Window(days=frozenset({1, 2, 3}), opens=540, closes=690),
        daily_limit=5,
        heads_up=Span(),
        away_grace=day,
        away_unknown=day,
    )


@pytest.fixture
def case_at() -> Callable[..., Case]:
    def made(contact: Contact, step: int, news: str = "") -> Case:
        began = NOW - timedelta(days=100)
        letters = tuple(
            Letter(
                id=number + 1,
                thread_id=1,
                step=number,
                template=STEPS[number],
                state=LetterState.SENT,
                message_id=f"<{number}@example.net>",
                subject="A question",
                body="",
                created_at=began,
                sent_at=began + timedelta(days=20 * number),
                mail_from="robin@example.net",
                rcpt_to=contact.email,
            )
            for number in range(step)
        )
        notes = (Note(id=1, contact_id=1, text=news, created_at=NOW),) if news else ()
        thread = Thread(key="k", contact_id=1, cadence="patient", step=step, created_at=began, anchor=began)
        return Case(thread=thread, contact=contact, letters=letters, notes=notes)

    return made


@pytest.fixture
def own(tmp_path: Path) -> Templates:
    """The user's own folder, empty."""
    return Templates(tmp_path)
