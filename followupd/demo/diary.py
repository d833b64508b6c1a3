"""What the user does over the year, each deed on its day and through the real actions: adding people, taking notes."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

from followupd.core.instants import Instant
from followupd.demo.mentors import Character

if TYPE_CHECKING:
    from followupd.app import Desk

Deed = Callable[["Desk"], object]


class Diary:
    """The deeds still to be done, in the order of their days."""

    def __init__(self, cast: Sequence[Character], begins: Instant) -> None:
        deeds = [(one.joins, _adds(one)) for one in cast]
        deeds += [(news.day, _notes(one.contact.email, news.text)) for one in cast for news in one.news]
        self._deeds = sorted(((begins + timedelta(days=day), deed) for day, deed in deeds), key=lambda deed: deed[0])

    def next_at(self) -> Instant | None:
        """Tell when the next deed is to be done; None if there is none."""
        return self._deeds[0][0] if self._deeds else None

    def do(self, desk: "Desk", now: Instant) -> None:
        """Do what was to be done by `now`."""
        while self._deeds and self._deeds[0][0] <= now:
            _, deed = self._deeds.pop(0)
            deed(desk)


def _adds(character: Character) -> Deed:
    def add(desk: "Desk") -> None:
        from followupd.actions import contacts

        contacts.add(desk, character.contact)

    return add


def _notes(email: str, text: str) -> Deed:
    def note(desk: "Desk") -> None:
        from followupd.actions import contacts

        contacts.note(desk, email, text)

    return note
