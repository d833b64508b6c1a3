"""A digest becomes a mail in plain text, and a document; no word from outside can do more than be read."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Final

from followupd.core.approving import MARK
from followupd.core.instants import to_text
from followupd.core.telling import word
from followupd.views import document
from followupd.views.text import fold, minute, safe, safe_lines

if TYPE_CHECKING:
    from followupd.core.digest import Announced, Digest, Said, Waiting
    from followupd.core.instants import Instant
    from followupd.core.owed import Owed

_WIDTH: Final = 72
_MOST: Final = 20
"""Entries of one part; the commands show all."""


def mail(found: "Digest", now: "Instant") -> tuple[str, str]:
    """Give subject and text of a digest; `now` is in the user's zone."""
    return subject(found), text(found, now)


def subject(found: "Digest") -> str:
    """Give the subject: how much there is, and nobody's name, since subjects are shown on locked screens."""
    waiting = len(found.late) + len(found.needs) + len(found.no_news)
    if waiting:
        return f"followupd: {waiting} {'thing needs' if waiting == 1 else 'things need'} you"
    if coming := len(found.announced):
        return f"followupd: {coming} {'letter goes' if coming == 1 else 'letters go'} out soon"
    return "followupd: news, nothing needs you"


def text(found: "Digest", now: "Instant") -> str:
    """Write a digest for people; `now` is in the user's zone."""
    parts = [
        _part("A day that they had named has passed", _people(found.late)),
        _part("What needs you", ((who(one.email, one.name), one.what) for one in found.needs)),
        _part("What your answer did", ((minute(at, now), said) for at, said in found.answers)),
        _waiting(found),
        _announced(found, now),
        _part("Nothing new to tell", _people(found.no_news)),
        _part("Who was heard of", _heard(found, now)),
        _part("Once a year", _people(found.questions)),
        _part("News of them that you may take for a note", map(_proposed, found.proposed)),
        _part("What failed", _dated((one, minute(one.at, now)) for one in found.failed)),
        _part("What goes out next", ((minute(one.at, now), f"{one.email}: {one.template}") for one in found.planned)),
        _part("What is owed soon", _dated((one, one.on.isoformat()) for one in found.owed)),
    ]
    said = "\n\n".join(part for part in parts if part) or "There is nothing to say."
    head = f"{MARK}\n\n" if any(one.code for one in found.waiting) else ""
    ends = f"Written by followupd up to {minute(found.until, now)}; all at once: followupd status"
    return f"{head}{said}\n\n-- \n{ends}\n"


def who(email: str, name: str) -> str:
    """Name somebody, or the service itself."""
    return f"{name} <{email}>" if name else email or "followupd"


def as_document(found: "Digest") -> document.Document:
    """Give a digest as a document."""
    return {
        "since": document.at(found.since),
        "until": document.at(found.until),
        "empty": found.is_empty,
        "late": _documents(found.late),
        "needs": [{"email": one.email, "name": one.name, "text": one.what} for one in found.needs],
        "answers": [{"at": to_text(at), "text": said} for at, said in found.answers],
        "waiting": [
            {"email": one.email, "name": one.name, "id": one.letter_id, "subject": one.subject, "text": one.text}
            for one in found.waiting
        ],
        "announced": [
            {
                "email": one.email,
                "name": one.name,
                "id": one.letter_id or None,
                "step": one.number,
                "at": to_text(one.at),
                "subject": one.subject,
                "text": one.text,
                "quoted": one.quoted,
                "change": one.change,
            }
            for one in found.announced
        ],
        "no_news": _documents(found.no_news),
        "heard": _documents(found.heard),
        "questions": _documents(found.questions),
        "proposed": [{"email": email, "name": name, "count": count} for email, name, count in found.proposed],
        "failed": _documents(found.failed),
        "planned": document.plan(found.planned, why=False),
        "owed": [
            {"email": one.email, "name": one.name, "on": one.on.isoformat(), "text": one.text} for one in found.owed
        ],
    }


def _documents(found: "Iterable[Said]") -> list[document.Document]:
    return [{"email": one.email, "name": one.name, "at": to_text(one.at), "text": one.text} for one in found]


def _people(found: "Iterable[Said]") -> Iterator[tuple[str, str]]:
    return ((who(one.email, one.name), one.text) for one in found)


def _dated(found: "Iterable[tuple[Said | Owed, str]]") -> Iterator[tuple[str, str]]:
    return ((who(one.email, one.name), f"{when}: {one.text}") for one, when in found)


def _heard(found: "Digest", now: "Instant") -> Iterator[tuple[str, str]]:
    for one in found.heard:
        yield who(one.email, one.name), f"{one.text}, {minute(one.at, now)}; see: followupd show {word(one.email)}"


def _waiting(found: "Digest") -> str:
    """Show the letters that wait for approval as they would go, and how to answer, where there are codes."""
    if not found.waiting:
        return ""
    first = found.waiting[0]
    how = (
        f'To let letter {first.letter_id} go as it stands, answer this mail with the line "approve {first.letter_id}" '
        f'on top; to drop it, with "discard {first.letter_id}". A line for each letter, and leave this text below.'
    )
    parts = ["What waits for your approval", ""]
    parts += [*(f"  {line}" for line in fold(how, _WIDTH - 2)), ""] if first.code else []
    return "\n".join(parts) + "\n" + "\n\n".join(_letter(one) for one in found.waiting)


def _letter(one: "Waiting") -> str:
    head = f"  letter {one.letter_id}, to {safe(who(one.email, one.name))}, their number {one.number}"
    code = [f"  code of letter {one.letter_id}: {one.code}"] if one.code else []
    return "\n".join([head, *code, *_whole(one.subject, one.text)])


def _announced(found: "Digest", now: "Instant") -> str:
    """Show the letters that go soon as they will go, and how each is stopped."""
    if not found.announced:
        return ""
    return "What goes out unless you stop it\n\n" + "\n\n".join(_coming(one, now) for one in found.announced)


def _coming(one: "Announced", now: "Instant") -> str:
    number = f"letter {one.letter_id}, " if one.letter_id else ""
    head = [f"  {number}to {safe(who(one.email, one.name))}, their number {one.number}: {minute(one.at, now)}"]
    if one.letter_id:
        head.append(f"  to drop it: followupd outbox discard {one.letter_id}")
        head.append(f"  to keep it back: followupd pause {word(one.email)}")
    if one.change:
        head += ["  it has changed since it was announced:", *(f"  ! {line}" for line in _folded(one.change))]
    return "\n".join([*head, *_whole(one.subject, f"{one.text}\n{one.quoted}" if one.quoted else one.text)])


def _whole(subject: str, text: str) -> list[str]:
    return [f"  | {safe(subject)}", "  |", *(f"  | {line}".rstrip() for line in _folded(text.rstrip("\n")))]


def _folded(text: str) -> list[str]:
    return [line for said in safe_lines(text).split("\n") for line in fold(said, _WIDTH - 4)]


def _proposed(one: tuple[str, str, int]) -> tuple[str, str]:
    email, name, count = one
    return who(email, name), f"{count} new; to read and take: followupd news {word(email)}"


def _part(title: str, entries: Iterable[tuple[str, str]]) -> str:
    """Write one part, "" where it is empty: who in one line, what below it."""
    found = list(entries)
    lines = [title, ""] if found else []
    for head, what in found[:_MOST]:
        lines.append(f"  {safe(head)}")
        lines += [f"    {line}" for line in fold(safe(what), _WIDTH - 4)]
    if len(found) > _MOST:
        lines.append(f"  and {len(found) - _MOST} more")
    return "\n".join(lines)
