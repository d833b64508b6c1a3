"""A step, a contact and what is new become a text; a field that is empty, or unknown, stops the letter and is named."""

import re
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from followupd.core.cadence import tellable
from followupd.core.errors import FollowupdError
from followupd.core.instants import Instant, local_day
from followupd.core.model import FIELDS, Case, Contact, Note, Rendered
from followupd.core.settings import Policy
from followupd.letters import remarks
from followupd.letters.languages import ago_in, day_in, month_in

if TYPE_CHECKING:
    from jinja2 import StrictUndefined

    from followupd.letters.templates import Templates


_TITLES: Final = re.compile(r"^(?:(?:dr|prof|mr|mrs|ms|mx|sir|dame|herr|frau|dipl|ing|rev)\.?\s+)+", re.IGNORECASE)


def render(templates: "Templates", name: str, case: Case, policy: Policy, now: Instant) -> Rendered:
    """Fill in the template `name` for the next letter of a case, in the contact's language where there is such a one.

    Raises FollowupdError naming template, line and field. The news told are the freshest notes that no letter has told
    yet; the letter lists them in `note_ids`, to be spent when it was really sent.
    """
    template = templates.load(name, case.contact.language or policy.me.language)
    news = tellable(case, policy, now)[:1]
    due = remarks.owed(case, policy, now)
    due = replace(due, referrer=full_name(due.referrer))
    values = _values(case, policy, now, template.language) | _owed(due, case.contact, template.language)
    values["news"] = _with_address(news[0]) if news else _missing("news", case.contact)
    body = _tidy(templates.fill(template, template.body, values))
    if not body.strip():
        raise FollowupdError("the letter is empty", where=str(template.path))
    body = remarks.added(body, due, templates.names_in(template), template)
    told = tuple(note.id for note in news) if "news" in templates.names_in(template) else ()
    return Rendered(
        template=name,
        subject=templates.fill(template, template.subject, values).strip(),
        body=body,
        note_ids=told,
        attribution=remarks.attribution(due, policy.me, template.language),
        quoted=due.quoted,
    )


def _with_address(note: Note) -> str:
    from followupd.letters.templates import sentence

    return f"{sentence(note.text)} {note.url}" if note.url else note.text


def _tidy(text: str) -> str:
    """Take away what blanks left empty leave behind: spaces at the end of lines (but RFC 3676's "-- "), empty lines."""
    lines = [line if line == "-- " else line.rstrip(" \t") for line in text.split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip("\n") + "\n"


def first_name(name: str) -> str:
    """Give the name to greet somebody by: the first word after titles; of "Lovelace, Ada" the word after the comma."""
    words = _TITLES.sub("", " ".join(name.split()) + " ", count=1).split()
    if len(words) > 1 and words[0].endswith(","):
        return words[1]
    return words[0] if words else ""


def full_name(name: str) -> str:
    """Give the name in the order in which it is spoken: of "Dr. Lovelace, Ada" that is "Dr. Ada Lovelace"."""
    written = " ".join(name.split())
    family, comma, given = written.partition(",")
    if not comma or not given.strip():
        return written.rstrip(",")
    titles = _TITLES.match(f"{family} ")
    before = titles[0] if titles else ""
    return f"{before}{given.strip()} {family[len(before) :].strip()}".strip()


def _values(case: Case, policy: Policy, now: Instant, language: str) -> dict[str, Any]:
    contact = case.contact
    sent = [letter.sent_at for letter in (*case.before, *case.letters) if letter.sent_at is not None]
    cadence = policy.cadences.get(case.thread.cadence)
    values: dict[str, Any] = {field: getattr(contact, field) or _missing(field, contact) for field in FIELDS}
    return values | {
        "email": contact.email,
        "first_name": first_name(contact.name) or _missing("name", contact),
        "full_name": full_name(contact.name) or _missing("name", contact),
        "my_name": policy.me.name,
        "my_first_name": first_name(policy.me.name),
        "my_email": policy.me.email,
        "letter": case.thread.step + 1,
        "letters": len(cadence.steps) if cadence else case.thread.step + 1,
        "first_on": _day(min(sent), policy, language) if sent else _missing("first_on", contact),
        "last_on": _day(max(sent), policy, language) if sent else _missing("last_on", contact),
        "their_words": case.thread.kept_words or _missing("their_words", contact),
        "weeks_since_last": (now - max(sent)).days // 7 if sent else 0,
        "ago": ago_in(language, (now - max(sent)).days) if sent else _missing("ago", contact),
        # the month in which the letter leaves: seasons differ between hemispheres, months do not
        "season": month_in(language, local_day(now, policy.me.zone)),
    }


def _owed(due: remarks.Owed, contact: Contact, language: str) -> dict[str, Any]:
    """Give what a template may say itself of what the letter owes its reader."""
    names = {
        "old_email": due.old_email,
        "lost_on": day_in(language, due.lost_on) if due.lost_on else "",
        "my_old_email": due.my_old_email,
        "referrer": due.referrer,
    }
    return {name: value or _missing(name, contact) for name, value in names.items()}


def _missing(field: str, contact: Contact) -> object:
    """Give a blank that may be asked about (`{% if offer %}`), and that names itself when it is written."""
    hint = "note" if field == "news" else "edit" if field in FIELDS else ""
    command = f' (followupd note {contact.email} "...")' if hint == "note" else ""
    if hint == "edit":
        command = f' (followupd edit {contact.email} --{field} "...")'
    return _blank()(hint=f"{contact.email} has no {field!r}{command}", name=field)


@cache
def _blank() -> "type[StrictUndefined]":
    from jinja2 import StrictUndefined

    class Missing(StrictUndefined):
        def __bool__(self) -> bool:  # type: ignore[override]  # asking whether a field is there is no fault
            return False

    return Missing


def _day(at: Instant, policy: Policy, language: str) -> str:
    return day_in(language, local_day(at, policy.me.zone))
