"""A person who does not exist, of whom all or only the least is known: templates are tried and judged on them."""

from dataclasses import replace
from datetime import timedelta
from typing import Final

from followupd.app import Desk
from followupd.core.model import Case, Contact, Letter, LetterState, Note, Thread

FULL: Final = Contact(
    addresses=("sample@example.org",),
    name="Dr. Sample Person",
    org="Example Works",
    role="founder",
    ask="Which of your first three customers would you choose again, and what would you ask them before?",
    offer="I would gladly proofread the next edition of your handbook",
    admire="Your handbook has a page on the orders you refused, and we began such a list the same day",
    situation="We are four people and have just signed our first customer",
    goal="In a year we want to choose our customers instead of being glad of any",
    arrangement="half an hour on the telephone, informal and unpaid",
    timezone="UTC",
    language="en",
)
_GERMAN: Final = Contact(
    addresses=FULL.addresses,
    name="Dr. Maria Muster",
    org="Musterwerke",
    role="Gründerin",
    ask="Welchen Ihrer ersten drei Kunden würden Sie wieder nehmen, und was würden Sie ihn vorher fragen?",
    offer="Gern lese ich die Fahnen der nächsten Auflage Ihres Handbuchs",
    admire="Ihr Handbuch hat eine Seite über Aufträge, die Sie ablehnten; seit diesem Tag führen wir so eine Liste",
    situation="Wir sind zu viert und haben gerade unseren ersten Kunden gewonnen",
    goal="In einem Jahr wollen wir uns Kunden aussuchen, statt über jeden froh zu sein",
    arrangement="eine halbe Stunde am Telefon, formlos und unbezahlt",
    timezone="UTC",
    language="de",
)
_NEWS: Final = {
    "en": (
        "The second customer came by the first one's word.",
        "We have turned down an order, with your page beside us.",
        "The handbook of our own has nine pages now.",
        "Our apprentice keeps the list of refusals.",
    ),
    "de": (
        "Der zweite Kunde kam auf Empfehlung des ersten.",
        "Wir haben einen Auftrag abgelehnt, Ihre Seite lag daneben.",
        "Unser eigenes Handbuch hat jetzt neun Seiten.",
        "Die Liste der Absagen führt inzwischen unser Lehrling.",
    ),
}


def somebody(language: str, *, least: bool = False) -> Contact:
    """Give a person who is written to in a language: all is known of them, or only the least."""
    known = replace(_GERMAN if language.startswith("de") else FULL, language=language)
    if not least:
        return known
    return Contact(
        addresses=known.addresses,
        name=known.name.removeprefix("Dr. "),
        ask=known.ask,
        offer=known.offer,
        admire=known.admire,
        language=language,
    )


def sample(desk: Desk, cadence: str, contact: Contact, *, news: bool = False) -> Case:
    """Give a case that stands before the first letter of a cadence; nothing of it is kept.

    With a cadence for people who have answered, one letter went out some weeks ago, and they answered it.
    """
    now, policy = desk.clock.now(), desk.settings.policy
    thread = Thread(key="sample", contact_id=0, cadence=cadence, created_at=now, anchor=now)
    told = _NEWS["de" if contact.language.startswith("de") else "en"]
    notes = tuple(Note(id=-number, contact_id=0, text=text, created_at=now) for number, text in enumerate(told, 1))
    case = Case(thread=thread, contact=contact, notes=notes if news else ())
    if not policy.cadences[cadence].after_answer:
        return case
    asked = now - timedelta(days=20)
    letter = Letter(
        thread_id=-1,
        step=0,
        template="opening",
        state=LetterState.SENT,
        message_id="<sample@example.org>",
        mail_from=policy.me.email,
        rcpt_to=contact.email,
        subject=contact.ask,
        body=f"{contact.name}\n\n{contact.ask}\n",
        created_at=asked,
        sent_at=asked,
    )
    return replace(case, thread=replace(thread, continues=-1), before=(letter,))
