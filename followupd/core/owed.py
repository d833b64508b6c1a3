"""What the user owes to somebody who answered: thanks within days, the offer that was made, news of what came of it.

The relation begins with the first answer. To a "no", and to an answer to such news, only thanks are owed. Nothing here
is ever sent by the program, but letters that the user lets it send (`keep-in-touch`) count as news.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from followupd.core.instants import Instant, Span, add, at_local, local_day
from followupd.core.model import Contact
from followupd.core.settings import Policy


class Kind(StrEnum):
    """Why something is owed."""

    THANKS = "thanks"
    OFFER = "offer"
    FIRST_NEWS = "first-news"
    SECOND_NEWS = "second-news"
    REFERRAL = "referral"


_THANKS_WITHIN: Final = timedelta(days=2)
_TEMPLATES: Final = {
    Kind.THANKS: "thank-you",
    Kind.OFFER: "offer-delivered",
    Kind.FIRST_NEWS: "update",
    Kind.SECOND_NEWS: "update",
    Kind.REFERRAL: "update",
}
_NEWS_AFTER: Final = {Kind.FIRST_NEWS: Span(months=1), Kind.SECOND_NEWS: Span(months=3)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """Somebody who answered: when, what their answer seems to say, and what has been kept since.

    `told` counts the letters that went out in threads that go on from the answer; `again` is for an answer to such one.
    """

    contact: Contact
    thread_id: int
    at: Instant
    hint: str = ""
    kept: frozenset[Kind] = frozenset()
    told: int = 0
    again: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Referred:
    """Somebody who sent the user on: to whom, in which thread, when that began, and when they answered, if they did."""

    referrer: Contact
    to: Contact
    thread_id: int
    at: Instant
    answered_at: Instant | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Owed:
    """One thing owed to one person, the day by which it is, and in words what it is."""

    email: str
    name: str
    thread_id: int
    kind: Kind
    on: date
    text: str

    @property
    def template(self) -> str:
        """The name of the template of a letter that does it."""
        return _TEMPLATES[self.kind]


def owed(answered: Collection[Answered], policy: Policy, referred: Collection[Referred] = ()) -> tuple[Owed, ...]:
    """Give what is owed to everybody, the earliest first; days are counted where the user lives.

    `referred` are those who sent the user on and have not been told how it went.
    """
    found = [one for each in answered for one in _to(each, policy) if one.kind not in each.kept]
    found += [_to_referrer(one, policy) for one in referred]
    return tuple(sorted(found, key=lambda one: (one.on, one.email, one.kind)))


def owes_offer(one: Answered) -> bool:
    """Tell whether an offer was made to somebody who answered, and has not been kept."""
    return one.hint != "no" and Kind.OFFER not in one.kept and bool(one.contact.offer or one.contact.offer_of)


def _to_referrer(one: Referred, policy: Policy) -> Owed:
    """Give a word on how it went: days after the answer, else a month after the user was sent on."""
    zone = policy.me.zone
    noon = at_local(local_day(one.at, zone), 12 * 60, zone)
    on = local_day(add(noon, _NEWS_AFTER[Kind.FIRST_NEWS], zone), zone)
    if one.answered_at is not None:
        on = min(on, local_day(one.answered_at, zone) + _THANKS_WITHIN)
    who = f"{one.to.name} ({one.to.email})" if one.to.name else one.to.email
    return Owed(
        email=one.referrer.email,
        name=one.referrer.name,
        thread_id=one.thread_id,
        kind=Kind.REFERRAL,
        on=on,
        text=f"tell them how it went with {who}, to whom they sent you",
    )


def _to(one: Answered, policy: Policy) -> list[Owed]:
    zone = policy.me.zone
    day = local_day(one.at, zone)
    due = {Kind.THANKS: (day + _THANKS_WITHIN, "say thank you")}
    if one.hint != "no" and not one.again:
        if what := one.contact.offer or one.contact.offer_of:
            due[Kind.OFFER] = (day + _THANKS_WITHIN, f"you offered: {what}")
        noon = at_local(day, 12 * 60, zone)
        for kind, span in list(_NEWS_AFTER.items())[one.told :]:
            due[kind] = (local_day(add(noon, span, zone), zone), "tell them what came of it")
    return [
        Owed(email=one.contact.email, name=one.contact.name, thread_id=one.thread_id, kind=kind, on=on, text=text)
        for kind, (on, text) in due.items()
    ]
