"""A person who does not exist, of whom all or only the least is known: templates are tried and judged on them."""

from typing import Final

from followupd.app import Desk
from followupd.core.model import Case, Contact, Note, Thread

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
LEAST: Final = Contact(
    addresses=FULL.addresses, name="Sample Person", ask=FULL.ask, offer=FULL.offer, admire=FULL.admire
)
_NEWS: Final = (
    "The second customer came by the first one's word.",
    "We have turned down an order, with your page beside us.",
    "The handbook of our own has nine pages now.",
    "Our apprentice keeps the list of refusals.",
)


def sample(desk: Desk, cadence: str, contact: Contact = FULL, *, news: bool = False) -> Case:
    """Give a case that stands before the first letter of a cadence; nothing of it is kept."""
    now = desk.clock.now()
    thread = Thread(key="sample", contact_id=0, cadence=cadence, created_at=now, anchor=now)
    notes = tuple(Note(id=-number, contact_id=0, text=text, created_at=now) for number, text in enumerate(_NEWS, 1))
    return Case(thread=thread, contact=contact, notes=notes if news else ())
