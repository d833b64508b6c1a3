"""What a person needs before they write to somebody: what was said so far, what changed since, what is promised."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

from followupd.core.instants import Instant, local_day
from followupd.core.lint.text import content, sentences
from followupd.core.model import ANSWERS, Case, Event, Letter, LetterState, Message, Note, Proposal, Verdict
from followupd.core.news import untold
from followupd.core.outcome import BY_HAND
from followupd.core.owed import Owed
from followupd.core.settings import Policy

OWN: Final = "own.by-hand"
"""The rule by which mail of the user's own hand is known."""
_CHANGES: Final = frozenset({
    "edited", "handed-on", "held", "kept", "moved", "opted-out", "paused", "reopened", "snoozed",
    "undeliverable",
})  # fmt: skip
_WORTH_TELLING: Final = ANSWERS | {Verdict.AUTO_REPLY, Verdict.BOUNCE, Verdict.OPT_OUT}


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """One thing that was said: when, by whom ("you" or "they"), what kind of thing, and its first words."""

    at: Instant
    who: str
    what: str
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What is known about a case beside itself; `messages` are all to and from the contact, oldest first."""

    messages: tuple[Message, ...] = ()
    events: tuple[Event, ...] = ()
    proposals: tuple[Proposal, ...] = ()
    owed: tuple[Owed, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Brief:
    """`said` and `changed` are in the order in which they were; `last` is when the user was last heard of, if ever."""

    case: Case
    said: tuple[Said, ...]
    changed: tuple[str, ...]
    promised: tuple[str, ...]
    last: Instant | None = None


def brief(case: Case, known: Known, policy: Policy, now: Instant) -> Brief:
    """Put together what there is to know."""
    letters = [one for one in (*case.before, *case.letters) if one.state is LetterState.SENT]
    mine = [*(_letter(one, case.notes) for one in letters), *(_own(one) for one in known.messages if one.rule == OWN)]
    theirs = [_theirs(one) for one in known.messages if one.verdict in _WORTH_TELLING and not one.not_answer]
    spoken = [_spoken(one) for one in known.events if _is_spoken(one)]
    said = tuple(sorted((*mine, *theirs, *spoken), key=lambda one: one.at))
    last = max((one.at for one in mine), default=None)
    return Brief(
        case=case,
        said=said,
        changed=tuple(_changed(case, known, last, local_day(now, policy.me.zone))),
        promised=tuple(_promised(case, known)),
        last=last,
    )


def _letter(one: Letter, notes: Collection[Note]) -> Said:
    told = [note.text for note in notes if note.spent_by == one.id]
    what = "by hand" if one.template == BY_HAND else one.template
    said = f"told: {told[0]}" if told else _first_sentence(one.body)
    return Said(at=one.sent_at or one.created_at, who="you", what=what, words=said or one.subject)


def _own(one: Message) -> Said:
    return Said(at=one.received_at, who="you", what="by hand", words=one.subject)


def _theirs(one: Message) -> Said:
    what = one.verdict.value.replace("_", " ")
    if one.return_date is not None:
        what = f"away until {one.return_date.isoformat()}"
    return Said(at=one.received_at, who="they", what=what, words=" ".join(one.excerpt.split()) or one.subject)


def _is_spoken(one: Event) -> bool:
    """Tell whether the user noted something that was said another way: they met, or an answer came by telephone."""
    return one.kind == "met" or (one.kind == "answered" and one.text.startswith("answered"))


def _spoken(one: Event) -> Said:
    return Said(at=one.at, who="you" if one.kind == "met" else "they", what=one.kind, words=one.text)


def _first_sentence(body: str) -> str:
    return next((" ".join(said.split()) for _, said in sentences(content(body))), "")


def _changed(case: Case, known: Known, last: Instant | None, today: date) -> Iterable[str]:
    for note in reversed(tuple(untold(case))):
        over = note.expires is not None and note.expires < today
        yield f"{f'no news any more since {note.expires}' if over else 'to tell'}: {note.text}"
    yield from (f"they have published: {one.text}" for one in known.proposals)
    since = last or case.thread.created_at
    yield from (one.text for one in reversed(known.events) if one.kind in _CHANGES and one.at > since)


def _promised(case: Case, known: Known) -> Iterable[str]:
    yield from (f"by {one.on.isoformat()}: {one.text}" for one in known.owed)
    asked = next((one.asked_for for one in reversed(known.messages) if one.asked_for and not one.not_answer), None)
    if asked is not None:
        yield f"they asked to hear from you on {asked.isoformat()}"
    if case.thread.kept_words:
        yield f"the next letter takes up their words: {case.thread.kept_words}"
    if case.contact.offer and not known.owed:
        yield f"you offer: {case.contact.offer}"
