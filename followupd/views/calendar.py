"""Letters to come as an iCalendar file (RFC 5545) that a person subscribes to, or takes over once.

The same letters give the same bytes. The file is no message to anybody: it has no METHOD, nobody is invited, it blocks
no time and rings no bell. Instants are in UTC, so that no calendar has to know a time zone of ours.
"""

from collections.abc import Iterable
from datetime import timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from followupd import __version__
from followupd.core.agenda import Noted, Standing, uid
from followupd.core.telling import word
from followupd.views.text import safe

if TYPE_CHECKING:
    from icalendar import Event

_END: Final = b"END:VCALENDAR\r\n"
_REMEMBERED: Final = 20_000
"""Events whose bytes are kept, some 500 each."""
_LENGTH: Final = timedelta(minutes=15)
_STATUS: Final = {
    Standing.PLANNED: "TENTATIVE",
    Standing.SENT: "CONFIRMED",
    Standing.CANCELLED: "CANCELLED",
}
"""RFC 5545, section 3.8.1.11."""


def calendar(noted: Iterable[Noted]) -> bytes:
    """Write the file."""
    from icalendar import Calendar

    made = Calendar()
    made.add("prodid", f"-//followupd//followupd {__version__}//EN")
    made.add("version", "2.0")
    made.add("calscale", "GREGORIAN")
    made.add("name", "followupd")  # RFC 7986, section 5.1; the next line is what older programs read
    made.add("x-wr-calname", "followupd")
    made.add("refresh-interval", timedelta(hours=6), parameters={"VALUE": "DURATION"})
    octets: bytes = made.to_ical()
    return b"".join([octets.removesuffix(_END), *map(_octets, noted), _END])


@lru_cache(maxsize=_REMEMBERED)
def _octets(one: Noted) -> bytes:
    """Write an event; of thousands few differ from those that a running daemon wrote an hour ago."""
    octets: bytes = _event(one).to_ical()
    return octets


def _event(one: Noted) -> "Event":
    from icalendar import Event

    entry, face = one.entry, one.face
    made = Event()
    made.add("uid", uid(face.key, entry.step))
    made.add("dtstamp", entry.changed_at)
    made.add("last-modified", entry.changed_at)
    made.add("sequence", entry.sequence)
    made.add("dtstart", entry.at)
    made.add("dtend", entry.at + _LENGTH)
    made.add("summary", _summary(one))
    made.add("description", _description(one))
    made.add("status", _STATUS[entry.standing])
    made.add("transp", "TRANSPARENT")
    made.add("class", "PRIVATE")
    made.add("categories", ["followupd"])
    return made


def _summary(one: Noted) -> str:
    letter = f"Letter {one.entry.step + 1} to {safe(one.face.name) or safe(one.face.email)}"
    match one.entry.standing:
        case Standing.PLANNED:
            return letter
        case Standing.SENT:
            return f"{letter} went out"
        case Standing.CANCELLED:
            return f"{letter} does not go"


def _description(one: Noted) -> str:
    email = safe(one.face.email)
    about = f"{safe(one.entry.template)}, to {email}"
    if one.entry.standing is not Standing.PLANNED:
        return f"{about}.\nWhat happened: followupd show {word(email)}"
    return (
        f"{about}, if nothing happens.\nRead it: followupd preview {word(email)} --step {one.entry.step + 1}\n"
        f"Let it wait: followupd snooze {word(email)} --until DATE"
    )
