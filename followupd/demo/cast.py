"""The people of the demo: whom the user writes to, what each of them does, and how it has to end. All are invented."""

from datetime import timedelta
from typing import Final

from followupd.core.model import Contact, State
from followupd.demo.answers import Manner, Reaction
from followupd.demo.mentors import Character, News

USER_NAME: Final = "Ida Brandt"
USER_EMAIL: Final = "ida@lastenrad-brandt.example"

_SITUATION: Final = (
    "I run a workshop of nine in Bremen that builds and rents out cargo bikes, and we are about to open a second yard "
    "in Oldenburg"
)

_SOLBERG: Final = Character(
    contact=Contact(
        addresses=("henrike.solberg@verktoybibliotek.example",),
        name="Henrike Solberg",
        org="Verktøybiblioteket",
        role="founder of seven tool libraries in Norway",
        ask="How did you choose the three things that your second library lent in its first month?",
        offer="The repair records of our last 400 rentals are yours, cleaned up and explained, for your own planning",
        admire=(
            "When you closed your branch in Drammen you wrote openly about the shelf of drills that nobody wanted; I "
            "have read it three times"
        ),
        situation=_SITUATION,
        goal="We want to open it with only those bikes that people will really take out",
        arrangement="half an hour on the telephone, informal and unpaid",
        timezone="Europe/Oslo",
        country="NO",
        language="en",
    ),
    joins=0,
    reactions=(
        Reaction(
            letter=2,
            after=timedelta(days=9, hours=5, minutes=12),
            manner=Manner.REPLY,
            text=(
                "Dear Ida,\n\n"
                "thank you for writing a second time, the first letter came in the week of our stocktaking.\n"
                "We did not choose the three things at all. We put out an empty shelf with paper labels and let\n"
                "people write what they had wanted to borrow. After two weeks it was obvious.\n\n"
                "I would be glad to see your repair records. Shall we speak on a Thursday in the afternoon?\n\n"
                "Warm regards\nHenrike"
            ),
        ),
    ),
    ends=State.ANSWERED,
    letters=2,
    moral="The first letter came at a bad time; the second one was answered after nine days.",
)

_ITURRALDE: Final = Character(
    contact=Contact(
        addresses=("tomas@mensajeros-del-nervion.example",),
        name="Tomás Iturralde",
        org="Mensajeros del Nervión",
        role="co-founder of a couriers' co-operative in Bilbao",
        ask="What did you write down for the second depot that the first one had known by heart?",
        offer="Two of our long bikes are yours for a season, with all the data of their sensors",
        admire=(
            "Your co-operative let the riders redraw their districts themselves, and published both maps; the second "
            "one is better"
        ),
        situation=_SITUATION,
        goal="Both yards should work in one way, without a manual of 200 pages",
        arrangement="half an hour on the telephone, informal and unpaid",
        timezone="Europe/Madrid",
        country="ES",
        language="en",
    ),
    joins=3,
    reactions=(
        Reaction(
            letter=2,
            after=timedelta(minutes=1),
            manner=Manner.AWAY,
            away=86,
            text=(
                "Thank you for your message.\n\n"
                "I am out of the office, building a boat with my daughters, and will be back on {back}.\n"
                "Until then I do not read my mail. For urgent matters please ask the depot."
            ),
        ),
        Reaction(
            letter=3,
            after=timedelta(days=2, hours=1, minutes=40),
            manner=Manner.REPLY,
            text=(
                "Hello Ida,\n\n"
                "the boat floats, mostly. Your letter was near the top when I came back.\n"
                "We wrote down only what had gone wrong twice. It was eleven pages. I will send them to you.\n\n"
                "A hug from Bilbao\nTomás"
            ),
        ),
    ),
    news=(News(day=30, text="We signed the lease for the yard in Oldenburg; it has one tap and a very good roof."),),
    ends=State.ANSWERED,
    letters=3,
    moral="Away for twelve weeks: the next letter waited until he was back, and he answered it.",
)

_WHITCOMBE: Final = Character(
    contact=Contact(
        addresses=("a.whitcombe@harrowdale-college.example",),
        name="Agnes Whitcombe",
        org="Harrowdale College",
        role="professor of service operations",
        ask="Which of your nine queueing rules would you keep for a yard where people come without an appointment?",
        offer="A year of arrivals at our counter, to the minute, is there for your students",
        admire=(
            "Your paper on the shortest queue at the swimming pool, which was the slowest one, hangs above our counter"
        ),
        situation=_SITUATION,
        goal="Nobody should wait there for longer than ten minutes on a Saturday",
        arrangement="half an hour on the telephone, informal and unpaid",
        timezone="Europe/London",
        country="GB",
        language="en",
    ),
    joins=1,
    reactions=(
        Reaction(
            letter=1,
            after=timedelta(minutes=4),
            manner=Manner.BOUNCE,
            text="550 5.1.1 User unknown; the mailbox was closed when its owner retired",
        ),
    ),
    ends=State.UNDELIVERABLE,
    letters=1,
    moral="Her old address no longer exists; nothing more goes there until the user finds the new one.",
)

_QUILL: Final = Character(
    contact=Contact(
        addresses=("b.quill@quill-and-daughters.example",),
        name="Bartholomew Quill",
        org="Quill & Daughters",
        role="clock mender in the fourth generation",
        ask="How do you decide which apprentice gets the difficult clock?",
        offer="A cargo bike fitted out for longcase clocks is yours on loan, for as long as it is useful",
        admire=(
            "Every clock leaves your house with a list of what you did not repair, and why; we have begun to do so "
            "with bikes"
        ),
        situation=_SITUATION,
        goal="Three new mechanics should learn at once while the workshop goes on working",
        arrangement="half an hour on the telephone, informal and unpaid",
        timezone="Europe/London",
        country="GB",
        language="en",
    ),
    joins=2,
    news=(
        News(day=45, text="Our first apprentice has rebuilt a rear hub alone; it took her a day and she was right."),
        News(day=150, text="The second yard is open; on the first Saturday it rained and we rented out 14 bikes."),
        News(day=330, text="Two of the apprentices have asked for the difficult bike, and we let them draw lots."),
    ),
    ends=State.SILENT,
    letters=5,
    moral="Five letters in more than a year, no two alike, the last one a graceful last word; then silence.",
)

_NOVOTNA: Final = Character(
    contact=Contact(
        addresses=("radka.novotna@plynulost.example",),
        name="Radka Novotná",
        org="Plynulost Logistika",
        role="head of network planning",
        ask="What told you that the depot in Brno was two kilometres too far from the market hall?",
        offer="Our map of 30,000 anonymous journeys through Bremen is yours to work with",
        admire=(
            "In your talk in Leipzig you moved a depot across the map by hand until the audience shouted stop; I was "
            "one of them"
        ),
        situation=_SITUATION,
        goal="I want to be sure of the place before we paint its walls",
        arrangement="half an hour on the telephone, informal and unpaid",
        timezone="Europe/Prague",
        country="CZ",
        language="en",
    ),
    joins=7,
    reactions=(
        Reaction(
            letter=2,
            after=timedelta(hours=3, minutes=25),
            manner=Manner.REPLY,
            text=(
                "Dear Ms Brandt,\n\n"
                "I do not give advice outside my company. Please do not write to me again.\n\n"
                "Kind regards\nRadka Novotná"
            ),
        ),
    ),
    ends=State.OPTED_OUT,
    letters=2,
    moral="She asked not to be written to, and never will be again.",
)

_MENSAH: Final = Character(
    contact=Contact(
        addresses=("kofi@coldtrike.example",),
        name="Kofi Mensah-Bright",
        org="Coldtrike Accra",
        role="builder of refrigerated cargo trikes",
        ask="Which part did you stop making yourselves first, and how did you know that it was time?",
        offer="The drawings of our swappable box mount are yours, free to use and to sell",
        admire="You published how often your cooling boxes fail before anybody had asked",
        situation=_SITUATION,
        goal="I want to stop welding everything ourselves before the second yard doubles our orders",
        arrangement="half an hour on the telephone, informal and unpaid",
        timezone="Africa/Accra",
        country="GH",
        language="en",
    ),
    joins=9,
    reactions=(
        Reaction(
            letter=3,
            after=timedelta(days=4, hours=7),
            manner=Manner.INVITATION,
            text="Ida, better we talk than type. Here is half an hour; move it if the kettle is on.\n\nKofi",
        ),
    ),
    news=(News(day=40, text="We had the first ten box mounts welded by a firm in Vechta; seven of them fit."),),
    ends=State.ANSWERED,
    letters=3,
    moral="He answered the third letter with an invitation in the calendar, which is an answer.",
)

CAST: Final = (_SOLBERG, _WHITCOMBE, _QUILL, _ITURRALDE, _NOVOTNA, _MENSAH)
"""Everybody in the story."""
