"""A brief on one screen of 80 columns and 24 lines, whatever is known; or as a document, whole."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Final

from followupd.core.cadence import home, step_of, template_of
from followupd.core.instants import to_text
from followupd.core.model import FIELDS, State
from followupd.core.telling import word
from followupd.views import text

if TYPE_CHECKING:
    from followupd.core.brief import Brief, Said
    from followupd.core.instants import Instant
    from followupd.core.model import Contact
    from followupd.core.settings import Policy

LINES: Final = 24
"""Lines of the smallest terminal; the last is left to its prompt."""
_MARGIN: Final = 13
_MOST_SAID: Final = 4
_MOST_CHANGED: Final = 4
_MOST_PROMISED: Final = 3


def screen(found: "Brief", policy: "Policy", now: "Instant") -> str:
    """Write a brief for people; `now` is in the user's zone."""
    lines = [_lines(found, policy, now, each) for each in (3, 2, 1)]
    return "\n".join(next((one for one in lines if len(one) < LINES), lines[-1]))


def _lines(found: "Brief", policy: "Policy", now: "Instant", each: int) -> list[str]:
    """Write all that there is, nothing of it in more than so many lines; but for what is said of you and them: two."""
    contact = found.case.contact
    known = " ".join(part for part in (contact.situation, contact.goal) if part)
    command = f"followupd preview {word(contact.email)}"
    parts = [
        [_who(contact), *_place(contact, policy, now)],
        _part("stands", [_stands(found, policy, now)], each),
        _part("why them", [contact.admire], max(each, 2)),
        _part("you ask", [contact.ask], max(each, 2)),
        _part("about you", [known], max(each, 2)),
        _part("on terms", [contact.arrangement], 1),
        _said(found, now, each),
        _changed(found, now, each),
        _part("promised", found.promised, each, _MOST_PROMISED),
        _part("the letter", [command] if found.case.thread.next_at else [], 1),
    ]
    return [line for part in parts for line in part]


def _who(contact: "Contact") -> str:
    work = ", ".join(part for part in (contact.role, contact.org) if part)
    named = f"{contact.name or contact.email}{f' ({work})' if work else ''}"
    return _clipped(f"{named}, {contact.email}" if contact.name else named, text.COLUMNS)


def _place(contact: "Contact", policy: "Policy", now: "Instant") -> list[str]:
    there = now.astimezone(home(contact, policy))
    clock = f"{contact.timezone}, where it is {there:%A %H:%M}" if contact.timezone else contact.country
    language = f"written to in: {contact.language}" if contact.language else ""
    said = "; ".join(part for part in (clock, language) if part)
    return [_clipped(said, text.COLUMNS)] if said else []


def _stands(found: "Brief", policy: "Policy", now: "Instant") -> str:
    thread = found.case.thread
    step, cadence = step_of(thread, policy), policy.cadences.get(thread.cadence)
    told = thread.reason and thread.state is not State.ANSWERED
    stands = f"{thread.state.value}: {thread.reason}" if told else thread.state.value
    if step is None or cadence is None or thread.next_at is None:
        return stands
    which = f"letter {thread.step + 1} of {len(cadence.steps)} ({template_of(thread, step)})"
    return f"{stands}; {which} {text.when(thread.next_at, now)}"


def _said(found: "Brief", now: "Instant", each: int) -> list[str]:
    """Show the newest of what was said, and how much there is before."""
    shown = found.said[-_MOST_SAID:]
    rows = [_row(one, now) for one in shown]
    if before := len(found.said) - len(shown):
        rows.insert(0, f"{before} before: followupd show {found.case.contact.email}")
    return _part("said so far", rows or ["nothing yet"], each, _MOST_SAID + 1)


def _row(one: "Said", now: "Instant") -> str:
    return f"{one.at.astimezone(now.tzinfo):%Y-%m-%d} {one.who:<4} {one.what}: {one.words}"


def _changed(found: "Brief", now: "Instant", each: int) -> list[str]:
    ago = [f"your last letter was {text.distance(found.last, now)}"] if found.last is not None else []
    changed = [*ago, *found.changed]
    return _part("since then", changed or ["nothing"], each, _MOST_CHANGED)


def _part(label: str, entries: Iterable[str], lines: int, most: int = 1) -> list[str]:
    """Write entries beside their label, each in at most so many lines, and at most so many of them."""
    kept = [text.safe(one) for one in entries if one]
    room = text.COLUMNS - _MARGIN
    shown = [line for one in kept[:most] for line in _within(one, room, lines)]
    if len(kept) > most:
        shown[-1] = _clipped(f"{shown[-1]} (and {len(kept) - most} more)", room)
    return [f"{label if not number else '':<{_MARGIN}}{line}" for number, line in enumerate(shown)]


def _within(said: str, room: int, lines: int) -> Sequence[str]:
    folded = text.fold(said, room)
    if len(folded) <= lines:
        return folded
    return [*folded[: lines - 1], _clipped(" ".join(folded[lines - 1 :]), room)]


def _clipped(said: str, room: int) -> str:
    shown = text.safe(said)
    if text.width_of(shown) <= room:
        return shown
    while text.width_of(shown) >= room:
        shown = shown[:-1]
    return f"{shown.rstrip()}…"


def document(found: "Brief", policy: "Policy") -> dict[str, object]:
    """Give the whole of it as a document."""
    contact, thread = found.case.contact, found.case.thread
    step = step_of(thread, policy)
    return {
        "email": contact.email,
        **{name: getattr(contact, name) for name in FIELDS},
        "state": thread.state.value,
        "reason": thread.reason,
        "cadence": thread.cadence,
        "next_at": to_text(thread.next_at) if thread.next_at else None,
        "next_template": template_of(thread, step) if step is not None else None,
        "last_at": to_text(found.last) if found.last else None,
        "said": [{"at": to_text(one.at), "who": one.who, "what": one.what, "words": one.words} for one in found.said],
        "changed": list(found.changed),
        "promised": list(found.promised),
    }
