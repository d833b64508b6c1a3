"""What a person may be given: a place that is on the map, and what the config offers by name; all else is refused."""

import re

from followupd.app import Desk
from followupd.core.errors import FollowupdError
from followupd.core.instants import zone_named
from followupd.core.model import Contact
from followupd.core.periods import leave_a_day, periods
from followupd.core.window import holidays_of


def check_place(desk: Desk, contact: Contact, where: str) -> None:
    """Refuse a zone, a country, a language or days that would only seem to count; `where` names whose they are."""
    if contact.timezone:
        try:
            zone_named(contact.timezone)
        except ValueError as error:
            raise FollowupdError(str(error), where=where) from None
    if contact.language and not re.fullmatch(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*", contact.language):
        raise FollowupdError(f"{contact.language!r} is no language code; write one like en or pt-BR", where=where)
    _check_blackout(desk, contact.blackout, where)
    if not contact.country:
        return
    if not re.fullmatch(r"[A-Za-z]{2}(-[A-Za-z0-9]{1,3})?", contact.country):
        raise FollowupdError(f"{contact.country!r} is no country code; write one like DE or DE-BY", where=where)
    if not holidays_of(contact.country.upper(), desk.clock.now().year):
        raise FollowupdError(
            f"no public holidays are known for the country {contact.country!r}",
            where=where,
            hint="write its code (ISO 3166) like DE or DE-BY; where it is right, leave the country empty",
        )


def _check_blackout(desk: Desk, said: str, where: str) -> None:
    try:
        blackout = periods(said)
    except ValueError as error:
        raise FollowupdError(str(error), where=where) from None
    if not leave_a_day((*blackout, *desk.settings.policy.window.quiet)):
        never = f"to send none: followupd stop {where}" if where else ""
        raise FollowupdError("that leaves no day of the year for a letter", where=where, hint=never)


def check_offer(desk: Desk, name: str, where: str) -> None:
    """Refuse a kind of offer that the config does not have; "" is none."""
    offers = desk.settings.policy.offers
    if name and name not in offers:
        known = f"there are: {', '.join(sorted(offers))}" if offers else f"write a table [offers.{name}]"
        raise FollowupdError(f"the config has no offer {name!r}", where=where, hint=known)


def cadence_named(desk: Desk, name: str, *, going_on: bool = False) -> str:
    """Give the name of a cadence; raise FollowupdError if the config has none of it.

    One for people who have answered is for threads alone that are `going_on` from an answer.
    """
    known = desk.settings.policy.cadences
    if name not in known:
        raise FollowupdError(f"the config has no cadence {name!r}", hint=f"there are: {', '.join(sorted(known))}")
    if known[name].after_answer and not going_on:
        raise FollowupdError(
            f"the cadence {name!r} is for people who have answered",
            hint=f"once somebody has: followupd reopen EMAIL --cadence {name}",
        )
    return name
