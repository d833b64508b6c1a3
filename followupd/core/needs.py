"""What needs the user, the most urgent first: trouble of the service, letters in doubt, held letters, what is owed.

A day on which nothing has to be done gives nothing at all. Somebody's silence is never a need.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, TypeAlias

from followupd.core.instants import Instant, local_day
from followupd.core.model import LetterState, Outreach, State
from followupd.core.owed import Owed
from followupd.core.settings import Policy
from followupd.core.telling import word

Known: TypeAlias = Mapping[str, tuple[str, Instant] | None]
"""What is remembered, by name: a value, and since when."""
QUIET: Final = timedelta(days=2)
"""How long the daemon may have been still before it is said."""
_OWED: Final = "once it is done: followupd owed --done {who} --what {kind}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """One thing for the user to do: about whom ("" for the service), and in words, with the command that settles it."""

    email: str = ""
    name: str = ""
    what: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """How the daemon does: its last round, and trouble in its own words; that of further accounts by their names."""

    last_round: Instant | None = None
    trouble: str = ""
    paused: bool = False
    others: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """What may wait for the user: how the service does, threads that are held or in doubt, what is owed.

    `trays` is what lies in the folders for letters and could not be done: about whom, and in words.
    """

    service: Service
    outreaches: Collection[Outreach] = ()
    owed: Collection[Owed] = ()
    trays: Collection[tuple[str, str]] = ()


def service(known: Known, others: Mapping[str, Known]) -> Service:
    """Read how the service does from what it remembers of itself, by name; and of each further account."""
    paused, last = known.get("paused_all"), known.get("last_round_at")
    return Service(
        last_round=last[1] if last else None,
        trouble=_trouble(known, paused=paused is not None),
        paused=paused is not None,
        others=tuple(
            (name, trouble) for name, one in others.items() if (trouble := _trouble(one, paused=paused is not None))
        ),
    )


def needs(waiting: Waiting, policy: Policy, now: Instant) -> tuple[Need, ...]:
    """Give all that needs the user at this hour."""
    today = local_day(now, policy.me.zone)
    return (
        *_of_service(waiting.service, now),
        *(need for one in waiting.outreaches for need in _doubts(one)),
        *(need for one in waiting.outreaches for need in _held(one)),
        *(Need(email=email, what=what) for email, what in waiting.trays),
        *(_owed(one, today) for one in waiting.owed if one.on <= today),
    )


def _trouble(known: Known, *, paused: bool) -> str:
    found = known.get("login_refused") or known.get("trouble") or (None if paused else known.get("not_sending"))
    return found[0] if found else ""


def _of_service(found: Service, now: Instant) -> tuple[Need, ...]:
    said = []
    if found.trouble:
        said.append(found.trouble)
    said += [f"account {name}: {trouble}" for name, trouble in found.others]
    if found.paused:
        said.append("everything is paused; to go on: followupd resume --all")
    if found.last_round is None:
        said.append("the mailbox was never looked at; to begin: followupd run")
    elif now - found.last_round > QUIET:
        days = (now - found.last_round).days
        said.append(f"nothing was looked at or sent for {days} days; to see why: followupd check")
    return tuple(Need(what=one) for one in said)


def _doubts(one: Outreach) -> tuple[Need, ...]:
    contact = one.case.contact
    return tuple(
        Need(
            email=contact.email,
            name=contact.name,
            what=f"nobody knows whether letter {letter.step + 1} went out; if it did: followupd outbox sent "
            f"{letter.id}; if not: followupd outbox retry {letter.id}",
        )
        for letter in one.case.letters
        if letter.state is LetterState.UNCERTAIN
    )


def _held(one: Outreach) -> tuple[Need, ...]:
    contact, thread = one.case.contact, one.case.thread
    if thread.state is not State.HELD or _doubts(one):
        return ()
    way = "" if "followupd " in thread.reason else f"; to go on: followupd resume {word(contact.email)}"
    return (Need(email=contact.email, name=contact.name, what=f"{thread.reason or 'held'}{way}"),)


def _owed(one: Owed, today: date) -> Need:
    late = (today - one.on).days
    since = f" (since {one.on.isoformat()})" if late else ""
    way = _OWED.format(who=word(one.email), kind=one.kind.value)
    return Need(email=one.email, name=one.name, what=f"{one.text}{since}; {way}")
